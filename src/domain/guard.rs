//! The guards G1–G9 of RULES §4: which rule refuses a decision and what would satisfy it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::batch::stays_reported;
use super::case::{Case, Decision, State, Target, may_move};
use super::category::{Category, EvidenceCode};
use super::insurer::InsurerKind;
use super::record::{Facts, Mark};
use crate::compare::FieldKind;

/// What surrounds a decision: the record's facts, the clock, the workspace and who asks.
#[derive(Clone, Debug)]
pub struct DecisionContext<'a> {
    /// The facts of the record.
    pub facts: &'a Facts,
    /// 突合時点 of the record.
    pub matched_on: Date,
    /// 喪失日 of the file where it lies after 突合時点 (see [`super::scope::lost_after`]).
    pub lost_in_file: Option<Date>,
    /// Today, in Japan.
    pub today: Date,
    /// Now.
    pub now: Timestamp,
    /// Who asks.
    pub operator: &'a str,
    /// The kind of insurer, where known.
    pub insurer: Option<InsurerKind>,
    /// Whether 3-x was enabled for an insurer without employers (G5).
    pub employer_enabled: bool,
    /// Days between 送付日 and 返信期限 when none is given.
    pub letter_days: u16,
}

/// The rules that can refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// 2-1 needs a 喪失日 after 突合時点 and not after today.
    G1,
    /// 2-2 needs 過去確認記録 or 訂正届, with a date.
    G2,
    /// 2-3 needs evidence; where B× or S× (or either is unreadable), 目検 alone is never enough.
    G3,
    /// 4-1 only if B× or S×; 4-2 only otherwise.
    G4,
    /// 3-x only where there are employers.
    G5,
    /// Outcomes of a letter need their dates.
    G6,
    /// No category outside item 1.
    G7,
    /// No bulk decision for a record with a danger flag.
    G8,
    /// No letter to a person under 支援措置 (DV・虐待等) without a way that was confirmed to be safe (RULES §8).
    Protected,
    /// The move is not in the table of moves.
    Move,
    /// A sent 解除 batch holds the record.
    Batch,
}

impl Rule {
    /// `G1` … `G8`, or the name of the other rules.
    pub fn label(self) -> &'static str {
        match self {
            Self::G1 => "G1",
            Self::G2 => "G2",
            Self::G3 => "G3",
            Self::G4 => "G4",
            Self::G5 => "G5",
            Self::G6 => "G6",
            Self::G7 => "G7",
            Self::G8 => "G8",
            Self::Protected => "支援措置",
            Self::Move => "遷移",
            Self::Batch => "解除済",
        }
    }
}

/// What would satisfy the rule; the screens turn it into exactly that question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// A 喪失日 after the first day and not after the second.
    LostDate {
        /// It must lie after this day (突合時点).
        after: Date,
        /// It must not lie after this day (today).
        until: Date,
    },
    /// One of these pieces of evidence.
    Evidence(Vec<EvidenceCode>),
    /// A date for one of these pieces of evidence.
    EvidenceDate(Vec<EvidenceCode>),
    /// 送付日 not in the future.
    SentDate,
    /// 返信日 not before 送付日 and not in the future.
    ReplyDate {
        /// 送付日.
        from: Date,
        /// Today.
        until: Date,
    },
    /// 返信期限 must not lie before 送付日.
    DueDate {
        /// 送付日.
        from: Date,
    },
    /// Wait until the 返信期限 has passed.
    DuePassed(Date),
    /// A way of delivery that was confirmed to be safe; or the flag is cleared with a reason.
    SafeWay,
    /// The other letter is the right one.
    OtherLetter(Category),
    /// Enable 3-x in the settings.
    EnableEmployer,
    /// Decide one by one.
    OneByOne,
    /// Give a reason to change the decided record.
    Reason,
    /// First take another step.
    First(Cow<'static, str>),
    /// Withdraw the record from this batch first.
    Withdraw(u32),
    /// Nothing: the record takes no category.
    Nothing,
}

/// A refused decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{} ({})", self.message(), self.rule.label())]
pub struct Refusal {
    /// The rule that refuses.
    pub rule: Rule,
    /// What would satisfy it.
    pub need: Need,
}

impl Refusal {
    fn new(rule: Rule, need: Need) -> Self {
        Self { rule, need }
    }

