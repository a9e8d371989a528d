//! Turns the difference between two frames into bytes: one buffered write inside a synchronized update, nothing when
//! nothing changed.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

/// Begins and ends a synchronized update: terminals show the frame at once.
const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

/// Remembers what stands on the screen.
#[derive(Debug, Default)]
pub(super) struct Writer {
    shown: Option<Buffer>,
    cursor: Option<(u16, u16)>,
    /// A buffer that is no longer needed, for the next frame.
    spare: Option<Buffer>,
}

impl Writer {
    /// Gives a buffer for a frame; whatever it holds is to be drawn over.
    pub(super) fn buffer(&mut self, w: u16, h: u16) -> Buffer {
        let area = Rect::new(0, 0, w, h);
        self.spare.take().filter(|spare| *spare.area() == area).unwrap_or_else(|| Buffer::empty(area))
    }

    /// Forgets what stands on the screen: the next frame is written whole.
    pub(super) fn forget(&mut self) {
        self.shown = None;
    }

    /// Gives the bytes that turn the screen into a frame; empty when it stands there already.
    pub(super) fn frame(&mut self, next: Buffer, cursor: Option<(u16, u16)>) -> Vec<u8> {
        let area = *next.area();
        let whole = self.shown.as_ref().is_none_or(|shown| *shown.area() != area);
        let mut out = Painter::default();
        if whole {
            out.text.push_str("\x1b[0m\x1b[2J");
        }
        let blank;
        let previous = match &self.shown {
            Some(shown) if !whole => shown,
            _ => {
                blank = Buffer::empty(area);
                &blank
            }
        };
        for y in 0..area.height {
            out.row(previous, &next, area, y);
        }
        let changed = !out.text.is_empty();
        if !changed && cursor == self.cursor {
            self.spare = self.shown.replace(next);
            return Vec::new();
        }
        if out.styled {
            out.text.push_str("\x1b[0m");
        }
        match cursor {
            // The terminal's cursor moved with the text even where its place is the same.
            Some((x, y)) => {
                let _ = write!(out.text, "\x1b[{};{}H\x1b[?25h", y + 1, x + 1);
            }
            None if self.cursor.is_some() || whole => out.text.push_str("\x1b[?25l"),
            None => {}
        }
        self.cursor = cursor;
        self.spare = self.shown.replace(next);
        format!("{BEGIN}{}{END}", out.text).into_bytes()
    }
}

/// The look of a cell: foreground, background, modifiers.
type CellStyle = (Color, Color, Modifier);

#[derive(Default)]
struct Painter {
    text: String,
    /// Where the terminal's cursor is, if that is certain.
    at: Option<(u16, u16)>,
    look: Option<CellStyle>,
    styled: bool,
}

impl Painter {
    fn row(&mut self, previous: &Buffer, next: &Buffer, area: Rect, y: u16) {
        let mut x = 0;
        let start = usize::from(y) * usize::from(area.width);
        let row = start..start + usize::from(area.width);
        let (previous, next) = (&previous.content[row.clone()], &next.content[row]);
        if previous.iter().zip(next).all(|(a, b)| alike(a, b)) {
            return;
        }
        while x < next.len() {
            // A wide character and the empty cells behind it are one.
            let mut end = x + 1;
            while end < next.len() && next[end].symbol().is_empty() {
                end += 1;
            }
            if !previous[x..end].iter().zip(&next[x..end]).all(|(a, b)| alike(a, b)) {
                self.bridge(next, x, y);
                let blanks = blanks(&next[x..]);
                if blanks >= ERASE_FROM {
                    // A row is as wide as its area, which counts in u16.
                    self.erase(&next[x], x as u16, y, blanks as u16);
                    end = x + blanks;
                } else {
                    self.cell(&next[x], x as u16, y, (end - x) as u16);
                }
            }
            x = end;
        }
    }

