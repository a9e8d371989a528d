//! Header → columns: finds the header of a file and says which column is which (RULES §7).

use super::correction::HeldColumns;
use super::error::Refusal;
use super::profile::{LayoutProfile, Place, Remembered, header_print, is_needed, shown, to_fill_in};
use super::reader::Record;
use super::words::{Meaning, Side, canonical, meaning, normalise};
use super::{ImportOptions, IngestError};
use crate::compare::FieldKind;
use crate::domain::held::is_added;
use crate::domain::listed;
use crate::domain::record::{Column, Mark, Overall};

/// In how many records from the top a header is looked for; title lines may stand above it.
pub(crate) const HEADER_WITHIN: usize = 30;

/// Which column of the file is which.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Where each of [`Column::ALL`] stands.
    pub(crate) columns: [Option<usize>; Column::COUNT],
    /// The other columns.
    pub(crate) extras: Vec<(usize, String)>,
    /// Header names in order.
    pub(crate) names: Vec<String>,
    /// How many cells a row has.
    pub(crate) width: usize,
    /// The columns that a file of corrected rows has beside the original ones.
    pub(crate) held: Option<HeldColumns>,
    /// The column with the key, where the file is a record list that was written out.
    pub(crate) listed: Option<usize>,
    /// The cells of its header rows, each [`bare`], to know them again further down.
    head: Vec<Vec<String>>,
    /// The fingerprint of its header row; empty where the file has none.
    pub(crate) fingerprint: String,
    /// Words for marks by profile.
    profile: Option<LayoutProfile>,
}

impl Layout {
    /// Whether the file has a column.
    pub(crate) fn has(&self, column: Column) -> bool {
        self.columns[column.index()].is_some()
    }

    /// Whether a record is a header row once more, as files put together from several have it.
    pub(crate) fn is_header(&self, record: &Record<'_>) -> bool {
        self.head
            .iter()
            .any(|row| row.len() == record.width() && row.iter().zip(record.cells()).all(|(a, b)| a == bare(b)))
    }

    /// How the columns were found, for the audit trail.
    pub(crate) fn words(&self) -> String {
        let how = match (&self.held, self.listed, &self.profile) {
            (Some(_), ..) => "隔離訂正",
            (None, Some(_), _) => "記録の一覧",
            (None, None, Some(_)) => "レイアウト定義",
            (None, None, None) => "見出し",
        };
        format!("{how} {} 列", self.columns.iter().flatten().count())
    }

    /// The columns that the rules use beside the compared ones and the file does not have.
    pub(crate) fn absent(&self) -> Vec<&'static str> {
        use Column::{Acquired, Id, Lost, MatchedOn, Multiple, MyNumber};
        let used = [Id, MyNumber, Acquired, Lost, Multiple, MatchedOn];
        used.into_iter().filter(|column| !self.has(*column)).map(Column::name).collect()
    }

    /// Takes in the names of columns that records have beside the known ones and a list does not show.
    pub(super) fn keep(&mut self, names: impl IntoIterator<Item = String>) {
        self.names.extend(names);
    }

    /// The place of such a name.
    pub(super) fn kept(&self, name: &str) -> Option<u16> {
        let at = self.names.get(self.width..)?.iter().position(|known| known == name)?;
        u16::try_from(self.width + at).ok()
    }

    /// The names of the columns that are kept and not used, as they may be shown.
    pub(crate) fn unused(&self) -> Vec<String> {
        self.extras.iter().map(|(_, name)| shown(name)).collect()
    }

    /// Reads a 判定結果, by the profile's words first.
    pub(crate) fn mark(&self, text: &str) -> Option<Mark> {
        match self.profile.as_ref().and_then(|profile| profile.mark(text)) {
            Some(Overall::Match) => Some(Mark::Match),
            Some(Overall::Mismatch) => Some(Mark::Mismatch),
            Some(Overall::Partial | Overall::Unreadable) => None,
            None => Mark::parse(text),
        }
    }

    /// Reads a 総合判定, by the profile's words first.
    pub(crate) fn overall(&self, text: &str) -> Option<Overall> {
        self.profile.as_ref().and_then(|profile| profile.mark(text)).or_else(|| Overall::parse(text))
    }
}

/// A cell of a header without what a second file or a second pair of quotation marks adds.
fn bare(cell: &str) -> &str {
    cell.trim_start_matches('\u{FEFF}').trim_matches('"')
}

