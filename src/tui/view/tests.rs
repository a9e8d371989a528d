//! Frames of a fictitious workspace, as text and as styled cells, at several sizes and in both themes.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::*;
use crate::app::update::testing::Bench;
use crate::config::embedded;

const NARROW: CellWidth = CellWidth { ambiguous_wide: false };

fn theme(name: &str) -> Theme {
    let text = embedded::find(embedded::THEMES, name).unwrap();
    Theme::parse(name, &text, |name| embedded::find(embedded::THEMES, name)).unwrap()
}

fn text(bench: &Bench) -> String {
    frame_text(&bench.model, &theme("dark"), NARROW)
}

#[test]
fn debug_print() {
    let bench = Bench::new(12, (80, 24));
    panic!("\n{}", text(&bench));
}
