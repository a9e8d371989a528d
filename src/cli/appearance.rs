//! Where keymaps and themes come from: shipped ones, the user's files, and which of them is meant. Also `meken keys` and
//! `meken themes`.

use std::cell::RefCell;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{AppearanceArgs, AppearanceFileCommand, Color};
use super::context::Context;
use super::out;
use crate::app::action::Action;
use crate::config::diagnostic::{Diagnostics, nearest, quote};
use crate::config::embedded;
use crate::config::keymap::Keymap;
use crate::config::paths;
use crate::config::settings::{self, Settings};
use crate::config::theme::{Depth, Theme};
use crate::error::Failure;
use crate::ingest::io_words;
use crate::tui::{self, Appearance};

/// What can be chosen by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AppearanceKind {
    /// Keymaps.
    Keys,
    /// Themes.
    Themes,
}

impl AppearanceKind {
    fn folder(self) -> &'static str {
        match self {
            Self::Keys => "keymaps",
            Self::Themes => "themes",
        }
    }

    fn command(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Themes => "themes",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Keys => "キー割り当て",
            Self::Themes => "配色",
        }
    }

    fn shipped(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Keys => embedded::KEYMAPS,
            Self::Themes => embedded::THEMES,
        }
    }
}

/// A state of a file that changes when it is written; `None` where there is no file.
type Stamp = Option<(i64, i64, u64, u64)>;

fn stamp(path: &Path) -> Stamp {
    let meta = fs::metadata(path).ok()?;
    Some((meta.mtime(), meta.mtime_nsec(), meta.size(), meta.ino()))
}

/// The texts of one kind by name: shipped ones first, so that no file of the user hides them, then the user's folder.
pub(super) struct Shelf {
    kind: AppearanceKind,
    folder: Option<PathBuf>,
    /// Files that were looked at, as they were then.
    seen: RefCell<Vec<(PathBuf, Stamp)>>,
}

impl Shelf {
    pub(super) fn new(kind: AppearanceKind) -> Self {
        let config = paths::config_dir(|name| std::env::var_os(name));
        Self { kind, folder: config.map(|dir| dir.join(kind.folder())), seen: RefCell::default() }
    }

    /// The file a name stands for, if it can be a file name.
    fn file(&self, name: &str) -> Option<PathBuf> {
        let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\0']);
        self.folder.as_ref().filter(|_| plain).map(|folder| folder.join(format!("{name}.toml")))
    }

    /// The text of a name and where it stands.
    fn find(&self, name: &str) -> Option<(String, String)> {
        if let Some(text) = embedded::find(self.kind.shipped(), name) {
            return Some((format!("{name}.toml"), text));
        }
        let path = self.file(name)?;
        self.seen.borrow_mut().push((path.clone(), stamp(&path)));
        let text = fs::read(&path).ok()?;
        // What is no UTF-8 shows as U+FFFD in the diagnostics.
        Some((path.display().to_string(), String::from_utf8_lossy(&text).into_owned()))
    }

    fn base(&self) -> impl Fn(&str) -> Option<String> + '_ {
        |name| self.find(name).map(|(_, text)| text)
    }

    fn keymap(&self, file: &str, text: &str) -> Result<Keymap<Action>, Diagnostics> {
        Keymap::parse(file, text, self.base(), Action::from_run, Action::ESSENTIAL)
    }

    fn theme(&self, file: &str, text: &str) -> Result<Theme, Diagnostics> {
        Theme::parse(file, text, self.base())
    }

    /// The user's files, by name.
    fn own(&self) -> Vec<String> {
        let entries = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok());
        let mut names: Vec<String> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok()?.strip_suffix(".toml").map(str::to_owned))
            .filter(|name| self.file(name).is_some())
            .collect();
        names.sort();
        names
    }

    /// Says that there is nothing of this name.
    fn unknown(&self, name: &str) -> String {
        let own = self.own();
        let names: Vec<&str> =
            self.kind.shipped().iter().map(|(name, _)| *name).chain(own.iter().map(String::as_str)).collect();
        let help = nearest(name, names.iter().copied()).map(|help| format!("。もしかして: {help}")).unwrap_or_default();
        format!("{}{}はありません({}){help}", self.kind.label(), quote(name), names.join("、"))
    }
}

/// Why nothing could be loaded.
enum AppearanceFault {
    /// Faults of a file.
    File(Diagnostics),
    /// Anything else, in words.
    Other(String),
}

impl AppearanceFault {
    /// Everything, for a command line.
    fn whole(&self) -> String {
        match self {
            Self::File(faults) => faults.to_string(),
            Self::Other(words) => words.clone(),
        }
    }

