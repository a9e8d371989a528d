//! Two values under each other: spans of the comparison side by side, wrapped together, with markers that need no colour.

use crate::compare::{Aligned, CellWidth, Code, Comparison, SpanKind, VisibleUnit, holds_together, visible_units};
use crate::config::theme::Role;
use crate::tui::view::canvas::{Line, Span, span};

/// One stretch of both values that fits the width, and the markers under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::tui::view) struct Row {
    pub(in crate::tui::view) left: Line,
    pub(in crate::tui::view) right: Line,
    /// `~` notation, `?` uncertain, `^` different; blank when nothing differs.
    pub(in crate::tui::view) marks: String,
}

/// Lays both values out in rows of at most `cells`.
pub(in crate::tui::view) fn rows(
    texts: (&str, &str),
    comparison: &Comparison,
    width: CellWidth,
    cells: usize,
    gap: &str,
) -> Vec<Row> {
    let cells = cells.max(2);
    let whole = [Aligned { kind: SpanKind::Different, left: 0..texts.0.len(), right: 0..texts.1.len() }];
    let joined = join_torn(texts, comparison, width, cells);
    let spans: &[Aligned] = if joined.is_empty() { &whole } else { &joined };
    let (left_units, right_units) = (visible_units(texts.0), visible_units(texts.1));
    let mut out = Rows { rows: Vec::new(), row: Row::default(), used: 0, cells, width, gap };
    for (n, aligned) in spans.iter().enumerate() {
        let pick = |units: &[VisibleUnit], range: &std::ops::Range<usize>| -> Vec<VisibleUnit> {
            units.iter().filter(|unit| range.contains(&unit.range.start)).cloned().collect()
        };
        let left = pick(&left_units, &aligned.left);
        let right = pick(&right_units, &aligned.right);
        let tails = [rest_of_number(&left_units, aligned.left.end), rest_of_number(&right_units, aligned.right.end)];
        let tails = tails.map(|units| units.iter().map(|unit| width.of(&unit.shown)).sum());
        out.add(aligned.kind, (&left, &right), tails, n + 1 == spans.len());
    }
    out.finish()
}

/// The units that go on behind a place with the number that ends there.
fn rest_of_number(units: &[VisibleUnit], end: usize) -> &[VisibleUnit] {
    let from = units.partition_point(|unit| unit.range.start < end);
    let goes_on = |at: &usize| *at > 0 && *at < units.len() && together(&units[at - 1..=*at]);
    let to = (from..units.len()).find(|at| !goes_on(at)).unwrap_or(units.len());
    &units[from..to]
}

/// Whether two units stand in one number or word.
fn together(pair: &[VisibleUnit]) -> bool {
    matches!(pair, [before, after] if holds_together(&before.shown, &after.shown))
}

/// Two values that share little more than single characters are shown whole, one above the other: pulled apart so that these
/// stand under each other over several rows, neither could be read. What both begin and end with stays as it is, and so does
/// all where single characters differ in what is alike: those have to be seen.
fn join_torn(texts: (&str, &str), comparison: &Comparison, width: CellWidth, room: usize) -> Vec<Aligned> {
    let spans = &comparison.aligned[..];
    let is_equal = |span: &Aligned| span.kind == SpanKind::Equal;
    let Some(from) = spans.iter().position(|span| !is_equal(span)) else { return spans.to_vec() };
    // Below another municipality nothing is the same, whatever the characters say.
    let is_elsewhere = comparison.reasons.iter().any(|step| step.code == Code::A6);
    let to = spans.iter().rposition(|span| is_elsewhere || !is_equal(span)).unwrap_or(from);
    let middle = &spans[from..=to];
    let each = |span: &Aligned| width.of(&texts.0[span.left.clone()]).max(width.of(&texts.1[span.right.clone()]));
    let is_apart = |span: &&Aligned| span.kind == SpanKind::Different || span.left.is_empty() || span.right.is_empty();
    let apart: usize = middle.iter().filter(is_apart).map(each).sum();
    let is_torn = middle.len() > 2
        && middle.iter().any(|span| span.kind == SpanKind::Different)
        && 2 * apart > middle.iter().map(each).sum();
    if !is_elsewhere && (!is_torn || spans.iter().map(each).sum::<usize>() <= room) {
        return spans.to_vec();
    }
    let last = &spans[to];
    let whole = Aligned {
        kind: SpanKind::Different,
        left: spans[from].left.start..last.left.end,
        right: spans[from].right.start..last.right.end,
    };
    [&spans[..from], &[whole], &spans[to + 1..]].concat()
}

struct Rows<'a> {
    rows: Vec<Row>,
    row: Row,
    used: usize,
    cells: usize,
    width: CellWidth,
    gap: &'a str,
}

