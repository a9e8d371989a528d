//! Key presses: their spelling in keymap files and their label on screen.

use std::fmt;
use std::str::FromStr;

use super::diagnostic::nearest;

/// A key without modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyCode {
    /// A key that types a character; shift is part of the character (`G`, `?`).
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift+Tab, which terminals send as a separate key.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Function key, counted from 1.
    F(u8),
}

/// Maximum number of a function key.
const MAX_FUNCTION_KEY: u8 = 24;

/// Named keys: spelling in a file, label on screen.
const NAMED: &[(KeyCode, &str, &str)] = &[
    (KeyCode::Char(' '), "space", "Space"),
    (KeyCode::Enter, "enter", "Enter"),
    (KeyCode::Esc, "esc", "Esc"),
    (KeyCode::Tab, "tab", "Tab"),
    (KeyCode::BackTab, "backtab", "Shift+Tab"),
    (KeyCode::Backspace, "backspace", "BS"),
    (KeyCode::Delete, "delete", "Del"),
    (KeyCode::Insert, "insert", "Ins"),
    (KeyCode::Up, "up", "↑"),
    (KeyCode::Down, "down", "↓"),
    (KeyCode::Left, "left", "←"),
    (KeyCode::Right, "right", "→"),
    (KeyCode::Home, "home", "Home"),
    (KeyCode::End, "end", "End"),
    (KeyCode::PageUp, "pgup", "PgUp"),
    (KeyCode::PageDown, "pgdn", "PgDn"),
];

/// Common other spellings with the one used here, where edit distance does not find it.
const SYNONYMS: &[(&str, &str)] = &[
    ("pageup", "pgup"),
    ("pagedown", "pgdn"),
    ("page-up", "pgup"),
    ("page-down", "pgdn"),
    ("return", "enter"),
    ("cr", "enter"),
    ("escape", "esc"),
    ("del", "delete"),
    ("ins", "insert"),
    ("bs", "backspace"),
    ("spc", "space"),
    ("shift-tab", "backtab"),
    ("control", "ctrl-"),
];

/// A key press with its modifiers, always in normal form: see [`Key::new`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Shift was held; never set for characters and [`KeyCode::BackTab`].
    pub shift: bool,
}

impl Key {
    /// Creates a key press in normal form, independent of how a terminal reports it.
    ///
    /// Shift sets the case of a letter and is dropped for other characters, Shift+Tab is [`KeyCode::BackTab`], and
    /// letters with Ctrl are lower case because terminals do not distinguish them.
    pub fn new(code: KeyCode, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            KeyCode::Char(c) if ctrl => Self { code: KeyCode::Char(c.to_ascii_lowercase()), ctrl, alt, shift: false },
            KeyCode::Char(c) if shift => Self { code: KeyCode::Char(c.to_ascii_uppercase()), ctrl, alt, shift: false },
            KeyCode::Tab if shift => Self { code: KeyCode::BackTab, ctrl, alt, shift: false },
            KeyCode::BackTab => Self { code, ctrl, alt, shift: false },
            _ => Self { code, ctrl, alt, shift },
        }
    }

    /// Creates a key press without modifiers.
    pub fn plain(code: KeyCode) -> Self {
        Self::new(code, false, false, false)
    }

    /// Creates the key press that types `c`.
    pub fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    /// Returns the character that the key press types into a text field; `None` if it types none.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Returns the label for hints and help: `↑`, `Esc`, `Ctrl+R`, `G`.
    pub fn label(self) -> String {
        let name = match self.code {
            KeyCode::F(n) => format!("F{n}"),
            KeyCode::Char(c) if self.ctrl && c != ' ' => c.to_ascii_uppercase().to_string(),
            code => match NAMED.iter().find(|(named, ..)| *named == code) {
                Some((_, _, label)) => (*label).to_owned(),
                None => self.char_or_empty(),
            },
        };
        let mark = |held: bool, word: &'static str| if held { word } else { "" };
        format!("{}{}{}{name}", mark(self.ctrl, "Ctrl+"), mark(self.alt, "Alt+"), mark(self.shift, "Shift+"))
    }

    fn char_or_empty(self) -> String {
        match self.code {
            KeyCode::Char(c) => c.to_string(),
            _ => String::new(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, word) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            if held {
                f.write_str(word)?;
            }
        }
        match (NAMED.iter().find(|(code, ..)| *code == self.code), self.code) {
            (Some((_, name, _)), _) => f.write_str(name),
            (None, KeyCode::F(n)) => write!(f, "F{n}"),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, _) => Ok(()),
        }
    }
}

