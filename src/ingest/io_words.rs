//! What the system says of a file, in Japanese.

/// Says in Japanese why a file cannot be read; what is rare is left in the words of the system.
pub(crate) fn io_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "ファイルがありません".to_owned(),
        Kind::PermissionDenied => "読む権限がありません".to_owned(),
        Kind::IsADirectory => "フォルダです".to_owned(),
        Kind::NotADirectory => "途中のフォルダがありません".to_owned(),
        _ => error.to_string(),
    }
}
