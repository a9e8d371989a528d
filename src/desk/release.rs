//! 解除 batches: what can be released, making a batch, withdrawing from one.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::batch::{Batch, BatchRow, CameBack, Withdrawal, is_changed, is_eligible};
use crate::domain::calendar::japan_time;
use crate::domain::case::{self, Case};
use crate::domain::category::Finding;
use crate::domain::danger::Danger;
use crate::domain::event::Change;
use crate::domain::queue::QueueEntry;
use crate::domain::record::{Cells, Facts, Record, RecordNo};
use crate::domain::request::Caller;
use crate::service::BatchExpect;
use crate::store::Snapshot;
use crate::view::{BatchView, Contradiction, LeftOut, NextRelease, Outputs, ReportView};

use super::service::Request;
use super::{Desk, DeskError};

/// How many records are looked at together where all of them are, so that memory stays flat.
const SCAN: usize = 16_384;

/// Maximum number of doubtful rows that are named.
const NAMED: usize = 1_000;

/// Maximum number of changed records that are named.
const CHANGED: usize = 20;

/// What decides whether a record goes on the next list.
struct Standing {
    cases: HashMap<RecordNo, Case>,
    /// The newest withdrawal of each record.
    withdrawn: HashMap<RecordNo, Withdrawal>,
}

impl Standing {
    fn of(snapshot: &Snapshot<'_>) -> Result<Self, DeskError> {
        let withdrawn = snapshot.withdrawals()?.into_iter().map(|one| (one.record, one)).collect();
        Ok(Self { cases: snapshot.cases()?.into_iter().collect(), withdrawn })
    }

    /// The case of a record that goes on the next list; else why it does not.
    fn listed(&self, no: RecordNo, facts: &Facts) -> Result<&Case, LeftOut> {
        let case = self.cases.get(&no);
        match case.filter(|case| is_eligible(facts, case)) {
            Some(case) if self.withdrawn.get(&no).is_some_and(|one| one.covers(case)) => Err(LeftOut::Withdrawn),
            Some(case) => Ok(case),
            None => Err(reason(case)),
        }
    }

    /// What was withdrawn and is back, among the records of item 1.
    fn came_back(&self, queue: &[QueueEntry]) -> CameBack {
        let is_listed = |no: &RecordNo| self.cases.get(no).is_some_and(|case| case.in_batch.is_some());
        let is_back = |entry: &&QueueEntry| self.withdrawn.contains_key(&entry.no) && !is_listed(&entry.no);
        let mut back: Vec<&QueueEntry> = queue.iter().filter(is_back).collect();
        back.sort_unstable_by_key(|entry| entry.no);
        let mut found = CameBack::default();
        for entry in back {
            let Some(id) = self.withdrawn.get(&entry.no).map(|withdrawal| withdrawal.id.clone()) else { continue };
            let is_open = self.cases.get(&entry.no).is_none_or(|case| case.state.is_open());
            match self.listed(entry.no, &entry.facts) {
                Ok(_) => found.listed.push(id),
                Err(why) if is_open || why == LeftOut::Withdrawn => found.waiting.push(id),
                // Decided otherwise since: nothing to be released.
                Err(_) => {}
            }
        }
        found
    }
}

/// Why a record of item 1 does not go on the next list.
fn reason(case: Option<&Case>) -> LeftOut {
    if case.is_some_and(is_changed) {
        return LeftOut::Changed;
    }
    let Some(category) = case.and_then(|case| case.state.category()) else { return LeftOut::Open };
    match category.finding() {
        _ if case.is_some_and(|case| case.in_batch.is_some()) => LeftOut::Reported,
        Finding::Right => LeftOut::NotSuspended,
        Finding::Wrong => LeftOut::Wrong,
        Finding::Waiting => LeftOut::Waiting,
        Finding::NoReply => LeftOut::NoReply,
        Finding::OutOfScope => LeftOut::OutOfScope,
    }
}

/// The reported records that changed since: how many, and the first ones with their batch.
fn changed(snapshot: &Snapshot<'_>, cases: &HashMap<RecordNo, Case>) -> Result<(u64, Vec<(String, u32)>), DeskError> {
    let changed = cases.iter().filter(|(_, case)| is_changed(case));
    let mut changed: Vec<(u32, RecordNo)> = changed.filter_map(|(&no, case)| Some((case.in_batch?, no))).collect();
    changed.sort_unstable();
    let count = changed.len() as u64;
    changed.truncate(CHANGED);
    let nos: Vec<RecordNo> = changed.iter().map(|&(_, no)| no).collect();
    let ids = snapshot.records(&nos)?.into_iter().map(|record| record.row.id());
    Ok((count, ids.zip(changed).map(|(id, (batch, _))| (id, batch)).collect()))
}

