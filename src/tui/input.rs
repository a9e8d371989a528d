//! What comes from the terminal: keys, pastes, sizes, signals and the loss of the connection, each from a thread.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Instant;

use crossterm::event::{self, Event, KeyEvent, KeyEventKind, KeyModifiers};
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGUSR1};
use signal_hook::iterator::Signals;

use super::escape::Timed;
use super::runtime::Incoming;
use crate::config::keys::{Key, KeyCode};

/// Starts the threads; they end with the program.
pub(super) fn start(to: &Sender<Incoming>, since: Instant) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT, SIGTSTP, SIGUSR1])?;
    let sender = to.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let incoming = match signal {
                SIGCONT => Incoming::Continued,
                SIGTSTP => Incoming::Stop,
                SIGUSR1 => Incoming::Reload,
                signal => Incoming::Signal(signal),
            };
            if sender.send(incoming).is_err() {
                return;
            }
        }
    })?;
    let sender = to.clone();
    thread::Builder::new().name("hangup".into()).spawn(move || wait_for_hangup(&sender))?;
    let sender = to.clone();
    thread::Builder::new().name("input".into()).spawn(move || read(&sender, since))?;
    Ok(())
}

/// Waits until the terminal is gone. crossterm does not notice it: its reader would spin for ever.
fn wait_for_hangup(to: &Sender<Incoming>) {
    let stdin = io::stdin();
    loop {
        // No event is asked for: a hangup is always reported, input never.
        let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) => {
                if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                    let _ = to.send(Incoming::Hangup);
                    return;
                }
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}

/// Reads events; whatever is there already is sent together, so that a burst is seen as one.
fn read(to: &Sender<Incoming>, since: Instant) {
    loop {
        let event = match event::read() {
            Ok(event) => event,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => {
                let _ = to.send(Incoming::Hangup);
                return;
            }
        };
        let at = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let incoming = match event {
            Event::Key(key) => match read_key(key) {
                Some((key, repeat)) => Incoming::Key(Timed { key, at, repeat }),
                None => continue,
            },
            Event::Paste(text) => Incoming::Paste(text),
            Event::Resize(w, h) => Incoming::Resize(w, h),
            Event::FocusGained | Event::FocusLost | Event::Mouse(_) => continue,
        };
        if to.send(incoming).is_err() {
            return;
        }
    }
}

/// Translates a key press; releases and keys without a name are left out.
fn read_key(event: KeyEvent) -> Option<(Key, bool)> {
    use crossterm::event::KeyCode as Code;
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        Code::Char(c) => KeyCode::Char(c),
        Code::Enter => KeyCode::Enter,
        Code::Esc => KeyCode::Esc,
        Code::Tab => KeyCode::Tab,
        Code::BackTab => KeyCode::BackTab,
        Code::Backspace => KeyCode::Backspace,
        Code::Delete => KeyCode::Delete,
        Code::Insert => KeyCode::Insert,
        Code::Up => KeyCode::Up,
        Code::Down => KeyCode::Down,
        Code::Left => KeyCode::Left,
        Code::Right => KeyCode::Right,
        Code::Home => KeyCode::Home,
        Code::End => KeyCode::End,
        Code::PageUp => KeyCode::PageUp,
        Code::PageDown => KeyCode::PageDown,
        Code::F(n) => KeyCode::F(n),
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    let key = Key::new(code, held(KeyModifiers::CONTROL), held(KeyModifiers::ALT), held(KeyModifiers::SHIFT));
    Some((key, event.kind == KeyEventKind::Repeat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossterm_keys_are_keymap_keys() {
        use crossterm::event::KeyCode as Code;
        for (code, modifiers, word) in [
            (Code::Char('G'), KeyModifiers::SHIFT, "G"),
            (Code::Char('r'), KeyModifiers::CONTROL, "ctrl-r"),
            (Code::F(4), KeyModifiers::NONE, "F4"),
            (Code::BackTab, KeyModifiers::SHIFT, "backtab"),
            (Code::PageDown, KeyModifiers::NONE, "pgdn"),
            (Code::Char(' '), KeyModifiers::NONE, "space"),
        ] {
            let (key, repeat) = read_key(KeyEvent::new(code, modifiers)).unwrap();
            assert_eq!((key, repeat), (word.parse().unwrap(), false), "{word}");
        }
        assert_eq!(read_key(KeyEvent::new(Code::CapsLock, KeyModifiers::NONE)), None);
        let held = KeyEvent::new_with_kind(Code::Char('a'), KeyModifiers::NONE, KeyEventKind::Repeat);
        assert_eq!(read_key(held), Some((Key::char('a'), true)));
    }
}
