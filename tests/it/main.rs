//! The one integration binary: architecture, the command line end to end, the workstation in a pty.

mod arrows;
