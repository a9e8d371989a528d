//! Rows that perhaps speak of another person than the record of their 整理番号 (別人の疑い): how many a file may have. The
//! rules that find them are those of [`crate::domain::identity`].

/// Code of a row that is rejected because it perhaps speaks of another person.
pub(crate) const OTHER_PERSON: &str = "other-person";

/// Advice about such a row.
pub(super) const ADVICE: &str = "正しい行に直すか、同じ人と確かめたときは隔離確認の列に ○ を入れて取り込んでください";

/// Advice about such a row of a record list, which cannot be confirmed there.
pub(super) const ADVICE_OF_LIST: &str =
    "行がずれていないか確かめてください。氏名と生年月日をともに直すときは、突合結果ファイルを取り込んでください";

/// Maximum number of such rows with which a file of any size is accepted without them: now and then one person changes name,
/// date and number at once.
pub(super) const OTHERS_FREE: u64 = 3;

/// Beyond [`OTHERS_FREE`], maximum rate of such rows: one in this many. A file with more is another insurer's or has shifted
/// numbers.
pub(super) const OTHERS_IN: u64 = 1_000;

/// Maximum number of such rows whatever the size of the file; beyond it they are only counted.
pub(super) const MAXIMUM_OTHERS: u64 = 10_000;

/// Maximum number of 整理番号 that a refusal names.
const NAMED: usize = 5;

/// Rows of a file that perhaps speak of another person than their record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OtherPersons {
    /// How many, those left out that were rejected before as they are.
    pub count: u64,
    /// The first 整理番号.
    pub ids: Vec<String>,
    /// Rows beyond `MAXIMUM_RENUMBERED` whose 個人番号 alone is another.
    pub renumbered: u64,
}

impl OtherPersons {
    /// Whether a file of this many rows is refused because of them.
    pub fn is_too_many(&self, rows: u64) -> bool {
        self.renumbered > 0
            || self.count > MAXIMUM_OTHERS
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_held_back_and_more_refuse_the_file() {
        let of = |count| OtherPersons { count, ..OtherPersons::default() };
        for (count, rows, refused) in [
            (0, 1, false),
            (3, 3, false),
            (4, 100, true),
            (4, 3_999, true),
            (4, 4_000, false),
            (1_000, 1_000_000, false),
            (1_001, 1_000_000, true),
            (MAXIMUM_OTHERS, 100_000_000, false),
            (MAXIMUM_OTHERS + 1, 100_000_000, true),
        ] {
            assert_eq!(of(count).is_too_many(rows), refused, "{count} of {rows}");
        }
        assert!(OtherPersons { renumbered: 1, ..OtherPersons::default() }.is_too_many(100_000_000));
    }
}
