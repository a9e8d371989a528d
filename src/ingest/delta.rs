//! What a row means against what the store holds: new, unchanged, updated, a repeat or a contradiction (DOMAIN §7).

use std::collections::{BTreeMap, HashMap};

use super::danger::{DangerKeys, DangerPass};
use super::validate::Warnings;
use crate::domain::case::{Case, State, StateKind};
use crate::domain::event::Actor;
use crate::domain::record::RecordNo;
use crate::domain::suspension::Class;
use crate::store::{ImportWriter, NewRow, QuarantineRow, Run, StoreError};

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
    pub(crate) vanished: u64,
    pub(crate) reopened: u64,
    pub(crate) in_item1: u64,
    pub(crate) by_class: [u64; Class::ALL.len()],
    pub(crate) held: BTreeMap<String, (u64, Vec<u32>, String)>,
    pub(crate) warnings: Warnings,
}

/// What must be known of the store before an import begins.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// How many record numbers were given out.
    pub(crate) records: u32,
    /// Records that stand in a 解除 batch.
    pub(crate) in_batch: HashMap<RecordNo, u32>,
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
        raw: impl FnOnce() -> Vec<String>,
    ) -> Result<(), StoreError> {
        let no = match self.writer.lookup(row.key)? {
            None => {
                self.counts.imported += 1;
                self.writer.append(row)?
            }
            Some(known) if known.seen && known.prints.whole == row.prints.whole => {
                self.counts.repeats += 1;
                return Ok(());
            }
            Some(known) if known.seen => {
                let reason = "同じ整理番号(または記号・番号など)の、内容の違う行が前にあります。どちらが正しいか確認してください";
                return self.held(line, "duplicate-key", reason.to_owned(), raw(), None);
            }
            Some(known) if known.prints == row.prints => {
                self.counts.unchanged += 1;
                self.writer.meet(known.no)?;
                known.no
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
        self.counts.by_class[usize::from(row.facts.class.code())] += 1;
        self.counts.in_item1 += u64::from(row.facts.in_item1());
        self.danger.note(no, keys);
        Ok(())
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

    /// Holds a row back.
    pub(crate) fn held(
        &mut self,
        line: u32,
        code: &str,
        reason: String,
        raw: Vec<String>,
        key: Option<String>,
    ) -> Result<(), StoreError> {
        self.counts.quarantined += 1;
        let entry = self.counts.held.entry(code.to_owned()).or_default();
        entry.0 += 1;
        if entry.1.len() < 5 {
            entry.1.push(line);
        }
        if entry.2.is_empty() {
            entry.2.clone_from(&reason);
        }
        self.held_keys.extend(key.filter(|_| self.may_vanish));
        self.writer.quarantine(QuarantineRow {
            import: self.writer.number(),
            file: self.file.clone(),
            line,
            code: code.to_owned(),
            reason,
            raw,
        })
    }

    /// Ends the file: marks what has vanished and raises danger flags; gives the writer back for the commit.
    pub(crate) fn finish(mut self) -> Result<(Box<dyn ImportWriter + 'w>, Counts), StoreError> {
        if self.may_vanish {
            for key in std::mem::take(&mut self.held_keys) {
                if let Some(known) = self.writer.lookup(&key)?
                    && !known.seen
                {
                    self.writer.meet(known.no)?;
                }
            }
            self.counts.vanished = self.writer.vanish_unmet()?.len() as u64;
        }
        self.danger.finish(&mut *self.writer)?;
        Ok((self.writer, self.counts))
    }
}
