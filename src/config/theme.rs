//! Themes: a closed list of roles with a style for each, parsed from a file.

use std::fmt;

use toml::Spanned;
use toml::de::DeValue;

use super::diagnostic::{Diagnostics, nearest, quote};
use super::embedded;
use super::file::{Collector, Entry, InheritanceChain, Position, entries, meta, text};

/// A colour of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the sixteen ANSI names say what they are")]
pub enum Color {
    /// The default foreground or background of the terminal.
    Default,
    Black,
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
    Gray,
    DarkGray,
    LightRed,
    LightGreen,
    LightYellow,
    LightBlue,
    LightMagenta,
    LightCyan,
    White,
    /// A 24-bit colour, for terminals that support it.
    Rgb(u8, u8, u8),
    /// An entry of the palette of 256.
    Indexed(u8),
}

const COLORS: &[(&str, Color)] = &[
    ("default", Color::Default),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("gray", Color::Gray),
    ("dark-gray", Color::DarkGray),
    ("light-red", Color::LightRed),
    ("light-green", Color::LightGreen),
    ("light-yellow", Color::LightYellow),
    ("light-blue", Color::LightBlue),
    ("light-magenta", Color::LightMagenta),
    ("light-cyan", Color::LightCyan),
    ("white", Color::White),
];

/// Colour depth of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The sixteen names.
    Sixteen,
    /// The palette of 256.
    Palette,
    /// 24-bit colours.
    Full,
}

impl Depth {
    /// Detects the depth from `COLORTERM` and `TERM`; the default is sixteen colours.
    pub fn of(colorterm: &str, term: &str) -> Self {
        if matches!(colorterm, "truecolor" | "24bit") || term.contains("direct") {
            Self::Full
        } else if term.contains("256") {
            Self::Palette
        } else {
            Self::Sixteen
        }
    }
}

impl Color {
    /// Returns the nearest colour of this depth.
    pub fn at(self, depth: Depth) -> Self {
        let rgb = match self {
            Self::Rgb(r, g, b) if depth != Depth::Full => [r, g, b],
            Self::Indexed(index) if depth == Depth::Sixteen => match usize::from(index).checked_sub(16) {
                // The first sixteen of the palette are the names, in their order.
                None => return COLORS[usize::from(index) + 1].1,
                Some(_) => palette_rgb(index),
            },
            other => return other,
        };
        let distance =
            |other: [u8; 3]| -> u32 { rgb.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
        match depth {
            Depth::Palette => {
                let nearest = (16..=u8::MAX).min_by_key(|index| distance(palette_rgb(*index)));
                nearest.map_or(self, Self::Indexed)
            }
            _ => {
                let names = COLORS[1..].iter().zip(SIXTEEN);
                names.min_by_key(|(_, rgb)| distance(*rgb)).map_or(self, |((_, color), _)| *color)
            }
        }
    }
}

impl fmt::Display for Color {
    /// Formats the colour as in a theme file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rgb(r, g, b) => write!(f, "\"#{r:02x}{g:02x}{b:02x}\""),
            Self::Indexed(index) => write!(f, "{index}"),
            named => match COLORS.iter().find(|(_, color)| color == named) {
                Some((name, _)) => write!(f, "\"{name}\""),
                None => Ok(()),
            },
        }
    }
}

/// The sixteen named colours in xterm; other terminals use other shades.
const SIXTEEN: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// Returns the RGB value of an entry of the palette of 256: sixteen names, a cube of 6×6×6, 24 greys.
fn palette_rgb(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let position = usize::from(index - 16);
            [STEPS[position / 36], STEPS[position / 6 % 6], STEPS[position % 6]]
        }
        _ => [8 + 10 * (index - 232); 3],
    }
}

/// The style of a role; unset colours stay as they are underneath.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// Colour of the text.
    pub fg: Option<Color>,
    /// Colour behind the text.
    pub bg: Option<Color>,
    /// Colour of the text where there are sixteen.
    pub fg16: Option<Color>,
    /// Colour behind the text where there are sixteen.
    pub bg16: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Foreground and background exchanged.
    pub reversed: bool,
}

