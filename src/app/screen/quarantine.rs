//! 隔離: rows that an import held back, and what became of them.

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::job::Job;
use crate::app::message::Weight;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::Then;
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::app::viewport::Viewport;
use crate::compare::visible;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::quarantine::QuarantineState;
use crate::view::HeldView;

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quarantine {
    /// The rows, once read.
    pub rows: Option<Vec<HeldView>>,
    /// Whether closed rows are shown as well.
    pub closed: bool,
    /// The visible part.
    pub viewport: Viewport,
}

impl Quarantine {
    /// How many rows are known.
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Vec::len)
    }

    /// Whether no row is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of them are open.
    pub fn open(&self) -> usize {
        self.rows.iter().flatten().filter(|row| row.state.is_open()).count()
    }

    /// The row at the cursor.
    pub fn here(&self) -> Option<&HeldView> {
        self.rows.as_ref()?.get(self.viewport.cursor)
    }

    /// Does an action.
    pub fn on_action(&mut self, shared: &mut Shared, action: Action) -> Next {
        match action {
            Action::Write if self.open() == 0 => Next::say(Weight::Info, "未処理の隔離はありません"),
            Action::Write => {
                let lines = vec![
                    format!("未処理の隔離 {} 行を CSV に書き出します。", self.open()),
                    "直して取り込むと隔離が解けます。個人番号は伏せますが、触らなければ元の値に戻ります。".to_owned(),
                ];
                Next::confirm(lines, Then::Do(Job::export(ExportRequest::of(ExportKind::Quarantine))))
            }
            Action::FocusNext => {
                *self = Self { closed: !self.closed, ..Self::default() };
                shared.detail_top = 0;
                self.read()
            }
            Action::Dismiss => match self.here().map(|row| (row.number, row.state)) {
                Some((number, QuarantineState::Open)) => Next::prompt(Purpose::HeldReason { number, dismiss: true }),
                Some((number, QuarantineState::Dismissed)) => {
                    Next::prompt(Purpose::HeldReason { number, dismiss: false })
                }
                Some((_, state)) => Next::say(Weight::Info, format!("{}の行です", state.label())),
                None => Next::say(Weight::Info, "隔離した行はありません"),
            },
            _ => Next::NotHere,
        }
    }

    /// The reason for dismissing a row, or for opening it again, was given.
    pub fn on_prompt(prompt: Prompt) -> Next {
        let text = prompt.line.text().trim().to_owned();
        match prompt.purpose {
            Purpose::HeldReason { .. } if text.is_empty() => Next::AskAgain(prompt.again("理由を入力してください")),
            Purpose::HeldReason { number, dismiss } => {
                let what = if dismiss {
                    "取り込まないものとして除外します"
                } else {
                    "未処理に戻します"
                };
                let lines = vec![format!("隔離番号 {number} の行を{what}。"), format!("理由: {}", visible(&text))];
                Next::confirm(lines, Then::Do(Job::Dismiss { number, dismiss, reason: text }))
            }
            _ => Next::NotHere,
        }
    }

    /// Reads the rows anew.
    pub fn read(&self) -> Next {
        Next::send(Effect::Held(self.closed))
    }
}
