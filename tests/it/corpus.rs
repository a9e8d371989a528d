//! Bad and odd input files, each with what must become of it.
//!
//! The files under `tests/data/bad/csv` and their table `expected.tsv` are made here: `MEKEN_UPDATE_CORPUS=1` writes them
//! anew, otherwise they must be what this generator makes. Every file goes through the real binary into a workspace of its
//! own. All people are fictitious.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};
use serde_json::Value;

use crate::work::Work;

const HEADER: &str = "整理番号,保険者番号,被保険者証記号,被保険者証番号,枝番,本人家族区分,個人番号,資格取得年月日,資格喪失年月日,被保険者証交付年月日,加入者情報_漢字氏名,J-LIS情報_漢字氏名,判定結果_漢字氏名,加入者情報_カナ氏名,J-LIS情報_カナ氏名,判定結果_カナ氏名,加入者情報_生年月日,J-LIS情報_生年月日,判定結果_生年月日,加入者情報_性別,J-LIS情報_性別,判定結果_性別,加入者情報_住所,J-LIS情報_住所,判定結果_住所,複数の有効な資格,総合判定,突合年月日,備考";

/// Places of columns.
const ID: usize = 0;
const INSURER: usize = 1;
const SYMBOL: usize = 2;
const NUMBER: usize = 3;
const BRANCH: usize = 4;
const MY_NUMBER: usize = 6;
const ACQUIRED: usize = 7;
const LOST: usize = 8;
const NAME: usize = 10;
const NAME_MARK: usize = 12;
const KANA: usize = 13;
const BIRTH: usize = 16;
const SEX: usize = 19;
const ADDRESS: usize = 22;
const MULTIPLE: usize = 25;
const OVERALL: usize = 26;
const MATCHED_ON: usize = 27;
const REMARKS: usize = 28;

/// A 個人番号 of nobody whose check digit is right; it must never be printed.
const SECRET: &str = "000012345674";

/// A row that differs in the address only.
fn row(id: u32) -> Vec<String> {
    let id_text = format!("{id:010}");
    let number = format!("{:07}", id * 7);
    [
        &id_text,
        "169854",
        "茅",
        &number,
        "01",
        "1",
        SECRET,
        "20200401",
        "",
        "20200401",
        "見本　一郎",
        "見本　一郎",
        "○",
        "ミホン　イチロウ",
        "ミホン　イチロウ",
        "○",
        "19700102",
        "19700102",
        "○",
        "1",
        "1",
        "○",
        "神奈川県茅ヶ崎市中島１０６８番地２５",
        "東京都港区赤坂１－１",
        "×",
        "1",
        "×",
        "20230915",
        "",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn with(id: u32, changes: &[(usize, &str)]) -> String {
    let mut row = row(id);
    for (at, cell) in changes {
        row[*at] = (*cell).to_owned();
    }
    row.join(",")
}

fn plain(id: u32) -> String {
    row(id).join(",")
}

/// A file with a good row, the rows given, and another good row.
fn around(rows: &[String]) -> String {
    let mut lines = vec![HEADER.to_owned(), plain(1)];
    lines.extend(rows.iter().cloned());
    lines.push(plain(900));
    text(&lines)
}

fn text(lines: &[String]) -> String {
    lines.join("\r\n") + "\r\n"
}

fn two() -> String {
    text(&[HEADER.to_owned(), plain(1), plain(2)])
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, bad) = SHIFT_JIS.encode(text);
    assert!(!bad, "not in CP932");
    bytes.into_owned()
}

fn utf16(text: &str, little: bool, bom: bool) -> Vec<u8> {
    let unit = |u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() };
    bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
}

/// Puts bytes in the place of the first occurrence of others.
fn splice(mut bytes: Vec<u8>, find: &[u8], put: &[u8]) -> Vec<u8> {
    let at = bytes.windows(find.len()).position(|window| window == find).expect("it is there");
    bytes.splice(at..at + find.len(), put.iter().copied());
    bytes
}

struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    /// More arguments of the import.
    args: &'static str,
    /// What must come of it: `exit=0 imported=2 held=3:overall warn=sex-code:1@3 says=…`; counts not named are 0.
    expect: String,
}

/// The table of all cases, grouped as the rules of RULES §7 are.
fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    let mut add = |name, bytes: Vec<u8>, expect: &str| {
        all.push(Case { name, bytes, args: "", expect: expect.to_owned() });
    };
    encodings(&mut add);
    structure(&mut add);
    headers(&mut add);
    values(&mut add);
    keys(&mut add);
    numbers(&mut add);
    calc(&mut add);
    strange(&mut add);
    let mut with_args = |name, bytes: Vec<u8>, args, expect: &str| {
        all.push(Case { name, bytes, args, expect: expect.to_owned() });
    };
    asked(&mut with_args);
    all
}

type Add<'a> = dyn FnMut(&'static str, Vec<u8>, &str) + 'a;

