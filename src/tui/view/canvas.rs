//! Drawing on a buffer cell by cell, with the widths of the operator's terminal and the roles of the theme.
//!
//! A character of two cells stands in the first; the second holds an empty symbol. Whatever covers one half of such a
//! character blanks the other, so that no half of a kanji is left beside a window.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color as TermColor, Modifier, Style as TermStyle};
use unicode_segmentation::UnicodeSegmentation;

use crate::app::layout::Area;
use crate::compare::{CellWidth, has_sound_mark, stands_alone};
use crate::config::theme::{Color, Role, Style, Theme};

/// Text in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) text: String,
    pub(super) role: Role,
}

/// A line of such texts.
pub(super) type Line = Vec<Span>;

/// Builds a text in a role.
pub(super) fn span(text: impl Into<String>, role: Role) -> Span {
    Span { text: text.into(), role }
}

/// Characters that frames and gauges are made of.
pub(super) struct Glyphs {
    pub(super) horizontal: &'static str,
    pub(super) vertical: &'static str,
    pub(super) corners: [&'static str; 4],
    /// Where frames meet: ┬ ┴ ├ ┤.
    pub(super) tees: [&'static str; 4],
    pub(super) fill: &'static str,
    pub(super) rest: &'static str,
    /// Stands where one side of a comparison has nothing.
    pub(super) gap: &'static str,
}

const LINES: Glyphs = Glyphs {
    horizontal: "─",
    vertical: "│",
    corners: ["┌", "┐", "└", "┘"],
    tees: ["┬", "┴", "├", "┤"],
    fill: "█",
    rest: "░",
    gap: "·",
};

/// Line drawing is two cells wide where ambiguous characters are: letters then.
const LETTERS: Glyphs = Glyphs {
    horizontal: "-",
    vertical: "|",
    corners: ["+", "+", "+", "+"],
    tees: ["+", "+", "+", "+"],
    fill: "#",
    rest: ".",
    gap: ".",
};

/// A buffer with everything needed to draw on it.
pub(super) struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    pub(super) width: CellWidth,
    pub(super) glyphs: &'static Glyphs,
    /// Where the cursor of the terminal belongs, if it is shown.
    pub(super) cursor: Option<(u16, u16)>,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, theme: &'a Theme, width: CellWidth) -> Self {
        let glyphs = if width.ambiguous_wide { &LETTERS } else { &LINES };
        Self { buffer, theme, width, glyphs, cursor: None }
    }

    fn area(&self) -> Rect {
        *self.buffer.area()
    }

    /// Writes text in at most `room` cells; gives the column behind it.
    pub(super) fn put(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        self.put_part(x, y, room, text, role).0
    }

    /// Writes text in at most `room` cells; gives the column behind it, and whether something that can be seen was cut.
    fn put_part(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> (u16, bool) {
        let area = self.area();
        let end = x.saturating_add(room).min(area.width);
        if y >= area.height || x >= end {
            return (x, y < area.height && !text.trim().is_empty());
        }
        let (width, look) = (self.width, CellStyle::of(self.theme, role));
        let mut row = self.row(y);
        let (mut at, mut cut) = (usize::from(x), false);
        row.part(at);
        let end = usize::from(end);
        // Finding clusters costs more than drawing them; most text has none.
        if text.chars().all(stands_alone) {
            for (start, c) in text.char_indices() {
                let cells = width.of_char(c).min(2);
                if at + cells > end {
                    cut = !text[start..].trim().is_empty();
                    break;
                }
                row.set(at, cells, c.encode_utf8(&mut [0; 4]), look);
                at += cells;
            }
        } else {
            for cluster in text.graphemes(true) {
                // Halfwidth sound marks have a cell of their own; terminals do not join them.
                let apart = has_sound_mark(cluster);
                let parts = if apart { cluster.char_indices().count() } else { 1 };
                let mut rest = cluster;
                for _ in 0..parts {
                    let cut = if apart { rest.chars().next().map_or(0, char::len_utf8) } else { rest.len() };
                    let (part, behind) = rest.split_at(cut);
                    rest = behind;
                    let cells = width.of(part).min(2);
                    // What has no width has no place of its own, and controls never reach a terminal.
                    if cells == 0 || part.chars().any(char::is_control) {
                        continue;
                    }
                    if at + cells > end {
                        row.orphans(at);
                        return (at as u16, true);
                    }
                    row.set(at, cells, part, look);
                    at += cells;
                }
            }
        }
        row.orphans(at);
        // No column lies beyond the width, which counts in u16.
        (at as u16, cut)
    }

    fn row(&mut self, y: u16) -> Row<'_> {
        let w = usize::from(self.buffer.area().width);
        let start = usize::from(y) * w;
        Row(&mut self.buffer.content[start..start + w])
    }

