//! Parsing that keymap, theme and settings files share: positions in the text, `[meta]`, inheritance, diagnostics.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Diagnostics, nearest, quote};

/// Maximum number of files in an inheritance chain.
const MAX_INHERITANCE: usize = 8;

/// The fields of `[meta]`.
const META: &[&str] = &["name", "inherits", "about"];

/// A configuration file with its text.
#[derive(Debug)]
pub(super) struct ConfigFile {
    /// The path as the user knows it.
    path: String,
    text: String,
    /// The text with every line blanked that is not TOML; offsets stay the same.
    readable: String,
    /// Syntax errors: offset and reason.
    syntax: Vec<(usize, String)>,
}

/// A position in a file of an inheritance chain; later files of the chain compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    /// Index of the file, from the outermost ancestor.
    pub(super) file: usize,
    /// Offset in bytes.
    pub(super) offset: usize,
}

/// A file with its ancestors, the outermost first.
#[derive(Debug)]
pub(super) struct InheritanceChain {
    /// The files; the last one is the user's.
    pub(super) files: Vec<ConfigFile>,
    /// Why the chain ends early, if it does.
    broken: Option<(Position, String, Option<String>)>,
}

/// Collects the diagnostics of an inheritance chain.
#[derive(Debug)]
pub(super) struct Collector<'s> {
    files: &'s [ConfigFile],
    found: Vec<(Position, Diagnostic)>,
    /// Whether a part of the files could not be parsed, so that missing entries prove nothing.
    incomplete: bool,
}

/// An entry of a table with the position of its key.
pub(super) struct Entry<'t> {
    /// Position of the key.
    pub(super) position: Position,
    /// The key, unquoted.
    pub(super) key: &'t str,
    /// Its value.
    pub(super) value: &'t Spanned<DeValue<'t>>,
}

impl ConfigFile {
    fn new(path: &str, text: String) -> Self {
        // Editors on Windows write a byte order mark, which would shift the columns of line 1.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let (readable, syntax) = recover(&text);
        Self { path: path.to_owned(), text, readable, syntax }
    }

    /// Returns a string of `[meta]`, or of the top of the file, with its offset. Reports nothing:
    /// [`Collector::document`] does.
    fn meta(&self, field: &str) -> Option<(usize, String)> {
        let (table, _) = DeTable::parse_recoverable(&self.readable);
        let table = table.get_ref();
        let value = table.get("meta").and_then(|meta| meta.get_ref().get(field)).or_else(|| table.get(field))?;
        Some((value.span().start, value.get_ref().as_str()?.to_owned()))
    }

    /// Returns the name in the file, else the stem of the path.
    fn name(&self) -> String {
        let stem = || {
            let name = self.path.rsplit('/').next().unwrap_or_default();
            name.strip_suffix(".toml").unwrap_or(name).to_owned()
        };
        self.meta("name").map_or_else(stem, |(_, name)| name)
    }
}

impl InheritanceChain {
    /// Follows `inherits` from a file to its outermost ancestor; `base` returns the text of a name, and `names` are
    /// the embedded names for suggestions.
    pub(super) fn follow(file: &str, text: &str, base: impl Fn(&str) -> Option<String>, names: &[&str]) -> Self {
        let mut files = vec![ConfigFile::new(file, text.to_owned())];
        let mut seen: Vec<String> = vec![files[0].name()];
        let mut broken = None;
        while let Some((offset, parent)) = files.last().and_then(|child| child.meta("inherits")) {
            let fault = if seen.contains(&parent) {
                let circle: Vec<String> = seen.iter().chain([&parent]).map(|name| quote(name)).collect();
                Err((format!("継承が輪になっています: {}", circle.join(" → ")), None))
            } else if files.len() == MAX_INHERITANCE {
                Err((format!("継承が深すぎます({MAX_INHERITANCE}段まで)"), None))
            } else {
                let help = || nearest(&parent, names.iter().copied()).map(str::to_owned);
                base(&parent).ok_or_else(|| (format!("継承元{}はありません", quote(&parent)), help()))
            };
            match fault {
                Ok(text) => {
                    files.push(ConfigFile::new(&format!("{parent}.toml"), text));
                    seen.push(parent);
                }
                Err((message, help)) => {
                    broken = Some((Position { file: files.len() - 1, offset }, message, help));
                    break;
                }
            }
        }
        files.reverse();
        if let Some((position, ..)) = &mut broken {
            position.file = files.len() - 1 - position.file;
        }
        Self { files, broken }
    }

