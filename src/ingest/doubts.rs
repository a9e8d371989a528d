//! Doubtful contents of rows that are accepted all the same (RULES §7): each check adds the code of a warning. Nearly every cell
//! is cleared by its bytes; only the others are taken apart.

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::Date;

use super::glance::{CharDoubts, Glance, is_kanji};
use super::row::RowCells;
use super::row_dates::{DateText, RowDates};
use crate::compare::{FieldKind, parse_date};
use crate::domain::record::Column;
use crate::domain::scope::{DateCell, is_era_number};

/// Codes of the warnings of a row, each once.
#[derive(Debug, Default)]
pub(super) struct RowDoubts(Vec<&'static str>);

impl RowDoubts {
    /// Adds a code.
    pub(super) fn add(&mut self, code: &'static str) {
        if !self.0.contains(&code) {
            self.0.push(code);
        }
    }

    /// Takes the codes out.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.drain(..)
    }
}

/// Maximum age in years: nobody in Japan has lived longer.
const MAXIMUM_AGE: i16 = 120;

/// The days of birth that are plausible in a row; they depend on its 突合年月日.
#[derive(Debug)]
pub(super) struct BirthLimits {
    today: Date,
    /// 突合年月日 of the row before as it was written, and its warning: a file holds few.
    matched_on: Option<String>,
    warning: Option<&'static str>,
    earliest: Date,
    latest: Date,
    /// Both as they are written.
    texts: RangeInclusive<DateText>,
}

impl BirthLimits {
    /// Limits for an import of this day.
    pub(super) fn new(today: Date) -> Self {
        let mut limits = Self {
            today,
            matched_on: None,
            warning: None,
            earliest: today,
            latest: today,
            texts: DateText::BLANK..=DateText::BLANK,
        };
        limits.set(today);
        limits
    }

    fn set(&mut self, latest: Date) {
        self.latest = latest;
        self.earliest = latest.saturating_sub(i64::from(MAXIMUM_AGE).years());
        self.texts = DateText::limit(self.earliest)..=DateText::limit(self.latest);
    }

    /// Takes the 突合年月日 of a row; without one that can be read and has come, the day of the import counts.
    pub(super) fn row(&mut self, matched_on: &str, doubts: &mut RowDoubts) {
        if self.matched_on.as_deref() != Some(matched_on) {
            let cell = DateCell::read(matched_on);
            self.set(cell.day().filter(|day| *day <= self.today).unwrap_or(self.today));
            self.warning = match cell {
                DateCell::Blank => Some("matched-on-blank"),
                DateCell::Day(day) if day > self.today => Some("matched-on-future"),
                _ => None,
            };
            self.matched_on = Some(matched_on.to_owned());
        }
        self.warning.into_iter().for_each(|code| doubts.add(code));
    }

    /// Examines the days of birth of a row.
    pub(super) fn births(&self, cells: &RowCells<'_>, dates: &RowDates, doubts: &mut RowDoubts) {
        let columns = [Column::Left(FieldKind::Birth), Column::Right(FieldKind::Birth)];
        for (column, date) in columns.into_iter().zip(dates.births()) {
            if !self.texts.contains(&date) {
                self.birth(cells[column.index()], doubts);
            }
        }
    }

    fn birth(&self, text: &str, doubts: &mut RowDoubts) {
        if is_blank(text) {
            return doubts.add("birth-blank");
        }
        if is_era_code(text) {
            doubts.add("birth-era");
        }
        let Some(parsed) = parse_date(text) else {
            if !is_era_code(text) {
                doubts.add("birth-date");
            }
            return;
        };
        if parsed.date.is_partial() {
            doubts.add("birth-date");
        }
        // What is unknown of a day may be anything.
        let part = |part: Option<u8>, unknown| part.map_or(unknown, |part| part as i8);
        let day = |month, day| (parsed.date.year, part(parsed.date.month, month), part(parsed.date.day, day));
        let limit = |date: Date| (date.year(), date.month(), date.day());
        if day(1, 1) > limit(self.latest) {
            doubts.add("birth-future");
        }
        // A day of the lunar calendar is doubtful too.
        let old = day(12, 31) < limit(self.earliest);
        if old {
            doubts.add("birth-old");
        } else if parsed.doubtful && parsed.era.is_some() {
            doubts.add("birth-era");
        }
    }
}