/// What the names of a header resolve to.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// Where each of [`Column::ALL`] stands.
    pub(crate) columns: [Option<usize>; Column::COUNT],
    /// Columns claimed twice, with both places.
    twice: Vec<(Column, usize, usize)>,
    /// Columns that the profile names and the header does not have.
    not_found: Vec<Column>,
}

impl Resolved {
    fn missing(&self) -> impl Iterator<Item = Column> + '_ {
        Column::ALL.into_iter().filter(|column| is_needed(*column) && self.columns[column.index()].is_none())
    }

    fn has_values(&self) -> bool {
        self.missing().all(|column| matches!(column, Column::Mark(_)))
    }

    fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    fn found(&self) -> usize {
        self.columns.iter().flatten().count()
    }

    /// Whether hardly any name was understood.
    fn is_poor(&self) -> bool {
        self.found() < 4
    }
}

/// What the records read so far amount to.
pub(crate) enum Search {
    /// The header is found; data begins below it.
    Found(Box<Layout>),
    /// The first record is data already: the profile says that there is no header.
    Headerless(Box<Layout>),
    /// More records are needed.
    More,
}

/// Looks for the header while the top of the file is read.
pub(crate) struct Finder<'o> {
    profile: Option<&'o LayoutProfile>,
    recompute_marks: bool,
    remembered: &'o [Remembered],
    head: Vec<Vec<String>>,
    best: Option<(Vec<String>, Resolved)>,
    /// After how many records of the top the best header ends.
    best_ends: usize,
    /// Fingerprinter of the record at hand.
    fingerprint: String,
}

impl<'o> Finder<'o> {
    /// Begins.
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
    pub(crate) fn best(self) -> Option<(Vec<String>, Resolved, Vec<Vec<String>>)> {
        let below = self.head.into_iter().skip(self.best_ends).collect();
        self.best.map(|(names, resolved)| (names, resolved, below))
    }

    /// The records taken so far.
    pub(crate) fn records(&self) -> &[Vec<String>] {
        &self.head
    }

