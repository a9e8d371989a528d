//! Counts: the report items with their identities and bridge, and the status (RULES §8).
//!
//! A report is folded from the facts and states of the records; the status is read from counters that follow every change
//! ([`super::counter`]).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::case::{State, StateKind};
use super::category::Category;
use super::counter::{Counter, Counts};
use super::record::{Facts, RecordNo};
use super::suspension::Class;

/// The items of the 件数報告, in its order.
pub const ITEMS: [&str; 19] = [
    "1", "2", "2-1", "2-2", "2-3", "2-4", "3", "3-1", "3-2", "4", "4-1", "4-2", "4-3", "4-4", "4-5", "4-6", "4-7",
    "4-8", "5",
];

/// The 件数報告: items 1–5, what waits, and 未了.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Count per item, keys of [`ITEMS`].
    pub items: BTreeMap<String, u64>,
    /// 4-1 without an outcome.
    pub waiting_4_1: u64,
    /// 4-2 without an outcome.
    pub waiting_4_2: u64,
    /// 未了: in item 1 without a category.
    pub backlog: u64,
}

impl Report {
    /// Counts one record of item 1 by its state. Records outside item 1 count nowhere.
    pub fn add(&mut self, facts: &Facts, state: State) {
        if !facts.in_item1() {
            return;
        }
        match state.category() {
            None => {
                self.bump("1");
                self.backlog += 1;
            }
            Some(category) => {
                for item in category.counts_in() {
                    self.bump(item);
                }
                match category {
                    Category::C41 => self.waiting_4_1 += 1,
                    Category::C42 => self.waiting_4_2 += 1,
                    _ => {}
                }
            }
        }
    }

    fn bump(&mut self, item: &str) {
        match self.items.get_mut(item) {
            Some(count) => *count += 1,
            None => {
                self.items.insert(item.to_owned(), 1);
            }
        }
    }

    /// The count of an item.
    pub fn item(&self, item: &str) -> u64 {
        self.items.get(item).copied().unwrap_or(0)
    }

    /// The identities of RULES §8 that do not hold, in words; empty when all hold.
    pub fn broken_identities(&self) -> Vec<String> {
        let sum = |items: &[&str]| items.iter().map(|item| self.item(item)).sum::<u64>();
        let table: [(&str, u64, &str); 7] = [
            ("2", sum(&["2-1", "2-2", "2-3", "2-4"]), "2-1+2-2+2-3+2-4"),
            ("3", sum(&["3-1", "3-2"]), "3-1+3-2"),
            ("4", sum(&["4-1", "4-2"]), "4-1+4-2"),
            ("4-1", sum(&["4-3", "4-4", "4-5"]) + self.waiting_4_1, "4-3+4-4+4-5+返信待ち"),
            ("4-2", sum(&["4-6", "4-7", "4-8"]) + self.waiting_4_2, "4-6+4-7+4-8+返信待ち"),
            ("5", sum(&["2-4", "3-2", "4-4", "4-7"]), "2-4+3-2+4-4+4-7"),
            ("1", sum(&["2", "3", "4"]) + self.backlog, "2+3+4+未了"),
        ];
        table
            .into_iter()
            .filter(|&(item, right, _)| self.item(item) != right)
            .map(|(item, right, words)| format!("設問{item} は {} ですが、{words} は {right} です", self.item(item)))
            .collect()
    }

    /// 報告完了: nothing is open and nothing waits.
    pub fn is_complete(&self) -> bool {
        self.backlog == 0 && self.waiting_4_1 == 0 && self.waiting_4_2 == 0
    }
}

/// The bridge from the report before: last + new + reopened − closed − vanished = this, counted in 未了.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// 未了 of the report before.
    pub last: u64,
    /// Came into item 1 since and are open.
    pub new: u64,
    /// Had a category then and are open again.
    pub reopened: u64,
    /// Were open then and have a category now.
    pub closed: u64,
    /// Were open then and stand in item 1 no longer.
    pub vanished: u64,
    /// 未了 now.
    pub this: u64,
}

