//! The state of a record in the review, and what can be asked of it (RULES §4).
//!
//! A case is a value. What takes a category is [`super::transition::decide`] alone, which asks [`super::guard`] first; the
//! changes here need no guard.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::category::{Category, EvidenceCode, Finding};
use super::record::Facts;

/// Where a record stands in the review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// 未着手
    #[default]
    #[serde(rename = "未着手")]
    Untouched,
    /// 確認中: a note or question is open, with 期日
    #[serde(rename = "確認中")]
    Pending,
    /// 承認待ち: proposed by one operator, a second must confirm (G10)
    #[serde(rename = "承認待ち")]
    AwaitingSecond(Proposal),
    /// 事業主照会中
    #[serde(rename = "事業主照会中")]
    AwaitingEmployer,
    /// It holds a category.
    #[serde(rename = "決定")]
    Decided(Category),
}

/// What one operator proposes and a second one confirms or refuses; evidence and operator stand in the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Proposal {
    /// The category that the case takes once it is confirmed; `None` in a view for somebody who is to look unbiased.
    pub category: Option<Category>,
}

/// The kind of a state, for tables and filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StateKind {
    /// 未着手
    Untouched,
    /// 確認中
    Pending,
    /// 承認待ち
    AwaitingSecond,
    /// 事業主照会中
    AwaitingEmployer,
    /// 返信待ち: 4-1 or 4-2, a letter is out
    AwaitingReply,
    /// 決定済
    Decided,
}

impl StateKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Untouched,
        Self::Pending,
        Self::AwaitingSecond,
        Self::AwaitingEmployer,
        Self::AwaitingReply,
        Self::Decided,
    ];

    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Untouched => "未着手",
            Self::Pending => "確認中",
            Self::AwaitingSecond => "承認待ち",
            Self::AwaitingEmployer => "事業主照会中",
            Self::AwaitingReply => "返信待ち",
            Self::Decided => "決定済",
        }
    }
}

/// The first number of states with a category.
const DECIDED: u8 = 16;

/// The first number of states with a proposed category.
const PROPOSED: u8 = 64;

impl State {
    /// The category, where there is one.
    pub fn category(self) -> Option<Category> {
        match self {
            Self::Decided(category) => Some(category),
            _ => None,
        }
    }

    /// A number for the state; 0 is 未着手.
    pub fn code(self) -> u8 {
        match self {
            Self::Untouched => 0,
            Self::Pending => 1,
            Self::AwaitingEmployer => 2,
            Self::AwaitingSecond(Proposal { category: None }) => 3,
            Self::Decided(category) => DECIDED + category as u8,
            Self::AwaitingSecond(Proposal { category: Some(category) }) => PROPOSED + category as u8,
        }
    }

    /// The state with a number; `None` where there is none.
    pub fn of_code(code: u8) -> Option<Self> {
        let category = |first: u8| Category::ALL.get(usize::from(code - first)).copied();
        match code {
            0 => Some(Self::Untouched),
            1 => Some(Self::Pending),
            2 => Some(Self::AwaitingEmployer),
            3 => Some(Self::AwaitingSecond(Proposal { category: None })),
            PROPOSED.. => category(PROPOSED).map(|it| Self::AwaitingSecond(Proposal { category: Some(it) })),
            DECIDED.. => category(DECIDED).map(Self::Decided),
            _ => None,
        }
    }

    /// The kind of the state; a letter that waits is 返信待ち.
    pub fn kind(self) -> StateKind {
        match self {
            Self::Untouched => StateKind::Untouched,
            Self::Pending => StateKind::Pending,
            Self::AwaitingSecond(_) => StateKind::AwaitingSecond,
            Self::AwaitingEmployer => StateKind::AwaitingEmployer,
            Self::Decided(category) if category.finding() == Finding::Waiting => StateKind::AwaitingReply,
            Self::Decided(_) => StateKind::Decided,
        }
    }

    /// Whether the operator still has to work on it (未了): no category yet.
    pub fn is_open(self) -> bool {
        self.category().is_none()
    }
}

/// One piece of evidence (確認方法) with its date and a free reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// What was looked at.
    pub code: EvidenceCode,
    /// When it was made or looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where it is filed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
}

