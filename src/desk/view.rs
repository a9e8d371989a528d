//! A record with everything an operator needs to see.

use std::collections::HashMap;

use crate::compare::{self, Code, FieldKind, Verdict};
use crate::domain::case::Case;
use crate::domain::danger::evidence::evidence;
use crate::domain::filter::Subject;
use crate::domain::record::{Cells, Column, Facts, Record, RecordNo, Row};
use crate::domain::request::{Caller, Seen};
use crate::domain::scope::Scope;
use crate::store::{Snapshot, StoreError};
use crate::view::{CellChange, DangerView, QueueLine, RecordView, RelatedRecord, RelatedRecords, Viewer, redact};

use super::{Desk, DeskError};

/// Maximum number of danger flags of a record that come with the row of the other person.
const SHOWN_SIGNS: usize = 4;

/// Longest 整理番号 that is looked for with zeros in front.
const LONGEST_ID: usize = 20;

/// Number of records on each side of one that are looked through for rows that belong to it: households stand together in a file,
/// and the whole of a large file would take seconds (these take a tenth of one).
const NEAR: u32 = 16_384;

/// Maximum number of changes in the summary of a record.
const RECENT: usize = 3;

/// Maximum number of records that are kept once read.
const CACHED_RECORDS: usize = 256;

/// Records read for their lines: most are shown whole a moment later. Rows change with an import only.
#[derive(Debug, Default)]
pub(super) struct RecordCache {
    /// How many imports the store had when they were read.
    imports: usize,
    records: HashMap<RecordNo, Record>,
}

impl RecordCache {
    /// Reads those of some records that are not kept, and keeps them.
    fn read(&mut self, snapshot: &Snapshot<'_>, nos: &[RecordNo]) -> Result<(), StoreError> {
        let imports = snapshot.meta()?.imports.len();
        if self.imports != imports || self.records.len() + nos.len() > CACHED_RECORDS {
            self.records.clear();
        }
        self.imports = imports;
        let mut unread: Vec<RecordNo> = nos.iter().copied().filter(|no| !self.records.contains_key(no)).collect();
        unread.sort_unstable();
        unread.dedup();
        self.records.extend(snapshot.records(&unread)?.into_iter().map(|record| (record.no, record)));
        Ok(())
    }
}

/// What the screen asks for at once: lines of the queue, and records with everything about them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Loaded {
    /// The lines, in the order asked for.
    pub lines: Vec<QueueLine>,
    /// The records, in the order asked for.
    pub records: Vec<RecordView>,
    /// Records that cannot be read, and why.
    pub faults: Vec<(RecordNo, String)>,
}

impl Desk {
    /// A record as an operator sees it.
    pub fn view(&self, who: &Caller, no: RecordNo) -> Result<RecordView, DeskError> {
        let snapshot = self.snapshot()?;
        let record = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        let case = snapshot.case(no)?;
        self.record_view(&snapshot, who, record, case)
    }

    /// Joins a record with what a snapshot holds about it, for the viewer; without its last changes.
    pub(super) fn record_view(
        &self,
        snapshot: &Snapshot<'_>,
        who: &Caller,
        record: Record,
        case: Case,
    ) -> Result<RecordView, DeskError> {
        let view = self.unredacted(snapshot, record, case)?;
        Ok(redact(view, &Viewer::of(who)))
    }

    fn unredacted(&self, snapshot: &Snapshot<'_>, record: Record, case: Case) -> Result<RecordView, DeskError> {
        let (signs, previous) = (signs(snapshot, &record)?, snapshot.previous(record.no)?);
        let (changed, changed_by) = match previous {
            Some((previous, import)) => (Some(CellChange::between(&previous, &record.row)), Some(import)),
            None => (None, None),
        };
        Ok(RecordView { signs, changed, changed_by, ..RecordView::of(record, case, self.now()) })
    }

