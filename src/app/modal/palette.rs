//! The palette: actions by name, commands with an argument, saved views, and columns of a file.

use std::collections::BTreeMap;

use crate::app::action::Action;
use crate::app::ranking::rank;
use crate::app::text_input::TextInput;
use crate::domain::record::Column;

/// The palette.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// The query.
    pub line: TextInput,
    /// What fits, best first.
    pub found: Vec<Entry>,
    /// The chosen one; none while the text names nothing and nobody chose.
    pub chosen: Option<usize>,
    /// Whether it offers columns for the selected column of a file instead of actions.
    pub columns: bool,
}

impl Palette {
    /// What the line stands for now.
    pub fn entry(&self) -> Option<&Entry> {
        self.found.get(self.chosen?)
    }

    /// Every action, or what fits a text to begin with.
    pub fn of(text: &str) -> Self {
        Self { line: TextInput::of(text), ..Self::default() }
    }

    /// The columns that the selected column of a file may be taken for.
    pub fn of_columns() -> Self {
        Self { columns: true, ..Self::default() }
    }

    /// Ranks its lines anew after a change of the text.
    pub fn rank(&mut self, saved: &BTreeMap<String, String>, missing: &[Column]) {
        let text = self.line.text();
        (self.found, self.chosen) = if self.columns {
            let found = columns(text, missing);
            let chosen = (!found.is_empty()).then_some(0);
            (found, chosen)
        } else {
            let found = find(text, saved);
            let chosen = meant(text, &found);
            (found, chosen)
        };
    }

    /// Moves the choice by pages.
    pub fn turn(&mut self, action: Action) {
        let last = self.found.len().saturating_sub(1);
        let chosen = self.chosen.unwrap_or(0);
        self.chosen = match action {
            _ if self.found.is_empty() => None,
            Action::PageDown => Some(chosen.saturating_add(10).min(last)),
            Action::PageUp => Some(chosen.saturating_sub(10)),
            _ => self.chosen,
        };
    }
}

/// A command with its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Goes to the record with this 整理番号.
    Go(String),
    /// `undo 12`: take one old step back.
    UndoStep(u64),
    /// `import FILE`
    Import(String),
    /// `view save NAME`: keep the filter in force under a name.
    SaveView(String),
    /// `view drop NAME`
    DropView(String),
    /// `view NAME`: filter by a saved view.
    View(String),
}

/// A line of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An action.
    Action(Action),
    /// A command with its argument.
    Command(Command),
    /// What a column of a file is taken for; `None` for nothing.
    Column(Option<Column>),
    /// How a command is spelled that lacks its argument.
    Usage(&'static str),
}

impl Entry {
    /// The words of the line.
    pub fn words(&self) -> String {
        match self {
            Self::Action(action) => action.describe().to_owned(),
            Self::Command(Command::Go(id)) => format!("整理番号 {} へ移る", crate::compare::visible(id)),
            Self::Command(Command::UndoStep(seq)) => format!("{seq} 番の操作を取り消す"),
            Self::Command(Command::Import(path)) => format!("取り込む: {}", crate::compare::visible(path)),
            Self::Command(Command::SaveView(name)) => {
                format!("今の絞込を「{}」として保存する", crate::compare::visible(name))
            }
            Self::Command(Command::DropView(name)) => {
                format!("保存した絞込「{}」を消す", crate::compare::visible(name))
            }
            Self::Command(Command::View(name)) => format!("保存した絞込: {}", crate::compare::visible(name)),
            Self::Column(Some(column)) => column.name().to_owned(),
            Self::Column(None) => "(使わない)".to_owned(),
            Self::Usage(usage) => (*usage).to_owned(),
        }
    }
}

/// A 整理番号 typed alone: digits, full-width ones as well. A category code (`2-3`) is none.
fn number(text: &str) -> Option<String> {
    let digits: Option<String> = text
        .trim()
        .chars()
        .map(|c| char::from_digit(crate::app::guard::fold_ime(c).unwrap_or(c).to_digit(10)?, 10))
        .collect();
    digits.filter(|digits| !digits.is_empty())
}

