//! What every command shares: workspace, settings, operator, clock, and the way to the store.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::{Color, Global};
use super::out;
use crate::compare::CellWidth;
use crate::config::diagnostic::Diagnostics;
use crate::config::paths::Workspace;
use crate::config::settings::{self, Settings};
use crate::desk::{Clock, Desk, Query};
use crate::error::{Exit, Failure};
use crate::host::{self, Asked, ErrorKind};
use crate::ingest::io_words;
use crate::store::{self, RedbStore, Store, StoreError};
use crate::view::AnyView;

/// How long a command waits for another one that holds the store for a moment.
const PATIENCE: Duration = Duration::from_secs(3);

/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(20);

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
    /// Whether colour may be used.
    pub(super) color: Color,
    clock: Clock,
    operator: String,
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
            operator: operator(),
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
            operator: self.operator.clone(),
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
    pub(super) fn write_settings_template(&self, desk: &Desk) -> Result<(), Failure> {
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
    pub(super) fn open(&self) -> Result<Arc<RedbStore>, Failure> {
        self.hold(|| store::open(self.workspace.dir()))
    }

    /// The same, making an empty store where there is none.
    pub(super) fn open_or_create(&self) -> Result<Arc<RedbStore>, Failure> {
        self.hold(|| store::open_or_create(self.workspace.dir()))
    }

    fn hold(&self, open: impl Fn() -> Result<RedbStore, StoreError>) -> Result<Arc<RedbStore>, Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            match open() {
                Err(StoreError::Busy { .. }) => {
                    let holder = host::holder(&self.workspace.socket());
                    if holder.is_some() || Instant::now() >= until {
                        let holder = holder.map(|holder| holder.to_string());
                        let busy = Failure::from(StoreError::Busy { holder });
                        let advice = "終わるのを待つか、その画面で操作してください";
                        return Err(Failure::new(busy.exit, format!("{busy}。{advice}")));
                    }
                    std::thread::sleep(PAUSE);
                }
                opened => return Ok(Arc::new(opened?)),
            }
        }
    }

    /// A desk over a store.
    pub(super) fn desk(&self, store: Arc<dyn Store>) -> Result<Desk, Failure> {
        Ok(Desk::new(store, self.settings()?, self.operator.clone(), Arc::clone(&self.clock))?)
    }

    /// Opens the store and sits down at it.
    pub(super) fn open_desk(&self) -> Result<Desk, Failure> {
        let desk = self.desk(self.open()?)?;
        desk.require_data()?;
        Ok(desk)
    }

    /// Answers a question: from the store, or by asking whoever holds it.
    pub(super) fn ask(&self, query: &Query, out: &mut dyn FnMut(AnyView) -> bool) -> Result<(), Failure> {
        let until = Instant::now() + PATIENCE;
        loop {
            match store::open(self.workspace.dir()) {
                Ok(store) => return Ok(self.desk(Arc::new(store))?.answer(query, out)?),
                Err(StoreError::Busy { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            match host::ask(&self.workspace.socket(), query, out) {
                Ok(Asked::Answered) => return Ok(()),
                Ok(Asked::Nobody) if Instant::now() < until => std::thread::sleep(PAUSE),
                Ok(Asked::Nobody) => return Err(StoreError::Busy { holder: None }.into()),
                Err(error) => {
                    let exit = match error.kind() {
                        Some(ErrorKind::Request) => Exit::Request,
                        Some(ErrorKind::Usage) => Exit::Usage,
                        Some(ErrorKind::Store) => Exit::Storage,
                        Some(ErrorKind::Denied) => Exit::Denied,
                        None => Exit::Busy,
                    };
                    return Err(Failure::new(exit, error.to_string()));
                }
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

/// The account's name by its uid; the number where the system knows no name.
fn operator() -> String {
    whoami::username().unwrap_or_else(|_| format!("uid{}", rustix::process::geteuid().as_raw()))
}
