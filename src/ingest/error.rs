//! Why an import did not happen.

use std::path::PathBuf;

use super::counts::Vanishing;
use super::io_words::io_words;
use super::others::OtherPersons;
use super::profile::ProfileError;
use crate::compare::visible;
use crate::domain::byte_size::ByteSize;
use crate::store::StoreError;

/// An import that did not happen; the store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file cannot be taken as it is (exit 3).
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The layout profile does not fit (exit 2).
    #[error("{0}")]
    Profile(#[from] ProfileError),
    /// The store failed (exit 4, or 75 when it is busy).
    #[error("{0}")]
    Store(#[from] StoreError),
    /// It was stopped on request.
    #[error("取り込みを中止しました。データは変わっていません")]
    Cancelled,
}

impl IngestError {
    /// Whether the input file is at fault (exit 3).
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// The layout profile to fill in, where columns could not be mapped.
    pub fn profile_to_fill_in(&self) -> Option<&str> {
        match self {
            Self::Refused(Refusal::Columns { profile, .. } | Refusal::Ambiguous { profile, .. }) => Some(profile),
            _ => None,
        }
    }
}

/// Why a file is refused: what, where, and what to do. Never holds text of a row.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The file cannot be opened or read.
    #[error("{file}: 読み込めません({})。ファイル名と権限を確認してください", io_words(cause))]
    Unreadable {
        /// File name.
        file: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// It is no regular file.
    #[error("{file}: 通常のファイルではありません。CSV か Excel ブックのファイルを指定してください")]
    NotAFile {
        /// File name.
        file: String,
    },
    /// The file is empty, or holds no row below its header.
    #[error("{file}: データの行がありません。書き出しをやり直してください")]
    Empty {
        /// File name.
        file: String,
    },
    /// The file is larger than the limit.
    #[error(
        "{file}: {what}{}({bytes} バイト)あり、取り込むファイルの上限 {} を超えています。取り込むには {} の [import] に max_size = \"{}\" と書いてください",
        ByteSize(*bytes), ByteSize(*max), settings.display(), ByteSize(*bytes).rounded_up()
    )]
    TooLarge {
        /// File name.
        file: String,
        /// What has this size, where it is not the file itself.
        what: &'static str,
        /// Its size.
        bytes: u64,
        /// The limit.
        max: u64,
        /// Where the limit is set.
        settings: PathBuf,
    },
    /// A part of a workbook that must be held in memory is too large.
    #[error(
        "{file}: Excel ブックの中の文字列の表か書式が {size} あり、上限 {limit} を超えています。行を分けて別々のブックに保存するか、元のシステムから CSV で書き出してください"
    )]
    WorkbookPart {
        /// File name.
        file: String,
        /// Its size.
        size: ByteSize,
        /// The limit.
        limit: ByteSize,
    },
    /// A sheet cannot be read from a row on.
    #[error(
        "{file}:{line}: シートのこの行から下を読めません(壊れているか、行の順が正しくありません)。Excel で開いて保存し直してください"
    )]
    Sheet {
        /// File name.
        file: String,
        /// Row of the sheet.
        line: u32,
    },
    /// The workbook has no sheet of this name.
    #[error("{file}: シート「{}」はありません。あるのは {} です", visible(asked), sheet_names(sheets))]
    NoSheet {
        /// File name.
        file: String,
        /// The name asked for.
        asked: String,
        /// The sheets that there are.
        sheets: Vec<SheetName>,
    },
    /// Several sheets of the workbook may be meant.
    #[error("{file}: どのシートか決められません。--sheet で指定してください(値があるのは {})", sheet_names(sheets))]
    SeveralSheets {
        /// File name.
        file: String,
        /// The sheets that have content.
        sheets: Vec<SheetName>,
    },
    /// A sheet was asked for, and the file is no workbook.
    #[error("{file}: Excel ブックではありません。--sheet を付けずに取り込んでください")]
    NoWorkbook {
        /// File name.
        file: String,
    },
    /// The top of the file has a header with more than one separator.
    #[error("{file}: 区切りが {} のどれか決められません。どれか一つにして保存し直してください", signs.join("、"))]
    Separators {
        /// File name.
        file: String,
        /// The separators with which there is a header.
        signs: Vec<&'static str>,
    },
    /// Most rows of a sheet have numbers where text is needed.
    #[error(
        "{file}: {rows} 行のうち {numbers} 行で、{column}などが文字列ではなく数値のセルです(最初は {line} 行目)。先頭の 0 や桁が失われているおそれがあるため取り込みません。元のシステムから、文字列のセルとして(または CSV で)書き出し直してください"
    )]
    NumberCells {
        /// File name.
        file: String,
        /// Rows read.
        rows: u64,
        /// Rows with numbers.
        numbers: u64,
        /// Canonical name of the column in the first one.
        column: &'static str,
        /// Row of the first one.
        line: u32,
    },
    /// The bytes are those of another kind of file.
    #[error("{file}: {kind}です。{advice}")]
    WrongKind {
        /// File name.
        file: String,
        /// What it is.
        kind: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// The bytes were not the same when they were read a second time.
    #[error("{file}: 読み込み中に内容が変わりました。書き込みが終わってからやり直してください")]
    Changed {
        /// File name.
        file: String,
    },
    /// The header itself cannot be decoded.
    #[error(
        "{file}:{line}: 見出し行に {encoding} として読めないバイトがあります(先頭から {byte} バイト目)。--encoding で文字コードを指定してください"
    )]
    HeaderUndecodable {
        /// File name.
        file: String,
        /// Physical line.
        line: u32,
        /// Encoding tried.
        encoding: &'static str,
        /// Offset in the file, from 1.
        byte: u64,
    },
    /// Columns that the review needs cannot be found.
    #[error("{file}: 見出しから次の列が見つかりません: {}。{}下のレイアウト定義を埋め、--layout で指定してください", missing.join("、"), hint(.marks_only))]
    Columns {
        /// File name.
        file: String,
        /// Canonical names of the columns that are missing.
        missing: Vec<String>,
        /// Whether only 判定結果 columns are missing.
        marks_only: bool,
        /// A layout profile to fill in.
        profile: String,
    },
    /// Two columns of the file claim to be the same one.
    #[error(
        "{file}: 「{column}」に当たる列が二つあります({first} 列目と {second} 列目)。下のレイアウト定義でどちらか一つを選び、--layout で指定してください"
    )]
    Ambiguous {
        /// File name.
        file: String,
        /// Canonical name.
        column: &'static str,
        /// First place, from 1.
        first: usize,
        /// Second place, from 1.
        second: usize,
        /// A layout profile to fill in.
        profile: String,
    },
    /// Too many rows cannot be decoded.
    #[error(
        "{file}: {rows} 行のうち {undecodable} 行に {encoding} として読めないバイトがあります(最初は {line} 行目、先頭から {byte} バイト目)。--encoding で文字コードを指定するか、書き出しをやり直してください"
    )]
    TooManyUndecodable {
        /// File name.
        file: String,
        /// Rows read.
        rows: u64,
        /// Rows with undecodable bytes.
        undecodable: u64,
        /// Encoding tried.
        encoding: &'static str,
        /// Physical line of the first one.
        line: u32,
        /// Offset of the first one in the file, from 1.
        byte: u64,
    },
    /// A quotation mark is not closed, so that nobody can say where the records below it begin.
    #[error(
        "{file}:{line}: 引用符(\")が閉じていません。行の境が決められないため取り込みません。この行の引用符を直してください"
    )]
    Unclosed {
        /// File name.
        file: String,
        /// Physical line of the record.
        line: u32,
    },
    /// Another header stands among the rows: those below it may have their columns in another order.
    #[error(
        "{file}:{line}: 途中に、先頭と違う見出しがあります(列の違う二つのファイルがつながっているようです)。下の行は列の並びが違うおそれがあるため取り込みません。ファイルを分けて取り込んでください"
    )]
    SecondHeader {
        /// File name.
        file: String,
        /// Physical line.
        line: u32,
    },
    /// A column of dates holds the day serials of a spreadsheet.
    #[error(
        "{file}:{line}: {columns}が、年月日ではなく表計算ソフトの通し日(31384 のような日数)になっています({serials} 件、最初は {line} 行目)。表計算ソフトで保存し直す前のファイルを取り込んでください。それがないときだけ、--serial-dates 1900 を付けると年月日に直して取り込みます(1904年から数える設定のブックなら 1904)"
    )]
    SerialDates {
        /// File name.
        file: String,
        /// Physical line of the first one.
        line: u32,
        /// Canonical names of the columns.
        columns: String,
        /// Number of day serials in the column that has most.
        serials: u64,
    },
    /// The file is called a full one and lacks most of the records that are there.
    #[error(
        "{file}: 全件として取り込むと、記録 {} 件のうち {} 件(設問1は {} 件のうち {} 件)が消滅になります。別の保険者のもの、一部だけのもの、整理番号の先頭の 0 が落ちたものではありませんか。差分なら --run delta、本当に全件なら --allow-vanish を付けてください",
        vanishing.records, vanishing.gone, vanishing.item1, vanishing.item1_gone
    )]
    WouldVanish {
        /// File name.
        file: String,
        /// The numbers.
        vanishing: Vanishing,
    },
    /// The file holds rows of an insurer whose file was never imported here.
    #[error(
        "{file}: 保険者番号 {} の行があります(これまでの記録は {})。別の保険者のファイルではありませんか。この保険者の分も加えるときだけ --allow-insurer を付けてください",
        listed(found),
        listed(known)
    )]
    OtherInsurer {
        /// File name.
        file: String,
        /// The 保険者番号 that are not known.
        found: Vec<String>,
        /// The 保険者番号 of the records.
        known: Vec<String>,
    },
    /// Too many rows perhaps speak of other people than the records of their 整理番号.
    #[error(
        "{file}: {rows} 行のうち {} 行が、同じ整理番号の記録とは別の人か、別の人の個人番号のようです(整理番号 {}{})。別の保険者のファイルか、整理番号や個人番号がずれたファイルではありませんか。番号と人の組を確かめ、正しいファイルを取り込んでください",
        others.total(), listed(&others.ids), more_others(others)
    )]
    OtherPersons {
        /// File name.
        file: String,
        /// Rows read.
        rows: u64,
        /// How many, and the first 整理番号.
        others: OtherPersons,
    },
    /// Rows of a record list cannot be taken; a list is all or nothing.
    #[error(
        "{file}: 記録の一覧のうち {rows} 行を取り込めないため、何も変えていません。次の行を直して取り込み直してください{}",
        lines(faults)
    )]
    List {
        /// File name.
        file: String,
        /// How many rows.
        rows: u64,
        /// The first physical line of each fault, and the fault.
        faults: Vec<(u32, String)>,
    },
    /// Facts cannot be computed anew from a file that no longer tells what the records are.
    #[error(
        "{file}: この取込の後に記録が変わっているため、このファイルでは計算し直せません。次の全件ファイルを取り込むときに計算し直されます"
    )]
    Superseded {
        /// File name.
        file: String,
    },
    /// The file has more lines than can be counted.
    #[error("{file}: 行が多すぎます。分割してください")]
    TooManyLines {
        /// File name.
        file: String,
    },
}

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetName {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
}

