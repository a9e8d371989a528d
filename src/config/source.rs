//! What keymap and theme files have in common: text with places, `[meta]`, and files that inherit from others.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Diagnostic, Diagnostics, nearest, quote};

/// A chain of files longer than this is a mistake.
const DEEPEST: usize = 8;

/// The fields of `[meta]`.
const META: &[&str] = &["name", "inherits", "about"];

/// A file and its text.
#[derive(Debug)]
pub(super) struct Source {
    file: String,
    text: String,
    /// The text with every line blanked that is no TOML; offsets stay the same.
    readable: String,
    /// What is no TOML: offset and reason.
    syntax: Vec<(usize, String)>,
}

/// A place in one file of a chain; later files of the chain compare greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The file, counted from the outermost ancestor.
    pub(super) source: usize,
    /// Offset in bytes.
    pub(super) offset: usize,
}

/// A file with its ancestors, the outermost first.
#[derive(Debug)]
pub(super) struct Lineage {
    /// The files; the last one is the user's.
    pub(super) sources: Vec<Source>,
    /// Why the chain ends early, if it does.
    broken: Option<(Place, String, Option<String>)>,
}

/// Collects the faults of a lineage.
#[derive(Debug)]
pub(super) struct Faults<'s> {
    sources: &'s [Source],
    found: Vec<(Place, Diagnostic)>,
    /// Whether something is missing from the result that the user did write.
    incomplete: bool,
}

/// A key of a table with its place.
pub(super) struct Entry<'t> {
    /// Where the key stands.
    pub(super) place: Place,
    /// The key, unquoted.
    pub(super) key: &'t str,
    /// Its value.
    pub(super) value: &'t Spanned<DeValue<'t>>,
}

impl Source {
    fn new(file: &str, text: String) -> Self {
        // Editors on Windows put a byte order mark in front, which would shift the columns of line 1.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let (readable, syntax) = recover(&text);
        Self { file: file.to_owned(), text, readable, syntax }
    }

    /// Reads a string of `[meta]`, or of the top of the file, with its offset, without complaint: [`Faults::document`]
    /// complains.
    fn meta(&self, field: &str) -> Option<(usize, String)> {
        let (table, _) = DeTable::parse_recoverable(&self.readable);
        let table = table.get_ref();
        let value = table.get("meta").and_then(|meta| meta.get_ref().get(field)).or_else(|| table.get(field))?;
        Some((value.span().start, value.get_ref().as_str()?.to_owned()))
    }

    /// The name that the file gives itself, or else the one under which it is kept.
    fn name(&self) -> String {
        let kept = || {
            let name = self.file.rsplit('/').next().unwrap_or_default();
            name.strip_suffix(".toml").unwrap_or(name).to_owned()
        };
        self.meta("name").map_or_else(kept, |(_, name)| name)
    }
}

impl Lineage {
    /// Follows `inherits` from a file to its outermost ancestor; `base` gives the text of a name and `names` are
    /// the shipped ones, for suggestions.
    pub(super) fn follow(file: &str, text: &str, base: impl Fn(&str) -> Option<String>, names: &[&str]) -> Self {
        let mut sources = vec![Source::new(file, text.to_owned())];
        let mut seen: Vec<String> = vec![sources[0].name()];
        let mut broken = None;
        while let Some((offset, parent)) = sources.last().and_then(|child| child.meta("inherits")) {
            let fault = if seen.contains(&parent) {
                let circle: Vec<String> = seen.iter().chain([&parent]).map(|name| quote(name)).collect();
                Err((format!("継承が輪になっています: {}", circle.join(" → ")), None))
            } else if sources.len() == DEEPEST {
                Err((format!("継承が深すぎます({DEEPEST}段まで)"), None))
            } else {
                let help = || nearest(&parent, names.iter().copied()).map(str::to_owned);
                base(&parent).ok_or_else(|| (format!("継承元{}はありません", quote(&parent)), help()))
            };
            match fault {
                Ok(text) => {
                    sources.push(Source::new(&format!("{parent}.toml"), text));
                    seen.push(parent);
                }
                Err((message, help)) => {
                    broken = Some((Place { source: sources.len() - 1, offset }, message, help));
                    break;
                }
            }
        }
        sources.reverse();
        if let Some((place, ..)) = &mut broken {
            place.source = sources.len() - 1 - place.source;
        }
        Self { sources, broken }
    }

    /// A file that inherits from none.
    pub(super) fn alone(file: &str, text: &str) -> Self {
        Self { sources: vec![Source::new(file, text.to_owned())], broken: None }
    }

