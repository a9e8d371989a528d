//! The value of a cell of a sheet as text: text exactly, dates as ISO dates, numbers in plain digits.

use std::fmt::Write;

use calamine::{DataRef, ExcelDateTime};

/// What kind of value a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    /// Nothing.
    Empty,
    /// Text, as it was typed.
    Text,
    /// Whatever a spreadsheet keeps as something else than text: what was typed may have been another text.
    NotText,
}

/// Appends the text of a value.
pub(super) fn write(value: &DataRef<'_>, into: &mut String) -> CellKind {
    // Writing to a String cannot fail.
    let _ = match value {
        DataRef::Empty => return CellKind::Empty,
        DataRef::String(text) => {
            into.push_str(text);
            return CellKind::Text;
        }
        DataRef::SharedString(text) => {
            into.push_str(text);
            return CellKind::Text;
        }
        DataRef::Int(number) => write!(into, "{number}"),
        DataRef::Float(number) => write_number(*number, into),
        DataRef::Bool(value) => into.write_str(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(date) => write_date(date, into),
        DataRef::DateTimeIso(text) => {
            let text = text.strip_suffix('Z').unwrap_or(text);
            let (day, time) = text.split_once('T').unwrap_or((text, ""));
            match time.bytes().all(|b| matches!(b, b'0' | b':' | b'.')) {
                true => into.write_str(day),
                false => write!(into, "{day} {time}"),
            }
        }
        DataRef::DurationIso(text) => into.write_str(text),
        DataRef::Error(error) => write!(into, "{error}"),
    };
    CellKind::NotText
}

/// Writes a number in plain digits, never with an exponent.
fn write_number(number: f64, into: &mut String) -> std::fmt::Result {
    // No zero has a sign.
    write!(into, "{}", if number == 0.0 { 0.0 } else { number })
}

/// Writes a date, with its time where it has one; what is no date that a spreadsheet knows stays a number.
fn write_date(date: &ExcelDateTime, into: &mut String) -> std::fmt::Result {
    /// The day after 9999-12-31.
    const END: f64 = 2_958_466.0;
    let serial = date.as_f64();
    if !(0.0..END).contains(&serial) {
        return write_number(serial, into);
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    if date.is_duration() {
        let hours = serial.floor() * 24.0 + f64::from(hour);
        return write!(into, "{hours}:{minute:02}:{second:02}");
    }
    // Below one there is no day.
    if serial >= 1.0 {
        write!(into, "{year:04}-{month:02}-{day:02}")?;
        if (hour, minute, second, milli) == (0, 0, 0, 0) {
            return Ok(());
        }
        into.push(' ');
    }
    write!(into, "{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    fn text(value: DataRef<'_>) -> (String, CellKind) {
        let mut text = String::new();
        let kind = write(&value, &mut text);
        (text, kind)
    }

    #[test]
    fn text_is_exact() {
        for cell in ["", " 0001 ", "見本　一郎", "一行目\n二行目", "=\"001\"", "ﾐﾎﾝ"] {
            assert_eq!(text(DataRef::String(cell.to_owned())), (cell.to_owned(), CellKind::Text));
            assert_eq!(text(DataRef::SharedString(cell)), (cell.to_owned(), CellKind::Text));
        }
        assert_eq!(text(DataRef::Empty), (String::new(), CellKind::Empty));
    }

    #[test]
    fn other_values_are_written_plainly() {
        let date = |serial, kind, is_1904| DataRef::DateTime(ExcelDateTime::new(serial, kind, is_1904));
        for (value, expected) in [
            (DataRef::Float(1.0), "1"),
            (DataRef::Float(-0.0), "0"),
            (DataRef::Float(123_456_789_012.0), "123456789012"),
            (DataRef::Float(1.23e21), "1230000000000000000000"),
            (DataRef::Float(0.1), "0.1"),
            (DataRef::Int(-5), "-5"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::Error(calamine::CellErrorType::NA), "#N/A"),
            (date(25570.0, DateTime, false), "1970-01-02"),
            (date(25570.0 - 1462.0, DateTime, true), "1970-01-02"),
            (date(59.0, DateTime, false), "1900-02-28"),
            (date(61.0, DateTime, false), "1900-03-01"),
            (date(1.0, DateTime, false), "1900-01-01"),
            (date(45943.5, DateTime, false), "2025-10-13 12:00:00"),
            (date(0.5, DateTime, false), "12:00:00"),
            (date(1.5, TimeDelta, false), "36:00:00"),
            (date(-1.0, DateTime, false), "-1"),
            (date(3e6, DateTime, false), "3000000"),
            (DataRef::DateTimeIso("2020-04-01T00:00:00.000".to_owned()), "2020-04-01"),
            (DataRef::DateTimeIso("2020-04-01".to_owned()), "2020-04-01"),
            (DataRef::DateTimeIso("2020-04-01T09:30:00Z".to_owned()), "2020-04-01 09:30:00"),
        ] {
            assert_eq!(text(value), (expected.to_owned(), CellKind::NotText));
        }
    }
}
