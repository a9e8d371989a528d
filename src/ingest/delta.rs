//! Compares each row with the store and writes the difference: new, unchanged, updated, a repeat or a contradiction
//! (RULES §7).

use super::counts::Counts;
use super::danger::DangerPass;
use super::held::{Acceptance, DUPLICATE, HeldIndex};
use super::incoming::{AcceptedRow, DeferredRow, RejectedRow};
use super::others::{self, MAXIMUM_OTHERS, OTHER_PERSON};
use super::person::{self, MAXIMUM_RENUMBERED, Renumbered};
use super::row::Rejection;
use super::warnings::Warnings;
use crate::domain::case::{self, Case, StateKind};
use crate::domain::event::Actor;
use crate::domain::identity::{Change, Holder, Number, Person, Why};
use crate::domain::original_codes::OriginalCodes;
use crate::domain::record::{Column, Facts, RecordNo, RecordSet};
use crate::domain::run::Run;
use crate::store::{self, Import, NewRow, QuarantineRow, StoreError, codec};

/// Reason of a case whose row was updated.
pub(crate) const UPDATED: &str = "データ更新";

/// Reason of a change by which 支援措置 of the file stands.
const PROTECTED: &str = "支援措置の印(ファイル)";

/// Maximum number of records changed in a sent batch that a report names.
const MAXIMUM_CHANGED: usize = 1_000;

/// What an import needs to know of the store before it begins.
#[derive(Debug, Default)]
pub(crate) struct StoreState {
    /// Number of record numbers in use.
    pub(crate) records: u32,
    /// What earlier imports rejected.
    pub(crate) held: HeldIndex,
}

/// Writes the rows of one file.
pub(crate) struct Delta<'w> {
    writer: Import<'w>,
    file: String,
    actor: Actor,
    /// What happened so far.
    pub(crate) counts: Counts,
    /// Records of rows rejected: they are in the file all the same and have not vanished.
    rejected: RecordSet,
    /// Whether they matter: records may vanish only in a full run over a store that holds some.
    may_vanish: bool,
    danger: DangerPass,
    run: Run,
    /// Whether the facts of unchanged rows are computed anew.
    recompute: bool,
    past: HeldIndex,
    deferred: Vec<DeferredRow>,
    renumbered: Vec<Renumbered>,
    at_end: bool,
    /// By [`Column::ALL`]: where each column stands in the file.
    places: Vec<Option<usize>>,
    /// What to do about a row that perhaps speaks of another person.
    advice: &'static str,
}

impl<'w> Delta<'w> {
    /// An import without rows so far.
    pub(crate) fn new(writer: Import<'w>, known: StoreState, run: Run, file: &str, actor: &Actor) -> Self {
        let danger = DangerPass::new(writer.scratch().clone());
        Self {
            writer,
            file: file.to_owned(),
            actor: actor.clone(),
            counts: Counts::default(),
            rejected: RecordSet::default(),
            may_vanish: run == Run::Full && known.records > 0,
            danger,
            run,
            recompute: false,
            past: known.held,
            deferred: Vec::new(),
            renumbered: Vec::new(),
            at_end: false,
            places: Vec::new(),
            advice: others::ADVICE,
        }
    }

    /// Sets the header names of the file and the index of each column.
    pub(crate) fn header(&mut self, names: &[String], places: &[Option<usize>]) {
        self.writer.set_header(names);
        self.places = places.to_vec();
    }

    /// Computes the facts of unchanged rows anew.
    pub(crate) fn recompute_facts(&mut self) {
        self.recompute = true;
    }

    /// Marks the file as a record list: it is all or nothing, so its rows cannot be confirmed in quarantine.
    pub(crate) fn list(&mut self) {
        self.advice = others::ADVICE_OF_LIST;
    }

