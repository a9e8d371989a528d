//! What things look like: a closed list of roles, a style for each, read from a file.

use std::fmt;

use toml::Spanned;
use toml::de::DeValue;

use super::diagnostic::{Diagnostics, nearest, quote};
use super::embedded;
use super::source::{Entry, Faults, Lineage, Place, entries, meta, text};

/// A colour of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the sixteen ANSI names say what they are")]
pub enum Color {
    /// The terminal's own foreground or background.
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
    /// A 24-bit colour, for terminals that have it.
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

/// How many colours a terminal has.
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
    /// Reads what a terminal says of itself in `COLORTERM` and `TERM`; one that says nothing has sixteen.
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
    /// Returns the nearest colour that a terminal of this depth has.
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
    /// Writes the colour as a theme file does.
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

/// What the sixteen names look like in xterm; other terminals differ, but not in which is which.
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

/// Returns what an entry of the palette of 256 looks like: sixteen names, a cube of 6×6×6, 24 greys.
fn palette_rgb(index: u8) -> [u8; 3] {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    match index {
        0..16 => SIXTEEN[usize::from(index)],
        16..232 => {
            let place = usize::from(index - 16);
            [STEPS[place / 36], STEPS[place / 6 % 6], STEPS[place % 6]]
        }
        _ => [8 + 10 * (index - 232); 3],
    }
}

/// How a role is drawn; what is not set stays as it is underneath.
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
        /// Something that has a look of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $role,)* }

        impl Role {
            /// Every role.
            pub const ALL: &[Role] = &[$(Role::$role),*];

            /// Returns the name in theme files.
            pub fn name(self) -> &'static str {
                match self { $(Role::$role => $name,)* }
            }

            /// Returns the role whose style is taken when a theme has none for this one.
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
    /// Text of less weight.
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
    /// A decision still on its way.
    Unsaved = "unsaved" => Some(Warning);
    /// A fault message.
    Error = "error" => Some(Text);
    /// A warning.
    Warning = "warning" => Some(Text);
    /// A message.
    Info = "info" => Some(Text);
    /// A line of text being typed.
    Prompt = "prompt" => Some(Text);
    /// A window above the screen.
    Popup = "popup" => Some(Text);
    /// The filled part of a gauge.
    GaugeFill = "gauge.fill" => Some(Title);
    /// The rest of a gauge.
    GaugeRest = "gauge.rest" => Some(Dim);
    /// Letters that a search hit.
    Match = "match" => Some(Title);
}

/// A complete theme, free of faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The name the file gives itself.
    pub name: String,
    /// What the file says about itself; may have several lines, may be empty.
    pub about: String,
    styles: Vec<Option<Style>>,
}

impl Theme {
    /// Reads a theme file over the one it inherits from; `base` gives the text for the name after `inherits`.
    ///
    /// # Errors
    /// Every fault of the file and of those it inherits from.
    pub fn parse(file: &str, text: &str, base: impl Fn(&str) -> Option<String>) -> Result<Theme, Diagnostics> {
        let names: Vec<&str> = embedded::THEMES.iter().map(|(name, _)| *name).collect();
        let lineage = Lineage::follow(file, text, base, &names);
        let mut faults = lineage.faults();
        let mut theme = Theme { name: lineage.name(), about: lineage.about(), styles: vec![None; Role::ALL.len()] };
        for source in 0..lineage.sources.len() {
            theme.read(source, &mut faults);
        }
        faults.into_result().map(|()| theme)
    }

    /// Returns the style of a role, or of the nearest fallback that has one; a colour it does not set is that of the text.
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

    /// Returns the same theme with no colours but those of a terminal of this depth.
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

    /// Returns the style the files give a role themselves.
    pub fn defined(&self, role: Role) -> Option<Style> {
        self.styles[role as usize]
    }

    /// Writes the theme as a file of its own, with everything that it inherits.
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

