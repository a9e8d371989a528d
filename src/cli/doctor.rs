//! `meken doctor`: the workspace, the terminal, and how wide it draws what Japanese names are made of.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use serde_json::{Value, json};

use super::appearance::{AppearanceFiles, no_color};
use super::args::{AppearanceArgs, DoctorArgs};
use super::context::Context;
use super::locale::{self, Charset};
use super::out;
use crate::compare::{CellWidth, visible};
use crate::config::theme::Depth;
use crate::error::Failure;
use crate::host;
use crate::tui::probe;

/// Texts whose width terminals disagree about, by class. `①` to `─` are of ambiguous width.
const CORPUS: &[(&str, &str)] = &[
    ("英数字", "A1"),
    ("漢字", "髙﨑"),
    ("全角空白", "\u{3000}"),
    ("半角カナ", "ｶﾅ"),
    ("半角の濁点・半濁点", "ﾊﾟｶﾞ"),
    ("追加面の漢字", "𠮷"),
    ("異体字セレクタ(IVS)", "葛\u{E0100}"),
    ("結合文字の濁点", "か\u{3099}"),
    (AMBIGUOUS, "①"),
    (AMBIGUOUS, "○"),
    (AMBIGUOUS, "△"),
    (AMBIGUOUS, "×"),
    (AMBIGUOUS, "─"),
    (AMBIGUOUS, "█"),
    ("外字(私用領域)", "\u{E000}"),
    ("絵文字", "😀"),
];

const AMBIGUOUS: &str = "あいまい幅";

/// How the terminal draws characters of ambiguous width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ambiguous {
    Narrow,
    Wide,
    Mixed,
}

/// One text of the corpus and what the terminal says.
struct Measured {
    class: &'static str,
    text: &'static str,
    expected: usize,
    terminal: Option<u16>,
}

/// Everything that is looked at.
struct Facts {
    workspace: Value,
    settings: Value,
    terminal: Value,
    ambiguous_wide: bool,
    tmux: bool,
    screen: bool,
    depth: Depth,
    asked: bool,
    widths: Vec<Measured>,
    advice: Vec<String>,
}

pub(super) fn run(context: &Context, args: &DoctorArgs) -> Result<(), Failure> {
    let mut facts = collect(context);
    facts.advice.extend(advice(&facts));
    if args.json {
        return out::line(&facts.json().to_string());
    }
    out::text(&facts.text())?;
    if facts.asked && !no_color(context) {
        out::text(&samples(facts.depth))?;
    }
    Ok(())
}