    /// The first fault with its place and how many more there are, for one line of a screen.
    fn first(&self) -> String {
        match self {
            Self::File(Diagnostics(faults)) => {
                let more = if faults.len() > 1 { format!(" (ほか{}件)", faults.len() - 1) } else { String::new() };
                faults.first().map_or_else(String::new, |fault| {
                    let help = fault.help.as_ref().map(|help| format!(" もしかして: {help}")).unwrap_or_default();
                    format!("{}:{}:{}: {}{help}{more}", fault.file, fault.line, fault.column, fault.message)
                })
            }
            Self::Other(words) => words.clone(),
        }
    }
}

/// The appearance of the workstation: loaded at the start, and again when a file has changed.
pub(super) struct AppearanceFiles {
    settings: PathBuf,
    keymap: Option<String>,
    theme: Option<String>,
    mono: bool,
    depth: Depth,
    seen: Vec<(PathBuf, Stamp)>,
    /// The settings at the start: what is not about the screen stays until the next start.
    first: Option<Settings>,
}

impl AppearanceFiles {
    /// Options win over `MEKEN_KEYMAP` and `MEKEN_THEME`, these over `settings.toml`; NO_COLOR and `--color never` over all.
    pub(super) fn new(context: &Context, args: &AppearanceArgs) -> Self {
        let env = |name: &str| std::env::var(name).unwrap_or_default();
        let named = |flag: &Option<String>, variable: &str| {
            flag.clone().or_else(|| Some(env(variable)).filter(|name| !name.is_empty()))
        };
        Self {
            settings: context.workspace.settings(),
            keymap: named(&args.keymap, "MEKEN_KEYMAP"),
            theme: named(&args.theme, "MEKEN_THEME"),
            mono: no_color(context),
            depth: Depth::of(&env("COLORTERM"), &env("TERM")),
            seen: Vec::new(),
            first: None,
        }
    }

    /// Loads everything for the start; every fault is named.
    pub(super) fn start(&mut self) -> Result<Appearance, Failure> {
        self.read().map_err(|fault| Failure::usage(fault.whole()))
    }

    fn read(&mut self) -> Result<Appearance, AppearanceFault> {
        self.seen = vec![(self.settings.clone(), stamp(&self.settings))];
        let (keys, themes) = (Shelf::new(AppearanceKind::Keys), Shelf::new(AppearanceKind::Themes));
        let appearance = self.read_from(&keys, &themes);
        self.seen.extend(keys.seen.into_inner());
        self.seen.extend(themes.seen.into_inner());
        appearance
    }

    fn read_from(&mut self, keys: &Shelf, themes: &Shelf) -> Result<Appearance, AppearanceFault> {
        let file = self.settings.display().to_string();
        let settings = match fs::read(&self.settings) {
            Ok(bytes) => Settings::read(&file, &bytes).map_err(AppearanceFault::File)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Settings::default(),
            Err(error) => return Err(AppearanceFault::Other(format!("{file} を読めません: {}", io_words(&error)))),
        };
        let pick =
            |shelf: &Shelf, name: &str| shelf.find(name).ok_or_else(|| AppearanceFault::Other(shelf.unknown(name)));
        let name = self.keymap.as_deref().unwrap_or(&settings.screen.keymap);
        let (file, text) = pick(keys, name)?;
        let keymap = keys.keymap(&file, &text).map_err(AppearanceFault::File)?;
        let name = if self.mono { "mono" } else { self.theme.as_deref().unwrap_or(&settings.screen.theme) };
        let (file, text) = pick(themes, name)?;
        let theme = themes.theme(&file, &text).map_err(AppearanceFault::File)?.at(self.depth);
        let ambiguous_wide = settings.screen.ambiguous_wide;
        let rest = Settings { screen: settings::ScreenSettings::default(), ..settings };
        let first = self.first.get_or_insert_with(|| rest.clone());
        let note =
            if *first == rest { "" } else { "。画面以外の設定は、次に開いたときから使います" };
        Ok(Appearance { theme, keymap: Arc::new(keymap), ambiguous_wide, note: note.to_owned() })
    }
}

impl tui::AppearanceSource for AppearanceFiles {
    fn changed(&self) -> bool {
        self.seen.iter().any(|(path, seen)| stamp(path) != *seen)
    }

    fn load(&mut self) -> Result<Appearance, String> {
        self.read().map_err(|fault| fault.first())
    }
}

/// NO_COLOR (any value) and `--color never` mean no colour.
pub(super) fn no_color(context: &Context) -> bool {
    match context.color {
        Color::Never => true,
        Color::Always => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
    }
}