    /// Takes the next record from the top.
    pub(crate) fn take(&mut self, cells: Vec<String>) -> Search {
        self.fingerprint = header_print(&cells);
        if self.profile.is_none() {
            let known = self.remembered.iter().find(|remembered| remembered.fingerprint == self.fingerprint);
            self.profile = known.map(|remembered| &remembered.profile);
        }
        if self.head.is_empty() && self.is_headerless(&cells) {
            let names: Vec<String> = (1..=cells.len()).map(|n| format!("列{n}")).collect();
            let resolved = resolve(&names, None, self.profile);
            if resolved.has_values() && (resolved.is_complete() || self.recompute_marks) {
                self.fingerprint.clear();
                return Search::Headerless(Box::new(self.layout(names, &resolved)));
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
                return Search::Found(Box::new(self.found(names, &resolved)));
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
            Some((names, resolved)) => Search::Found(Box::new(self.found(names, &resolved))),
            None => Search::More,
        }
    }

    /// Why no header was found.
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
        let profile = to_fill_in(&names, &resolved);
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
                        Some(Place::Number(number)) => first
                            .get(number - 1)
                            .is_some_and(|cell| profile.mark(cell).or_else(|| Overall::parse(cell)).is_some()),
                        _ => false,
                    }
                }
            }
        }
    }

    /// The layout of a header that ends with the record at hand.
    fn found(&self, names: Vec<String>, resolved: &Resolved) -> Layout {
        let single = self.head.last().is_some_and(|row| *row == names);
        let rows = self.head.len() - if single { 1 } else { 2.min(self.head.len()) };
        let head = self.head[rows..].iter().map(|row| row.iter().map(|cell| bare(cell).to_owned()).collect());
        Layout { head: head.collect(), ..self.layout(names, resolved) }
    }

    fn layout(&self, names: Vec<String>, resolved: &Resolved) -> Layout {
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

/// Whether a record that cannot be used as a row is a header: nearly all of its cells are names of columns.
pub(super) fn is_other_header(cells: &[String]) -> bool {
    let known = |cells: &mut dyn Iterator<Item = &String>| {
        let filled = cells.filter(|cell| !cell.trim().is_empty());
        filled.fold((0, 0), |(all, known), cell| (all + 1, known + usize::from(meaning(cell) != Meaning::Unknown)))
    };
    // The first few tell for nearly every row.
    if cells.len() < 10 || known(&mut cells.iter().take(8)).1 < 3 {
        return false;
    }
    let (all, known) = known(&mut cells.iter());
    known >= 10 && known * 2 > all
}

/// Whether the top of a file has a header whose names stand between other signs than commas.
fn other_separator(head: &[Vec<String>]) -> Option<(&'static str, &'static str)> {
    const KINDS: [(char, &str); 4] = [
        ('\t', "区切りがタブのファイル"),
        (';', "区切りがセミコロン(;)のファイル"),
        ('|', "区切りが縦線(|)のファイル"),
        ('，', "区切りが全角コンマ(，)のファイル"),
    ];
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

/// The names of a header of two rows, each with its group where one stands above it.
fn joined(groups: &[String], names: &[String]) -> Vec<String> {
    carried(groups)
        .zip(names)
        .map(|(group, name)| match (group.trim(), name.trim()) {
            ("", name) => name.to_owned(),
            (group, "") => group.to_owned(),
            (group, name) => format!("{group} {name}"),
        })
        .collect()
}

/// Carries each group name to the right until the next one.
fn carried(groups: &[String]) -> impl Iterator<Item = &str> {
    let mut group = "";
    groups.iter().map(move |name| {
        if !name.trim().is_empty() {
            group = name;
        }
        group
    })
}

/// Says which column each name means.
fn resolve(names: &[String], groups: Option<&[String]>, profile: Option<&LayoutProfile>) -> Resolved {
    let mut resolved = Resolved { columns: [None; Column::COUNT], twice: Vec::new(), not_found: Vec::new() };
    let mut taken = vec![false; names.len()];
    let mut decided = [false; Column::COUNT];
    let full = groups.map_or_else(|| names.to_vec(), |groups| joined(groups, names));
    for (column, place) in profile.iter().flat_map(|profile| &profile.columns) {
        decided[column.index()] = true;
        let at = match place {
            Place::Absent => continue,
            Place::Number(number) => (*number <= names.len()).then(|| number - 1),
            Place::Name(name) => {
                let name = normalise(name);
                full.iter()
                    .position(|known| normalise(known) == name)
                    .or_else(|| names.iter().position(|known| normalise(known) == name))
            }
        };
        match at {
            Some(at) => {
                resolved.columns[column.index()] = Some(at);
                taken[at] = true;
            }
            None => resolved.not_found.push(*column),
        }
    }
    let meanings = meanings(names, groups);
    // The canonical name of a column wins over other words for it.
    for exact in [true, false] {
        for (at, meant) in meanings.iter().enumerate() {
            let Meaning::Column(column) = *meant else { continue };
            if taken[at] || decided[column.index()] || exact != (canonical(&full[at]) == Some(column)) {
                continue;
            }
            match resolved.columns[column.index()] {
                None => {
                    resolved.columns[column.index()] = Some(at);
                    taken[at] = true;
                }
                Some(first) if exact || canonical(&full[first]) != Some(column) => {
                    resolved.twice.push((column, first, at));
                }
                Some(_) => {}
            }
        }
    }
    resolved
}

/// What each name means, with its group above and its neighbours.
fn meanings(names: &[String], groups: Option<&[String]>) -> Vec<Meaning> {
    let mut all: Vec<Meaning> = match groups {
        None => names.iter().map(|name| meaning(name)).collect(),
        Some(groups) => carried(groups)
            .zip(groups)
            .zip(names)
            .map(|((group, own), name)| match meaning(name) {
                known @ Meaning::Column(_) => known,
                _ if name.trim().is_empty() => meaning(own),
                part => match meaning(&format!("{group} {name}")) {
                    known @ Meaning::Column(_) => known,
                    _ => part,
                },
            })
            .collect(),
    };
    // X, X, 判定結果: the first is the 加入者 side, the second the J-LIS side.
    for at in 0..all.len().saturating_sub(2) {
        if let [Meaning::Part(None, Some(first)), Meaning::Part(None, Some(second)), mark] = all[at..at + 3]
            && first == second
            && (mark == Meaning::Part(Some(Side::Mark), None) || mark == Meaning::Column(Column::Mark(first)))
        {
            all[at] = Meaning::Column(Column::Left(first));
            all[at + 1] = Meaning::Column(Column::Right(first));
        }
    }
    // A 判定結果 without a field belongs to the values before it.
    for at in 2..all.len() {
        if all[at] == Meaning::Part(Some(Side::Mark), None)
            && let (Some(first), Some(second)) = (field_of(all[at - 2]), field_of(all[at - 1]))
            && first == second
        {
            all[at] = Meaning::Column(Column::Mark(first));
        }
    }
    all
}

fn field_of(meant: Meaning) -> Option<FieldKind> {
    match meant {
        Meaning::Column(Column::Left(field) | Column::Right(field)) => Some(field),
        _ => None,
    }
}