impl Evidence {
    /// Evidence without date and reference.
    pub fn plain(code: EvidenceCode) -> Self {
        Self { code, date: None, reference: String::new() }
    }
}

/// A letter to the person (4-x): its dates and how it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Letter {
    /// 送付日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<Date>,
    /// 返信期限
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// 返信日
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied: Option<Date>,
    /// The way of delivery that was confirmed to be safe, where it went out in spite of 支援措置.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub safe_way: String,
}

/// The current state of one record under review; its JSON form is read from older stores too (module `stored`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, from = "stored::StoredCase")]
pub struct Case {
    /// Where it stands.
    pub state: State,
    /// 確認方法
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// A free note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// 喪失日 entered by an operator where the file has none (G1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<Date>,
    /// 期日 of 確認中 and 事業主照会中: the day by which somebody wants to come back to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Date>,
    /// The letter that went out, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub letter: Option<Letter>,
    /// Why it was reopened or changed, where it was.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// 支援措置 (DV・虐待等) set or cleared by hand; `None` leaves it to the file. Stores of before hold `true` or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protected: Option<bool>,
    /// Who made the last decision.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub operator: String,
    /// When the last decision was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// The 解除 batch in which the record stands now, not counting one it was withdrawn from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_batch: Option<u32>,
    /// How often the case was changed; it orders changes of one record.
    pub version: u32,
}

impl Case {
    /// Whether the record stands under 支援措置 (RULES §8): what was set by hand counts before the file.
    pub fn is_protected(&self, facts: &Facts) -> bool {
        self.protected.unwrap_or(facts.protected)
    }

    /// 送付日 of the letter.
    pub fn sent(&self) -> Option<Date> {
        self.letter.as_ref()?.sent
    }

    /// 返信期限 of the letter, else the 期日 of the hold or the employer's inquiry.
    pub fn due(&self) -> Option<Date> {
        self.letter.as_ref().and_then(|letter| letter.due).or(self.deadline)
    }

    /// 返信日 of the letter.
    pub fn replied(&self) -> Option<Date> {
        self.letter.as_ref()?.replied
    }

    /// The confirmed safe way of delivery of the letter; empty without one.
    pub fn safe_way(&self) -> &str {
        self.letter.as_ref().map_or("", |letter| &letter.safe_way)
    }
}

/// What an operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A category.
    Category(Category),
    /// 事業主照会中
    Employer,
    /// 確認中 (保留)
    Hold,
}

impl Target {
    /// Every target.
    pub fn all() -> impl Iterator<Item = Self> {
        Category::ALL.into_iter().map(Self::Category).chain([Self::Employer, Self::Hold])
    }

    /// The state that it leads to.
    pub fn state(self) -> State {
        match self {
            Self::Category(category) => State::Decided(category),
            Self::Employer => State::AwaitingEmployer,
            Self::Hold => State::Pending,
        }
    }

    /// The code of the command line: `2-1` … `4-8`, `employer`, `hold`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Category(category) => category.code(),
            Self::Employer => "employer",
            Self::Hold => "hold",
        }
    }

    /// The Japanese wording.
    pub fn label(self) -> &'static str {
        match self {
            Self::Category(category) => category.label(),
            Self::Employer => "事業主照会中",
            Self::Hold => "保留(確認中)",
        }
    }
}

/// A text that is no target of a decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "「{0}」は区分ではありません。2-1〜2-4、3-1、3-2、4-1〜4-8、employer(事業主照会中)、hold(保留) から選んでください"
)]
pub struct UnknownTarget(pub String);

impl std::str::FromStr for Target {
    type Err = UnknownTarget;
    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        Self::all().find(|target| target.code() == text.trim()).ok_or_else(|| UnknownTarget(text.to_owned()))
    }
}

/// A decision as it is asked for, before the guards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What is asked for.
    pub target: Target,
    /// 確認方法
    pub evidence: Vec<Evidence>,
    /// Replaces the note when given.
    pub note: Option<String>,
    /// 喪失日 entered by hand.
    pub lost: Option<Date>,
    /// 送付日; today when a letter is decided without it.
    pub sent: Option<Date>,
    /// 返信期限 or 期日.
    pub due: Option<Date>,
    /// 返信日
    pub replied: Option<Date>,
    /// The way of delivery that was confirmed to be safe; a letter needs it where 支援措置 stands.
    pub safe_way: Option<String>,
    /// Why a decided record is changed; without it such a change is refused.
    pub reason: Option<String>,
    /// Whether it is one of a bulk decision (G8).
    pub bulk: bool,
}

