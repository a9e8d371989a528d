//! Lines and records: what is asked for, what comes, and what cannot be read.

use std::collections::HashSet;
use std::sync::Arc;

use super::state::Review;
use crate::app::effect::Effect;
use crate::app::layout;
use crate::app::message::Weight;
use crate::app::shared::Shared;
use crate::domain::record::RecordNo;
use crate::view::{QueueLine, RecordView};

/// Maximum number of lines and records kept in memory before those out of sight are dropped.
const MAX_LINES: usize = 4_096;
const MAX_RECORDS: usize = 64;

/// Maximum number of unreadable records named in one message.
const MAX_NAMED: usize = 3;

/// Number of lines outside the window that are read at once.
const LINES_AHEAD: usize = 16;

impl Review {
    /// Fits the viewport to the queue and asks for what is visible and not read yet, and for a little more.
    ///
    /// One question is on its way at a time, so that a key held down leaves none behind; none asks for more rows than the
    /// queue shows and two (ARCHITECTURE "Speed").
    pub(in crate::app) fn settle(&mut self, shared: &Shared) -> Option<Effect> {
        let height = shared.queue_height();
        let len = self.queue.len();
        self.viewport.fit(len, height);
        if !shared.opened || self.cache.loading || !layout::is_usable(shared.size) {
            return None;
        }
        let visible = self.viewport.visible(len, height);
        let unread = |row: usize| {
            let no = self.queue.no(row)?;
            (!self.cache.lines.contains_key(&no) && !self.cache.asked_lines.contains(&no)).then_some(no)
        };
        let mut lines: Vec<_> = visible.clone().filter_map(unread).collect();
        let mut room = (height + 2).saturating_sub(lines.len());
        // The records around this one are read ahead: one decision or move then leads to the next frame at once.
        let row = self.viewport.cursor;
        let around = [Some(row), self.queue.next_open(row).row(), Some(row + 1), row.checked_sub(1)];
        let mut records: Vec<_> = Vec::new();
        for no in around.into_iter().flatten().filter_map(|row| self.queue.no(row)) {
            let known =
                self.cache.records.contains_key(&no) || self.cache.asked_records.contains(&no) || records.contains(&no);
            if !known && room > 0 {
                records.push(no);
                room -= 1;
            }
        }
        if lines.is_empty() && records.is_empty() {
            return None;
        }
        // Lines come along in groups, before the window reaches them.
        let (below, above) = (visible.end, visible.start);
        if unread(below).is_some() {
            lines.extend((below..below + LINES_AHEAD.min(room)).filter_map(unread));
        } else if above.checked_sub(1).and_then(unread).is_some() {
            lines.extend((above - LINES_AHEAD.min(room).min(above)..above).filter_map(unread));
        }
        self.cache.loading = true;
        self.cache.asked_lines.extend(&lines);
        self.cache.asked_records.extend(&records);
        Some(Effect::Load { lines, records })
    }

    /// Lines and records have come.
    pub(in crate::app) fn on_loaded(&mut self, shared: &mut Shared, lines: Vec<QueueLine>, records: Vec<RecordView>) {
        self.cache.loading = false;
        if self.cache.lines.len() > MAX_LINES {
            let height = shared.queue_height();
            let near = self.viewport.visible(self.queue.len(), height);
            let keep: HashSet<RecordNo> = near.filter_map(|row| self.queue.no(row)).collect();
            self.cache.lines.retain(|no, _| keep.contains(no));
        }
        if self.cache.records.len() > MAX_RECORDS {
            let row = self.viewport.cursor;
            let near = [Some(row), self.queue.next_open(row).row(), Some(row + 1), row.checked_sub(1)];
            let keep: Vec<RecordNo> = near.into_iter().flatten().filter_map(|row| self.queue.no(row)).collect();
            self.cache.records.retain(|no, _| keep.contains(no));
        }
        for line in lines {
            self.cache.asked_lines.remove(&line.no);
            self.cache.lines.insert(line.no, line);
        }
        for mut view in records {
            let no = view.record.no;
            self.cache.asked_records.remove(&no);
            // Read before a change of ours arrived: the case on screen is the newer one.
            if shared.is_unsaved(no)
                && let Some(known) = self.cache.records.get(&no)
            {
                view.case = known.case.clone();
            } else {
                self.set_state(no, view.case.state);
            }
            shared.today = shared.today.max(crate::domain::calendar::japan_time(view.now).date());
            if self.cache.unreadable.remove(&no).is_some() {
                // A key that was pressed before it could be seen is not about it.
                shared.input.drawn = None;
                shared.mark_changed();
            }
            self.cache.records.insert(no, Arc::new(view));
        }
    }

    /// Notes records that cannot be read. They stay asked for, so that they are not asked for with every key; each is named
    /// once, however often it is read in vain.
    pub(in crate::app) fn on_unreadable(&mut self, shared: &mut Shared, faults: Vec<(RecordNo, String)>) {
        let mut said = None;
        let mut named = Vec::new();
        for (no, words) in faults {
            if self.cache.unreadable.insert(no, words.clone()).is_none() {
                named.push(self.id_of(no));
                said.get_or_insert(words);
            }
        }
        let Some(words) = said else { return };
        let more = named.len().saturating_sub(MAX_NAMED);
        named.truncate(MAX_NAMED);
        let more = if more > 0 { format!(" ほか {more} 件") } else { String::new() };
        let mut words = format!("読み出せない記録があります: {}{more}。{words}", named.join(" "));
        // What was to be read before stays readable.
        if let Some((Weight::Warning | Weight::Error, before)) = &shared.message {
            words = format!("{before}。{words}");
        }
        shared.say(Weight::Warning, words);
    }
}
