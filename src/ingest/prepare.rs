//! Slabs of records → rows ready for the store: cut, checked, compared, packed and fingerprinted. Knows no thread and no
//! store; what it makes of a slab depends on the slab alone.

use std::ops::Range;

use super::cell_notes::CellFault;
use super::cells::{Cutter, RecordCells, unguard};
use super::correction::{Correction, Corrections};
use super::danger::DangerKeys;
use super::encoding::Encoding;
use super::error::{IngestError, Refusal};
use super::frame::{Frame, Slab};
use super::header::{SecondHeader, second_header};
use super::incoming::RejectedRow;
use super::layout::{BOM, Layout, bare};
use super::listed::{self, Listed, Origins};
use super::reader::ReadRecord;
use super::row::{Rejection, RowCells, key};
use super::row_dates::DATE_COLUMNS;
use super::row_fingerprint::fingerprints;
use super::row_twins;
use super::separator::Separator;
use super::serial::{SerialReader, is_shifted};
use super::totals::Totals;
use super::validate::Validator;
use super::words::normalise;
use crate::compare::{FieldKind, search_fold_into};
use crate::domain::danger::Comparer;
use crate::domain::danger::index::Keyer;
use crate::domain::formula;
use crate::domain::original_codes::OriginalCodes;
use crate::domain::pattern::Pattern;
use crate::domain::person::MyNumber;
use crate::domain::record::{Column, Facts, Record};
use crate::domain::scope::DateCell;
use crate::store::{Fingerprints, RowHasher, codec};

/// The rows of one slab on their way to the store; keys, search texts and packed rows share two buffers.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) slab: Slab,
    pub(super) items: Vec<Prepared>,
    pub(super) text: String,
    pub(super) packed: Vec<u8>,
    pub(super) totals: Totals,
}

/// One row of the file: made ready for the store, or rejected.
pub(super) enum Prepared {
    Row(PreparedRow),
    Rejected { rejection: Rejection, raw: Vec<String>, row: RejectedRow },
}

/// A row that goes into the store.
pub(super) struct PreparedRow {
    pub(super) line: u32,
    /// The number of the rejected row that it corrects.
    pub(super) corrects: Option<u32>,
    /// An operator confirmed that it speaks of the person of its record.
    pub(super) same_person: bool,
    /// It came back from a record list as its record is; it is not packed.
    pub(super) untouched: bool,
    pub(super) key: Range<usize>,
    pub(super) packed: Range<usize>,
    pub(super) fingerprints: Fingerprints,
    pub(super) facts: Facts,
    pub(super) review: Option<(Pattern, Range<usize>)>,
    pub(super) keys: DangerKeys,
    /// Its index in the frames of the slab.
    pub(super) frame: usize,
}

/// Makes rows ready for the store, reusing its buffers.
pub(super) struct Preparer<'l> {
    pub(super) layout: &'l Layout,
    pub(super) corrections: Option<&'l Corrections>,
    /// The records that a list speaks of.
    pub(super) listed: Option<Listed<'l>>,
    pub(super) encoding: Encoding,
    /// Reads day serials as dates, where the operator asked for it.
    pub(super) serials: Option<SerialReader>,
    pub(super) separator: Separator,
    pub(super) key: String,
    pub(super) comparer: Comparer,
    pub(super) hasher: RowHasher,
    pub(super) keyer: Keyer,
}

