//! 解除 batches: what can be released, making a batch, withdrawing from one.

use std::collections::{BTreeMap, HashMap};

use crate::domain::batch::{Batch, BatchRow, Withdrawal, is_changed, is_eligible};
use crate::domain::calendar::{Cutoff, japan_time};
use crate::domain::case::Case;
use crate::domain::category::{Category, Finding};
use crate::domain::danger::Danger;
use crate::domain::event::Change;
use crate::domain::record::{Cells, Record, RecordNo};
use crate::domain::suspension::Class;
use crate::store::Snapshot;

use super::{Desk, DeskError};

/// Two records with one 個人番号, one decided 誤りなし and one 誤り (G9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// 整理番号 of the record decided 誤りなし.
    pub right: String,
    /// 整理番号 of the record decided 誤り.
    pub wrong: String,
}

/// What the next 解除 list would hold, counted without reading a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
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
    pub left_out: Vec<(&'static str, u64)>,
    /// Rows held back at import.
    pub quarantined: u64,
    /// How many of the rows were called right although a flag names another person, and the first of them with their flags:
    /// `0003001(F4)`.
    pub doubtful: (u64, Vec<String>),
    /// Reported records that a newer file changed and nobody has dealt with: how many, and the first ones with their batch,
    /// in the order of the batches.
    pub changed: (u64, Vec<(String, u32)>),
}

/// Maximum number of doubtful rows that are named.
const NAMED: usize = 1_000;

/// Maximum number of changed records that are named.
const CHANGED: usize = 20;

/// Why a record of item 1 does not go on the next list.
fn reason(case: Option<&Case>, held: Option<u32>) -> &'static str {
    if case.is_some_and(|case| is_changed(case, held)) {
        return "報告後に変更";
    }
    let Some(category) = case.and_then(|case| case.state.category()) else { return "未了(区分なし)" };
    match category.finding() {
        _ if held.is_some() => "報告済",
        Finding::Right => "停止なし",
        Finding::Wrong => "番号の誤り",
        Finding::Waiting => "返信待ち",
        Finding::NoReply => "返事なし",
        Finding::OutOfScope => "資格喪失",
    }
}

/// The reasons of [`reason`] in their order.
const REASONS: [&str; 8] =
    ["未了(区分なし)", "報告後に変更", "返信待ち", "返事なし", "番号の誤り", "資格喪失", "停止なし", "報告済"];

/// The reported records that changed since: how many, and the first ones with their batch.
fn changed(
    snapshot: &dyn Snapshot,
    cases: &HashMap<RecordNo, Case>,
    in_batch: &HashMap<RecordNo, u32>,
) -> Result<(u64, Vec<(String, u32)>), DeskError> {
    let is_changed = |no: &RecordNo, batch: u32| cases.get(no).is_some_and(|case| is_changed(case, Some(batch)));
    let changed = in_batch.iter().filter(|&(no, &batch)| is_changed(no, batch));
    let mut changed: Vec<(u32, RecordNo)> = changed.map(|(&no, &batch)| (batch, no)).collect();
    changed.sort_unstable();
    let count = changed.len() as u64;
    changed.truncate(CHANGED);
    let nos: Vec<RecordNo> = changed.iter().map(|&(_, no)| no).collect();
    let ids = snapshot.records(&nos)?.into_iter().map(|record| record.row.id());
    Ok((count, ids.zip(changed).map(|(id, (batch, _))| (id, batch)).collect()))
}