/// Error of parsing a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The word is not the name of a key.
    #[error("キーの名前ではありません")]
    Unknown {
        /// The nearest name, if there is one.
        help: Option<String>,
    },
    /// Terminals send the same bytes for another key, so that this one never arrives.
    #[error("端末では {same_as} と区別できません")]
    Indistinct {
        /// Name of the key that arrives instead.
        same_as: &'static str,
    },
    /// Shift with a character whose shifted form depends on the keyboard.
    #[error("shift- は英字と特殊キーにだけ付けられます。入力される文字そのものを書いてください")]
    ShiftedSymbol,
}

impl KeyError {
    /// Returns the word that the user probably meant.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { help } => help.clone(),
            Self::Indistinct { same_as } => Some((*same_as).to_owned()),
            Self::ShiftedSymbol => None,
        }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    /// Parses a spelling such as `ctrl-r`, `G`, `F1`, `pgup` or `-`; case matters for characters only.
    fn from_str(word: &str) -> Result<Self, KeyError> {
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = word;
        // The last dash is the key itself: `ctrl--` is Ctrl and the minus key.
        while let Some((modifier, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            let seen = match modifier.to_ascii_lowercase().as_str() {
                "ctrl" => &mut ctrl,
                "alt" => &mut alt,
                "shift" => &mut shift,
                _ => break,
            };
            if std::mem::replace(seen, true) {
                return Err(KeyError::Unknown { help: None });
            }
            rest = after;
        }
        let code = code(rest).ok_or_else(|| KeyError::Unknown { help: suggestion(word, rest) })?;
        if shift && matches!(code, KeyCode::Char(c) if !c.is_ascii_alphabetic()) {
            return Err(KeyError::ShiftedSymbol);
        }
        let key = Key::new(code, ctrl, alt, shift);
        match (key.code, key.ctrl) {
            (KeyCode::Char('i'), true) => Err(KeyError::Indistinct { same_as: "tab" }),
            (KeyCode::Char('m'), true) => Err(KeyError::Indistinct { same_as: "enter" }),
            (KeyCode::Char('['), true) => Err(KeyError::Indistinct { same_as: "esc" }),
            _ => Ok(key),
        }
    }
}

fn code(word: &str) -> Option<KeyCode> {
    let mut chars = word.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return (!c.is_control() && !c.is_whitespace()).then_some(KeyCode::Char(c));
    }
    if let Some((code, ..)) = NAMED.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(word)) {
        return Some(*code);
    }
    let digits = word.strip_prefix(['F', 'f']).filter(|d| !d.starts_with(['0', '+']))?;
    digits.parse().ok().filter(|n| (1..=MAX_FUNCTION_KEY).contains(n)).map(KeyCode::F)
}

/// Returns the probable meaning of `word`, whose part after known modifiers is `rest`.
fn suggestion(word: &str, rest: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let before = word.strip_suffix(rest).unwrap_or_default().to_lowercase();
    if let Some((_, ours)) = SYNONYMS.iter().find(|(theirs, _)| *theirs == lower) {
        return Some((*ours).to_owned());
    }
    if let Some((_, ours)) = SYNONYMS.iter().find(|(theirs, _)| rest.eq_ignore_ascii_case(theirs)) {
        return Some(format!("{before}{ours}"));
    }
    for (theirs, ours) in
        [("ctrl+", "ctrl-"), ("c-", "ctrl-"), ("alt+", "alt-"), ("a-", "alt-"), ("m-", "alt-"), ("s-", "shift-")]
    {
        let Some(head) = lower.get(..theirs.len()) else { continue };
        let respelt = word.get(theirs.len()..).map(|tail| format!("{ours}{tail}"));
        if head == theirs
            && let Some(key) = respelt.and_then(|spelling| Key::from_str(&spelling).ok())
        {
            return Some(key.to_string());
        }
    }
    let functions: Vec<String> = (1..=12).map(|n| format!("F{n}")).collect();
    let names = NAMED.iter().map(|(_, name, _)| *name).chain(functions.iter().map(String::as_str));
    nearest(rest, names).map(|name| format!("{before}{name}"))
}

/// Formats a key sequence as in a keymap file: `2 3`, `g g`, `ctrl-r`.
pub fn spell(keys: &[Key]) -> String {
    let words: Vec<String> = keys.iter().map(Key::to_string).collect();
    words.join(" ")
}

