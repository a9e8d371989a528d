//! Asks the terminal how wide it draws texts, by its own report of where the cursor stands (CPR).

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{QueueSelector, tcflush};

use crate::clock;

/// How long the terminal may take for its first answer, and between two. All questions are asked at once, so that a slow
/// line costs one round trip.
const PATIENCE: Duration = Duration::from_millis(1_200);

/// Whether there is a terminal to ask.
pub fn can_ask() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

/// Columns and rows of the terminal, if there is one.
pub fn terminal_size() -> Option<(u16, u16)> {
    io::stdout().is_terminal().then(crossterm::terminal::size)?.ok()
}

/// Draws each text at the start of a line and asks where the cursor is; the line is empty again afterwards.
///
/// Gives the cells of every text, as far as the terminal answers within its time; fewer than asked when it does not.
///
/// # Errors
/// When the terminal cannot be read or written.
pub fn measure(texts: &[&str]) -> io::Result<Vec<u16>> {
    enable_raw_mode()?;
    let found = ask(texts);
    // What comes too late must not land on the shell's command line.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
    let restored = disable_raw_mode();
    let found = found?;
    restored?;
    Ok(found)
}

fn ask(texts: &[&str]) -> io::Result<Vec<u16>> {
    let mut questions = String::new();
    for text in texts {
        questions.push_str("\r\x1b[K");
        questions.push_str(text);
        questions.push_str("\x1b[6n");
    }
    questions.push_str("\r\x1b[K");
    let mut out = io::stdout().lock();
    out.write_all(questions.as_bytes())?;
    out.flush()?;
    let mut answers = Answers::default();
    let mut until = clock::instant() + PATIENCE;
    while answers.columns.len() < texts.len() {
        let left = until.saturating_duration_since(clock::instant());
        let Ok(left) = Timespec::try_from(left) else { break };
        let stdin = io::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut fds, Some(&left)) {
            Ok(0) => break,
            Ok(_) if !fds[0].revents().contains(PollFlags::IN) => break,
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let mut bytes = [0; 1024];
        let read = rustix::io::read(&stdin, &mut bytes)?;
        if read == 0 {
            break;
        }
        let before = answers.columns.len();
        answers.take(&bytes[..read]);
        if answers.columns.len() > before {
            until = clock::instant() + PATIENCE;
        }
    }
    // The cursor stands behind the text.
    Ok(answers.columns.into_iter().take(texts.len()).map(|column| column.saturating_sub(1)).collect())
}

/// Finds reports `ESC [ row ; column R` among whatever else comes in.
#[derive(Debug, Default)]
struct Answers {
    columns: Vec<u16>,
    /// The numbers so far, while inside a sequence.
    inside: Option<String>,
    escape: bool,
}

impl Answers {
    fn take(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match (&mut self.inside, byte) {
                (_, 0x1b) => (self.inside, self.escape) = (None, true),
                (None, b'[') if self.escape => (self.inside, self.escape) = (Some(String::new()), false),
                (Some(numbers), b'0'..=b'9' | b';') if numbers.len() < 16 => numbers.push(char::from(*byte)),
                (Some(numbers), b'R') => {
                    let column = numbers.split_once(';').and_then(|(_, column)| column.parse::<u16>().ok());
                    self.columns.extend(column);
                    self.inside = None;
                }
                _ => (self.inside, self.escape) = (None, false),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_found_in_whatever_comes_in_however_it_is_cut() {
        let bytes = b"a\x1b[A\x1b[12;3Rx\x1b[1;2H\x1b[5;80R\x1b\x1b[1;1R\x1b[7R";
        for size in 1..=bytes.len() {
            let mut answers = Answers::default();
            bytes.chunks(size).for_each(|part| answers.take(part));
            assert_eq!(answers.columns, [3, 80, 1], "in parts of {size}");
        }
    }
}
