//! Accepts a row with counted warnings, or rejects it. Marks and values are never rewritten (RULES §2, §7).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::doubts::{self, BirthLimits, RowDoubts, is_blank};
use super::encoding::Encoding;
use super::glance::Glance;
use super::layout::Layout;
use super::row::{Rejection, RowCells};
use super::row_dates::{DATE_COLUMNS, DateText, RowDates};
use super::serial::{SerialCounts, SerialReader};
use super::spreadsheet::{self, INSURER_ZEROS, NUMBER_ZEROS};
use super::warnings::Warnings;
use crate::compare::{DateSystem, FieldKind, judge};
use crate::domain::danger::DangerSet;
use crate::domain::insurer::insurer_number_ok;
use crate::domain::person::{MyNumber, PerField};
use crate::domain::record::{Column, Facts, Mark, Marks, Overall, parse_multiple, parse_protected};
use crate::domain::scope::{DateCell, Scope, scope};
use crate::domain::suspension::classify;

/// Checks rows and counts warnings.
pub(crate) struct Validator<'l> {
    layout: &'l Layout,
    /// How the bytes of a row are scanned.
    glance: fn(&str) -> Glance,
    /// Warnings so far.
    pub(crate) warnings: Warnings,
    /// Cache of the last 保険者番号 and its warning: a file holds few.
    insurer: (String, Option<&'static str>),
    /// The 保険者番号 of the file with the first line of each, up to [`MAXIMUM_INSURERS`].
    pub(crate) insurers: BTreeMap<String, u32>,
    /// Day serials so far.
    pub(super) serials: SerialCounts,
    /// Codes that stand where a mark is expected, up to [`MAXIMUM_MARK_CODES`].
    pub(super) mark_codes: BTreeSet<String>,
    births: BirthLimits,
    serial_reader: SerialReader,
    doubts: RowDoubts,
}

impl<'l> Validator<'l> {
    /// A validator without warnings. Where the layout lacks 判定結果 columns, marks are recomputed (the layout was accepted on that condition).
    /// `today` is the day of the import, `encoding` that of the file.
    pub(crate) fn new(layout: &'l Layout, today: Date, encoding: Encoding) -> Self {
        Self {
            layout,
            glance: if encoding == Encoding::Cp932 { Glance::at_cp932 } else { Glance::at },
            warnings: Warnings::default(),
            insurer: (String::new(), None),
            insurers: BTreeMap::new(),
            serials: SerialCounts::default(),
            mark_codes: BTreeSet::new(),
            births: BirthLimits::new(today),
            serial_reader: SerialReader::new(DateSystem::From1900, today),
            doubts: RowDoubts::default(),
        }
    }

