//! `settings.toml` of a workspace: insurer, letters, calendar, review, import, screen (ARCHITECTURE "Commands").

use std::time::Duration;

use jiff::civil::{Date, DateTime, Weekday};
use toml::de::DeValue;

use super::diagnostic::{Diagnostic, Diagnostics, nearest, quote};
use super::file::{Collector, Entry, InheritanceChain, entries};
use crate::domain::byte_size::ByteSize;
use crate::domain::calendar::Calendar;
use crate::domain::insurer::InsurerKind;

/// The settings of a workspace; what is not set has the default of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The kind of insurer; `None` until it is set or guessed from the first import.
    pub insurer: Option<InsurerKind>,
    /// Letters.
    pub notice: NoticeSettings,
    /// Cut-offs.
    pub calendar: Calendar,
    /// Review.
    pub review: ReviewSettings,
    /// Import.
    pub import: ImportSettings,
    /// Screen.
    pub screen: ScreenSettings,
}

/// `[notice]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeSettings {
    /// Whether notices go with the 保険証 (送付区分, RULES §8).
    pub with_card: bool,
    /// Default number of days from 送付日 to 返信期限.
    pub letter_days: u16,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self { with_card: false, letter_days: 14 }
    }
}

/// `[review]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewSettings {
    /// Which decisions a second person must confirm (G10). This version supports only `off`.
    pub second_person: SecondPerson,
    /// Whether 3-x is used although the insurer has no employers (G5).
    pub employer: bool,
    /// Idle time after which the screen is blanked; zero means never. In the file: minutes, fractions allowed.
    pub lock_after: Duration,
}

impl Default for ReviewSettings {
    fn default() -> Self {
        Self { second_person: SecondPerson::Off, employer: false, lock_after: Duration::from_secs(15 * 60) }
    }
}

/// Which decisions a second person must confirm (G10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondPerson {
    /// None.
    #[default]
    Off,
}

/// `[import]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportSettings {
    /// Maximum size of a file. Larger ones are refused before they are read.
    pub max_size: ByteSize,
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self { max_size: ByteSize::DEFAULT_MAXIMUM }
    }
}

/// `[screen]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenSettings {
    /// Name of the theme.
    pub theme: String,
    /// Name of the keymap.
    pub keymap: String,
    /// Whether the terminal draws ambiguous characters (①, ○, ×) two cells wide.
    pub ambiguous_wide: bool,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self { theme: "dark".to_owned(), keymap: "default".to_owned(), ambiguous_wide: false }
    }
}

/// The sections with their items and the expected value of each, in Japanese.
const ITEMS: [(&str, &[(&str, &str)]); 6] = [
    ("insurer", &[("kind", "\"市町村国保\" などの保険者種別")]),
    ("notice", &[("letter_days", "0 から 65535 までの整数(日数)"), ("with_card", TRUE_OR_FALSE)]),
    (
        "calendar",
        &[
            ("cutoffs", "[\"2023-12-14\", \"2023-12-25T15:00\"] の形で締切の並び"),
            ("weekly", "\"木\" の形で曜日"),
            ("release_by", "\"2024-02-29\" の形で日付"),
            ("finish_by", "\"2024-03-31\" の形で日付"),
        ],
    ),
    (
        "review",
        &[
            ("second_person", "\"off\"(この版で使えるのはこれだけです)"),
            ("employer", TRUE_OR_FALSE),
            ("lock_after_minutes", "0 から 1440 までの数(分)"),
        ],
    ),
    ("import", &[("max_size", "\"16 GiB\" の形で大きさ(単位は KiB、MiB、GiB、TiB)")]),
    (
        "screen",
        &[
            ("theme", "\"dark\" の形で配色の名前"),
            ("keymap", "\"default\" の形でキー割り当ての名前"),
            ("ambiguous_wide", TRUE_OR_FALSE),
        ],
    ),
];

/// Expected value of a switch; the space separates it from the Japanese word that follows.
const TRUE_OR_FALSE: &str = "true か false ";

/// Returns the expected value of an item in any section.
fn expected(item: &str) -> Option<&'static str> {
    ITEMS.iter().flat_map(|(_, items)| items.iter()).find(|(name, _)| *name == item).map(|(_, expected)| *expected)
}