fn encodings(add: &mut Add<'_>) {
    let good = two();
    add("utf8", good.clone().into_bytes(), "exit=0 imported=2 encoding=utf-8");
    add("utf8_bom", format!("\u{FEFF}{good}").into_bytes(), "exit=0 imported=2 encoding=utf-8");
    add("cp932", cp932(&good), "exit=0 imported=2 encoding=cp932");
    add("utf16le_bom", utf16(&good, true, true), "exit=0 imported=2 encoding=utf-16le");
    add("utf16be_bom", utf16(&good, false, true), "exit=0 imported=2 encoding=utf-16be");
    add("utf16le_without_bom", utf16(&good, true, false), "exit=3 says=BOM|utf-16le");
    add("utf16be_without_bom", utf16(&good, false, false), "exit=3 says=BOM|utf-16be");
    let odd = [utf16(&good, true, true), vec![0x41]].concat();
    add("utf16_odd_length", odd, "exit=0 imported=2 held=4:undecodable encoding=utf-16le");
    add("utf32le", [b"\xFF\xFE\0\0".to_vec(), utf16(&good, true, false)].concat(), "exit=3 says=UTF-32");
    let names = around(&[with(2, &[(NAME, "髙﨑　德子"), (NAME + 1, "①②㈱")])]);
    add("cp932_nec_and_ibm_rows", cp932(&names), "exit=0 imported=3 encoding=cp932 cell=0000000002:髙﨑　德子");
    // 髙 among the IBM characters that NEC selected.
    let nec = splice(cp932(&names), b"\xFB\xFC", b"\xEE\xE0");
    add("cp932_nec_selected", nec, "exit=0 imported=3 encoding=cp932 cell=0000000002:髙﨑　德子");
    let own = splice(cp932(&names), b"\xFB\xFC", b"\xF0\x40");
    add("cp932_own_first", own, "exit=0 imported=3 encoding=cp932");
    let own = splice(cp932(&names), b"\xFB\xFC", b"\xF9\xFC");
    add("cp932_own_last", own, "exit=0 imported=3 encoding=cp932");
    let bad = splice(cp932(&names), b"\xFB\xFC", b"\xFD\xFE");
    add("cp932_undecodable_row", bad, "exit=0 imported=2 held=3:undecodable encoding=cp932");
    let bad = splice(names.clone().into_bytes(), "髙".as_bytes(), b"\xE9\xAB");
    add("utf8_undecodable_row", bad, "exit=0 imported=2 held=3:undecodable encoding=utf-8");
    let bad = splice(names.clone().into_bytes(), "髙".as_bytes(), b"\xC0\xAF");
    add("utf8_overlong", bad, "exit=0 imported=2 held=3:undecodable encoding=utf-8");
    let bad = splice(names.clone().into_bytes(), "髙".as_bytes(), b"\xED\xA0\x80");
    add("utf8_surrogate", bad, "exit=0 imported=2 held=3:undecodable encoding=utf-8");
    let many: Vec<String> = (1..=12).map(plain).collect();
    let mut bytes = cp932(&text(&[vec![HEADER.to_owned()], many].concat()));
    for _ in 0..6 {
        bytes = splice(bytes, b"169854", b"\xFD69854");
    }
    add("cp932_undecodable_rows_too_many", bytes, "exit=3 says=6 行|2 行目|--encoding");
    let header = splice(cp932(&good), &cp932("総合判定"), b"\xFD\xFD");
    add("header_undecodable", header, "exit=3 says=列");
    let last = cp932(&good);
    let cut = last[..last.len() - 3].to_vec();
    let cut = [cut, cp932("備")[..1].to_vec()].concat();
    add("cut_inside_a_character", cut, "exit=0 imported=1 held=3:undecodable encoding=cp932");
    add("euc_jp", EUC_JP.encode(&good).0.into_owned(), "exit=3 says=EUC-JP");
    add("iso_2022_jp", ISO_2022_JP.encode(&good).0.into_owned(), "exit=3 says=ISO-2022-JP");
    add("bom_and_cp932", [b"\xEF\xBB\xBF".to_vec(), cp932(&good)].concat(), "exit=3");
    add("zip", b"PK\x03\x04\x14\0\0\0\x08\0data".to_vec(), "exit=3 says=ZIP");
    add("xlsx", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml".to_vec(), "exit=3 says=Excel");
    add("xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0".to_vec(), "exit=3 says=Excel");
    add("gzip", b"\x1F\x8B\x08\0\0\0\0\0\0\x03".to_vec(), "exit=3 says=gzip");
    add("bzip2", b"BZh91AY&SY".to_vec(), "exit=3 says=bzip2");
    add("seven_zip", b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), "exit=3 says=7-Zip");
    add("pdf", b"%PDF-1.7\n%\xE2\xE3".to_vec(), "exit=3 says=PDF");
    add("html", b"<!DOCTYPE html>\n<table><tr><td>1</td></tr></table>".to_vec(), "exit=3 says=HTML");
    add("html_as_xls", b"\xEF\xBB\xBF\r\n<HTML xmlns:x=\"urn\"><table>".to_vec(), "exit=3 says=HTML");
    add("xml", b"<?xml version=\"1.0\"?><Workbook/>".to_vec(), "exit=3 says=XML");
    add("png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x01".to_vec(), "exit=3 says=テキストではない");
    add("binary", (0..=255u8).cycle().take(2000).collect(), "exit=3 says=テキストではない");
    add("sqlite", b"SQLite format 3\0\x10\0".to_vec(), "exit=3 says=SQLite");
}