    /// What is missing, in polite Japanese.
    pub fn message(&self) -> String {
        let words = |codes: &[EvidenceCode]| codes.iter().map(|code| code.label()).collect::<Vec<_>>().join("、");
        match &self.need {
            Need::LostDate { after, until } => {
                format!("2-1 には {after} より後、{until} 以前の喪失日が必要です。喪失日を入力してください")
            }
            Need::Evidence(codes) if self.rule == Rule::G3 && codes.len() < EvidenceCode::ALL.len() => format!(
                "生年月日か性別が一致と判定されていないため、目検だけでは確認できません。{} のいずれかを付けてください",
                words(codes)
            ),
            Need::Evidence(codes) => format!("確認方法が必要です。{} のいずれかを付けてください", words(codes)),
            Need::EvidenceDate(codes) => format!("{} の日付が必要です", words(codes)),
            Need::SentDate => "送付日が必要です(今日以前の日付を入力してください)".to_owned(),
            Need::ReplyDate { from, until } => format!("返信日が必要です({from} 以後、{until} 以前)"),
            Need::DueDate { from } => format!("返信期限は送付日 {from} 以後にしてください"),
            Need::DuePassed(due) => format!("返信期限 {due} を過ぎてから「返事なし」にしてください"),
            Need::SafeWay => "支援措置(DV・虐待等)のため送付しません。安全に届く方法を確かめて記入するか、理由を付けて印を外してください".to_owned(),
            Need::OtherLetter(letter) => match letter {
                Category::C41 => {
                    "生年月日か性別が不一致のため、4-1(マイナンバーの提出)を選んでください".to_owned()
                }
                _ => "生年月日と性別は一致しているため、4-2(下4桁等の確認)を選んでください".to_owned(),
            },
            Need::EnableEmployer => {
                "この保険者種別では事業主への照会を使いません。使う場合は settings.toml の [review] employer = true にしてください".to_owned()
            }
            Need::OneByOne => "注意表示のある記録は一括では決定できません。1件ずつ確認してください".to_owned(),
            Need::Reason => "決定済の記録です。変更するには理由が必要です".to_owned(),
            Need::First(step) => step.clone().into_owned(),
            Need::Withdraw(batch) => format!("解除 第{batch}回に報告済です。先に取下げてください"),
            Need::Nothing => "確認対象(設問1)ではないため、区分を付けられません".to_owned(),
        }
    }
}

/// Checks a decision against the moves and the guards; the first rule that refuses wins.
pub fn check(case: &Case, decision: &Decision, around: &DecisionContext<'_>) -> Result<(), Refusal> {
    if !around.facts.in_item1() {
        return Err(Refusal::new(Rule::G7, Need::Nothing));
    }
    if decision.bulk && !around.facts.dangers.is_empty() {
        return Err(Refusal::new(Rule::G8, Need::OneByOne));
    }
    if let Some(batch) = case.in_batch.filter(|_| !stays_reported(case.state, decision.target.state())) {
        return Err(Refusal::new(Rule::Batch, Need::Withdraw(batch)));
    }
    check_employer(decision, around)?;
    check_move(case, decision)?;
    match decision.target {
        Target::Category(category) => check_category(category, case, decision, around),
        Target::Employer | Target::Hold => Ok(()),
    }
}

/// Checks whether a case may go back to 確認中.
pub fn check_reopen(case: &Case, reason: &str) -> Result<(), Refusal> {
    if let Some(batch) = case.in_batch {
        return Err(Refusal::new(Rule::Batch, Need::Withdraw(batch)));
    }
    if !matches!(case.state, State::Decided(_) | State::AwaitingSecond(_)) {
        return Err(Refusal::new(
            Rule::Move,
            Need::First("まだ決定されていない記録です。再開の必要はありません".into()),
        ));
    }
    if reason.trim().is_empty() {
        return Err(Refusal::new(Rule::Move, Need::Reason));
    }
    Ok(())
}

/// G5.
fn check_employer(decision: &Decision, around: &DecisionContext<'_>) -> Result<(), Refusal> {
    let employer = matches!(decision.target, Target::Employer | Target::Category(Category::C31 | Category::C32));
    let allowed = around.employer_enabled || around.insurer.is_some_and(InsurerKind::has_employers);
    if employer && !allowed {
        return Err(Refusal::new(Rule::G5, Need::EnableEmployer));
    }
    Ok(())
}

/// The table of moves; a decided record needs a reason, an outcome needs its letter.
fn check_move(case: &Case, decision: &Decision) -> Result<(), Refusal> {
    if may_move(case.state, decision.target) {
        return Ok(());
    }
    let reopened = matches!(case.state, State::Decided(_) | State::AwaitingSecond(_));
    let reason_given = decision.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    let from = if reopened { State::Pending } else { case.state };
    if !may_move(from, decision.target) {
        let step = match decision.target {
            Target::Category(Category::C31 | Category::C32) => "3-1・3-2 は、先に事業主照会中(employer)にしてください",
            Target::Category(category) => match category.letter() {
                Some(Category::C41) => "4-3・4-4・4-5 は、先に 4-1(送付)にしてください",
                _ => "4-6・4-7・4-8 は、先に 4-2(送付)にしてください",
            },
            Target::Employer | Target::Hold => "この状態からは変更できません",
        };
        return Err(Refusal::new(Rule::Move, Need::First(step.into())));
    }
    if !reason_given {
        return Err(Refusal::new(Rule::Move, Need::Reason));
    }
    Ok(())
}

