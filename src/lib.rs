#![doc = include_str!("ARCHITECTURE.md")]
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests measure time and write their files as they like"))]

pub mod app;
pub mod cli;
pub mod clock;
pub mod compare;
pub mod config;
pub mod desk;
pub mod domain;
pub mod error;
pub mod export;
pub mod host;
pub mod ingest;
pub mod jobs;
pub mod sample;
pub mod service;
pub mod spill;
pub mod store;
pub mod tui;
pub mod view;