impl Settings {
    /// Parses the bytes of a settings file.
    ///
    /// # Errors
    /// Every error of the file, in Japanese with line and column.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Diagnostics> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::parse(file, text),
            Err(error) => {
                let text = String::from_utf8_lossy(bytes);
                let message = "UTF-8 ではありません。UTF-8 で保存してください";
                Err(Diagnostics(vec![Diagnostic::at(file, &text, error.valid_up_to(), message, None)]))
            }
        }
    }

    /// Parses the text of a settings file.
    ///
    /// # Errors
    /// Every error of the file, in Japanese with line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let chain = InheritanceChain::alone(file, text);
        let mut diagnostics = chain.diagnostics();
        let mut settings = Self::default();
        let table = diagnostics.table(0, &|line| {
            let item = line.split('=').next().unwrap_or_default().trim().trim_matches('"');
            expected(item).map(|expected| format!("{item} には{expected}を書いてください"))
        });
        for section in entries(0, &table) {
            let Some((_, items)) = ITEMS.iter().find(|(name, _)| *name == section.key) else {
                unknown_section(&section, &mut diagnostics);
                continue;
            };
            let Some(table) = section.value.get_ref().as_table() else {
                diagnostics.report(
                    section.position,
                    format!("{} は見出しです。[{0}] と書いてください", section.key),
                    None,
                );
                continue;
            };
            for item in entries(0, table) {
                match items.iter().find(|(name, _)| *name == item.key) {
                    Some((_, expected)) => settings.set(&item, expected, &mut diagnostics),
                    None => {
                        let names: Vec<&str> = items.iter().map(|(name, _)| *name).collect();
                        diagnostics.unknown(item.position, &format!("[{}] の項目", section.key), item.key, &names);
                    }
                }
            }
        }
        diagnostics.into_result().map(|()| settings)
    }

    /// Sets one item.
    fn set(&mut self, item: &Entry<'_>, expected: &str, diagnostics: &mut Collector<'_>) {
        let value = item.value.get_ref();
        let text = value.as_str();
        let taken = match item.key {
            "kind" => match text {
                Some(word) => match InsurerKind::ALL.into_iter().find(|kind| kind.label() == word) {
                    Some(kind) => {
                        self.insurer = Some(kind);
                        Some(())
                    }
                    None => {
                        let labels = InsurerKind::ALL.map(InsurerKind::label);
                        return diagnostics.unknown(item.value_position(), "保険者種別", word, &labels);
                    }
                },
                None => None,
            },
            "letter_days" => integer(value).map(|days| self.notice.letter_days = days),
            "with_card" => value.as_bool().map(|yes| self.notice.with_card = yes),
            "cutoffs" => match value.as_array() {
                Some(list) => {
                    self.calendar.fixed.clear();
                    for one in list.iter() {
                        let position = item.at(one.span().start);
                        match cutoff(&words(one.get_ref())) {
                            Some(at) if self.calendar.fixed.last().is_some_and(|last| at <= *last) => {
                                diagnostics.report(position, "締切は早い順に並べてください", None);
                            }
                            Some(at) => self.calendar.fixed.push(at),
                            None => {
                                let message = "締切は \"2023-12-14\" か \"2023-12-25T15:00\" の形で書いてください";
                                diagnostics.report(position, message, None);
                            }
                        }
                    }
                    Some(())
                }
                None => None,
            },
            "weekly" => match text {
                Some(word) => match weekday(word) {
                    Some(weekday) => {
                        self.calendar.weekly = weekday;
                        Some(())
                    }
                    None => {
                        let message =
                            format!("曜日{}は読めません。月火水木金土日 のいずれかで書いてください", quote(word));
                        return diagnostics.report(item.value_position(), message, None);
                    }
                },
                None => None,
            },
            "release_by" => words(value).parse().ok().map(|day| self.calendar.release_by = day),
            "finish_by" => words(value).parse().ok().map(|day| self.calendar.finish_by = day),
            "second_person" => {
                text.filter(|word| *word == "off").map(|_| self.review.second_person = SecondPerson::Off)
            }
            "employer" => value.as_bool().map(|yes| self.review.employer = yes),
            "lock_after_minutes" => minutes(value).map(|time| self.review.lock_after = time),
            "max_size" => text.and_then(|size| size.parse().ok()).map(|size| self.import.max_size = size),
            "theme" => text.map(|name| name.clone_into(&mut self.screen.theme)),
            "keymap" => text.map(|name| name.clone_into(&mut self.screen.keymap)),
            "ambiguous_wide" => value.as_bool().map(|yes| self.screen.ambiguous_wide = yes),
            _ => None,
        };
        if taken.is_none() {
            let near = text.filter(|_| expected == TRUE_OR_FALSE).and_then(|word| nearest(word, ["true", "false"]));
            let message = format!("{} には{expected}を書いてください", item.key);
            diagnostics.report(item.value_position(), message, near.map(str::to_owned));
        }
    }
}

