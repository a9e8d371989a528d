//! What every command shares: workspace, settings, operator, clock, and the way to the store.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::args::{Color, Global};
use super::out;
use crate::clock;
use crate::compare::CellWidth;
use crate::config::diagnostic::Diagnostics;
use crate::config::paths::Workspace;
use crate::config::settings::{self, Settings};
use crate::desk::{Clock, Desk, DeskError, Query, Seat, Service, request_id};
use crate::domain::request::{Caller, SessionId};
use crate::error::{Exit, Failure};
use crate::host::{self, Remote};
use crate::ingest::io_words;
use crate::service::{Answer, Ask};
use crate::store::{self, Store, StoreError};
use crate::view::AnyView;

/// Maximum time that a command waits for another one that holds the store.
const STORE_TIMEOUT: Duration = Duration::from_secs(3);

/// Interval between two attempts to open the store.
const RETRY_INTERVAL: Duration = Duration::from_millis(20);

/// What every command shares.
pub(super) struct Context {
    /// The workspace of this command.
    pub(super) workspace: Workspace,
    /// Whether the user named it.
    pub(super) named: bool,
    /// Whether progress and hints are left out.
    pub(super) quiet: bool,
    /// Whether more is said.
    pub(super) verbose: bool,
    /// Whether colour is used.
    pub(super) color: Color,
    clock: Clock,
    caller: Caller,
}

impl Context {
    /// Reads the global options; also switches core dumps off, which would hold personal data.
    pub(super) fn new(global: &Global, clock: Clock) -> Result<Self, Failure> {
        let no_core = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
        // A system that forbids even this has no core dumps to fear.
        let _ = rustix::process::setrlimit(rustix::process::Resource::Core, no_core);
        let workspace = match &global.workspace {
            Some(dir) if dir.as_os_str().is_empty() => {
                return Err(Failure::usage("--workspace が空です。フォルダを指定してください"));
            }
            Some(dir) => Workspace::at(absolute(dir)),
            None => default_place("default")?,
        };
        Ok(Self {
            workspace,
            named: global.workspace.is_some(),
            quiet: global.quiet,
            verbose: global.verbose,
            color: global.color,
            clock,
            caller: caller(),
        })
    }

    /// The same command in another workspace.
    pub(super) fn at(&self, workspace: Workspace) -> Self {
        Self {
            workspace,
            named: true,
            quiet: self.quiet,
            verbose: self.verbose,
            color: self.color,
            clock: Arc::clone(&self.clock),
            caller: self.caller.clone(),
        }
    }

    /// The settings of the workspace; every fault names its line.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let path = self.workspace.settings();
        match fs::read(&path) {
            Ok(bytes) => {
                let faults = |faults: Diagnostics| {
                    let count = faults.0.len();
                    Failure::usage(format!(
                        "設定に誤りが{count}件あります。直してからもう一度実行してください\n{faults}"
                    ))
                };
                Settings::read(&path.display().to_string(), &bytes).map_err(faults)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
            Err(error) => Err(Failure::usage(format!("{} を読めません: {}", path.display(), io_words(&error)))),
        }
    }

    /// How wide the operator's terminal draws; a faulty `settings.toml` is named by what needs more of it.
    pub(super) fn cells(&self) -> CellWidth {
        CellWidth { ambiguous_wide: self.settings().is_ok_and(|settings| settings.screen.ambiguous_wide) }
    }

    /// Writes `settings.toml` with every default in words, where there is none yet.
    pub(super) fn write_settings_template(&self, desk: &Seat) -> Result<(), Failure> {
        let path = self.workspace.settings();
        if path.exists() {
            return Ok(());
        }
        let guessed = desk.insurer();
        crate::export::atomic::write(&path, settings::template(guessed).as_bytes())
            .map_err(|error| Failure::new(Exit::Storage, error.to_string()))?;
        if let Some(kind) = guessed.filter(|_| !self.quiet) {
            out::message(&format!(
                "保険者種別を「{}」と推定しました。違うときは {} で直せます",
                kind.label(),
                path.display()
            ));
        }
        Ok(())
    }

    /// Opens the store for a command that writes, or for whoever will hold it; says who holds it when it is held.
    pub(super) fn open(&self) -> Result<Arc<Store>, Failure> {
        self.hold(|| store::open(self.workspace.dir()))
    }

    /// The same, making an empty store where there is none.
    pub(super) fn open_or_create(&self) -> Result<Arc<Store>, Failure> {
        self.hold(|| store::open_or_create(self.workspace.dir()))
    }

