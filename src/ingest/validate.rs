//! Accepts a row with counted warnings, or rejects it. Marks and values are never rewritten (DOMAIN §2, §7).

use std::collections::BTreeMap;

use super::layout::Layout;
use super::row::{Rejection, RowCells};
use super::spreadsheet::{self, INSURER_ZEROS, NUMBER_ZEROS};
use super::warnings::Warnings;
use crate::compare::{FieldKind, judge};
use crate::domain::danger::{self, DangerSet};
use crate::domain::insurer::insurer_number_ok;
use crate::domain::person::{MyNumber, PerField};
use crate::domain::record::{Column, Facts, Mark, Marks, Overall, parse_multiple, parse_protected};
use crate::domain::scope::{DateCell, Scope, scope};
use crate::domain::suspension::classify;

/// Checks rows and counts warnings.
pub(crate) struct Validator<'l> {
    layout: &'l Layout,
    /// Warnings so far.
    pub(crate) warnings: Warnings,
    /// Cache of the last 保険者番号 and its warning: a file holds few.
    insurer: (String, Option<&'static str>),
    /// The 保険者番号 of the file with the first line of each, up to [`MAXIMUM_INSURERS`].
    pub(crate) insurers: BTreeMap<String, u32>,
}

impl<'l> Validator<'l> {
    /// A validator without warnings. Where the layout lacks 判定結果 columns, marks are recomputed (the layout was accepted on that condition).
    pub(crate) fn new(layout: &'l Layout) -> Self {
        Self { layout, warnings: Warnings::default(), insurer: (String::new(), None), insurers: BTreeMap::new() }
    }

    /// Checks a row, whose cells stand in `text`: its facts, or why it is rejected.
    pub(crate) fn check(&mut self, line: u32, cells: &RowCells<'_>, text: &str) -> Result<Facts, Rejection> {
        let cell = |column: Column| cells[column.index()];
        let keys = [Column::Id, Column::InsurerNo, Column::Symbol, Column::Number, Column::Branch, Column::MyNumber];
        let glance = Glance::at(text);
        let number = MyNumber::parse(cell(Column::MyNumber));
        for column in keys {
            let text = cell(column);
            // What was read as a number, or was good in the row before, is no date.
            let known = column == Column::MyNumber && number.is_some()
                || column == Column::InsurerNo && !text.is_empty() && text == self.insurer.0;
            let is_date = !known && spreadsheet::is_date_in_key(column, text);
            if is_date || glance.damage && is_spreadsheet_damage(text) {
                return Err(Rejection::of(
                    column,
                    "excel",
                    format!(
                        "{}が表計算ソフトで壊れています(指数表記、日付など)。表計算ソフトで開かず、元のファイルを取り込んでください",
                        column.name()
                    ),
                ));
            }
        }
        let my_number = self.my_number(number, cell(Column::MyNumber))?;
        let marks = self.marks(line, cells)?;
        let overall = match self.layout.overall(cell(Column::Overall)) {
            Some(overall) => overall,
            None if is_blank(cell(Column::Overall)) => {
                return Err(Rejection::of(Column::Overall, "overall", "総合判定が空欄です"));
            }
            None => {
                let reason = "総合判定を読み取れません。○、△、× のいずれかにしてください";
                return Err(Rejection::of(Column::Overall, "overall", reason));
            }
        };

        if my_number.is_some_and(|number| number.check_digit_ok() == Some(false)) {
            self.warnings.add("my-number-check-digit", line);
        }
        if marks.multiple.is_none() && !is_blank(cell(Column::Multiple)) {
            self.warnings.add("multiple-unreadable", line);
        }
        let class = classify(&marks);
        if class.overall().is_some_and(|expected| expected != overall) {
            self.warnings.add("overall-differs", line);
        }
        let scope = self.scope(line, overall, cells);
        self.values(line, cells, glance);
        let protected = parse_protected(cell(Column::Protected));
        Ok(Facts { class, overall, marks, scope, dangers: DangerSet::default(), protected })
    }

    fn my_number(&self, number: Option<MyNumber>, text: &str) -> Result<Option<MyNumber>, Rejection> {
        if !self.layout.has(Column::MyNumber) {
            return Ok(None);
        }
        if is_blank(text) {
            return Err(Rejection::of(
                Column::MyNumber,
                "my-number",
                "個人番号が空欄です。列ごと使わないときはレイアウト定義で \"個人番号\" = \"\" とします",
            ));
        }
        match number {
            Some(number) => Ok(Some(number)),
            None if spreadsheet::is_number_without_zeros(text) => {
                let reason =
                    "個人番号の先頭の 0 が落ちています。表計算ソフトで開かず、元のファイルを取り込んでください";
                Err(Rejection::of(Column::MyNumber, NUMBER_ZEROS, reason))
            }
            None => {
                let digits = text.chars().filter(|c| c.is_numeric() || matches!(c, '*' | '＊')).count();
                let reason = match digits {
                    12 => "個人番号に数字ではない文字が混じっています。数字だけにしてください".to_owned(),
                    _ => format!("個人番号の形が正しくありません(12桁のところ {digits} 桁)"),
                };
                Err(Rejection::of(Column::MyNumber, "my-number", reason))
            }
        }
    }

