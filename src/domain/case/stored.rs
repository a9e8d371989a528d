//! The JSON form of a case, and the form that stores before layout 5 hold.
//!
//! Before, the dates of a letter stood beside everything else, and `due` was 返信期限 or 期日 by the state; such cases are read
//! as they are.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Case, Evidence, Letter, State};

/// Every field that a case has or had.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct StoredCase {
    state: State,
    evidence: Vec<Evidence>,
    note: String,
    lost: Option<Date>,
    deadline: Option<Date>,
    letter: Option<Letter>,
    reason: String,
    protected: Option<bool>,
    operator: String,
    decided_at: Option<Timestamp>,
    in_batch: Option<u32>,
    version: u32,
    /// Before layout 5.
    sent: Option<Date>,
    /// Before layout 5: 返信期限, or 期日 where there is no letter.
    due: Option<Date>,
    /// Before layout 5.
    replied: Option<Date>,
    /// Before layout 5.
    safe_way: String,
}

impl From<StoredCase> for Case {
    fn from(stored: StoredCase) -> Self {
        let is_letter = stored.state.category().is_some_and(|category| category.letter().is_some());
        let is_about_letter = is_letter && stored.due.is_some()
            || stored.sent.is_some()
            || stored.replied.is_some()
            || !stored.safe_way.is_empty();
        let (deadline, letter) = match stored.letter {
            None if is_about_letter && stored.deadline.is_none() => {
                let (sent, due, replied) = (stored.sent, stored.due, stored.replied);
                (None, Some(Letter { sent, due, replied, safe_way: stored.safe_way }))
            }
            letter => (stored.deadline.or(stored.due), letter),
        };
        Self {
            state: stored.state,
            evidence: stored.evidence,
            note: stored.note,
            lost: stored.lost,
            deadline,
            letter,
            reason: stored.reason,
            protected: stored.protected,
            operator: stored.operator,
            decided_at: stored.decided_at,
            in_batch: stored.in_batch,
            version: stored.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::Category;
    use jiff::civil::date;

    fn read(json: &str) -> Case {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_case_of_an_older_store_keeps_every_date() {
        let letter =
            read(r#"{"state":{"決定":"4-1"},"sent":"2023-11-01","due":"2023-11-15","safe_way":"局留","version":2}"#);
        assert_eq!(letter.state, State::Decided(Category::C41));
        assert_eq!(
            (letter.sent(), letter.due(), letter.replied()),
            (Some(date(2023, 11, 1)), Some(date(2023, 11, 15)), None)
        );
        assert_eq!((letter.safe_way(), letter.deadline), ("局留", None));
        let hold = read(r#"{"state":"確認中","due":"2023-12-18","version":1}"#);
        assert_eq!(
            (hold.deadline, hold.due(), &hold.letter),
            (Some(date(2023, 12, 18)), Some(date(2023, 12, 18)), &None)
        );
        // 2-1 after a letter: it stays on record.
        let lost = read(r#"{"state":{"決定":"2-1"},"sent":"2023-11-01","due":"2023-11-15","replied":"2023-11-09"}"#);
        assert_eq!((lost.sent(), lost.replied()), (Some(date(2023, 11, 1)), Some(date(2023, 11, 9))));
        assert_eq!(read("{}"), Case::default());
        assert_eq!(read(r#"{"protected":true,"version":1}"#).protected, Some(true));
    }

    #[test]
    fn a_case_reads_back_as_it_was_written() {
        let dates = [None, Some(date(2023, 11, 1))];
        let states = [
            State::Untouched,
            State::Pending,
            State::AwaitingSecond(super::super::Proposal { category: Some(Category::C23) }),
            State::AwaitingEmployer,
            State::Decided(Category::C23),
            State::Decided(Category::C41),
            State::Decided(Category::C44),
        ];
        for state in states {
            for deadline in dates {
                for letter in [None, Some((None, None)), Some((dates[1], None)), Some((None, dates[1]))] {
                    let letter = letter.map(|(sent, due)| Letter { sent, due, ..Letter::default() });
                    let case = Case { state, deadline, letter, in_batch: Some(3), version: 4, ..Case::default() };
                    assert_eq!(read(&serde_json::to_string(&case).unwrap()), case);
                }
            }
        }
    }
}
