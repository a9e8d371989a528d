//! Where things stand on a screen of a given size: plain arithmetic, shared by `update` (what is visible) and the views.

/// A rectangle in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub w: u16,
    /// Rows.
    pub h: u16,
}

/// Minimum columns and rows that show more than a plain notice (ARCHITECTURE "Workstation").
pub const SMALLEST: (u16, u16) = (40, 10);

/// Minimum columns with queue and record side by side.
const SIDE_BY_SIDE: u16 = 72;

/// Whether a screen shows more than a plain notice.
pub fn is_usable(size: (u16, u16)) -> bool {
    size.0 >= SMALLEST.0 && size.1 >= SMALLEST.1
}

/// Whether a screen shows the additional columns and lines.
pub fn is_wide(size: (u16, u16)) -> bool {
    size.0 >= 120
}

/// The parts of 確認; the areas lie inside the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewLayout {
    /// The frame around both.
    pub frame: Area,
    /// The rows of the queue.
    pub queue: Area,
    /// The lines of the record.
    pub record: Area,
    /// Whether they stand side by side; else the queue stands above the record.
    pub side_by_side: bool,
}

/// Lays out 確認: header, frame, status line, hints.
pub fn review(size: (u16, u16)) -> ReviewLayout {
    let (w, h) = size;
    let frame = Area { x: 0, y: 1, w, h: h.saturating_sub(3) };
    let inner = frame.h.saturating_sub(2);
    if w >= SIDE_BY_SIDE {
        let queue_w = match w {
            ..100 => 31,
            100..120 => 38,
            120..150 => 46,
            _ => 58,
        };
        return ReviewLayout {
            frame,
            queue: Area { x: 1, y: 2, w: queue_w, h: inner },
            record: Area { x: queue_w + 2, y: 2, w: w.saturating_sub(queue_w + 3), h: inner },
            side_by_side: true,
        };
    }
    let queue_h = (inner / 4).max(2).min(inner);
    ReviewLayout {
        frame,
        queue: Area { x: 1, y: 2, w: w.saturating_sub(2), h: queue_h },
        record: Area { x: 1, y: 3 + queue_h, w: w.saturating_sub(2), h: inner.saturating_sub(queue_h + 1) },
        side_by_side: false,
    }
}

/// The lines of the record where it takes the whole width.
pub fn zoomed(size: (u16, u16)) -> Area {
    let (w, h) = size;
    Area { x: 1, y: 2, w: w.saturating_sub(2), h: h.saturating_sub(5) }
}

/// Rows of a page that fills the screen between header and status line (状況, ヘルプ).
pub fn page(size: (u16, u16)) -> Area {
    Area { x: 1, y: 2, w: size.0.saturating_sub(2), h: size.1.saturating_sub(5) }
}

/// Minimum cells of a page with two columns.
const TWO_COLUMNS: u16 = 117;

/// The two columns of a page, where it is wide enough: a rule stands between them, with a blank on each side.
pub fn columns(page: Area) -> Option<(Area, Area)> {
    let w = page.w.checked_sub(3).filter(|_| page.w >= TWO_COLUMNS)?;
    let left = Area { w: w / 2, ..page };
    Some((left, Area { x: page.x + left.w + 3, w: w - left.w, ..page }))
}

/// The parts of a screen with a list: the lines, and what the selected one is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListLayout {
    /// The frame around both.
    pub frame: Area,
    /// The lines of the list.
    pub list: Area,
    /// What the selected line is about.
    pub detail: Area,
    /// Whether they stand side by side; else the list stands above the detail.
    pub side_by_side: bool,
}

/// Lays out a screen with a list (出力, 履歴, 隔離): header, frame, status line, hints.
pub fn list(size: (u16, u16)) -> ListLayout {
    let (w, h) = size;
    let frame = Area { x: 0, y: 1, w, h: h.saturating_sub(3) };
    let inner = frame.h.saturating_sub(2);
    if is_wide(size) {
        let list_w = w / 2;
        return ListLayout {
            frame,
            list: Area { x: 1, y: 2, w: list_w, h: inner },
            detail: Area { x: list_w + 2, y: 2, w: w.saturating_sub(list_w + 3), h: inner },
            side_by_side: true,
        };
    }
    let list_h = (inner / 2).max(2).min(inner);
    ListLayout {
        frame,
        list: Area { x: 1, y: 2, w: w.saturating_sub(2), h: list_h },
        detail: Area { x: 1, y: 3 + list_h, w: w.saturating_sub(2), h: inner.saturating_sub(list_h + 1) },
        side_by_side: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_lies_on_the_screen() {
        for w in 0..240u16 {
            for h in 0..80u16 {
                let layout = review((w, h));
                let lists = list((w, h));
                for area in [layout.queue, layout.record, zoomed((w, h)), page((w, h)), lists.list, lists.detail] {
                    if is_usable((w, h)) {
                        assert!(area.w >= 20 && area.h >= 2, "{w}x{h} {area:?}");
                        assert!(area.x + area.w < w && area.y + area.h < h, "{w}x{h} {area:?}");
                    }
                }
                if let Some((left, right)) = columns(page((w, h))) {
                    assert!(left.x + left.w + 3 == right.x && right.x + right.w == w - 1, "{w}x{h} {left:?} {right:?}");
                }
            }
        }
    }
}
