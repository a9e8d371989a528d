//! 生年月日: dates in every notation of RULES §7 (RULES §5 D1–D3).

mod date;
mod serial;

pub use date::PartialDate;
pub use serial::{DateSystem, birth_serial, serial_date};

use date::days_in;

use super::char_class::is_bar;
use super::draft::ComparisonDraft;
use super::numeral::{is_kanji_digit, kanji_number};
use super::reason::{Code, Hint, StepClass};
use super::unit;

/// Era (元号) of the Japanese calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Era {
    /// 明治
    Meiji,
    /// 大正
    Taisho,
    /// 昭和
    Showa,
    /// 平成
    Heisei,
    /// 令和
    Reiwa,
}

impl Era {
    /// All eras in order.
    pub const ALL: [Self; 5] = [Self::Meiji, Self::Taisho, Self::Showa, Self::Heisei, Self::Reiwa];

    /// Returns the year before the first year of the era.
    pub fn offset(self) -> i16 {
        match self {
            Self::Meiji => 1867,
            Self::Taisho => 1911,
            Self::Showa => 1925,
            Self::Heisei => 1988,
            Self::Reiwa => 2018,
        }
    }

    /// Returns the first day of the era (明治: retroactively 1868-01-25).
    pub fn first_day(self) -> (i16, u8, u8) {
        match self {
            Self::Meiji => (1868, 1, 25),
            Self::Taisho => (1912, 7, 30),
            Self::Showa => (1926, 12, 25),
            Self::Heisei => (1989, 1, 8),
            Self::Reiwa => (2019, 5, 1),
        }
    }

    /// Returns the name of the era.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meiji => "明治",
            Self::Taisho => "大正",
            Self::Showa => "昭和",
            Self::Heisei => "平成",
            Self::Reiwa => "令和",
        }
    }

    fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// Returns whether a date lies in the era; a partial date does when some day of it does. 明治 and 大正 ended on the day the next
    /// era began, 昭和 and 平成 on the day before.
    fn contains(self, date: PartialDate) -> bool {
        let latest = (date.year, date.month.unwrap_or(12), date.day.unwrap_or(31));
        let earliest = (date.year, date.month.unwrap_or(1), date.day.unwrap_or(1));
        latest >= self.first_day()
            && match (self, self.next()) {
                (_, None) => true,
                (Self::Meiji | Self::Taisho, Some(next)) => earliest <= next.first_day(),
                (_, Some(next)) => earliest < next.first_day(),
            }
    }
}

/// Date with the doubts about its notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParsedDate {
    /// Date.
    pub date: PartialDate,
    /// Era of the notation.
    pub era: Option<Era>,
    /// Whether the notation is doubtful: an era outside its time or given by a number, a space inside a number, or a day of the lunar
    /// calendar, whose months are not those of the common era.
    pub doubtful: bool,
}