/// `meken keys …` and `meken themes …`
pub(super) fn run(context: &Context, kind: AppearanceKind, what: &AppearanceFileCommand) -> Result<(), Failure> {
    match what {
        AppearanceFileCommand::List => list(context, kind),
        AppearanceFileCommand::Check { file } => check(kind, file),
        AppearanceFileCommand::Print { name } => print(kind, name),
    }
}

/// The names with what they say of themselves; the one in use is marked.
fn list(context: &Context, kind: AppearanceKind) -> Result<(), Failure> {
    let shelf = Shelf::new(kind);
    // A faulty settings.toml is not this command's business.
    let screen = context.settings().map(|settings| settings.screen).unwrap_or_default();
    let used = match kind {
        AppearanceKind::Keys => screen.keymap,
        AppearanceKind::Themes => screen.theme,
    };
    let shipped: Vec<&str> = kind.shipped().iter().map(|(name, _)| *name).collect();
    let own = shelf.own();
    let mut rows = Vec::new();
    for name in shipped.iter().copied().chain(own.iter().map(String::as_str).filter(|name| !shipped.contains(name))) {
        let Some((file, text)) = shelf.find(name) else { continue };
        let about = match kind {
            AppearanceKind::Keys => shelf.keymap(&file, &text).map(|keymap| keymap.about().to_owned()),
            AppearanceKind::Themes => shelf.theme(&file, &text).map(|theme| theme.about),
        };
        let about = match about {
            Ok(about) => about.lines().next().unwrap_or_default().to_owned(),
            Err(faults) => {
                format!("誤り {} 件: meken {} check {} で見られます", faults.0.len(), kind.command(), file)
            }
        };
        let place = if shipped.contains(&name) { "組込".to_owned() } else { file };
        let mark = if name == used { "*" } else { "" };
        rows.push(vec![mark.to_owned(), crate::compare::visible(name).into_owned(), place, about]);
    }
    out::text(&out::table(context.cells(), &rows, &[]))?;
    let hidden: Vec<&String> = own.iter().filter(|name| shipped.contains(&name.as_str())).collect();
    for name in hidden {
        context.say(&format!("meken: {name}.toml は組込と同じ名前のため使われません。別の名前にしてください"));
    }
    if let Some(folder) = &shelf.folder {
        context.say(&format!("自分のファイルは {} に置きます", folder.display()));
    }
    Ok(())
}

/// All faults at once, or that there are none.
fn check(kind: AppearanceKind, file: &Path) -> Result<(), Failure> {
    let shown = file.display().to_string();
    let bytes =
        fs::read(file).map_err(|error| Failure::usage(format!("{shown} を読めません: {}", io_words(&error))))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::usage(format!("{shown}:{line}: UTF-8 ではありません。UTF-8 で保存してください"))
    })?;
    let shelf = Shelf::new(kind);
    let name = match kind {
        AppearanceKind::Keys => shelf.keymap(&shown, &text).map(|keymap| keymap.name().to_owned()),
        AppearanceKind::Themes => shelf.theme(&shown, &text).map(|theme| theme.name),
    };
    match name {
        Ok(name) => out::line(&format!("{shown}: 誤りはありません(名前 {})", crate::compare::visible(&name))),
        Err(faults) => Err(Failure::usage(format!("{}に誤りが{}件あります\n{faults}", kind.label(), faults.0.len()))),
    }
}

/// The complete file, everything it inherits included.
fn print(kind: AppearanceKind, name: &str) -> Result<(), Failure> {
    let shelf = Shelf::new(kind);
    let (file, text) = shelf.find(name).ok_or_else(|| Failure::usage(shelf.unknown(name)))?;
    let usage = |faults: Diagnostics| Failure::usage(faults.to_string());
    let resolved = match kind {
        AppearanceKind::Keys => shelf.keymap(&file, &text).map_err(usage)?.to_toml(),
        AppearanceKind::Themes => shelf.theme(&file, &text).map_err(usage)?.to_toml(),
    };
    let place = shelf.folder.as_ref().map(|folder| folder.join("NAME.toml").display().to_string()).unwrap_or_default();
    let item = match kind {
        AppearanceKind::Keys => "keymap",
        AppearanceKind::Themes => "theme",
    };
    out::text(&format!(
        "# {}「{name}」の全部です。{place} に保存して直し、settings.toml の\n\
         # [screen] に {item} = \"NAME\" と書くと使えます。meken {} check FILE で検査できます。\n\
         # 少しだけ変えるなら、先頭に inherits = \"{name}\" と書いて、変える行だけを並べるほうが楽です。\n\n{resolved}",
        kind.label(),
        kind.command(),
    ))
}