    /// Writes a line and fills the rest of its room; one that is too long ends in `…`.
    pub(super) fn line(&mut self, x: u16, y: u16, room: u16, line: &[Span], rest: Role) {
        let mut at = x;
        let end = x.saturating_add(room);
        for span in line {
            let cut;
            (at, cut) = self.put_part(at, y, end.saturating_sub(at), &span.text, span.role);
            if cut {
                let dots = self.cells("…").min(room);
                self.fill(Area { x: at, y, w: end.saturating_sub(at), h: 1 }, rest);
                at = self.put(end - dots, y, dots, "…", span.role);
                break;
            }
        }
        self.fill(Area { x: at, y, w: end.saturating_sub(at), h: 1 }, rest);
    }

    /// Blanks an area.
    pub(super) fn fill(&mut self, area: Area, role: Role) {
        let screen = self.area();
        let (from, end) = (usize::from(area.x), usize::from(area.x.saturating_add(area.w).min(screen.width)));
        let look = CellStyle::of(self.theme, role);
        if from >= end {
            return;
        }
        for y in area.y..area.y.saturating_add(area.h).min(screen.height) {
            let mut row = self.row(y);
            row.part(from);
            row.part(end);
            for cell in &mut row.0[from..end] {
                cell.reset();
                look.wear(cell);
            }
        }
    }

    /// Lays the style of a role over an area; the text stays.
    pub(super) fn tint(&mut self, area: Area, role: Role) {
        let style = term_style(self.theme.style(role));
        self.buffer.set_style(Rect::new(area.x, area.y, area.w, area.h).intersection(self.area()), style);
    }

    /// Writes a line of a list; on the selected one too, what is looked for stands out.
    pub(super) fn list_row(&mut self, area: Area, y: u16, line: &[Span], selected: bool) {
        self.line(area.x, y, area.w, line, Role::Text);
        if !selected {
            return;
        }
        self.tint(Area { x: area.x, y, w: area.w, h: 1 }, Role::Selection);
        let (mut x, end) = (area.x, area.x + area.w);
        for one in line {
            let cells = self.cells(&one.text);
            if one.role == Role::Match {
                let room = end.saturating_sub(x);
                let shown = self.width.truncate(&one.text, usize::from(room)).into_owned();
                self.put(x, y, room, &shown, Role::Match);
            }
            x = x.saturating_add(cells);
        }
    }

    /// Draws a frame around an area's edge, with a title.
    pub(super) fn frame(&mut self, area: Area, title: &str, role: Role) {
        if area.w < 2 || area.h < 2 {
            return;
        }
        let glyphs = self.glyphs;
        let (right, bottom) = (area.x + area.w - 1, area.y + area.h - 1);
        for x in area.x + 1..right {
            self.put(x, area.y, 1, glyphs.horizontal, role);
            self.put(x, bottom, 1, glyphs.horizontal, role);
        }
        for y in area.y + 1..bottom {
            self.put(area.x, y, 1, glyphs.vertical, role);
            self.put(right, y, 1, glyphs.vertical, role);
        }
        let corners = [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)];
        for ((x, y), glyph) in corners.into_iter().zip(glyphs.corners) {
            self.put(x, y, 1, glyph, role);
        }
        self.title(area.x + 1, area.y, area.w - 2, title, Role::Title);
    }

    /// Writes a title into the edge of a frame.
    pub(super) fn title(&mut self, x: u16, y: u16, room: u16, title: &str, role: Role) {
        if !title.is_empty() && room > 2 {
            let shown = self.width.truncate(title, usize::from(room) - 2).into_owned();
            self.put(x, y, room, &format!(" {shown} "), role);
        }
    }

    /// Says in the edge below an area how many lines follow.
    pub(super) fn more(&mut self, area: Area, below: usize) {
        let more = format!(" ▼ あと{below}行 ");
        let w = self.cells(&more);
        if below > 0 && w < area.w {
            self.put(area.x + area.w - w, area.y + area.h, w, &more, Role::Dim);
        }
    }

    /// Opens a window of `w` columns and `h` rows inside its frame, in the middle of the screen; gives the inside.
    pub(super) fn window(&mut self, w: u16, h: u16, title: &str) -> Area {
        let screen = self.area();
        let w = (w + 2).min(screen.width);
        let h = (h + 2).min(screen.height);
        self.window_at(Area { x: (screen.width - w) / 2, y: (screen.height - h) / 2, w, h }, title)
    }

    /// Opens a window with this frame; gives the inside.
    pub(super) fn window_at(&mut self, area: Area, title: &str) -> Area {
        self.fill(area, Role::Popup);
        self.frame(area, title, Role::BorderFocus);
        Area { x: area.x + 1, y: area.y + 1, w: area.w.saturating_sub(2), h: area.h.saturating_sub(2) }
    }

    /// Cells of a text.
    pub(super) fn cells(&self, text: &str) -> u16 {
        u16::try_from(self.width.of(text)).unwrap_or(u16::MAX)
    }
}