    fn read(&mut self, source: usize, faults: &mut Faults<'_>) {
        let document = faults.document(source);
        for section in entries(source, &document) {
            match (section.key, section.value.get_ref().as_table()) {
                ("styles", Some(table)) => {
                    for entry in entries(source, table) {
                        let role = read_role(&entry, faults);
                        if let (Some(role), Some(style)) = (role, read_style(&entry, role, faults)) {
                            self.styles[role as usize] = Some(style);
                        }
                    }
                }
                ("styles", None) => faults.report(section.value_place(), "[styles] は表です", None),
                (other, _) => faults.unknown(section.place, "見出し", other, SECTIONS),
            }
        }
    }
}

fn read_role(entry: &Entry<'_>, faults: &mut Faults<'_>) -> Option<Role> {
    if let Some(role) = Role::ALL.iter().copied().find(|role| role.name() == entry.key) {
        return Some(role);
    }
    // Unquoted, TOML takes the dot of diff.replace apart.
    let dotted =
        entry.value.get_ref().as_table().and_then(|table| entries(entry.place.source, table).into_iter().next());
    let whole = dotted.map(|inner| format!("{}.{}", entry.key, inner.key));
    let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    match whole.filter(|whole| names.contains(&whole.as_str())) {
        Some(whole) => {
            faults.report(entry.place, "「.」を含む役割は \" \" で囲んでください", Some(format!("\"{whole}\"")));
        }
        None => faults.unknown(entry.place, "役割", entry.key, &names),
    }
    None
}

/// Reads `{ fg, bg, mods }`; the fields of a role that does not exist are not looked at twice.
fn read_style(entry: &Entry<'_>, role: Option<Role>, faults: &mut Faults<'_>) -> Option<Style> {
    let Some(table) = entry.value.get_ref().as_table() else {
        let shape = "{ fg = \"色\", bg = \"色\", mods = [\"bold\"] } の形で書いてください";
        faults.report(entry.value_place(), shape, None);
        return None;
    };
    // An unknown role may be a dotted one taken apart, whose inner words are roles and no fields.
    if role.is_none() && table.values().any(|value| value.get_ref().is_table()) {
        return None;
    }
    let mut style = Style::default();
    for field in entries(entry.place.source, table) {
        match field.key {
            "fg" => style.fg = read_color(&field, faults),
            "bg" => style.bg = read_color(&field, faults),
            "fg16" => style.fg16 = read_name(&field, faults),
            "bg16" => style.bg16 = read_name(&field, faults),
            "mods" => read_mods(&field, &mut style, faults),
            other => faults.unknown(field.place, "項目", other, FIELDS),
        }
    }
    Some(style)
}

fn read_color(field: &Entry<'_>, faults: &mut Faults<'_>) -> Option<Color> {
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
    faults.report(field.value_place(), message, help);
    None
}

/// Reads a colour that every terminal has.
fn read_name(field: &Entry<'_>, faults: &mut Faults<'_>) -> Option<Color> {
    let color = read_color(field, faults)?;
    if COLORS.iter().any(|(_, named)| *named == color) {
        return Some(color);
    }
    let help = COLORS.iter().find(|(_, named)| *named == color.at(Depth::Sixteen)).map(|(name, _)| (*name).to_owned());
    faults.report(field.value_place(), format!("{} は16色の名前で書いてください", field.key), help);
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

fn read_mods(field: &Entry<'_>, style: &mut Style, faults: &mut Faults<'_>) {
    let Some(list) = field.value.get_ref().as_array() else {
        return faults.report(field.value_place(), "mods は [\"bold\", \"underline\"] の形で書いてください", None);
    };
    for item in list.iter() {
        let item: &Spanned<DeValue<'_>> = item;
        let place = Place { source: field.place.source, offset: item.span().start };
        match item.get_ref().as_str() {
            Some("bold") => style.bold = true,
            Some("dim") => style.dim = true,
            Some("italic") => style.italic = true,
            Some("underline") => style.underline = true,
            Some("reversed") => style.reversed = true,
            Some(other) => faults.unknown(place, "文字飾り", other, MODS),
            None => faults.report(place, "文字飾りは \" \" で囲んだ名前です", None),
        }
    }
}

#[cfg(test)]
mod contrast;
#[cfg(test)]
mod tests;