impl Decision {
    /// A decision with nothing but its target.
    pub fn to(target: Target) -> Self {
        Self {
            target,
            evidence: Vec::new(),
            note: None,
            lost: None,
            sent: None,
            due: None,
            replied: None,
            safe_way: None,
            reason: None,
            bulk: false,
        }
    }

    /// A decision for a category.
    pub fn category(category: Category) -> Self {
        Self::to(Target::Category(category))
    }

    /// Adds a piece of evidence without date.
    pub fn with(mut self, code: EvidenceCode) -> Self {
        self.evidence.push(Evidence::plain(code));
        self
    }
}

/// Whether a case may move to a target without being reopened first: the moves of RULES §4.
///
/// Open states → 2-x, 事業主照会中, 確認中, 4-1/4-2; 事業主照会中 → 3-1, 3-2 as well; 4-1 → 4-3, 4-4, 4-5; 4-5 → 4-3, 4-4;
/// 4-2 → 4-6, 4-7, 4-8; 4-8 → 4-6, 4-7; any 4-x → 2-1. 承認待ち moves only through the second person or by reopening.
pub fn may_move(from: State, to: Target) -> bool {
    use Category::{C21, C22, C23, C24, C31, C32, C41, C42, C43, C44, C45, C46, C47, C48};
    match (from, to) {
        (State::AwaitingSecond(_), _) => false,
        (State::Untouched | State::Pending | State::AwaitingEmployer, Target::Hold | Target::Employer) => true,
        (State::Untouched | State::Pending | State::AwaitingEmployer, Target::Category(to)) => match to {
            C21 | C22 | C23 | C24 | C41 | C42 => true,
            C31 | C32 => from == State::AwaitingEmployer,
            C43 | C44 | C45 | C46 | C47 | C48 => false,
        },
        (State::Decided(from), Target::Category(to)) => match to {
            C21 => from.letter().is_some(),
            C43 | C44 => matches!(from, C41 | C45),
            C45 => from == C41,
            C46 | C47 => matches!(from, C42 | C48),
            C48 => from == C42,
            C22 | C23 | C24 | C31 | C32 | C41 | C42 => false,
        },
        (State::Decided(_), Target::Hold | Target::Employer) => false,
    }
}

/// Takes a record out of a sent 解除 batch (取下げ): its decision becomes history, and it takes a new one before it can be
/// listed again.
pub fn withdraw(case: &Case, reason: &str, operator: &str, now: Timestamp) -> Case {
    Case { in_batch: None, ..back_to_pending(case, reason, operator, now) }
}

/// Takes a case back to 確認中 because a newer file changed its row; a batch that holds the record holds it still.
pub fn changed_by_file(case: &Case, reason: &str, operator: &str, now: Timestamp) -> Case {
    back_to_pending(case, reason, operator, now)
}

/// 確認中 with nothing of the decision and its letter left; note and 支援措置 stay.
pub(super) fn back_to_pending(case: &Case, reason: &str, operator: &str, now: Timestamp) -> Case {
    Case {
        state: State::Pending,
        evidence: Vec::new(),
        deadline: None,
        letter: None,
        reason: reason.trim().to_owned(),
        operator: operator.to_owned(),
        decided_at: Some(now),
        version: case.version + 1,
        ..case.clone()
    }
}

/// Replaces the note of a case; an untouched record stays untouched.
pub fn annotate(case: &Case, note: &str) -> Case {
    Case { note: note.to_owned(), version: case.version + 1, ..case.clone() }
}

/// Sets or clears the DV・虐待等 flag (支援措置) of a case.
///
/// Clearing it where the file says nothing leaves nothing behind, so that a newer file that does say it is heard.
pub fn protect(case: &Case, on: bool, facts: &Facts, reason: &str) -> Case {
    let protected = if on || facts.protected { Some(on) } else { None };
    Case { protected, reason: reason.to_owned(), version: case.version + 1, ..case.clone() }
}

mod stored;