fn structure(add: &mut Add<'_>) {
    let good = two();
    let bad = with(3, &[(OVERALL, "?")]);
    add("line_ends_lf", good.replace("\r\n", "\n").into_bytes(), "exit=0 imported=2");
    add("line_ends_cr", good.replace("\r\n", "\r").into_bytes(), "exit=0 imported=2");
    let mixed = format!("{HEADER}\r\n{}\n{}\r{bad}\r\n{}", plain(1), plain(2), plain(4));
    add("line_ends_mixed", mixed.into_bytes(), "exit=0 imported=3 held=4:overall");
    add("no_line_end_at_the_end", good.trim_end().as_bytes().to_vec(), "exit=0 imported=2");
    let note = with(2, &[(REMARKS, "\"一行目\n二行目\r\n三行目\r四行目\"")]);
    add("line_ends_in_quotes", around(&[note, bad.clone()]).into_bytes(), "exit=0 imported=3 held=7:overall");
    let note = with(2, &[(REMARKS, "\"\r\n\r\n\"")]);
    add("blank_lines_in_quotes", around(&[note, bad.clone()]).into_bytes(), "exit=0 imported=3 held=6:overall");
    let quotes = with(2, &[(REMARKS, "\"\"\"A\"\", \"\"B\"\"\"")]);
    add("doubled_quotes", around(&[quotes]).into_bytes(), "exit=0 imported=3");
    add("end_mark", format!("{good}\u{1A}").into_bytes(), "exit=0 imported=2");
    add("end_mark_on_the_last_line", format!("{}\u{1A}", good.trim_end()).into_bytes(), "exit=0 imported=2");
    add(
        "end_marks_and_blank_lines",
        format!("{good}\r\n\u{1A}\u{1A}\r\n").into_bytes(),
        "exit=0 imported=2 warn=blank-line:1",
    );
    let blank = format!("\r\n\n{HEADER}\r\n\r\n{}\r\n \r\n\r\n{bad}\r\n{}\r\n\r\n", plain(1), plain(4));
    add("blank_lines", blank.into_bytes(), "exit=0 imported=2 held=8:overall warn=blank-line:1");
    let commas = ",".repeat(28);
    add("lines_of_commas", around(&[commas.clone(), commas]).into_bytes(), "exit=0 imported=2 warn=blank-line:2");
    add("sep_line", format!("sep=,\r\n{good}").into_bytes(), "exit=0 imported=2");
    add("sep_line_quoted", format!("\"sep=,\"\r\n{good}").into_bytes(), "exit=0 imported=2");
    add(
        "sep_semicolon",
        format!("sep=;\r\n{}", good.replace(',', ";")).into_bytes(),
        "exit=0 imported=2 separator=semicolon",
    );
    add("semicolons", good.replace(',', ";").into_bytes(), "exit=0 imported=2 separator=semicolon");
    add("tabs", good.replace(',', "\t").into_bytes(), "exit=0 imported=2 separator=tab");
    add("tabs_cp932", cp932(&good.replace(',', "\t")), "exit=0 imported=2 encoding=cp932 separator=tab");
    let both = format!("{}\r\n{good}", HEADER.replace(',', "\t"));
    add("tabs_and_commas", both.into_bytes(), "exit=3 says=どれか決められません");
    let torn = [HEADER.replace(',', "\t"), plain(1).replace(',', "\t"), plain(2)];
    add("tabs_and_a_row_with_commas", text(&torn).into_bytes(), "exit=0 imported=1 held=3:columns separator=tab");
    let other = [HEADER.to_owned(), plain(1), plain(2).replace(',', ";")];
    add("commas_and_a_row_with_semicolons", text(&other).into_bytes(), "exit=0 imported=1 held=3:columns");
    let cells = with(2, &[(REMARKS, "a\tb;c;d\te")]);
    add("tabs_in_cells", around(&[cells]).into_bytes(), "exit=0 imported=3 warn=control-char:0 separator=comma");
    add("bars", good.replace(',', "|").into_bytes(), "exit=3 says=縦線");
    add("wide_commas", good.replace(',', "，").into_bytes(), "exit=3 says=全角コンマ");
    add("empty", Vec::new(), "exit=3 says=データの行がありません");
    add("only_bom", b"\xEF\xBB\xBF".to_vec(), "exit=3 says=データの行がありません");
    add("only_line_ends", b"\r\n\r\n\n".to_vec(), "exit=3 says=データの行がありません");
    add("only_header", format!("{HEADER}\r\n").into_bytes(), "exit=3 says=データの行がありません");
    add("only_header_without_line_end", HEADER.as_bytes().to_vec(), "exit=3 says=データの行がありません");
    add("only_commas", ",,,,\r\n,,,,\r\n".into(), "exit=3");
    let title = format!("突合結果ファイル\r\n作成日,2023/10/02\r\n\r\n{good}");
    add("title_lines", title.into_bytes(), "exit=0 imported=2");
    let titles: String = (0..40).map(|n| format!("説明 {n}\r\n")).collect();
    add("too_many_title_lines", format!("{titles}{good}").into_bytes(), "exit=3 says=見つかりません");
    let again = text(&[HEADER.into(), plain(1), HEADER.into(), plain(2), HEADER.into()]);
    add("header_repeated", again.into_bytes(), "exit=0 imported=2 warn=header-line:2@3,5");
    add(
        "files_joined",
        format!("\u{FEFF}{good}\u{FEFF}{HEADER}\r\n{}", plain(3)).into_bytes(),
        "exit=0 imported=3 warn=header-line:1@4",
    );
    let quoted = |line: &str| format!("\"{}\"", line.replace(',', "\",\""));
    let joined = text(&[HEADER.into(), plain(1), format!("\u{FEFF}{}", quoted(HEADER)), quoted(&plain(2))]);
    add("files_joined_quoted", joined.into_bytes(), "exit=0 imported=2 warn=header-line:1@3");
    let spelt = HEADER.replace("加入者情報_住所", "加入者情報　住所");
    let joined = text(&[HEADER.into(), plain(1), spelt, plain(2)]);
    add("files_joined_other_spelling", joined.into_bytes(), "exit=0 imported=2 warn=header-line:1@3");
    let joined = text(&[HEADER.into(), plain(1), format!("\u{FEFF}{}", plain(2)), plain(3)]);
    add(
        "files_joined_without_header",
        joined.into_bytes(),
        "exit=0 imported=3 warn=joined-bom:1@3 cell=0000000002:見本",
    );
    let joined = text(&[HEADER.into(), plain(1), format!("\u{FEFF}{}", quoted(&plain(2)))]);
    add(
        "files_joined_first_cell_quoted",
        joined.into_bytes(),
        "exit=0 imported=2 warn=joined-bom:1@3 cell=0000000002:見本",
    );
    let glued = text(&[HEADER.into(), plain(1), format!("{}\u{FEFF}{HEADER}", plain(2)), plain(3)]);
    add("files_joined_on_one_line", glued.into_bytes(), "exit=3 says=:3:|見出し|ファイルを分けて");
    let more = text(&[HEADER.into(), plain(1), format!("\u{FEFF}{HEADER},担当課"), format!("{},窓口", plain(2))]);
    add("files_joined_one_column_more", more.into_bytes(), "exit=3 says=:3:|見出し|ファイルを分けて");
    for (name, line) in [
        ("footer_total", "合計 2件"),
        ("footer_total_cells", "合計,2,件"),
        ("footer_count_padded", "件数,,,2,,,,,,,,,,,,,,,,,,,,,,,,,"),
        ("footer_end", "以上"),
    ] {
        add(name, format!("{good}{line}\r\n").into_bytes(), "exit=0 imported=2 warn=footer:1@4");
    }
    let footer = format!("{good}作成者,見本課,電話 000-0000\r\n");
    add("footer_unknown", footer.into_bytes(), "exit=0 imported=2 held=4:columns");
    let commas = text(&[format!("{HEADER},,"), format!("{},,", plain(1)), format!("{},,", plain(2))]);
    add("trailing_commas_everywhere", commas.into_bytes(), "exit=0 imported=2");
    let commas = around(&[format!("{},,,", plain(2))]);
    add("trailing_commas_in_a_row", commas.into_bytes(), "exit=0 imported=3 warn=trailing-commas:1@3");
    let short = plain(2).strip_suffix(',').unwrap().to_owned();
    add("last_comma_left_out", around(&[short]).into_bytes(), "exit=0 imported=3 warn=short-row:1@3");
    let mut short = row(2);
    short.truncate(27);
    add("two_columns_left_out", around(&[short.join(",")]).into_bytes(), "exit=0 imported=2 held=3:columns");
    let mut lost = row(2);
    lost.remove(5);
    add("a_comma_lost", around(&[lost.join(",")]).into_bytes(), "exit=0 imported=2 held=3:columns");
    add(
        "a_comma_too_many",
        around(&[with(2, &[(ADDRESS, "神奈川県茅ヶ崎市,中島")])]).into_bytes(),
        "exit=0 imported=2 held=3:columns",
    );
    add("one_cell", around(&["0000000002".into()]).into_bytes(), "exit=0 imported=2 held=3:columns");
    let cut = good.trim_end();
    let cut = &cut[..cut.rfind("東京").unwrap()];
    add("last_record_cut", cut.as_bytes().to_vec(), "exit=0 imported=1 held=3:columns");
    let quoted = text(&[HEADER.into(), plain(1), with(2, &[(REMARKS, "\"途中で")])]);
    add("cut_inside_quotes", quoted.into_bytes(), "exit=3 says=:3: 引用符");
    let open = around(&[with(2, &[(NAME, "\"見本　一郎")]), plain(3), plain(4)]);
    add("quote_unclosed", open.into_bytes(), "exit=3 says=:3: 引用符");
    let open = around(&[with(2, &[(REMARKS, "\"開いたまま")]), plain(3), with(4, &[(REMARKS, "\"備考\"")])]);
    add("quote_unclosed_until_the_next", open.into_bytes(), "exit=3 says=:3: 引用符");
    let stray = around(&[with(2, &[(NAME, "見本\"一郎\"")])]);
    add("quotes_inside_a_field", stray.into_bytes(), "exit=0 imported=3");
    let stray = around(&[with(2, &[(NAME, "\"見本\"一郎")]), bad]);
    add("text_after_a_quote", stray.into_bytes(), "exit=0 imported=2 held=3:quote,4:overall");
    let field = "あ".repeat(2800);
    add("field_too_long", around(&[with(2, &[(REMARKS, &field)])]).into_bytes(), "exit=0 imported=2 held=3:long-field");
    let nul = around(&[with(2, &[(NAME, "見本\0一郎")])]);
    add("a_nul", nul.into_bytes(), "exit=0 imported=3 warn=control-char:1@3");
    add("many_nuls", two().replace("見本", "\0\0\0\0\0\0").into_bytes(), "exit=3 says=テキストではない");
    let all_quoted: Vec<String> =
        [HEADER.to_owned(), plain(1), plain(2)].map(|line| format!("\"{}\"", line.replace(',', "\",\""))).to_vec();
    add("everything_quoted", text(&all_quoted).into_bytes(), "exit=0 imported=2");
    let guarded: Vec<String> =
        [plain(1), plain(2)].map(|line| format!("=\"{}\"", line.replace(',', "\",=\""))).to_vec();
    add("everything_guarded", text(&[vec![HEADER.to_owned()], guarded].concat()).into_bytes(), "exit=0 imported=2");
    let guard = with(2, &[(NUMBER, "\"=\"\"0000014\"\"\"")]);
    add("guard_in_quotes", around(&[guard, plain(2)]).into_bytes(), "exit=0 imported=3 repeats=1");
    add(
        "blanks_around_cells",
        around(&[with(2, &[(ID, " 0000000002 "), (OVERALL, "　× ")])]).into_bytes(),
        "exit=0 imported=3 warn=id-form:1@3",
    );
}