    fn hold(&self, open: impl Fn() -> Result<Store, StoreError>) -> Result<Arc<Store>, Failure> {
        let until = clock::instant() + STORE_TIMEOUT;
        loop {
            match open() {
                Err(StoreError::Busy { .. }) => {
                    let holder = host::holder(&self.workspace.socket());
                    if holder.is_some() || clock::instant() >= until {
                        let holder = holder.map(|holder| holder.to_string());
                        let busy = Failure::from(StoreError::Busy { holder });
                        let advice = "終わるのを待つか、その画面で操作してください";
                        return Err(Failure::new(busy.exit, format!("{busy}。{advice}")));
                    }
                    std::thread::sleep(RETRY_INTERVAL);
                }
                opened => return Ok(Arc::new(opened?)),
            }
        }
    }

    /// A desk over a store, for the operator.
    pub(super) fn desk(&self, store: Arc<Store>) -> Result<Seat, Failure> {
        let desk = Desk::new(store, self.settings()?, Arc::clone(&self.clock))?;
        Ok(Seat::at(desk, self.caller.clone()))
    }

    /// Opens the store and sits down at it.
    pub(super) fn open_desk(&self) -> Result<Seat, Failure> {
        let desk = self.desk(self.open()?)?;
        desk.require_data()?;
        Ok(desk)
    }

    /// Answers a question: from the store, or by asking whoever holds it.
    pub(super) fn ask(&self, query: &Query, out: &mut dyn FnMut(AnyView) -> bool) -> Result<(), Failure> {
        let until = clock::instant() + STORE_TIMEOUT;
        let (holder, ask) = (Remote::at(self.workspace.socket()), Ask::View(query.clone()));
        // Another kind of answer ends the question: whoever asks misses theirs.
        let mut out = |answer| match answer {
            Answer::View(view) => out(view),
            _ => false,
        };
        loop {
            match store::open(self.workspace.dir()) {
                Ok(store) => {
                    let desk = self.desk(Arc::new(store))?;
                    return Ok(Service::ask(desk.desk(), desk.caller(), &ask, &mut out)?);
                }
                Err(StoreError::Busy { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            match holder.ask(&self.caller, &ask, &mut out) {
                // Held for a moment by a command that does not answer, or not at all any more.
                Err(DeskError::Store(StoreError::Busy { holder: None })) if clock::instant() < until => {
                    std::thread::sleep(RETRY_INTERVAL);
                }
                answered => return Ok(answered?),
            }
        }
    }

    /// Answers a question whose answers are all of one kind.
    pub(super) fn ask_each<V: TryFrom<AnyView>>(
        &self,
        query: &Query,
        out: &mut dyn FnMut(V) -> bool,
    ) -> Result<(), Failure> {
        let mut other = false;
        self.ask(query, &mut |any| match V::try_from(any) {
            Ok(view) => out(view),
            Err(_) => {
                other = true;
                false
            }
        })?;
        if other { Err(no_answer()) } else { Ok(()) }
    }

    /// The one view that answers a question.
    pub(super) fn ask_one<V: TryFrom<AnyView>>(&self, query: &Query) -> Result<V, Failure> {
        let mut answer = None;
        self.ask_each(query, &mut |view| {
            answer = Some(view);
            true
        })?;
        answer.ok_or_else(no_answer)
    }

    /// Says something to the user unless told to be quiet.
    pub(super) fn say(&self, message: &str) {
        if !self.quiet {
            out::message(message);
        }
    }
}

fn no_answer() -> Failure {
    Failure::new(Exit::Bug, "問合せに答えがありません。開発元へお知らせください")
}

/// The workspace of a name under the user's data folder.
pub(super) fn default_place(name: &str) -> Result<Workspace, Failure> {
    Workspace::named(name, |name| std::env::var_os(name)).map_err(|error| Failure::usage(error.to_string()))
}

fn absolute(dir: &std::path::Path) -> PathBuf {
    std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned())
}

/// Who runs this command: the account's name by its uid, or the number where the system knows no name.
fn caller() -> Caller {
    let uid = rustix::process::geteuid().as_raw();
    let operator = whoami::username().unwrap_or_else(|_| format!("uid{uid}"));
    // A number of its own for every run; the process's where the system has no random ones.
    let session = request_id().map_or_else(|_| u64::from(std::process::id()), |id| id.0 as u64);
    Caller { operator, uid, session: SessionId(session), ..Caller::default() }
}
