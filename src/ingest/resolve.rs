//! Resolves the names of a header to columns: by the profile, by its canonical name, by its words and its neighbours.

use super::profile::{ColumnRef, LayoutProfile, is_needed};
use super::words::{Meaning, Side, canonical, meaning, normalise};
use crate::compare::FieldKind;
use crate::domain::record::Column;

/// The columns that the names of a header mean.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedHeader {
    /// Index of each of [`Column::ALL`] in the file.
    pub(crate) columns: [Option<usize>; Column::COUNT],
    /// Columns claimed twice, with both places.
    pub(super) twice: Vec<(Column, usize, usize)>,
    /// Columns that the profile names and the header does not have.
    pub(super) not_found: Vec<Column>,
}

impl ResolvedHeader {
    pub(super) fn missing(&self) -> impl Iterator<Item = Column> + '_ {
        Column::ALL.into_iter().filter(|column| is_needed(*column) && self.columns[column.index()].is_none())
    }

    pub(super) fn has_values(&self) -> bool {
        self.missing().all(|column| matches!(column, Column::Mark(_)))
    }

    pub(super) fn is_complete(&self) -> bool {
        self.missing().next().is_none()
    }

    pub(super) fn found(&self) -> usize {
        self.columns.iter().flatten().count()
    }

    /// Whether too few names were recognised for a header.
    pub(super) fn is_poor(&self) -> bool {
        self.found() < 4
    }
}

/// The names of a header of two rows, each with its group where one stands above it.
pub(super) fn joined(groups: &[String], names: &[String]) -> Vec<String> {
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

/// Resolves names to columns.
pub(super) fn resolve(names: &[String], groups: Option<&[String]>, profile: Option<&LayoutProfile>) -> ResolvedHeader {
    let mut resolved = ResolvedHeader { columns: [None; Column::COUNT], twice: Vec::new(), not_found: Vec::new() };
    let mut taken = vec![false; names.len()];
    let mut decided = [false; Column::COUNT];
    let full = groups.map_or_else(|| names.to_vec(), |groups| joined(groups, names));
    for (column, place) in profile.iter().flat_map(|profile| &profile.columns) {
        decided[column.index()] = true;
        let at = match place {
            ColumnRef::Absent => continue,
            ColumnRef::Number(number) => (*number <= names.len()).then(|| number - 1),
            ColumnRef::Name(name) => {
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
