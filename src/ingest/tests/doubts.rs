//! Doubtful contents: counted with their first lines, refused where a whole column is meant, and read as the operator asks.

use super::*;
use crate::compare::DateSystem;
use crate::compare::FieldKind::{Address, Birth, Kanji};
use crate::domain::scope::Scope;
use crate::ingest::{LayoutProfile, Refusal};

const LEFT: Column = Column::Left(Birth);
const RIGHT: Column = Column::Right(Birth);

/// Every warning of a row is one count with its line, whatever stands on both sides.
#[test]
fn doubts_are_counted_once_a_row_with_their_lines() {
    let both = |column| matches!(column, LEFT | RIGHT).then_some("S600203");
    let spaces = |column| matches!(column, Column::Left(Kanji) | Column::Right(Kanji)).then_some("　　");
    let number = |column| (column == Column::MyNumber).then_some("００００１２３４５６７４");
    let (_, report) = take(file(&[line(1, both), line(2, none), line(3, both), line(4, spaces), line(5, number)]));
    let expected = [("birth-era", vec![2, 4]), ("name-blank", vec![5]), ("my-number-form", vec![6])];
    for (code, lines) in &expected {
        assert_eq!(report.warnings.get(*code), Some(&(lines.len() as u64)), "{code} {:?}", report.warnings);
        assert_eq!(report.warning_lines[*code], *lines, "{code}");
        assert!(report.to_text().contains(&format!("[{code}]")));
    }
    assert_eq!(report.warnings.len(), expected.len(), "{:?}", report.warnings);
}

/// What a warning says stands in one table, short and with a code of its own.
#[test]
fn every_warning_has_words() {
    use crate::ingest::warnings::WARNINGS;
    for (n, (code, words)) in WARNINGS.iter().enumerate() {
        assert!(!words.is_empty() && WARNINGS[..n].iter().all(|(known, _)| known != code), "{code}");
    }
}

