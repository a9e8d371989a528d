//! Panels and columns: nothing touches its neighbour at any size, whatever the data holds.

use std::ops::Range;

use ratatui::buffer::Buffer;

use super::tests::{SCREENS, theme, worked};
use super::width_tests::assert_whole;
use super::*;
use crate::app::Msg;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::{InfoBody, Modal};
use crate::app::update::testing::Bench;
use crate::compare::visible;
use crate::domain::record::Column;

const NARROW: CellWidth = CellWidth { ambiguous_wide: false };

/// A closed frame: its columns and rows, edges included.
#[derive(Clone, Debug)]
struct Frame {
    x: Range<u16>,
    y: Range<u16>,
}

impl Frame {
    fn holds(&self, x: u16, y: u16) -> bool {
        self.x.contains(&x) && self.y.contains(&y)
    }
}

fn at(buffer: &Buffer, x: u16, y: u16) -> &str {
    buffer[(x, y)].symbol()
}

/// Every frame of a screen, the lowest first; fails where an edge is broken by anything but a frame above it.
#[track_caller]
fn frames(buffer: &Buffer, what: &str) -> Vec<Frame> {
    let (w, h) = (buffer.area().width, buffer.area().height);
    let corners = |symbol: &str| -> Vec<(u16, u16)> {
        let cells = (0..h).flat_map(|y| (0..w).map(move |x| (x, y)));
        cells.filter(|(x, y)| at(buffer, *x, *y) == symbol).collect()
    };
    // A window lies inside the screen, so its corners are behind those of the frame below it.
    let mut found: Vec<Frame> = Vec::new();
    for (x, y) in corners("┌") {
        let right =
            (x + 1..w).find(|right| at(buffer, *right, y) == "┐").unwrap_or_else(|| panic!("{what}: open at {x},{y}"));
        let bottom = (y + 1..h)
            .find(|bottom| at(buffer, x, *bottom) == "└")
            .unwrap_or_else(|| panic!("{what}: open at {x},{y}"));
        found.push(Frame { x: x..right + 1, y: y..bottom + 1 });
    }
    for (n, frame) in found.iter().enumerate() {
        let covered = |x, y| found[n + 1..].iter().any(|above| above.holds(x, y));
        for y in frame.y.clone() {
            for x in [frame.x.start, frame.x.end - 1] {
                let symbol = at(buffer, x, y);
                let is_edge = !symbol.is_empty() && "│├┤┌┐└┘".contains(symbol);
                assert!(is_edge || covered(x, y), "{what}: {symbol:?} in the edge at {x},{y}");
            }
        }
    }
    found
}

/// Every rule between two panels reaches from one edge to the other, and every title in an edge has a blank or a corner on
/// both sides: nothing of one panel can touch the other.
#[track_caller]
fn assert_divided(buffer: &Buffer, what: &str) {
    assert_whole(buffer, NARROW, what);
    let frames = frames(buffer, what);
    for (n, frame) in frames.iter().enumerate() {
        let covered = |x, y| frames[n + 1..].iter().any(|above| above.holds(x, y));
        let (top, bottom) = (frame.y.start, frame.y.end - 1);
        for x in frame.x.start + 1..frame.x.end - 1 {
            if at(buffer, x, top) != "┬" {
                continue;
            }
            for y in top + 1..bottom {
                assert!(at(buffer, x, y) == "│" || covered(x, y), "{what}: the rule at {x} is broken at {y}");
            }
            assert!(at(buffer, x, bottom) == "┴" || covered(x, bottom), "{what}: the rule at {x} has no end");
        }
        for y in frame.y.clone().filter(|y| "┌├└".contains(at(buffer, frame.x.start, *y))) {
            let rule = |x: u16| "─┬┴┐┘┤├┌└".contains(at(buffer, x, y)) && !at(buffer, x, y).is_empty();
            for x in (frame.x.start + 1..frame.x.end - 1).filter(|x| !rule(*x) && !covered(*x, y)) {
                let beside = [x - 1, x + 1].into_iter().any(|x| rule(x) && !covered(x, y));
                assert!(!beside || at(buffer, x, y) == " ", "{what}: a title touches the rule at {x},{y}");
            }
        }
    }
}

/// The columns of a page that is not divided by a rule: those beside the record of 確認.
fn gap_of_record(model: &Model) -> Option<(Range<u16>, Range<u16>)> {
    let record =
        if model.review.zoom { layout::zoomed(model.shared.size) } else { layout::review(model.shared.size).record };
    let gap = review::record::gap(record)?;
    Some((gap, record.y..record.y + record.h))
}

