//! What every screen uses: keys, size, workspace, what stands above the screen, messages, unsaved changes and jobs.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use super::action::{Action, Screen};
use super::input::Input;
use super::job::{Job, RunningJob};
use super::layout;
use super::message::Weight;
use super::modal::Modal;
use crate::config::keymap::{Keymap, Layer, Lookup};
use crate::config::keys::{Key, KeyCode};
use crate::domain::calendar::Cutoff;
use crate::domain::case::{Case, Decision};
use crate::domain::record::RecordNo;
use crate::view::WorkspaceInfo;

/// Default days until the 期日 of 保留.
const HOLD_DAYS: i64 = 7;

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
    /// A note, with its text.
    Note(String),
    /// 支援措置 set or cleared.
    Protection,
    /// An undo or a redo.
    History,
}

/// Changes on their way to the store.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Changes that are not durable yet.
    pub unsaved: BTreeMap<u64, Unsaved>,
    /// Why nothing can be saved any more.
    pub broken: Option<String>,
    /// Requests made so far.
    requests: u64,
}

impl Changes {
    /// Notes a change that is asked for; gives the number of the request.
    pub(super) fn ask(&mut self, asked: Asked, record: Option<RecordNo>, before: Option<Case>) -> u64 {
        self.requests += 1;
        self.unsaved.insert(self.requests, Unsaved { asked, record, before });
        self.requests
    }
}

/// Work that takes a moment.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    /// Work that is under way.
    pub running: Option<RunningJob>,
    /// Whether it was stopped by the operator.
    pub(super) stopped: bool,
}

/// What every screen uses.
#[derive(Clone, Debug)]
pub struct Shared {
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
    /// What the operator should read.
    pub message: Option<(Weight, String)>,
    /// First visible line of the detail beside a list.
    pub detail_top: usize,
    /// The first line of the last page of the text last drawn: only the view knows how long it is.
    pub reach: Cell<usize>,
    /// The same for the question above the screen, 0 where all of it is seen, and how many of its lines are.
    pub question_reach: Cell<(usize, usize)>,
    /// Keys on their way in.
    pub input: Input,
    /// Changes on their way to the store.
    pub changes: Changes,
    /// Work that takes a moment.
    pub jobs: Jobs,
    /// Whether the program is ending.
    pub(super) quitting: bool,
}

impl Shared {
    /// Before the store is open.
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
            message: None,
            detail_top: 0,
            reach: Cell::new(usize::MAX),
            question_reach: Cell::new((0, 0)),
            input: Input::default(),
            changes: Changes::default(),
            jobs: Jobs::default(),
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
        if self.input.pressed.is_empty() {
            return Vec::new();
        }
        match self.keymap.lookup(self.layer().stack(), &self.input.pressed) {
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

    /// Rows of the queue that fit on the screen.
    pub fn queue_height(&self) -> usize {
        usize::from(layout::review(self.size).queue.h)
    }

    /// Rows of a list screen that fit.
    pub fn list_height(&self) -> usize {
        usize::from(layout::list(self.size).list.h)
    }

    /// Whether a change of the record is not durable yet.
    pub fn is_unsaved(&self, no: RecordNo) -> bool {
        self.changes.unsaved.values().any(|unsaved| unsaved.record == Some(no))
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
        self.input.guard.refuse();
        self.say(Weight::Warning, text);
    }

    /// Puts something above the screen, or takes it away.
    pub(super) fn set_modal(&mut self, modal: Option<Modal>) {
        if self.modal.is_some() || modal.is_some() {
            self.input.above += 1;
        }
        self.modal = modal;
        self.input.pressed.clear();
    }

    /// Notes that something opened or closed above the screen, or that the screen is another one.
    pub(super) fn mark_changed(&mut self) {
        self.input.above += 1;
    }

    /// Goes to a screen with nothing above it.
    pub(super) fn show(&mut self, screen: Screen) {
        self.screen = screen;
        self.set_modal(None);
        self.mark_changed();
    }

    /// Whether other work is under way or nothing can be saved any more; says so.
    pub(super) fn is_blocked(&mut self) -> bool {
        self.is_busy() || self.is_broken()
    }

    /// Whether other work is under way; says so.
    pub(super) fn is_busy(&mut self) -> bool {
        let Some(job) = &self.jobs.running else { return false };
        let stop = if job.task.can_stop() {
            format!("。{} で中止できます", self.key_for(Layer::Review, Action::Clear))
        } else {
            String::new()
        };
        let message = format!("{}です。終わるまでお待ちください{stop}", job.task.label());
        self.say(Weight::Warning, message);
        true
    }

    /// Whether nothing can be saved any more; says so.
    pub(super) fn is_broken(&mut self) -> bool {
        let Some(broken) = &self.changes.broken else { return false };
        let message = format!("保存できない状態のため、変更できません: {broken}");
        self.say(Weight::Error, message);
        true
    }

    /// Begins work; gives it back where it may begin.
    pub(super) fn begin(&mut self, task: Job) -> Option<Job> {
        if self.is_blocked() {
            return None;
        }
        if !self.changes.unsaved.is_empty() {
            self.say(Weight::Warning, "保存していない決定があります。保存を待ってからもう一度行ってください");
            return None;
        }
        self.jobs.running = Some(RunningJob::of(task.clone()));
        Some(task)
    }

    /// Stops work that can be stopped; false when there is none.
    pub(super) fn stop(&mut self) -> bool {
        let Some(job) = self.jobs.running.as_ref().filter(|job| job.task.can_stop()) else { return false };
        let message = format!("{}を中止しています…", job.task.label());
        self.jobs.stopped = true;
        self.say(Weight::Info, message);
        true
    }
}