impl Preparer<'_> {
    pub(super) fn batch(
        &mut self,
        slab: Slab,
        cutter: &mut Cutter,
        validator: &mut Validator<'_>,
    ) -> Result<Batch, IngestError> {
        let origins = self.listed.as_ref().map(|listed| listed.origins(&slab, cutter)).transpose()?;
        // Packed rows are a little shorter than their text; growing by doubling would copy them again and again.
        let mut batch = Batch {
            items: Vec::with_capacity(slab.frames.len()),
            packed: Vec::with_capacity(slab.text.len()),
            ..Batch::default()
        };
        // A header of two rows stands for one place where files were joined.
        let mut header_line = 0;
        for (place, frame) in slab.frames.iter().enumerate() {
            let line = frame.line;
            let read = cutter.read(frame, &slab.text)?;
            let item = match (read, frame.fault, frame.notes.fault) {
                (ReadRecord::Blank, _, None) => {
                    validator.warnings.add("blank-line", 0);
                    continue;
                }
                (read, Some(fault), _) => {
                    // The bytes are shown as \xNN in the text that is kept.
                    let byte = fault.byte + 1;
                    batch.totals.undecodable += 1;
                    batch.totals.first_fault.get_or_insert((line, byte));
                    let reason = format!("{} として読めないバイトがあります(先頭から {byte} バイト目)", self.encoding);
                    let raw = match read {
                        ReadRecord::Broken { raw, .. } => raw,
                        ReadRecord::Cells(record) => record.to_vec(),
                        ReadRecord::Blank => Vec::new(),
                    };
                    let key = loose_key(self.layout, self.separator, &raw);
                    let rejection =
                        Rejection { column: faulty(self.layout, &raw), ..Rejection::new("undecodable", reason) };
                    rejected(rejection, line, raw, key, None)
                }
                (ReadRecord::Broken { code, reason, raw }, None, _) => {
                    let key = loose_key(self.layout, self.separator, &raw);
                    rejected(Rejection::new(code, reason), line, raw, key, None)
                }
                (ReadRecord::Cells(record), None, _) if self.layout.is_header(&record) => {
                    if header_line == 0 || header_line + 1 != line {
                        validator.warnings.add("header-line", line);
                    }
                    header_line = line;
                    continue;
                }
                (ReadRecord::Cells(record), None, _) if is_footer(&record) => {
                    validator.warnings.add("footer", line);
                    continue;
                }
                (read, None, Some(fault)) => {
                    if let CellFault::NotText(column) = fault {
                        batch.totals.numbers += 1;
                        batch.totals.first_number.get_or_insert((line, column));
                    }
                    let raw = match read {
                        ReadRecord::Cells(record) => record.to_vec(),
                        _ => vec![String::new()],
                    };
                    let key = loose_key(self.layout, self.separator, &raw);
                    rejected(fault.rejection(), line, raw, key, None)
                }
                (ReadRecord::Cells(record), None, None) => {
                    if frame.notes.formula {
                        validator.warnings.add("formula-cell", line);
                    }
                    self.row(line, place, record, origins.as_ref(), validator, &mut batch)
                }
            };
            if let Prepared::Rejected { raw, .. } = &item {
                match second_header(self.layout, raw) {
                    None => {}
                    Some(SecondHeader::SameColumns) => {
                        validator.warnings.add("header-line", line);
                        continue;
                    }
                    Some(SecondHeader::OtherColumns) => {
                        return Err(Refusal::SecondHeader { file: String::new(), line }.into());
                    }
                }
            }
            batch.totals.rows += 1;
            let item = match slab.twins.is_empty() && self.corrections.is_none() && origins.is_none() {
                true => item,
                false => self.with_twins(item, &slab, frame, origins.as_ref(), cutter, &mut batch)?,
            };
            batch.items.push(item);
        }
        batch.totals.warnings = std::mem::take(&mut validator.warnings);
        batch.totals.insurers = validator.insurers.clone();
        batch.totals.serials = std::mem::take(&mut validator.serials);
        batch.totals.mark_codes = validator.mark_codes.clone();
        batch.slab = slab;
        Ok(batch)
    }

    /// Adds the bytes of characters with two codes, which the text of a row does not tell.
    fn with_twins(
        &self,
        mut item: Prepared,
        slab: &Slab,
        frame: &Frame,
        origins: Option<&Origins>,
        cutter: &mut Cutter,
        batch: &mut Batch,
    ) -> Result<Prepared, Refusal> {
        let twins = slab.twins_of(frame);
        match &mut item {
            Prepared::Rejected { raw, row, .. } => {
                row.twins = row_twins::of_rejected(twins, raw, self.layout, self.corrections);
            }
            Prepared::Row(row) if row.untouched => {}
            Prepared::Row(row) => {
                if let ReadRecord::Cells(record) = cutter.read(frame, &slab.text)? {
                    let twins = match self.origin(&record, origins) {
                        Some(origin) => listed::twins(&twins, origin, self.layout, &record),
                        None => row_twins::of_row(&twins, &record, self.layout, self.corrections),
                    };
                    // The row stands last in the buffer.
                    codec::add_twins(&mut batch.packed, &twins);
                    row.packed.end = batch.packed.len();
                }
            }
        }
        Ok(item)
    }

    /// The record that a row of a list was written from.
    fn origin<'o>(&self, record: &RecordCells<'_>, origins: Option<&'o Origins>) -> Option<&'o Record> {
        origins?.get(self.listed.as_ref()?.key_of(record))
    }

    fn row(
        &mut self,
        line: u32,
        frame: usize,
        record: RecordCells<'_>,
        origins: Option<&Origins>,
        validator: &mut Validator<'_>,
        batch: &mut Batch,
    ) -> Prepared {
        let layout = self.layout;
        // The BOM of a second file is no content.
        let joined = record.text().starts_with(BOM);
        if joined {
            validator.warnings.add("joined-bom", line);
        }
        let at = |n: usize| match record.value(n) {
            first if joined && n == 0 => bare(first),
            value => value,
        };
        let mut cells: RowCells<'_> = [""; Column::COUNT];
        for (cell, place) in cells.iter_mut().zip(&layout.columns) {
            *cell = place.map_or("", at);
        }
        let mut correction = None;
        if let Some(corrections) = self.corrections {
            correction = match corrections.of(layout, at, &mut cells) {
                Ok(correction) => correction,
                Err(rejection) => return rejected(rejection, line, record.to_vec(), None, None),
            };
            if correction.is_some_and(|correction| correction.zeros) {
                validator.warnings.add("leading-zeros", line);
            }
        }
        let origin = self.origin(&record, origins);
        if self.listed.is_some() && origin.is_none() {
            let reason = "記録の一覧にあるキーの記録がありません。書き出したときのキーのままにしてください(表計算ソフトは先頭の 0 を落とします)";
            return rejected(Rejection::new("unlisted", reason), line, record.to_vec(), None, None);
        }
        let restored = origin.map(|origin| listed::restore(origin, layout, &record));
        let mut checked;
        if let Some(restored) = &restored {
            (cells, checked) = (restored.cells, restored.checked);
        } else if layout.listed.is_some() {
            // A list that comes into an empty store: only its guards are taken off.
            cells = cells.map(formula::unguard);
            checked = cells;
        } else {
            checked = cells;
        }
        let untouched = restored.as_ref().is_some_and(|restored| restored.untouched);
        let dates = self.serials.map(|serials| read_serials(&serials, &checked, line, validator)).unwrap_or_default();
        for (column, text) in DATE_COLUMNS.into_iter().zip(&dates) {
            if let Some(text) = text {
                (cells[column.index()], checked[column.index()]) = (text, text);
            }
        }
        self.key.clear();
        match &restored {
            // A key made of the row itself would be another one once a cell is corrected.
            Some(restored) if restored.same_id => {
                self.key.push_str(self.listed.as_ref().map_or("", |listed| listed.key_of(&record)));
            }
            _ => key(&cells, &mut self.key),
        }
        let width = (record.width() != layout.width).then(|| accept_width(layout, &record, &cells));
        if let Some(Some(code)) = width {
            validator.warnings.add(code, line);
        }
        if width == Some(None) {
            let reason = format!("列の数が {} で、見出しの {} と違います", record.width(), layout.width);
            // The cells may have shifted, so only a 整理番号 at the left edge can be trusted.
            let key = (layout.columns[Column::Id.index()] == Some(0) && is_plausible_key(&self.key))
                .then(|| self.key.clone());
            return rejected(Rejection::new("columns", reason), line, record.to_vec(), key, correction);
        }
        if correction.is_some_and(|correction| correction.unchanged) {
            let reason =
                "隔離した行が直されていません。直すか、このまま取り込むときは隔離確認の列に ○ を入れてください";
            let key = Some(self.key.clone());
            return rejected(Rejection::new("not-corrected", reason), line, record.to_vec(), key, correction);
        }
        if correction.is_some_and(|correction| correction.surplus) {
            let reason = "列が多すぎます。隔離余りの列を空にして、値を見出しの列に合わせてください";
            let key = Some(self.key.clone());
            return rejected(Rejection::new("columns", reason), line, record.to_vec(), key, correction);
        }
        let known = origin.filter(|_| untouched).map(|origin| Ok(origin.facts));
        let facts = match known.unwrap_or_else(|| validator.check(line, &checked, record.text())) {
            Ok(facts) => facts,
            Err(rejection) => {
                let mut raw = record.to_vec();
                if correction.is_some() {
                    // What was masked or guarded when it was written out is kept as it was before.
                    for (place, cell) in layout.columns.into_iter().zip(cells) {
                        if let Some(raw) = place.and_then(|place| raw.get_mut(place)) {
                            cell.clone_into(raw);
                        }
                    }
                }
                return rejected(rejection, line, raw, Some(self.key.clone()), correction);
            }
        };
        // 支援措置 that an earlier file told may stand in no cell of the record: it stays where its cell was not touched.
        let facts = match origin {
            Some(origin) if cells[Column::Protected.index()] == origin.row.cell(Column::Protected) => {
                Facts { protected: origin.facts.protected, ..facts }
            }
            _ => facts,
        };
        let of_file = layout.extras.iter().filter(|_| origin.is_none());
        let of_file = of_file.map(|(n, _)| (u16::try_from(*n).unwrap_or(u16::MAX), at(*n)));
        let kept = origin.into_iter().flat_map(|origin| &origin.row.extras);
        let kept = kept.filter_map(|(name, text)| Some((layout.kept(name)?, text.as_str())));
        let extras = of_file.chain(kept);
        let packed = batch.packed.len();
        if !untouched {
            codec::pack(&mut batch.packed, line, cells.iter().copied(), extras.clone());
        }
        let key = batch.text.len();
        batch.text.push_str(&self.key);
        let key = key..batch.text.len();
        let review = facts.in_item1().then(|| {
            let start = batch.text.len();
            search_text(&self.key, &cells, &mut batch.text);
            (Pattern::of(&facts.marks, self.comparer.row(&cells)), start..batch.text.len())
        });
        Prepared::Row(PreparedRow {
            line,
            corrects: correction.map(|correction| correction.number),
            same_person: correction.is_some_and(|correction| correction.same_person),
            untouched,
            key,
            packed: packed..batch.packed.len(),
            fingerprints: fingerprints(&mut self.hasher, &cells, extras.map(|(_, extra)| extra)),
            keys: DangerKeys::of(&cells, &facts, &mut self.comparer, &self.keyer),
            facts,
            review,
            frame,
        })
    }
}