/// Reports an item above the first heading, or an unknown heading.
fn unknown_section(section: &Entry<'_>, diagnostics: &mut Collector<'_>) {
    let home = ITEMS.iter().find(|(_, items)| items.iter().any(|(name, _)| *name == section.key));
    match home {
        Some((home, _)) => {
            let message = format!("{}は [{home}] の下に書いてください", quote(section.key));
            diagnostics.report(section.position, message, Some(format!("[{home}]")));
        }
        None => diagnostics.unknown(section.position, "見出し", section.key, &ITEMS.map(|(name, _)| name)),
    }
}

/// Returns a string, or a TOML date as text.
fn words(value: &DeValue<'_>) -> String {
    match (value.as_str(), value.as_datetime()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(date)) => date.to_string(),
        (None, None) => String::new(),
    }
}

fn integer(value: &DeValue<'_>) -> Option<u16> {
    let DeValue::Integer(number) = value else { return None };
    u16::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Reads minutes, at most one day.
fn minutes(value: &DeValue<'_>) -> Option<Duration> {
    const DAY: f64 = 24.0 * 60.0;
    let minutes: f64 = match value {
        DeValue::Integer(number) => f64::from(u16::from_str_radix(number.as_str(), number.radix()).ok()?),
        DeValue::Float(number) => number.as_str().parse().ok()?,
        _ => return None,
    };
    (0.0..=DAY).contains(&minutes).then(|| Duration::from_secs_f64(minutes * 60.0))
}

/// Parses a cut-off: a day means its end.
fn cutoff(text: &str) -> Option<DateTime> {
    // The TOML parser may format an unquoted date-time with a space.
    if text.contains(['T', 't', ' ']) {
        return text.parse().ok();
    }
    text.parse::<Date>().ok().map(Calendar::end_of)
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text.trim_end_matches("曜日").trim_end_matches('曜') {
        "月" => Weekday::Monday,
        "火" => Weekday::Tuesday,
        "水" => Weekday::Wednesday,
        "木" => Weekday::Thursday,
        "金" => Weekday::Friday,
        "土" => Weekday::Saturday,
        "日" => Weekday::Sunday,
        _ => return None,
    })
}

