//! Warnings about rows that are accepted all the same, counted by code.

use std::collections::BTreeMap;

use super::spreadsheet::INSURER_ZEROS;

/// Every warning: its code and what it means.
pub(crate) const WARNINGS: &[(&str, &str)] = &[
    ("overall-differs", "総合判定が判定結果から求めた値と違います(ファイルの値を使います)"),
    ("mark-blank", "判定結果が空欄です(判定不能として取り込みます)"),
    ("mark-recomputed", "判定結果を比較で補いました"),
    ("multiple-unreadable", "複数の有効な資格を読み取れません"),
    ("unknown-date", "取得日・喪失日・突合日に不詳か読めないものがあります(加入中とみなします)"),
    ("acquired-blank", "取得日が空欄です(加入中とみなします)"),
    ("matched-on-blank", "突合年月日が空欄です(2023-09-15 とみなします)"),
    ("matched-on-future", "突合年月日が今日より後です"),
    ("date-order", "喪失日が取得日より前か、取得日が生年月日より前です"),
    ("date-serial", "表計算ソフトの通し日(31384 のような日数)の日付があります(読めない日付として扱います)"),
    ("serial-1900", "通し日の日付を年月日に直して取り込みました(1900年から数える設定)"),
    ("serial-1904", "通し日の日付を年月日に直して取り込みました(1904年から数える設定)"),
    (
        "serial-shift",
        "通し日から直した生年月日が、もう一方とちょうど 1462 日違います(--serial-dates の 1900 と 1904 が逆のおそれがあります)",
    ),
    ("birth-date", "生年月日に不詳か読めないものがあります"),
    ("birth-blank", "生年月日が空欄です"),
    ("birth-era", "生年月日が元号の番号や記号(3600203、S600203 など)で書かれているか、元号の期間の外にあります"),
    ("birth-future", "生年月日が突合日(なければ今日)より後です"),
    ("birth-old", "生年月日が古すぎます(120歳を超える、明治より前など)"),
    ("my-number-check-digit", "個人番号の検査数字が合いません"),
    ("my-number-form", "個人番号が全角か、空白・ハイフン入りです(数字だけとして読みました)"),
    ("insurer-check-digit", "保険者番号の形か検査数字が合いません"),
    (INSURER_ZEROS, "保険者番号の先頭の 0 が落ちています"),
    ("sex-code", "性別が未設定か、決まった値ではありません"),
    ("insurer-mixed", "保険者番号が一つではありません"),
    ("id-blank", "整理番号が空欄です(記号・番号・取得日などで見分けます)"),
    ("id-form", "整理番号・被保険者証番号・枝番に空白か全角の英数字があります(書き方が変わると別の記録になります)"),
    ("name-blank", "氏名(漢字かカナ)が空欄か空白だけです"),
    ("name-digit", "氏名に数字があります"),
    ("kana-script", "カナ氏名に漢字があります"),
    ("address-blank", "住所が空欄か空白だけです"),
    ("formula", "数式のように見える値があります(そのまま取り込み、書き出すときは実行されない形にします)"),
    ("excel-cell", "表計算ソフトの誤り表示(#N/A、#### など)か、番地から変わった日付が値に入っています"),
    (
        "lost-char",
        "表せない文字が置き換わったおそれがあります(氏名か住所に「?」か「&#」、または読めない文字の印 U+FFFD)",
    ),
    ("odd-length", "長さがふつうではない値があります"),
    ("control-char", "見えない文字、制御文字、文字ではない符号を含みます"),
    ("private-use", "外字の符号(U+E000〜U+E757)ではない私用領域の文字があります(何の文字か分かりません)"),
    ("split-char", "濁点やアクセント記号が、文字と離れた符号になっています"),
    ("blank-line", "区切りだけの行を読み飛ばしました"),
    (
        "header-line",
        "先頭と同じ見出しが途中にあり、読み飛ばしました(この行で二つのファイルがつながっているようです。列の並びは同じです)",
    ),
    (
        "joined-bom",
        "行の先頭の BOM を除きました(この行で二つのファイルがつながっているようです。列の並びを確かめてください)",
    ),
    ("footer", "合計・件数などの末尾の行を読み飛ばしました"),
    ("trailing-commas", "見出しより後ろに空の列があります(値の列はずれていません)"),
    ("short-row", "末尾の列(備考など)が省かれています(値の列はずれていません)"),
    ("formula-cell", "数式のセルがあります(保存されていた計算結果を取り込みます)"),
    ("leading-zeros", "訂正ファイルで失われた先頭の 0 を、元の行から補いました"),
    ("changed-in-batch", "解除リストに載せた記録の内容が変わりました(取下げを検討してください)"),
];

/// Count and first lines of a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Warning {
    /// How often.
    pub(crate) count: u64,
    /// The first physical lines.
    pub(crate) lines: Vec<u32>,
}

/// Warnings by code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Warnings(pub(crate) BTreeMap<&'static str, Warning>);

impl Warnings {
    /// Maximum number of lines that are remembered for each code.
    pub(crate) const LINES: usize = 5;

    /// Counts a warning.
    pub(crate) fn add(&mut self, code: &'static str, line: u32) {
        debug_assert!(WARNINGS.iter().any(|(known, _)| *known == code), "{code}");
        let warning = self.0.entry(code).or_default();
        warning.count += 1;
        if warning.lines.len() < Self::LINES && line > 0 {
            warning.lines.push(line);
        }
    }

    /// Adds the warnings of later rows.
    pub(crate) fn append(&mut self, later: &Self) {
        for (code, more) in &later.0 {
            let warning = self.0.entry(code).or_default();
            warning.count += more.count;
            let room = Self::LINES.saturating_sub(warning.lines.len());
            warning.lines.extend(more.lines.iter().take(room));
        }
    }
}