fn sheet_names(sheets: &[SheetName]) -> String {
    let name =
        |sheet: &SheetName| format!("「{}」{}", visible(&sheet.name), if sheet.hidden { "(非表示)" } else { "" });
    sheets.iter().map(name).collect::<Vec<_>>().join("、")
}

/// Names the first ones in visible form.
fn listed(words: &[String]) -> String {
    const NAMED: usize = 5;
    let more = if words.len() > NAMED { " ほか" } else { "" };
    let words: Vec<_> = words.iter().take(NAMED).map(|word| visible(word)).collect();
    format!("{}{more}", words.join("、"))
}

/// Words for rows in which only the 個人番号 is another, and for those that are not named.
fn more_others(others: &OtherPersons) -> String {
    let more = if others.total() > others.ids.len() as u64 { " ほか" } else { "" };
    match others.renumbered {
        0 => more.to_owned(),
        _ => format!("{more}、個人番号だけが違う行を含む"),
    }
}

fn lines(faults: &[(u32, String)]) -> String {
    faults.iter().map(|(line, fault)| format!("\n  {line} 行目: {fault}")).collect()
}

fn hint(marks_only: &bool) -> &'static str {
    if *marks_only {
        "判定結果を加入者情報とJ-LIS情報の比較で補うには --recompute-marks を付けます。または"
    } else {
        ""
    }
}
