//! Everything the workstation knows at one moment; a frame is a function of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::action::{Action, Screen};
use super::complete::Candidates;
use super::find::Find;
use super::guard::{Guard, Scene};
use super::held::Held;
use super::history::History;
use super::job::RunningJob;
use super::lock::Lock;
use super::mapping::Mapping;
use super::modal::Modal;
use super::output::Output;
use super::plan;
use super::queue::Queue;
use super::search::{Search, Texts};
use super::session::Session;
use super::window::Window;
use crate::config::keymap::{Keymap, Layer, Lookup};
use crate::config::keys::{Key, KeyCode};
use crate::domain::calendar::Cutoff;
use crate::domain::case::{Case, Decision};
use crate::domain::guard::Surroundings;
use crate::domain::pattern::Pattern;
use crate::domain::record::RecordNo;
use crate::view::{QueueLine, RecordView, StatusView, WorkspaceInfo};

/// Days until the 期日 of 保留 when none is given.
const HOLD_DAYS: i64 = 7;

/// How weighty a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For information.
    Info,
    /// Something was not done.
    Warning,
    /// Something failed.
    Error,
}

/// A change that is not durable yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsaved {
    /// What was asked.
    pub asked: Asked,
    /// The record, where it is known before the answer.
    pub record: Option<RecordNo>,
    /// The case before.
    pub before: Option<Case>,
}

/// What an unsaved change is.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// A decision.
    Decision(Box<Decision>),
    /// A note.
    Note,
    /// 支援措置 set or cleared.
    Protection,
    /// An undo or a redo.
    History,
}

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

/// Everything the workstation knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// Keys and what they run.
    pub keymap: Arc<Keymap<Action>>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Whether the store has been read.
    pub opened: bool,
    /// Who works where.
    pub workspace: WorkspaceInfo,
    /// Today, in Japan, as of the last answer.
    pub today: Date,
    /// The next cut-off.
    pub cutoff: Option<Cutoff>,
    /// The screen.
    pub screen: Screen,
    /// What stands above it.
    pub modal: Option<Modal>,
    /// The records under review.
    pub queue: Queue,
    /// The visible part of them.
    pub window: Window,
    /// Lines read so far.
    pub lines: HashMap<RecordNo, QueueLine>,
    /// Records read so far.
    pub records: HashMap<RecordNo, Arc<RecordView>>,
    /// The filter in force.
    pub filter: String,
    /// The search in force.
    pub search: Search,
    /// What is looked for in 履歴, 出力 or ヘルプ.
    pub find: Find,
    /// The search texts, once read.
    pub texts: Option<Texts>,
    /// How fields are shown.
    pub fields: Fields,
    /// Where movement keys go.
    pub pane: Pane,
    /// Whether the record takes the whole width, without the queue.
    pub zoom: bool,
    /// First visible line of the record.
    pub scroll: usize,
    /// Where the work stands, once counted.
    pub status_view: Option<StatusView>,
    /// First visible line of 状況.
    pub status_top: usize,
    /// The first line of the last page of the text last drawn: only the view knows how long it is.
    pub reach: std::cell::Cell<usize>,
    /// 履歴
    pub history: History,
    /// 出力
    pub output: Output,
    /// 隔離
    pub held: Held,
    /// 列の対応
    pub mapping: Mapping,
    /// First visible line of the detail beside a list.
    pub detail_top: usize,
    /// Work that is under way.
    pub job: Option<RunningJob>,
    /// Saved views: filter expressions by name.
    pub views: BTreeMap<String, String>,
    /// Whether the cursor stays on a record that was decided.
    pub stay: bool,
    /// What the operator should read.
    pub message: Option<(Weight, String)>,
    /// Keys of a sequence so far.
    pub pressed: Vec<Key>,
    /// Watches for stray input.
    pub guard: Guard,
    /// Blanks the screen when nobody is there.
    pub lock: Lock,
    /// Changes that are not durable yet.
    pub unsaved: BTreeMap<u64, Unsaved>,
    /// The last decision, for `.`.
    pub last: Option<(Decision, Pattern)>,
    /// Why nothing can be saved any more.
    pub broken: Option<String>,
    /// The scene on the screen.
    pub(super) drawn: Option<Scene>,
    /// Counts what opened or closed above the screen.
    pub(super) above: u64,
    /// Requests made so far.
    pub(super) requests: u64,
    /// What was asked for and has not come yet.
    pub(super) asked_lines: HashSet<RecordNo>,
    /// The same for whole records.
    pub(super) asked_records: HashSet<RecordNo>,
    /// Records that were asked for and cannot be read, and why; what cannot be shown cannot be decided.
    pub(super) unreadable: HashMap<RecordNo, String>,
    /// Whether a question for lines or records is on its way.
    pub(super) loading: bool,
    /// Whether the search texts were asked for.
    pub(super) asked_texts: bool,
    /// The filter that is being evaluated.
    pub(super) filtering: Option<String>,
    /// Records that were left by a jump, the last one last.
    pub(super) before: Vec<RecordNo>,
    /// Records that were left by going back, the last one last.
    pub(super) after: Vec<RecordNo>,
    /// The record at the cursor when the queue was filtered.
    pub(super) unfiltered: Option<RecordNo>,
    /// The filter that was dropped last.
    pub(super) dropped: String,
    /// Whether one more key drops the filter.
    pub(super) dropping: bool,
    /// Files and options that a key goes round in the prompt.
    pub(super) candidates: Candidates,
    /// Whether the work under way was stopped by the operator.
    pub(super) stopped: bool,
    /// The session kept last.
    pub(super) kept: Session,
    /// The session to come back to once a filter is evaluated.
    pub(super) restoring: Option<Session>,
    /// Whether the program is ending.
    pub(super) quitting: bool,
}