/// Whether a date is packed with an era: its number (3600203) or its letter or name (S600203). Which number stands for which era
/// is not the same everywhere.
fn is_era_code(text: &str) -> bool {
    let text = text.trim_matches([' ', '　']);
    let packed = |rest: &str| {
        let digits = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
        rest.chars().count() == 6 && rest.chars().all(digits)
    };
    let names = ["明治", "大正", "昭和", "平成", "令和", "明", "大", "昭", "平", "令"];
    let letters = "MTSHRmtshrＭＴＳＨＲｍｔｓｈｒ㍾㍽㍼㍻㋿";
    is_era_number(text)
        || text.strip_prefix(|c| letters.contains(c)).is_some_and(packed)
        || names.iter().any(|name| text.strip_prefix(name).is_some_and(packed))
}

/// Examines whether the dates of a row follow one another: birth, 取得日, 喪失日.
pub(super) fn order(cells: &RowCells<'_>, dates: &RowDates, doubts: &mut RowDoubts) {
    let ([birth, _], acquired, lost) = (dates.births(), dates.acquired(), dates.lost());
    if ![birth, acquired, lost].contains(&DateText::OTHER) {
        if acquired < birth && acquired != DateText::BLANK || lost < acquired && lost != DateText::BLANK {
            doubts.add("date-order");
        }
        return;
    }
    let read = |column: Column| DateCell::read(cells[column.index()]).day();
    let [birth, acquired, lost] = [Column::Left(FieldKind::Birth), Column::Acquired, Column::Lost].map(read);
    let before = |one: Option<Date>, other: Option<Date>| one.zip(other).is_some_and(|(one, other)| one < other);
    if before(acquired, birth) || before(lost, acquired) {
        doubts.add("date-order");
    }
}

/// Examines the names and addresses of a row.
pub(super) fn names(cells: &RowCells<'_>, doubts: &mut RowDoubts) {
    let sides = |field| [Column::Left(field), Column::Right(field)].map(|column| cells[column.index()]);
    for (field, leads) in [(FieldKind::Kanji, KANJI_LEADS), (FieldKind::Kana, KANA_LEADS)] {
        let [left, right] = sides(field);
        if !is_plain_name(left, &leads) {
            name(field, left, doubts);
        }
        if left != right && !is_plain_name(right, &leads) {
            name(field, right, doubts);
        }
    }
    // A blank cell is empty or begins with a space.
    let blank = |text: &str| text.is_empty() || text.starts_with([' ', '　']) && is_blank(text);
    if sides(FieldKind::Address).into_iter().any(blank) {
        doubts.add("address-blank");
    }
}

/// First bytes of kana (U+3000–3FFF), and of kana and kanji (up to U+9FFF), which have three bytes each.
const KANA_LEADS: RangeInclusive<u8> = 0xE3..=0xE3;
const KANJI_LEADS: RangeInclusive<u8> = 0xE3..=0xE9;

/// Whether a name is made of such characters, half-width kana and spaces alone, and does not begin with a space.
fn is_plain_name(text: &str, leads: &RangeInclusive<u8>) -> bool {
    let mut rest = text.as_bytes();
    if rest.is_empty() || text.starts_with([' ', '　']) {
        return false;
    }
    loop {
        rest = match rest {
            [] => return true,
            [b' ', rest @ ..] => rest,
            [lead, _, _, rest @ ..] if leads.contains(lead) => rest,
            // U+FF40–FFBF: neither digits nor kanji.
            [0xEF, 0xBD | 0xBE, _, rest @ ..] => rest,
            _ => return false,
        };
    }
}

fn name(field: FieldKind, text: &str, doubts: &mut RowDoubts) {
    if is_blank(text) {
        doubts.add("name-blank");
    }
    if text.contains(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        doubts.add("name-digit");
    }
    if field == FieldKind::Kana && text.contains(is_kanji) {
        doubts.add("kana-script");
    }
}

/// Examines 整理番号, 番号 and 枝番; `has_id` says whether the file has the column.
pub(super) fn keys(cells: &RowCells<'_>, has_id: bool, doubts: &mut RowDoubts) {
    let id = cells[Column::Id.index()];
    if has_id && is_blank(id) {
        doubts.add("id-blank");
    }
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
    let odd = |c: char| c.is_whitespace() || ('！'..='～').contains(&c);
    for column in [Column::Id, Column::Number, Column::Branch] {
        let text = cells[column.index()];
        if !plain(text) && !is_blank(text) && text.contains(odd) {
            doubts.add("id-form");
        }
    }
}