fn env(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn collect(context: &Context) -> Facts {
    let mut advice = Vec::new();
    let workspace = workspace(context, &mut advice);
    let mut appearances = AppearanceFiles::new(context, &AppearanceArgs::default());
    let (appearance, fault) = match appearances.start() {
        Ok(appearance) => (Some(appearance), None),
        Err(failure) => (None, Some(failure.message)),
    };
    let ambiguous_wide = appearance.as_ref().is_some_and(|appearance| appearance.ambiguous_wide);
    if let Some(fault) = &fault {
        advice.push(format!("設定に誤りがあります。直してください:\n{fault}"));
    }
    let settings = json!({
        "file": context.workspace.settings().display().to_string(),
        "exists": context.workspace.settings().exists(),
        "fault": fault,
        "keymap": appearance.as_ref().map(|appearance| appearance.keymap.name().to_owned()),
        "theme": appearance.as_ref().map(|appearance| appearance.theme.name.clone()),
        "ambiguous_wide": ambiguous_wide,
    });
    let locale = locale::of(|name| std::env::var(name).ok());
    let (term, colorterm) = (env("TERM"), env("COLORTERM"));
    let depth = Depth::of(&colorterm, &term);
    let size = probe::terminal_size();
    let tmux = (!env("TMUX").is_empty()).then(|| version("TMUX_VERSION", "tmux", "-V"));
    let screen = (!env("STY").is_empty()).then(|| version("", "screen", "-v"));
    if term.is_empty() || term == "dumb" {
        advice.push(
            "TERM が dumb または未設定です。画面を開くには TERM=xterm-256color などを設定してください".to_owned(),
        );
    }
    match locale.notice() {
        Ok(words) if words.is_empty() => {}
        Ok(words) => advice.push(words),
        Err(failure) => advice.push(failure.message),
    }
    let terminal = json!({
        "is_terminal": size.is_some(),
        "term": term,
        "colorterm": colorterm,
        "colors": match depth { Depth::Sixteen => 16, Depth::Palette => 256, Depth::Full => 16_777_216 },
        "no_color": no_color(context),
        "columns": size.map(|(columns, _)| columns),
        "rows": size.map(|(_, rows)| rows),
        "locale": locale.name,
        "utf8": locale.charset == Charset::Utf8,
        "tmux": tmux,
        "screen": screen,
    });
    let cells = CellWidth { ambiguous_wide };
    let asked = probe::can_ask();
    let texts: Vec<&str> = CORPUS.iter().map(|(_, text)| *text).collect();
    // A terminal that cannot be asked is one that does not answer.
    let found = if asked { probe::measure(&texts).unwrap_or_default() } else { Vec::new() };
    let widths = CORPUS
        .iter()
        .enumerate()
        .map(|(n, (class, text))| Measured { class, text, expected: cells.of(text), terminal: found.get(n).copied() })
        .collect();
    Facts {
        workspace,
        settings,
        terminal,
        ambiguous_wide,
        tmux: !env("TMUX").is_empty(),
        screen: !env("STY").is_empty(),
        depth,
        asked,
        widths,
        advice,
    }
}

/// Asks a program for its version; tmux tells those inside by a variable.
fn version(variable: &str, program: &str, flag: &str) -> String {
    if env("TERM_PROGRAM") == program && !env("TERM_PROGRAM_VERSION").is_empty() {
        return format!("{program} {}", visible(&env("TERM_PROGRAM_VERSION")));
    }
    let told = env(variable);
    if !variable.is_empty() && !told.is_empty() {
        return visible(&told).into_owned();
    }
    let said = Command::new(program).arg(flag).output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let first = visible(said.lines().next().unwrap_or_default().trim()).into_owned();
    if first.is_empty() { format!("{program} (版は不明)") } else { first }
}

fn workspace(context: &Context, advice: &mut Vec<String>) -> Value {
    let dir = context.workspace.dir();
    let meta = fs::metadata(dir).ok();
    let mode = meta.as_ref().map(|meta| meta.permissions().mode() & 0o7777);
    let own = meta.as_ref().map(|meta| meta.uid() == rustix::process::geteuid().as_raw());
    let store = fs::metadata(dir.join("meken.redb")).ok();
    let holder = host::holder(&context.workspace.socket()).map(|holder| holder.to_string());
    // Where there is no folder yet, the disk is that of the nearest one above.
    let place = dir.ancestors().find(|place| place.exists());
    let free = place.and_then(|place| rustix::fs::statvfs(place).ok()).map(|stat| stat.f_bavail * stat.f_frsize);
    if mode.is_some_and(|mode| mode & 0o077 != 0) {
        advice.push(format!("作業フォルダをほかの人が読めます。chmod 700 {} を実行してください", dir.display()));
    }
    if own == Some(false) {
        advice.push(
            "作業フォルダの持ち主が自分ではありません。自分のフォルダを --workspace で指定してください".to_owned(),
        );
    }
    if free.is_some_and(|free| free < 1 << 30) {
        advice.push("空き容量が 1 GB 未満です。大きなファイルの取込は途中で止まり、何も変わりません".to_owned());
    }
    json!({
        "path": dir.display().to_string(),
        "exists": meta.is_some(),
        "mode": mode.map(|mode| format!("{mode:04o}")),
        "private": mode.map(|mode| mode & 0o077 == 0),
        "own": own,
        "store_bytes": store.map(|store| store.len()),
        "holder": holder,
        "free_bytes": free,
    })
}

impl Facts {
    fn cells(&self) -> CellWidth {
        CellWidth { ambiguous_wide: self.ambiguous_wide }
    }

    fn answered(&self) -> bool {
        self.widths.iter().any(|measured| measured.terminal.is_some())
    }

    /// How the terminal draws characters of ambiguous width, if it said so.
    fn ambiguous(&self) -> Option<Ambiguous> {
        let cells: Option<Vec<u16>> = self
            .widths
            .iter()
            .filter(|measured| measured.class == AMBIGUOUS)
            .map(|measured| measured.terminal)
            .collect();
        let cells = cells?;
        Some(match (cells.iter().all(|cells| *cells == 1), cells.iter().all(|cells| *cells == 2)) {
            (true, _) => Ambiguous::Narrow,
            (_, true) => Ambiguous::Wide,
            _ => Ambiguous::Mixed,
        })
    }

    fn json(&self) -> Value {
        let widths: Vec<Value> = self
            .widths
            .iter()
            .map(|measured| {
                json!({
                    "class": measured.class,
                    "text": visible(measured.text),
                    "expected": measured.expected,
                    "terminal": measured.terminal,
                    "agrees": measured.terminal.map(|cells| usize::from(cells) == measured.expected),
                })
            })
            .collect();
        let ambiguous = self.ambiguous().map(|ambiguous| match ambiguous {
            Ambiguous::Narrow => "narrow",
            Ambiguous::Wide => "wide",
            Ambiguous::Mixed => "mixed",
        });
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "workspace": self.workspace,
            "settings": self.settings,
            "terminal": self.terminal,
            "widths": { "asked": self.asked, "answered": self.answered(), "ambiguous": ambiguous, "texts": widths },
            "advice": self.advice,
        })
    }

    fn text(&self) -> String {
        let word = |value: &Value, field: &str| -> String {
            match &value[field] {
                Value::String(text) if text.is_empty() => "(なし)".to_owned(),
                Value::String(text) => visible(text).into_owned(),
                Value::Null => "(なし)".to_owned(),
                other => other.to_string(),
            }
        };
        let yes = |value: &Value, field: &str, yes: &str, no: &str| match value[field].as_bool() {
            Some(true) => yes.to_owned(),
            Some(false) => no.to_owned(),
            None => "-".to_owned(),
        };
        let bytes = |value: &Value, field: &str| value[field].as_u64().map_or_else(|| "(なし)".to_owned(), size);
        let (w, s, t) = (&self.workspace, &self.settings, &self.terminal);
        let extent = match (t["columns"].as_u64(), t["rows"].as_u64()) {
            (Some(columns), Some(rows)) => format!("{columns}×{rows}"),
            _ => "端末ではありません".to_owned(),
        };
        let rows: Vec<Vec<String>> = [
            ("作業フォルダ", word(w, "path") + if w["exists"] == true { "" } else { " (まだありません)" }),
            ("  権限", format!("{} {}", word(w, "mode"), yes(w, "private", "本人だけ", "ほかの人も読めます"))),
            ("  保存データ", bytes(w, "store_bytes")),
            ("  使用中", word(w, "holder")),
            ("  空き容量", bytes(w, "free_bytes")),
            ("設定", word(s, "file") + if s["exists"] == true { "" } else { " (なし。既定の値を使います)" }),
            ("  キー割り当て", word(s, "keymap")),
            ("  配色", word(s, "theme")),
            ("  ambiguous_wide", word(s, "ambiguous_wide")),
            ("端末", extent),
            ("  TERM", word(t, "term")),
            ("  COLORTERM", format!("{} → {}色", word(t, "colorterm"), word(t, "colors"))),
            ("  ロケール", format!("{} {}", word(t, "locale"), yes(t, "utf8", "UTF-8", "UTF-8 ではありません"))),
            ("  tmux / screen", format!("{} / {}", word(t, "tmux"), word(t, "screen"))),
        ]
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value])
        .collect();
        let mut text = format!("meken {}\n{}", env!("CARGO_PKG_VERSION"), out::table(self.cells(), &rows, &[]));
        text.push_str(&self.widths_text());
        for advice in &self.advice {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "● {advice}");
        }
        text
    }

    fn widths_text(&self) -> String {
        if !self.asked {
            return "文字の幅は、端末で実行すると調べられます\n".to_owned();
        }
        if !self.answered() {
            return "端末がカーソル位置を答えないため、文字の幅は調べられません\n".to_owned();
        }
        let mut rows = vec![vec!["文字の幅".into(), "meken".into(), "端末".into(), String::new(), String::new()]];
        for measured in &self.widths {
            let terminal = measured.terminal.map_or_else(|| "?".to_owned(), |cells| cells.to_string());
            let verdict = match measured.terminal {
                None => "",
                Some(cells) if usize::from(cells) == measured.expected => "一致",
                Some(_) => "× 違います",
            };
            rows.push(vec![
                measured.class.to_owned(),
                measured.expected.to_string(),
                terminal,
                verdict.to_owned(),
                measured.text.to_owned(),
            ]);
        }
        out::table(self.cells(), &rows, &[1, 2])
    }
}