impl Bridge {
    /// Compares the open records of two reports.
    pub fn between(last: &FrozenReport, now: &Membership) -> Self {
        let (then_open, then_all) = (&last.members.open, &last.members.item1);
        Self {
            last: then_open.len() as u64,
            new: now.open.difference(then_all).count() as u64,
            reopened: now.open.iter().filter(|no| then_all.contains(no) && !then_open.contains(no)).count() as u64,
            closed: then_open.iter().filter(|no| now.item1.contains(no) && !now.open.contains(no)).count() as u64,
            vanished: then_open.difference(&now.item1).count() as u64,
            this: now.open.len() as u64,
        }
    }

    /// Whether the bridge adds up.
    pub fn holds(&self) -> bool {
        self.last + self.new + self.reopened == self.this + self.closed + self.vanished
    }
}

/// Which records stand in item 1 and which of them are open; kept with a frozen report for the next bridge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// In item 1.
    pub item1: BTreeSet<RecordNo>,
    /// In item 1 and without a category.
    pub open: BTreeSet<RecordNo>,
}

impl Membership {
    /// Adds one record.
    pub fn add(&mut self, no: RecordNo, facts: &Facts, state: State) {
        if facts.in_item1() {
            self.item1.insert(no);
            if state.is_open() {
                self.open.insert(no);
            }
        }
    }
}

/// A report that was frozen with its 基準日時.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenReport {
    /// Running number from 1.
    pub number: u32,
    /// 基準日時
    pub as_of: Timestamp,
    /// Who froze it.
    pub operator: String,
    /// The counts.
    pub report: Report,
    /// From the report before; `None` for the first.
    pub bridge: Option<Bridge>,
    /// Who stood where, for the next bridge.
    pub members: Membership,
}

/// Total and open records of a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCount {
    /// In item 1.
    pub total: u64,
    /// Of these without a category.
    pub remaining: u64,
}

/// Where the work stands: `meken status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// In item 1.
    pub in_item1: u64,
    /// Finally decided: with a category that waits for nothing.
    pub decided: u64,
    /// Letters without an outcome.
    pub waiting: u64,
    /// Without a category (未着手, 確認中, 承認待ち, 事業主照会中).
    pub remaining: u64,
    /// × outside item 1.
    pub out_of_scope: u64,
    /// Per class of item 1.
    pub by_class: BTreeMap<Class, ClassCount>,
    /// Per current category.
    pub by_category: BTreeMap<Category, u64>,
    /// Per kind of state.
    pub by_state: BTreeMap<StateKind, u64>,
    /// 誤りなし, standing in a batch.
    pub reported: u64,
    /// Reported, changed by a newer file since, and not dealt with (see [`super::batch::is_changed`]); counted over all records,
    /// those outside item 1 too.
    pub changed: u64,
    /// 誤りなし, suspended, in no batch yet.
    pub unreported: u64,
    /// Decisions per operator (records whose current category is theirs).
    pub operators: BTreeMap<String, u64>,
}

impl Status {
    /// Reads the counters.
    pub fn of(counts: &Counts) -> Self {
        let mut status = Self::default();
        for (counter, n) in counts.counted() {
            match counter {
                Counter::State(class, state) => status.add(*class, State::of_code(*state).unwrap_or_default(), n),
                Counter::Reported => status.reported = n,
                Counter::Unreported => status.unreported = n,
                Counter::Changed => status.changed = n,
                Counter::OutOfScope => status.out_of_scope = n,
                Counter::Operator(name) => {
                    status.operators.insert(name.clone(), n);
                }
                Counter::Decided(_)
                | Counter::HeldSince(_)
                | Counter::HeldUntil(_)
                | Counter::LetterSent(_)
                | Counter::LetterDue(_) => {}
            }
        }
        status
    }