/// Reads a date in any form of RULES §7: `YYYYMMDD`, `YYYY-MM-DD`, `YYYY/MM/DD`, `YYYY.M.D`, `YYYY年M月D日`, 和暦 with names or letters.
///
/// Parts written 00 are unknown. `None` for anything else, and for a date that does not exist.
pub fn parse_date(text: &str) -> Option<ParsedDate> {
    // The notation of nearly every file needs no folding.
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return date_of(None, (number(&text[..4])?, number(&text[4..6])?, number(&text[6..])?), false);
    }
    let line = unit::line(text);
    let folded: String = line.units.iter().map(|u| u.c.to_ascii_uppercase()).collect();
    let (mut era, rest) = split_era(&folded);
    let numbers = split_numbers(rest)?;
    // 1985/1 2/3 may be the 12th month or incomplete; spaces among eight digits are harmless.
    let is_numeral = |at: usize| line.units.get(at).is_some_and(|u| u.c.is_ascii_digit() || is_kanji_digit(u.c));
    let mut doubtful =
        matches!(numbers, DateNumbers::Parts(_)) && line.gaps().any(|gap| is_numeral(gap - 1) && is_numeral(gap));
    let (year, month, day) = match numbers {
        DateNumbers::Packed(digits) => match (era, digits.len()) {
            (None, 8) => (number(&digits[..4])?, number(&digits[4..6])?, number(&digits[6..])?),
            (None, 7) => {
                doubtful = true;
                era = Some(match digits.as_bytes()[0] {
                    b'1' => Era::Meiji,
                    b'3' => Era::Taisho,
                    b'5' => Era::Showa,
                    b'7' => Era::Heisei,
                    b'9' => Era::Reiwa,
                    _ => return None,
                });
                (number(&digits[1..3])?, number(&digits[3..5])?, number(&digits[5..])?)
            }
            (Some(_), 6) => (number(&digits[..2])?, number(&digits[2..4])?, number(&digits[4..])?),
            _ => return None,
        },
        DateNumbers::Parts(parts) => {
            if era.is_none() && parts.0 < 1000 {
                return None;
            }
            parts
        }
    };
    date_of(era, (year, month, day), doubtful)
}

/// First year of the common calendar in Japan. Until 明治5年12月2日 (1872-12-31) a lunar calendar was used, so the day that the numbers of an
/// earlier date name depends on the calendar.
const COMMON_CALENDAR_YEAR: i16 = 1873;

/// Returns the date of an era and three numbers; `None` when it does not exist.
fn date_of(era: Option<Era>, (year, month, day): (u32, u32, u32), mut doubtful: bool) -> Option<ParsedDate> {
    let year = match era {
        Some(era) if (1..=99).contains(&year) => era.offset() + i16::try_from(year).ok()?,
        None if (1800..=2200).contains(&year) => i16::try_from(year).ok()?,
        _ => return None,
    };
    let date = PartialDate { year, month: known_part(month, 12)?, day: known_part(day, 31)? };
    if date.month.is_none() && date.day.is_some() {
        return None;
    }
    if let Some((y, m, d)) = date.full()
        && d > days_in(y, m)
    {
        return None;
    }
    doubtful |= era.is_some_and(|era| !era.contains(date)) || date.year < COMMON_CALENDAR_YEAR;
    Some(ParsedDate { date, era, doubtful })
}

/// Year, month and day before they are interpreted.
enum DateNumbers {
    /// Digits without separators.
    Packed(String),
    /// Three numbers.
    Parts((u32, u32, u32)),
}

/// Returns the folded text, for values that are no dates.
fn folded_text(text: &str) -> String {
    unit::line(text).units.iter().map(|u| u.c.to_ascii_uppercase()).collect()
}

/// Splits the era from the start of a folded text.
fn split_era(text: &str) -> (Option<Era>, &str) {
    const WORDS: [(&str, Era); 20] = [
        ("明治", Era::Meiji),
        ("大正", Era::Taisho),
        ("昭和", Era::Showa),
        ("平成", Era::Heisei),
        ("令和", Era::Reiwa),
        ("㍾", Era::Meiji),
        ("㍽", Era::Taisho),
        ("㍼", Era::Showa),
        ("㍻", Era::Heisei),
        ("㋿", Era::Reiwa),
        ("明", Era::Meiji),
        ("大", Era::Taisho),
        ("昭", Era::Showa),
        ("平", Era::Heisei),
        ("令", Era::Reiwa),
        ("M", Era::Meiji),
        ("T", Era::Taisho),
        ("S", Era::Showa),
        ("H", Era::Heisei),
        ("R", Era::Reiwa),
    ];
    for (word, era) in WORDS {
        if let Some(rest) = text.strip_prefix(word) {
            return (Some(era), rest.trim_start_matches(['.', ',']));
        }
    }
    (None, text.strip_prefix("西暦").unwrap_or(text))
}

