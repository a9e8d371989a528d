//! The one integration binary: architecture, the command line end to end, the workstation in a pty.

mod arrows;
mod cli;
mod job;
mod pty;
mod shared;
mod work;
