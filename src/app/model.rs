//! Everything the workstation knows at one moment; a frame is a function of it.

use std::sync::Arc;

use super::action::{Action, Screen};
use super::effect::Effect;
use super::find::{Find, occurrences};
use super::guard::Scene;
use super::modal::Modal;
use super::modal::prompt::{Prompt, Purpose};
use super::screen::history::History;
use super::screen::import::Import;
use super::screen::mapping::Mapping;
use super::screen::output::Output;
use super::screen::quarantine::Quarantine;
use super::screen::review::Review;
use super::screen::status::Status;
use super::session::{Returning, Session};
use super::shared::Shared;
use super::viewport::Viewport;
use crate::config::keymap::Keymap;
use crate::domain::record::RecordNo;
use crate::view::RecordView;

/// Everything the workstation knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// What every screen uses.
    pub shared: Shared,
    /// 確認
    pub review: Review,
    /// 状況
    pub status: Status,
    /// 履歴
    pub history: History,
    /// 出力
    pub output: Output,
    /// 隔離
    pub quarantine: Quarantine,
    /// 列の対応
    pub mapping: Mapping,
    /// 取込
    pub import: Import,
    /// What is looked for in 履歴, 出力 or ヘルプ.
    pub find: Find,
    /// The session kept last.
    pub(super) kept: Session,
    /// The session to come back to once a filter is evaluated.
    pub(super) restoring: Option<Session>,
    /// What is to be done when the queue arrives.
    pub(super) returning: Option<Returning>,
}

impl Model {
    /// The workstation before the store is open.
    pub fn new(keymap: Arc<Keymap<Action>>, size: (u16, u16)) -> Self {
        Self {
            shared: Shared::new(keymap, size),
            review: Review::default(),
            status: Status::default(),
            history: History::default(),
            output: Output::default(),
            quarantine: Quarantine::default(),
            mapping: Mapping::default(),
            import: Import::default(),
            find: Find::default(),
            kept: Session::default(),
            restoring: None,
            returning: None,
        }
    }

    /// The record at the cursor.
    pub fn record(&self) -> Option<RecordNo> {
        self.review.record()
    }

    /// The record at the cursor, once it is read.
    pub fn view(&self) -> Option<&Arc<RecordView>> {
        self.review.view()
    }

    /// The viewport of the list on the screen and the rows it is over; `None` on screens without a list.
    pub(super) fn list(&mut self) -> Option<(&mut Viewport, usize)> {
        match self.shared.screen {
            Screen::History => Some((&mut self.history.viewport, self.history.steps.len())),
            Screen::Output => {
                let len = self.output.len();
                Some((&mut self.output.viewport, len))
            }
            Screen::Quarantine => {
                let len = self.quarantine.len();
                Some((&mut self.quarantine.viewport, len))
            }
            Screen::Mapping => {
                let len = self.mapping.columns.len();
                Some((&mut self.mapping.viewport, len))
            }
            Screen::Review | Screen::Groups | Screen::Status => None,
        }
    }

    /// What a decision hangs on now.
    pub fn scene(&self) -> Scene {
        Scene { record: self.record(), above: self.shared.input.above }
    }

    /// Whether the record and the question on the screen are those a key would decide.
    pub fn is_drawn(&self) -> bool {
        self.shared.input.drawn == Some(self.scene())
    }

    /// Where the operator stands.
    pub(super) fn session(&self) -> Session {
        let (note, note_version) = match &self.shared.modal {
            Some(Modal::Prompt(Prompt { purpose: Purpose::Note(seen), line, .. })) => {
                (Some((seen.record, line.text().to_owned())), seen.version)
            }
            _ => (None, 0),
        };
        Session {
            record: self.record(),
            key: self
                .record()
                .and_then(|no| self.review.cache.lines.get(&no))
                .map(|line| line.id.clone())
                .unwrap_or_default(),
            filter: self.review.filter.pending.clone().unwrap_or_else(|| self.review.filter.expression.clone()),
            search: self.review.search.query.clone(),
            note,
            note_version,
            views: self.review.filter.saved.clone(),
            stay: self.review.stay,
            place: self.record().and_then(|no| self.review.queue.place(no)).unwrap_or_default(),
        }
    }

    /// Keeps the session when it has changed.
    pub(super) fn keep_session(&mut self) -> Option<Effect> {
        if !self.shared.opened || self.restoring.is_some() || self.returning.is_some() {
            return None;
        }
        let session = self.session();
        if session == self.kept {
            return None;
        }
        let bytes = session.to_bytes();
        self.kept = session;
        Some(Effect::KeepSession(bytes))
    }

    /// Whether words are looked for in what stands on the screen now, and not in the queue.
    pub fn finds_here(&self) -> bool {
        match &self.shared.modal {
            Some(Modal::Help { .. } | Modal::Prompt(Prompt { purpose: Purpose::Find { .. }, .. })) => true,
            Some(_) => false,
            None => matches!(self.shared.screen, Screen::History | Screen::Output),
        }
    }

    /// Whether a line of the list on the screen holds what is looked for.
    pub fn holds(&self, row: usize) -> bool {
        let text = match self.shared.screen {
            _ if self.find.query.is_empty() => return false,
            Screen::History => self.history.row_text(row),
            Screen::Output => self.output.row_text(row),
            _ => return false,
        };
        !occurrences(&text, &self.find.query).is_empty()
    }

    /// The lines that hold what is looked for, of what is read.
    pub(super) fn hits(&self) -> Vec<usize> {
        if let Some(Modal::Help { .. }) = &self.shared.modal {
            return self.find.help_hits();
        }
        let rows = match self.shared.screen {
            Screen::History => self.history.steps.len(),
            Screen::Output => self.output.len(),
            _ => 0,
        };
        (0..rows).filter(|row| self.holds(*row)).collect()
    }
}