/// How cells look: colours and modifiers of a role.
#[derive(Clone, Copy)]
struct CellStyle {
    fg: TermColor,
    bg: TermColor,
    modifier: Modifier,
}

impl CellStyle {
    fn of(theme: &Theme, role: Role) -> Self {
        let style = term_style(theme.style(role));
        let color = |color: Option<TermColor>| color.unwrap_or(TermColor::Reset);
        Self { fg: color(style.fg), bg: color(style.bg), modifier: style.add_modifier }
    }

    fn wear(self, cell: &mut Cell) {
        (cell.fg, cell.bg, cell.modifier) = (self.fg, self.bg, self.modifier);
    }
}

/// One row of cells.
struct Row<'a>(&'a mut [Cell]);

impl Row<'_> {
    /// Blanks the wide character that a column would cut in two.
    fn part(&mut self, x: usize) {
        let is_second_half = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.symbol().is_empty());
        if !is_second_half(self.0.get(x)) {
            return;
        }
        let lead = (0..x).rev().find(|&at| !is_second_half(self.0.get(at))).unwrap_or(0);
        let end = (x..self.0.len()).find(|&at| !is_second_half(self.0.get(at))).unwrap_or(self.0.len());
        for cell in &mut self.0[lead..end] {
            cell.set_symbol(" ");
        }
    }

    /// Blanks the second half of a wide character whose first half is gone.
    fn orphans(&mut self, x: usize) {
        for cell in self.0[x..].iter_mut().take_while(|cell| cell.symbol().is_empty()) {
            cell.set_symbol(" ");
        }
    }

    /// Puts a symbol into a number of cells from a column on; they must lie inside the row.
    fn set(&mut self, x: usize, cells: usize, symbol: &str, look: CellStyle) {
        for (step, cell) in self.0[x..x + cells].iter_mut().enumerate() {
            cell.reset();
            look.wear(cell);
            if step > 0 {
                cell.set_symbol("");
            } else if symbol != " " {
                cell.set_symbol(symbol);
            }
        }
    }
}

/// Cells of a line.
pub(super) fn cells(width: CellWidth, line: &[Span]) -> usize {
    line.iter().map(|span| width.of(&span.text)).sum()
}

fn term_style(style: Style) -> TermStyle {
    let mut out = TermStyle::new();
    if let Some(fg) = style.fg {
        out = out.fg(term_color(fg));
    }
    if let Some(bg) = style.bg {
        out = out.bg(term_color(bg));
    }
    for (on, modifier) in [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underline, Modifier::UNDERLINED),
        (style.reversed, Modifier::REVERSED),
    ] {
        if on {
            out = out.add_modifier(modifier);
        }
    }
    out
}

fn term_color(color: Color) -> TermColor {
    match color {
        Color::Default => TermColor::Reset,
        Color::Black => TermColor::Black,
        Color::Red => TermColor::Red,
        Color::Green => TermColor::Green,
        Color::Yellow => TermColor::Yellow,
        Color::Blue => TermColor::Blue,
        Color::Magenta => TermColor::Magenta,
        Color::Cyan => TermColor::Cyan,
        Color::Gray => TermColor::Gray,
        Color::DarkGray => TermColor::DarkGray,
        Color::LightRed => TermColor::LightRed,
        Color::LightGreen => TermColor::LightGreen,
        Color::LightYellow => TermColor::LightYellow,
        Color::LightBlue => TermColor::LightBlue,
        Color::LightMagenta => TermColor::LightMagenta,
        Color::LightCyan => TermColor::LightCyan,
        Color::White => TermColor::White,
        Color::Rgb(r, g, b) => TermColor::Rgb(r, g, b),
        Color::Indexed(index) => TermColor::Indexed(index),
    }
}

