//! The workstation as a state machine, pure: a [`model::Model`], messages in, effects out.
//!
//! [`update::update`] is the only way the model changes; what it asks of the world comes back as an [`effect::Effect`]
//! that `tui` carries out, and what the world answers comes in as a [`msg::Msg`]. Time comes in with the messages.
//! May use `domain`, `compare` and `config`; knows no store, terminal, clock or environment.

pub mod action;
pub mod command;
pub mod complete;
pub mod effect;
pub mod find;
pub mod guard;
pub mod held;
pub mod history;
pub mod job;
pub mod kind;
pub mod line;
pub mod lock;
pub mod mapping;
pub mod modal;
pub mod model;
pub mod msg;
pub mod output;
pub mod plan;
pub mod queue;
pub mod search;
pub mod session;
pub mod update;
pub mod window;

pub use effect::Effect;
pub use model::Model;
pub use msg::Msg;
pub use update::update;