    /// Returns the name the user's file gives itself, or else that of the file.
    pub(super) fn name(&self) -> String {
        self.sources.last().map(Source::name).unwrap_or_default()
    }

    /// Returns what the file, or else the nearest ancestor, says about itself: lines without control characters.
    pub(super) fn about(&self) -> String {
        let text = self.sources.iter().rev().find_map(|source| source.meta("about")).map(|(_, text)| text);
        let lines = text.unwrap_or_default();
        let lines: Vec<String> =
            lines.trim().lines().map(|line| line.chars().filter(|c| !c.is_control()).collect()).collect();
        lines.join("\n")
    }

    /// Starts collecting faults, the one that ended the chain first.
    pub(super) fn faults(&self) -> Faults<'_> {
        let mut faults = Faults { sources: &self.sources, found: Vec::new(), incomplete: false };
        if let Some((place, message, help)) = &self.broken {
            faults.report(*place, message.clone(), help.clone());
            faults.incomplete = true;
        }
        faults
    }
}

impl<'s> Faults<'s> {
    /// Adds a fault.
    pub(super) fn report(&mut self, place: Place, message: impl Into<String>, help: Option<String>) {
        let source = &self.sources[place.source];
        self.found.push((place, Diagnostic::at(&source.file, &source.text, place.offset, message, help)));
    }

    /// Adds a fault about a word that is none of `valid`.
    pub(super) fn unknown(&mut self, place: Place, what: &str, word: &str, valid: &[&str]) {
        let help = nearest(word, valid.iter().copied()).map(str::to_owned);
        let mut message = format!("{what}{}はありません", quote(word));
        if help.is_none() && valid.len() <= 12 {
            message = format!("{message}({})", valid.join(" "));
        }
        self.report(place, message, help);
    }

    /// Says whether everything the user wrote could at least be read, so that what is missing is really missing.
    pub(super) fn readable(&self) -> bool {
        !self.incomplete
    }

    /// Returns the line of a place, counted from 1.
    pub(super) fn line(&self, place: Place) -> usize {
        Diagnostic::at("", &self.sources[place.source].text, place.offset, "", None).line
    }

    /// Parses one file, reports what is no TOML and what is wrong with what it says of itself. That may stand under
    /// `[meta]` or at the top; it is not in the table that is returned.
    pub(super) fn document(&mut self, source: usize) -> DeTable<'s> {
        let mut table = self.table(source, &|_| None);
        self.check_meta(source, &mut table);
        table
    }

    /// Parses one file and reports what is no TOML; `hint` may say more about a line that is none.
    pub(super) fn table(&mut self, source: usize, hint: &dyn Fn(&str) -> Option<String>) -> DeTable<'s> {
        let Source { text, readable, syntax, .. } = &self.sources[source];
        for (offset, message) in syntax {
            let start = text[..*offset].rfind('\n').map_or(0, |newline| newline + 1);
            let line = text[start..].lines().next().unwrap_or_default();
            let more = hint(line).map(|more| format!("。{more}")).unwrap_or_default();
            self.report(Place { source, offset: *offset }, format!("{message}{more}"), None);
        }
        self.incomplete |= !syntax.is_empty();
        let (table, errors) = DeTable::parse_recoverable(readable);
        for error in errors {
            let place = Place { source, offset: error.span().map_or(0, |span| span.start) };
            if error.message() == DUPLICATE {
                let name = error.span().and_then(|span| readable.get(span)).unwrap_or_default();
                let name = quote(name.trim_matches(['"', '\'']));
                self.report(place, format!("{name}はもう書かれています。どちらかを消してください"), None);
            } else {
                self.incomplete = true;
                self.report(place, in_japanese(error.message()), None);
            }
        }
        table.into_inner()
    }

    fn check_meta(&mut self, source: usize, table: &mut DeTable<'_>) {
        for field in entries(source, table).into_iter().filter(|field| META.contains(&field.key)) {
            let twice = table.get("meta").is_some_and(|meta| meta.get_ref().get(field.key).is_some());
            if twice {
                let message = format!("{}は [meta] にも書かれています。どちらかを消してください", quote(field.key));
                self.report(field.place, message, None);
            }
            self.check_field(&field);
        }
        if let Some(meta) = entries(source, table).into_iter().find(|entry| entry.key == "meta") {
            match meta.value.get_ref().as_table() {
                None => self.report(meta.place, "[meta] は表です。name = \"名前\" などを書いてください", None),
                Some(fields) => {
                    for field in entries(source, fields) {
                        if META.contains(&field.key) {
                            self.check_field(&field);
                        } else {
                            self.unknown(field.place, "[meta] の項目", field.key, META);
                        }
                    }
                }
            }
        }
        let mut slips = Vec::new();
        for item in entries(source, table) {
            if !META.contains(&item.key) && item.value.get_ref().is_str() && nearest(item.key, META.to_vec()).is_some()
            {
                self.unknown(item.place, "見出しより上の項目", item.key, META);
                slips.push(item.key.to_owned());
            }
        }
        slips.iter().for_each(|slip| drop(table.remove(slip.as_str())));
        table.remove("meta");
        META.iter().for_each(|field| drop(table.remove(*field)));
    }

    fn check_field(&mut self, field: &Entry<'_>) {
        if field.value.get_ref().as_str().is_none_or(|text| text.trim().is_empty()) {
            self.report(field.value_place(), format!("{} は空でない文字列です", field.key), None);
        }
    }

    /// Returns all faults in the order of their places, or nothing if there are none.
    pub(super) fn into_result(self) -> Result<(), Diagnostics> {
        let mut found = self.found;
        found.sort_by_key(|(place, _)| *place);
        if found.is_empty() { Ok(()) } else { Err(Diagnostics(found.into_iter().map(|(_, found)| found).collect())) }
    }
}

