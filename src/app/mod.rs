//! (app)
pub mod action;