#[test]
fn a_column_of_day_serials_refuses_the_file_and_names_the_option() {
    let rows =
        [line(1, |c| (c == RIGHT).then_some("31384")), line(2, |c| (c == RIGHT).then_some("25570")), line(3, none)];
    let store = empty();
    let error = run(&store, file(&rows), &ImportOptions::default()).unwrap_err();
    assert!(matches!(error, IngestError::Refused(Refusal::SerialDates { line: 2, serials: 2, .. })), "{error:?}");
    let said = error.to_string();
    for part in ["match.csv:2:", "「J-LIS情報_生年月日」", "--serial-dates 1900"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // 31384 is the example of the words, not of the file.
    assert!(!said.contains("25570") && !said.contains("加入者情報_生年月日"), "{said}");
    assert!(store.look().records.is_empty());
    // A check says the same and goes on.
    let checked = run(&store, file(&rows), &ImportOptions { check: true, ..Default::default() }).unwrap();
    assert!(checked.refusals.contains(&said), "{:?}", checked.refusals);
    // A serial among dates is a row in doubt, no other file.
    let (_, report) = take(file(&[line(1, |c| (c == RIGHT).then_some("31384")), line(2, none), line(3, none)]));
    assert_eq!((report.warnings["date-serial"], report.warnings["birth-date"]), (1, 1));
}

#[test]
fn asked_for_day_serials_are_dates_of_their_system() {
    // 1985-12-03, 2020-04-01 and 2023-09-16 by both systems.
    for (system, code, [birth, acquired, lost]) in [
        (DateSystem::From1900, "serial-1900", ["31384", "43922", "45185"]),
        (DateSystem::From1904, "serial-1904", ["29922", "42460", "43723"]),
    ] {
        let serials = |column| match column {
            LEFT | RIGHT => Some(birth),
            Column::Acquired => Some(acquired),
            Column::Lost => Some(lost),
            _ => None,
        };
        let store = empty();
        let options = ImportOptions { serial_dates: Some(system), ..Default::default() };
        let rows = [line(1, serials), line(2, none)];
        let report = run(&store, file(&rows), &options).unwrap();
        assert_eq!((report.warnings.len(), report.warnings[code]), (1, 1), "{report:?}");
        assert_eq!(report.warning_lines[code], [2]);
        assert!(report.to_text().contains("通し日の日付を年月日に直して取り込みました"));
        let kept = store.look();
        let cell = |column: Column| kept.records[0].cells[column.index()].as_str();
        let dates = [LEFT, RIGHT, Column::Acquired, Column::Lost].map(cell);
        assert_eq!(dates, ["1985-12-03", "1985-12-03", "2020-04-01", "2023-09-16"]);
        // The rules read the dates: lost the day after the match.
        assert_eq!(kept.records[0].facts.scope, Scope::Item1);
        assert_eq!(kept.records[1].cells[LEFT.index()], "19700102", "dates stay as they are written");
        // The same file read in the same way is known; read otherwise it is not.
        let again = run(&store, file(&rows), &options).unwrap();
        assert!(again.same_as.is_some());
        assert!(run(&store, file(&rows[..1]), &ImportOptions::default()).unwrap_err().is_refused());
    }
}

/// Years alone are no day serials, and neither is what lies ahead.
#[test]
fn other_numbers_are_unreadable_dates() {
    for text in ["1985", "601203", "50401", "99"] {
        let (_, report) = take(file(&[line(1, |c| matches!(c, LEFT | RIGHT).then_some(text))]));
        assert_eq!((report.warnings.get("birth-date"), report.warnings.get("date-serial")), (Some(&1), None), "{text}");
    }
}

/// Where only one side was saved by a spreadsheet, the other one tells which system it counts by.
#[test]
fn the_wrong_system_is_told_by_the_other_side() {
    let row = line(1, |column| match column {
        LEFT => Some("31384"),
        RIGHT => Some("19851203"),
        _ => None,
    });
    let shifted = |system| {
        let options = ImportOptions { serial_dates: Some(system), ..Default::default() };
        run(&empty(), file(std::slice::from_ref(&row)), &options).unwrap().warnings.contains_key("serial-shift")
    };
    assert!(!shifted(DateSystem::From1900) && shifted(DateSystem::From1904));
}

/// A key made of 記号, 番号 and 取得日 takes the date, so that the file without serials finds the same record.
#[test]
fn a_key_with_a_day_serial_is_that_of_the_date() {
    let without_id = |acquired: &'static str| {
        line(1, move |column| match column {
            Column::Id => Some(""),
            Column::Acquired => Some(acquired),
            _ => None,
        })
    };
    let store = empty();
    run(&store, file(&[without_id("2020-04-01")]), &ImportOptions::default()).unwrap();
    let options = ImportOptions { serial_dates: Some(DateSystem::From1900), ..Default::default() };
    let report = run(&store, file(&[without_id("43922")]), &options).unwrap();
    assert_eq!((report.unchanged, report.imported), (1, 0));
}

#[test]
fn a_second_file_behind_the_first_is_told() {
    let two = [file(&[line(1, none), line(2, none)]), format!("\u{FEFF}{}", file(&[line(3, none)]))].concat();
    let (store, report) = take(&two);
    assert_eq!((report.imported, &report.warning_lines["header-line"][..]), (3, &[4][..]));
    assert!(report.to_text().contains("二つのファイルがつながっているようです"), "{}", report.to_text());
    assert_eq!(store.look().records[2].key, "0000000003");
    // Another order of the columns, or one line for the end of one file and the beginning of the next.
    let swapped = header().replacen("整理番号,保険者番号", "保険者番号,整理番号", 1);
    let other = format!("{}{swapped}\r\n{}\r\n", file(&[line(1, none)]), line(3, none));
    let glued = format!("{}{}", file(&[line(1, none)]).trim_end(), file(&[line(3, none)]));
    for (text, at) in [(other, 3), (glued, 2)] {
        let error = run(&empty(), &text, &ImportOptions::default()).unwrap_err();
        let IngestError::Refused(Refusal::SecondHeader { line, .. }) = &error else { panic!("{error:?}") };
        assert_eq!(*line, at);
        assert!(error.to_string().contains("ファイルを分けて取り込んでください"), "{error}");
    }
}