/// Reads a line as a command with an argument; `None` when it is none.
fn command(text: &str) -> Option<Entry> {
    let text = text.trim_start_matches([' ', '　', ':', '：']);
    if let Some(id) = number(text) {
        return Some(Entry::Command(Command::Go(id)));
    }
    let (word, rest) = text.split_once([' ', '　'])?;
    let rest = rest.trim();
    let named = |usage, make: fn(String) -> Command, name: &str| match name.trim() {
        "" => Entry::Usage(usage),
        name => Entry::Command(make(name.to_owned())),
    };
    match word {
        "undo" => Some(match rest.parse() {
            Ok(seq) => Entry::Command(Command::UndoStep(seq)),
            Err(_) => Entry::Usage("undo 番号 (番号は履歴画面で分かります)"),
        }),
        "go" => Some(named("go 整理番号", Command::Go, rest)),
        "import" => Some(named("import ファイル", Command::Import, rest)),
        "view" => match rest.split_once([' ', '　']).unwrap_or((rest, "")) {
            ("save", name) => Some(named("view save 名前 (今の絞込を保存)", Command::SaveView, name)),
            ("drop", name) => Some(named("view drop 名前", Command::DropView, name)),
            _ => None,
        },
        _ => None,
    }
}

/// The lines of the palette for a text, best first.
pub fn find(text: &str, views: &BTreeMap<String, String>) -> Vec<Entry> {
    if let Some(entry) = command(text) {
        return vec![entry];
    }
    let trimmed = text.trim_start_matches([' ', '　', ':']);
    if let Some(name) = trimmed.strip_prefix("view ") {
        let names: Vec<&String> = views.keys().collect();
        let labels: Vec<String> = views.iter().map(|(name, filter)| format!("{name} {filter}")).collect();
        let found = rank(name, &labels).into_iter();
        let mut entries: Vec<Entry> = found.map(|at| Entry::Command(Command::View(names[at].clone()))).collect();
        // A name typed whole is meant, whatever else resembles it.
        entries.sort_by_key(|entry| !matches!(entry, Entry::Command(Command::View(known)) if known == name.trim()));
        entries.push(Entry::Usage("view save 名前 (今の絞込を保存)、view drop 名前 (消す)"));
        return entries;
    }
    let mut entries: Vec<Entry> = Action::all().filter(Action::in_palette).map(Entry::Action).collect();
    let mut labels: Vec<String> = entries
        .iter()
        .map(|entry| match entry {
            Entry::Action(action) => format!("{action} {}", action.describe()),
            _ => String::new(),
        })
        .collect();
    for (name, filter) in views {
        entries.push(Entry::Command(Command::View(name.clone())));
        labels.push(format!("view {name} 保存した絞込 {filter}"));
    }
    for (usage, word) in [
        ("undo 番号 (1つの操作を取り消す)", "undo 番号"),
        ("整理番号 (その記録へ移る。数字でなければ go 整理番号)", "go 整理番号 移る"),
        ("view save 名前 (今の絞込を保存)", "view save 保存"),
    ] {
        entries.push(Entry::Usage(usage));
        labels.push(word.to_owned());
    }
    let mut found: Vec<Entry> = rank(trimmed, &labels).into_iter().map(|place| entries[place].clone()).collect();
    let query = trimmed.trim();
    if !query.is_empty() {
        // Who types the beginning of a name means the shortest such name: `q` is `quit`.
        found.sort_by_key(|entry| match entry {
            Entry::Action(action) if action.to_string().starts_with(query) => action.to_string().len(),
            _ => usize::MAX,
        });
    }
    found
}

