//! The workstation as a state machine, pure: a [`model::Model`], messages in, effects out.
//!
//! [`update::update`] is the only way the model changes; what it asks of the world comes back as an [`effect::Effect`]
//! that `tui` carries out, and what the world answers comes in as a [`msg::Msg`]. Time comes in with the messages.
//! Each screen is a module of [`screen`] with its state, keys and answers; what all of them use is [`shared::Shared`], and what
//! a screen cannot do itself it asks for with a [`next::Next`].
//! May use `domain`, `compare`, `config`, `view` and `service`; knows no store, terminal, clock or environment.

pub mod action;
pub mod completion;
pub mod effect;
pub mod find;
pub mod guard;
pub mod input;
pub mod job;
pub mod layout;
pub mod lock;
pub mod message;
pub mod modal;
pub mod model;
pub mod msg;
pub mod next;
pub mod ranking;
pub mod screen;
pub mod scroll;
pub mod session;
pub mod shared;
pub mod text_input;
pub mod update;
pub mod viewport;

pub use effect::Effect;
pub use model::Model;
pub use msg::Msg;
pub use update::update;
