//! Questions that anyone may ask while others work: answered here, or over the socket by whoever holds the store.

use std::collections::{HashMap, HashSet};

use crate::domain::calendar::japan_time;
use crate::domain::case::Case;
use crate::domain::filter::Filter;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Record, RecordNo};

use super::view::FilterSubject;
use super::{Desk, DeskError};
use crate::domain::request::Caller;
use crate::service::{Query, Sort};
use crate::view::{AnyView, RecordView};

/// How many records are read at once.
const CHUNK: usize = 512;

impl Desk {
    /// Answers a question view by view; `out` says whether to go on.
    pub fn answer(&self, who: &Caller, query: &Query, out: &mut dyn FnMut(AnyView) -> bool) -> Result<(), DeskError> {
        self.require_data()?;
        match query {
            Query::Status => {
                out(AnyView::Status(Box::new(self.status()?)));
            }
            Query::Report => {
                out(AnyView::Report(Box::new(self.report()?)));
            }
            Query::Show { id } => {
                out(AnyView::Record(Box::new(self.view(who, self.find(id)?)?)));
            }
            Query::List { filter, all, sort, limit } => {
                self.list(who, filter, *all, *sort, *limit, &mut |view| out(AnyView::Record(Box::new(view))))?;
            }
            Query::Count { filter, all } => {
                out(AnyView::Count(self.count(filter, *all)?));
            }
            Query::Log { id } => self.log(who, id.as_deref(), out)?,
            Query::Quarantine { closed } => {
                for row in self.held(*closed)? {
                    if !out(AnyView::Held(Box::new(row))) {
                        break;
                    }
                }
            }
            Query::Batches => {
                for batch in self.batches()? {
                    if !out(AnyView::Batch(Box::new(batch))) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads a filter expression; what is overdue is so today.
    fn filter(&self, text: &str) -> Result<Filter, DeskError> {
        Ok(Filter::parse(text)?.on(japan_time(self.now()).date()))
    }

    fn list(
        &self,
        who: &Caller,
        filter: &str,
        all: bool,
        sort: Sort,
        limit: Option<u64>,
        out: &mut dyn FnMut(RecordView) -> bool,
    ) -> Result<(), DeskError> {
        let filter = self.filter(filter)?;
        let snapshot = self.snapshot()?;
        let cases: HashMap<RecordNo, Case> = snapshot.cases()?.into_iter().collect();
        let queue = snapshot.queue()?;
        let mut nos: Vec<RecordNo> = queue.iter().map(|entry| entry.no).collect();
        if all {
            let numbers = snapshot.meta()?.record_numbers;
            let facts = snapshot.facts(0..numbers)?;
            nos.extend(facts.iter().filter(|(_, facts)| !facts.in_item1()).map(|(no, _)| *no));
        }
        match sort {
            Sort::Queue => {}
            Sort::Line => nos.sort_unstable(),
            Sort::Class => {
                let numbers = snapshot.meta()?.record_numbers;
                let class: HashMap<RecordNo, _> =
                    snapshot.facts(0..numbers)?.into_iter().map(|(no, facts)| (no, facts.class)).collect();
                nos.sort_unstable_by_key(|no| (class.get(no).copied(), *no));
            }
            Sort::Id => {
                let mut keyed: Vec<(String, RecordNo)> = Vec::with_capacity(nos.len());
                for chunk in nos.chunks(CHUNK) {
                    keyed.extend(snapshot.records(chunk)?.iter().map(|record| (record.row.id(), record.no)));
                }
                keyed.sort_unstable();
                nos = keyed.into_iter().map(|(_, no)| no).collect();
            }
            Sort::Decided => {
                let at = |no: &RecordNo| cases.get(no).filter(|case| !case.state.is_open()).and_then(|c| c.decided_at);
                nos.sort_by_key(|no| std::cmp::Reverse(at(no)));
            }
        }
        let untouched = Case::default();
        let mut left = limit.unwrap_or(u64::MAX);
        for chunk in nos.chunks(CHUNK) {
            for record in snapshot.records(chunk)? {
                if left == 0 {
                    return Ok(());
                }
                let no = record.no;
                let case = cases.get(&no).unwrap_or(&untouched);
                if !passes(&filter, &record, case) {
                    continue;
                }
                left -= 1;
                let view = self.record_view(&snapshot, who, record, case.clone())?;
                if !out(view) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// How many records pass a filter, of item 1 or of every row.
    fn count(&self, filter: &str, all: bool) -> Result<u64, DeskError> {
        let parsed = self.filter(filter)?;
        if !all {
            let snapshot = self.snapshot()?;
            return Ok(if parsed.is_empty() { snapshot.queue()?.len() } else { self.matching(filter)?.len() } as u64);
        }
        let snapshot = self.snapshot()?;
        let cases: HashMap<RecordNo, Case> = snapshot.cases()?.into_iter().collect();
        let untouched = Case::default();
        let numbers = snapshot.meta()?.record_numbers;
        let nos: Vec<RecordNo> = snapshot.facts(0..numbers)?.into_iter().map(|(no, _)| no).collect();
        if parsed.is_empty() {
            return Ok(nos.len() as u64);
        }
        let mut count = 0;
        for chunk in nos.chunks(CHUNK) {
            for record in snapshot.records(chunk)? {
                let case = cases.get(&record.no).unwrap_or(&untouched);
                count += u64::from(passes(&parsed, &record, case));
            }
        }
        Ok(count)
    }

    fn log(&self, who: &Caller, id: Option<&str>, out: &mut dyn FnMut(AnyView) -> bool) -> Result<(), DeskError> {
        let record = id.map(|id| self.find(id)).transpose()?;
        let newest = self.snapshot()?.meta()?.audit_seq;
        let mut from = 1;
        loop {
            // Whoever reads may take their time: no view stays open while a page goes out.
            let snapshot = self.snapshot()?;
            let mut events = snapshot.events_from(from, record, CHUNK)?;
            events.retain(|event| event.id.n <= newest);
            let Some(last) = events.last().map(|event| event.id.n) else { return Ok(()) };
            let steps = self.steps(&snapshot, who, events)?;
            drop(snapshot);
            for step in steps {
                if !out(AnyView::Step(Box::new(step))) {
                    return Ok(());
                }
            }
            from = last + 1;
        }
    }

    /// The records of item 1 that pass a filter expression, in queue order.
    pub fn matching(&self, filter: &str) -> Result<Vec<RecordNo>, DeskError> {
        let filter = self.filter(filter)?;
        let snapshot = self.snapshot()?;
        let cases: HashMap<RecordNo, Case> = snapshot.cases()?.into_iter().collect();
        let untouched = Case::default();
        let case = |no: RecordNo| cases.get(&no).unwrap_or(&untouched);
        // Reading and comparing rows costs by far the most: only those are read that the columns leave open.
        let queue = snapshot.queue()?;
        let current = snapshot.meta()?.imports.iter().all(|import| import.edition == crate::compare::EDITION);
        let judge = |entry: &QueueEntry| filter.judge(&entry.facts, current.then_some(entry.pattern), case(entry.no));
        let judged: Vec<_> = queue.iter().map(|entry| (entry.no, judge(entry))).collect();
        let open: Vec<RecordNo> = judged.iter().filter(|(_, judged)| judged.is_none()).map(|(no, _)| *no).collect();
        let mut passing = HashSet::new();
        for chunk in open.chunks(CHUNK) {
            for record in snapshot.records(chunk)? {
                if passes(&filter, &record, case(record.no)) {
                    passing.insert(record.no);
                }
            }
        }
        let passes = |(no, judged): &(RecordNo, Option<bool>)| judged.unwrap_or_else(|| passing.contains(no));
        Ok(judged.into_iter().filter(passes).map(|(no, _)| no).collect())
    }
}

fn passes(filter: &Filter, record: &Record, case: &Case) -> bool {
    filter.is_empty() || filter.matches(&FilterSubject { record, case, id: record.row.id() })
}