/// Returns the settings file of a new workspace: every setting with its default, commented out.
pub fn template(insurer: Option<InsurerKind>) -> String {
    let kind = match insurer {
        Some(kind) => format!("kind = \"{}\"   # 保険者番号から推定。違うときは直してください", kind.label()),
        None => "# kind = \"市町村国保\"".to_owned(),
    };
    format!(
        "# meken の設定。行頭の # を外すと有効になります。\n\
         [insurer]\n\
         # 市町村国保 / 後期広域連合 / 国保組合 / 健保組合 / 協会けんぽ / 共済組合\n\
         {kind}\n\n\
         [notice]\n\
         # letter_days = 14        # 送付日から返信期限までの日数\n\
         # with_card = false       # 保険証と一緒に送るとき true\n\n\
         [calendar]\n\
         # cutoffs = [\"2023-12-14\", \"2023-12-25T15:00\", \"2024-01-11\"]\n\
         # weekly = \"木\"           # その後の毎週の締切\n\
         # release_by = \"2024-02-29\"\n\
         # finish_by = \"2024-03-31\"\n\n\
         [review]\n\
         # second_person = \"off\"\n\
         # employer = false        # 事業主照会(3-x)を使うとき true\n\
         # lock_after_minutes = 15 # 操作がないとき画面を隠すまでの分。0 で隠さない\n\n\
         [import]\n\
         # max_size = \"16 GiB\"     # 取り込むファイルの大きさの上限\n\n\
         [screen]\n\
         # theme = \"dark\"          # light、contrast、dark-rgb、mono、自分のファイルの名前\n\
         # keymap = \"default\"      # vim、tenkey、自分のファイルの名前\n\
         # ambiguous_wide = false  # ○×①を2桁で描く端末では true\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_empty_file_and_the_template_are_the_defaults() {
        assert_eq!(Settings::parse("settings.toml", "").unwrap(), Settings::default());
        assert_eq!(Settings::parse("settings.toml", &template(None)).unwrap(), Settings::default());
        for kind in InsurerKind::ALL {
            let settings = Settings::parse("settings.toml", &template(Some(kind))).unwrap();
            assert_eq!(settings.insurer, Some(kind));
        }
    }

    #[test]
    fn uncommented_the_template_is_valid_too() {
        let text: String = template(Some(InsurerKind::Municipal))
            .lines()
            .filter(|line| !line.contains(" / "))
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line).to_owned() + "\n")
            .collect();
        let settings = Settings::parse("settings.toml", &text).unwrap();
        assert_eq!(settings, Settings { insurer: Some(InsurerKind::Municipal), ..Settings::default() }, "{text}");
    }

    #[test]
    fn the_other_reading_of_the_first_cut_off_is_a_setting() {
        let text = "[calendar]\ncutoffs = [\"2023-12-15\", \"2023-12-25T15:00\"]\nweekly = \"月曜\"\n";
        let calendar = Settings::parse("settings.toml", text).unwrap().calendar;
        assert_eq!(calendar.next(date(2023, 12, 15).at(10, 0, 0, 0)).round, 1);
        assert_eq!(calendar.weekly, Weekday::Monday);
    }

    #[test]
    fn faults_are_named_at_their_place_in_japanese() {
        let table = [
            ("[insurer]\nkind = \"町内会\"\n", 2, 8, "保険者種別「町内会」はありません(市町村国保", None),
            ("[insurer]\nkind = \"健保組\"\n", 2, 8, "保険者種別「健保組」", Some("健保組合")),
            ("[reviev]\n", 1, 2, "見出し「reviev」はありません", Some("review")),
            ("[review]\nemployr = true\n", 2, 1, "[review] の項目「employr」", Some("employer")),
            ("[review]\nsecond_person = \"all\"\n", 2, 17, "second_person には\"off\"", None),
            ("[review]\nlock_after_minutes = -1\n", 2, 22, "lock_after_minutes には0 から 1440 まで", None),
            ("[review]\nlock_after_minutes = \"15\"\n", 2, 22, "lock_after_minutes には0 から 1440 まで", None),
            ("[notice]\nwith_card = \"ture\"\n", 2, 13, "with_card にはtrue か false", Some("true")),
            ("[notice]\nwith_card = ture\n", 2, 13, "with_card にはtrue か false", None),
            ("[notice]\nletter_days = 3.5\n", 2, 15, "letter_days には0 から 65535 まで", None),
            ("[calendar]\nweekly = \"X\"\n", 2, 10, "曜日「X」は読めません", None),
            ("[calendar]\ncutoffs = [\"2023-12-25\", \"2023-12-14\"]\n", 2, 26, "早い順", None),
            ("[calendar]\ncutoffs = \"2023-12-25\"\n", 2, 11, "cutoffs には[", None),
            ("[calendar]\nfinish_by = \"3月\"\n", 2, 13, "finish_by には\"2024-03-31\"", None),
            ("[import]\nmax_size = \"16\"\n", 2, 12, "max_size には\"16 GiB\" の形", None),
            ("[import]\nmax_size = \"0 GiB\"\n", 2, 12, "max_size には\"16 GiB\" の形", None),
            ("[import]\nmax_size = 16\n", 2, 12, "max_size には\"16 GiB\" の形", None),
            ("[import]\nmaxsize = \"16 GiB\"\n", 2, 1, "[import] の項目「maxsize」", Some("max_size")),
            ("max_size = \"16 GiB\"\n", 1, 1, "「max_size」は [import] の下に", Some("[import]")),
            ("[screen]\ntheme = 3\n", 2, 9, "theme には\"dark\"", None),
            ("screen = 3\n", 1, 1, "screen は見出しです。[screen]", None),
            ("theme = \"dark\"\n", 1, 1, "「theme」は [screen] の下に", Some("[screen]")),
            ("[screen]\ntheme = \"dark\"\ntheme = \"light\"\n", 3, 1, "「theme」はもう書かれています", None),
            ("[insurer]\nkind = \n", 2, 8, "kind には\"市町村国保\"", None),
            ("[screen\ntheme = \"dark\"\n", 1, 8, "見出しの [ に対する ]", None),
        ];
        for (text, line, column, words, help) in table {
            let diagnostics = Settings::parse("settings.toml", text).unwrap_err();
            assert_eq!(diagnostics.0.len(), 1, "{text}\n{diagnostics}");
            let fault = &diagnostics.0[0];
            assert_eq!(
                (fault.line, fault.column, fault.help.as_deref()),
                (line, column, help),
                "{text}\n{diagnostics}"
            );
            assert!(fault.message.contains(words), "{text}\n{diagnostics}");
        }
    }

    #[test]
    fn every_fault_is_named_at_once_and_bytes_of_another_encoding_too() {
        let text = "[reviw]\n[screen]\ntheme = 1\nkeymap = vim\n[notice]\nwith_card = \"yes\"\n";
        let diagnostics = Settings::parse("settings.toml", text).unwrap_err();
        let positions: Vec<_> = diagnostics.0.iter().map(|fault| (fault.line, fault.column)).collect();
        assert_eq!(positions, [(1, 2), (3, 9), (4, 10), (6, 13)], "{diagnostics}");
        let diagnostics = Settings::read("settings.toml", b"[screen]\n# \x94\x5A\n").unwrap_err();
        assert_eq!((diagnostics.0[0].line, diagnostics.0[0].column), (2, 3));
        assert!(diagnostics.to_string().contains("UTF-8 で保存してください"), "{diagnostics}");
    }

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!(Settings::default().import.max_size, ByteSize(16 << 30));
        let settings = Settings::parse("settings.toml", "[import]\nmax_size = \"40 GiB\"\n").unwrap();
        assert_eq!(settings.import.max_size, ByteSize(40 << 30));
    }

    #[test]
    fn dates_need_no_quotation_marks() {
        let text = "[calendar]\nrelease_by = 2024-02-28\ncutoffs = [2023-12-15, 2023-12-25T15:00:00]\n";
        let calendar = Settings::parse("settings.toml", text).unwrap().calendar;
        assert_eq!(calendar.release_by, date(2024, 2, 28));
        assert_eq!(calendar.fixed, [Calendar::end_of(date(2023, 12, 15)), date(2023, 12, 25).at(15, 0, 0, 0)]);
    }

    /// Whatever is wrong, it is said in Japanese: beside names of the file itself no English words stand in a message.
    fn is_japanese(message: &str, text: &str) -> bool {
        let foreign = |word: &&str| word.len() > 3 && word.bytes().all(|b| b.is_ascii_alphabetic());
        let known = ["TOML", "true", "false", "dark", "default"];
        let own = ITEMS.iter().flat_map(|(name, items)| items.iter().map(|(item, _)| *item).chain([*name]));
        let own: Vec<&str> = own.flat_map(|name| name.split('_')).chain(known).collect();
        message
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(foreign)
            .all(|word| own.contains(&word) || text.contains(word))
    }

    proptest::proptest! {
        #[test]
        fn every_fault_is_said_in_japanese(at in 0usize..900, cut in 0usize..12, put in "[\"'=\\[\\]{},.#a-z0-9\n\\\\]{0,6}") {
            let text: String = template(Some(InsurerKind::Municipal))
                .lines()
                .filter(|line| !line.contains(" / "))
                .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line).to_owned() + "\n")
                .collect();
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.min(chars.len());
            chars.splice(at..(at + cut).min(chars.len()), put.chars());
            let text: String = chars.into_iter().collect();
            if let Err(diagnostics) = Settings::parse("settings.toml", &text) {
                proptest::prop_assert!(!diagnostics.0.is_empty());
                for fault in &diagnostics.0 {
                    proptest::prop_assert!(is_japanese(&fault.message, &text), "{}\n{}", fault.message, text);
                    proptest::prop_assert!(fault.line <= text.lines().count() + 1);
                }
            }
        }
    }
}
