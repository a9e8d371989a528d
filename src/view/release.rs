//! 解除: what the next list would hold, the lists that were made, and everything 出力 shows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::report::ReportView;
use crate::compare::visible;
use crate::domain::batch::{Batch, CameBack, Withdrawal, protected_words};
use crate::domain::calendar::Cutoff;
use crate::domain::category::Category;
use crate::domain::filter::CHANGED;
use crate::domain::suspension::Class;

/// Maximum number of records that a warning names.
pub const NAMED: usize = 5;

/// Why a record of item 1 does not go on the next list, in the order of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeftOut {
    /// It holds no category.
    Open,
    /// Its decision was withdrawn and still stands, as older versions left it.
    Withdrawn,
    /// A newer file changed it after it was reported.
    Changed,
    /// A letter without an answer.
    Waiting,
    /// No answer came.
    NoReply,
    /// The 個人番号 is another person's.
    Wrong,
    /// 資格喪失
    OutOfScope,
    /// 誤りなし, but nothing is locked.
    NotSuspended,
    /// A list holds it already.
    Reported,
}

impl LeftOut {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Open,
        Self::Withdrawn,
        Self::Changed,
        Self::Waiting,
        Self::NoReply,
        Self::Wrong,
        Self::OutOfScope,
        Self::NotSuspended,
        Self::Reported,
    ];

    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "未了(区分なし)",
            Self::Withdrawn => "取下げ後の再確認待ち",
            Self::Changed => "報告後に変更",
            Self::Waiting => "返信待ち",
            Self::NoReply => "返事なし",
            Self::Wrong => "番号の誤り",
            Self::OutOfScope => "資格喪失",
            Self::NotSuspended => "停止なし",
            Self::Reported => "報告済",
        }
    }
}

/// What the next 解除 list would hold, counted without reading a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextRelease {
    /// The number it would have.
    pub number: u32,
    /// The cut-off it would be for.
    pub cutoff: Cutoff,
    /// Rows that go on it.
    pub rows: u64,
    /// These by class.
    pub by_class: BTreeMap<Class, u64>,
    /// These by category.
    pub by_category: BTreeMap<Category, u64>,
    /// Records of item 1 that do not go on it, by reason, in the order of the work.
    pub left_out: Vec<(LeftOut, u64)>,
    /// How many of the rows were called right although a flag names another person, and the first of them with their flags:
    /// `0003001(F4)`.
    pub doubtful: (u64, Vec<String>),
    /// Reported records that a newer file changed and nobody has dealt with: how many, and the first ones with their batch,
    /// in the order of the batches.
    pub changed: (u64, Vec<(String, u32)>),
    /// How many of the rows stand under 支援措置.
    pub protected: u64,
    /// What was withdrawn before.
    pub came_back: CameBack,
}

impl NextRelease {
    /// What must be known before the list is made: doubtful rows, 支援措置, what came back, what changed after it was reported.
    pub fn warnings(&self) -> Vec<String> {
        let before = self.doubts(NAMED).into_iter().chain(protected_words(self.protected));
        let after = self.changes().map(|changes| format!("報告した後に{changes}"));
        before.chain(self.came_back.words(NAMED)).chain(after).collect()
    }

    /// Names the rows that were called right although a flag names another person, at most so many of them; `None` without
    /// any.
    pub fn doubts(&self, most: usize) -> Option<String> {
        let (count, ids) = &self.doubtful;
        let ids = &ids[..ids.len().min(most)];
        let more = if *count > ids.len() as u64 { " …" } else { "" };
        let ids = visible(&ids.join(" ")).into_owned();
        (*count > 0).then(|| format!("別人の注意があるのに誤りなしとした記録 {count} 件: {ids}{more}"))
    }

    /// Names the reported records that changed, by list; `None` without any.
    pub fn changes(&self) -> Option<String> {
        let (count, named) = &self.changed;
        let list = |group: &[(String, u32)]| {
            let ids: Vec<_> = group.iter().map(|(id, _)| visible(id)).collect();
            format!("第{}回 {}", group[0].1, ids.join(" "))
        };
        let lists: Vec<String> = named.chunk_by(|a, b| a.1 == b.1).map(list).collect();
        let more = if *count > named.len() as u64 { " …" } else { "" };
        (*count > 0).then(|| {
            format!(
                "内容が変わった記録 {count} 件: {}{more}。決定し直すか取り下げてください(f batch:{CHANGED} で一覧)",
                lists.join("、")
            )
        })
    }
}

/// A 解除 list that was made, with what was withdrawn from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    /// The list.
    pub batch: Batch,
    /// What was withdrawn from it.
    pub withdrawn: Vec<Withdrawal>,
}

impl BatchView {
    /// A list with those withdrawals that are of it.
    pub fn of(batch: Batch, withdrawals: &[Withdrawal]) -> Self {
        let withdrawn = withdrawals.iter().filter(|one| one.batch == batch.number).cloned().collect();
        Self { batch, withdrawn }
    }

    /// The same without its rows.
    pub fn summary(self, protected: u64) -> BatchSummary {
        let Self { batch, withdrawn } = self;
        let (mut by_class, mut by_category) = (BTreeMap::new(), BTreeMap::new());
        for row in &batch.rows {
            *by_class.entry(row.class).or_default() += 1;
            *by_category.entry(row.category).or_default() += 1;
        }
        BatchSummary {
            number: batch.number,
            round: batch.round,
            cutoff: batch.cutoff,
            made_at: batch.made_at,
            operator: batch.operator,
            rows: batch.rows.len() as u64,
            protected,
            by_class,
            by_category,
            withdrawn,
        }
    }
}

/// A 解除 list that was made, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchSummary {
    /// Running number.
    pub number: u32,
    /// 報告回次
    pub round: u32,
    /// 報告締切
    pub cutoff: DateTime,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who made it.
    pub operator: String,
    /// Rows.
    pub rows: u64,
    /// How many of them stand under 支援措置 now.
    pub protected: u64,
    /// Rows by class.
    pub by_class: BTreeMap<Class, u64>,
    /// Rows by category.
    pub by_category: BTreeMap<Category, u64>,
    /// What was withdrawn from it.
    pub withdrawn: Vec<Withdrawal>,
}

/// Two records with one 個人番号, one decided 誤りなし and one 誤り (G9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// 整理番号 of the record decided 誤りなし.
    pub right: String,
    /// 整理番号 of the record decided 誤り.
    pub wrong: String,
}

/// Everything 出力 shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    /// The next 解除 list.
    pub next: NextRelease,
    /// The 解除 lists, newest first.
    pub sent: Vec<BatchSummary>,
    /// The counts as they stand now.
    pub now: ReportView,
    /// The frozen reports, newest first.
    pub frozen: Vec<ReportView>,
    /// Rows held back at import.
    pub quarantined: u64,
    /// Where files are written; set by whoever writes them.
    pub folder: String,
}