/// A size in the unit that reads best.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        1_048_576..1_073_741_824 => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
        _ => format!("{:.1} GB", bytes as f64 / 1_073_741_824.0),
    }
}

/// What to set, from what the terminal says.
fn advice(facts: &Facts) -> Vec<String> {
    let mut advice = Vec::new();
    let mut say = |words: &str| advice.push(words.to_owned());
    match (facts.ambiguous(), facts.ambiguous_wide) {
        (Some(Ambiguous::Narrow), false) | (Some(Ambiguous::Wide), true) => {
            say("①○△× などの幅は設定と合っています");
        }
        (Some(Ambiguous::Wide), false) => {
            say("端末は ①○△× を2桁で描きます。settings.toml の [screen] に ambiguous_wide = true と書いてください");
            say(
                "または端末を1桁にします。PuTTY: Window → Translation → Treat CJK ambiguous characters as wide を外す。\
                 Tera Term: その他の設定 → 文字コード → 曖昧な文字の幅(Ambiguous Characters width)を 1 にする",
            );
        }
        (Some(Ambiguous::Narrow), true) => {
            say("端末は ①○△× を1桁で描きます。settings.toml の [screen] の ambiguous_wide を false にしてください");
        }
        (Some(Ambiguous::Mixed), _) => {
            say("端末の ①○△× の幅が文字によって違います。あいまい幅を1桁に揃えてください。\
                 PuTTY: Window → Translation → Treat CJK ambiguous characters as wide を外す。\
                 Tera Term: その他の設定 → 文字コード → 曖昧な文字の幅(Ambiguous Characters width)を 1 にする");
        }
        (None, _) if facts.asked => {
            say("①○△× が2桁に見える端末では、settings.toml の [screen] に ambiguous_wide = true と書いてください");
        }
        (None, _) => {}
    }
    let wrong: Vec<&str> = facts
        .widths
        .iter()
        .filter(|measured| measured.class != AMBIGUOUS)
        .filter(|measured| measured.terminal.is_some_and(|cells| usize::from(cells) != measured.expected))
        .map(|measured| measured.class)
        .collect();
    if !wrong.is_empty() {
        advice.push(format!(
            "幅の違う文字({})のある行は、その右側がずれて見えることがあります。Ctrl+L で描き直せます。\
             外字と異体字セレクタは、meken では符号(‹U+E000› など)で表示するのでずれません",
            wrong.join("、")
        ));
    }
    if facts.tmux {
        advice.push(
            "tmux では ~/.tmux.conf に次を書いてください(あいまい幅は、端末も tmux も1桁にします)\n\
             \x20   set -g default-terminal \"tmux-256color\"\n\
             \x20   set -as terminal-features \",*:RGB\"     # 24ビット色の端末で\n\
             \x20   set -sg escape-time 10                  # Esc をすぐ伝える\n\
             \x20   set -g set-clipboard on                 # c で番号を写す(OSC 52)\n\
             \x20   set -g allow-passthrough on             # 同上(tmux 3.3 以降)"
                .to_owned(),
        );
    }
    if facts.screen {
        advice.push(
            "screen では ~/.screenrc に次を書いてください(あいまい幅は1桁)\n\
             \x20   defutf8 on\n\
             \x20   cjkwidth off"
                .to_owned(),
        );
    }
    advice
}

