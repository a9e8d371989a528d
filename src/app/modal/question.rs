//! Questions before a decision or other changes: yes or no, one of several pieces of evidence, and what a line of text answers.

use crate::app::job::{ImportSource, Job};
use crate::domain::case::Decision;
use crate::domain::category::EvidenceCode;
use crate::domain::record::RecordNo;

/// A question to be answered with yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What stands above the answers.
    pub lines: Vec<String>,
    /// What yes does.
    pub then: Then,
    /// First visible line, where not all of them fit.
    pub top: usize,
}

/// What yes does.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// Decides what must not be a slip.
    Decide(Attempt),
    /// Takes one old step back.
    UndoStep(u64),
    /// Does work that takes a moment.
    Do(Job),
    /// Asks for the word without which a file lacking most records is not taken as a full one.
    AskWhole(ImportSource),
}

/// A decision on its way past the guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The record.
    pub record: RecordNo,
    /// The version of its case that the operator was looking at.
    pub version: u32,
    /// The decision so far.
    pub decision: Decision,
    /// Whether what must not be a slip was confirmed: 誤り, or 誤りなし where a flag names another person.
    pub confirmed: bool,
    /// Why it was refused last, with the rule.
    pub refused: Option<String>,
}

/// What a decision still needs and a line of text can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// 喪失日
    Lost,
    /// The date of one of these pieces of evidence.
    EvidenceDate(Vec<EvidenceCode>),
    /// 送付日
    Sent,
    /// 返信日
    Replied,
    /// 返信期限
    Due,
    /// 期日 of 保留
    HoldUntil,
    /// Why a decided record is changed.
    Reason,
    /// The way of delivery that was confirmed to be safe, where 支援措置 stands.
    SafeWay,
}

impl Ask {
    /// The words before the line.
    pub fn label(&self) -> String {
        match self {
            Self::Lost => "喪失日".to_owned(),
            Self::EvidenceDate(codes) => {
                let words: Vec<&str> = codes.iter().map(|code| code.label()).collect();
                format!("{}の日付", words.join("・"))
            }
            Self::Sent => "送付日".to_owned(),
            Self::Replied => "返信日".to_owned(),
            Self::Due => "返信期限".to_owned(),
            Self::HoldUntil => "保留の期日".to_owned(),
            Self::Reason => "変更の理由".to_owned(),
            Self::SafeWay => "安全な送付方法".to_owned(),
        }
    }

    /// Whether a date is asked for.
    pub fn is_date(&self) -> bool {
        !matches!(self, Self::Reason | Self::SafeWay)
    }

    /// Puts an answer into a decision; `Err` says what is wrong with the answer.
    pub fn fill(&self, decision: &mut Decision, text: &str) -> Result<(), String> {
        let given = |missing: &str| match text.trim() {
            "" => Err(missing.to_owned()),
            text => Ok(Some(text.to_owned())),
        };
        match self {
            Self::Reason => {
                decision.reason = given("理由を入力してください")?;
                return Ok(());
            }
            Self::SafeWay => {
                decision.safe_way =
                    given("確かめた安全な送付方法を入力してください。やめるときは Esc を押してください")?;
                return Ok(());
            }
            _ => {}
        }
        let date = read_date(text)?;
        match self {
            Self::Lost => decision.lost = Some(date),
            Self::Sent => decision.sent = Some(date),
            Self::Replied => decision.replied = Some(date),
            Self::Due | Self::HoldUntil => decision.due = Some(date),
            Self::EvidenceDate(codes) => {
                for evidence in decision.evidence.iter_mut().filter(|evidence| codes.contains(&evidence.code)) {
                    evidence.date = Some(date);
                }
            }
            Self::Reason | Self::SafeWay => {}
        }
        Ok(())
    }
}