    /// Reads lines of the queue and records with their last changes. One record that cannot be read keeps no other back.
    ///
    /// # Errors
    /// Only such that end the handle of the store.
    pub(super) fn load(&self, who: &Caller, lines: &[RecordNo], records: &[RecordNo]) -> Result<Loaded, DeskError> {
        match self.load_all(who, lines, records) {
            Ok((lines, records)) => return Ok(Loaded { lines, records, faults: Vec::new() }),
            Err(error) if is_final(&error) => return Err(error),
            Err(_) => {}
        }
        let mut loaded = Loaded::default();
        let each = records.iter().map(|no| (&[][..], std::slice::from_ref(no)));
        let each = lines.iter().map(|no| (std::slice::from_ref(no), &[][..])).chain(each);
        for (line, view) in each {
            match self.load_all(who, line, view) {
                Ok((lines, records)) => {
                    loaded.lines.extend(lines);
                    loaded.records.extend(records);
                }
                Err(error) if is_final(&error) => return Err(error),
                Err(error) => {
                    let known = |no: &RecordNo| loaded.faults.iter().any(|(known, _)| known == no);
                    let new: Vec<RecordNo> = line.iter().chain(view).copied().filter(|no| !known(no)).collect();
                    loaded.faults.extend(new.into_iter().map(|no| (no, error.to_string())));
                }
            }
        }
        Ok(loaded)
    }

    fn load_all(
        &self,
        who: &Caller,
        lines: &[RecordNo],
        records: &[RecordNo],
    ) -> Result<(Vec<QueueLine>, Vec<RecordView>), DeskError> {
        let (snapshot, viewer) = (self.snapshot()?, Viewer::of(who));
        let nos: Vec<RecordNo> = lines.iter().chain(records).copied().collect();
        // Whatever a panic left behind is a cache all the same.
        let mut cache = self.records.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        cache.read(&snapshot, &nos)?;
        let mut out = Vec::with_capacity(lines.len());
        for record in lines.iter().filter_map(|no| cache.records.get(no)) {
            out.push(QueueLine::of(record, snapshot.case(record.no)?, &viewer));
        }
        let mut read = Vec::with_capacity(records.len());
        for &no in records {
            let Some(record) = cache.records.get(&no).cloned() else { continue };
            let case = snapshot.case(no)?;
            let recent = match case.version {
                0 => Vec::new(),
                _ => snapshot.events_below(u64::MAX, Some(no), RECENT)?,
            };
            let view = RecordView { recent, ..self.unredacted(&snapshot, record, case)? };
            read.push(redact(view, &viewer));
        }
        Ok((out, read))
    }

    /// The number of the record with this 整理番号.
    pub fn find(&self, id: &str) -> Result<RecordNo, DeskError> {
        self.snapshot()?.find(id)?.ok_or_else(|| DeskError::NoRecord(compare::visible(id).into_owned()))
    }

    /// The record with this 整理番号 as it stands now.
    pub fn find_seen(&self, id: &str) -> Result<Seen, DeskError> {
        let record = self.find(id)?;
        Ok(Seen { record, version: self.snapshot()?.case(record)?.version })
    }

    /// The record with this 整理番号, under review or not, and where it stands; leading zeros may be left out where that
    /// names one record only.
    pub fn seek(&self, id: &str) -> Result<Option<(RecordNo, Scope)>, DeskError> {
        let snapshot = self.snapshot()?;
        let mut found = snapshot.find(id)?;
        if found.is_none() && !id.is_empty() {
            let mut others = Vec::new();
            for width in id.len() + 1..=LONGEST_ID {
                others.extend(snapshot.find(&format!("{id:0>width$}"))?);
            }
            found = others.pop().filter(|_| others.is_empty());
        }
        let Some(no) = found else { return Ok(None) };
        let facts = snapshot.facts(no.0..no.0 + 1)?;
        Ok(facts.first().map(|(_, facts)| (no, facts.scope)))
    }