/// Colours and modifiers, to be looked at.
fn samples(depth: Depth) -> String {
    let mut text = String::from("色と文字飾り(名前どおりに見えるか)\n");
    let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "gray"];
    let bright =
        ["dark-gray", "light-red", "light-green", "light-yellow", "light-blue", "light-magenta", "light-cyan", "white"];
    for (first, names) in [(30, &names[..]), (90, &bright[..4]), (94, &bright[4..])] {
        text.push(' ');
        for (n, name) in names.iter().enumerate() {
            let _ = write!(text, " \x1b[{}m{name}\x1b[0m", first + n);
        }
        text.push('\n');
    }
    if depth != Depth::Sixteen {
        text.push_str("  256色 ");
        for index in [196, 208, 226, 118, 51, 27, 93, 201] {
            let _ = write!(text, "\x1b[48;5;{index}m  \x1b[0m");
        }
        text.push('\n');
    }
    if depth == Depth::Full {
        text.push_str("  24ビット色 ");
        for step in 0..16 {
            let _ = write!(text, "\x1b[48;2;{};{};160m \x1b[0m", step * 17, 255 - step * 17);
        }
        text.push('\n');
    }
    text.push_str("  ");
    for (code, name) in [(1, "太字"), (2, "薄い"), (3, "斜体"), (4, "下線"), (7, "反転")] {
        let _ = write!(text, "\x1b[{code}m{name}\x1b[0m ");
    }
    text.push('\n');
    text
}