const MODS: &[&str] = &["bold", "dim", "italic", "underline", "reversed"];
const FIELDS: &[&str] = &["fg", "bg", "fg16", "bg16", "mods"];
const SECTIONS: &[&str] = &["meta", "styles"];

/// Builds the closed list of roles: variant, name in files, fallback.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal => $fallback:expr;)*) => {
        /// An element of the screen with its own style.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $role,)* }

        impl Role {
            /// Every role.
            pub const ALL: &[Role] = &[$(Role::$role),*];

            /// Returns the name in theme files.
            pub fn name(self) -> &'static str {
                match self { $(Role::$role => $name,)* }
            }

            /// Returns the role whose style is used when a theme does not define this one.
            pub fn fallback(self) -> Option<Role> {
                use Role::*;
                match self { $($role => $fallback,)* }
            }
        }
    };
}

roles! {
    /// Ordinary text.
    Text = "text" => None;
    /// Secondary text.
    Dim = "dim" => Some(Text);
    /// Headings and the program's name.
    Title = "title" => Some(Text);
    /// Frame of a pane.
    Border = "border" => Some(Dim);
    /// Frame of the pane with the focus.
    BorderFocus = "border.focus" => Some(Border);
    /// The selected row.
    Selection = "selection" => Some(Text);
    /// The status line.
    Status = "status" => Some(Text);
    /// The key in a hint.
    HintKey = "hint.key" => Some(Title);
    /// The words in a hint.
    HintText = "hint.text" => Some(Dim);
    /// Characters equal on both sides.
    DiffEqual = "diff.equal" => Some(Text);
    /// Characters that differ in notation only (表記ゆれ).
    DiffNotation = "diff.notation" => Some(DiffEqual);
    /// Characters that may or may not be the same (要確認).
    DiffUncertain = "diff.uncertain" => Some(DiffReplace);
    /// Characters that differ (相違).
    DiffReplace = "diff.replace" => Some(Danger);
    /// Characters made visible: spaces, 外字, code points.
    Special = "special" => Some(Dim);
    /// ○.
    MarkOk = "mark.ok" => Some(Text);
    /// ×.
    MarkNg = "mark.ng" => Some(Danger);
    /// Class ①.
    ClassOne = "class.one" => Some(Text);
    /// Class ②.
    ClassTwo = "class.two" => Some(Text);
    /// Class ③.
    ClassThree = "class.three" => Some(Text);
    /// Danger flags (RULES §6).
    Danger = "danger" => Some(Error);
    /// 提案.
    Suggestion = "suggestion" => Some(Info);
    /// A decision that is stored.
    Saved = "saved" => Some(Dim);
    /// A decision that is not stored yet.
    Unsaved = "unsaved" => Some(Warning);
    /// An error message.
    Error = "error" => Some(Text);
    /// A warning.
    Warning = "warning" => Some(Text);
    /// A message.
    Info = "info" => Some(Text);
    /// A text prompt.
    Prompt = "prompt" => Some(Text);
    /// A popup window.
    Popup = "popup" => Some(Text);
    /// The filled part of a gauge.
    GaugeFill = "gauge.fill" => Some(Title);
    /// The rest of a gauge.
    GaugeRest = "gauge.rest" => Some(Dim);
    /// Characters that match a search.
    Match = "match" => Some(Title);
}

/// A valid theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The name in the file.
    pub name: String,
    /// The description in the file; can have several lines or be empty.
    pub about: String,
    styles: Vec<Option<Style>>,
}

impl Theme {
    /// Parses a theme file and merges it over the one it inherits from; `base` returns the text for the name after
    /// `inherits`.
    ///
    /// # Errors
    /// Every error of the file and of those it inherits from.
    pub fn parse(file: &str, text: &str, base: impl Fn(&str) -> Option<String>) -> Result<Theme, Diagnostics> {
        let names: Vec<&str> = embedded::THEMES.iter().map(|(name, _)| *name).collect();
        let chain = InheritanceChain::follow(file, text, base, &names);
        let mut diagnostics = chain.diagnostics();
        let mut theme = Theme { name: chain.name(), about: chain.about(), styles: vec![None; Role::ALL.len()] };
        for file in 0..chain.files.len() {
            theme.read(file, &mut diagnostics);
        }
        diagnostics.into_result().map(|()| theme)
    }

