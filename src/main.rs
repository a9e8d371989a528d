//! The thin binary: the system's clock and arguments in, an exit code out.

use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    ExitCode::from(meken::cli::run(std::env::args_os(), Arc::new(meken::clock::now)))
}