impl Desk {
    /// Counts what the next 解除 list would hold.
    pub fn outlook(&self) -> Result<NextRelease, DeskError> {
        let snapshot = self.snapshot()?;
        let standing = Standing::of(&snapshot)?;
        let queue = snapshot.queue()?;
        let number = snapshot.batches()?.last().map_or(0, |last| last.number) + 1;
        let mut out = NextRelease {
            number,
            cutoff: self.settings.calendar.next(japan_time(self.now())),
            rows: 0,
            by_class: BTreeMap::new(),
            by_category: BTreeMap::new(),
            left_out: Vec::new(),
            doubtful: (0, Vec::new()),
            changed: changed(&snapshot, &standing.cases)?,
            protected: 0,
            came_back: standing.came_back(&queue),
        };
        let mut doubtful: Vec<RecordNo> = Vec::new();
        let mut left_out: HashMap<LeftOut, u64> = HashMap::new();
        for entry in queue {
            match standing.listed(entry.no, &entry.facts) {
                Ok(case) => {
                    out.rows += 1;
                    out.protected += u64::from(case.is_protected(&entry.facts));
                    // Whatever the evidence: a document may be another person's too.
                    if entry.facts.dangers.names_another() {
                        doubtful.push(entry.no);
                    }
                    *out.by_class.entry(entry.facts.class).or_default() += 1;
                    if let Some(category) = case.state.category() {
                        *out.by_category.entry(category).or_default() += 1;
                    }
                }
                Err(why) => *left_out.entry(why).or_default() += 1,
            }
        }
        out.doubtful.0 = doubtful.len() as u64;
        doubtful.truncate(NAMED);
        let named = |record: &Record| {
            let flags = Danger::of_another().filter(|danger| record.facts.dangers.contains(*danger));
            format!("{}({})", record.row.id(), flags.map(Danger::code).collect::<Vec<_>>().join("・"))
        };
        out.doubtful.1 = snapshot.records(&doubtful)?.iter().map(named).collect();
        out.left_out = LeftOut::ALL.into_iter().filter_map(|why| Some((why, *left_out.get(&why)?))).collect();
        Ok(out)
    }

    /// The batch that would be made now; the error names that nothing is eligible.
    pub fn preview_batch(&self, who: &Caller) -> Result<(Batch, BatchExpect), DeskError> {
        let snapshot = self.snapshot()?;
        self.batch_of(&snapshot, who)
    }

    /// Makes the next batch from all eligible records, if it is what the caller expects; durable when it returns.
    pub(super) fn make_batch(&self, who: &Request<'_>, expect: BatchExpect) -> Result<Batch, DeskError> {
        let snapshot = self.snapshot()?;
        let (batch, now) = self.batch_of(&snapshot, who)?;
        drop(snapshot);
        if now != expect {
            return Err(DeskError::BatchMoved { now });
        }
        self.apply(who, &[Change::Batch(Box::new(batch.clone()))])?;
        Ok(batch)
    }

    fn batch_of(&self, snapshot: &Snapshot<'_>, who: &Caller) -> Result<(Batch, BatchExpect), DeskError> {
        let standing = Standing::of(snapshot)?;
        let queue = snapshot.queue()?;
        let number = snapshot.batches()?.last().map_or(0, |last| last.number) + 1;
        let mut expect = BatchExpect { number, ..BatchExpect::default() };
        let mut nos: Vec<RecordNo> = Vec::new();
        for entry in &queue {
            let Ok(case) = standing.listed(entry.no, &entry.facts) else { continue };
            expect.rows += 1;
            expect.doubtful += u64::from(entry.facts.dangers.names_another());
            expect.protected += u64::from(case.is_protected(&entry.facts));
            nos.push(entry.no);
        }
        if nos.is_empty() {
            return Err(DeskError::NothingToRelease);
        }
        nos.sort_unstable();
        let records = snapshot.records(&nos)?;
        let rows = records.iter().filter_map(|record| BatchRow::of(record, standing.cases.get(&record.no)?)).collect();
        let now = self.now();
        let cutoff = self.settings.calendar.next(japan_time(now));
        let operator = who.operator.clone();
        let batch = Batch { number, round: cutoff.round, cutoff: cutoff.at, made_at: now, operator, rows };
        Ok((batch, expect))
    }

    /// An earlier batch with the records withdrawn from it.
    pub fn batch(&self, number: u32) -> Result<BatchView, DeskError> {
        let snapshot = self.snapshot()?;
        let batch = snapshot.batches()?.into_iter().find(|batch| batch.number == number);
        Ok(BatchView::of(batch.ok_or(DeskError::NoBatch(number))?, &snapshot.withdrawals()?))
    }

    /// Every batch with the records withdrawn from it, oldest first.
    pub fn batches(&self) -> Result<Vec<BatchView>, DeskError> {
        let snapshot = self.snapshot()?;
        let withdrawals = snapshot.withdrawals()?;
        Ok(snapshot.batches()?.into_iter().map(|batch| BatchView::of(batch, &withdrawals)).collect())
    }