    /// Returns the style of a role, or of its nearest defined fallback; unset colours are those of the text.
    pub fn style(&self, role: Role) -> Style {
        let mut next = Some(role);
        while let Some(role) = next {
            if let Some(style) = self.defined(role) {
                let text = self.defined(Role::Text).unwrap_or_default();
                return Style { fg: style.fg.or(text.fg), bg: style.bg.or(text.bg), ..style };
            }
            next = role.fallback();
        }
        Style::default()
    }

    /// Returns the theme with colours of a terminal of this depth.
    pub fn at(&self, depth: Depth) -> Self {
        let reduce = |color: Option<Color>, sixteen: Option<Color>| match sixteen {
            Some(sixteen) if depth == Depth::Sixteen => Some(sixteen),
            _ => color.map(|color| color.at(depth)),
        };
        let styles = self.styles.iter().map(|style| {
            style.map(|style| Style {
                fg: reduce(style.fg, style.fg16),
                bg: reduce(style.bg, style.bg16),
                fg16: None,
                bg16: None,
                ..style
            })
        });
        Self { styles: styles.collect(), ..self.clone() }
    }

    /// Returns the style that the files define for a role.
    pub fn defined(&self, role: Role) -> Option<Style> {
        self.styles[role as usize]
    }

    /// Formats the theme as a file without inheritance.
    pub fn to_toml(&self) -> String {
        let mut out = meta(&self.name, &self.about);
        out.push_str("\n[styles]\n");
        for role in Role::ALL {
            let Some(style) = self.defined(*role) else { continue };
            let colors = [("fg", style.fg), ("bg", style.bg), ("fg16", style.fg16), ("bg16", style.bg16)];
            let mut fields: Vec<String> =
                colors.into_iter().filter_map(|(field, color)| Some(format!("{field} = {}", color?))).collect();
            let on = [style.bold, style.dim, style.italic, style.underline, style.reversed];
            let mods: Vec<String> = MODS.iter().zip(on).filter(|(_, on)| *on).map(|(name, _)| text(name)).collect();
            if !mods.is_empty() {
                fields.push(format!("mods = [{}]", mods.join(", ")));
            }
            let value = if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) };
            out.push_str(&format!("{:16} = {value}\n", text(role.name())));
        }
        out
    }

    fn read(&mut self, file: usize, diagnostics: &mut Collector<'_>) {
        let document = diagnostics.document(file);
        for section in entries(file, &document) {
            match (section.key, section.value.get_ref().as_table()) {
                ("styles", Some(table)) => {
                    for entry in entries(file, table) {
                        let role = read_role(&entry, diagnostics);
                        if let (Some(role), Some(style)) = (role, read_style(&entry, role, diagnostics)) {
                            self.styles[role as usize] = Some(style);
                        }
                    }
                }
                ("styles", None) => diagnostics.report(section.value_position(), "[styles] は表です", None),
                (other, _) => diagnostics.unknown(section.position, "見出し", other, SECTIONS),
            }
        }
    }
}

fn read_role(entry: &Entry<'_>, diagnostics: &mut Collector<'_>) -> Option<Role> {
    if let Some(role) = Role::ALL.iter().copied().find(|role| role.name() == entry.key) {
        return Some(role);
    }
    // Unquoted, TOML splits diff.replace at its dot.
    let dotted =
        entry.value.get_ref().as_table().and_then(|table| entries(entry.position.file, table).into_iter().next());
    let whole = dotted.map(|inner| format!("{}.{}", entry.key, inner.key));
    let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    match whole.filter(|whole| names.contains(&whole.as_str())) {
        Some(whole) => {
            diagnostics.report(
                entry.position,
                "「.」を含む役割は \" \" で囲んでください",
                Some(format!("\"{whole}\"")),
            );
        }
        None => diagnostics.unknown(entry.position, "役割", entry.key, &names),
    }
    None
}