fn headers(add: &mut Add<'_>) {
    let swap = |from: &str, to: &str| text(&[HEADER.replacen(from, to, 1), plain(1)]).into_bytes();
    add("header_aliases", swap("個人番号,資格取得年月日", "マイナンバー,資格取得日"), "exit=0 imported=1");
    add("header_full_width", swap("J-LIS情報_住所", "Ｊ－ＬＩＳ情報　（住所）"), "exit=0 imported=1");
    add("header_with_line_ends", swap("加入者情報_住所", "\"加入者情報\n住所\""), "exit=0 imported=1");
    add("header_side_words", swap("加入者情報_住所", "中間サーバー：住所"), "exit=0 imported=1");
    add("header_misspelt", swap("総合判定", "総合判字"), "exit=3 says=総合判定|[columns]|layout guess");
    add("header_lacks_a_value", swap("加入者情報_住所", "住所コード"), "exit=3 says=加入者情報_住所");
    add(
        "header_lacks_two",
        swap("加入者情報_住所,J-LIS情報_住所", "a,b"),
        "exit=3 says=加入者情報_住所、J-LIS情報_住所",
    );
    add("header_lacks_marks", swap("判定結果_住所", "空き"), "exit=3 says=判定結果_住所|--recompute-marks");
    let twice = text(&[format!("{HEADER},総合判定"), format!("{},×", plain(1))]);
    add("header_overall_twice", twice.into_bytes(), "exit=3 says=総合判定|27 列目|30 列目");
    let extras = text(&[format!("{HEADER},メモ,メモ"), format!("{},a,b", plain(1))]);
    add("header_extra_twice", extras.into_bytes(), "exit=0 imported=1");
    add("header_nameless", text(&[format!("{HEADER},"), format!("{},x", plain(1))]).into_bytes(), "exit=0 imported=1");
    add("header_none", text(&[plain(1), plain(2)]).into_bytes(), "exit=3 says=header_rows = 0");
    add("header_other_file", "id,name\r\n1,a\r\n".into(), "exit=3 says=見つかりません");
    let triples = HEADER
        .replace("加入者情報_漢字氏名,J-LIS情報_漢字氏名,判定結果_漢字氏名", "漢字氏名,漢字氏名,判定結果")
        .replace("加入者情報_住所,J-LIS情報_住所,判定結果_住所", "住所,住所,判定結果");
    add("header_triples", text(&[triples, plain(1)]).into_bytes(), "exit=0 imported=1");
    let groups = ",".repeat(10) + "加入者情報と住基,,,,,,,,,,,,,,,,,,";
    add("header_group_row_of_words", text(&[groups, HEADER.into(), plain(1)]).into_bytes(), "exit=0 imported=1");
    let fields = ["漢字氏名", "カナ氏名", "生年月日", "性別", "住所"];
    let group: String = fields.iter().map(|field| format!("{field},,,")).collect();
    let first: String = HEADER.split(',').take(10).map(|name| format!("{name},")).collect();
    let top = format!("{}{group}複数の有効な資格,総合判定,突合年月日,備考", ",".repeat(10));
    let low = format!("{first}{},,,", "加入者,J-LIS,判定結果,".repeat(5));
    add("header_two_rows_merged", text(&[top.clone(), low.clone(), plain(1)]).into_bytes(), "exit=0 imported=1");
    let again = text(&[top.clone(), low.clone(), plain(1), top, low, plain(2)]);
    add("header_two_rows_repeated", again.into_bytes(), "exit=0 imported=2 warn=header-line:1@4");
    let reversed = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    add("header_in_another_order", text(&[reversed(HEADER), reversed(&plain(1))]).into_bytes(), "exit=0 imported=1");
}