    /// Writes a few cells again that stand already, where that is shorter than a jump over them.
    fn bridge(&mut self, row: &[Cell], x: usize, y: u16) {
        let Some((from, at)) = self.at else { return };
        let gap = usize::from(from)..x;
        if at != y || gap.len() > 3 {
            return;
        }
        let look = self.look;
        let cheap = |cell: &Cell| {
            let own = (cell.fg, cell.bg, cell.modifier);
            let blank = cell.symbol() == " " && is_plain(own) && look.is_some_and(is_plain);
            blank || (look == Some(own) && cell.symbol().is_ascii())
        };
        if row[gap.clone()].iter().all(cheap) {
            row[gap].iter().for_each(|cell| self.text.push_str(cell.symbol()));
            // A row is as wide as its area, which counts in u16.
            self.at = Some((x as u16, y));
        }
    }

    /// Erases plain cells to the right; the cursor stays where it is.
    fn erase(&mut self, cell: &Cell, x: u16, y: u16, cells: u16) {
        self.go(x, y);
        self.wear(cell);
        // Writing to a String cannot fail.
        let _ = write!(self.text, "\x1b[{cells}X");
    }

    fn cell(&mut self, cell: &Cell, x: u16, y: u16, cells: u16) {
        self.go(x, y);
        self.wear(cell);
        let symbol = if cell.symbol().is_empty() { " " } else { cell.symbol() };
        self.text.push_str(symbol);
        // Where a terminal may see another width than we do, the next cell is addressed anew.
        let certain = symbol.chars().all(is_certain) && symbol.chars().count() == 1;
        self.at = (certain && cells <= 2).then(|| (x + cells, y));
    }

    fn go(&mut self, x: u16, y: u16) {
        if self.at != Some((x, y)) {
            // Writing to a String cannot fail.
            let _ = match self.at {
                Some((from, row)) if row == y && x > from => write!(self.text, "\x1b[{}C", x - from),
                _ => write!(self.text, "\x1b[{};{}H", y + 1, x + 1),
            };
        }
        self.at = Some((x, y));
    }

    fn wear(&mut self, cell: &Cell) {
        let look = (cell.fg, cell.bg, cell.modifier);
        // A blank on plain ground shows no foreground.
        let unseen = cell.symbol() == " " && is_plain(look) && self.look.is_some_and(is_plain);
        if self.look != Some(look) && !unseen {
            self.set_look(look);
        }
    }

    fn set_look(&mut self, (fg, bg, modifier): CellStyle) {
        self.styled = true;
        if let Some(now) = self.look.replace((fg, bg, modifier))
            && (now.1, now.2) == (bg, modifier)
            && fg != Color::Reset
        {
            let start = self.text.len();
            color(&mut self.text, fg, 30);
            self.text.replace_range(start..=start, "\x1b[");
            self.text.push('m');
            return;
        }
        self.text.push_str("\x1b[0");
        for (bit, code) in [
            (Modifier::BOLD, 1),
            (Modifier::DIM, 2),
            (Modifier::ITALIC, 3),
            (Modifier::UNDERLINED, 4),
            (Modifier::REVERSED, 7),
        ] {
            if modifier.contains(bit) {
                let _ = write!(self.text, ";{code}");
            }
        }
        color(&mut self.text, fg, 30);
        color(&mut self.text, bg, 40);
        self.text.push('m');
    }
}

/// Whether two cells look the same: most are equal and short, which a loop over bytes finds sooner than a call.
fn alike(a: &Cell, b: &Cell) -> bool {
    let (left, right) = (a.symbol().as_bytes(), b.symbol().as_bytes());
    (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)
        && left.len() == right.len()
        && (left.as_ptr() == right.as_ptr() || left.iter().zip(right).all(|(a, b)| a == b))
}

/// Minimum number of blanks in a row that are erased rather than written.
const ERASE_FROM: usize = 6;

