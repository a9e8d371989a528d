//! Writes rows as CSV (RFC 4180 with CRLF, CP932 or UTF-8) and the truth table as TSV.

use std::io::{self, Write};

use encoding_rs::{EncoderResult, SHIFT_JIS};

use super::{HEADER, SampleEncoding, SampleRow, Truth};

/// Summary of a written file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Rows without the header.
    pub rows: u64,
}

/// Error of writing a sample.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The file or the truth table could not be written.
    #[error("見本ファイルに書き込めませんでした（{0}）。空き容量と書込み権限を確かめてください。")]
    Write(#[from] io::Error),
    /// A row that was generated for another encoding holds a character without a CP932 code.
    #[error("整理番号 {id} の文字 U+{code:04X} は CP932 で表せません。--encoding utf-8 を指定してください。")]
    NotInCp932 {
        /// 整理番号 of the row.
        id: String,
        /// Code point of the character.
        code: u32,
    },
}

/// Columns of the truth table.
const TRUTH_HEADER: &str = "整理番号\tclass\tin_item1\tlost_after\tsame_person\tcodes\tdanger\tmust_not_suggest\tmay_suggest\tsensible_category\tscenario\tdanger_also\n";

/// Writes `rows` with a header as CSV, and optionally the truth table as TSV (UTF-8).
///
/// Row by row: memory does not grow. The caller's writers should be buffered; they are flushed at the end.
///
/// # Errors
/// When a writer fails, or when a row made for UTF-8 is written as CP932 and holds a character that CP932 lacks.
pub fn write_csv(
    rows: impl Iterator<Item = SampleRow>,
    encoding: SampleEncoding,
    csv: &mut dyn Write,
    mut truth: Option<&mut dyn Write>,
) -> Result<Written, SampleError> {
    let mut line = String::with_capacity(2048);
    let mut bytes = Vec::with_capacity(4096);
    push_record(&mut line, HEADER.iter().copied());
    put(csv, &line, encoding, &mut bytes, "-")?;
    if let Some(out) = &mut truth {
        out.write_all(TRUTH_HEADER.as_bytes())?;
    }
    let mut written = 0;
    for row in rows {
        line.clear();
        push_record(&mut line, row.cells.iter().map(String::as_str));
        put(csv, &line, encoding, &mut bytes, &row.truth.id)?;
        if let Some(out) = &mut truth {
            line.clear();
            push_truth(&mut line, &row.truth);
            out.write_all(line.as_bytes())?;
        }
        written += 1;
    }
    csv.flush()?;
    if let Some(out) = &mut truth {
        out.flush()?;
    }
    Ok(Written { rows: written })
}

fn push_record<'a>(line: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            line.push('"');
            for c in cell.chars() {
                if c == '"' {
                    line.push('"');
                }
                line.push(c);
            }
            line.push('"');
        } else {
            line.push_str(cell);
        }
    }
    line.push_str("\r\n");
}

fn push_truth(line: &mut String, truth: &Truth) {
    let bit = |yes: bool| if yes { "1" } else { "0" };
    let list = |items: &[&str]| if items.is_empty() { String::from("-") } else { items.join(",") };
    let columns = [
        truth.id.as_str(),
        truth.class,
        bit(truth.in_item1),
        bit(truth.lost_after),
        bit(truth.same_person),
        &list(&truth.codes),
        &list(&truth.danger),
        bit(truth.must_not_suggest),
        bit(truth.may_suggest),
        truth.sensible_category,
        truth.scenario.as_deref().unwrap_or("-"),
        &list(&truth.danger_also),
    ];
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            line.push('\t');
        }
        line.push_str(column);
    }
    line.push('\n');
}

fn put(
    out: &mut dyn Write,
    line: &str,
    encoding: SampleEncoding,
    bytes: &mut Vec<u8>,
    id: &str,
) -> Result<(), SampleError> {
    match encoding {
        SampleEncoding::Utf8 => out.write_all(line.as_bytes())?,
        SampleEncoding::Cp932 => {
            bytes.clear();
            encode(line, bytes).map_err(|c| SampleError::NotInCp932 { id: id.to_owned(), code: c.into() })?;
            out.write_all(bytes)?;
        }
    }
    Ok(())
}

/// Encodes as CP932, user-defined characters included; the error is the character without a code.
fn encode(text: &str, bytes: &mut Vec<u8>) -> Result<(), char> {
    let mut encoder = SHIFT_JIS.new_encoder();
    let mut rest = text;
    loop {
        // At most two bytes for each byte of UTF-8, and some spare for the checks of the encoder.
        let start = bytes.len();
        bytes.resize(start + rest.len() * 2 + 16, 0);
        let (result, read, put) = encoder.encode_from_utf8_without_replacement(rest, &mut bytes[start..], true);
        bytes.truncate(start + put);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return Ok(()),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(c) => bytes.extend(user_defined(c).ok_or(c)?),
        }
    }
}

/// Returns the code of a user-defined character: U+E000–U+E757 are F040–F9FC, 188 for each lead byte, without 7F.
fn user_defined(c: char) -> Option<[u8; 2]> {
    let nth = u32::from(c).checked_sub(0xE000).filter(|&n| n < 10 * 188)?;
    let (lead, trail) = (nth / 188, nth % 188);
    // Both fit: lead is below 10, trail below 188.
    Some([0xF0 + lead as u8, 0x40 + trail as u8 + u8::from(trail >= 0x3F)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_user_defined_character_survives() {
        for code in 0xE000..=0xE757_u32 {
            let c = char::from_u32(code).unwrap();
            let mut bytes = Vec::new();
            encode(&c.to_string(), &mut bytes).unwrap();
            let (text, _, bad) = SHIFT_JIS.decode(&bytes);
            assert!(!bad && text.chars().eq([c]), "U+{code:04X} {bytes:02X?} {text}");
        }
        assert_eq!(user_defined('\u{E000}'), Some([0xF0, 0x40]));
        assert_eq!(user_defined('\u{E757}'), Some([0xF9, 0xFC]));
        assert_eq!(user_defined('\u{E758}'), None);
    }

    #[test]
    fn a_character_without_a_code_is_named() {
        assert_eq!(encode("高\u{20BB7}田", &mut Vec::new()), Err('\u{20BB7}'));
        let mut bytes = Vec::new();
        encode("髙\u{E001}﨑", &mut bytes).unwrap();
        assert_eq!(SHIFT_JIS.decode(&bytes).0, "髙\u{E001}﨑");
    }

    #[test]
    fn records_follow_rfc_4180() {
        let mut line = String::new();
        push_record(&mut line, ["a", "b,c", "d\"e", "f\ng", ""].into_iter());
        assert_eq!(line, "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
    }
}