impl Rows<'_> {
    /// Adds a span, breaking it where the row is full; `tails` are the cells of the numbers that go on in the next spans.
    fn add(&mut self, kind: SpanKind, sides: (&[VisibleUnit], &[VisibleUnit]), tails: [usize; 2], last: bool) {
        let (mut left, mut right) = sides;
        while !left.is_empty() || !right.is_empty() {
            let room = self.cells - self.used;
            let most = self.fitting(left, room, 0).1.max(self.fitting(right, room, 0).1);
            // What goes on begins behind the longer side.
            let fitting = |units: &[VisibleUnit], tail: usize| {
                let own = self.fitting(units, room, 0).1;
                self.fitting(units, room, if tail > 0 { tail + most - own } else { 0 })
            };
            let (taken_left, cells_left) = fitting(left, tails[0]);
            let (taken_right, cells_right) = fitting(right, tails[1]);
            let cells = cells_left.max(cells_right);
            if cells == 0 && self.used > 0 {
                self.close();
                continue;
            }
            push(&mut self.row.left, &left[..taken_left], kind);
            push(&mut self.row.right, &right[..taken_right], kind);
            left = &left[taken_left..];
            right = &right[taken_right..];
            let ends = last && left.is_empty() && right.is_empty();
            if !ends {
                self.fill_gap(true, cells - cells_left);
                self.fill_gap(false, cells - cells_right);
            }
            let mark = match kind {
                SpanKind::Equal => ' ',
                SpanKind::Notation => '~',
                SpanKind::Uncertain => '?',
                SpanKind::Different => '^',
            };
            self.row.marks.extend(std::iter::repeat_n(mark, cells));
            self.used += cells;
            if !left.is_empty() || !right.is_empty() || self.used >= self.cells {
                self.close();
            }
        }
    }

    /// How many units fit into some cells, and the cells they take; one that never fits stands alone.
    ///
    /// A number that would be broken goes to the next row whole where that leaves no more than half of this one empty.
    fn fitting(&self, units: &[VisibleUnit], room: usize, tail: usize) -> (usize, usize) {
        let cells = |units: &[VisibleUnit]| units.iter().map(|unit| self.width.of(&unit.shown)).sum::<usize>();
        let (mut fits, mut used) = (0, 0);
        for unit in units {
            let next = used + self.width.of(&unit.shown);
            if next > room {
                break;
            }
            (fits, used) = (fits + 1, next);
        }
        if fits == units.len() && (tail == 0 || used + tail <= room) {
            return (fits, used);
        }
        let torn = |at: usize| at > 0 && (at == units.len() || together(&units[at - 1..=at]));
        let whole = (0..=fits).rev().find(|at| !torn(*at)).unwrap_or(0);
        let before = self.used + cells(&units[..whole]);
        if whole < fits && before > 0 && 2 * before >= self.cells {
            return (whole, cells(&units[..whole]));
        }
        if fits == 0 && self.used == 0 && !units.is_empty() { (1, room) } else { (fits, used) }
    }

    fn fill_gap(&mut self, left: bool, cells: usize) {
        if cells > 0 {
            let side = if left { &mut self.row.left } else { &mut self.row.right };
            side.push(span(self.gap.repeat(cells), Role::Dim));
        }
    }

    fn close(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
        self.used = 0;
    }

    fn finish(mut self) -> Vec<Row> {
        if !self.row.left.is_empty() || !self.row.right.is_empty() || self.rows.is_empty() {
            self.close();
        }
        for row in &mut self.rows {
            let end = row.marks.trim_end().len();
            row.marks.truncate(end);
        }
        self.rows
    }
}