fn rejected(
    rejection: Rejection,
    line: u32,
    raw: Vec<String>,
    key: Option<String>,
    correction: Option<Correction>,
) -> Prepared {
    let corrects = correction.map(|correction| correction.number);
    let unchanged = correction.is_some_and(|correction| correction.unchanged);
    Prepared::Rejected {
        rejection,
        raw,
        row: RejectedRow { line, key, corrects, unchanged, twins: OriginalCodes::default() },
    }
}

/// The 整理番号 of a row that cannot be read as a whole: of its cells, or of the beginning of its text.
fn loose_key(layout: &Layout, separator: Separator, raw: &[String]) -> Option<String> {
    let place = layout.columns[Column::Id.index()]?;
    let cell = match raw {
        [line] if layout.width > 1 => line.split(char::from(separator.byte())).next().filter(|_| place == 0)?,
        cells => cells.get(place)?,
    };
    let key = unguard(cell).trim().trim_matches('"');
    is_plausible_key(key).then(|| key.to_owned())
}

/// Whether a text from a row that cannot be read as a whole may be a key, and not the whole row with its 個人番号.
fn is_plausible_key(key: &str) -> bool {
    // Undecodable bytes are shown as `\xNN`.
    !key.is_empty() && key.len() < 64 && !key.contains([',', ';', '\t', '|', '，', '\\'])
}

