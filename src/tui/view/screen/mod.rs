//! What each screen looks like, under the name that its state and keys have in `app::screen`.

pub(super) mod history;
pub(super) mod mapping;
pub(super) mod output;
pub(super) mod quarantine;
pub(super) mod review;
pub(super) mod status;