    /// Checks a row, whose cells stand in `text`: its facts, or why it is rejected.
    pub(crate) fn check(&mut self, line: u32, cells: &RowCells<'_>, text: &str) -> Result<Facts, Rejection> {
        let cell = |column: Column| cells[column.index()];
        let keys = [Column::Id, Column::InsurerNo, Column::Symbol, Column::Number, Column::Branch, Column::MyNumber];
        let glance = (self.glance)(text);
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
                return Err(self.unreadable_mark(Column::Overall, cells));
            }
        };

        if my_number.is_some_and(|number| number.check_digit_ok() == Some(false)) {
            self.warnings.add("my-number-check-digit", line);
        }
        // Twelve bytes are digits or `*` alone.
        if self.layout.has(Column::MyNumber) && cell(Column::MyNumber).len() != 12 {
            self.warnings.add("my-number-form", line);
        }
        if marks.multiple.is_none() && !is_blank(cell(Column::Multiple)) {
            self.warnings.add("multiple-unreadable", line);
        }
        let class = classify(&marks);
        if class.overall().is_some_and(|expected| expected != overall) {
            self.warnings.add("overall-differs", line);
        }
        let dates = RowDates::of(cells);
        let scope = self.scope(line, overall, cells, &dates);
        self.values(line, cells, &dates, glance);
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
                        return Err(self.unreadable_mark(column, cells));
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

    /// The rejection of a row for a mark that cannot be read; a code is named with the entry of a profile that reads it.
    fn unreadable_mark(&mut self, column: Column, cells: &RowCells<'_>) -> Rejection {
        let marks = FieldKind::ALL.map(Column::Mark).into_iter().chain([Column::Overall]);
        let codes = marks.filter(|column| self.layout.has(*column)).map(|column| cells[column.index()]);
        let unread = codes.filter(|text| self.layout.overall(text).is_none()).filter_map(mark_code);
        let room = MAXIMUM_MARK_CODES.saturating_sub(self.mark_codes.len());
        self.mark_codes.extend(unread.take(room).map(str::to_owned));
        let name = column.name();
        let (code, words) = match column {
            Column::Overall => ("overall", "○、△、× のいずれか"),
            _ => ("mark", "○ か ×"),
        };
        let reason = match mark_code(cells[column.index()]) {
            Some(found) => format!(
                "{name}が「{found}」です。{words}にするか、「{found}」の意味をレイアウト定義の [marks] に \"○\" = [\"{found}\"] のように書き、--layout で指定してください"
            ),
            None => format!(
                "{name}を読み取れません。{words}にしてください(ほかの語は、レイアウト定義の [marks] に書けば読めます)"
            ),
        };
        Rejection::of(column, code, reason)
    }

    fn scope(&mut self, line: u32, overall: Overall, cells: &RowCells<'_>, dates: &RowDates) -> Scope {
        self.serials.row(dates);
        if !dates.are_plain() {
            self.odd_dates(line, cells, dates);
        }
        if dates.acquired() == DateText::BLANK && self.layout.has(Column::Acquired) {
            self.doubts.add("acquired-blank");
        }
        if overall != Overall::Mismatch {
            return Scope::NotMismatch;
        }
        let dates = [Column::Acquired, Column::Lost, Column::MatchedOn].map(|column| cells[column.index()]);
        scope(overall, dates[0], dates[1], dates[2]).0
    }

    fn odd_dates(&mut self, line: u32, cells: &RowCells<'_>, dates: &RowDates) {
        for (at, column) in DATE_COLUMNS.into_iter().enumerate().filter(|(at, _)| dates.0[*at] == DateText::OTHER) {
            let text = cells[column.index()];
            if self.serial_reader.day(text).is_some() {
                self.serials.serial(at, line);
                self.doubts.add("date-serial");
            }
            match (column, DateCell::read(text)) {
                (Column::Acquired | Column::Lost | Column::MatchedOn, DateCell::Unknown) => {
                    self.doubts.add("unknown-date");
                }
                (Column::Acquired, DateCell::Blank) => self.doubts.add("acquired-blank"),
                _ => {}
            }
        }
    }

    fn values(&mut self, line: u32, cells: &RowCells<'_>, dates: &RowDates, glance: Glance) {
        let sides = |field| [cells[Column::Left(field).index()], cells[Column::Right(field).index()]];
        if self.layout.has(Column::MatchedOn) {
            self.births.row(cells[Column::MatchedOn.index()], &mut self.doubts);
        }
        self.births.births(cells, dates, &mut self.doubts);
        doubts::order(cells, dates, &mut self.doubts);
        doubts::names(cells, &mut self.doubts);
        doubts::keys(cells, self.layout.has(Column::Id), &mut self.doubts);
        doubts::characters(cells, glance, &mut self.doubts);
        for code in self.doubts.drain() {
            self.warnings.add(code, line);
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
        if cells.iter().any(|cell| is_formula(cell)) {
            self.warnings.add("formula", line);
        }
        let damaged = |cell: &&str| cell.starts_with('#') && is_spreadsheet_damage(cell);
        if glance.damage && cells.iter().any(damaged)
            || sides(FieldKind::Address).into_iter().any(spreadsheet::is_date_for_address)
        {
            self.warnings.add("excel-cell", line);
        }
        if has_odd_length(cells) {
            self.warnings.add("odd-length", line);
        }
    }
}

/// Maximum number of 保険者番号 of one file that are told apart: more than any prefecture has municipalities.
pub(super) const MAXIMUM_INSURERS: usize = 256;

/// Maximum number of codes for marks that are named.
const MAXIMUM_MARK_CODES: usize = 10;

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

/// The text of a mark cell if it is a code of one or two letters or digits, and so nobody's data.
fn mark_code(text: &str) -> Option<&str> {
    let text = text.trim_matches([' ', '　']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    ((1..=2).contains(&text.chars().count()) && text.chars().all(plain)).then_some(text)
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

fn is_sex_code(text: &str) -> bool {
    matches!(text, "1" | "2")
        || matches!(
            text.trim_matches([' ', '　']),
            "1" | "2" | "１" | "２" | "男" | "女" | "男性" | "女性" | "M" | "F" | "m" | "f" | "Ｍ" | "Ｆ"
        )
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
}
