//! The terminal: modes, input, frames and the threads around the state machine of `app`.
//!
//! May use everything below it; jobs (imports, exports) are done by `jobs`. Only this room knows ratatui, crossterm and
//! signals; a frame is drawn from the model alone, and whatever `app` asks of the store is done by one worker thread, which
//! asks the [`Service`](crate::desk::Service).
//!
//! Five threads and one channel: input and signals come in beside the answers of the worker and of the thread that writes;
//! the main thread takes in everything that has arrived and draws once, and never waits for the terminal or the disk.

mod escape;
mod input;
mod output;
mod pace;
pub mod probe;
mod runtime;
#[cfg(test)]
mod stray;
mod terminal;
pub mod view;
mod worker;
mod writer;

use std::sync::Arc;
use std::time::Duration;

pub use view::{draw, frame, frame_text};

use crate::app::action::Action;
use crate::config::keymap::Keymap;
use crate::config::theme::Theme;
use crate::desk::Seat;
use crate::store::StoreError;

/// How the workstation appearances and what its keys do.
#[derive(Clone, Debug)]
pub struct Appearance {
    /// Colours and marks; `mono` where colour is not wanted (NO_COLOR).
    pub theme: Theme,
    /// Keys.
    pub keymap: Arc<Keymap<Action>>,
    /// Whether the terminal draws ambiguous characters (①, ○, ×) two cells wide.
    pub ambiguous_wide: bool,
    /// What else to say when it is taken up; may be empty.
    pub note: String,
}

/// Where the appearance comes from, so that a running workstation takes up what is changed.
pub trait AppearanceSource {
    /// Whether a file has changed since it was last loaded, for good or bad; cheap enough for every key.
    fn changed(&self) -> bool;

    /// Loads everything again.
    ///
    /// # Errors
    /// The first fault with its place and how many more there are, in words for the operator.
    fn load(&mut self) -> Result<Appearance, String>;
}

/// What the workstation starts with.
pub struct Options {
    /// How it looks at first.
    pub appearance: Appearance,
    /// Where that comes from.
    pub appearances: Box<dyn AppearanceSource>,
    /// Time without a key after which the screen is blanked; zero means never.
    pub lock_after: Duration,
    /// What the operator should know about the terminal; may be empty.
    pub notice: String,
    /// The folder that lists and reports are written to.
    pub exports: std::path::PathBuf,
    /// The folder that layout profiles are kept in.
    pub layouts: std::path::PathBuf,
}

/// How the workstation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The operator quit.
    Quit,
    /// A signal of this number ended it.
    Signal(i32),
    /// The terminal is gone.
    Hangup,
}

/// Why the workstation cannot run.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Input or output is no terminal.
    #[error("端末ではないため、画面を開けません。端末で実行するか、meken status などの命令を使ってください")]
    NoTerminal,
    /// The terminal cannot place a cursor.
    #[error("TERM が dumb または未設定のため、画面を開けません。TERM=xterm-256color などを設定してください")]
    DumbTerminal,
    /// The terminal failed.
    #[error("端末を読み書きできません: {0}")]
    Terminal(#[from] std::io::Error),
    /// The thread that works on the store ended by itself.
    #[error("内部の誤りで終了しました。決定済の内容は保存されています。meken verify で確認してください")]
    Worker,
    /// The store cannot be read.
    #[error(transparent)]
    Store(StoreError),
}

/// Opens the store anew after a fault that ended its handle; the desk before is gone by then. The words say why it cannot.
pub type Reopen = Box<dyn FnMut() -> Result<Seat, String> + Send>;

/// Runs the workstation on a desk until it ends; every mode of the terminal is undone by then.
///
/// # Errors
/// When there is no terminal to draw on, or the store cannot be opened for reading.
pub fn run(desk: Seat, options: Options, reopen: Reopen) -> Result<Exit, TuiError> {
    runtime::run(desk, options, reopen)
}