/// How many cells from the first on are blank and look like erased ones.
fn blanks(cells: &[Cell]) -> usize {
    cells.iter().take_while(|cell| cell.symbol() == " " && is_plain((cell.fg, cell.bg, cell.modifier))).count()
}

/// Whether a blank of this look looks like nothing.
fn is_plain((_, bg, modifier): CellStyle) -> bool {
    bg == Color::Reset && !modifier.intersects(Modifier::REVERSED | Modifier::UNDERLINED)
}

/// Whether every terminal gives a character the width that we do.
fn is_certain(c: char) -> bool {
    matches!(c, ' '..='~' | '─' | '│' | '█' | '░' | '\u{3000}'..='〕' | 'ぁ'..='ゖ' | 'ァ'..='ヾ' | '一'..='鿿' | '！'..='｠' | '｡'..='ﾝ')
}

fn color(text: &mut String, color: Color, base: u16) {
    let name = match color {
        Color::Reset => return,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => base + 60,
        Color::LightRed => base + 61,
        Color::LightGreen => base + 62,
        Color::LightYellow => base + 63,
        Color::LightBlue => base + 64,
        Color::LightMagenta => base + 65,
        Color::LightCyan => base + 66,
        Color::White => base + 67,
        Color::Rgb(r, g, b) => {
            let _ = write!(text, ";{};2;{r};{g};{b}", base + 8);
            return;
        }
        Color::Indexed(index) => {
            let _ = write!(text, ";{};5;{index}", base + 8);
            return;
        }
    };
    let _ = write!(text, ";{name}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::update::testing::Bench;
    use crate::compare::CellWidth;
    use crate::config::embedded;
    use crate::config::theme::Theme;
    use crate::tui::view;

    fn theme() -> Theme {
        let text = embedded::find(embedded::THEMES, "dark").unwrap();
        Theme::parse("dark", &text, |name| embedded::find(embedded::THEMES, name)).unwrap()
    }

    fn shown(bench: &Bench, writer: &mut Writer) -> Vec<u8> {
        let (w, h) = bench.model.shared.size;
        let mut buffer = writer.buffer(w, h);
        let cursor = view::draw(&bench.model, &theme(), CellWidth::default(), &mut buffer);
        assert_eq!(buffer, view::frame(&bench.model, &theme(), CellWidth::default()), "a used buffer shows through");
        writer.frame(buffer, cursor)
    }

    /// The real bytes, read by a terminal emulator, give the frame; then only what changed is written.
    #[test]
    fn a_terminal_shows_the_frame_and_a_still_screen_costs_nothing() {
        let mut bench = Bench::new(60, (100, 30));
        let mut writer = Writer::default();
        let mut terminal = vt100::Parser::new(30.try_into().unwrap(), 100.try_into().unwrap(), 0);
        for keys in ["j", "j", "2", "esc", "?", "esc", ":", "esc", "G", "/", "esc", "pgup", "x", "n"] {
            bench.press(keys);
            terminal.process(&shown(&bench, &mut writer));
            // The emulator knows no halfwidth sound marks; every other character must stand where it belongs.
            let plain = |text: &str| text.replace(['ﾞ', 'ﾟ'], "").split_whitespace().collect::<Vec<_>>().join(" ");
            let expected = view::frame_text(&bench.model, &theme(), CellWidth::default());
            assert_eq!(plain(&terminal.screen().contents()), plain(&expected), "after {keys}");
            assert!(shown(&bench, &mut writer).is_empty(), "a still screen wrote bytes");
        }
    }

    /// ARCHITECTURE "Speed": at most 3 KB for a cursor move on 200×50.
    #[test]
    fn a_cursor_move_is_small() {
        let mut bench = Bench::new(200, (200, 50));
        let mut writer = Writer::default();
        shown(&bench, &mut writer);
        for _ in 0..30 {
            bench.press("j");
            let bytes = shown(&bench, &mut writer).len();
            assert!(bytes > 0 && bytes <= 3 * 1024, "{bytes} bytes");
        }
    }
}
