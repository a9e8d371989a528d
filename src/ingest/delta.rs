//! What a row means against what the store holds: new, unchanged, updated, a repeat or a contradiction (DOMAIN §7).

use std::collections::{BTreeMap, HashMap};

use super::danger::{DangerKeys, DangerPass};
use super::held::{Accepted, DUPLICATE, HeldIndex};
use super::validate::{Held, Warnings};
use crate::domain::case::{Case, State, StateKind};
use crate::domain::event::Actor;
use crate::domain::pattern::Pattern;
use crate::domain::record::{Column, Facts, RecordNo};
use crate::domain::suspension::Class;
use crate::domain::twins::Twins;
use crate::store::{ImportWriter, NewRow, Prints, QuarantineRow, Run, StoreError};

/// The reason that an updated case carries.
pub(crate) const UPDATED: &str = "データ更新";

/// What happened to the rows of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) imported: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) quarantined: u64,
    pub(crate) repeats: u64,
    /// The records no longer in the file, in order.
    pub(crate) gone: Vec<RecordNo>,
    pub(crate) reopened: u64,
    pub(crate) in_item1: u64,
    pub(crate) by_class: [u64; Class::ALL.len()],
    pub(crate) held: BTreeMap<&'static str, HeldCount>,
    /// Rows held back that were held back before, as they were.
    pub(crate) held_again: u64,
    /// Rows that earlier imports held back and this one accepted.
    pub(crate) corrected: u64,
    /// Rows that earlier imports held back and this one holds back with other content.
    pub(crate) replaced: u64,
    /// Records that had vanished and are in the file again.
    pub(crate) returned: u64,
    pub(crate) warnings: Warnings,
}

impl Counts {
    /// Whether the file says nothing that the store does not hold already.
    pub(crate) fn nothing_new(&self) -> bool {
        self.imported + self.updated + self.gone.len() as u64 + self.returned + self.corrected + self.replaced == 0
            && self.quarantined == self.held_again
    }
}

/// Rows held back for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct HeldCount {
    /// How many.
    pub count: u64,
    /// The first physical lines.
    pub lines: Vec<u32>,
    /// The canonical name of the column at fault in the first one.
    pub column: Option<&'static str>,
    /// The reason of the first one.
    pub reason: String,
}

/// Of how many records a full file would take away how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vanishing {
    /// Records before.
    pub records: u64,
    /// Of these, no longer in the file.
    pub gone: u64,
    /// Records of item 1 before.
    pub item1: u64,
    /// Of these, no longer in the file.
    pub item1_gone: u64,
}

impl Vanishing {
    /// Whether more than half of all records or of those in item 1 would go: hardly a newer file of the same insurer.
    pub fn is_doubtful(&self) -> bool {
        self.gone * 2 > self.records || self.item1_gone * 2 > self.item1
    }
}

/// Where a row that is held back comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Physical line.
    pub(crate) line: u32,
    /// Its record key, where it can be read.
    pub(crate) key: Option<String>,
    /// The number of the held-back row that it should correct.
    pub(crate) corrects: Option<u32>,
    /// It was not corrected at all.
    pub(crate) unchanged: bool,
    /// Its characters that would be written with other bytes.
    pub(crate) twins: Twins,
}

/// What must be known of the store before an import begins.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// How many record numbers were given out.
    pub(crate) records: u32,
    /// Records that stand in a 解除 batch.
    pub(crate) in_batch: HashMap<RecordNo, u32>,
    /// What earlier imports held back.
    pub(crate) held: HeldIndex,
}

/// Writes the rows of one file.
pub(crate) struct Delta<'w> {
    writer: Box<dyn ImportWriter + 'w>,
    /// Records that stand in a 解除 batch.
    in_batch: HashMap<RecordNo, u32>,
    file: String,
    actor: Actor,
    /// What happened so far.
    pub(crate) counts: Counts,
    /// Keys of rows held back: their records are in the file all the same and have not vanished.
    held_keys: Vec<String>,
    /// Whether they matter: records may vanish only in a full run over a store that holds some.
    may_vanish: bool,
    danger: DangerPass,
    run: Run,
    past: HeldIndex,
    deferred: Vec<Deferred>,
    at_end: bool,
}

