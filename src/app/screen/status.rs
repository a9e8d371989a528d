//! 状況: where the work stands.

use crate::app::effect::Effect;
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::domain::calendar::japan_time;
use crate::view::StatusView;

/// The screen.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Where the work stands, once counted.
    pub view: Option<StatusView>,
    /// The first visible line.
    pub top: usize,
}

impl Status {
    /// Counts anew.
    pub fn read(&self) -> Next {
        Next::send(Effect::Status)
    }

    /// The counts have come.
    pub fn on_status(&mut self, shared: &mut Shared, view: StatusView) {
        shared.cutoff = Some(view.cutoff);
        shared.today = japan_time(view.as_of).date();
        self.view = Some(view);
    }
}