fn values(add: &mut Add<'_>) {
    let mut one = |name, changes: &[(usize, &str)], expect: &str| {
        let expect = if expect.contains("held=") {
            format!("exit=0 imported=2 {expect}")
        } else {
            format!("exit=0 imported=3 {expect}")
        };
        add(name, around(&[with(2, changes)]).into_bytes(), &expect);
    };
    one("mark_unknown", &[(NAME_MARK, "たぶん")], "held=3:mark");
    one("mark_digit", &[(NAME_MARK, "1")], "held=3:mark");
    one("mark_partial", &[(NAME_MARK, "△")], "held=3:mark");
    one("mark_blank", &[(NAME_MARK, "")], "warn=mark-blank:1@3,overall-differs:0");
    one("mark_words", &[(NAME_MARK, "OK"), (OVERALL, "不一致")], "");
    one("mark_other_circle", &[(NAME_MARK, "〇")], "");
    one("overall_unknown", &[(OVERALL, "要確認")], "held=3:overall");
    one("overall_blank", &[(OVERALL, "")], "held=3:overall");
    one("overall_digit", &[(OVERALL, "3")], "held=3:overall");
    one("overall_contradicts", &[(OVERALL, "○")], "warn=overall-differs:1@3");
    one("marks_contradict", &[(NAME_MARK, "×"), (OVERALL, "△")], "warn=overall-differs:1@3");
    one("multiple_unreadable", &[(MULTIPLE, "二つ")], "warn=multiple-unreadable:1@3");
    one("birth_month_13", &[(BIRTH, "19701301")], "warn=birth-date:1@3");
    one("birth_30_february", &[(BIRTH, "19700230")], "warn=birth-date:1@3");
    one("birth_unknown_parts", &[(BIRTH, "19700000")], "warn=birth-date:1@3");
    one("birth_era", &[(BIRTH, "昭和45年1月2日"), (BIRTH + 1, "S45.01.02")], "");
    one("birth_era_beyond_its_end", &[(BIRTH, "昭和99年1月2日")], "warn=birth-era:1@3,birth-future:1@3,date-order:1@3");
    one("birth_era_letter_packed", &[(BIRTH, "S450102")], "warn=birth-era:1@3");
    one("birth_era_number", &[(BIRTH, "3450102")], "warn=birth-era:1@3");
    one("birth_in_the_future", &[(BIRTH, "20230916")], "warn=birth-future:1@3,date-order:1@3");
    one("birth_before_meiji", &[(BIRTH + 1, "18500102")], "warn=birth-old:1@3");
    one("birth_blank", &[(BIRTH + 1, "")], "warn=birth-blank:1@3");
    one("birth_serial_among_others", &[(BIRTH, "25570")], "warn=birth-date:1@3,date-serial:1@3");
    one("acquired_serial_among_others", &[(ACQUIRED, "43922")], "warn=date-serial:1@3,unknown-date:1@3");
    one("acquired_blank", &[(ACQUIRED, "")], "warn=acquired-blank:1@3");
    one("acquired_era_number", &[(ACQUIRED, "5020401")], "warn=unknown-date:1@3");
    one("lost_before_acquired", &[(LOST, "20200331")], "warn=date-order:1@3");
    one("matched_on_blank", &[(MATCHED_ON, "")], "warn=matched-on-blank:1@3");
    one("matched_on_in_the_future", &[(MATCHED_ON, "20991231")], "warn=matched-on-future:1@3");
    one("birth_damaged_by_a_spreadsheet", &[(BIRTH, "1970/1/2")], "");
    one("birth_hashes", &[(BIRTH, "########")], "warn=birth-date:1@3,excel-cell:1@3");
    one("birth_two_digit_year", &[(BIRTH, "70/01/02")], "warn=birth-date:1@3");
    one("birth_words", &[(BIRTH, "不詳")], "warn=birth-date:1@3");
    one("acquired_unreadable", &[(ACQUIRED, "令和")], "warn=unknown-date:1@3");
    one("lost_unreadable", &[(LOST, "9999999")], "warn=unknown-date:1@3");
    one("matched_on_unreadable", &[(MATCHED_ON, "2023年秋")], "warn=unknown-date:1@3");
    one("sex_unset", &[(SEX, "3")], "warn=sex-code:1@3");
    one("sex_blank", &[(SEX, "")], "warn=sex-code:1@3");
    one("sex_nine", &[(SEX, "9")], "warn=sex-code:1@3");
    one("sex_word", &[(SEX, "男性")], "");
    one("sex_unknown_word", &[(SEX, "男?")], "warn=sex-code:1@3");
    one("formula_command", &[(REMARKS, "=cmd|' /C calc'!A0")], "warn=formula:1@3");
    one("formula_plus", &[(NAME, "+1+1+A1")], "warn=formula:1@3,name-digit:1@3");
    one("formula_at", &[(REMARKS, "@SUM(A1:A9)")], "warn=formula:1@3");
    one("minus_alone", &[(REMARKS, "-")], "");
    one("control_character", &[(KANA, "ミホン\u{7}")], "warn=control-char:1@3");
    one("tab_in_a_name", &[(NAME, "見本\t一郎")], "warn=control-char:1@3");
    one("zero_width", &[(NAME, "見本\u{200B}一郎")], "warn=control-char:1@3");
    one("right_to_left", &[(NAME, "見本\u{202E}一郎")], "warn=control-char:1@3");
    one("line_separator", &[(ADDRESS, "茅ヶ崎市\u{2028}中島")], "warn=control-char:1@3");
    one("escape_sequence", &[(NAME, "\u{1B}[2J見本")], "warn=control-char:1@3,name-digit:1@3");
    one("tag_characters", &[(NAME, "見本\u{E0041}\u{E007F}一郎")], "warn=control-char:1@3");
    one("direction_isolate", &[(NAME, "\u{2067}見本\u{2069}")], "warn=control-char:1@3");
    one("no_break_space", &[(NAME, "見本\u{A0}一郎")], "warn=control-char:1@3");
    one("hangul_filler", &[(NAME, "見本\u{3164}一郎")], "warn=control-char:1@3");
    one("no_character", &[(NAME, "見本\u{FDD0}")], "warn=control-char:1@3");
    one("variation_selector_behind_kana", &[(KANA, "ミ\u{E0100}ホン")], "warn=control-char:1@3");
    one("hidden_in_remarks", &[(REMARKS, "\u{202E}逆")], "warn=control-char:1@3");
    one("private_use_beyond_cp932", &[(NAME, "見本\u{F0000}")], "warn=private-use:1@3");
    one("voicing_mark_apart", &[(KANA, "ミホ\u{3099}")], "warn=split-char:1@3");
    one("character_reference", &[(NAME, "&#39640;橋")], "warn=lost-char:1@3,name-digit:1@3");
    one("name_of_spaces", &[(NAME, "　　")], "warn=name-blank:1@3");
    one("name_with_digits", &[(NAME + 1, "見本２")], "warn=name-digit:1@3");
    one("kana_is_kanji", &[(KANA, "見本　一郎")], "warn=kana-script:1@3");
    one("id_full_width", &[(ID, "００００００００２２")], "warn=id-form:1@3");
    one("number_with_spaces", &[(NUMBER, "00 00014")], "warn=id-form:1@3");
    one("replacement_character", &[(NAME, "見本\u{FFFD}郎")], "warn=lost-char:1@3");
    one("spreadsheet_error_in_a_name", &[(NAME, "#NAME?")], "warn=excel-cell:1@3");
    one("name_too_long", &[(NAME, &"寿".repeat(120))], "warn=odd-length:1@3");
    one("branch_too_long", &[(BRANCH, "0000001")], "warn=odd-length:1@3");
    one(
        "everything_blank_but_the_marks",
        &[(NAME, ""), (KANA, ""), (BIRTH, ""), (ADDRESS, "")],
        "warn=address-blank:1@3,birth-blank:1@3,name-blank:1@3",
    );
    one("black_circle", &[(NAME, "見●　一郎")], "");
    one("variation_selector", &[(NAME, "葛\u{E0100}城")], "");
    one("half_width_kana", &[(KANA, "ﾐﾎﾝ ｲﾁﾛｳ")], "");
}