fn check_category(
    category: Category,
    case: &Case,
    decision: &Decision,
    around: &DecisionContext<'_>,
) -> Result<(), Refusal> {
    let has = |codes: &[EvidenceCode]| decision.evidence.iter().any(|evidence| codes.contains(&evidence.code));
    match category {
        Category::C21 => {
            // A day entered now stands for itself; an old entry must not hide what a newer file says.
            let known = match decision.lost {
                Some(entered) => [Some(entered), None],
                None => [case.lost, around.lost_in_file],
            };
            if !known.into_iter().flatten().any(|lost| lost > around.matched_on && lost <= around.today) {
                let need = Need::LostDate { after: around.matched_on, until: around.today };
                return Err(Refusal::new(Rule::G1, need));
            }
        }
        Category::C22 => {
            let fitting = [EvidenceCode::PastRecord, EvidenceCode::Correction];
            if !has(&fitting) {
                return Err(Refusal::new(Rule::G2, Need::Evidence(fitting.to_vec())));
            }
            let dated =
                decision.evidence.iter().any(|evidence| fitting.contains(&evidence.code) && evidence.date.is_some());
            if !dated {
                let given = fitting.into_iter().filter(|&code| has(&[code])).collect();
                return Err(Refusal::new(Rule::G2, Need::EvidenceDate(given)));
            }
        }
        Category::C23 => {
            // An unreadable mark is never taken for ○ (RULES §2), so it asks for as much as a ×.
            let agree = |field| around.facts.marks.fields[field] == Mark::Match;
            if !agree(FieldKind::Birth) || !agree(FieldKind::Sex) {
                let strong: Vec<_> = EvidenceCode::ALL.into_iter().filter(|code| code.is_strong()).collect();
                if !has(&strong) {
                    return Err(Refusal::new(Rule::G3, Need::Evidence(strong)));
                }
            } else if decision.evidence.is_empty() {
                return Err(Refusal::new(Rule::G3, Need::Evidence(EvidenceCode::ALL.to_vec())));
            }
        }
        Category::C41 | Category::C42 => check_letter(category, case, decision, around)?,
        Category::C43 | Category::C44 | Category::C46 | Category::C47 => check_reply(case, decision, around)?,
        Category::C45 | Category::C48 => check_no_reply(case, decision, around)?,
        Category::C24 | Category::C31 | Category::C32 => {}
    }
    Ok(())
}

/// 支援措置, G4, and the dates of a letter.
fn check_letter(
    category: Category,
    case: &Case,
    decision: &Decision,
    around: &DecisionContext<'_>,
) -> Result<(), Refusal> {
    let is_safe = decision.safe_way.as_deref().is_some_and(|way| !way.trim().is_empty());
    if case.is_protected(around.facts) && !is_safe {
        return Err(Refusal::new(Rule::Protected, Need::SafeWay));
    }
    let fitting = letter_for(around.facts);
    if category != fitting {
        return Err(Refusal::new(Rule::G4, Need::OtherLetter(fitting)));
    }
    let sent = decision.sent.unwrap_or(around.today);
    if decision.due.is_some_and(|due| due < sent) {
        return Err(Refusal::new(Rule::G6, Need::DueDate { from: sent }));
    }
    Ok(())
}

/// Checks a step back or forth in the history (取消, やり直し): it must not bring a letter back that would be refused now.
///
/// An outcome taken back to its letter sends nothing; a file may have set 支援措置 since the letter was decided.
pub fn check_return(before: &Case, after: &Case, facts: &Facts) -> Result<(), Refusal> {
    let letter = |case: &Case| case.state.category().and_then(Category::letter);
    let sends = after.state.category().is_some_and(|category| category.letter() == Some(category));
    if sends && letter(before) != letter(after) && after.is_protected(facts) && after.safe_way().is_empty() {
        return Err(Refusal::new(Rule::Protected, Need::SafeWay));
    }
    Ok(())
}

/// G6 for 誤りなし and 誤り.
fn check_reply(case: &Case, decision: &Decision, around: &DecisionContext<'_>) -> Result<(), Refusal> {
    let sent = decision.sent.or(case.sent()).ok_or(Refusal::new(Rule::G6, Need::SentDate))?;
    let fits = decision.replied.is_some_and(|replied| replied >= sent && replied <= around.today);
    if !fits {
        return Err(Refusal::new(Rule::G6, Need::ReplyDate { from: sent, until: around.today }));
    }
    Ok(())
}

/// G6 for 返事なし.
fn check_no_reply(case: &Case, decision: &Decision, around: &DecisionContext<'_>) -> Result<(), Refusal> {
    let sent = decision.sent.or(case.sent()).ok_or(Refusal::new(Rule::G6, Need::SentDate))?;
    let due = decision.due.or(case.due()).ok_or(Refusal::new(Rule::G6, Need::DueDate { from: sent }))?;
    if due < sent {
        return Err(Refusal::new(Rule::G6, Need::DueDate { from: sent }));
    }
    if around.today <= due {
        return Err(Refusal::new(Rule::G6, Need::DuePassed(due)));
    }
    Ok(())
}

/// The letter that fits the marks: 4-1 where B× or S×, else 4-2 (G4).
pub fn letter_for(facts: &Facts) -> Category {
    if facts.marks.birth_or_sex_differs() { Category::C41 } else { Category::C42 }
}

#[cfg(test)]
mod tests;
