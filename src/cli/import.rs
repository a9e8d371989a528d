//! `meken import`

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};

use super::args::{self, ImportArgs};
use super::context::Context;
use super::out;
use crate::app::job::located;
use crate::compare::DateSystem;
use crate::desk::Seat;
use crate::domain::run::Run;
use crate::error::{Exit, Failure};
use crate::host;
use crate::ingest::{self, Encoding, ImportOptions, ImportReport, IngestError, LayoutProfile};
use crate::jobs;
use crate::jobs::import::RememberOutcome;
use crate::store::{self, StoreError};

pub(super) fn run(context: &Context, args: &ImportArgs) -> Result<(), Failure> {
    let options = ImportOptions {
        encoding: args.encoding.as_deref().map(encoding).transpose()?,
        layout: args.layout.as_deref().map(layout).transpose()?,
        remembered: ingest::remembered(&context.workspace.layouts()),
        run: match args.run {
            args::Run::Full => Run::Full,
            args::Run::Delta => Run::Delta,
            args::Run::NewCheck => Run::NewCheck,
        },
        recompute_marks: args.recompute_marks,
        serial_dates: args.serial_dates.as_deref().map(serial_dates).transpose()?,
        allow_vanish: args.allow_vanish,
        allow_insurer: args.allow_insurer,
        recompute_facts: args.recompute_facts,
        sheet: args.sheet.clone(),
        check: args.check,
        ..limits(context)?
    };
    let profile = options.layout.clone();
    let report = if args.check && !store::exists(context.workspace.dir()) {
        // Nothing may change, not even by an empty store: the check runs on one that goes away again.
        let folder = tempfile::tempdir().map_err(|error| Failure::new(Exit::Storage, error.to_string()))?;
        let store = store::open_or_create(&folder.path().join("check"))?;
        file(context, &context.desk(Arc::new(store))?, &args.file, options)?
    } else {
        let dir = context.workspace.dir();
        let (new_folder, new_store) = (!dir.exists(), !store::exists(dir));
        let store = context.open_or_create()?;
        let before = store.snapshot()?.meta()?.imports.len();
        let done = context.desk(Arc::clone(&store)).and_then(|desk| {
            let report = file(context, &desk, &args.file, options)?;
            Ok((desk, report))
        });
        let (desk, report) = match done {
            Ok(done) => done,
            Err(failure) if failure.exit == Exit::Storage => {
                // The handle is done for: what is there now shows when the store is opened anew.
                drop(store);
                return Err(after_a_fault(failure, dir, before, new_store.then_some(new_folder)));
            }
            Err(failure) => {
                if new_store {
                    // A fault here leaves an empty store behind, which is what a store without imports is.
                    let _ = store::remove_unused(&store, dir, new_folder);
                }
                return Err(failure);
            }
        };
        if !args.check {
            keep(context, &report, profile.as_ref());
            // Sits down again: the kind of insurer is guessed from what is there now.
            context.write_settings_template(&desk.reseated()?)?;
        }
        report
    };
    if args.json {
        let json = serde_json::to_string(&report).map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
        out::line(&json)
    } else {
        out::text(&report.to_text())
    }
}

/// Says whether an import that met a fault of the disk is in, and takes a store away that was made for it (`new`: whether
/// its folder was made as well).
fn after_a_fault(failure: Failure, dir: &Path, before: usize, new: Option<bool>) -> Failure {
    let told = |words: &str| Failure::new(failure.exit, format!("{}。{words}", failure.message));
    let unknown = "空き容量と権限を確かめ、取り込めたかどうかを meken status で確認してください";
    let Ok(store) = store::open(dir) else { return told(unknown) };
    let Ok(meta) = store.snapshot().and_then(|snapshot| snapshot.meta()) else { return told(unknown) };
    if let Some(folder) = new {
        let _ = store::remove_unused(&store, dir, folder);
    }
    told(if meta.imports.len() > before {
        "取込は保存されています"
    } else {
        "取込は行われず、保存データは変わっていません。空き容量と権限を確かめて、もう一度取り込んでください"
    })
}

/// Remembers the profile of a header, so that the next file with this header needs none. The import is done: a fault here
/// is told and no more.
fn keep(context: &Context, report: &ImportReport, profile: Option<&LayoutProfile>) {
    match jobs::import::remember(&context.workspace.layouts(), report, profile) {
        None => {}
        Some(RememberOutcome::NoHeader) => context.say(
            "見出しのないファイルなので、レイアウト定義は覚えません(列の順が変わっても気付けないためです)。次も --layout を付けてください",
        ),
        Some(RememberOutcome::Kept(path)) => context.say(&format!(
            "この見出しのレイアウト定義を覚えました。次からは --layout なしで取り込めます({})",
            path.display()
        )),
        Some(RememberOutcome::Failed(error)) => {
            context.say(&format!("レイアウト定義を覚えられませんでした({error})。次も --layout を付けてください"))
        }
    }
}