/// Parses `{ fg, bg, mods }`. `role` is `None` for an unknown role, whose fields are checked all the same.
fn read_style(entry: &Entry<'_>, role: Option<Role>, diagnostics: &mut Collector<'_>) -> Option<Style> {
    let Some(table) = entry.value.get_ref().as_table() else {
        let shape = "{ fg = \"色\", bg = \"色\", mods = [\"bold\"] } の形で書いてください";
        diagnostics.report(entry.value_position(), shape, None);
        return None;
    };
    // An unknown role can be a dotted one that was split; its inner words are roles, not fields.
    if role.is_none() && table.values().any(|value| value.get_ref().is_table()) {
        return None;
    }
    let mut style = Style::default();
    for field in entries(entry.position.file, table) {
        match field.key {
            "fg" => style.fg = read_color(&field, diagnostics),
            "bg" => style.bg = read_color(&field, diagnostics),
            "fg16" => style.fg16 = read_name(&field, diagnostics),
            "bg16" => style.bg16 = read_name(&field, diagnostics),
            "mods" => read_mods(&field, &mut style, diagnostics),
            other => diagnostics.unknown(field.position, "項目", other, FIELDS),
        }
    }
    Some(style)
}

fn read_color(field: &Entry<'_>, diagnostics: &mut Collector<'_>) -> Option<Color> {
    let color = match field.value.get_ref() {
        DeValue::String(word) => match color(word) {
            Some(color) => return Some(color),
            None => format!("色{}", quote(word)),
        },
        DeValue::Integer(number) => {
            let value = u8::from_str_radix(number.as_str(), number.radix());
            match value {
                Ok(index) => return Some(Color::Indexed(index)),
                Err(_) => format!("色{}", quote(number.as_str())),
            }
        }
        _ => "この値".to_owned(),
    };
    let help = field.value.get_ref().as_str().and_then(|word| {
        let respelt = word.replace(['_', ' '], "-").replace("grey", "gray").replace("bright", "light");
        nearest(&respelt, COLORS.iter().map(|(name, _)| *name)).map(str::to_owned)
    });
    let message = format!("{color}は使えません。色の名前、\"#rrggbb\"、0〜255 のどれかで書いてください");
    diagnostics.report(field.value_position(), message, help);
    None
}

/// Parses a colour that every terminal has.
fn read_name(field: &Entry<'_>, diagnostics: &mut Collector<'_>) -> Option<Color> {
    let color = read_color(field, diagnostics)?;
    if COLORS.iter().any(|(_, named)| *named == color) {
        return Some(color);
    }
    let help = COLORS.iter().find(|(_, named)| *named == color.at(Depth::Sixteen)).map(|(name, _)| (*name).to_owned());
    diagnostics.report(field.value_position(), format!("{} は16色の名前で書いてください", field.key), help);
    None
}

fn color(word: &str) -> Option<Color> {
    if let Some((_, color)) = COLORS.iter().find(|(name, _)| *name == word) {
        return Some(*color);
    }
    let hex = word.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    Some(Color::Rgb(part(0)?, part(2)?, part(4)?))
}

fn read_mods(field: &Entry<'_>, style: &mut Style, diagnostics: &mut Collector<'_>) {
    let Some(list) = field.value.get_ref().as_array() else {
        return diagnostics.report(
            field.value_position(),
            "mods は [\"bold\", \"underline\"] の形で書いてください",
            None,
        );
    };
    for item in list.iter() {
        let item: &Spanned<DeValue<'_>> = item;
        let position = Position { file: field.position.file, offset: item.span().start };
        match item.get_ref().as_str() {
            Some("bold") => style.bold = true,
            Some("dim") => style.dim = true,
            Some("italic") => style.italic = true,
            Some("underline") => style.underline = true,
            Some("reversed") => style.reversed = true,
            Some(other) => diagnostics.unknown(position, "文字飾り", other, MODS),
            None => diagnostics.report(position, "文字飾りは \" \" で囲んだ名前です", None),
        }
    }
}

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod tests;
