//! The one integration binary: architecture, the command line end to end, the workstation in a pty.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails at that line")]

mod arrows;
mod cli;
mod import;
mod job;
mod notices;
mod oracle;
mod pty;
mod shared;
mod work;
