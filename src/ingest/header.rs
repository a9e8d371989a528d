//! Finds the header of a file while its top is read.

use super::draft::to_fill_in;
use super::error::{IngestError, Refusal};
use super::held_columns::HeldColumns;
use super::layout::{Layout, bare};
use super::options::ImportOptions;
use super::profile::{ColumnRef, LayoutProfile, RememberedProfile, header_fingerprint};
use super::resolve::{ResolvedHeader, joined, resolve};
use super::words::{Meaning, meaning, normalise};
use crate::domain::listed;
use crate::domain::quarantine::is_added;
use crate::domain::record::{Column, Overall};

/// Maximum number of records from the top in which a header is looked for; title lines may stand above it.
pub(crate) const HEADER_WITHIN: usize = 30;

/// Result of the search after a record.
pub(crate) enum HeaderSearch {
    /// The header is found; data begins below it.
    Found(Box<Layout>),
    /// The first record is data already: the profile says that there is no header.
    Headerless(Box<Layout>),
    /// More records are needed.
    More,
}

/// Looks for the header while the top of the file is read.
pub(crate) struct HeaderFinder<'o> {
    profile: Option<&'o LayoutProfile>,
    recompute_marks: bool,
    remembered: &'o [RememberedProfile],
    head: Vec<Vec<String>>,
    best: Option<(Vec<String>, ResolvedHeader)>,
    /// Number of records from the top to the end of the best header.
    best_ends: usize,
    /// Fingerprint of the record at hand.
    fingerprint: String,
}

impl<'o> HeaderFinder<'o> {
    /// A search before the first record.
    pub(crate) fn new(options: &'o ImportOptions) -> Self {
        let (profile, recompute_marks) = (options.layout.as_ref(), options.recompute_marks);
        let remembered = &options.remembered;
        Self {
            profile,
            recompute_marks,
            remembered,
            head: Vec::new(),
            best: None,
            best_ends: 0,
            fingerprint: String::new(),
        }
    }

    /// The best header among the records taken so far, with the records below it.
    pub(crate) fn best(self) -> Option<(Vec<String>, ResolvedHeader, Vec<Vec<String>>)> {
        let below = self.head.into_iter().skip(self.best_ends).collect();
        self.best.map(|(names, resolved)| (names, resolved, below))
    }

    /// The records taken so far.
    pub(crate) fn records(&self) -> &[Vec<String>] {
        &self.head
    }

    /// Examines the next record from the top.
    pub(crate) fn take(&mut self, cells: Vec<String>) -> HeaderSearch {
        self.fingerprint = header_fingerprint(&cells);
        if self.profile.is_none() {
            let known = self.remembered.iter().find(|remembered| remembered.fingerprint == self.fingerprint);
            self.profile = known.map(|remembered| &remembered.profile);
        }
        if self.head.is_empty() && self.is_headerless(&cells) {
            let names: Vec<String> = (1..=cells.len()).map(|n| format!("列{n}")).collect();
            let resolved = resolve(&names, None, self.profile);
            if resolved.has_values() && (resolved.is_complete() || self.recompute_marks) {
                self.fingerprint.clear();
                return HeaderSearch::Headerless(Box::new(self.layout(names, &resolved)));
            }
            self.best = Some((names, resolved));
        }
        let rows = self.profile.and_then(|profile| profile.header_rows);
        let single = (rows != Some(2)).then(|| (cells.clone(), resolve(&cells, None, self.profile)));
        let pair = match self.head.last() {
            Some(groups) if !matches!(rows, Some(0 | 1)) => {
                let width = groups.len().max(cells.len());
                let at = |row: &[String], n: usize| row.get(n).cloned().unwrap_or_default();
                let groups: Vec<String> = (0..width).map(|n| at(groups, n)).collect();
                let names: Vec<String> = (0..width).map(|n| at(&cells, n)).collect();
                let resolved = resolve(&names, Some(&groups), self.profile);
                Some((joined(&groups, &names), resolved))
            }
            _ => None,
        };
        self.head.push(cells);
        let mut fallback = None;
        for (names, resolved) in [single, pair].into_iter().flatten() {
            let plausible = self.profile.is_none_or(|p| !p.by_number_only() || resolved.not_found.is_empty());
            if plausible && resolved.is_complete() && resolved.twice.is_empty() && resolved.not_found.is_empty() {
                return HeaderSearch::Found(Box::new(self.found(names, &resolved)));
            }
            if self.recompute_marks
                && resolved.has_values()
                && resolved.twice.is_empty()
                && resolved.not_found.is_empty()
                && fallback.is_none()
            {
                fallback = Some((names.clone(), resolved.clone()));
            }
            if self.best.as_ref().is_none_or(|(_, best)| best.found() < resolved.found()) {
                self.best = Some((names, resolved));
                self.best_ends = self.head.len();
            }
        }
        match fallback {
            Some((names, resolved)) => HeaderSearch::Found(Box::new(self.found(names, &resolved))),
            None => HeaderSearch::More,
        }
    }