    /// Returns the chain of a file that cannot inherit.
    pub(super) fn alone(file: &str, text: &str) -> Self {
        Self { files: vec![ConfigFile::new(file, text.to_owned())], broken: None }
    }

    /// Returns the name of the user's file.
    pub(super) fn name(&self) -> String {
        self.files.last().map(ConfigFile::name).unwrap_or_default()
    }

    /// Returns the description in the file, else in its nearest ancestor, without control characters.
    pub(super) fn about(&self) -> String {
        let text = self.files.iter().rev().find_map(|file| file.meta("about")).map(|(_, text)| text);
        let lines = text.unwrap_or_default();
        let lines: Vec<String> =
            lines.trim().lines().map(|line| line.chars().filter(|c| !c.is_control()).collect()).collect();
        lines.join("\n")
    }

    /// Starts collecting diagnostics, with the one that ended the chain.
    pub(super) fn diagnostics(&self) -> Collector<'_> {
        let mut diagnostics = Collector { files: &self.files, found: Vec::new(), incomplete: false };
        if let Some((position, message, help)) = &self.broken {
            diagnostics.report(*position, message.clone(), help.clone());
            diagnostics.incomplete = true;
        }
        diagnostics
    }
}

impl<'s> Collector<'s> {
    /// Adds a diagnostic.
    pub(super) fn report(&mut self, position: Position, message: impl Into<String>, help: Option<String>) {
        let file = &self.files[position.file];
        self.found.push((position, Diagnostic::at(&file.path, &file.text, position.offset, message, help)));
    }

    /// Adds a diagnostic for a word that is none of `valid`, with the nearest one.
    pub(super) fn unknown(&mut self, position: Position, what: &str, word: &str, valid: &[&str]) {
        let help = nearest(word, valid.iter().copied()).map(str::to_owned);
        let mut message = format!("{what}{}はありません", quote(word));
        if help.is_none() && valid.len() <= 12 {
            message = format!("{message}({})", valid.join(" "));
        }
        self.report(position, message, help);
    }

    /// Returns whether all files could be parsed, so that a missing entry is really missing.
    pub(super) fn readable(&self) -> bool {
        !self.incomplete
    }

    /// Returns the line of a position, from 1.
    pub(super) fn line(&self, position: Position) -> usize {
        Diagnostic::at("", &self.files[position.file].text, position.offset, "", None).line
    }

