//! The screens: state, keys and answers of each side by side.
//!
//! A screen changes itself, reads [`super::shared::Shared`], and says with a [`super::next::Next`] what is to be done beyond
//! it; `update` alone carries that out. What a screen looks like is `tui::view` under the same name.

pub mod history;
pub mod import;
pub mod mapping;
pub mod output;
pub mod quarantine;
pub mod review;
pub mod status;

#[cfg(test)]
mod tests;