    /// Writes an accepted row; `raw` gives its cells as they stand in the file, should it be rejected after all.
    pub(crate) fn row(
        &mut self,
        arriving: AcceptedRow<'_>,
        mut raw: impl FnMut() -> (Vec<String>, OriginalCodes),
    ) -> Result<(), StoreError> {
        let AcceptedRow { line, row, corrects, .. } = arriving;
        let mut how = Acceptance::Anew;
        let no = match self.writer.lookup(row.key)? {
            None => {
                self.counts.imported += 1;
                self.writer.append(row)?
            }
            Some(known) if known.seen && known.fingerprints.whole == row.fingerprints.whole => {
                self.counts.repeats += 1;
                if !self.past.is_empty() {
                    self.past.accept(known.no, Acceptance::Unchanged, row.key, corrects, self.run);
                }
                return Ok(());
            }
            Some(known) if known.seen => {
                let reason = "同じ整理番号(または記号・番号など)の、内容の違う行が前にあります。どちらが正しいか確認してください";
                let key = Some(row.key.to_owned());
                let (raw, twins) = raw();
                let arrival = RejectedRow { line, key, corrects, unchanged: false, twins };
                return self.reject(Rejection::of(Column::Id, DUPLICATE, reason), raw, arrival).map(|_| ());
            }
            Some(known) if known.fingerprints == row.fingerprints => {
                how = Acceptance::Unchanged;
                self.counts.unchanged += 1;
                self.counts.returned += u64::from(known.vanished);
                self.writer.meet(known.no)?;
                // What had vanished when facts were computed anew still has those of older rules.
                if self.recompute || known.vanished && self.run == Run::Full {
                    self.reassess(known.no, row)?;
                }
                known.no
            }
            Some(_) if corrects.is_none() && !self.at_end && self.past.is_contradiction(row.key, || raw().0) => {
                self.deferred.push(DeferredRow::of(&arriving, raw()));
                return Ok(());
            }
            Some(known) => {
                let change = self.change(&known, row)?;
                match change.person(Holder::Nobody) {
                    Person::Another(why) if !arriving.same_person => return self.suspect(known, arriving, why, raw),
                    Person::Corrected if change.asks_for_holder() && !arriving.same_person => {
                        if self.renumbered.len() < MAXIMUM_RENUMBERED {
                            let row = DeferredRow::of(&arriving, raw());
                            self.renumbered.push(Renumbered { no: known.no, change, row });
                            return Ok(());
                        }
                        // Such a file is refused; what is counted stands in the report of a check.
                        self.counts.others.add_renumbered(row.key, self.renumbered.iter().map(Renumbered::key));
                    }
                    _ => {}
                }
                self.update(known, row, line, change)?;
                known.no
            }
        };
        self.accepted(no, how, &arriving)
    }

    /// Counts a row that was written.
    fn accepted(&mut self, no: RecordNo, how: Acceptance, arriving: &AcceptedRow<'_>) -> Result<(), StoreError> {
        let AcceptedRow { row, keys, corrects, .. } = *arriving;
        if !self.past.is_empty() {
            self.past.accept(no, how, row.key, corrects, self.run);
        }
        self.counts.by_class[usize::from(row.facts.class.code())] += 1;
        self.counts.in_item1 += u64::from(row.facts.in_item1());
        self.danger.note(no, keys, &mut self.writer)
    }

    /// Computes the facts of an unchanged row anew; danger flags follow at the end of the file. 支援措置 stays as it is.
    fn reassess(&mut self, no: RecordNo, row: NewRow<'_>) -> Result<(), StoreError> {
        let had = self.writer.facts(no)?;
        if self.run != Run::Full && !had.dangers.is_empty() {
            // The other record may stand in another file: only a full one shows that it is no longer there.
            let signs = self.writer.signs(no)?;
            signs.into_iter().filter(|sign| sign.other.is_some()).for_each(|sign| self.danger.keep(sign));
        }
        self.writer.reassess(no, Facts { protected: had.protected, ..row.facts }, row.review)
    }

    /// Compares the person of a changed row with that of its record.
    fn change(&mut self, known: &store::Known, row: NewRow<'_>) -> Result<Change, StoreError> {
        let before = self.writer.before(known.no)?;
        // Names, dates and what J-LIS says are significant: where these are as they were, only the number is left to look at.
        let count = match known.fingerprints.significant == row.fingerprints.significant {
            true => Column::MyNumber.index() + 1,
            false => Column::COUNT,
        };
        let corrupt = || StoreError::Corrupt("行を読み取れません".to_owned());
        let cells = |packed| codec::cells(packed, count).ok_or_else(corrupt);
        Ok(Change::between(&cells(before.as_slice())?, &cells(row.packed)?))
    }