/// The column whose cell shows an undecodable byte.
fn faulty(layout: &Layout, raw: &[String]) -> Option<Column> {
    let at = raw.iter().position(|cell| cell.contains("\\x")).filter(|_| raw.len() == layout.width)?;
    Column::ALL.into_iter().find(|column| layout.columns[column.index()] == Some(at))
}

/// Reads the day serials of a row as dates, in the order of [`DATE_COLUMNS`].
fn read_serials(
    serials: &SerialReader,
    cells: &RowCells<'_>,
    line: u32,
    validator: &mut Validator<'_>,
) -> [Option<String>; DATE_COLUMNS.len()] {
    let days = serials.read(cells);
    if days.iter().any(Option::is_some) {
        validator.warnings.add(serials.warning(), line);
    }
    let day = |column: Column| {
        let read = DATE_COLUMNS.iter().position(|known| *known == column).and_then(|at| days[at]);
        (read.is_some(), read.or_else(|| DateCell::read(cells[column.index()]).day()))
    };
    let [left, right] = [Column::Left(FieldKind::Birth), Column::Right(FieldKind::Birth)].map(day);
    // Both from the same system would be shifted alike.
    if left.0 != right.0 && left.1.zip(right.1).is_some_and(|(left, right)| is_shifted(left, right)) {
        validator.warnings.add("serial-shift", line);
    }
    days.map(|day| day.map(|day| day.to_string()))
}