/// Draws a bench at a size and checks it.
#[track_caller]
fn check(bench: &mut Bench, size: (u16, u16), name: &str) {
    bench.send(Msg::Resize(size.0, size.1));
    // What is said stands over the lowest rows of a screen, as wide as it is.
    bench.model.shared.message = None;
    if let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(attempt, _), .. })) = &mut bench.model.shared.modal {
        attempt.refused = None;
    }
    let buffer = frame(&bench.model, &theme("dark"), NARROW);
    let what = format!("{name} at {}x{}", size.0, size.1);
    assert_divided(&buffer, &what);
    if bench.model.shared.screen == Screen::Review
        && bench.model.shared.modal.is_none()
        && let Some((columns, rows)) = gap_of_record(&bench.model)
    {
        for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
            assert_eq!(at(&buffer, x, y), " ", "{what}: what stands beside the record touches it at {x},{y}");
        }
    }
}

fn opened(keys: &[&str]) -> Bench {
    let mut bench = worked((80, 24));
    keys.iter().for_each(|key| bench.press(key));
    bench
}

/// Every screen and window at every usual width.
#[test]
fn panels_are_divided_at_every_width() {
    for (name, keys) in SCREENS {
        let mut bench = opened(keys);
        for w in 80..=220 {
            check(&mut bench, (w, if w % 2 == 0 { 24 } else { 50 }), name);
        }
        for size in [(40, 10), (60, 16), (71, 20), (72, 20), (116, 16), (121, 30), (300, 100), (500, 200)] {
            check(&mut bench, size, name);
        }
    }
}

/// 状況 with great numbers and long names: what does not fit goes on in the next line, and no line is cut.
#[test]
fn a_full_dashboard_keeps_its_columns_apart() {
    use crate::domain::category::Category;
    use crate::domain::tally::ClassCount;
    let mut bench = opened(&["F4"]);
    let view = bench.model.status.view.as_mut().unwrap();
    for count in view.status.by_class.values_mut() {
        *count = ClassCount { total: 10_000_000, remaining: 7_654_321 };
    }
    (view.status.in_item1, view.status.remaining, view.status.decided) = (40_000_000, 30_000_000, 9_876_543);
    (view.status.out_of_scope, view.quarantined, view.status.changed) = (12_345_678, 123_456, 4_321);
    (view.status.reported, view.status.unreported, view.status.waiting) = (1_234_567, 7_654_321, 123_456);
    view.status.by_category = Category::ALL.into_iter().map(|category| (category, 12_345_678)).collect();
    let operators = ["佐藤", "鈴木花子", "管理者アカウント0001", "sato-hanako@example.jp"];
    view.status.operators = operators.map(|name| (name.to_owned(), 12_345_678)).into();
    view.trend.holds.since = [1_234_567, 30, 20, 10];
    (view.trend.holds.overdue, view.trend.holds.soon, view.trend.holds.oldest) = (123_456, 34_567, 365);
    view.trend.letters = view.trend.holds;
    for outlook in [&mut view.forecast.at_cutoff, &mut view.forecast.release_by, &mut view.forecast.finish_by] {
        outlook.short = 12_345_678;
    }
    view.forecast.remaining = 30_000_000;
    for w in 80..=220 {
        check(&mut bench, (w, 100), "status");
        let text = frame_text(&bench.model, &theme("dark"), NARROW);
        for part in ["隔離 123456", "時間ごとの決定 今日", "状態", "件が残る見込み", "期限超過 123456 件", "最長 365日"]
        {
            assert!(text.contains(part), "{part} at {w}\n{text}");
        }
        // Only names and labels that have a column of their own are shortened.
        let cut: Vec<&str> = text.lines().filter(|line| line.contains('…')).collect();
        assert!(cut.iter().all(|line| line.contains("管理者") || line.contains("sato")), "{w}: {cut:?}");
    }
}