/// Reads a day as people type it: 20231214, 2023-12-14, R5.12.14.
pub fn read_date(text: &str) -> Result<jiff::civil::Date, String> {
    let unreadable = || "日付を 20231214 や R5.12.14 の形で入力してください".to_owned();
    let parsed = crate::compare::parse_date(text).ok_or_else(unreadable)?;
    let (year, month, day) = parsed.date.full().ok_or_else(unreadable)?;
    let number = |part: u8| i8::try_from(part).map_err(|_| unreadable());
    jiff::civil::Date::new(year, number(month)?, number(day)?).map_err(|_| unreadable())
}

/// A day as it stands in an input line.
pub fn date_text(date: jiff::civil::Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// A choice of evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The decision that needs it.
    pub attempt: Box<Attempt>,
    /// What can be chosen, in the order of [`Choice::number`], which is the digit that chooses.
    pub codes: Vec<EvidenceCode>,
    /// The chosen one; none at first where a slip would weigh too much.
    pub chosen: Option<usize>,
    /// Whether a digit only chooses and does not answer, because a slip would weigh too much.
    pub careful: bool,
}

impl Choice {
    /// A choice among these, none of them chosen yet.
    pub fn among(attempt: Attempt, mut codes: Vec<EvidenceCode>, careful: bool) -> Self {
        codes.sort_by_key(|code| Self::number(*code));
        Self { attempt: Box::new(attempt), codes, chosen: None, careful }
    }

    /// The digit of a piece of evidence, the same in every choice: fingers remember it. 1 and 4–6 are those of the numeric
    /// pad's `1 1` and `1 4`–`1 6`.
    pub fn number(code: EvidenceCode) -> u8 {
        match code {
            EvidenceCode::Visual => 1,
            EvidenceCode::ResidentRecord => 2,
            EvidenceCode::Correction => 3,
            EvidenceCode::Notification => 4,
            EvidenceCode::JlisInquiry => 5,
            EvidenceCode::PastRecord => 6,
            EvidenceCode::EmployerReply => 7,
            EvidenceCode::PersonReply => 8,
        }
    }

    /// The place of the piece of evidence with a digit, where it can be chosen.
    pub fn place(&self, digit: char) -> Option<usize> {
        let digit = digit.to_digit(10)?;
        self.codes.iter().position(|code| u32::from(Self::number(*code)) == digit)
    }

    /// The digits that choose, as one label: `1-8`, `2 4-8`.
    pub fn digits(&self) -> String {
        let numbers: Vec<u8> = self.codes.iter().map(|code| Self::number(*code)).collect();
        let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
            [first, .., last] => format!("{first}-{last}"),
            [one] => one.to_string(),
            [] => String::new(),
        });
        runs.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::Category;
    use crate::domain::record::RecordNo;

    #[test]
    fn evidence_has_one_number_in_every_choice() {
        let numbers: std::collections::BTreeSet<u8> = EvidenceCode::ALL.into_iter().map(Choice::number).collect();
        assert_eq!(numbers.into_iter().collect::<Vec<_>>(), (1..=8).collect::<Vec<u8>>());
        let decision = Decision::category(Category::C23);
        let attempt = Attempt { record: RecordNo(1), version: 0, decision, confirmed: false, refused: None };
        // Every set of evidence that could be offered.
        for set in 1u32..256 {
            let codes: Vec<_> = EvidenceCode::ALL.into_iter().enumerate().filter(|(n, _)| set >> n & 1 == 1).collect();
            let codes: Vec<_> = codes.into_iter().map(|(_, code)| code).rev().collect();
            let choice = Choice::among(attempt.clone(), codes.clone(), false);
            for digit in '0'..='9' {
                let meant = codes.iter().find(|code| Choice::number(**code).to_string() == digit.to_string());
                assert_eq!(choice.place(digit).map(|place| &choice.codes[place]), meant, "{digit} of {codes:?}");
            }
            assert!(choice.codes.is_sorted_by_key(|code| Choice::number(*code)));
        }
        let of = |codes: &[EvidenceCode]| Choice::among(attempt.clone(), codes.to_vec(), false).digits();
        assert_eq!(of(&EvidenceCode::ALL), "1-8");
        assert_eq!(of(&[EvidenceCode::PastRecord, EvidenceCode::Correction]), "3 6");
    }
}