/// Columns that only a profile names are known again further down.
#[test]
fn a_second_header_of_own_names_is_recognised() {
    let own = |text: &str| header().split(',').map(|name| format!("{text}{}", name.len())).collect::<Vec<_>>();
    // Names that are no words of ours, each once.
    let names: Vec<String> = own("X").into_iter().enumerate().map(|(n, name)| format!("{name}_{n}")).collect();
    let columns: String = Column::ALL[..29]
        .iter()
        .zip(&names)
        .map(|(column, name)| format!("\"{}\" = \"{name}\"\n", column.name()))
        .collect();
    let layout = LayoutProfile::parse(&format!("[columns]\n{columns}")).unwrap();
    let options = ImportOptions { layout: Some(layout), ..Default::default() };
    let mut turned = names.clone();
    turned.swap(10, 11);
    let text = format!("{}\r\n{}\r\n{}\r\n{}\r\n", names.join(","), line(1, none), turned.join(","), line(2, none));
    let error = run(&empty(), &text, &options).unwrap_err();
    assert!(matches!(error, IngestError::Refused(Refusal::SecondHeader { line: 3, .. })), "{error:?}");
}

/// The words for marks written as digits name the entry of the profile; a profile with that entry reads the file.
#[test]
fn marks_written_as_digits_are_read_by_the_entry_that_the_words_name() {
    let digits = |id| {
        line(id, |column| match column {
            Column::Mark(Address) | Column::Overall => Some("0"),
            Column::Mark(_) => Some("1"),
            _ => None,
        })
    };
    let text = file(&[digits(1), digits(2)]);
    let store = empty();
    let report = run(&store, &text, &ImportOptions::default()).unwrap();
    assert_eq!((report.quarantined, &report.mark_codes[..]), (2, &["0".to_owned(), "1".to_owned()][..]));
    let reason = &report.quarantine["mark"].reason;
    for part in ["判定結果_漢字氏名が「1」です", "○ か ×", "[marks]", "\"○\" = [\"1\"]", "--layout"]
    {
        assert!(reason.contains(part), "{part}: {reason}");
    }
    let said = report.to_text();
    assert!(said.contains("判定の列に \"0\"、\"1\" があります"), "{said}");
    // The lines as they are printed, filled in.
    let lines: Vec<&str> = said.lines().skip_while(|line| *line != "[marks]").take(4).collect();
    let profile = lines.join("\n").replace("\"○\" = []", "\"○\" = [\"1\"]").replace("\"×\" = []", "\"×\" = [\"0\"]");
    let layout = LayoutProfile::named("判定.toml", &profile).unwrap();
    let options = ImportOptions { layout: Some(layout), ..Default::default() };
    let report = run(&store, &text, &options).unwrap();
    assert_eq!((report.imported, report.quarantined, report.corrected), (2, 0, 2), "{}", report.to_text());
    assert!(store.look().records.iter().all(|record| record.facts.in_item1()));
    // Once there is a profile, its file is named.
    let three = file(&[line(3, |column| (column == Column::Overall).then_some("9"))]);
    let report = run(&store, &three, &ImportOptions { run: crate::domain::run::Run::Delta, ..options }).unwrap();
    assert!(report.quarantine["overall"].reason.contains("総合判定が「9」です"));
    assert!(report.to_text().contains("レイアウト定義 判定.toml の末尾に"), "{}", report.to_text());
}

/// What could be a value of somebody is not repeated in the words.
#[test]
fn only_codes_of_marks_are_named() {
    let rows = ["見本一郎", "済", "123", "?"].map(|text| line(1, move |c| (c == Column::Overall).then_some(text)));
    for row in rows {
        let (_, report) = take(file(&[line(9, none), row]));
        assert!(report.mark_codes.is_empty() && report.quarantine["overall"].reason.contains("読み取れません"));
        assert!(!report.to_text().contains("[marks]\n"), "{}", report.to_text());
    }
}

/// A date with midnight, as databases and spreadsheets write it, is that day in every date column; another time leaves the day in doubt.
#[test]
fn dates_with_a_time_are_days() {
    let timed = |time: &'static str| {
        line(1, move |column| match (column, time) {
            (LEFT | RIGHT, "midnight") => Some("1970/01/02 0:00:00"),
            (LEFT | RIGHT, _) => Some("1970/01/02 15:00:00"),
            (Column::Acquired, "midnight") => Some("2020-04-01T00:00:00"),
            (Column::Lost, "midnight") => Some("2023/09/14 00:00:00.000"),
            (Column::MatchedOn, "midnight") => Some("2023/09/15 0:00:00"),
            _ => None,
        })
    };
    let (store, report) = take(file(&[timed("midnight")]));
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    assert_eq!(store.look().records[0].facts.scope, Scope::LostBefore);
    let (_, report) = take(file(&[timed("15:00")]));
    assert_eq!(report.warnings.get("birth-date"), Some(&1), "{:?}", report.warnings);
}