/// Splits the text behind the era into numbers.
fn split_numbers(text: &str) -> Option<DateNumbers> {
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        return Some(DateNumbers::Packed(text.to_owned()));
    }
    let mut parts = [0u32; 3];
    let mut rest = text;
    for (at, part) in parts.iter_mut().enumerate() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && !is_kanji_digit(c) && c != '元').unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        *part = if at == 0 && digits == "元" { 1 } else { read_number(digits)? };
        let mut chars = tail.chars();
        rest = match (at, chars.next()) {
            (0, Some('年')) | (1, Some('月')) => chars.as_str(),
            (2, Some('日')) | (2, None) => chars.as_str(),
            (0 | 1, Some('/' | '.' | ',' | '・')) => chars.as_str(),
            (0 | 1, Some(c)) if is_bar(c) => chars.as_str(),
            _ => return None,
        };
    }
    let rest = rest.strip_suffix("生").unwrap_or(rest);
    rest.is_empty().then_some(DateNumbers::Parts((parts[0], parts[1], parts[2])))
}

/// Parses digits or kanji numerals of at most four digits.
fn read_number(digits: &str) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    if digits.chars().all(|c| c.is_ascii_digit()) {
        return (digits.len() <= 4).then(|| number(digits)).flatten();
    }
    kanji_number(digits.chars()).and_then(|n| u32::try_from(n).ok()).filter(|n| *n < 10_000)
}

fn number(digits: &str) -> Option<u32> {
    digits.parse().ok()
}

/// Returns a month or day, `Some(None)` for 00 (不詳), `None` above the maximum.
fn known_part(part: u32, max: u8) -> Option<Option<u8>> {
    match u8::try_from(part) {
        Ok(0) => Some(None),
        Ok(n) if n <= max => Some(Some(n)),
        _ => None,
    }
}

/// Compares two dates.
pub(crate) fn compare(draft: &mut ComparisonDraft<'_>) {
    let (left, right) = (parse_date(draft.left), parse_date(draft.right));
    let (Some(left), Some(right)) = (left, right) else {
        let same = folded_text(draft.left) == folded_text(draft.right);
        if same {
            draft.step(Code::DX, StepClass::B, "日付として読めない値");
        } else if left.is_none() && right.is_none() {
            draft.step(Code::DX, StepClass::B, "双方とも日付として読めない値");
        } else {
            draft.step(Code::DX, StepClass::B, "片方が日付として読めない値");
        }
        return;
    };
    let (l, r) = (left.date, right.date);
    if l == r {
        if l.is_partial() {
            draft.hint = Some(Hint::PartUnknown);
            draft.step(Code::D2, StepClass::B, "双方とも日付の一部が不詳");
        } else if draft.left != draft.right && l.year < COMMON_CALENDAR_YEAR {
            draft.step(Code::D3, StepClass::B, "旧暦の日付(明治5年以前)");
        } else if left.doubtful != right.doubtful || (left.doubtful && draft.left != draft.right) {
            draft.step(Code::D3, StepClass::B, "元号の範囲外、番号の元号または数字の間の空白");
        } else if left.era.zip(right.era).is_some_and(|(l, r)| l != r) {
            draft.step(Code::D3, StepClass::B, "改元の日(元号が異なる)");
        } else if draft.left != draft.right {
            draft.step(Code::D3, StepClass::A, "日付の表記");
        }
        return;
    }
    let (code, hint, label) = classify_difference(left, right);
    draft.hint = hint;
    draft.step_at(code, StepClass::Difference, label, true, 0..draft.left.len(), 0..draft.right.len());
}