    /// Gives a record its new row; its case goes back to 確認中 where the row says something else (RULES §7), a corrected
    /// 個人番号 included.
    fn update(&mut self, known: store::Known, row: NewRow<'_>, line: u32, change: Change) -> Result<(), StoreError> {
        self.counts.updated += 1;
        let had = self.writer.facts(known.no)?.protected;
        // A file without the column says nothing of 支援措置: what an earlier one said stands.
        let tells = self.places.get(Column::Protected.index()).is_some_and(Option::is_some);
        let protected = if tells { row.facts.protected } else { had };
        self.writer.revise(known.no, NewRow { facts: Facts { protected, ..row.facts }, ..row })?;
        if protected && !had {
            self.heed_file(known.no)?;
        }
        if known.fingerprints.significant != row.fingerprints.significant || change.number == Number::New {
            self.reopen(known.no, row.key, line)?;
        }
        Ok(())
    }

    /// Rejects a row that perhaps speaks of another person; its record stays as it is, and is in the file.
    fn suspect(
        &mut self,
        known: store::Known,
        arriving: AcceptedRow<'_>,
        why: Why,
        mut raw: impl FnMut() -> (Vec<String>, OriginalCodes),
    ) -> Result<(), StoreError> {
        let AcceptedRow { line, row, corrects, .. } = arriving;
        if self.counts.others.count >= MAXIMUM_OTHERS {
            // The file is refused; writing all of its rows down would only take time.
            self.counts.others.add(row.key);
            self.counts.quarantined += 1;
            self.counts.held.entry(OTHER_PERSON).or_default().count += 1;
            return self.writer.meet(known.no);
        }
        let (mut raw, twins) = raw();
        if let (Some(_), Some(cells)) = (corrects, codec::cells(row.packed, Column::COUNT)) {
            // What was masked or guarded when it was written out is kept as it was before.
            for (place, cell) in self.places.iter().zip(cells) {
                if let Some(raw) = place.and_then(|place| raw.get_mut(place)) {
                    cell.clone_into(raw);
                }
            }
        }
        let reason = format!("別人の疑い: {}。{}", why.words(), self.advice);
        let column = if why == Why::Number { Column::MyNumber } else { Column::Id };
        let arrival = RejectedRow { line, key: Some(row.key.to_owned()), corrects, unchanged: false, twins };
        if self.reject(Rejection::of(column, OTHER_PERSON, reason), raw, arrival)? {
            self.counts.others.add(row.key);
        }
        Ok(())
    }

    /// Applies 支援措置 that is new in the file (RULES §8): a letter must not go out because an older mark was cleared
    /// by hand.
    fn heed_file(&mut self, no: RecordNo) -> Result<(), StoreError> {
        let case = self.writer.case(no)?;
        if case.protected != Some(false) {
            return Ok(());
        }
        let after = Case { protected: None, version: case.version + 1, ..case.clone() };
        self.writer.change_case(no, &case, &after, PROTECTED)
    }

    /// Accepts a row of a record list that was not edited: its record stays as it is, a vanished one too.
    pub(crate) fn untouched(
        &mut self,
        arriving: AcceptedRow<'_>,
        raw: impl FnMut() -> (Vec<String>, OriginalCodes),
    ) -> Result<(), StoreError> {
        match self.writer.lookup(arriving.row.key)? {
            Some(known) if known.vanished && !known.seen => {
                self.counts.unchanged += 1;
                Ok(())
            }
            // Its fingerprints may have been made under other rules.
            Some(known) => self
                .row(AcceptedRow { row: NewRow { fingerprints: known.fingerprints, ..arriving.row }, ..arriving }, raw),
            None => self.row(arriving, raw),
        }
    }