/// A row that was held back as a contradiction of the one that counts, and now comes first: which one the file means shows
/// only at its end, so that the order of the rows does not matter.
struct Deferred {
    line: u32,
    key: String,
    packed: Vec<u8>,
    prints: Prints,
    facts: Facts,
    review: Option<(Pattern, String)>,
    keys: DangerKeys,
    raw: (Vec<String>, Twins),
}

impl<'w> Delta<'w> {
    /// Begins.
    pub(crate) fn new(writer: Box<dyn ImportWriter + 'w>, known: Known, run: Run, file: &str, actor: &Actor) -> Self {
        Self {
            writer,
            in_batch: known.in_batch,
            file: file.to_owned(),
            actor: actor.clone(),
            counts: Counts::default(),
            held_keys: Vec::new(),
            may_vanish: run == Run::Full && known.records > 0,
            danger: DangerPass::default(),
            run,
            past: known.held,
            deferred: Vec::new(),
            at_end: false,
        }
    }

    /// Tells the header names of the file.
    pub(crate) fn header(&mut self, names: &[String]) {
        self.writer.set_header(names);
    }

    /// Takes a row that was accepted; `raw` gives its cells as they stand in the file, should it be held back after all.
    pub(crate) fn row(
        &mut self,
        line: u32,
        row: NewRow<'_>,
        keys: &DangerKeys,
        corrects: Option<u32>,
        mut raw: impl FnMut() -> (Vec<String>, Twins),
    ) -> Result<(), StoreError> {
        let mut how = Accepted::Anew;
        let no = match self.writer.lookup(row.key)? {
            None => {
                self.counts.imported += 1;
                self.writer.append(row)?
            }
            Some(known) if known.seen && known.prints.whole == row.prints.whole => {
                self.counts.repeats += 1;
                if !self.past.is_empty() {
                    self.past.accept(known.no, Accepted::Unchanged, row.key, corrects, self.run);
                }
                return Ok(());
            }
            Some(known) if known.seen => {
                let reason = "同じ整理番号(または記号・番号など)の、内容の違う行が前にあります。どちらが正しいか確認してください";
                let key = Some(row.key.to_owned());
                let (raw, twins) = raw();
                let arrival = Arrival { line, key, corrects, unchanged: false, twins };
                return self.held(Held::of(Column::Id, DUPLICATE, reason), raw, arrival);
            }
            Some(known) if known.prints == row.prints => {
                how = Accepted::Unchanged;
                self.counts.unchanged += 1;
                self.counts.returned += u64::from(known.vanished);
                self.writer.meet(known.no)?;
                known.no
            }
            Some(_) if corrects.is_none() && !self.at_end && self.past.is_contradiction(row.key, || raw().0) => {
                self.deferred.push(Deferred {
                    line,
                    key: row.key.to_owned(),
                    packed: row.packed.to_vec(),
                    prints: row.prints,
                    facts: row.facts,
                    review: row.review.map(|(pattern, text)| (pattern, text.to_owned())),
                    keys: *keys,
                    raw: raw(),
                });
                return Ok(());
            }
            Some(known) => {
                self.counts.updated += 1;
                self.writer.revise(known.no, row)?;
                if known.prints.significant != row.prints.significant {
                    self.reopen(known.no, line)?;
                }
                known.no
            }
        };
        if !self.past.is_empty() {
            self.past.accept(no, how, row.key, corrects, self.run);
        }
        self.counts.by_class[usize::from(row.facts.class.code())] += 1;
        self.counts.in_item1 += u64::from(row.facts.in_item1());
        self.danger.note(no, keys);
        Ok(())
    }