fn keys(add: &mut Add<'_>) {
    let good = plain(2);
    add("repeat", around(&[good.clone(), good.clone()]).into_bytes(), "exit=0 imported=3 repeats=1");
    let other = with(2, &[(REMARKS, "別")]);
    add("contradiction", around(&[good.clone(), other.clone()]).into_bytes(), "exit=0 imported=3 held=4:duplicate-key");
    let both = around(&[good.clone(), other.clone(), good.clone(), other]);
    add(
        "contradiction_and_repeat",
        both.into_bytes(),
        "exit=0 imported=3 repeats=1 held=4:duplicate-key,6:duplicate-key",
    );
    let exponent = around(&[with(2, &[(ID, "1.23E+09")])]);
    add("id_as_exponent", exponent.into_bytes(), "exit=0 imported=2 held=3:excel");
    add("id_as_hashes", around(&[with(2, &[(ID, "#####")])]).into_bytes(), "exit=0 imported=2 held=3:excel");
    add("id_without_zeros", around(&[with(2, &[(ID, "2")])]).into_bytes(), "exit=0 imported=3");
    add(
        "id_blank",
        around(&[with(2, &[(ID, "")]), with(3, &[(ID, "")])]).into_bytes(),
        "exit=0 imported=4 warn=id-blank:2@3,4",
    );
    let same = around(&[with(2, &[(ID, "")]), with(2, &[(ID, ""), (REMARKS, "別")])]);
    add("id_blank_contradiction", same.into_bytes(), "exit=0 imported=3 held=4:duplicate-key warn=id-blank:2@3,4");
    let none = around(&[with(2, &[(ID, ""), (NUMBER, "")]), with(2, &[(ID, ""), (NUMBER, ""), (REMARKS, "別")])]);
    add("no_key_at_all", none.into_bytes(), "exit=0 imported=4 warn=id-blank:2@3,4");
    add("number_as_exponent", around(&[with(2, &[(NUMBER, "1E+07")])]).into_bytes(), "exit=0 imported=2 held=3:excel");
    add("symbol_as_date", around(&[with(2, &[(SYMBOL, "10月1日")])]).into_bytes(), "exit=0 imported=2 held=3:excel");
    add(
        "insurer_mixed",
        around(&[with(2, &[(INSURER, "138057")])]).into_bytes(),
        "exit=0 imported=3 warn=insurer-mixed:1@3",
    );
    let wrong = around(&[with(2, &[(INSURER, "169855")])]);
    add("insurer_check_digit", wrong.into_bytes(), "exit=0 imported=3 warn=insurer-check-digit:1@3,insurer-mixed:1@3");
    let zero = text(&[HEADER.into(), with(1, &[(INSURER, "10017")]), with(2, &[(INSURER, "10017")])]);
    add("insurer_without_zero", zero.into_bytes(), "exit=0 imported=2 warn=zeros-lost:2@2,3");
}

fn numbers(add: &mut Add<'_>) {
    let mut one = |name, number: &str, expect: &str| {
        let imported = if expect.contains("held=") { 2 } else { 3 };
        let expect = format!("exit=0 imported={imported} {expect}");
        add(name, around(&[with(2, &[(MY_NUMBER, number)])]).into_bytes(), &expect);
    };
    one("my_number_11_digits", "00001234567", "held=3:my-number");
    one("my_number_13_digits", "0000123456745", "held=3:my-number");
    one("my_number_without_zeros", "12345674", "held=3:my-number-zeros");
    one("my_number_without_zeros_and_wrong", "12345675", "held=3:my-number");
    one("my_number_blank", "", "held=3:my-number");
    one("my_number_letters", "00001234567A", "held=3:my-number");
    one("my_number_exponent", "1.23457E+11", "held=3:excel");
    one("my_number_hashes", "############", "held=3:excel");
    one("my_number_hyphens", "0000-1234-5674", "warn=my-number-form:1@3");
    one("my_number_blanks", "0000 1234 5674", "warn=my-number-form:1@3");
    one("my_number_full_width", "００００１２３４５６７４", "warn=my-number-form:1@3");
    one("my_number_masked", "********5674", "");
    one("my_number_guarded", "=\"000012345674\"", "");
    one("my_number_check_digit", "000012345675", "warn=my-number-check-digit:1@3");
    one("my_number_words", "不明", "held=3:my-number");
}

/// What a sceptic tried.
fn strange(add: &mut Add<'_>) {
    let both = text(&[HEADER.into(), plain(1), HEADER.replace("備考", "メモ欄"), plain(2)]);
    add("second_header_with_other_name", both.into_bytes(), "exit=3 says=:3:|見出し|ファイルを分けて");
    let turned: Vec<String> =
        [HEADER.to_owned(), plain(2)].map(|line| line.split(',').rev().collect::<Vec<_>>().join(",")).to_vec();
    let both = text(&[vec![HEADER.into(), plain(1)], turned].concat());
    add("second_header_with_other_order", both.into_bytes(), "exit=3 says=:3:|見出し|ファイルを分けて");
    let rows: Vec<String> = (10..40).map(|id| with(id, &[(NAME, "髙﨑　徳子")])).collect();
    let mixed = [two().into_bytes(), cp932(&text(&rows))].concat();
    add("cp932_behind_utf8", mixed, "exit=3 says=utf-8|4 行目|バイト");
    let mixed = [cp932(&two()), text(&rows).into_bytes()].concat();
    add("utf8_behind_cp932", mixed, "exit=3 says=cp932|4 行目|バイト");
    let quoted: Vec<String> = two().lines().map(|line| format!("\"{line}\"")).collect();
    add("lines_in_quotation_marks", text(&quoted).into_bytes(), "exit=3 says=一つの項目|引用符を外し");
    add("lines_end_with_u2028", two().replace("\r\n", "\u{2028}").into_bytes(), "exit=3 says=");
    let hidden = HEADER.replace(',', "\u{200B},");
    add("hidden_characters_in_header", text(&[hidden, plain(1)]).into_bytes(), "exit=0 imported=1");
    add("json", "[{\"整理番号\":\"0000000001\"}]".into(), "exit=3 says=JSON");
    let noise: Vec<u8> = (0..3000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    add("noise", noise, "exit=3 says=テキストではない");
    let apostrophes = plain(2).replace(',', ",'");
    add("apostrophe_before_each", around(&[apostrophes]).into_bytes(), "exit=0 imported=2 held=3:my-number");
    let wide = text(&[format!("{HEADER}{}", ",追加".repeat(900)), format!("{}{}", plain(1), ",x".repeat(900))]);
    add("nine_hundred_more_columns", wide.into_bytes(), "exit=0 imported=1");
    let turned: Vec<Vec<String>> = two().lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let turned: Vec<String> =
        (0..29).map(|n| turned.iter().map(|row| row[n].clone()).collect::<Vec<_>>().join(",")).collect();
    add("rows_as_columns", text(&turned).into_bytes(), "exit=3 says=見つかりません");
}

/// Rows as LibreOffice Calc (Japanese locale) writes them after it has read them: what looks like a number loses its
/// zeros, other text stands in quotation marks, lines end with LF.
fn saved(rows: &[Vec<String>]) -> String {
    let number = |cell: &str| cell.bytes().all(|b| b.is_ascii_digit()) && cell.len() < 16;
    let cell = |cell: &String| match cell.as_str() {
        "" => String::new(),
        text if number(text) => text.parse::<u64>().unwrap().to_string(),
        text => format!("\"{text}\""),
    };
    let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",");
    let header: Vec<String> = HEADER.split(',').map(str::to_owned).collect();
    let lines: Vec<String> = std::iter::once(&header).chain(rows).map(line).collect();
    lines.join("\n") + "\n"
}

