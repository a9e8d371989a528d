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
    ("birth-date", "生年月日に不詳か読めないものがあります"),
    ("my-number-check-digit", "個人番号の検査数字が合いません"),
    ("insurer-check-digit", "保険者番号の形か検査数字が合いません"),
    (INSURER_ZEROS, "保険者番号の先頭の 0 が落ちています"),
    ("sex-code", "性別が未設定か、決まった値ではありません"),
    ("insurer-mixed", "保険者番号が一つではありません"),
    ("formula", "数式のように見える値があります(そのまま取り込み、書き出すときは実行されない形にします)"),
    ("excel-cell", "表計算ソフトの誤り表示(#N/A、#### など)か、番地から変わった日付が値に入っています"),
    ("lost-char", "氏名か住所に「?」があります(表せない文字が置き換わったおそれがあります)"),
    ("odd-length", "長さがふつうではない値があります"),
    ("control-char", "見えない文字や制御文字を含みます"),
    ("blank-line", "区切りだけの行を読み飛ばしました"),
    ("header-line", "見出しと同じ行を読み飛ばしました"),
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
