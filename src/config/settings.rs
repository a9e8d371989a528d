//! `settings.toml` of a workspace: insurer, letters, calendar, review, screen (DESIGN §3).

use std::time::Duration;

use jiff::civil::{Date, DateTime, Weekday};
use serde::Deserialize;

use super::diagnostic::{Diagnostic, Diagnostics};
use crate::domain::calendar::Calendar;
use crate::domain::insurer::InsurerKind;

/// Everything a workspace can set; what is not set has the default of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The kind of insurer; guessed from the first import when not set.
    pub insurer: Option<InsurerKind>,
    /// Letters.
    pub notice: Notice,
    /// Cut-offs.
    pub calendar: Calendar,
    /// Review.
    pub review: Review,
    /// Screen.
    pub screen: Screen,
}

/// `[notice]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notice {
    /// Whether notices go with the 保険証 (送付区分, DOMAIN §8).
    pub with_card: bool,
    /// Days from 送付日 to 返信期限 when none is given.
    pub letter_days: u16,
}

impl Default for Notice {
    fn default() -> Self {
        Self { with_card: false, letter_days: 14 }
    }
}

/// `[review]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Review {
    /// Whether a second person must confirm (G10). This version knows only `off`.
    pub second_person: SecondPerson,
    /// Whether 3-x is used although the insurer has no employers (G5).
    pub employer: bool,
    /// Time without a key after which the screen is blanked; zero means never. In the file minutes, fractions too.
    #[serde(rename = "lock_after_minutes", deserialize_with = "minutes")]
    pub lock_after: Duration,
}

impl Default for Review {
    fn default() -> Self {
        Self { second_person: SecondPerson::Off, employer: false, lock_after: Duration::from_secs(15 * 60) }
    }
}

/// Reads minutes, at most a day of them.
fn minutes<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Duration, D::Error> {
    const DAY: f64 = 24.0 * 60.0;
    let minutes = f64::deserialize(value)?;
    if !(0.0..=DAY).contains(&minutes) {
        return Err(serde::de::Error::custom("分は 0 から 1440 までの数で書いてください"));
    }
    Ok(Duration::from_secs_f64(minutes * 60.0))
}

/// Whose decisions a second person must confirm (G10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondPerson {
    /// Nobody's.
    #[default]
    Off,
}

/// `[screen]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screen {
    /// Name of the theme.
    pub theme: String,
    /// Name of the keymap.
    pub keymap: String,
    /// Whether the terminal draws ambiguous characters (①, ○, ×) two cells wide.
    pub ambiguous_wide: bool,
}

impl Default for Screen {
    fn default() -> Self {
        Self { theme: "dark".to_owned(), keymap: "default".to_owned(), ambiguous_wide: false }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    insurer: InsurerTable,
    notice: Notice,
    calendar: CalendarTable,
    review: Review,
    screen: Screen,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct InsurerTable {
    kind: Option<InsurerKind>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CalendarTable {
    cutoffs: Option<Vec<toml::Spanned<String>>>,
    weekly: Option<toml::Spanned<String>>,
    release_by: Option<toml::Spanned<String>>,
    finish_by: Option<toml::Spanned<String>>,
}

impl Settings {
    /// Parses the text of a settings file; every fault is named with its line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostics> {
        let raw: File = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            Diagnostics(vec![Diagnostic::at(file, text, offset, explain(error.message()), None)])
        })?;
        let mut faults = Vec::new();
        let calendar = raw.calendar.read(&mut |at, message| {
            faults.push(Diagnostic::at(file, text, at, message, None));
        });
        if !faults.is_empty() {
            return Err(Diagnostics(faults));
        }
        Ok(Self { insurer: raw.insurer.kind, notice: raw.notice, calendar, review: raw.review, screen: raw.screen })
    }
}

/// The message of the TOML reader with a Japanese lead.
fn explain(message: &str) -> String {
    match message.split_once("unknown field ") {
        Some((_, rest)) => format!("知らない項目です: {rest}"),
        None => format!("設定を読めません: {message}"),
    }
}

impl CalendarTable {
    fn read(self, fault: &mut dyn FnMut(usize, String)) -> Calendar {
        let mut calendar = Calendar::default();
        let mut day = |value: Option<toml::Spanned<String>>, target: &mut Date| {
            if let Some(value) = value {
                match value.get_ref().parse() {
                    Ok(date) => *target = date,
                    Err(_) => fault(value.span().start, "日付は 2024-01-11 の形で書いてください".to_owned()),
                }
            }
        };
        day(self.release_by, &mut calendar.release_by);
        day(self.finish_by, &mut calendar.finish_by);
        if let Some(cutoffs) = self.cutoffs {
            calendar.fixed.clear();
            for value in cutoffs {
                match cutoff(value.get_ref()) {
                    Some(at) if calendar.fixed.last().is_some_and(|last| at <= *last) => {
                        fault(value.span().start, "締切は早い順に並べてください".to_owned());
                    }
                    Some(at) => calendar.fixed.push(at),
                    None => fault(
                        value.span().start,
                        "締切は 2023-12-14 か 2023-12-25T15:00 の形で書いてください".to_owned(),
                    ),
                }
            }
        }
        if let Some(value) = self.weekly {
            match weekday(value.get_ref()) {
                Some(weekday) => calendar.weekly = weekday,
                None => fault(value.span().start, "曜日は 月火水木金土日 のいずれかで書いてください".to_owned()),
            }
        }
        calendar
    }
}

/// A day means its end, a time means that moment.
fn cutoff(text: &str) -> Option<DateTime> {
    if text.contains(['T', ' ']) {
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

/// The file that a new workspace gets: every setting with its default, commented out.
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
    fn faults_are_named_at_their_place() {
        let table = [
            ("[insurer]\nkind = \"町内会\"\n", 2, 8),
            ("[reviev]\n", 1, 2),
            ("[review]\nsecond_person = \"all\"\n", 2, 17),
            ("[review]\nlock_after_minutes = -1\n", 2, 22),
            ("[calendar]\nweekly = \"X\"\n", 2, 10),
            ("[calendar]\ncutoffs = [\"2023-12-25\", \"2023-12-14\"]\n", 2, 26),
            ("[calendar]\nfinish_by = \"3月\"\n", 2, 13),
            ("kind = \n", 1, 8),
        ];
        for (text, line, column) in table {
            let faults = Settings::parse("settings.toml", text).unwrap_err();
            assert_eq!((faults.0[0].line, faults.0[0].column), (line, column), "{text}\n{faults}");
        }
    }
}