/// Sets off in a line what is looked for; without colour the role is shown reversed.
pub(super) fn highlight(line: Line, query: &str) -> Line {
    if query.is_empty() {
        return line;
    }
    let text: String = line.iter().map(|span| span.text.as_str()).collect();
    let found = crate::app::find::occurrences(&text, query);
    if found.is_empty() {
        return line;
    }
    let mut out = Line::new();
    let mut start = 0;
    for one in line {
        let end = start + one.text.len();
        let mut at = start;
        for range in found.iter().filter(|range| range.start < end && range.end > start) {
            let (from, to) = (range.start.max(start), range.end.min(end));
            out.extend((at < from).then(|| span(&text[at..from], one.role)));
            out.push(span(&text[from..to], Role::Match));
            at = to;
        }
        out.extend((at < end).then(|| span(&text[at..end], one.role)));
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::theme;
    use super::*;

    /// The symbols of a row after some drawing; `_` is the second half of the character before it.
    fn row(cells: u16, ambiguous_wide: bool, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, cells, 1));
        let theme = theme("mono");
        draw(&mut Canvas::new(&mut buffer, &theme, CellWidth { ambiguous_wide }));
        buffer.content.iter().map(|cell| if cell.symbol().is_empty() { "_" } else { cell.symbol() }).collect()
    }

    #[test]
    fn every_kind_of_character_takes_its_cells() {
        for (text, narrow, wide) in [
            ("ab", "ab      ", "ab      "),
            ("山田", "山_田_    ", "山_田_    "),
            // A variation sequence and a combining mark stay with the character before them.
            ("葛\u{e0100}城", "葛\u{e0100}_城_    ", "葛\u{e0100}_城_    "),
            ("か\u{3099}a", "か\u{3099}_a     ", "か\u{3099}_a     "),
            // Halfwidth sound marks have a cell of their own.
            ("ﾊﾟﾀﾞ", "ﾊﾟﾀﾞ    ", "ﾊﾟﾀﾞ    "),
            ("𠮷a", "𠮷_a     ", "𠮷_a     "),
            ("①○×a", "①○×a    ", "①_○_×_a "),
            ("a\u{200b}\u{7}b", "ab      ", "ab      "),
        ] {
            for (ambiguous_wide, expected) in [(false, narrow), (true, wide)] {
                let got = row(8, ambiguous_wide, |canvas| {
                    canvas.put(0, 0, 8, text, Role::Text);
                });
                assert_eq!(got, expected, "{text} {ambiguous_wide}");
            }
        }
    }

    #[test]
    fn what_covers_half_a_character_blanks_the_other_half() {
        for (x, text, expected) in [
            (0, "a", "a 田_太_郎_"),
            (1, "a", " a田_太_郎_"),
            (1, "川", " 川_ 太_郎_"),
            (2, "川", "山_川_太_郎_"),
            (3, "ab", "山_ ab 郎_"),
            // What has no room is not written, yet its place is cleared.
            (7, "川", "山_田_太_  "),
            (7, "a", "山_田_太_ a"),
        ] {
            let got = row(8, false, |canvas| {
                canvas.put(0, 0, 8, "山田太郎", Role::Text);
                canvas.put(x, 0, 8, text, Role::Text);
            });
            assert_eq!(got, expected, "{text} at {x}");
        }
        let filled = row(8, false, |canvas| {
            canvas.put(0, 0, 8, "山田太郎", Role::Text);
            canvas.fill(Area { x: 1, y: 0, w: 4, h: 1 }, Role::Text);
        });
        assert_eq!(filled, "      郎_");
    }

    #[test]
    fn a_line_that_is_cut_says_so() {
        for (text, expected) in [
            ("山田太郎", "山_田_太_郎_"),
            ("山田太郎  ", "山_田_太_郎_"),
            ("山田太郎a", "山_田_太_ …"),
            ("a山田太郎", "a山_田_太_…"),
            ("abcdefghi", "abcdefg…"),
        ] {
            let line = |canvas: &mut Canvas<'_>| canvas.line(0, 0, 8, &[span(text, Role::Text)], Role::Text);
            assert_eq!(row(8, false, line), expected, "{text}");
        }
        let two = |canvas: &mut Canvas<'_>| {
            canvas.line(0, 0, 8, &[span("山田太郎", Role::Title), span("b", Role::Text)], Role::Text);
        };
        assert_eq!(row(8, false, two), "山_田_太_ …");
    }

    proptest::proptest! {
        /// Columns are laid out by the width of a text: it is drawn over just as many cells.
        #[test]
        fn a_text_takes_the_cells_it_is_measured_with(text in "[\\PC👍🏽🇯🇵각क्षﾊﾟﾞ葛か①\u{e0100}]{0,20}", ambiguous_wide: bool) {
            let (shown, width) = (crate::compare::visible(&text).into_owned(), CellWidth { ambiguous_wide });
            let mut buffer = Buffer::empty(Rect::new(0, 0, 400, 1));
            let theme = theme("mono");
            let end = Canvas::new(&mut buffer, &theme, width).put(0, 0, 400, &shown, Role::Text);
            proptest::prop_assert_eq!(usize::from(end), width.of(&shown), "{}", shown);
        }
    }
}