    /// Adds records of item 1 by their class and state.
    fn add(&mut self, class: Class, state: State, n: u64) {
        let kind = state.kind();
        self.in_item1 += n;
        *self.by_state.entry(kind).or_default() += n;
        let class = self.by_class.entry(class).or_default();
        class.total += n;
        match kind {
            StateKind::Decided => self.decided += n,
            StateKind::AwaitingReply => self.waiting += n,
            _ => {
                self.remaining += n;
                class.remaining += n;
            }
        }
        if let Some(category) = state.category() {
            *self.by_category.entry(category).or_default() += n;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::Case;
    use crate::domain::case::Proposal;
    use crate::domain::record::{Marks, Overall};
    use crate::domain::scope::Scope;
    use proptest::prelude::*;

    fn facts(scope: Scope) -> Facts {
        Facts {
            class: Class::One,
            overall: Overall::Mismatch,
            marks: Marks::all_match(),
            scope,
            dangers: crate::domain::danger::DangerSet::default(),
            protected: false,
        }
    }

    fn states() -> Vec<State> {
        [
            State::Untouched,
            State::Pending,
            State::AwaitingSecond(Proposal { category: Some(Category::C23) }),
            State::AwaitingEmployer,
        ]
        .into_iter()
        .chain(Category::ALL.map(State::Decided))
        .collect()
    }

    #[test]
    fn each_state_counts_where_the_table_says() {
        for state in states() {
            let mut report = Report::default();
            report.add(&facts(Scope::Item1), state);
            assert_eq!(report.broken_identities(), Vec::<String>::new(), "{state:?}");
            let expected: Vec<&str> = state.category().map_or(vec!["1"], |c| c.counts_in().to_vec());
            for item in ITEMS {
                assert_eq!(report.item(item), u64::from(expected.contains(&item)), "{state:?} {item}");
            }
            let waits = matches!(state.category(), Some(Category::C41 | Category::C42));
            assert_eq!(report.is_complete(), state.category().is_some() && !waits, "{state:?}");
        }
    }

    #[test]
    fn a_broken_identity_is_named() {
        let mut report = Report::default();
        report.add(&facts(Scope::Item1), State::Decided(Category::C23));
        report.bump("2-4");
        let broken = report.broken_identities();
        assert_eq!(broken.len(), 2, "{broken:?}");
        assert!(broken[0].contains("設問2 "), "{broken:?}");
    }

    #[test]
    fn outside_item_1_nothing_counts_in_the_report() {
        for scope in Scope::ALL.into_iter().filter(|&scope| scope != Scope::Item1) {
            let mut report = Report::default();
            report.add(&facts(scope), State::Decided(Category::C23));
            assert_eq!(report, Report::default());
        }
    }

    proptest! {
        #[test]
        fn identities_hold_for_any_mix(picks in proptest::collection::vec((0usize..18, 0usize..5), 0..200)) {
            let (states, mut report, mut counts) = (states(), Report::default(), Counts::default());
            for (state, scope) in picks {
                let case = Case { state: states[state], ..Case::default() };
                report.add(&facts(Scope::ALL[scope]), case.state);
                counts.add(&facts(Scope::ALL[scope]), &case);
            }
            let status = Status::of(&counts);
            prop_assert!(report.broken_identities().is_empty());
            prop_assert_eq!(status.in_item1, report.item("1"));
            prop_assert_eq!(status.remaining, report.backlog);
            prop_assert_eq!(status.waiting, report.waiting_4_1 + report.waiting_4_2);
            prop_assert_eq!(status.decided + status.waiting + status.remaining, status.in_item1);
        }

        /// Whatever happens between two reports, the bridge adds up.
        #[test]
        fn the_bridge_always_holds(
            then in proptest::collection::vec((0usize..18, 0usize..5), 40),
            now in proptest::collection::vec((0usize..18, 0usize..5), 60),
        ) {
            let states = states();
            let members = |picks: &[(usize, usize)]| {
                let mut members = Membership::default();
                for (n, &(state, scope)) in picks.iter().enumerate() {
                    members.add(RecordNo(n as u32), &facts(Scope::ALL[scope]), states[state]);
                }
                members
            };
            let last = FrozenReport {
                number: 1,
                as_of: Timestamp::UNIX_EPOCH,
                operator: String::new(),
                report: Report::default(),
                bridge: None,
                members: members(&then),
            };
            prop_assert!(Bridge::between(&last, &members(&now)).holds());
        }
    }
}