    /// Parses a file and reports errors of syntax and of its metadata, which stand under `[meta]` or at the top. The
    /// returned table does not hold the metadata.
    pub(super) fn document(&mut self, file: usize) -> DeTable<'s> {
        let mut table = self.table(file, &|_| None);
        self.check_meta(file, &mut table);
        table
    }

    /// Parses a file and reports errors of syntax; `hint` returns an explanation for a faulty line.
    pub(super) fn table(&mut self, file: usize, hint: &dyn Fn(&str) -> Option<String>) -> DeTable<'s> {
        let ConfigFile { text, readable, syntax, .. } = &self.files[file];
        for (offset, message) in syntax {
            let start = text[..*offset].rfind('\n').map_or(0, |newline| newline + 1);
            let line = text[start..].lines().next().unwrap_or_default();
            let more = hint(line).map(|more| format!("。{more}")).unwrap_or_default();
            self.report(Position { file, offset: *offset }, format!("{message}{more}"), None);
        }
        self.incomplete |= !syntax.is_empty();
        let (table, errors) = DeTable::parse_recoverable(readable);
        for error in errors {
            let position = Position { file, offset: error.span().map_or(0, |span| span.start) };
            if error.message() == DUPLICATE {
                let name = error.span().and_then(|span| readable.get(span)).unwrap_or_default();
                let name = quote(name.trim_matches(['"', '\'']));
                self.report(position, format!("{name}はもう書かれています。どちらかを消してください"), None);
            } else {
                self.incomplete = true;
                self.report(position, in_japanese(error.message()), None);
            }
        }
        table.into_inner()
    }

    fn check_meta(&mut self, file: usize, table: &mut DeTable<'_>) {
        for field in entries(file, table).into_iter().filter(|field| META.contains(&field.key)) {
            let twice = table.get("meta").is_some_and(|meta| meta.get_ref().get(field.key).is_some());
            if twice {
                let message = format!("{}は [meta] にも書かれています。どちらかを消してください", quote(field.key));
                self.report(field.position, message, None);
            }
            self.check_field(&field);
        }
        if let Some(meta) = entries(file, table).into_iter().find(|entry| entry.key == "meta") {
            match meta.value.get_ref().as_table() {
                None => self.report(meta.position, "[meta] は表です。name = \"名前\" などを書いてください", None),
                Some(fields) => {
                    for field in entries(file, fields) {
                        if META.contains(&field.key) {
                            self.check_field(&field);
                        } else {
                            self.unknown(field.position, "[meta] の項目", field.key, META);
                        }
                    }
                }
            }
        }
        let mut slips = Vec::new();
        for item in entries(file, table) {
            if !META.contains(&item.key) && item.value.get_ref().is_str() && nearest(item.key, META.to_vec()).is_some()
            {
                self.unknown(item.position, "見出しより上の項目", item.key, META);
                slips.push(item.key.to_owned());
            }
        }
        slips.iter().for_each(|slip| drop(table.remove(slip.as_str())));
        table.remove("meta");
        META.iter().for_each(|field| drop(table.remove(*field)));
    }

    fn check_field(&mut self, field: &Entry<'_>) {
        if field.value.get_ref().as_str().is_none_or(|text| text.trim().is_empty()) {
            self.report(field.value_position(), format!("{} は空でない文字列です", field.key), None);
        }
    }

    /// Returns all diagnostics in the order of their positions as an error, `Ok` if there are none.
    pub(super) fn into_result(self) -> Result<(), Diagnostics> {
        let mut found = self.found;
        found.sort_by_key(|(position, _)| *position);
        if found.is_empty() { Ok(()) } else { Err(Diagnostics(found.into_iter().map(|(_, found)| found).collect())) }
    }
}

impl Entry<'_> {
    /// Returns the position of the value.
    pub(super) fn value_position(&self) -> Position {
        self.at(self.value.span().start)
    }

    /// Returns another position in the same file.
    pub(super) fn at(&self, offset: usize) -> Position {
        Position { file: self.position.file, offset }
    }
}