/// Which line of the palette a text means without a choice: a name typed whole or begun, or words that stand in a line as
/// they are typed. What only resembles the text is offered and not meant; an empty text means nothing.
pub fn meant(text: &str, found: &[Entry]) -> Option<usize> {
    let words: Vec<String> =
        text.split([' ', '　', ':']).map(crate::compare::search_fold).filter(|word| !word.is_empty()).collect();
    let first = found.first().filter(|_| !words.is_empty())?;
    let label = crate::compare::search_fold(&match first {
        Entry::Action(action) => format!("{action} {}", first.words()),
        Entry::Command(Command::View(name)) => format!("view {name} {}", first.words()),
        // A command with its argument was typed whole.
        Entry::Command(_) | Entry::Usage(_) | Entry::Column(_) => return Some(0),
    });
    words.iter().all(|word| label.contains(word.as_str())).then_some(0)
}

/// What a column of a file can be taken for, best first.
///
/// Those that are still missing come first while nothing is typed.
pub fn columns(text: &str, missing: &[Column]) -> Vec<Entry> {
    let rest = Column::ALL.into_iter().filter(|column| !missing.contains(column));
    let all: Vec<Option<Column>> = missing.iter().copied().chain(rest).map(Some).chain([None]).collect();
    let labels: Vec<String> = all.iter().map(|column| Entry::Column(*column).words()).collect();
    rank(text, &labels).into_iter().map(|place| Entry::Column(all[place])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views() -> BTreeMap<String, String> {
        BTreeMap::from([("赤坂".to_owned(), "text:赤坂".to_owned())])
    }

    #[test]
    fn commands_take_their_argument() {
        for (text, command) in [
            ("undo 12", Command::UndoStep(12)),
            (":undo 12", Command::UndoStep(12)),
            ("import /tmp/a b.csv", Command::Import("/tmp/a b.csv".into())),
            ("view save 第1週 分", Command::SaveView("第1週 分".into())),
            ("view drop 赤坂", Command::DropView("赤坂".into())),
            ("0001234", Command::Go("0001234".into())),
            (":１２", Command::Go("12".into())),
            ("go A-7", Command::Go("A-7".into())),
        ] {
            assert_eq!(find(text, &views()), [Entry::Command(command)], "{text}");
        }
        for text in ["undo x", "import ", "view save", "view save  "] {
            assert!(matches!(&find(text, &views())[..], [Entry::Usage(_), ..]), "{text}");
        }
    }

    #[test]
    fn a_view_is_chosen_by_its_name() {
        let views = BTreeMap::from(["赤坂2", "赤坂", "六本木"].map(|name| (name.to_owned(), String::new())));
        let first = |text: &str| find(text, &views)[0].clone();
        assert_eq!(first("view 赤坂"), Entry::Command(Command::View("赤坂".into())));
        assert_eq!(first("view 六"), Entry::Command(Command::View("六本木".into())));
        assert_eq!(find("view ", &views).len(), 4);
        assert!(matches!(first("view なし"), Entry::Usage(_)));
    }

    #[test]
    fn only_what_is_named_is_meant() {
        let views = views();
        let meant = |text: &str| meant(text, &find(text, &views));
        for named in ["quit", "q", "終了", "decide 2-3", "2-3", "view 赤坂", "undo 3", "todokede", ":quit", "取り込む"]
        {
            assert_eq!(meant(named), Some(0), "{named}");
        }
        // `dcd` resembles `decide`, `xqit` nothing.
        for other in ["", " ", "dcd", "xqit", "qiut", "にんてい"] {
            assert_eq!(meant(other), None, "{other}: {:?}", find(other, &views).first());
        }
    }

    #[test]
    fn saved_views_are_listed_with_the_actions() {
        let all = find("", &views());
        assert!(all.contains(&Entry::Command(Command::View("赤坂".into()))));
        assert!(all.contains(&Entry::Action(Action::Quit)));
        assert_eq!(find("あかさか", &BTreeMap::from([("あかさか".to_owned(), String::new())])).len(), 1);
        assert_eq!(find("undo", &views())[0], Entry::Action(Action::Undo));
    }
}
