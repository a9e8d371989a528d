//! The picture of the README, made from a frame of the program itself.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::tests::theme;
use super::{CellWidth, frame};
use crate::app::update::testing::Bench;

/// Pixels of a cell.
const CELL: (u16, u16) = (9, 20);

/// The picture shows today's frame; `MEKEN_UPDATE_PICTURE=1` draws it anew.
#[test]
fn the_picture_of_the_readme_is_a_frame_of_the_program() {
    let mut bench = Bench::new(60, (100, 30));
    bench.press("j");
    let width = CellWidth { ambiguous_wide: false };
    let picture = svg(&frame(&bench.model, &theme("dark"), width), width);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pictures/review.svg");
    if std::env::var_os("MEKEN_UPDATE_PICTURE").is_some() {
        std::fs::write(&path, &picture).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == picture, "the picture is out of date; draw it anew with MEKEN_UPDATE_PICTURE=1");
}

/// Runs of one style as text over coloured boxes; `textLength` keeps every run on its cells whatever the font.
fn svg(buffer: &Buffer, width: CellWidth) -> String {
    let area = buffer.area();
    let (w, h) = (area.width * CELL.0, area.height * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\" \
         font-family=\"'Noto Sans Mono CJK JP','MS Gothic',monospace\" font-size=\"15\">\n\
         <title>meken 確認画面(架空のデータ)</title>\n<rect width=\"{w}\" height=\"{h}\" fill=\"#14171c\"/>\n"
    );
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let start = x;
            let look = look(&buffer[(x, y)]);
            let mut text = String::new();
            // A run ends where the look changes, and where a font would change the width of its glyphs.
            let kind = kind(buffer[(x, y)].symbol(), width);
            while x < area.width {
                let cell = &buffer[(x, y)];
                let cells = width.of(cell.symbol()).max(1);
                if self::look(cell) != look || self::kind(cell.symbol(), width) != kind {
                    break;
                }
                text.push_str(cell.symbol());
                x += cells as u16;
            }
            run(&mut out, (start, x, y), &text, look);
        }
    }
    out.push_str("</svg>\n");
    out
}

/// ASCII, other narrow characters, wide characters: one font draws them in three widths.
fn kind(symbol: &str, width: CellWidth) -> (bool, bool) {
    (symbol.is_ascii(), width.of(symbol) > 1)
}

type CellStyle = (&'static str, Option<&'static str>, Modifier);

fn look(cell: &Cell) -> CellStyle {
    let (mut fg, mut bg) = (hex(cell.fg), hex(cell.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        (fg, bg) = (Some(bg.unwrap_or("#14171c")), Some(fg.unwrap_or("#d5d9e0")));
    }
    (fg.unwrap_or("#d5d9e0"), bg, cell.modifier & (Modifier::BOLD | Modifier::UNDERLINED | Modifier::DIM))
}

fn run(out: &mut String, (from, to, y): (u16, u16, u16), text: &str, (fg, bg, modifier): CellStyle) {
    let (left, top, wide) = (from * CELL.0, y * CELL.1, (to - from) * CELL.0);
    if let Some(bg) = bg {
        let _ = writeln!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{}\" fill=\"{bg}\"/>", CELL.1);
    }
    if text.trim().is_empty() {
        return;
    }
    let mut style = String::new();
    for (bit, words) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::DIM, " opacity=\"0.6\""),
    ] {
        if modifier.contains(bit) {
            style.push_str(words);
        }
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(
        out,
        "<text x=\"{left}\" y=\"{}\" textLength=\"{wide}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{fg}\"{style} xml:space=\"preserve\">{text}</text>",
        top + 15
    );
}

/// The sixteen colours as a common terminal shows them.
fn hex(color: Color) -> Option<&'static str> {
    Some(match color {
        Color::Black => "#14171c",
        Color::Red => "#c94f4f",
        Color::Green => "#5fa35f",
        Color::Yellow => "#c9a24f",
        Color::Blue => "#5b82c9",
        Color::Magenta => "#a86fc0",
        Color::Cyan => "#4fa8b0",
        Color::Gray => "#b6bcc6",
        Color::DarkGray => "#767d89",
        Color::LightRed => "#ff7b72",
        Color::LightGreen => "#7ee787",
        Color::LightYellow => "#f2cc60",
        Color::LightBlue => "#79c0ff",
        Color::LightMagenta => "#d2a8ff",
        Color::LightCyan => "#76e3ea",
        Color::White => "#ffffff",
        _ => return None,
    })
}
