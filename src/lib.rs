#![doc = include_str!("ARCHITECTURE.md")]

pub mod app;
pub mod cli;
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
pub mod store;
pub mod tui;
pub mod view;