    fn marks(&mut self, line: u32, cells: &RowCells<'_>) -> Result<Marks, Rejection> {
        let mut fields = PerField([Mark::Unreadable; 5]);
        let (mut blank, mut recomputed) = (false, false);
        for field in FieldKind::ALL {
            let column = Column::Mark(field);
            fields[field] = if self.layout.has(column) {
                let text = cells[column.index()];
                match self.layout.mark(text) {
                    Some(mark) => mark,
                    None if is_blank(text) => {
                        blank = true;
                        Mark::Unreadable
                    }
                    None => {
                        return Err(Rejection::of(
                            column,
                            "mark",
                            format!("{}を読み取れません。○ か × にしてください", column.name()),
                        ));
                    }
                }
            } else {
                recomputed = true;
                let verdict =
                    judge(field, cells[Column::Left(field).index()], cells[Column::Right(field).index()]).verdict;
                if verdict.is_same() { Mark::Match } else { Mark::Mismatch }
            };
        }
        if blank {
            self.warnings.add("mark-blank", line);
        }
        if recomputed {
            self.warnings.add("mark-recomputed", line);
        }
        let multiple =
            self.layout.has(Column::Multiple).then(|| cells[Column::Multiple.index()]).and_then(parse_multiple);
        Ok(Marks { fields, multiple })
    }

    fn scope(&mut self, line: u32, overall: Overall, cells: &RowCells<'_>) -> Scope {
        let dates = [Column::Acquired, Column::Lost, Column::MatchedOn].map(|column| cells[column.index()]);
        if overall != Overall::Mismatch {
            if dates.iter().any(|date| !is_plain_day(date) && DateCell::read(date) == DateCell::Unknown) {
                self.warnings.add("unknown-date", line);
            }
            return Scope::NotMismatch;
        }
        let (scope, doubts) = scope(overall, dates[0], dates[1], dates[2]);
        if !doubts.is_empty() {
            self.warnings.add("unknown-date", line);
        }
        scope
    }

    fn values(&mut self, line: u32, cells: &RowCells<'_>, glance: Glance) {
        let sides = |field| [cells[Column::Left(field).index()], cells[Column::Right(field).index()]];
        if sides(FieldKind::Birth).iter().any(|date| !is_plain_day(date) && DateCell::read(date) == DateCell::Unknown) {
            self.warnings.add("birth-date", line);
        }
        if sides(FieldKind::Sex).iter().any(|code| !is_sex_code(code)) {
            self.warnings.add("sex-code", line);
        }
        if self.layout.has(Column::InsurerNo) {
            let number = cells[Column::InsurerNo.index()];
            if self.insurer.0 != number {
                let warning = match insurer_number_ok(number) {
                    Some(true) => None,
                    _ if spreadsheet::is_insurer_without_zero(number) => Some(INSURER_ZEROS),
                    _ => Some("insurer-check-digit"),
                };
                self.insurer = (number.to_owned(), warning);
                if self.insurers.len() < MAXIMUM_INSURERS && !is_blank(number) {
                    self.insurers.entry(number.trim().to_owned()).or_insert(line);
                }
            }
            if let Some(code) = self.insurer.1 {
                self.warnings.add(code, line);
            }
        }
        // 備考 may hold line breaks; anywhere else a control character is odd.
        if glance.hidden && cells.iter().enumerate().any(|(at, cell)| at != Column::Remarks.index() && has_hidden(cell))
        {
            self.warnings.add("control-char", line);
        }
        if cells.iter().any(|cell| is_formula(cell)) {
            self.warnings.add("formula", line);
        }
        let damaged = |cell: &&str| cell.starts_with('#') && is_spreadsheet_damage(cell);
        if glance.damage && cells.iter().any(damaged)
            || sides(FieldKind::Address).into_iter().any(spreadsheet::is_date_for_address)
        {
            self.warnings.add("excel-cell", line);
        }
        // Written in an encoding that lacks a character, by a program that puts `?` there.
        let lost = |field| sides(field).iter().any(|cell| cell.contains('?') && !cell.starts_with('#'));
        if glance.question && [FieldKind::Kanji, FieldKind::Kana, FieldKind::Address].into_iter().any(lost) {
            self.warnings.add("lost-char", line);
        }
        if has_odd_length(cells) {
            self.warnings.add("odd-length", line);
        }
    }
}

/// Maximum number of 保険者番号 of one file that are told apart: more than any prefecture has municipalities.
pub(super) const MAXIMUM_INSURERS: usize = 256;

/// Whether a spreadsheet would run a cell as a formula; a sign alone and a plain signed number are none.
fn is_formula(cell: &str) -> bool {
    let rest = match cell.as_bytes().first() {
        Some(b'=' | b'@') => return cell.len() > 1,
        Some(b'+' | b'-') => &cell[1..],
        _ => return false,
    };
    !rest.is_empty() && !rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'))
}