    /// The refusal of a file in which no header was found.
    pub(crate) fn refusal(self, file: &str) -> IngestError {
        let file = file.to_owned();
        let Some((names, resolved)) = self.best else { return Refusal::Empty { file }.into() };
        if let Some((kind, advice)) = resolved.is_poor().then(|| other_separator(&self.head)).flatten() {
            return Refusal::WrongKind { file, kind, advice }.into();
        }
        if !resolved.not_found.is_empty() {
            let error = self.profile.map(|profile| profile.not_in(&resolved.not_found, &names));
            return error.map_or_else(|| Refusal::Empty { file }.into(), IngestError::from);
        }
        let profile = to_fill_in(&names, &resolved.columns);
        if let (Some((column, first, second)), true) = (resolved.twice.first(), resolved.is_complete()) {
            let (column, first, second) = (column.name(), first + 1, second + 1);
            return Refusal::Ambiguous { file, column, first, second, profile }.into();
        }
        let missing = resolved.missing().map(|column| column.name().to_owned()).collect();
        Refusal::Columns { file, missing, marks_only: resolved.has_values(), profile }.into()
    }

    fn is_headerless(&self, first: &[String]) -> bool {
        let Some(profile) = self.profile else { return false };
        match profile.header_rows {
            Some(rows) => rows == 0,
            // A profile by numbers only: a mark where 総合判定 stands is data, a word is a header.
            None => {
                profile.by_number_only() && {
                    let place =
                        profile.columns.iter().find(|(column, _)| *column == Column::Overall).map(|(_, place)| place);
                    match place {
                        Some(ColumnRef::Number(number)) => first
                            .get(number - 1)
                            .is_some_and(|cell| profile.mark(cell).or_else(|| Overall::parse(cell)).is_some()),
                        _ => false,
                    }
                }
            }
        }
    }

    /// The layout of a header that ends with the record at hand.
    fn found(&self, names: Vec<String>, resolved: &ResolvedHeader) -> Layout {
        let single = self.head.last().is_some_and(|row| *row == names);
        let rows = self.head.len() - if single { 1 } else { 2.min(self.head.len()) };
        let head = self.head[rows..].iter().map(|row| row.iter().map(|cell| bare(cell).to_owned()).collect());
        Layout { head: head.collect(), ..self.layout(names, resolved) }
    }

    fn layout(&self, names: Vec<String>, resolved: &ResolvedHeader) -> Layout {
        let held = HeldColumns::find(&names);
        let listed = if held.is_some() { None } else { listed::key_column(&names) };
        let is_added = |name: &str| held.is_some() && is_added(name) || listed.is_some() && listed::is_added(name);
        let known = |at: usize| resolved.columns.contains(&Some(at)) || is_added(&names[at]);
        let extras = (0..names.len())
            .filter(|&at| !known(at))
            .map(|at| {
                let name = names[at].trim();
                (at, if name.is_empty() { format!("列{}", at + 1) } else { name.to_owned() })
            })
            .collect();
        Layout {
            // What the list adds is no column of a file, although 喪失日 could be taken for one.
            columns: resolved.columns.map(|place| place.filter(|&at| !is_added(&names[at]))),
            extras,
            width: names.len(),
            held,
            listed,
            names,
            fingerprint: self.fingerprint.clone(),
            head: Vec::new(),
            profile: self.profile.cloned(),
        }
    }
}

/// A header among the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SecondHeader {
    /// The names of the first one in the same order, spelt otherwise.
    SameColumns,
    /// Other names, or another order.
    OtherColumns,
}

/// Examines whether a record that cannot be used as a row is a header, or ends in one because the file before it had no line
/// end: nearly all of its cells are names of columns.
pub(super) fn second_header(layout: &Layout, cells: &[String]) -> Option<SecondHeader> {
    /// Minimum number of names of columns.
    const NAMES: usize = 10;
    let is_name = |cell: &String| {
        let cell = bare(cell.trim());
        meaning(cell) != Meaning::Unknown
            || !cell.is_empty() && layout.names.iter().any(|name| bare(name.trim()) == cell)
    };
    let known = |cells: &[String]| {
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty());
        filled.fold((0, 0), |(all, known), cell| (all + 1, known + usize::from(is_name(cell))))
    };
    let is_header = |cells: &[String]| {
        // The first few tell for nearly every row.
        if cells.len() < NAMES || known(&cells[..8]).1 < 3 {
            return false;
        }
        let (all, known) = known(cells);
        known >= NAMES && known * 2 > all
    };
    if is_header(cells) {
        let same = |(a, b): (&String, &String)| normalise(bare(a)) == normalise(b);
        let one_row = layout.head.len() == 1 && cells.len() == layout.names.len();
        return Some(match one_row && cells.iter().zip(&layout.names).all(same) {
            true => SecondHeader::SameColumns,
            false => SecondHeader::OtherColumns,
        });
    }
    // The last cell of the row and the first name are one cell.
    cells.get(layout.width..).is_some_and(is_header).then_some(SecondHeader::OtherColumns)
}

/// Detects a header whose names are separated by other signs than commas.
fn other_separator(head: &[Vec<String>]) -> Option<(&'static str, &'static str)> {
    const KINDS: [(char, &str); 2] = [('|', "区切りが縦線(|)のファイル"), ('，', "区切りが全角コンマ(，)のファイル")];
    let known = |row: &Vec<String>, sign: char| {
        let line = row.join(",");
        line.split(sign).filter(|name| meaning(name.trim_matches('"')) != Meaning::Unknown).count()
    };
    if head.iter().any(|row| row.len() == 1 && known(row, ',') >= 5) {
        let advice = "行全体を囲む引用符を外し、改行を CRLF か LF にして保存し直してください";
        return Some(("1行が一つの項目になっているファイル", advice));
    }
    let (_, kind) = KINDS.iter().find(|(sign, _)| head.iter().any(|row| known(row, *sign) >= 5))?;
    Some((kind, "区切りをカンマ(,)にして保存し直してください"))
}