impl Desk {
    /// Counts what the next 解除 list would hold.
    pub fn outlook(&self) -> Result<Outlook, DeskError> {
        let snapshot = self.snapshot()?;
        let cases: HashMap<RecordNo, _> = snapshot.cases()?.into_iter().collect();
        let in_batch = snapshot.in_batch()?;
        let number = snapshot.batches()?.last().map_or(0, |last| last.number) + 1;
        let mut out = Outlook {
            number,
            cutoff: self.settings.calendar.next(japan_time(self.now())),
            rows: 0,
            by_class: BTreeMap::new(),
            by_category: BTreeMap::new(),
            left_out: Vec::new(),
            quarantined: snapshot.held_open()?,
            doubtful: (0, Vec::new()),
            changed: changed(&*snapshot, &cases, &in_batch)?,
        };
        let mut doubtful: Vec<RecordNo> = Vec::new();
        let mut left_out: HashMap<&str, u64> = HashMap::new();
        for entry in snapshot.queue()? {
            let (case, held) = (cases.get(&entry.no), in_batch.get(&entry.no).copied());
            match case.filter(|case| is_eligible(&entry.facts, case, held)) {
                Some(case) => {
                    out.rows += 1;
                    // Whatever the evidence: a document may be another person's too.
                    if entry.facts.dangers.names_another() {
                        doubtful.push(entry.no);
                    }
                    *out.by_class.entry(entry.facts.class).or_default() += 1;
                    if let Some(category) = case.state.category() {
                        *out.by_category.entry(category).or_default() += 1;
                    }
                }
                None => *left_out.entry(reason(case, held)).or_default() += 1,
            }
        }
        out.doubtful.0 = doubtful.len() as u64;
        doubtful.truncate(NAMED);
        let named = |record: &Record| {
            let flags = Danger::OF_ANOTHER.into_iter().filter(|danger| record.facts.dangers.contains(*danger));
            format!("{}({})", record.row.id(), flags.map(Danger::code).collect::<Vec<_>>().join("・"))
        };
        out.doubtful.1 = snapshot.records(&doubtful)?.iter().map(named).collect();
        out.left_out = REASONS.into_iter().filter_map(|why| Some((why, *left_out.get(why)?))).collect();
        Ok(out)
    }

    /// The batch that would be made now; the error names that nothing is eligible.
    pub fn preview_batch(&self) -> Result<Batch, DeskError> {
        let snapshot = self.snapshot()?;
        self.batch_of(&*snapshot)
    }

    /// Makes the next batch from all eligible records; durable when it returns.
    pub fn make_batch(&self) -> Result<Batch, DeskError> {
        let snapshot = self.snapshot()?;
        let batch = self.batch_of(&*snapshot)?;
        drop(snapshot);
        self.store.apply(&[Change::Batch(Box::new(batch.clone()))], &self.actor())?;
        Ok(batch)
    }

    fn batch_of(&self, snapshot: &dyn Snapshot) -> Result<Batch, DeskError> {
        let cases: HashMap<RecordNo, _> = snapshot.cases()?.into_iter().collect();
        let in_batch = snapshot.in_batch()?;
        let mut nos: Vec<RecordNo> = snapshot
            .queue()?
            .iter()
            .filter(|entry| {
                let held = in_batch.get(&entry.no).copied();
                cases.get(&entry.no).is_some_and(|case| is_eligible(&entry.facts, case, held))
            })
            .map(|entry| entry.no)
            .collect();
        if nos.is_empty() {
            return Err(DeskError::NothingToRelease);
        }
        nos.sort_unstable();
        let rows =
            snapshot.records(&nos)?.iter().filter_map(|record| BatchRow::of(record, cases.get(&record.no)?)).collect();
        let now = self.now();
        let cutoff = self.settings.calendar.next(japan_time(now));
        let number = snapshot.batches()?.last().map_or(0, |last| last.number) + 1;
        let operator = self.operator.clone();
        Ok(Batch { number, round: cutoff.round, cutoff: cutoff.at, made_at: now, operator, rows })
    }

    /// An earlier batch with the records withdrawn from it.
    pub fn batch(&self, number: u32) -> Result<(Batch, Vec<Withdrawal>), DeskError> {
        let snapshot = self.snapshot()?;
        let batch = snapshot.batches()?.into_iter().find(|batch| batch.number == number);
        let withdrawn = snapshot.withdrawals()?.into_iter().filter(|w| w.batch == number).collect();
        Ok((batch.ok_or(DeskError::NoBatch(number))?, withdrawn))
    }

    /// Takes a record out of a sent batch, so that it can be decided again.
    pub fn withdraw(&self, number: u32, id: &str, reason: &str) -> Result<Withdrawal, DeskError> {
        if reason.trim().is_empty() {
            return Err(DeskError::NeedsReason);
        }
        self.batch(number)?;
        let record = self.find(id)?;
        if self.snapshot()?.batch_of(record)? != Some(number) {
            return Err(DeskError::NotInBatch { id: id.to_owned(), batch: number });
        }
        let actor = self.actor();
        let withdrawal = Withdrawal {
            batch: number,
            record,
            id: id.to_owned(),
            reason: reason.trim().to_owned(),
            at: actor.at,
            operator: actor.operator.clone(),
        };
        self.store.apply(&[Change::Withdraw(withdrawal.clone())], &actor)?;
        Ok(withdrawal)
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
