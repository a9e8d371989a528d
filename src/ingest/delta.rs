//! What a row means against what the store holds: new, unchanged, updated, a repeat or a contradiction (RULES §7).

use std::collections::BTreeMap;

use super::danger::{DangerKeys, DangerPass};
use super::held::{Accepted, DUPLICATE, HeldIndex};
use super::person::{self, MOST_OTHERS, MOST_RENUMBERED, OTHER_PERSON, Others, Renumbered};
use super::validate::{Held, Warnings};
use crate::domain::case::{self, Case, StateKind};
use crate::domain::event::Actor;
use crate::domain::identity::{Change, Holder, Number, Person, Why};
use crate::domain::pattern::Pattern;
use crate::domain::record::{Column, Facts, RecordNo};
use crate::domain::run::Run;
use crate::domain::suspension::Class;
use crate::domain::twins::Twins;
use crate::store::{self, Fingerprints, Import, NewRow, QuarantineRow, StoreError, codec};

/// The reason that an updated case carries.
pub(crate) const UPDATED: &str = "データ更新";

/// The reason of a change that lets 支援措置 of the file stand.
const PROTECTED: &str = "支援措置の印(ファイル)";

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
    /// Rows that perhaps speak of another person than their record.
    pub(crate) others: Others,
    /// The 整理番号 of records in a sent batch that changed, the first ones.
    pub(crate) changed_in_batch: Vec<String>,
    /// Records in item 1 after the import.
    pub(crate) under_review: u64,
}

/// Maximum number of records changed in a sent batch that a report names.
const MOST_CHANGED: usize = 1_000;

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
    /// What earlier imports held back.
    pub(crate) held: HeldIndex,
}

/// Writes the rows of one file.
pub(crate) struct Delta<'w> {
    writer: Import<'w>,
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
    renumbered: Vec<Renumbered>,
    at_end: bool,
    /// By [`Column::ALL`]: where each column stands in the file.
    places: Vec<Option<usize>>,
    /// What to do about a row that perhaps speaks of another person.
    advice: &'static str,
}

/// A row that was held back as a contradiction of the one that counts, and now comes first: which one the file means shows
/// only at its end, so that the order of the rows does not matter.
pub(super) struct Deferred {
    line: u32,
    corrects: Option<u32>,
    pub(super) key: String,
    pub(super) packed: Vec<u8>,
    fingerprints: Fingerprints,
    facts: Facts,
    review: Option<(Pattern, String)>,
    pub(super) keys: DangerKeys,
    raw: (Vec<String>, Twins),
}

impl Deferred {
    fn of(arriving: &Arriving<'_>, raw: (Vec<String>, Twins)) -> Self {
        let Arriving { line, row, keys, corrects, .. } = *arriving;
        Self {
            line,
            corrects,
            key: row.key.to_owned(),
            packed: row.packed.to_vec(),
            fingerprints: row.fingerprints,
            facts: row.facts,
            review: row.review.map(|(pattern, text)| (pattern, text.to_owned())),
            keys: *keys,
            raw,
        }
    }

    fn arriving(&self, same_person: bool) -> Arriving<'_> {
        let review = self.review.as_ref().map(|(pattern, text)| (*pattern, text.as_str()));
        let row =
            NewRow { key: &self.key, packed: &self.packed, fingerprints: self.fingerprints, facts: self.facts, review };
        Arriving { line: self.line, row, keys: &self.keys, corrects: self.corrects, same_person }
    }
}

/// A row that was accepted by itself.
#[derive(Clone, Copy)]
pub(crate) struct Arriving<'a> {
    /// Physical line.
    pub(crate) line: u32,
    pub(crate) row: NewRow<'a>,
    pub(crate) keys: &'a DangerKeys,
    /// The number of the held-back row that it corrects.
    pub(crate) corrects: Option<u32>,
    /// It is known to speak of the person of its record.
    pub(crate) same_person: bool,
}

impl<'w> Delta<'w> {
    /// Begins.
    pub(crate) fn new(writer: Import<'w>, known: Known, run: Run, file: &str, actor: &Actor) -> Self {
        Self {
            writer,
            file: file.to_owned(),
            actor: actor.clone(),
            counts: Counts::default(),
            held_keys: Vec::new(),
            may_vanish: run == Run::Full && known.records > 0,
            danger: DangerPass::default(),
            run,
            past: known.held,
            deferred: Vec::new(),
            renumbered: Vec::new(),
            at_end: false,
            places: Vec::new(),
            advice: person::ADVICE,
        }
    }

    /// Tells the header names of the file and where the columns stand.
    pub(crate) fn header(&mut self, names: &[String], places: &[Option<usize>]) {
        self.writer.set_header(names);
        self.places = places.to_vec();
    }

    /// Tells that the file is a record list: it is all or nothing, so no row of it comes back from quarantine.
    pub(crate) fn list(&mut self) {
        self.advice = person::ADVICE_OF_LIST;
    }