impl Entry<'_> {
    /// Returns where the value stands.
    pub(super) fn value_place(&self) -> Place {
        self.at(self.value.span().start)
    }

    /// Returns another place of the same file.
    pub(super) fn at(&self, offset: usize) -> Place {
        Place { source: self.place.source, offset }
    }
}

/// Writes a string as a file spells it, on one line.
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

/// Writes the `[meta]` of a file that inherits nothing.
pub(super) fn meta(name: &str, about: &str) -> String {
    let about = match about {
        "" => String::new(),
        lines if lines.contains('\n') && !lines.contains(['"', '\\']) => format!("about = \"\"\"\n{lines}\"\"\"\n"),
        line => format!("about = {}\n", text(line)),
    };
    format!("[meta]\nname = {}\n{about}", text(name))
}

/// Returns the entries of a table in the order of the file.
pub(super) fn entries<'t>(source: usize, table: &'t DeTable<'_>) -> Vec<Entry<'t>> {
    let mut entries: Vec<Entry<'t>> = table
        .iter()
        .map(|(key, value)| Entry { place: Place { source, offset: key.span().start }, key: key.get_ref(), value })
        .collect();
    entries.sort_by_key(|entry| entry.place);
    entries
}

/// What the TOML parser calls a name written twice.
const DUPLICATE: &str = "duplicate key";

/// A value spread over more lines than this is not looked for in a broken file.
const LONGEST_VALUE: usize = 16;

/// Finds every line that is no TOML, with the reason, and returns the text with those lines blanked.
///
/// After a slip the parser itself may skip all that follows, or blame each following line for one missing bracket. Keymaps
/// and themes are lines that stand for themselves, so each is judged alone; under a broken heading nothing can be judged.
fn recover(text: &str) -> (String, Vec<(usize, String)>) {
    let syntactic = |text: &str| -> Option<toml::de::Error> {
        let (_, errors) = DeTable::parse_recoverable(text);
        // An open string is the cause of what else is wrong in its line.
        errors
            .into_iter()
            .filter(|error| error.message() != DUPLICATE)
            .min_by_key(|error| (!error.message().contains("string,"), error.span().map_or(0, |span| span.start)))
    };
    if syntactic(text).is_none() {
        return (text.to_owned(), Vec::new());
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut readable, mut faults) = (String::with_capacity(text.len()), Vec::new());
    let mut lost = false;
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        let start = readable.len();
        let heading = line.trim_start().starts_with('[');
        let whole = |count: &usize| {
            let end = start + lines[next..next + count].iter().map(|line| line.len()).sum::<usize>();
            syntactic(&text[start..end]).is_none()
        };
        let most = LONGEST_VALUE.min(lines.len() - next);
        lost &= !heading;
        if let Some(count) = (1..=most).find(whole).filter(|_| !lost) {
            readable.extend(lines[next..next + count].iter().copied());
            next += count;
            continue;
        }
        if let Some(error) = syntactic(line).filter(|_| !lost) {
            let offset = error.span().map_or(0, |span| span.start);
            let offset = offset.min(line.trim_end_matches(['\r', '\n']).len());
            faults.push((start + offset, in_japanese(error.message())));
            lost = heading;
        }
        readable.extend(line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        next += 1;
    }
    (readable, faults)
}

/// Puts what the TOML parser says in words an operator can act on.
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
        // Nothing that an operator could do more with in English.
        _ => "書き方が誤っています",
    };
    format!("TOMLとして読めません: {words}")
}
