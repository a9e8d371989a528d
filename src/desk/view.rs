//! A record with everything an operator needs to see.

use crate::compare::{self, Code, FieldKind, Verdict};
use crate::domain::case::Case;
use crate::domain::danger::Danger;
use crate::domain::danger::evidence::{Evidence, evidence};
use crate::domain::filter::Subject;
use crate::domain::person::PerField;
use crate::domain::record::{Cells, Column, Facts, Record, RecordNo, Row};
use crate::domain::request::Seen;
use crate::domain::scope::Scope;
use crate::domain::suggestion::{Suggestion, suggest};
use crate::store::Snapshot;

use super::{Desk, DeskError};

/// A danger flag with the 整理番号 of the other record and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The flag.
    pub danger: Danger,
    /// The other record.
    pub other: Option<(RecordNo, String)>,
    /// Its row, for the first few of a record.
    pub row: Option<Box<Record>>,
    /// The fields that made the flag stand.
    pub evidence: Evidence,
}

/// A record with its comparisons, case, flags and suggestion.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordView {
    /// The record.
    pub record: Record,
    /// Its case.
    pub case: Case,
    /// The five fields compared.
    pub comparisons: PerField<compare::Comparison>,
    /// Danger flags with evidence.
    pub signs: Vec<Sign>,
    /// What meken proposes.
    pub suggestion: Option<Suggestion>,
    /// The batch in which it stands.
    pub in_batch: Option<u32>,
    /// The row before the last change by a newer file.
    pub previous: Option<Row>,
}

/// So many signs of a record come with the row of the other person.
const SHOWN_SIGNS: usize = 4;

/// Longest 整理番号 that is looked for with zeros in front.
const LONGEST_ID: usize = 20;

/// So many records on each side of one are looked through for rows that belong to it: households stand together in a file,
/// and the whole of a large file would take seconds (these take a tenth of one).
const NEAR: u32 = 16_384;

/// Another row of the same household (記号番号) or 個人番号.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedRow {
    /// The record.
    pub no: RecordNo,
    /// 整理番号
    pub id: String,
    /// Class and, where in item 1, state.
    pub class: &'static str,
    /// Registered name, visible form.
    pub name: String,
    /// Registered birth date, visible form.
    pub birth: String,
    /// Registered address, visible form.
    pub address: String,
    /// Why it is related.
    pub why: &'static str,
    /// The row.
    pub row: Row,
}

/// Compares the five fields of a row.
pub(super) fn compare_row(row: &Row) -> PerField<compare::Comparison> {
    PerField::from_fn(|field| compare::compare(field, row.left(field), row.right(field)))
}

impl RecordView {
    /// Puts a view together from what a snapshot holds.
    pub fn of(snapshot: &dyn Snapshot, record: Record, case: Case, in_batch: Option<u32>) -> Result<Self, DeskError> {
        let comparisons = compare_row(&record.row);
        let mut signs = Vec::new();
        if !record.facts.dangers.is_empty() {
            for sign in snapshot.signs(record.no)? {
                let other = match sign.other {
                    Some(no) => snapshot.records(&[no])?.pop(),
                    None => None,
                };
                let evidence =
                    evidence(sign.danger, &record.row, &record.facts.marks, other.as_ref().map(|other| &other.row));
                let named = other.as_ref().map(|other| (other.no, other.row.id()));
                let row = other.filter(|_| signs.len() < SHOWN_SIGNS).map(Box::new);
                signs.push(Sign { danger: sign.danger, other: named, row, evidence });
            }
        }
        let suggestion = if case.state.is_open() { suggest(&record.facts, &comparisons) } else { None };
        let previous = snapshot.previous(record.no)?;
        Ok(Self { record, case, comparisons, signs, suggestion, in_batch, previous })
    }
}

impl Desk {
    /// A record as an operator sees it.
    pub fn view(&self, no: RecordNo) -> Result<RecordView, DeskError> {
        let snapshot = self.snapshot()?;
        let record = snapshot.records(&[no])?.pop().ok_or(crate::store::StoreError::NoRecord(no))?;
        let case = snapshot.case(no)?;
        let in_batch = snapshot.batch_of(no)?;
        RecordView::of(&*snapshot, record, case, in_batch)
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
    ///
    /// The second value is how many rows before and after were looked at, where that was not the whole file.
    pub fn related(&self, no: RecordNo) -> Result<(Vec<RelatedRow>, Option<u32>), DeskError> {
        let snapshot = self.snapshot()?;
        let me = snapshot.records(&[no])?.pop().ok_or(crate::store::StoreError::NoRecord(no))?;
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
        let rows = records
            .iter()
            .zip(found)
            .map(|(record, (no, why))| RelatedRow {
                no,
                id: record.row.id(),
                class: record.facts.class.label(),
                name: compare::visible(record.row.left(FieldKind::Kanji)).into_owned(),
                birth: compare::visible(record.row.left(FieldKind::Birth)).into_owned(),
                address: compare::visible(record.row.left(FieldKind::Address)).into_owned(),
                why,
                row: record.row.clone(),
            })
            .collect();
        Ok((rows, (!whole).then_some(NEAR)))
    }
}

/// A record as a filter asks about it; comparisons are made only when a term needs them.
pub(super) struct FilterSubject<'a> {
    pub(super) record: &'a Record,
    pub(super) case: &'a Case,
    pub(super) batch: Option<u32>,
    pub(super) id: String,
}

impl Subject for FilterSubject<'_> {
    fn facts(&self) -> &Facts {
        &self.record.facts
    }

    fn case(&self) -> &Case {
        self.case
    }

    fn batch(&self) -> Option<u32> {
        self.batch
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