    /// The records that the danger flags of a record name, and rows with its 記号番号 or its 個人番号.
    pub fn related(&self, no: RecordNo) -> Result<RelatedRecords, DeskError> {
        let snapshot = self.snapshot()?;
        let me = snapshot.records(&[no])?.pop().ok_or(StoreError::NoRecord(no))?;
        let household = |row: &Row| {
            let number = row.cell(Column::Number).trim().to_owned();
            (!number.is_empty()).then(|| (row.cell(Column::Symbol).trim().to_owned(), number))
        };
        let mut found: Vec<(RecordNo, &'static str)> = Vec::new();
        for sign in snapshot.signs(no)? {
            if let Some(other) = sign.other.filter(|other| found.iter().all(|(no, _)| no != other)) {
                found.push((other, sign.danger.label()));
            }
        }
        let number = |row: &Row| row.my_number().and_then(|number| number.join_key());
        let (mine, my_number) = (household(&me.row), number(&me.row));
        let range = no.0.saturating_sub(NEAR)..no.0.saturating_add(NEAR + 1);
        let whole = range.start == 0 && range.end >= snapshot.meta()?.record_numbers;
        let near = snapshot.facts(range)?;
        let near: Vec<RecordNo> = near.into_iter().map(|(no, _)| no).filter(|&other| other != no).collect();
        for chunk in near.chunks(512) {
            for record in snapshot.records(chunk)? {
                let why = if my_number.is_some() && number(&record.row) == my_number {
                    "同じ個人番号"
                } else if mine.is_some() && household(&record.row) == mine {
                    "同じ記号番号"
                } else {
                    continue;
                };
                if found.iter().all(|(no, _)| *no != record.no) {
                    found.push((record.no, why));
                }
            }
        }
        let nos: Vec<RecordNo> = found.iter().map(|(no, _)| *no).collect();
        let records = snapshot.records(&nos)?;
        let rows = records.iter().zip(found).map(|(record, (_, why))| RelatedRecord::of(record, why)).collect();
        Ok(RelatedRecords { rows, within: (!whole).then_some(NEAR) })
    }
}

/// The danger flags of a record with what they rest on, and the other records of the first few.
fn signs(snapshot: &Snapshot<'_>, record: &Record) -> Result<Vec<DangerView>, DeskError> {
    let mut signs = Vec::new();
    if record.facts.dangers.is_empty() {
        return Ok(signs);
    }
    for sign in snapshot.signs(record.no)? {
        let other = match sign.other {
            Some(no) => snapshot.records(&[no])?.pop(),
            None => None,
        };
        let evidence = evidence(sign.danger, &record.row, &record.facts.marks, other.as_ref().map(|other| &other.row));
        signs.push(DangerView {
            danger: sign.danger,
            other: other.as_ref().map(|other| other.row.id()),
            fields: evidence.fields,
            words: evidence.words,
            record: other.filter(|_| signs.len() < SHOWN_SIGNS).map(Box::new),
        });
    }
    Ok(signs)
}

/// Whether the handle of the store is done for.
fn is_final(error: &DeskError) -> bool {
    matches!(error, DeskError::Store(error) if error.is_final())
}

/// A record as a filter asks about it; comparisons are made only when a term needs them.
pub(super) struct FilterSubject<'a> {
    pub(super) record: &'a Record,
    pub(super) case: &'a Case,
    pub(super) id: String,
}

impl Subject for FilterSubject<'_> {
    fn facts(&self) -> &Facts {
        &self.record.facts
    }

    fn case(&self) -> &Case {
        self.case
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn comparison(&self, field: FieldKind) -> (Verdict, Vec<Code>) {
        let row = &self.record.row;
        let comparison = compare::compare(field, row.left(field), row.right(field));
        (comparison.verdict, comparison.codes())
    }

    fn text_contains(&self, folded: &str) -> bool {
        let row = &self.record.row;
        FieldKind::ALL
            .into_iter()
            .flat_map(|field| [row.left(field), row.right(field)])
            .chain([self.id.as_str(), row.cell(Column::Remarks), self.case.note.as_str()])
            .any(|text| compare::search_fold(text).contains(folded))
    }
}
