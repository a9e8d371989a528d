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
use super::protocol::{Call, ErrorKind, Head, Holder, Reply, Request, VERSION};
use crate::desk::Service;
use crate::domain::request::Caller;

/// Maximum bytes of a request, which is one line: a file of decisions is sent in one.
const LONGEST_REQUEST: u64 = 64 * 1024 * 1024;

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

/// Starts to answer on the socket of a workspace, for the account of this process (`own`).
///
/// Only the process that holds the store may call this: a socket file that is there already is then left over from a
/// process that died, and is replaced. Fails with the reason when the socket cannot be made.
pub fn serve(path: &Path, service: Arc<dyn Service>, own: &Caller, doing: &str) -> io::Result<Server> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    let stop = Arc::new(AtomicBool::new(false));
    let own = own.clone();
    let holder = Holder { operator: own.operator.clone(), pid: std::process::id(), doing: doing.to_owned() };
    let stopped = Arc::clone(&stop);
    let thread = std::thread::Builder::new().name("meken-host".to_owned()).spawn(move || {
        for stream in listener.incoming() {
            if stopped.load(Ordering::Acquire) {
                break;
            }
            let Ok(stream) = stream else { continue };
            let (service, own, holder) = (Arc::clone(&service), own.clone(), holder.clone());
            // One thread a question, so that a peer that stalls holds nobody up; a fault of one peer is that peer's.
            let _ = std::thread::Builder::new().name("meken-answer".to_owned()).spawn(move || {
                let _ = answer(stream, &*service, &own, &holder);
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

fn answer(stream: UnixStream, service: &dyn Service, own: &Caller, holder: &Holder) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut out = BufWriter::new(stream.try_clone()?);
    let error = |kind, message: &str| Reply::Error { kind, message: message.to_owned() };
    let Some(who) = peer::caller(&stream, own) else {
        return send(&mut out, &error(ErrorKind::Denied, "この作業フォルダを見る権限がありません"));
    };
    let mut line = String::new();
    BufReader::new(stream.take(LONGEST_REQUEST)).read_line(&mut line)?;
    if serde_json::from_str::<Head>(&line).is_ok_and(|head| head.version != VERSION) {
        let message = "使用中の meken と版が違います。終了してからもう一度実行してください";
        return send(&mut out, &error(ErrorKind::Request, message));
    }
    let Ok(Request { ask, .. }) = serde_json::from_str::<Request<Call>>(&line) else {
        return send(&mut out, &error(ErrorKind::Usage, "問合せの形式が正しくありません"));
    };
    let end = match ask {
        Call::Holder => {
            write_line(&mut out, &Reply::Holder(holder.clone()))?;
            Reply::End
        }
        Call::Ask(ask) => {
            let mut fault = Ok(());
            let answered = service.ask(&who, &ask, &mut |answer| {
                fault = write_line(&mut out, &Reply::Answer(Box::new(answer)));
                fault.is_ok()
            });
            fault?;
            answered.map_or_else(|error| Reply::Fault(Box::new(error)), |()| Reply::End)
        }
        Call::Run { id, command } => match service.run(&who, id, &command) {
            Ok(done) => Reply::Done(Box::new(done)),
            Err(error) => Reply::Fault(Box::new(error)),
        },
    };
    send(&mut out, &end)
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
