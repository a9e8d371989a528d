//! stub
pub struct Options { pub theme: crate::config::theme::Theme, pub keymap: crate::config::keymap::Keymap<crate::app::action::Action>, pub ambiguous_wide: bool }
pub enum Ended { Quit, Signal(u8) }
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct TuiError;
impl TuiError { pub fn is_usage(&self) -> bool { true } }
pub fn run(_: crate::desk::Desk, _: Options) -> Result<Ended, TuiError> { Err(TuiError) }
