//! The line between the two parts of a divided frame.

use crate::app::layout::Area;
use crate::config::theme::Role;

use super::canvas::Canvas;

/// Draws the line between two parts of a frame, side by side or one above the other; gives the row of the second title.
pub(super) fn divide(canvas: &mut Canvas<'_>, frame: Area, first: Area, second: Area, side_by_side: bool) -> u16 {
    let glyphs = canvas.glyphs;
    if side_by_side {
        let x = first.x + first.w;
        for y in first.y..first.y + first.h {
            canvas.put(x, y, 1, glyphs.vertical, Role::Border);
        }
        canvas.put(x, frame.y, 1, glyphs.tees[0], Role::Border);
        canvas.put(x, frame.y + frame.h - 1, 1, glyphs.tees[1], Role::Border);
        return frame.y;
    }
    let y = second.y - 1;
    for x in frame.x + 1..frame.x + frame.w - 1 {
        canvas.put(x, y, 1, glyphs.horizontal, Role::Border);
    }
    canvas.put(frame.x, y, 1, glyphs.tees[2], Role::Border);
    canvas.put(frame.x + frame.w - 1, y, 1, glyphs.tees[3], Role::Border);
    y
}