    /// What 出力 shows: the next list, the lists and reports that were made, the counts now.
    pub fn outputs(&self) -> Result<Outputs, DeskError> {
        let next = self.outlook()?;
        let protected = self.protected_records()?;
        let summary = |view: BatchView| {
            let count = view.batch.rows.iter().filter(|row| protected.contains(&row.record)).count();
            view.summary(count as u64)
        };
        let sent = self.batches()?.into_iter().rev().map(summary).collect();
        let snapshot = self.snapshot()?;
        let quarantined = snapshot.held_open()?;
        let frozen = snapshot.reports()?.into_iter().rev().map(|frozen| ReportView::frozen(frozen, quarantined));
        let frozen = frozen.collect();
        drop(snapshot);
        Ok(Outputs { next, sent, now: self.report()?, frozen, quarantined, folder: String::new() })
    }

    /// What was withdrawn before and is back.
    pub fn came_back(&self) -> Result<CameBack, DeskError> {
        let snapshot = self.snapshot()?;
        Ok(Standing::of(&snapshot)?.came_back(&snapshot.queue()?))
    }

    /// The records under 支援措置, whatever their scope: they are counted before an export.
    pub fn protected_records(&self) -> Result<HashSet<RecordNo>, DeskError> {
        let snapshot = self.snapshot()?;
        let mut found = HashSet::new();
        let numbers = snapshot.meta()?.record_numbers;
        for start in (0..numbers).step_by(SCAN) {
            let facts = snapshot.facts(start..start.saturating_add(SCAN as u32))?;
            found.extend(facts.into_iter().filter(|(_, facts)| facts.protected).map(|(no, _)| no));
        }
        for (no, case) in snapshot.cases()? {
            match case.protected {
                Some(true) => found.insert(no),
                Some(false) => found.remove(&no),
                None => false,
            };
        }
        Ok(found)
    }

    /// Takes a record out of a sent batch and back to 確認中: it takes a new decision before it is listed again.
    pub(super) fn withdraw(
        &self,
        who: &Request<'_>,
        number: u32,
        id: &str,
        reason: &str,
    ) -> Result<(Withdrawal, Case), DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::NeedsReason);
        }
        self.batch(number)?;
        let record = self.find(id)?;
        let snapshot = self.snapshot()?;
        let before = snapshot.case(record)?;
        drop(snapshot);
        if before.in_batch != Some(number) {
            return Err(DeskError::NotInBatch { id: id.to_owned(), batch: number });
        }
        let actor = self.actor(who);
        let withdrawal = Withdrawal {
            batch: number,
            record,
            id: id.to_owned(),
            reason: reason.trim().to_owned(),
            at: actor.at,
            operator: actor.caller.operator.clone(),
            reopened: true,
        };
        let after = case::withdraw(&before, &withdrawal.reason, &actor.caller.operator, actor.at);
        let change = Change::Withdraw {
            withdrawal: withdrawal.clone(),
            before: Box::new(before),
            after: Box::new(after.clone()),
        };
        self.apply_as(&actor, &[change])?;
        Ok((withdrawal, after))
    }

    /// Records with one 個人番号 of which one is decided 誤りなし and another 誤り (G9), to be shown before an export.
    pub fn contradictions(&self) -> Result<Vec<Contradiction>, DeskError> {
        let snapshot = self.snapshot()?;
        let decided: HashMap<RecordNo, Finding> = snapshot
            .cases()?
            .into_iter()
            .filter_map(|(no, case)| Some((no, case.state.category()?.finding())))
            .filter(|(_, finding)| matches!(finding, Finding::Right | Finding::Wrong))
            .collect();
        let mut nos: Vec<RecordNo> = decided.keys().copied().collect();
        nos.sort_unstable();
        let mut by_number: HashMap<u64, (Vec<String>, Vec<String>)> = HashMap::new();
        for chunk in nos.chunks(1024) {
            for record in snapshot.records(chunk)? {
                let Some(key) = record.row.my_number().and_then(|number| number.join_key()) else { continue };
                let (right, wrong) = by_number.entry(key).or_default();
                match decided.get(&record.no) {
                    Some(Finding::Right) => right.push(record.row.id()),
                    _ => wrong.push(record.row.id()),
                }
            }
        }
        let mut found: Vec<Contradiction> = by_number
            .into_values()
            .flat_map(|(right, wrong)| {
                right.into_iter().flat_map(move |r| {
                    wrong.clone().into_iter().map(move |w| Contradiction { right: r.clone(), wrong: w })
                })
            })
            .collect();
        found.sort_by(|a, b| (&a.right, &a.wrong).cmp(&(&b.right, &b.wrong)));
        Ok(found)
    }
}
