//! The listening side, a thread beside whatever the process does.

use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::peer;
use super::protocol::{Ask, ErrorKind, Holder, Reply, Request, VERSION};
use crate::desk::Desk;

/// A question is one line; a longer one is refused.
const LONGEST_REQUEST: u64 = 64 * 1024;

/// A peer that neither reads nor writes for so long is dropped.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest socket path that every kernel takes directly.
const LONGEST_PATH: usize = 100;

/// A running listener; dropping it closes the socket and removes its file.
pub struct Server {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Starts to answer on the socket of a workspace.
///
/// Only the process that holds the store may call this: a socket file that is there already is then left over from a
/// process that died, and is replaced. Fails with the reason when the socket cannot be made.
pub fn serve(path: &Path, desk: Desk, doing: &str) -> io::Result<Server> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    let stop = Arc::new(AtomicBool::new(false));
    let holder = Holder { operator: desk.operator().to_owned(), pid: std::process::id(), doing: doing.to_owned() };
    let stopped = Arc::clone(&stop);
    let thread = std::thread::Builder::new().name("meken-host".to_owned()).spawn(move || {
        for stream in listener.incoming() {
            if stopped.load(Ordering::Acquire) {
                break;
            }
            let Ok(stream) = stream else { continue };
            let (desk, holder) = (desk.clone(), holder.clone());
            // One thread a question, so that a peer that stalls holds nobody up; a fault of one peer is that peer's.
            let _ = std::thread::Builder::new().name("meken-answer".to_owned()).spawn(move || {
                let _ = answer(stream, &desk, &holder);
            });
        }
    })?;
    Ok(Server { path: path.to_owned(), stop, thread: Some(thread) })
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // Wakes the thread out of accept().
        let woken = connect(&self.path).is_ok();
        let _ = fs::remove_file(&self.path);
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            let _ = thread.join();
        }
    }
}

fn answer(stream: UnixStream, desk: &Desk, holder: &Holder) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut out = BufWriter::new(stream.try_clone()?);
    if !peer::is_allowed(&stream) {
        let message = "この作業フォルダを見る権限がありません".to_owned();
        return send(&mut out, &Reply::Error { kind: ErrorKind::Denied, message });
    }
    let mut line = String::new();
    BufReader::new(stream.take(LONGEST_REQUEST)).read_line(&mut line)?;
    let request: Request = match serde_json::from_str(&line) {
        Ok(request) => request,
        Err(_) => {
            let message = "問合せの形式が正しくありません".to_owned();
            return send(&mut out, &Reply::Error { kind: ErrorKind::Usage, message });
        }
    };
    if request.version != VERSION {
        let message = "使用中の meken と版が違います。終了してからもう一度実行してください".to_owned();
        return send(&mut out, &Reply::Error { kind: ErrorKind::Request, message });
    }
    match request.ask {
        Ask::Holder => {
            send(&mut out, &Reply::Value(serde_json::to_value(holder)?))?;
            send(&mut out, &Reply::End)
        }
        Ask::Query(query) => {
            let mut fault = Ok(());
            let done = desk.answer(&query, &mut |view| {
                let value = serde_json::to_value(view).map_err(io::Error::from);
                fault = value.and_then(|value| write_line(&mut out, &Reply::Value(value)));
                fault.is_ok()
            });
            fault?;
            match done {
                Ok(()) => send(&mut out, &Reply::End),
                Err(error) => send(&mut out, &Reply::Error { kind: ErrorKind::of(&error), message: error.to_string() }),
            }
        }
    }
}

fn write_line(out: &mut impl Write, reply: &Reply) -> io::Result<()> {
    serde_json::to_writer(&mut *out, reply)?;
    out.write_all(b"\n")
}

fn send(out: &mut impl Write, reply: &Reply) -> io::Result<()> {
    write_line(out, reply)?;
    out.flush()
}

/// Binds also where the path is longer than a socket address holds, by way of the folder's descriptor.
fn bind(path: &Path) -> io::Result<UnixListener> {
    short_of(path, |short| UnixListener::bind(short))
}

/// Connects, with the same way round long paths.
pub(super) fn connect(path: &Path) -> io::Result<UnixStream> {
    short_of(path, |short| UnixStream::connect(short))
}

fn short_of<T>(path: &Path, use_path: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    if path.as_os_str().len() <= LONGEST_PATH {
        return use_path(path);
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return use_path(path) };
    let folder = fs::File::open(folder)?;
    use_path(&Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name))
}