/// Examines the characters of a row.
pub(super) fn characters(cells: &RowCells<'_>, glance: Glance, doubts: &mut RowDoubts) {
    if glance.odd {
        let found = cells.iter().enumerate().fold(CharDoubts::default(), |found, (at, cell)| {
            // 備考 may hold line breaks; anywhere else a control character is odd.
            found.and(CharDoubts::of(cell, at == Column::Remarks.index()))
        });
        for (found, code) in [
            (found.hidden, "control-char"),
            (found.private, "private-use"),
            (found.split, "split-char"),
            (found.lost, "lost-char"),
        ] {
            if found {
                doubts.add(code);
            }
        }
    }
    // Written in an encoding that lacks a character, by a program that puts `?` there or a reference such as `&#39640;`.
    let lost = |cell: &&str| cell.contains('?') && !cell.starts_with('#') || cell.contains("&#");
    let written = [FieldKind::Kanji, FieldKind::Kana, FieldKind::Address];
    let mut sides = written.into_iter().flat_map(|field| [Column::Left(field), Column::Right(field)]);
    if (glance.question || glance.damage) && sides.any(|column| lost(&cells[column.index()])) {
        doubts.add("lost-char");
    }
}

/// Whether a cell is empty or holds nothing but spaces.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cells<'a>(changes: &[(Column, &'a str)]) -> RowCells<'a> {
        let mut cells = [""; Column::COUNT];
        let births = [Column::Left(FieldKind::Birth), Column::Right(FieldKind::Birth)];
        births.iter().for_each(|column| cells[column.index()] = "19700102");
        changes.iter().for_each(|(column, text)| cells[column.index()] = text);
        cells
    }

    fn births(text: &str, matched_on: &str) -> String {
        let (mut limits, mut doubts) = (BirthLimits::new(date(2023, 12, 1)), RowDoubts::default());
        limits.row(matched_on, &mut RowDoubts::default());
        let cells = cells(&[(Column::Right(FieldKind::Birth), text)]);
        limits.births(&cells, &RowDates::of(&cells), &mut doubts);
        doubts.0.join(" ")
    }

    #[test]
    fn days_of_birth() {
        for (text, codes) in [
            ("19700102", ""),
            ("昭和45年1月2日", ""),
            ("S45.01.02", ""),
            ("", "birth-blank"),
            ("　 ", "birth-blank"),
            ("20230915", ""),
            ("20230916", "birth-future"),
            ("20240000", "birth-date birth-future"),
            ("20230000", "birth-date"),
            ("20991231", "birth-future"),
            ("2100-01-01", "birth-future"),
            ("令和5年9月16日", "birth-future"),
            ("19030915", ""),
            ("19030914", "birth-old"),
            ("19030000", "birth-date"),
            ("19020000", "birth-date birth-old"),
            ("18671231", "birth-old"),
            ("1850/01/01", "birth-old"),
            ("M01.12.31", "birth-old"),
            ("17991231", "birth-date"),
            ("不詳", "birth-date"),
            ("S600203", "birth-era"),
            ("s600203", "birth-era"),
            ("Ｓ６００２０３", "birth-era"),
            ("昭和600203", "birth-era"),
            ("昭和99年1月2日", "birth-future birth-era"),
            ("平成31年5月1日", "birth-era"),
        ] {
            assert_eq!(births(text, "20230915"), codes, "{text}");
        }
        // An era of 1 to 5 or of 1, 3, 5, 7, 9: doubtful whatever it is read as.
        for text in ["3600203", "5600203", "４０１０２０３", "2100304"] {
            assert!(births(text, "20230915").starts_with("birth-era"), "{text}");
        }
    }

    #[test]
    fn without_a_day_of_the_match_the_day_of_the_import_counts() {
        assert_eq!((births("20231201", ""), births("20231202", "")), (String::new(), "birth-future".to_owned()));
        assert_eq!((births("20231201", "不明"), births("20231202", "秋")), (String::new(), "birth-future".to_owned()));
        let mut limits = BirthLimits::new(date(2023, 12, 1));
        for (text, code) in [
            ("20230915", ""),
            ("", "matched-on-blank"),
            ("20231201", ""),
            ("令和5年12月2日", "matched-on-future"),
            ("秋", ""),
        ] {
            let mut doubts = RowDoubts::default();
            limits.row(text, &mut doubts);
            assert_eq!(doubts.0.join(" "), code, "{text}");
        }
    }

    #[test]
    fn dates_follow_one_another() {
        for (birth, acquired, lost, doubtful) in [
            ("19700102", "20200401", "", false),
            ("19700102", "", "", false),
            ("19700102", "", "19600101", false),
            ("20200401", "20200401", "20200401", false),
            ("20200402", "20200401", "", true),
            ("19700102", "20200401", "20200331", true),
            ("昭和45年1月2日", "令和2年4月1日", "2020-03-31", true),
            ("昭和45年1月2日", "S45.01.01", "", true),
            ("19700000", "19690101", "不明", false),
        ] {
            let cells =
                cells(&[(Column::Left(FieldKind::Birth), birth), (Column::Acquired, acquired), (Column::Lost, lost)]);
            let mut doubts = RowDoubts::default();
            order(&cells, &RowDates::of(&cells), &mut doubts);
            assert_eq!(doubts.0 == ["date-order"], doubtful, "{birth} {acquired} {lost}");
        }
    }

    #[test]
    fn names_and_keys() {
        use FieldKind::{Address, Kana, Kanji};
        let good = [
            (Column::Left(Kanji), "見本　一郎"),
            (Column::Right(Kanji), "KIM CHULSOO"),
            (Column::Left(Kana), "ﾐﾎﾝ ｲﾁﾛｳ"),
            (Column::Right(Kana), "みほん　イチロー"),
            (Column::Left(Address), "中島１０６８"),
            (Column::Right(Address), " 赤坂1-1"),
            (Column::Id, "茅-001"),
        ];
        for (column, text, code) in [
            (Column::Id, "0000000001", ""),
            (Column::Id, "　 ", "id-blank"),
            (Column::Id, " 001", "id-form"),
            (Column::Id, "00 1", "id-form"),
            (Column::Id, "００１", "id-form"),
            (Column::Id, "茅　001", "id-form"),
            (Column::Number, "１２３", "id-form"),
            (Column::Branch, "01 ", "id-form"),
            (Column::Branch, "", ""),
            (Column::Left(Kanji), "", "name-blank"),
            (Column::Left(Kanji), "　　", "name-blank"),
            (Column::Right(Kana), " ", "name-blank"),
            (Column::Right(Kana), " ミホン", ""),
            (Column::Left(Address), "　", "address-blank"),
            (Column::Left(Kanji), "見本2", "name-digit"),
            (Column::Right(Kana), "ミホン２", "name-digit"),
            (Column::Left(Kana), "見本　イチロウ", "kana-script"),
            (Column::Left(Kana), "ミホン・ジュニア", ""),
            (Column::Left(Kana), "ｲﾁﾛｳ郎", "kana-script"),
            (Column::Left(Kana), "サー・𠮷", "kana-script"),
            (Column::Left(Kanji), "𠮷田　﨑", ""),
            (Column::Right(Kanji), "　", "name-blank"),
            (Column::Right(Kanji), "　見本", ""),
        ] {
            let cells = cells(&[&good[..], &[(column, text)]].concat());
            let mut doubts = RowDoubts::default();
            names(&cells, &mut doubts);
            keys(&cells, true, &mut doubts);
            assert_eq!(doubts.0.join(" "), code, "{column:?} {text:?}");
        }
    }

    #[test]
    fn characters_of_a_row() {
        for (column, text, codes) in [
            (Column::Left(FieldKind::Kanji), "見本\u{E0041}一郎", "control-char"),
            (Column::Remarks, "一行目\n二行目", ""),
            (Column::Remarks, "\u{202E}逆", "control-char"),
            (Column::Symbol, "茅\u{E800}", "private-use"),
            (Column::Left(FieldKind::Kana), "カ\u{3099}イ", "split-char"),
            (Column::Right(FieldKind::Address), "赤坂&#39640;", "lost-char"),
            (Column::Left(FieldKind::Kanji), "?田", "lost-char"),
            (Column::Left(FieldKind::Kanji), "#NAME?", ""),
            (Column::Left(FieldKind::Kanji), "見本\u{FFFD}", "lost-char"),
            (Column::Remarks, "なぜ?", ""),
        ] {
            let cells = cells(&[(column, text)]);
            let mut doubts = RowDoubts::default();
            characters(&cells, Glance::at(&cells.join(",")), &mut doubts);
            assert_eq!(doubts.0.join(" "), codes, "{text:?}");
        }
    }
}
