//! The one integration binary: architecture, the command line end to end, the workstation in a pty.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails at that line")]
#![allow(clippy::disallowed_methods, reason = "tests measure time and write their files as they like")]

mod arrows;
mod citations;
mod cli;
mod columns;
mod corpus;
mod faults;
mod formats;
mod import;
mod job;
mod listed;
mod newer;
mod notices;
mod older;
mod oracle;
mod pty;
mod pty_ahead;
mod pty_doctor;
mod pty_end;
mod pty_line;
mod pty_lock;
mod pty_looks;
mod pty_split;
mod pty_stray;
mod readme;
mod safety;
mod shared;
mod terminal;
mod twins;
mod wait;
mod work;
mod writers;
