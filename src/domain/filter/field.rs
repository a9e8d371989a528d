//! The fields of the filter expression: one table for the parser, completion, the help and the README.

/// A field of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub key: &'static str,
    /// Other words for the key.
    pub aliases: &'static [&'static str],
    /// What it asks about, in Japanese.
    pub about: &'static str,
    /// An expression that uses it.
    pub example: &'static str,
}

const fn field(
    key: &'static str,
    aliases: &'static [&'static str],
    about: &'static str,
    example: &'static str,
) -> Field {
    Field { key, aliases, about, example }
}

/// Every field, in the order of help.
pub const FIELDS: [Field; 18] = [
    field("class", &["区分", "停止区分"], "停止区分", "class:②,③"),
    field("state", &["状態"], "状態(保留は確認中と同じ)", "state:保留"),
    field("category", &["決定", "確認区分"], "付けた区分。2 は 2-1〜2-4", "category:2-3"),
    field("operator", &["確認者", "担当"], "決めた人", "operator:佐藤"),
    field("decided", &["決定日"], "決めた日", "decided:>=2023-12-01"),
    field("evidence", &["確認方法"], "確認方法", "evidence:届出書"),
    field("due", &["期限", "期日"], "保留・返信の期限", "due:超過"),
    field("vanished", &["消滅"], "新しいファイルにない行", "vanished:yes"),
    field("flag", &["注意"], "注意 F1〜F8、支援措置、any", "flag:F1,F2"),
    field("batch", &["解除番号", "報告"], "解除番号(変更は報告後に変化)", "batch:変更"),
    field("kanji", &["漢字", "漢字氏名"], "漢字氏名の判定・比較・符号", "kanji:N2"),
    field("kana", &["カナ", "カナ氏名"], "カナ氏名の判定・比較・符号", "kana:要確認"),
    field("birth", &["生年月日"], "生年月日の判定・比較・符号", "birth:×"),
    field("sex", &["性別"], "性別の判定・比較・符号", "sex:×"),
    field("address", &["住所"], "住所の判定・比較・符号", "address:相違"),
    field("id", &["整理番号", "番号"], "整理番号の一部", "id:0012"),
    field("note", &["メモ"], "メモの一部", "note:電話"),
    field("text", &["文字"], "氏名・住所などの一部(省略可)", "text:赤坂"),
];

/// The keys of an expression.
pub const KEYS: [&str; FIELDS.len()] = {
    let mut keys = [""; FIELDS.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = FIELDS[at].key;
        at += 1;
    }
    keys
};

/// The key that a word before a colon stands for.
pub(super) fn key_of(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    FIELDS.iter().find(|field| field.key == word || field.aliases.contains(&word.as_str())).map(|field| field.key)
}