/// What was truly found in files that LibreOffice had opened and saved.
fn calc(add: &mut Add<'_>) {
    let changed = |id: u32, changes: &[(usize, &str)]| {
        let mut row = row(id);
        row[MY_NUMBER] = "999912345678".to_owned();
        changes.iter().for_each(|(at, cell)| row[*at] = (*cell).to_owned());
        row
    };
    let one = |changes: &[(usize, &str)]| saved(&[changed(1, &[]), changed(2, changes), changed(3, &[])]);
    let digit = "warn=my-number-check-digit";
    let mut says = |name, changes: &[(usize, &str)], expect: &str| {
        let (imported, digits) = if expect.contains("held=") { (2, 2) } else { (3, 3) };
        let more = expect.strip_prefix("warn=").map(|more| format!(",{more}"));
        let rest = if more.is_some() { "" } else { expect };
        let expect = format!("exit=0 imported={imported} {digit}:{digits}{} {rest}", more.unwrap_or_default());
        add(name, one(changes).into_bytes(), expect.trim_end());
    };
    says("calc_saved", &[], "");
    says("calc_symbol_is_date", &[(SYMBOL, "1月2日")], "held=3:excel");
    says("calc_number_is_date", &[(NUMBER, "2001-02-03")], "held=3:excel");
    says("calc_symbol_is_exponent", &[(SYMBOL, "3.00E+05")], "held=3:excel");
    says("calc_my_number_is_exponent", &[(MY_NUMBER, "9.99912345678901E+015")], "held=3:excel");
    says("calc_banchi_is_date", &[(ADDRESS, "2001-02-03")], "warn=excel-cell:1@3");
    says("calc_character_is_lost", &[(NAME, "?田　幸子")], "warn=lost-char:1@3");
    says("calc_year_is_lost", &[(ACQUIRED, "7月16日"), (BIRTH, "1月13日")], "warn=birth-date:1@3,unknown-date:1@3");
    let zeros = saved(&[changed(1, &[]), changed(2, &[(MY_NUMBER, SECRET)]), changed(3, &[])]);
    add("calc_zeros_are_lost", zeros.into_bytes(), &format!("exit=0 imported=2 held=3:my-number-zeros {digit}:2"));
    let insurer = saved(&[changed(1, &[(INSURER, "06000012")]), changed(2, &[(INSURER, "06000012")])]);
    add("calc_insurer_zeros_are_lost", insurer.into_bytes(), &format!("exit=0 imported=2 {digit}:2,zeros-lost:2@2,3"));
    let serials = serials();
    add(
        "serial_dates",
        serials.clone().into_bytes(),
        "exit=3 says=:2:|資格取得年月日|加入者情報_生年月日|J-LIS情報_生年月日|--serial-dates 1900",
    );
    let tabs = saved(&[changed(1, &[])]).replace(',', "\t");
    add("calc_tabs", tabs.clone().into_bytes(), &format!("exit=0 imported=1 {digit}:1 separator=tab"));
    add(
        "calc_tabs_utf16",
        utf16(&tabs, true, true),
        &format!("exit=0 imported=1 {digit}:1 encoding=utf-16le separator=tab"),
    );
}

/// Rows whose dates a spreadsheet saved as days since 1900.
fn serials() -> String {
    let row = |id| with(id, &[(ACQUIRED, "43922"), (BIRTH, "25570"), (BIRTH + 1, "25570"), (MATCHED_ON, "45184")]);
    text(&[HEADER.to_owned(), row(1), row(2)])
}

type AddWith<'a> = dyn FnMut(&'static str, Vec<u8>, &'static str, &str) + 'a;

fn asked(add: &mut AddWith<'_>) {
    add("asked_cp932", cp932(&two()), "--encoding cp932", "exit=0 imported=2 encoding=cp932");
    add("asked_utf8_of_cp932", cp932(&two()), "--encoding utf-8", "exit=3");
    add("asked_cp932_of_utf8", two().into_bytes(), "--encoding cp932", "exit=3 says=見つかりません");
    add(
        "asked_utf16_without_bom",
        utf16(&two(), true, false),
        "--encoding utf-16le",
        "exit=0 imported=2 encoding=utf-16le",
    );
    add("asked_unknown_encoding", two().into_bytes(), "--encoding latin1", "exit=2 says=latin1");
    let bare = HEADER.replace("判定結果_住所", "空き");
    let bytes = text(&[bare, plain(1)]).into_bytes();
    add("asked_recomputed_marks", bytes, "--recompute-marks", "exit=0 imported=1 warn=mark-recomputed:1@2");
    let profile = "--layout {data}/headerless.toml";
    add("asked_headerless", text(&[plain(1), plain(2)]).into_bytes(), profile, "exit=0 imported=2");
    add("asked_headerless_with_header", two().into_bytes(), profile, "exit=0 imported=2");
    let digits = [("○", "1"), ("×", "2")].iter().fold(two(), |text, (from, to)| text.replace(from, to));
    let profile = "--layout {data}/digits.toml";
    add("asked_digits_for_marks", digits.into_bytes(), profile, "exit=0 imported=2 class=③:2");
    let expect = "exit=0 imported=2 warn=serial-1900:2@2,3 cell=0000000002:1970-01-02";
    add("asked_serial_dates", serials().into_bytes(), "--serial-dates 1900", expect);
    add("asked_serial_dates_of_no_year", serials().into_bytes(), "--serial-dates 1901", "exit=2 says=1900 か 1904");
    add("asked_delta", two().into_bytes(), "--run delta", "exit=0 imported=2");
    add("asked_check", two().into_bytes(), "--check", "exit=0 imported=2");
    add("asked_wrong_profile", two().into_bytes(), "--layout {data}/wrong.toml", "exit=2 says=wrong.toml:2:|無い列");
}

fn profiles() -> [(&'static str, String); 3] {
    let numbers: String = HEADER.split(',').enumerate().map(|(n, name)| format!("\"{name}\" = {}\n", n + 1)).collect();
    [
        ("headerless.toml", format!("[columns]\n{numbers}")),
        ("digits.toml", "[marks]\n\"○\" = [\"1\"]\n\"×\" = [\"2\"]\n".to_owned()),
        ("wrong.toml", "[columns]\n\"備考\" = \"無い列\"\n".to_owned()),
    ]
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/bad/csv")
}

/// The files and the table, as they should lie in the folder.
fn files(cases: &[Case]) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> =
        profiles().into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect();
    let mut table = String::from("file\targuments\texpected\n");
    for case in cases {
        let name = format!("{}.csv", case.name);
        table.push_str(&format!("{name}\t{}\t{}\n", case.args, case.expect));
        assert!(files.insert(name, case.bytes.clone()).is_none(), "{} stands twice", case.name);
    }
    files.insert("expected.tsv".to_owned(), table.into_bytes());
    files
}