/// Accepts a row of another width if no cell can have shifted; returns the code of the warning.
///
/// Cells beyond the header must be blank. A row may lack columns at its end that the review does not need (spreadsheets
/// leave out the last commas of rows that end blank), if every mark stands in its place.
fn accept_width(layout: &Layout, record: &RecordCells<'_>, cells: &RowCells<'_>) -> Option<&'static str> {
    let lacks = |column: Column| layout.columns[column.index()].is_some_and(|at| at >= record.width());
    let spare = [Column::Remarks, Column::Protected];
    let needed = Column::ALL.into_iter().any(|column| !spare.contains(&column) && lacks(column));
    let marked = |column: Column| {
        let cell = cells[column.index()];
        match column {
            Column::Overall => layout.overall(cell).is_some(),
            _ => !layout.has(column) || layout.mark(cell).is_some(),
        }
    };
    let blank = (layout.width..record.width()).all(|at| record.cell(at).trim().is_empty());
    let marks = FieldKind::ALL.map(Column::Mark);
    if needed || !blank || !marked(Column::Overall) || !marks.into_iter().all(marked) {
        return None;
    }
    Some(if record.width() > layout.width { "trailing-commas" } else { "short-row" })
}

/// Whether a record is a footer as some systems write it: 合計, 件数 … with a number, and nothing else.
fn is_footer(record: &RecordCells<'_>) -> bool {
    const WORDS: [&str; 12] =
        ["総合計", "合計件数", "合計", "総計", "小計", "総件数", "データ件数", "件数", "計", "以上", "end", "eof"];
    let mut filled = record.cells().map(str::trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else { return false };
    // Nearly every row ends here.
    if first.starts_with(|c: char| c.is_ascii_digit()) || first.len() > 60 {
        return false;
    }
    let rest: Vec<&str> = filled.by_ref().take(2).collect();
    if filled.next().is_some() {
        return false;
    }
    let first = normalise(first);
    let Some(tail) = WORDS.iter().find_map(|word| first.strip_prefix(word)) else { return false };
    let plain = |text: &str| {
        text.chars().all(|c| c.is_ascii_digit() || matches!(c, '件' | '名' | '人' | '行' | ',' | '=' | '.'))
    };
    plain(tail) && rest.iter().all(|cell| plain(&normalise(cell)))
}

/// The text that the fuzzy search looks in: key, names, addresses and 番号 of both sides; of the 個人番号 only the last
/// four digits.
fn search_text(key: &str, cells: &RowCells<'_>, into: &mut String) {
    /// Appends a word unless it is empty or repeats the last one; returns its range.
    fn word(cell: &str, last: Range<usize>, into: &mut String) -> Range<usize> {
        let start = into.len();
        into.push(' ');
        search_fold_into(cell, into);
        let word = start + 1..into.len();
        if word.is_empty() || into[word.clone()] == into[last.clone()] {
            into.truncate(start);
            return last;
        }
        word
    }
    search_fold_into(key, into);
    let mut last = 0..0;
    for field in [FieldKind::Kanji, FieldKind::Kana, FieldKind::Address] {
        let (left, right) = (cells[Column::Left(field).index()], cells[Column::Right(field).index()]);
        last = word(left, last, into);
        if left != right {
            last = word(right, last, into);
        }
    }
    for column in [Column::Left(FieldKind::Birth), Column::Number] {
        word(cells[column.index()], 0..0, into);
    }
    if let Some(number) = MyNumber::parse(cells[Column::MyNumber.index()]) {
        into.push(' ');
        into.push_str(&number.last4().digits());
    }
}
