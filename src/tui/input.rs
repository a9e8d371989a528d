//! What comes from the terminal: bytes, signals and the loss of the connection, each from a thread.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP, SIGUSR1, SIGWINCH};
use signal_hook::iterator::Signals;

use super::incoming::Incoming;

/// Size of the read buffer in bytes: more than a terminal sends between two reads, so that a burst arrives as one.
const READ_BUFFER: usize = 4 * 1024;

/// Starts the threads; they end with the program.
pub(super) fn start(to: &Sender<Incoming>, since: Instant) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT, SIGTSTP, SIGUSR1, SIGWINCH])?;
    let sender = to.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let incoming = match signal {
                SIGCONT => Incoming::Continued,
                SIGTSTP => Incoming::Stop,
                SIGWINCH => Incoming::Resized,
                SIGUSR1 => Incoming::Reload,
                signal => Incoming::Signal(signal),
            };
            if sender.send(incoming).is_err() {
                return;
            }
        }
    })?;
    let sender = to.clone();
    thread::Builder::new().name("input".into()).spawn(move || read(&sender, since))?;
    Ok(())
}

/// Reads until the terminal is gone. The loss of a connection shows at once: `poll(2)` reports it without being asked.
fn read(to: &Sender<Incoming>, since: Instant) {
    let input = stdin();
    let mut bytes = [0; READ_BUFFER];
    loop {
        let mut fds = [PollFd::new(&input, PollFlags::IN)];
        match poll(&mut fds, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => break,
        }
        let found = fds[0].revents();
        if found.contains(PollFlags::IN) {
            match rustix::io::read(input, &mut bytes) {
                Ok(0) => break,
                Ok(read) => {
                    let at = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
                    if to.send(Incoming::Bytes(bytes[..read].to_vec(), at)).is_err() {
                        return;
                    }
                }
                Err(Errno::INTR | Errno::AGAIN) => {}
                // In the background nothing may be read; SIGCONT comes when that changes.
                Err(_) => break,
            }
        } else if found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            break;
        }
    }
    let _ = to.send(Incoming::Hangup);
}