#[test]
fn the_corpus_is_what_its_generator_makes() {
    let cases = cases();
    assert!(cases.len() >= 120, "{}", cases.len());
    let files = files(&cases);
    if std::env::var_os("MEKEN_UPDATE_CORPUS").is_some() {
        let _ = std::fs::remove_dir_all(folder());
        std::fs::create_dir_all(folder()).unwrap();
        for (name, bytes) in &files {
            std::fs::write(folder().join(name), bytes).unwrap();
        }
    }
    let mut found: Vec<String> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    assert_eq!(found, files.keys().cloned().collect::<Vec<_>>());
    for (name, bytes) in &files {
        assert_eq!(&std::fs::read(folder().join(name)).unwrap(), bytes, "{name}");
        assert!(bytes.len() < 20_000, "{name} is large");
    }
}

/// What a line of the table demands.
#[derive(Default)]
struct Demand<'t> {
    exit: i32,
    counts: BTreeMap<&'t str, u64>,
    held: Vec<(u64, &'t str)>,
    warnings: Vec<(&'t str, u64, Vec<u64>)>,
    says: Vec<&'t str>,
    others: Vec<(&'t str, &'t str)>,
}

impl<'t> Demand<'t> {
    fn read(text: &'t str) -> Self {
        let mut demand = Self::default();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            // Words without a sign belong to the message before.
            let Some((key, value)) =
                word.split_once('=').filter(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase()))
            else {
                continue;
            };
            match key {
                "exit" => demand.exit = value.parse().unwrap(),
                "imported" | "repeats" | "updated" => {
                    demand.counts.insert(key, value.parse().unwrap());
                }
                "held" => {
                    let one = |place: &'t str| place.split_once(':').map(|(line, code)| (line.parse().unwrap(), code));
                    demand.held = value.split(',').map(|place| one(place).unwrap()).collect();
                }
                "warn" => {
                    // A comma also stands between lines: a part that is a number belongs to the warning before.
                    for part in value.split(',') {
                        match (part.parse(), part.split_once(':')) {
                            (Ok(line), _) => demand.warnings.last_mut().unwrap().2.push(line),
                            (_, Some((code, rest))) => {
                                let (count, line) = rest.split_once('@').unwrap_or((rest, ""));
                                let lines = line.parse().into_iter().collect();
                                demand.warnings.push((code, count.parse().unwrap(), lines));
                            }
                            _ => panic!("{text}"),
                        }
                    }
                }
                "says" => {}
                _ => demand.others.push((key, value)),
            }
        }
        if let Some((_, says)) = text.split_once("says=") {
            demand.says = says.split('|').collect();
        }
        demand
    }
}

/// Runs one line of the table; every disagreement in words.
fn disagreements(name: &str, args: &str, expected: &str) -> Vec<String> {
    let work = Work::new();
    let demand = Demand::read(expected);
    let path = folder().join(name).display().to_string();
    let mut words = vec!["import".to_owned(), path, "--json".to_owned()];
    words.extend(args.split_whitespace().map(|arg| arg.replace("{data}", &folder().display().to_string())));
    let said = work.run_args(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let mut faults = Vec::new();
    let mut check = |what: &str, found: String, wanted: String| {
        if found != wanted {
            faults.push(format!("{name}: {what}: {found} instead of {wanted}"));
        }
    };
    check("exit", format!("{:?}", said.code), format!("{:?}", Some(demand.exit)));
    let missing: Vec<&&str> = demand.says.iter().filter(|part| !said.err.contains(**part)).collect();
    check(
        "message",
        format!("lacks {missing:?}: {}", if missing.is_empty() { "" } else { &said.err }),
        "lacks []: ".into(),
    );
    for secret in [SECRET, "00001234567", "12345674", "見本　一郎"] {
        check(secret, (said.err.contains(secret) || said.out.contains(secret)).to_string(), "false".into());
    }
    if demand.exit != 0 || said.code != Some(0) {
        if !args.contains("--check") {
            check("afterwards", format!("{:?}", work.run("status").code), format!("{:?}", Some(1)));
        }
        return faults;
    }
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let count = |key: &str| report[key].as_u64().unwrap();
    for key in ["imported", "repeats", "updated", "unchanged", "vanished"] {
        check(key, count(key).to_string(), demand.counts.get(key).copied().unwrap_or(0).to_string());
    }
    check("quarantined", count("quarantined").to_string(), demand.held.len().to_string());
    let sum: u64 = ["imported", "updated", "unchanged", "quarantined", "repeats"].into_iter().map(count).sum();
    check("rows", count("rows").to_string(), sum.to_string());
    if !demand.held.is_empty() {
        let rows = work.run("quarantine --json").json_lines();
        let held: Vec<(u64, &str)> =
            rows.iter().map(|row| (row["line"].as_u64().unwrap(), row["code"].as_str().unwrap())).collect();
        check("held", format!("{held:?}"), format!("{:?}", demand.held));
        let whole = rows
            .iter()
            .all(|row| !row["reason"].as_str().unwrap().is_empty() && !row["cells"].as_array().unwrap().is_empty());
        check("reasons and cells", whole.to_string(), "true".into());
        let all = format!("{rows:?}");
        check(
            "numbers in quarantine",
            (all.contains(SECRET) || all.contains("00001234567")).to_string(),
            "false".into(),
        );
    }
    let warnings: BTreeMap<&str, u64> =
        report["warnings"].as_object().unwrap().iter().map(|(code, n)| (code.as_str(), n.as_u64().unwrap())).collect();
    let wanted: BTreeMap<&str, u64> =
        demand.warnings.iter().filter(|(_, n, _)| *n > 0).map(|(code, n, _)| (*code, *n)).collect();
    check("warnings", format!("{warnings:?}"), format!("{wanted:?}"));
    for (code, _, lines) in demand.warnings.iter().filter(|(_, _, lines)| !lines.is_empty()) {
        check(code, report["warning_lines"][*code].to_string(), serde_json::to_string(lines).unwrap());
    }
    for (key, value) in &demand.others {
        match *key {
            "encoding" => check(key, report["encoding"].as_str().unwrap().to_owned(), (*value).to_owned()),
            "separator" => check(key, report["separator"].as_str().unwrap().to_owned(), (*value).to_owned()),
            "class" => {
                let (class, n) = value.split_once(':').unwrap();
                check(key, report["by_class"][class].to_string(), n.to_owned());
            }
            "cell" => {
                let (id, cell) = value.split_once(':').unwrap();
                let shown = work.run(&format!("show {id} --json")).out;
                check(key, shown.contains(cell).to_string(), "true".into());
            }
            other => panic!("{other}"),
        }
    }
    if !args.contains("--check") {
        check("verify", format!("{:?}", work.run("verify").code), format!("{:?}", Some(0)));
    }
    faults
}

#[test]
fn every_file_of_the_corpus_comes_out_as_expected() {
    let table = std::fs::read_to_string(folder().join("expected.tsv")).unwrap();
    let lines = Mutex::new(table.lines().skip(1));
    let faults = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(line) = lines.lock().unwrap().next() else { return };
                    let mut cells = line.split('\t');
                    let mut cell = || cells.next().unwrap();
                    let found = disagreements(cell(), cell(), cell());
                    faults.lock().unwrap().extend(found);
                }
            });
        }
    });
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