    /// Moves a case whose row has changed back to 確認中, with an event. One that stands in a sent 解除 batch stays there until
    /// it is withdrawn or decided anew, and is named.
    fn reopen(&mut self, no: RecordNo, key: &str, line: u32) -> Result<(), StoreError> {
        let case = self.writer.case(no)?;
        let kind = case.state.kind();
        if kind == StateKind::Untouched {
            return Ok(());
        }
        if case.in_batch.is_some() {
            self.counts.warnings.add("changed-in-batch", line);
            if self.counts.changed_in_batch.len() < MAXIMUM_CHANGED {
                self.counts.changed_in_batch.push(key.to_owned());
            }
        }
        let after = case::changed_by_file(&case, UPDATED, &self.actor.caller.operator, self.actor.at);
        self.writer.change_case(no, &case, &after, UPDATED)?;
        if kind != StateKind::Pending {
            self.counts.reopened += 1;
        }
        Ok(())
    }

    /// Rejects a row, unless it is rejected already (then `false`).
    pub(crate) fn reject(
        &mut self,
        rejection: Rejection,
        raw: Vec<String>,
        arrival: RejectedRow,
    ) -> Result<bool, StoreError> {
        let RejectedRow { line, key, corrects, unchanged, twins } = arrival;
        self.counts.quarantined += 1;
        let entry = self.counts.held.entry(rejection.code).or_default();
        entry.count += 1;
        if entry.lines.len() < Warnings::LINES {
            entry.lines.push(line);
        }
        if entry.reason.is_empty() {
            entry.reason.clone_from(&rejection.reason);
            entry.column = rejection.column.map(Column::name);
        }
        if self.may_vanish
            && let Some(key) = &key
            && let Some(known) = self.writer.lookup(key)?
        {
            self.rejected.insert(known.no);
        }
        let again = match corrects.filter(|_| unchanged) {
            Some(number) => self.past.meet_number(number),
            None => !self.past.is_empty() && self.past.meet(rejection.code, &raw),
        };
        if again {
            self.counts.held_again += 1;
            return Ok(false);
        }
        let number = self.writer.quarantine(QuarantineRow {
            file: self.file.clone(),
            line,
            code: rejection.code.to_owned(),
            reason: rejection.reason,
            column: rejection.column.map(|column| column.name().to_owned()),
            raw,
            key: key.clone(),
            twins,
            ..QuarantineRow::default()
        })?;
        self.past.replace(number, corrects, key.as_deref());
        Ok(true)
    }

    /// Writes the rows in which only the 個人番号 changed, now that all numbers of the file are known.
    fn take_renumbered(&mut self) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.renumbered);
        if waiting.is_empty() {
            return Ok(());
        }
        let taken = match self.counts.others.renumbered {
            0 => person::are_taken(&waiting, &self.danger, &mut self.writer)?,
            // The file is refused for all of them.
            _ => vec![true; waiting.len()],
        };
        for (Renumbered { change, row, .. }, taken) in waiting.into_iter().zip(taken) {
            let holder = if taken { Holder::Another } else { Holder::Nobody };
            let raw = row.raw.clone();
            match change.person(holder) {
                // The record may have come again meanwhile, so the row goes the way of all others.
                Person::Same | Person::Corrected => self.row(row.accepted(true), || raw.clone())?,
                Person::Another(why) => match self.writer.lookup(&row.key)? {
                    Some(known) if !known.seen => self.suspect(known, row.accepted(false), why, || raw.clone())?,
                    _ => self.row(row.accepted(false), || raw.clone())?,
                },
            }
        }
        Ok(())
    }

    /// Ends the file: marks what has vanished and raises danger flags; gives the writer back for the commit.
    pub(crate) fn finish(mut self) -> Result<(Import<'w>, Counts), StoreError> {
        self.at_end = true;
        for row in std::mem::take(&mut self.deferred) {
            self.row(row.accepted(false), || row.raw.clone())?;
        }
        self.take_renumbered()?;
        if self.may_vanish {
            for no in self.rejected.iter() {
                if !self.writer.is_met(no) {
                    self.writer.meet(no)?;
                }
            }
            self.counts.gone = self.writer.vanish_unmet()?;
        }
        (self.counts.corrected, self.counts.replaced) = self.past.finish(&mut self.writer)?;
        self.danger.finish(&mut self.writer)?;
        self.counts.under_review = self.writer.in_item1()?;
        Ok((self.writer, self.counts))
    }
}