/// Formats a string as TOML, on one line.
pub(super) fn text(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Formats the `[meta]` of a file without inheritance.
pub(super) fn meta(name: &str, about: &str) -> String {
    let about = match about {
        "" => String::new(),
        lines if lines.contains('\n') && !lines.contains(['"', '\\']) => format!("about = \"\"\"\n{lines}\"\"\"\n"),
        line => format!("about = {}\n", text(line)),
    };
    format!("[meta]\nname = {}\n{about}", text(name))
}

/// Returns the entries of a table in the order of the file.
pub(super) fn entries<'t>(file: usize, table: &'t DeTable<'_>) -> Vec<Entry<'t>> {
    let mut entries: Vec<Entry<'t>> = table
        .iter()
        .map(|(key, value)| Entry { position: Position { file, offset: key.span().start }, key: key.get_ref(), value })
        .collect();
    entries.sort_by_key(|entry| entry.position);
    entries
}

/// The message of the TOML parser for a duplicate key.
const DUPLICATE: &str = "duplicate key";

/// Maximum number of lines of a value in a file with syntax errors.
const MAX_VALUE_LINES: usize = 16;

/// Returns the text with every line blanked that is not TOML, and the syntax errors of these lines.
///
/// After an error the parser may skip the rest, or report each following line for one missing bracket. The lines of
/// keymaps and themes are independent, so each is parsed alone; nothing is parsed under a faulty heading.
fn recover(text: &str) -> (String, Vec<(usize, String)>) {
    let syntax_error = |text: &str| -> Option<toml::de::Error> {
        let (_, errors) = DeTable::parse_recoverable(text);
        // An unclosed string causes the other errors of its line.
        errors
            .into_iter()
            .filter(|error| error.message() != DUPLICATE)
            .min_by_key(|error| (!error.message().contains("string,"), error.span().map_or(0, |span| span.start)))
    };
    if syntax_error(text).is_none() {
        return (text.to_owned(), Vec::new());
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut readable, mut diagnostics) = (String::with_capacity(text.len()), Vec::new());
    let mut lost = false;
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        let start = readable.len();
        let heading = line.trim_start().starts_with('[');
        let whole = |count: &usize| {
            let end = start + lines[next..next + count].iter().map(|line| line.len()).sum::<usize>();
            syntax_error(&text[start..end]).is_none()
        };
        let most = MAX_VALUE_LINES.min(lines.len() - next);
        lost &= !heading;
        if let Some(count) = (1..=most).find(whole).filter(|_| !lost) {
            readable.extend(lines[next..next + count].iter().copied());
            next += count;
            continue;
        }
        if let Some(error) = syntax_error(line).filter(|_| !lost) {
            let offset = error.span().map_or(0, |span| span.start);
            let offset = offset.min(line.trim_end_matches(['\r', '\n']).len());
            diagnostics.push((start + offset, in_japanese(error.message())));
            lost = heading;
        }
        readable.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        next += 1;
    }
    (readable, diagnostics)
}

/// Translates a message of the TOML parser.
fn in_japanese(message: &str) -> String {
    let message = message.split(", expected").next().unwrap_or(message);
    let words = match message {
        "string values must be quoted" => "文字列は \" \" で囲んでください",
        "invalid unquoted key" | "unquoted keys cannot be empty" => "この名前は \" \" で囲んでください",
        "key with no value" | "missing value for key" | "missing value" => "「= 値」がありません",
        "missing assignment between key-value pairs" => "名前と値の間に = がありません",
        "missing comma between key-value pairs" | "missing comma between array elements" => {
            "ここまでに , か、閉じる括弧がありません"
        }
        "extra comma in inline table" | "extra comma in array" => ", が余分です",
        "extra `=`" | "unexpected `=` in array" | "extra assignment between key-value pairs" => "= が余分です",
        "unclosed inline table" => "{ に対する } がありません",
        "unclosed array" => "[ に対する ] がありません",
        "unclosed table" | "unclosed array table" => "見出しの [ に対する ] がありません",
        "missing opening quote" | "invalid basic string" | "invalid literal string" => {
            "引用符が閉じていないか、文字列に使えない文字があります"
        }
        "missing escaped value" | "too few unicode value digits" => "\\ の後の書き方が誤っています",
        "unexpected content" | "unexpected key or value" | "missing key for inline table element" => {
            "ここに書けないものがあります"
        }
        "cannot recurse further; max recursion depth met" => "入れ子が深すぎます",
        other if other.starts_with("invalid ") => "値として読めません。文字列は \" \" で囲んでください",
        // The English message would not help an operator.
        _ => "書き方が誤っています",
    };
    format!("TOMLとして読めません: {words}")
}
