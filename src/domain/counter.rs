//! What is counted of every record, so that nobody has to look at all of them to say where the work stands.
//!
//! A record adds one to each counter that its facts and its case call for; a change takes the old ones off and adds the new
//! ones. [`super::tally::Status`] and [`super::trend::Trend`] are read from the counters alone. Nothing here depends on what day
//! it is: days and hours are counters of their own.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::{Date, DateTime};

use super::batch::{is_changed, is_eligible};
use super::calendar::japan_time;
use super::case::{Case, State};
use super::category::Category;
use super::record::Facts;
use super::scope::Scope;
use super::suspension::Class;

/// One thing that is counted. All but [`Counter::Changed`] and [`Counter::OutOfScope`] count records of item 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Of a class and in a state, by [`State::code`].
    State(Class, u8),
    /// Standing in a 解除 batch.
    Reported,
    /// On the next 解除 list.
    Unreported,
    /// Reported and changed by a newer file since, whatever the scope.
    Changed,
    /// × outside item 1.
    OutOfScope,
    /// With a category that this operator gave.
    Operator(String),
    /// With a category given in this hour, Japanese time.
    Decided(DateTime),
    /// On hold or at an employer since this day, where it is known.
    HeldSince(Option<Date>),
    /// On hold or at an employer until this day.
    HeldUntil(Date),
    /// With a letter that was sent on this day, where it is known, and not answered.
    LetterSent(Option<Date>),
    /// With a letter that is to be answered by this day.
    LetterDue(Date),
}

impl Counter {
    /// The name under which it is stored.
    pub fn key(&self) -> String {
        let day = |day: &Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        match self {
            Self::State(class, state) => format!("state/{}/{state}", *class as u8),
            Self::Reported => "reported".to_owned(),
            Self::Unreported => "unreported".to_owned(),
            Self::Changed => "changed".to_owned(),
            Self::OutOfScope => "out-of-scope".to_owned(),
            Self::Operator(name) => format!("operator/{name}"),
            Self::Decided(hour) => format!("decided/{hour}"),
            Self::HeldSince(since) => format!("held-since/{}", day(since)),
            Self::HeldUntil(until) => format!("held-until/{until}"),
            Self::LetterSent(sent) => format!("letter-sent/{}", day(sent)),
            Self::LetterDue(due) => format!("letter-due/{due}"),
        }
    }

    /// Reads what [`Counter::key`] wrote; `None` for anything else.
    pub fn of_key(key: &str) -> Option<Self> {
        let (kind, rest) = key.split_once('/').unwrap_or((key, ""));
        let day = || if rest.is_empty() { Some(None) } else { rest.parse().ok().map(Some) };
        Some(match kind {
            "state" => {
                let (class, state) = rest.split_once('/')?;
                Self::State(*Class::ALL.get(class.parse::<usize>().ok()?)?, state.parse().ok()?)
            }
            "reported" => Self::Reported,
            "unreported" => Self::Unreported,
            "changed" => Self::Changed,
            "out-of-scope" => Self::OutOfScope,
            "operator" => Self::Operator(rest.to_owned()),
            "decided" => Self::Decided(rest.parse().ok()?),
            "held-since" => Self::HeldSince(day()?),
            "held-until" => Self::HeldUntil(rest.parse().ok()?),
            "letter-sent" => Self::LetterSent(day()?),
            "letter-due" => Self::LetterDue(rest.parse().ok()?),
            _ => return None,
        })
    }

    /// The counters that a record adds to.
    pub fn of_record(facts: &Facts, case: &Case, mut each: impl FnMut(Self)) {
        if is_changed(case) {
            each(Self::Changed);
        }
        match facts.scope {
            Scope::Item1 => {}
            Scope::LostBefore | Scope::NotYetEnrolled => return each(Self::OutOfScope),
            Scope::NotMismatch | Scope::Vanished => return,
        }
        each(Self::State(facts.class, case.state.code()));
        if case.in_batch.is_some() {
            each(Self::Reported);
        } else if is_eligible(facts, case) {
            each(Self::Unreported);
        }
        let decided = case.decided_at.map(japan_time);
        match case.state {
            State::Pending | State::AwaitingEmployer | State::AwaitingSecond(_) => {
                each(Self::HeldSince(decided.map(DateTime::date)));
                case.due().into_iter().for_each(|due| each(Self::HeldUntil(due)));
            }
            State::Decided(Category::C41 | Category::C42) => {
                each(Self::LetterSent(case.sent()));
                case.due().into_iter().for_each(|due| each(Self::LetterDue(due)));
            }
            State::Untouched | State::Decided(_) => {}
        }
        if case.state.category().is_some() {
            each(Self::Operator(case.operator.clone()));
            decided.into_iter().for_each(|at| each(Self::Decided(at.date().at(at.hour(), 0, 0, 0))));
        }
    }
}

/// Counters that are not 0; as a difference they may be negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Counter, i64>);

impl Counts {
    /// Counts a record.
    pub fn add(&mut self, facts: &Facts, case: &Case) {
        self.add_alike(facts, case, 1);
    }

    /// Counts records with facts and cases that are alike.
    pub fn add_alike(&mut self, facts: &Facts, case: &Case, records: i64) {
        Counter::of_record(facts, case, |counter| self.change(counter, records));
    }

    /// Takes a record off.
    pub fn remove(&mut self, facts: &Facts, case: &Case) {
        self.add_alike(facts, case, -1);
    }

    /// Adds to one counter.
    pub fn change(&mut self, counter: Counter, by: i64) {
        match self.0.entry(counter) {
            Entry::Vacant(_) if by == 0 => {}
            Entry::Vacant(entry) => drop(entry.insert(by)),
            Entry::Occupied(entry) if *entry.get() + by == 0 => drop(entry.remove()),
            Entry::Occupied(mut entry) => *entry.get_mut() += by,
        }
    }

    /// The counters, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Counter, i64)> {
        self.0.iter().map(|(counter, count)| (counter, *count))
    }

    /// The counters that count something.
    pub fn counted(&self) -> impl Iterator<Item = (&Counter, u64)> {
        self.iter().filter_map(|(counter, count)| Some((counter, u64::try_from(count).ok()?)))
    }
}

impl FromIterator<(Counter, i64)> for Counts {
    fn from_iter<T: IntoIterator<Item = (Counter, i64)>>(counters: T) -> Self {
        Self(counters.into_iter().filter(|(_, count)| *count != 0).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_counter_comes_back_from_its_key() {
        let day = date(2026, 11, 28);
        let single = [Counter::Reported, Counter::Unreported, Counter::Changed, Counter::OutOfScope];
        let named = ["", "山田", "a/b c"].map(|name| Counter::Operator(name.to_owned()));
        let days = [None, Some(day)].into_iter().flat_map(|day| [Counter::HeldSince(day), Counter::LetterSent(day)]);
        let dues = [Counter::HeldUntil(day), Counter::LetterDue(day), Counter::Decided(day.at(9, 0, 0, 0))];
        let states = Class::ALL.into_iter().flat_map(|class| [0, 255].map(|state| Counter::State(class, state)));
        for counter in single.into_iter().chain(named).chain(days).chain(dues).chain(states) {
            assert_eq!(Counter::of_key(&counter.key()), Some(counter));
        }
        for foreign in ["", "state", "state/9/0", "state/0/256", "held-until/", "decided/2026", "else/1"] {
            assert_eq!(Counter::of_key(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn classes_are_numbered_by_their_place() {
        for (place, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, place);
        }
    }
}