impl Model {
    /// The workstation before the store is open.
    pub fn new(keymap: Arc<Keymap<Action>>, size: (u16, u16)) -> Self {
        Self {
            keymap,
            size,
            opened: false,
            workspace: WorkspaceInfo::default(),
            today: Date::default(),
            cutoff: None,
            screen: Screen::Review,
            modal: None,
            queue: Queue::default(),
            window: Window::default(),
            lines: HashMap::new(),
            records: HashMap::new(),
            filter: String::new(),
            search: Search::default(),
            find: Find::default(),
            texts: None,
            fields: Fields::default(),
            pane: Pane::default(),
            zoom: false,
            scroll: 0,
            status_view: None,
            status_top: 0,
            reach: std::cell::Cell::new(usize::MAX),
            history: History::default(),
            output: Output::default(),
            held: Held::default(),
            mapping: Mapping::default(),
            detail_top: 0,
            job: None,
            views: BTreeMap::new(),
            stay: false,
            message: None,
            pressed: Vec::new(),
            guard: Guard::default(),
            lock: Lock::default(),
            unsaved: BTreeMap::new(),
            last: None,
            broken: None,
            drawn: None,
            above: 0,
            requests: 0,
            asked_lines: HashSet::new(),
            asked_records: HashSet::new(),
            unreadable: HashMap::new(),
            loading: false,
            asked_texts: false,
            filtering: None,
            before: Vec::new(),
            after: Vec::new(),
            unfiltered: None,
            dropped: String::new(),
            dropping: false,
            candidates: Candidates::default(),
            stopped: false,
            kept: Session::default(),
            restoring: None,
            quitting: false,
        }
    }

    /// The layer that takes the keys.
    pub fn layer(&self) -> Layer {
        match (&self.modal, self.screen) {
            (Some(Modal::Help { .. } | Modal::Info { .. }), _) => Layer::Help,
            (Some(Modal::Palette(_)), _) => Layer::Palette,
            (Some(Modal::Choice(_)), _) => Layer::Answer,
            (Some(Modal::Prompt(prompt)), _) => prompt.purpose.layer(),
            (Some(Modal::Confirm(_)), _) => Layer::Confirm,
            (None, Screen::Review) => Layer::Review,
            (None, _) => Layer::List,
        }
    }