    /// Takes a row that was accepted; `raw` gives its cells as they stand in the file, should it be held back after all.
    pub(crate) fn row(
        &mut self,
        arriving: Arriving<'_>,
        mut raw: impl FnMut() -> (Vec<String>, Twins),
    ) -> Result<(), StoreError> {
        let Arriving { line, row, corrects, .. } = arriving;
        let mut how = Accepted::Anew;
        let no = match self.writer.lookup(row.key)? {
            None => {
                self.counts.imported += 1;
                self.writer.append(row)?
            }
            Some(known) if known.seen && known.fingerprints.whole == row.fingerprints.whole => {
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
                return self.held(Held::of(Column::Id, DUPLICATE, reason), raw, arrival).map(|_| ());
            }
            Some(known) if known.fingerprints == row.fingerprints => {
                how = Accepted::Unchanged;
                self.counts.unchanged += 1;
                self.counts.returned += u64::from(known.vanished);
                self.writer.meet(known.no)?;
                known.no
            }
            Some(_) if corrects.is_none() && !self.at_end && self.past.is_contradiction(row.key, || raw().0) => {
                self.deferred.push(Deferred::of(&arriving, raw()));
                return Ok(());
            }
            Some(known) => {
                let change = self.change(&known, row)?;
                match change.person(Holder::Nobody) {
                    Person::Another(why) if !arriving.same_person => return self.suspect(known, arriving, why, raw),
                    Person::Corrected if change.asks_for_holder() && !arriving.same_person => {
                        if self.renumbered.len() < MOST_RENUMBERED {
                            let row = Deferred::of(&arriving, raw());
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
        self.accepted(no, how, &arriving);
        Ok(())
    }

    /// Notes a row that is in.
    fn accepted(&mut self, no: RecordNo, how: Accepted, arriving: &Arriving<'_>) {
        let Arriving { row, keys, corrects, .. } = *arriving;
        if !self.past.is_empty() {
            self.past.accept(no, how, row.key, corrects, self.run);
        }
        self.counts.by_class[usize::from(row.facts.class.code())] += 1;
        self.counts.in_item1 += u64::from(row.facts.in_item1());
        self.danger.note(no, keys);
    }

    /// What a changed row says of the person of its record.
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

    /// Holds a row back that perhaps speaks of another person; its record stays as it is, and is in the file.
    fn suspect(
        &mut self,
        known: store::Known,
        arriving: Arriving<'_>,
        why: Why,
        mut raw: impl FnMut() -> (Vec<String>, Twins),
    ) -> Result<(), StoreError> {
        let Arriving { line, row, corrects, .. } = arriving;
        if self.counts.others.count >= MOST_OTHERS {
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
        let arrival = Arrival { line, key: Some(row.key.to_owned()), corrects, unchanged: false, twins };
        if self.held(Held::of(column, OTHER_PERSON, reason), raw, arrival)? {
            self.counts.others.add(row.key);
        }
        Ok(())
    }

    /// Lets 支援措置 that the file says anew stand (RULES §8): a letter must not go out because an older mark was cleared
    /// by hand.
    fn heed_file(&mut self, no: RecordNo) -> Result<(), StoreError> {
        let case = self.writer.case(no)?;
        if case.protected != Some(false) {
            return Ok(());
        }
        let after = Case { protected: None, version: case.version + 1, ..case.clone() };
        self.writer.change_case(no, &case, &after, PROTECTED)
    }

    /// Takes a row of a record list in which nothing was touched: its record stays as it is, a vanished one too.
    pub(crate) fn untouched(
        &mut self,
        arriving: Arriving<'_>,
        raw: impl FnMut() -> (Vec<String>, Twins),
    ) -> Result<(), StoreError> {
        match self.writer.lookup(arriving.row.key)? {
            Some(known) if known.vanished && !known.seen => {
                self.counts.unchanged += 1;
                Ok(())
            }
            // Its fingerprints may have been made under other rules.
            Some(known) => {
                self.row(Arriving { row: NewRow { fingerprints: known.fingerprints, ..arriving.row }, ..arriving }, raw)
            }
            None => self.row(arriving, raw),
        }
    }

    /// Takes a case whose row has changed back to 確認中, with an event. One that stands in a sent 解除 batch stays there until
    /// it is withdrawn or decided anew, and is named.
    fn reopen(&mut self, no: RecordNo, key: &str, line: u32) -> Result<(), StoreError> {
        let case = self.writer.case(no)?;
        let kind = case.state.kind();
        if kind == StateKind::Untouched {
            return Ok(());
        }
        if case.in_batch.is_some() {
            self.counts.warnings.add("changed-in-batch", line);
            if self.counts.changed_in_batch.len() < MOST_CHANGED {
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

    /// Holds a row back, unless it is held back already (then `false`).
    pub(crate) fn held(&mut self, held: Held, raw: Vec<String>, arrival: Arrival) -> Result<bool, StoreError> {
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
            return Ok(false);
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
        Ok(true)
    }

    /// Takes the rows whose 個人番号 alone is another, now that all numbers of the file are known.
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
                Person::Same | Person::Corrected => self.row(row.arriving(true), || raw.clone())?,
                Person::Another(why) => match self.writer.lookup(&row.key)? {
                    Some(known) if !known.seen => self.suspect(known, row.arriving(false), why, || raw.clone())?,
                    _ => self.row(row.arriving(false), || raw.clone())?,
                },
            }
        }
        Ok(())
    }

    /// Ends the file: marks what has vanished and raises danger flags; gives the writer back for the commit.
    pub(crate) fn finish(mut self) -> Result<(Import<'w>, Counts), StoreError> {
        self.at_end = true;
        for row in std::mem::take(&mut self.deferred) {
            self.row(row.arriving(false), || row.raw.clone())?;
        }
        self.take_renumbered()?;
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
        (self.counts.corrected, self.counts.replaced) = self.past.finish(&mut self.writer)?;
        self.danger.finish(&mut self.writer)?;
        self.counts.under_review = self.writer.in_item1();
        Ok((self.writer, self.counts))
    }
}
