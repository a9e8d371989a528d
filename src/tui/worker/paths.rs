//! Threads that look for paths: a folder on a network may never answer, and no decision waits behind it.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::app::msg::Msg;
use crate::tui::incoming::Incoming;

/// The searches under way.
#[derive(Default)]
pub(super) struct PathSearch(pub(super) Arc<()>);

/// Maximum number of folders that are waited for; beyond that the key that asks does nothing.
pub(super) const MAXIMUM_SEARCHES: usize = 8;

impl PathSearch {
    /// Looks for the paths that begin with `part`, and tells what was found when it is found.
    pub(super) fn start(
        &self,
        to: &Sender<Incoming>,
        head: String,
        part: String,
        paths: impl FnOnce(&str) -> Vec<String> + Send + 'static,
    ) {
        if Arc::strong_count(&self.0) > MAXIMUM_SEARCHES {
            return;
        }
        let (running, to) = (Arc::clone(&self.0), to.clone());
        let search = move || {
            let lines = paths(&part).into_iter().map(|path| format!("{head}{path}")).collect();
            // A screen that is gone, or a line that reads otherwise by now, hears nothing of it.
            let _ = to.send(Incoming::Answer(Box::new(Msg::Completed { text: format!("{head}{part}"), lines })));
            drop(running);
        };
        // Without a thread there are no paths to offer; the line can still be typed.
        let _ = std::thread::Builder::new().name("paths".into()).spawn(search);
    }
}