    /// What may follow the keys pressed so far: label of the next keys and description.
    pub fn pending(&self) -> Vec<(String, String)> {
        if self.pressed.is_empty() {
            return Vec::new();
        }
        match self.keymap.lookup(self.layer().stack(), &self.pressed) {
            Lookup::Pending(list) => list
                .into_iter()
                .map(|binding| (crate::config::keys::label(&binding.keys), binding.desc.clone()))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The keys that run an action on this screen, as one label; a plain key is easier to read than a function key.
    pub fn key_of(&self, action: Action) -> Option<String> {
        self.key_in(self.layer(), action)
    }

    /// The same for a layer and those around it.
    pub fn key_in(&self, layer: Layer, action: Action) -> Option<String> {
        let found = layer.stack().iter().find_map(|layer| {
            let keys = self.keymap.keys_for(*layer, &action);
            let plain = |keys: &&&[Key]| !matches!(keys.first(), Some(Key { code: KeyCode::F(_), .. }));
            // Those of the file itself come first.
            keys.iter().find(plain).or(keys.first()).map(|keys| crate::config::keys::label(keys))
        });
        found.filter(|label| !label.is_empty())
    }

    /// The key that runs an action in a layer, for a sentence that names it; `:` and what it is called where it has none.
    pub fn key_for(&self, layer: Layer, action: Action) -> String {
        self.key_in(layer, action).unwrap_or_else(|| format!(":{action}"))
    }

    /// The key that breaks off the keys of a sequence pressed so far, where there is one besides those that go on with it.
    pub fn leaves(&self, key: Key) -> bool {
        let alone = self.keymap.lookup(self.layer().stack(), &[key]);
        let clears = matches!(alone, Lookup::Run(binding) if matches!(binding.action, Action::Clear | Action::Cancel | Action::No));
        key.code == KeyCode::Esc || clears
    }

    /// The record at the cursor.
    pub fn record(&self) -> Option<RecordNo> {
        self.queue.no(self.window.cursor)
    }

    /// The record at the cursor, once it is read.
    pub fn view(&self) -> Option<&Arc<RecordView>> {
        self.records.get(&self.record()?)
    }

    /// Why the record at the cursor cannot be read, where that is so.
    pub fn unreadable(&self) -> Option<&str> {
        let no = self.record()?;
        self.unreadable.get(&no).filter(|_| !self.records.contains_key(&no)).map(String::as_str)
    }

    /// Whether the line of a record cannot be read.
    pub fn is_unreadable(&self, no: RecordNo) -> bool {
        self.unreadable.contains_key(&no) && !self.lines.contains_key(&no)
    }

    /// Rows of the queue that fit on the screen.
    pub fn queue_height(&self) -> usize {
        usize::from(plan::review(self.size).queue.h)
    }

    /// Rows of a list screen that fit.
    pub fn list_height(&self) -> usize {
        usize::from(plan::list(self.size).list.h)
    }

    /// The window of the list on the screen and the rows it is over; `None` on screens without a list.
    pub(super) fn list(&mut self) -> Option<(&mut Window, usize)> {
        match self.screen {
            Screen::History => Some((&mut self.history.window, self.history.steps.len())),
            Screen::Output => {
                let len = self.output.len();
                Some((&mut self.output.window, len))
            }
            Screen::Quarantine => {
                let len = self.held.len();
                Some((&mut self.held.window, len))
            }
            Screen::Mapping => {
                let len = self.mapping.columns.len();
                Some((&mut self.mapping.window, len))
            }
            Screen::Review | Screen::Groups | Screen::Status => None,
        }
    }

    /// What a decision hangs on now.
    pub fn scene(&self) -> Scene {
        Scene { record: self.record(), above: self.above }
    }

    /// When time alone changes something, if it does.
    pub fn deadline(&self) -> Option<u64> {
        self.guard.deadline().into_iter().chain(self.lock.deadline()).min()
    }

    /// Whether the record and the question on the screen are those a key would decide.
    pub fn is_drawn(&self) -> bool {
        self.drawn == Some(self.scene())
    }

    /// Whether a change of the record is not durable yet.
    pub fn is_unsaved(&self, no: RecordNo) -> bool {
        self.unsaved.values().any(|unsaved| unsaved.record == Some(no))
    }

    /// Whether the last decision can be repeated on the record at the cursor: it is open and differs in the same way.
    pub fn can_repeat(&self) -> bool {
        let entry = self.record().and_then(|no| self.queue.entry_of(no));
        entry.zip(self.last.as_ref()).is_some_and(|(entry, (_, pattern))| {
            self.queue.state(entry.no).is_open() && entry.pattern.is_like(*pattern)
        })
    }

    /// What surrounds a decision on a record that is read.
    pub fn surroundings<'a>(&'a self, view: &'a RecordView) -> Surroundings<'a> {
        view.surroundings(&self.workspace, self.today)
    }

    /// The 期日 proposed for 保留.
    pub fn hold_until(&self) -> Date {
        self.today.saturating_add(HOLD_DAYS.days())
    }

    /// Shows a message.
    pub(super) fn say(&mut self, weight: Weight, text: impl Into<String>) {
        self.message = Some((weight, text.into()));
    }

    /// Says why something was not decided; nothing decides until a pause or a movement.
    pub(super) fn refuse(&mut self, text: impl Into<String>) {
        self.guard.refuse();
        self.say(Weight::Warning, text);
    }

    /// Puts something above the screen, or takes it away.
    pub(super) fn set_modal(&mut self, modal: Option<Modal>) {
        if self.modal.is_some() || modal.is_some() {
            self.above += 1;
        }
        self.modal = modal;
        self.pressed.clear();
    }

    /// The name of a record for messages: its 整理番号 where it is read.
    pub(super) fn id_of(&self, no: RecordNo) -> String {
        let id = self.lines.get(&no).map(|line| line.id.as_str());
        let id = id.map(str::to_owned).or_else(|| self.records.get(&no).map(|view| view.record.row.id()));
        id.map_or_else(|| format!("#{}", no.0), |id| crate::compare::visible(&id).into_owned())
    }

    /// Notes the case of a record wherever it is shown.
    pub(super) fn set_case(&mut self, no: RecordNo, case: &Case) {
        self.queue.set_state(no, case.state);
        let in_file = self.records.get(&no).map(|view| &view.record.facts);
        let in_file = in_file.or_else(|| self.queue.entry_of(no).map(|entry| &entry.facts));
        let protected = in_file.map(|facts| case.is_protected(facts));
        if let Some(line) = self.lines.get_mut(&no) {
            line.operator.clone_from(&case.operator);
            line.due = case.due;
            line.protected = protected.unwrap_or(line.protected);
        }
        if let Some(view) = self.records.get_mut(&no) {
            Arc::make_mut(view).case = case.clone();
        }
    }

    /// Where the operator stands.
    pub(super) fn session(&self) -> Session {
        use super::modal::{Prompt, Purpose};
        let note = match &self.modal {
            Some(Modal::Prompt(Prompt { purpose: Purpose::Note(no), line, .. })) => Some((*no, line.text().to_owned())),
            _ => None,
        };
        Session {
            record: self.record(),
            key: self.record().and_then(|no| self.lines.get(&no)).map(|line| line.id.clone()).unwrap_or_default(),
            filter: self.filtering.clone().unwrap_or_else(|| self.filter.clone()),
            search: self.search.query.clone(),
            note,
            views: self.views.clone(),
            stay: self.stay,
        }
    }
}