    /// Takes a row of a record list in which nothing was touched: its record stays as it is, a vanished one too.
    pub(crate) fn untouched(
        &mut self,
        line: u32,
        row: NewRow<'_>,
        keys: &DangerKeys,
        raw: impl FnMut() -> (Vec<String>, Twins),
    ) -> Result<(), StoreError> {
        match self.writer.lookup(row.key)? {
            Some(known) if known.vanished && !known.seen => {
                self.counts.unchanged += 1;
                Ok(())
            }
            // Its prints may have been made under other rules.
            Some(known) => self.row(line, NewRow { prints: known.prints, ..row }, keys, None, raw),
            None => self.row(line, row, keys, None, raw),
        }
    }

    /// Takes a case whose row has changed back to 確認中. A record in a sent 解除 batch keeps its decision until it is
    /// withdrawn (DOMAIN §4) and is warned about.
    fn reopen(&mut self, no: RecordNo, line: u32) -> Result<(), StoreError> {
        let case = self.writer.case(no)?;
        let kind = case.state.kind();
        if kind == StateKind::Untouched {
            return Ok(());
        }
        if self.in_batch.contains_key(&no) {
            self.counts.warnings.add("changed-in-batch", line);
            return Ok(());
        }
        let after = Case {
            state: State::Pending,
            evidence: Vec::new(),
            sent: None,
            due: None,
            replied: None,
            reason: UPDATED.to_owned(),
            operator: self.actor.operator.clone(),
            decided_at: Some(self.actor.at),
            version: case.version + 1,
            ..case.clone()
        };
        self.writer.change_case(no, &case, &after, UPDATED)?;
        if kind != StateKind::Pending {
            self.counts.reopened += 1;
        }
        Ok(())
    }

    /// Holds a row back, unless it is held back already.
    pub(crate) fn held(&mut self, held: Held, raw: Vec<String>, arrival: Arrival) -> Result<(), StoreError> {
        let Arrival { line, key, corrects, unchanged, twins } = arrival;
        self.counts.quarantined += 1;
        let entry = self.counts.held.entry(held.code).or_default();
        entry.count += 1;
        if entry.lines.len() < Warnings::LINES {
            entry.lines.push(line);
        }
        if entry.reason.is_empty() {
            entry.reason.clone_from(&held.reason);
            entry.column = held.column.map(Column::name);
        }
        if self.may_vanish {
            self.held_keys.extend(key.clone());
        }
        let again = match corrects.filter(|_| unchanged) {
            Some(number) => self.past.meet_number(number),
            None => !self.past.is_empty() && self.past.meet(held.code, &raw),
        };
        if again {
            self.counts.held_again += 1;
            return Ok(());
        }
        let number = self.writer.quarantine(QuarantineRow {
            file: self.file.clone(),
            line,
            code: held.code.to_owned(),
            reason: held.reason,
            column: held.column.map(|column| column.name().to_owned()),
            raw,
            key: key.clone(),
            twins,
            ..QuarantineRow::default()
        })?;
        self.past.replace(number, corrects, key.as_deref());
        Ok(())
    }

    /// Ends the file: marks what has vanished and raises danger flags; gives the writer back for the commit.
    pub(crate) fn finish(mut self) -> Result<(Box<dyn ImportWriter + 'w>, Counts), StoreError> {
        self.at_end = true;
        for row in std::mem::take(&mut self.deferred) {
            let review = row.review.as_ref().map(|(pattern, text)| (*pattern, text.as_str()));
            let (key, packed) = (row.key.as_str(), row.packed.as_slice());
            let new = NewRow { key, packed, prints: row.prints, facts: row.facts, review };
            self.row(row.line, new, &row.keys, None, || row.raw.clone())?;
        }
        if self.may_vanish {
            for key in std::mem::take(&mut self.held_keys) {
                if let Some(known) = self.writer.lookup(&key)?
                    && !known.seen
                {
                    self.writer.meet(known.no)?;
                }
            }
            self.counts.gone = self.writer.vanish_unmet()?;
        }
        (self.counts.corrected, self.counts.replaced) = self.past.finish(&mut *self.writer)?;
        self.danger.finish(&mut *self.writer)?;
        Ok((self.writer, self.counts))
    }
}