/// Texts that bring grids out of step: marks that join, emoji, halfwidth sound marks, ambiguous width, other directions,
/// nothing visible at all, no end.
fn strange() -> Vec<String> {
    let mut texts: Vec<String> = [
        "か\u{3099}は\u{309a}e\u{301}o\u{308}\u{323}",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦👍🏽🇯🇵❤\u{fe0f}1\u{fe0f}\u{20e3}",
        "ﾊﾟｶﾞﾞﾟｰ｡ﾞﾟ",
        "○①※αЖ…±×÷→━■☆℡㈱Ⅳ",
        "葛\u{e0100}辻\u{e0101}𠮷𩸽\u{e000}\u{f8ff}",
        "\u{202e}abc\u{202c}אבגعربي",
        "각क्षिกำไทย\u{1100}\u{1161}\u{11a8}",
        "Z\u{351}\u{34b}\u{341}\u{489}\u{300}\u{301}\u{302}\u{303}\u{304}a",
        "\t\r\n\u{7}\u{1b}[31m\u{200b}\u{feff}\u{ad}",
        "　 　",
        "",
        "﷽⸻꧅𒐫",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push(texts.concat());
    texts.push("東京都港区赤坂１丁目２番地３号".repeat(8));
    texts.push("\u{301}".repeat(40));
    texts
}

/// Puts a text wherever foreign text is shown.
fn fill(model: &mut Model, text: &str) {
    let of_record = |row: &mut crate::domain::record::Row| {
        for column in Column::ALL {
            let keeps = matches!(column, Column::MyNumber | Column::Mark(_) | Column::Overall);
            if !keeps {
                row.cells[column.index()] = format!("{}{text}", row.cell(column));
            }
        }
    };
    // Comparing costs the most: of the records only the one that is drawn, and once.
    let here = model.record();
    let drawn = |no: &crate::domain::record::RecordNo| Some(*no) == here;
    let views = model.review.cache.records.iter_mut().filter(|(no, view)| drawn(no) && view.case.note != text);
    for (_, view) in views {
        let mut changed = (**view).clone();
        of_record(&mut changed.record.row);
        changed.comparisons = crate::view::compare_row(&changed.record.row);
        for sign in &mut changed.signs {
            sign.other = sign.other.as_ref().map(|other| format!("{other}{text}"));
            sign.record.iter_mut().for_each(|record| of_record(&mut record.row));
        }
        changed.case.note = text.to_owned();
        changed.case.operator = text.to_owned();
        *view = std::sync::Arc::new(changed);
    }
    for line in model.review.cache.lines.values_mut() {
        (line.id, line.name, line.operator) = (format!("{}{text}", line.id), text.to_owned(), text.to_owned());
    }
    for step in &mut model.history.steps {
        step.id.push_str(text);
        step.event.reason = text.to_owned();
        step.event.actor.operator = text.to_owned();
        [&mut step.event.before, &mut step.event.after]
            .into_iter()
            .flatten()
            .for_each(|case| case.note = text.to_owned());
    }
    for row in model.quarantine.rows.iter_mut().flatten() {
        // Cells and names of a held-back row are made visible where they are made.
        (row.file, row.reason) = (text.to_owned(), text.to_owned());
        row.cells.iter_mut().for_each(|cell| *cell = visible(text).into_owned());
        row.names.iter_mut().for_each(|name| *name = text.to_owned());
    }
    if let Some(view) = &mut model.status.view {
        view.file = text.to_owned();
        view.status.operators = [(text.to_owned(), 12_345_678), ("佐藤".to_owned(), 3)].into();
    }
    for column in &mut model.mapping.columns {
        column.name = visible(text).into_owned();
        column.samples = vec![visible(text).into_owned(); 3];
    }
    if let Some(all) = &mut model.output.all {
        all.sent.iter_mut().for_each(|sent| sent.operator = text.to_owned());
    }
    model.shared.workspace.label = text.to_owned();
    if let Some(Modal::Info { body: InfoBody::Related(_, Some(found)), .. }) = &mut model.shared.modal {
        for row in &mut found.rows {
            (row.id, row.summary) = (format!("{}{text}", row.id), text.to_owned());
            row.detail.iter_mut().for_each(|(_, value)| *value = visible(text).into_owned());
        }
    }
    if let Some(Modal::Prompt(prompt)) = &mut model.shared.modal {
        prompt.line = crate::app::text_input::TextInput::of(text);
    }
}

/// Whatever the data holds, every screen keeps its frames, rules and cells, on small terminals and on very large ones.
#[test]
fn strange_text_moves_no_column() {
    for text in strange() {
        for (name, keys) in SCREENS {
            let mut bench = opened(keys);
            fill(&mut bench.model, &text);
            for size in [(80, 24), (300, 100)] {
                // What an answer brings anew is filled as well.
                bench.send(Msg::Resize(size.0, size.1));
                fill(&mut bench.model, &text);
                check(&mut bench, size, &format!("{name} with {text:?}"));
                let wide = CellWidth { ambiguous_wide: true };
                assert_whole(&frame(&bench.model, &theme("mono"), wide), wide, name);
            }
        }
    }
}

/// Every line of a list begins its columns where the others do, whatever stands in them.
#[test]
fn columns_of_lists_stay_in_line() {
    for text in strange() {
        let mut bench = opened(&["F6", "tab"]);
        for (n, step) in bench.model.history.steps.iter_mut().enumerate() {
            step.event.actor.operator = if n % 2 == 0 { text.clone() } else { "佐藤".to_owned() };
        }
        bench.model.shared.size = (140, 30);
        let buffer = frame(&bench.model, &theme("dark"), NARROW);
        for y in (2..).take(bench.model.history.steps.len()) {
            // ▶, `12/11 10:00 `, nine cells of the operator, a blank.
            assert_eq!(
                (at(&buffer, 23, y), at(&buffer, 24, y), at(&buffer, 25, y)),
                (" ", "0", "0"),
                "{text:?} in {y}"
            );
        }
    }
}
