//! The only place that writes to stdout and stderr.

use std::io::{self, IsTerminal, Write};

use crate::compare::CellWidth;
use crate::error::{Exit, Failure};

/// SIGPIPE, as the exit code of a command whose reader went away.
const BROKEN_PIPE: u8 = 13;

/// Writes data to stdout; a reader that went away ends the command as the signal would.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| failure(&error))
}

/// Writes one line of data to stdout.
pub(super) fn line(line: &str) -> Result<(), Failure> {
    text(&format!("{line}\n"))
}

/// Turns a fault of stdout into a failure.
pub(super) fn failure(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::new(Exit::Signal(BROKEN_PIPE), ""),
        _ => Failure::new(Exit::Storage, format!("結果を書き出せません: {error}")),
    }
}

/// Writes a message to stderr; a closed stderr is nobody's loss.
pub(super) fn message(message: &str) {
    let _ = writeln!(io::stderr().lock(), "{message}");
}

/// Whether data goes to a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether stderr is a terminal, for progress bars.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Lays rows out as columns padded by the cells of the operator's terminal; columns named in `right` are right-aligned.
pub(super) fn table(cells: CellWidth, rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|n| rows.iter().filter_map(|row| row.get(n)).map(|cell| cells.of(cell)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (n, cell) in row.iter().enumerate() {
            if n > 0 {
                line.push_str("  ");
            }
            let gap = " ".repeat(widths[n].saturating_sub(cells.of(cell)));
            if right.contains(&n) {
                line.push_str(&gap);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&gap);
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