/// Returns code, hint and label of the mistake that may have led from one date to the other.
fn classify_difference(left: ParsedDate, right: ParsedDate) -> (Code, Option<Hint>, &'static str) {
    let (l, r) = (left.date, right.date);
    if (l.month, l.day) != (r.month, r.day) && l.year == r.year && (l.is_partial() || r.is_partial()) {
        return (Code::D2, Some(Hint::PartUnknown), "日付の一部が不詳");
    }
    if (l.month, l.day) == (r.month, r.day) {
        let era_years = |date: PartialDate, era: Option<Era>| -> Vec<i16> {
            match era {
                Some(era) => vec![date.year - era.offset()],
                None => Era::ALL.iter().filter(|e| e.contains(date)).map(|e| date.year - e.offset()).collect(),
            }
        };
        let others = era_years(r, right.era);
        if era_years(l, left.era).iter().any(|n| others.contains(n)) {
            return (Code::D2, Some(Hint::EraSlip), "元号の取り違え");
        }
    }
    let (a, b) = (l.digits().into_bytes(), r.digits().into_bytes());
    let differ: Vec<usize> = (0..a.len().min(b.len())).filter(|i| a[*i] != b[*i]).collect();
    if (l.month, l.day) == (r.month, r.day) && l.year.abs_diff(r.year) == 1 {
        return (Code::D2, Some(Hint::YearOff), "年が一つ違い");
    }
    match differ.as_slice() {
        [_] => return (Code::D1, Some(Hint::OneDigit), "一桁の違い"),
        [i, j] if *j == i + 1 && a[*i] == b[*j] && a[*j] == b[*i] => {
            return (Code::D1, Some(Hint::Transposed), "隣り合う数字の入れ替わり");
        }
        _ => {}
    }
    if l.year == r.year && l.month.is_some() && l.month == r.day && l.day == r.month {
        return (Code::D1, Some(Hint::MonthDaySwapped), "月と日の入れ替わり");
    }
    (Code::DX, None, "日付が異なる")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form() {
        let known = |y, m, d| Some(PartialDate { year: y, month: Some(m), day: Some(d) });
        for (text, date) in [
            ("19851203", known(1985, 12, 3)),
            ("１９８５１２０３", known(1985, 12, 3)),
            ("1985-12-03", known(1985, 12, 3)),
            ("1985/12/3", known(1985, 12, 3)),
            ("1985.12.3", known(1985, 12, 3)),
            ("1985年12月3日", known(1985, 12, 3)),
            ("昭和60年12月3日", known(1985, 12, 3)),
            ("昭和六十年十二月三日生", known(1985, 12, 3)),
            ("S60.12.3", known(1985, 12, 3)),
            ("s601203", known(1985, 12, 3)),
            ("㍼60年12月3日", known(1985, 12, 3)),
            ("昭60-12-3", known(1985, 12, 3)),
            ("令和元年5月1日", known(2019, 5, 1)),
            ("20000229", known(2000, 2, 29)),
            ("5601203", known(1985, 12, 3)),
            ("19000229", None),
            ("19851301", None),
            ("19850432", None),
            ("851203", None),
            ("85/12/3", None),
            ("19850003", None),
            ("不詳", None),
            ("1985/12", None),
            ("19851203 10:00", None),
        ] {
            assert_eq!(parse_date(text).map(|p| p.date), date, "{text}");
        }
        let unknown = parse_date("19850000").map(|p| p.date);
        assert_eq!(unknown, Some(PartialDate { year: 1985, month: None, day: None }));
        assert_eq!(parse_date("19851200").and_then(|p| p.date.day), None);
    }

    #[test]
    fn knows_where_eras_end() {
        for (text, doubtful) in [
            ("明治45年7月30日", false),
            ("明治45年7月31日", true),
            ("大正元年7月29日", true),
            ("大正15年12月25日", false),
            ("大正15年12月26日", true),
            ("昭和元年12月25日", false),
            ("昭和64年1月7日", false),
            ("昭和64年1月8日", true),
            ("平成元年1月7日", true),
            ("平成31年4月30日", false),
            ("平成31年5月1日", true),
            ("令和元年5月1日", false),
            ("令和元年4月30日", true),
            ("昭和64年0月0日", false),
            ("5601203", true),
        ] {
            assert_eq!(parse_date(text).map(|p| p.doubtful), Some(doubtful), "{text}");
        }
    }
}
