//! Rows that perhaps speak of another person than the record of their 整理番号 (別人の疑い): how many a file may have, and
//! who holds a 個人番号 that is new to a record. The rules are those of [`crate::domain::identity`].

use std::collections::{HashMap, HashSet};

use super::danger::DangerPass;
use super::delta::Deferred;
use crate::domain::identity::{Change, is_other_person};
use crate::domain::record::{Cells, Column, RecordNo, Row};
use crate::store::{Import, StoreError, codec};

/// The code of a row that is held back because it perhaps speaks of another person.
pub(crate) const OTHER_PERSON: &str = "other-person";

/// What to do about such a row.
pub(super) const ADVICE: &str = "正しい行に直すか、同じ人と確かめたときは隔離確認の列に ○ を入れて取り込んでください";

/// What to do about such a row of a record list, which cannot be confirmed there.
pub(super) const ADVICE_OF_LIST: &str =
    "行がずれていないか確かめてください。氏名と生年月日をともに直すときは、突合結果ファイルを取り込んでください";

/// Number of such rows that are held back, and the rest of the file taken, in a file of any size: one person changes
/// name, date and number at once now and then.
pub(super) const OTHERS_FREE: u64 = 3;

/// Beyond [`OTHERS_FREE`] at most one row in so many; a file with more is another insurer's or has shifted numbers.
pub(super) const OTHERS_IN: u64 = 1_000;

/// Maximum number of such rows whatever the size of the file; beyond it they are only counted.
pub(super) const MOST_OTHERS: u64 = 10_000;

/// Maximum number of rows whose 個人番号 alone is another, which wait in memory for the end of the file: then it is known
/// whose number it was. About one number in 250,000 rows is wrong, so a file that changes more is not correcting them.
pub(super) const MOST_RENUMBERED: usize = 1_000;

/// Number of 整理番号 that a refusal names.
const NAMED: usize = 5;

/// Rows of a file that perhaps speak of another person than their record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Others {
    /// How many, those left out that were held back before as they are.
    pub count: u64,
    /// The first 整理番号.
    pub ids: Vec<String>,
    /// Rows beyond `MOST_RENUMBERED` whose 個人番号 alone is another.
    pub renumbered: u64,
}

impl Others {
    /// Whether a file of so many rows is refused for them.
    pub fn is_too_many(&self, rows: u64) -> bool {
        self.renumbered > 0
            || self.count > MOST_OTHERS
            || self.count > OTHERS_FREE && self.count.saturating_mul(OTHERS_IN) > rows
    }

    /// Counts one.
    pub(super) fn add(&mut self, id: &str) {
        self.count += 1;
        self.name(id);
    }

    /// Counts one whose 個人番号 alone is another, too many of which are `waiting` already.
    pub(super) fn add_renumbered<'a>(&mut self, id: &str, waiting: impl Iterator<Item = &'a str>) {
        if self.renumbered == 0 {
            waiting.take(NAMED).for_each(|id| self.name(id));
        }
        self.renumbered += 1;
        self.name(id);
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.count + self.renumbered
    }

    fn name(&mut self, id: &str) {
        if self.ids.len() < NAMED {
            self.ids.push(id.to_owned());
        }
    }
}

/// A row whose 個人番号 is new to its record, and waits for the end of the file.
pub(super) struct Renumbered {
    pub(super) no: RecordNo,
    pub(super) change: Change,
    pub(super) row: Deferred,
}

impl Renumbered {
    /// Its record key.
    pub(super) fn key(&self) -> &str {
        &self.row.key
    }
}

/// Rows read together.
const TOGETHER: usize = 1_024;

/// Maximum number of rows with one 個人番号 that are looked at; more hold a placeholder.
const MOST_HOLDERS: usize = 64;

/// For each waiting row, whether its new 個人番号 is that of another record's person: in the file, or in the store where the
/// file says nothing of that record.
pub(super) fn are_taken(
    waiting: &[Renumbered],
    danger: &DangerPass,
    writer: &mut Import<'_>,
) -> Result<Vec<bool>, StoreError> {
    let rows: Vec<_> =
        waiting.iter().map(|one| codec::cells(&one.row.packed, Column::COUNT).unwrap_or([""; _])).collect();
    let mut search = Search { waiting, taken: vec![false; waiting.len()], by_number: HashMap::new(), rows: &rows };
    for (at, row) in rows.iter().enumerate() {
        if let Some(number) = row.my_number().and_then(|number| number.join_key()) {
            search.by_number.entry(number).or_default().push(at);
        }
    }
    if search.by_number.is_empty() {
        return Ok(search.taken);
    }
    for (one, row) in waiting.iter().zip(&rows) {
        search.look_at(one.no, row);
    }
    let wanted: HashSet<u32> = waiting.iter().filter_map(|one| one.row.keys.number()).collect();
    let in_file = danger.holders(&wanted, MOST_HOLDERS);
    for nos in [in_file, writer.unmet()?] {
        for nos in nos.chunks(TOGETHER) {
            for (&no, row) in nos.iter().zip(writer.rows(nos)?) {
                search.look_at(no, &row as &Row);
            }
        }
    }
    Ok(search.taken)
}

struct Search<'a> {
    waiting: &'a [Renumbered],
    rows: &'a [[&'a str; Column::COUNT]],
    taken: Vec<bool>,
    by_number: HashMap<u64, Vec<usize>>,
}

impl Search<'_> {
    /// Notes whose new number the row of a record holds.
    fn look_at(&mut self, no: RecordNo, row: &impl Cells) {
        let Some(number) = row.my_number().and_then(|number| number.join_key()) else { return };
        for &at in self.by_number.get(&number).map_or(&[][..], Vec::as_slice) {
            if self.waiting[at].no != no && !self.taken[at] {
                self.taken[at] = is_other_person(row, &self.rows[at]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_held_back_and_more_refuse_the_file() {
        let of = |count| Others { count, ..Others::default() };
        for (count, rows, refused) in [
            (0, 1, false),
            (3, 3, false),
            (4, 100, true),
            (4, 3_999, true),
            (4, 4_000, false),
            (1_000, 1_000_000, false),
            (1_001, 1_000_000, true),
            (MOST_OTHERS, 100_000_000, false),
            (MOST_OTHERS + 1, 100_000_000, true),
        ] {
            assert_eq!(of(count).is_too_many(rows), refused, "{count} of {rows}");
        }
        assert!(Others { renumbered: 1, ..Others::default() }.is_too_many(100_000_000));
    }
}