fn push(line: &mut Line, units: &[VisibleUnit], kind: SpanKind) {
    let plain = match kind {
        SpanKind::Equal => Role::DiffEqual,
        SpanKind::Notation => Role::DiffNotation,
        SpanKind::Uncertain => Role::DiffUncertain,
        SpanKind::Different => Role::DiffReplace,
    };
    for unit in units {
        let role = if unit.special && kind == SpanKind::Equal { Role::Special } else { plain };
        match line.last_mut() {
            Some(Span { text, role: last }) if *last == role => text.push_str(&unit.shown),
            _ => line.push(span(unit.shown.clone(), role)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{FieldKind, compare};
    use crate::tui::view::canvas::cells as line_cells;

    const NARROW: CellWidth = CellWidth { ambiguous_wide: false };

    fn text(line: &Line) -> String {
        line.iter().map(|span| span.text.as_str()).collect()
    }

    fn laid(left: &str, right: &str, cells: usize) -> Vec<Row> {
        rows((left, right), &compare(FieldKind::Kanji, left, right), NARROW, cells, "·")
    }

    #[test]
    fn equal_parts_stand_under_each_other() {
        let rows = laid("高崎　一郎", "髙﨑　一郎", 40);
        assert_eq!(rows.len(), 1);
        assert_eq!(text(&rows[0].left), "高崎　一郎");
        assert_eq!(text(&rows[0].right), "髙﨑　一郎");
        assert_eq!(rows[0].marks, "~~~~");
    }

    #[test]
    fn a_missing_part_leaves_a_visible_gap() {
        let whole = Comparison {
            aligned: vec![
                Aligned { kind: SpanKind::Notation, left: 0..0, right: 0..6 },
                Aligned { kind: SpanKind::Equal, left: 0..6, right: 6..12 },
            ],
            ..compare(FieldKind::Kanji, "赤坂", "港区赤坂")
        };
        let rows = rows(("赤坂", "港区赤坂"), &whole, NARROW, 40, "·");
        assert_eq!((text(&rows[0].left), text(&rows[0].right)), ("····赤坂".to_owned(), "港区赤坂".to_owned()));
    }

    /// Addresses of two towns share 県, 市 and 番地 here and there; they are read whole.
    #[test]
    fn what_shares_only_single_characters_is_not_pulled_apart() {
        let (left, right) = ("神奈川県茅ヶ崎市本村４丁目４番３号", "千葉県市原市大字山口２２３４番地４");
        let rows = rows((left, right), &compare(FieldKind::Address, left, right), NARROW, 30, "·");
        assert_eq!(rows.len(), 2);
        let shown = |side: fn(&Row) -> &Line| rows.iter().map(|row| text(side(row))).collect::<Vec<_>>();
        assert_eq!(shown(|row| &row.left).concat().replace('·', ""), left);
        assert!(shown(|row| &row.left)[0].starts_with("神奈川県茅ヶ崎市本村４丁目４"), "{rows:?}");
        assert!(shown(|row| &row.right)[0].starts_with("千葉県市原市大字山口２２３４"), "{rows:?}");
        assert_eq!(rows[0].marks, "^".repeat(30));
        // One number that differs stands out, however else the rest is written.
        let (left, right) = ("赤坂１丁目２番地３号", "赤坂1-9-3");
        let span = |kind, left: std::ops::Range<usize>, right| Aligned { kind, left, right };
        let aligned = vec![
            span(SpanKind::Equal, 0..6, 0..6),
            span(SpanKind::Notation, 6..15, 6..8),
            span(SpanKind::Different, 15..18, 8..9),
            span(SpanKind::Notation, 18..30, 9..11),
        ];
        let comparison = Comparison { aligned, ..compare(FieldKind::Address, left, right) };
        assert_eq!(join_torn((left, right), &comparison, NARROW, 10), comparison.aligned);
        // Names are short enough to show what they share.
        let rows = laid("西村 純子", "中村　博之", 30);
        assert_eq!((rows.len(), rows[0].marks.as_str()), (1, "^^  ~~^^^^"));
    }

    /// A row ends between a number and a text, also where the number goes on in the next span.
    #[test]
    fn numbers_stay_in_one_row() {
        for (left, right, cells, expected) in [
            // The whole number moves to the next row.
            ("東京都港区赤坂１２３４番地", "東京都港区赤坂１２３４番地", 20, ["東京都港区赤坂", "１２３４番地"]),
            // Its last digit differs: a span of its own.
            ("東京都港区赤坂１２３４番地", "東京都港区赤坂１２３５番地", 20, ["東京都港区赤坂", "１２３４番地"]),
            (
                "東京都港区赤坂五丁目二十三番地",
                "東京都港区赤坂五丁目二十四番地",
                24,
                ["東京都港区赤坂五丁目", "二十三番地"],
            ),
            // More than half a row would stay empty.
            ("赤坂１２３４５６７８", "赤坂１２３４５６７９", 12, ["赤坂１２３４", "５６７８"]),
        ] {
            let comparison = compare(FieldKind::Address, left, right);
            let rows = rows((left, right), &comparison, NARROW, cells, "·");
            let shown: Vec<String> = rows.iter().map(|row| text(&row.left).replace('·', "")).collect();
            assert_eq!(shown, expected, "{left} {right} {:?}", comparison.aligned);
        }
    }

    proptest::proptest! {
        /// Nothing of either value is lost, and no row is wider than asked.
        #[test]
        fn every_character_is_shown(left in "[a-z山田1２－二十\u{200b}ﾊﾟ　]{0,20}", right in "[a-z山田1２－二十●　]{0,20}", cells in 10usize..40) {
            let rows = laid(&left, &right, cells);
            let without_gaps = |side: &dyn Fn(&Row) -> &Line| -> String {
                rows.iter().flat_map(|row| side(row).iter()).filter(|s| s.role != Role::Dim).map(|s| s.text.as_str()).collect()
            };
            proptest::prop_assert_eq!(without_gaps(&|row| &row.left), crate::compare::visible(&left).into_owned());
            proptest::prop_assert_eq!(without_gaps(&|row| &row.right), crate::compare::visible(&right).into_owned());
            for row in &rows {
                proptest::prop_assert!(line_cells(NARROW, &row.left) <= cells);
                proptest::prop_assert!(line_cells(NARROW, &row.right) <= cells);
                proptest::prop_assert!(row.marks.chars().count() <= cells);
            }
        }
    }
}
