//! The screens beside 確認 on a fake world.

mod history;
mod import;
mod output;