/// Whether a value is longer than names, addresses or numbers are, in bytes of text.
fn has_odd_length(cells: &RowCells<'_>) -> bool {
    const NAME: usize = 3 * 100;
    const ADDRESS: usize = 3 * 250;
    const NUMBER: usize = 3 * 20;
    let longer = |column: Column, limit: usize| cells[column.index()].len() > limit;
    let sides = |field, limit| longer(Column::Left(field), limit) || longer(Column::Right(field), limit);
    sides(FieldKind::Kanji, NAME)
        || sides(FieldKind::Kana, NAME)
        || sides(FieldKind::Address, ADDRESS)
        || sides(FieldKind::Birth, NUMBER)
        || [Column::Id, Column::Symbol, Column::Number, Column::InsurerNo].iter().any(|&c| longer(c, NUMBER))
        || longer(Column::Branch, 6)
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Whether a text is what a spreadsheet leaves of a long number (`1.23457E+11`) or of a cell that it could not show.
fn is_spreadsheet_damage(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with('#') {
        return text.len() > 1 && text.bytes().all(|b| b == b'#')
            || matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#NAME?" | "#NUM!" | "#DIV/0!" | "#NULL!");
    }
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e']) {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        return digits(whole) && digits(part) && exponent.strip_prefix(['+', '-']).is_some_and(digits);
    }
    false
}

/// Whether a date cell is blank or plainly a day, so that it need not be parsed.
fn is_plain_day(text: &str) -> bool {
    text.is_empty() || danger::is_plain_day(text)
}

fn is_sex_code(text: &str) -> bool {
    matches!(text, "1" | "2")
        || matches!(
            text.trim_matches([' ', '　']),
            "1" | "2" | "１" | "２" | "男" | "女" | "男性" | "女性" | "M" | "F" | "m" | "f" | "Ｍ" | "Ｆ"
        )
}

/// What a row may contain, by its bytes alone; nearly every row contains none of it and needs no further checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Glance {
    /// Bytes that [`is_spreadsheet_damage`] looks for.
    damage: bool,
    /// What [`has_hidden`] looks for: control characters, or the first two bytes of the others.
    hidden: bool,
    /// A question mark.
    question: bool,
}

impl Glance {
    /// Scans every byte. The first loop never exits early, so that the compiler can vectorise it.
    fn at(text: &str) -> Self {
        let damage = |b: u8| (b | 0x20 == b'e') | (b == b'#');
        let control = |b: u8| (b < 0x20) | (b == 0x7F) | (b == 0xC2);
        // U+2000–207F, and U+FEC0–FEFF with U+FFC0–FFFF.
        let format = |a: u8, b: u8| ((a == 0xE2) & (b & 0xFE == 0x80)) | ((a == 0xEF) & (b & 0xFB == 0xBB));
        let single = |b: u8| damage(b) | control(b) | (b == b'?');
        let bytes = text.as_bytes();
        let pairs = || bytes.iter().zip(bytes.get(1..).unwrap_or_default());
        let found = pairs().fold(false, |found, (&a, &b)| found | single(a) | format(a, b));
        if !found && !bytes.last().is_some_and(|&b| single(b)) {
            return Self { damage: false, hidden: false, question: false };
        }
        Self {
            damage: bytes.iter().any(|&b| damage(b)),
            hidden: bytes.iter().any(|&b| control(b)) || pairs().any(|(&a, &b)| format(a, b)),
            question: text.contains('?'),
        }
    }
}

/// Whether a text holds control, format or otherwise invisible characters (外字 and variation selectors are none).
fn has_hidden(text: &str) -> bool {
    Glance::at(text).hidden
        && text.chars().any(|c| {
            c.is_control()
                || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFD}')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_by_spreadsheets() {
        for bad in ["1.23457E+11", "1E+11", "9.99913e+11", "######", "#N/A", "#NAME?", "#REF!"] {
            assert!(is_spreadsheet_damage(bad), "{bad}");
        }
        for good in ["", "123456789012", "E", "1E5", "E+1", "建１０", "#1", "#", "1.5", "12E34-5"] {
            assert!(!is_spreadsheet_damage(good), "{good}");
        }
    }

    #[test]
    fn plain_days_are_days() {
        for year in ["1900", "1985", "2024", "2050"] {
            for month in 0..=13 {
                for day in 0..=32 {
                    let text = format!("{year}{month:02}{day:02}");
                    if is_plain_day(&text) {
                        assert!(matches!(DateCell::read(&text), DateCell::Day(_)), "{text}");
                    } else {
                        assert!(day == 0 || day > 28 || month == 0 || month > 12, "{text}");
                    }
                }
            }
        }
        assert!(!is_plain_day("10000101") && !is_plain_day("２０２３０９１５") && !is_plain_day("2023/9/1"));
    }

    #[test]
    fn hidden_characters() {
        for bad in ["a\u{0}", "山\u{200B}田", "\u{202E}x", "\u{FEFF}", "a\tb", "\u{85}"] {
            assert!(has_hidden(bad), "{bad:?}");
        }
        for good in ["山田　太郎", "○", "‐―…", "\u{E000}", "葛\u{E0100}", "ｶﾅ", "×"] {
            assert!(!has_hidden(good), "{good:?}");
        }
    }
}
