//! 解除 batches (RULES §8): numbered, immutable, no record in two of them unless withdrawn.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::case::{Case, Evidence, State};
use super::category::Category;
use super::record::{Column, Facts, Record, RecordNo};
use super::suspension::Class;
use crate::compare::visible;

/// One line of a 解除 list, kept as it was when the batch was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRow {
    /// The record.
    pub record: RecordNo,
    /// 整理番号
    pub id: String,
    /// 保険者番号
    pub insurer_no: String,
    /// 被保険者証記号
    pub symbol: String,
    /// 被保険者証番号
    pub number: String,
    /// 枝番
    pub branch: String,
    /// The class that says what was locked.
    pub class: Class,
    /// 確認区分
    pub category: Category,
    /// 確認方法
    pub evidence: Vec<Evidence>,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// 確認者
    pub operator: String,
    /// 承認者, empty until a second person is required.
    #[serde(default)]
    pub approver: String,
}

/// A 解除 batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Running number from 1.
    pub number: u32,
    /// 報告回次 of the cut-off it was made for.
    pub round: u32,
    /// 報告締切, Japanese time.
    pub cutoff: DateTime,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub operator: String,
    /// Its rows in file order.
    pub rows: Vec<BatchRow>,
}

/// A record taken out of a sent batch (取下げ).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The batch.
    pub batch: u32,
    /// The record.
    pub record: RecordNo,
    /// Its 整理番号.
    pub id: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub operator: String,
    /// Whether the record went back to 確認中 with it; in stores of before it kept its decision.
    #[serde(default)]
    pub reopened: bool,
}

impl Withdrawal {
    /// Whether a decision is the one that was withdrawn: such a record is not listed again before it is decided anew.
    pub fn covers(&self, case: &Case) -> bool {
        !self.reopened && case.decided_at.is_none_or(|decided| decided <= self.at)
    }
}

/// Records that were withdrawn from a batch, stand in none since, and belong on a list again, or will once they are decided;
/// by 整理番号.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameBack {
    /// Decided anew: they go on the next list.
    pub listed: Vec<String>,
    /// They wait for a new decision and do not go on it.
    pub waiting: Vec<String>,
}

impl CameBack {
    /// Names them, at most so many of each kind; empty without any.
    pub fn words(&self, most: usize) -> Vec<String> {
        let named = |what: &str, ids: &[String]| {
            let more = if ids.len() > most { " …" } else { "" };
            let first = visible(&ids[..ids.len().min(most)].join(" ")).into_owned();
            (!ids.is_empty()).then(|| format!("{what} {} 件: {first}{more}", ids.len()))
        };
        let listed = named("取下げ後に決定し直して載る記録", &self.listed);
        let waiting = named("取下げ後の再確認待ちで載らない記録", &self.waiting);
        listed.into_iter().chain(waiting).collect()
    }
}

/// Says how many records of an export stand under 支援措置; `None` without any.
pub fn protected_words(count: u64) -> Option<String> {
    (count > 0).then(|| format!("支援措置(DV・虐待等)の記録 {count} 件を含みます。取扱いに注意してください"))
}

/// Whether a record belongs on the next 解除 list: something is locked, its category says 誤りなし, and no batch holds it.
///
/// A withdrawn record holds no category before it is decided anew (see [`super::case::withdraw`]).
pub fn is_eligible(facts: &Facts, case: &Case) -> bool {
    facts.in_item1()
        && facts.class.is_suspended()
        && case.state.category().is_some_and(Category::releases)
        && case.in_batch.is_none()
}

/// Whether a newer file changed a record after it was reported, and nobody has dealt with it since.
///
/// Only a decided record is put on a list, and no operator reopens it there (RULES §4); a newer file does. It stands out
/// until it is decided anew or withdrawn.
pub fn is_changed(case: &Case) -> bool {
    case.in_batch.is_some() && was_reopened(case.state)
}

/// Whether a record may go from one state to another while a sent batch holds it: a newer file has changed it, and what was
/// reported stays true. Any other finding needs the withdrawal first (RULES §4).
pub fn stays_reported(from: State, to: State) -> bool {
    was_reopened(from) && to.category().is_none_or(Category::releases)
}

/// Whether a reported record can only be in this state because a newer file reopened it. 未着手 is none of them: it shows that
/// the asker does not know yet what was decided.
fn was_reopened(state: State) -> bool {
    state.is_open() && state != State::Untouched
}

impl BatchRow {
    /// Takes the line of a record that [`is_eligible`]; `None` when it holds no category.
    pub fn of(record: &Record, case: &Case) -> Option<Self> {
        let cell = |column| record.row.cell(column).to_owned();
        Some(Self {
            record: record.no,
            id: record.row.id(),
            insurer_no: cell(Column::InsurerNo),
            symbol: cell(Column::Symbol),
            number: cell(Column::Number),
            branch: cell(Column::Branch),
            class: record.facts.class,
            category: case.state.category()?,
            evidence: case.evidence.clone(),
            confirmed_at: case.decided_at,
            operator: case.operator.clone(),
            approver: String::new(),
        })
    }

    /// Whether it says what a case says; a case that was decided again since is another one, be it for the same category.
    pub fn tells(&self, case: &Case) -> bool {
        case.state.category() == Some(self.category)
            && case.evidence == self.evidence
            && case.decided_at == self.confirmed_at
            && case.operator == self.operator
    }
}
