//! The state of the review screen: the queue, the record at the cursor, and how it is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cache::Cache;
use super::queue::Queue;
use super::search::{Search, Texts};
use crate::app::action::Action;
use crate::app::shared::Shared;
use crate::app::viewport::Viewport;
use crate::domain::case::{Case, Decision, State};
use crate::domain::guard::DecisionContext;
use crate::domain::pattern::Pattern;
use crate::domain::record::RecordNo;
use crate::view::RecordView;

/// How the fields of a record are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fields {
    /// All, with differences marked.
    #[default]
    All,
    /// Only those that differ.
    Differing,
    /// All as they stand, without marks.
    Plain,
}

/// The pane that movement keys go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The queue.
    #[default]
    Queue,
    /// The record.
    Record,
}

/// The filter of the queue.
#[derive(Clone, Debug, Default)]
pub struct FilterState {
    /// The filter in force.
    pub expression: String,
    /// The filter that is being evaluated.
    pub(in crate::app) pending: Option<String>,
    /// The filter that waits for the rest of the queue before it is evaluated.
    pub(in crate::app) waiting: Option<String>,
    /// The record at the cursor when the queue was filtered.
    pub(in crate::app) origin: Option<RecordNo>,
    /// The filter that was dropped last.
    pub(in crate::app) dropped: String,
    /// Whether one more key drops the filter.
    pub(in crate::app) dropping: bool,
    /// Saved views: filter expressions by name.
    pub saved: BTreeMap<String, String>,
}

/// Records that were left by a jump.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Jumps {
    /// Records that were left by a jump, the last one last.
    pub(in crate::app) before: Vec<RecordNo>,
    /// Records that were left by going back, the last one last.
    pub(in crate::app) after: Vec<RecordNo>,
}

/// What goes on once the whole queue is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Awaited {
    /// A movement.
    Move(Action),
    /// The way to a record.
    Record(RecordNo),
}

/// The review screen.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// The records under review.
    pub queue: Queue,
    /// The queue after an import, as long as it is being read.
    pub(in crate::app) coming: Option<Queue>,
    /// What waits for the rest of the queue.
    pub(in crate::app) awaited: Option<Awaited>,
    /// The visible part of them.
    pub viewport: Viewport,
    /// Lines and records read so far.
    pub cache: Cache,
    /// The filter in force and those saved.
    pub filter: FilterState,
    /// The search in force.
    pub search: Search,
    /// The search texts, once read.
    pub texts: Option<Texts>,
    /// Whether the search texts were asked for.
    pub(in crate::app) asked_texts: bool,
    /// How fields are shown.
    pub fields: Fields,
    /// Where movement keys go.
    pub pane: Pane,
    /// Whether the record takes the whole width, without the queue.
    pub zoom: bool,
    /// First visible line of the record.
    pub scroll: usize,
    /// Whether the cursor stays on a record that was decided.
    pub stay: bool,
    /// The last decision, for `.`.
    pub last: Option<(Decision, Pattern)>,
    /// Records that were left by a jump.
    pub(in crate::app) jumps: Jumps,
}

impl Review {
    /// The record at the cursor.
    pub fn record(&self) -> Option<RecordNo> {
        self.queue.no(self.viewport.cursor)
    }

    /// The record at the cursor, once it is read.
    pub fn view(&self) -> Option<&Arc<RecordView>> {
        self.cache.records.get(&self.record()?)
    }

    /// Why the record at the cursor cannot be read, where that is so.
    pub fn unreadable(&self) -> Option<&str> {
        let no = self.record()?;
        self.cache.unreadable.get(&no).filter(|_| !self.cache.records.contains_key(&no)).map(String::as_str)
    }

    /// Whether the line of a record cannot be read.
    pub fn is_unreadable(&self, no: RecordNo) -> bool {
        self.cache.unreadable.contains_key(&no) && !self.cache.lines.contains_key(&no)
    }

    /// Whether the last decision can be repeated on the record at the cursor: it is open and differs in the same way.
    pub fn can_repeat(&self) -> bool {
        let entry = self.record().and_then(|no| self.queue.entry_of(no));
        entry.zip(self.last.as_ref()).is_some_and(|(entry, (_, pattern))| {
            self.queue.state(entry.no).is_open() && entry.pattern.is_like(*pattern)
        })
    }

    /// What surrounds a decision on a record that is read.
    pub fn context<'a>(shared: &'a Shared, view: &'a RecordView) -> DecisionContext<'a> {
        view.context(&shared.workspace, shared.today)
    }

    /// The name of a record for messages: its 整理番号 where it is read.
    pub(in crate::app) fn id_of(&self, no: RecordNo) -> String {
        let id = self.cache.lines.get(&no).map(|line| line.id.as_str());
        let id = id.map(str::to_owned).or_else(|| self.cache.records.get(&no).map(|view| view.record.row.id()));
        id.map_or_else(|| format!("#{}", no.0), |id| crate::compare::visible(&id).into_owned())
    }

    /// Notes where a record stands.
    pub(in crate::app) fn set_state(&mut self, no: RecordNo, state: State) {
        self.queue.set_state(no, state);
        self.coming.iter_mut().for_each(|queue| queue.set_state(no, state));
    }

    /// Notes the case of a record wherever it is shown.
    pub(in crate::app) fn set_case(&mut self, no: RecordNo, case: &Case) {
        self.set_state(no, case.state);
        let in_file = self.cache.records.get(&no).map(|view| &view.record.facts);
        let in_file = in_file.or_else(|| self.queue.entry_of(no).map(|entry| &entry.facts));
        let protected = in_file.map(|facts| case.is_protected(facts));
        if let Some(line) = self.cache.lines.get_mut(&no) {
            line.operator.clone_from(&case.operator);
            line.due = case.due();
            line.protected = protected.unwrap_or(line.protected);
        }
        if let Some(view) = self.cache.records.get_mut(&no) {
            Arc::make_mut(view).case = case.clone();
        }
    }

    /// Moves the cursor; another record is shown from its top.
    pub(in crate::app) fn go(&mut self, shared: &mut Shared, by: impl FnOnce(&mut Self)) {
        let before = self.record();
        by(self);
        let (len, height) = (self.queue.len(), shared.queue_height());
        self.viewport.fit(len, height);
        if self.record() != before {
            self.awaited = None;
            self.scroll = 0;
            shared.input.pressed.clear();
            shared.input.guard.moved();
        }
    }

    /// Moves the cursor to a row.
    pub(in crate::app) fn go_to(&mut self, shared: &mut Shared, row: usize) {
        self.go(shared, |review| review.viewport.cursor = row);
    }

    /// Goes on to a row further down: when it is out of sight, what follows it comes into sight with it.
    pub(in crate::app) fn go_ahead(&mut self, shared: &mut Shared, row: usize) {
        let (len, height) = (self.queue.len(), shared.queue_height());
        let spare = 1;
        if row + spare >= self.viewport.top + height && height > LEAD + spare {
            self.viewport.top = row.saturating_sub(LEAD).min(len.saturating_sub(height));
        }
        self.go_to(shared, row);
    }
}

/// Rows above the one gone on to.
const LEAD: usize = 2;