/// Imports a file into a store that is held, with a progress bar, answering questions meanwhile.
pub(super) fn file(
    context: &Context,
    desk: &Seat,
    path: &Path,
    mut options: ImportOptions,
) -> Result<ImportReport, Failure> {
    let stop = Stop::on_signals()?;
    options.cancel = Some(Arc::clone(&stop.flag));
    let socket = context.workspace.socket();
    let service = Arc::new(desk.desk().clone());
    let _server = if options.check { None } else { host::serve(&socket, service, desk.caller(), "取込").ok() };
    let bar = progress_bar(context);
    let done = jobs::import::file(desk, path, &options, &mut |progress| {
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes_done);
        bar.set_message(format!("{} 行", progress.rows));
    });
    bar.finish_and_clear();
    done.map_err(|error| {
        let failure = failure(error, stop.signal());
        Failure::new(failure.exit, located(&path.display().to_string(), &failure.message))
    })
}

pub(super) fn failure(error: IngestError, signal: Option<u8>) -> Failure {
    let message = match error.profile_to_fill_in() {
        Some(profile) => format!(
            "{error}\n\n次の対応表をファイルに保存して書き直し、--layout FILE を付けて取り込んでください(値の形も見るときは meken layout guess):\n\n{profile}"
        ),
        None => error.to_string(),
    };
    match error {
        IngestError::Refused(_) => Failure::new(Exit::Input, message),
        IngestError::Profile(_) => Failure::usage(message),
        IngestError::Cancelled => Failure::new(signal.map_or(Exit::Request, Exit::Signal), message),
        // Whether it is in after all shows when the store is opened anew.
        IngestError::Store(StoreError::Engine(cause) | StoreError::Reopen(cause)) => {
            Failure::new(Exit::Storage, format!("データを読み書きできません({cause})"))
        }
        IngestError::Store(error) => error.into(),
    }
}

/// The options of an import that the settings of the workspace give.
pub(super) fn limits(context: &Context) -> Result<ImportOptions, Failure> {
    Ok(ImportOptions {
        max_bytes: context.settings()?.import.max_size.0,
        settings: context.workspace.settings(),
        ..ImportOptions::default()
    })
}

pub(super) fn encoding(word: &str) -> Result<Encoding, Failure> {
    word.parse().map_err(|error: ingest::UnknownEncoding| Failure::usage(error.to_string()))
}

fn serial_dates(word: &str) -> Result<DateSystem, Failure> {
    ingest::date_system(word).map_err(|error| Failure::usage(error.to_string()))
}

pub(super) fn layout(path: &Path) -> Result<LayoutProfile, Failure> {
    LayoutProfile::from_file(path).map_err(|error| Failure::usage(error.to_string()))
}

fn progress_bar(context: &Context) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if context.quiet || !out::stderr_is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    } else {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    if let Ok(style) = ProgressStyle::with_template("取込中 [{bar:30}] {percent:>3}% {msg} 残り {eta}") {
        bar.set_style(style.progress_chars("##-"));
    }
    bar
}

/// A flag that SIGINT, SIGTERM and SIGHUP set, so that an import ends by itself with nothing in.
struct Stop {
    flag: Arc<AtomicBool>,
    number: Arc<AtomicUsize>,
    ids: Vec<signal_hook::SigId>,
}

impl Stop {
    fn on_signals() -> Result<Self, Failure> {
        let mut stop = Self { flag: Arc::default(), number: Arc::default(), ids: Vec::new() };
        // A limit on the size of files would end the process without a word; with a handler the write fails and is told.
        let fault = |error: std::io::Error| Failure::new(Exit::Bug, format!("信号を受け取れません: {error}"));
        stop.ids.push(signal_hook::flag::register(SIGXFSZ, Arc::default()).map_err(fault)?);
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let fault = |error: std::io::Error| Failure::new(Exit::Bug, format!("信号を受け取れません: {error}"));
            let number = usize::try_from(signal).unwrap_or(0);
            stop.ids.push(signal_hook::flag::register_usize(signal, Arc::clone(&stop.number), number).map_err(fault)?);
            stop.ids.push(signal_hook::flag::register(signal, Arc::clone(&stop.flag)).map_err(fault)?);
        }
        Ok(stop)
    }

    fn signal(&self) -> Option<u8> {
        u8::try_from(self.number.load(Ordering::Acquire)).ok().filter(|&number| number > 0)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
}