/// Returns the label of a key sequence: characters without spaces (`23`, `gg`), other keys separated by a space.
pub fn label(keys: &[Key]) -> String {
    let joint = if keys.iter().all(|key| key.typed().is_some_and(|c| c != ' ')) { "" } else { " " };
    let labels: Vec<String> = keys.iter().map(|key| key.label()).collect();
    labels.join(joint)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(word: &str) -> Key {
        word.parse().unwrap_or_else(|error| panic!("{word}: {error}"))
    }

    #[test]
    fn spellings() {
        let ctrl = |c| Key::new(KeyCode::Char(c), true, false, false);
        for (word, expected) in [
            ("ctrl-r", ctrl('r')),
            ("Ctrl-R", ctrl('r')),
            ("ctrl--", ctrl('-')),
            ("-", Key::char('-')),
            ("G", Key::char('G')),
            ("shift-g", Key::char('G')),
            ("F1", Key::plain(KeyCode::F(1))),
            ("f12", Key::plain(KeyCode::F(12))),
            ("f", Key::char('f')),
            ("F", Key::char('F')),
            ("pgup", Key::plain(KeyCode::PageUp)),
            ("PgDn", Key::plain(KeyCode::PageDown)),
            ("space", Key::char(' ')),
            ("esc", Key::plain(KeyCode::Esc)),
            ("backtab", Key::plain(KeyCode::BackTab)),
            ("shift-tab", Key::plain(KeyCode::BackTab)),
            ("shift-up", Key::new(KeyCode::Up, false, false, true)),
            ("alt-X", Key::new(KeyCode::Char('X'), false, true, false)),
            ("ctrl-alt-shift-left", Key::new(KeyCode::Left, true, true, true)),
        ] {
            assert_eq!(key(word), expected, "{word}");
        }
    }

    #[test]
    fn refused_spellings_name_the_nearest() {
        for (word, help) in [
            ("escape", Some("esc")),
            ("pageup", Some("pgup")),
            ("entr", Some("enter")),
            ("ctrl+r", Some("ctrl-r")),
            ("C-r", Some("ctrl-r")),
            ("ctrl-pagedown", Some("ctrl-pgdn")),
            ("alt-hoome", Some("alt-home")),
            ("ctrl-i", Some("tab")),
            ("ctrl-M", Some("enter")),
            ("ctrl-[", Some("esc")),
            ("shift-1", None),
            ("ctrl-ctrl-a", None),
            ("F0", Some("F1")),
            ("F25", Some("F2")),
            ("F+1", Some("F1")),
            ("ctrl-", Some("ctrl-")),
            ("", None),
            ("\u{3000}", None),
            ("\u{7}", None),
            ("zzzzzzzz", None),
        ] {
            let error = word.parse::<Key>().expect_err(word);
            if word != "ctrl-" {
                assert_eq!(error.help().as_deref(), help, "{word}");
            }
        }
    }

    #[test]
    fn terminals_reporting_differently_give_one_key() {
        assert_eq!(Key::new(KeyCode::Char('g'), false, false, true), Key::char('G'));
        assert_eq!(Key::new(KeyCode::Char('G'), false, false, true), Key::char('G'));
        assert_eq!(Key::new(KeyCode::Char('?'), false, false, true), Key::char('?'));
        assert_eq!(Key::new(KeyCode::Char('R'), true, false, true), key("ctrl-r"));
        assert_eq!(Key::new(KeyCode::BackTab, false, false, true), key("backtab"));
    }

    #[test]
    fn labels() {
        for (word, expected) in [
            ("up", "↑"),
            ("esc", "Esc"),
            ("ctrl-r", "Ctrl+R"),
            ("G", "G"),
            ("space", "Space"),
            ("ctrl-space", "Ctrl+Space"),
            ("alt-x", "Alt+x"),
            ("shift-pgup", "Shift+PgUp"),
            ("F4", "F4"),
            ("あ", "あ"),
        ] {
            assert_eq!(key(word).label(), expected, "{word}");
        }
        assert_eq!(label(&[Key::char('2'), Key::char('3')]), "23");
        assert_eq!(label(&[Key::char('g'), key("ctrl-e")]), "g Ctrl+E");
        assert_eq!(label(&[Key::char(' '), Key::char('a')]), "Space a");
        assert_eq!(spell(&[Key::char('2'), key("pgup")]), "2 pgup");
    }

    fn any_key() -> impl Strategy<Value = Key> {
        let named = prop::sample::select(NAMED).prop_map(|(code, ..)| code);
        let typed = any::<char>()
            .prop_filter("types a character", |c| !c.is_control() && !c.is_whitespace())
            .prop_map(KeyCode::Char);
        let code = prop_oneof![
            named,
            typed,
            proptest::char::range('!', '~').prop_map(KeyCode::Char),
            (1..=MAX_FUNCTION_KEY).prop_map(KeyCode::F)
        ];
        (code, any::<[bool; 3]>())
            .prop_map(|(code, [ctrl, alt, shift])| Key::new(code, ctrl, alt, shift))
            .prop_filter("a terminal can send it", |key| {
                !(key.ctrl && matches!(key.code, KeyCode::Char('i' | 'm' | '[')))
            })
    }

    proptest! {
        #[test]
        fn display_and_from_str_are_inverse(key in any_key()) {
            prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
        }

        #[test]
        fn any_word_is_a_key_or_refused(word in ".{0,12}") {
            if let Ok(key) = word.parse::<Key>() {
                prop_assert_eq!(key.to_string().parse::<Key>(), Ok(key));
                prop_assert!(!key.label().is_empty());
            }
        }
    }
}
