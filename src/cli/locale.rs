//! What the environment says about characters: meken writes UTF-8.

use crate::error::Failure;

/// The characters a locale has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8.
    Utf8,
    /// None in particular: C, POSIX or nothing set. The terminal may well speak UTF-8.
    Unknown,
    /// Something else: EUC-JP, Shift_JIS ….
    Other,
}

/// The locale of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Locale {
    /// The variable that decides, empty where none is set.
    pub(super) variable: &'static str,
    /// Its value.
    pub(super) name: String,
    /// What it says.
    pub(super) charset: Charset,
}

/// Reads the locale: `LC_ALL`, else `LC_CTYPE`, else `LANG`; the first that is not empty.
pub(super) fn of(env: impl Fn(&str) -> Option<String>) -> Locale {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|variable| Some((variable, env(variable).filter(|value| !value.is_empty())?)));
    let (variable, name) = set.unwrap_or_default();
    let bare = name.split('@').next().unwrap_or_default();
    let charset = match bare.split_once('.') {
        Some((_, charset)) if matches!(charset.to_ascii_lowercase().as_str(), "utf-8" | "utf8") => Charset::Utf8,
        Some(_) => Charset::Other,
        None => Charset::Unknown,
    };
    Locale { variable, name, charset }
}

impl Locale {
    /// Returns what the operator should know, empty where all is well.
    ///
    /// # Errors
    /// A locale whose characters are not those that meken writes: the screen would be unreadable.
    pub(super) fn notice(&self) -> Result<String, Failure> {
        let Self { variable, name, charset } = self;
        let name = crate::compare::visible(name);
        match charset {
            Charset::Utf8 => Ok(String::new()),
            Charset::Unknown => Ok(format!(
                "ロケールが {} です。文字化けするときは LANG=ja_JP.UTF-8 か C.UTF-8 を設定し、tmux は tmux -u で開いてください",
                if name.is_empty() { "未設定".into() } else { name }
            )),
            // The first words are for a terminal that cannot show the others.
            Charset::Other => Err(Failure::usage(format!(
                "set LANG=ja_JP.UTF-8. 文字コードが UTF-8 ではありません({variable}={name})。\
                 端末を UTF-8 にして、LANG=ja_JP.UTF-8 を設定してください"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let read = |set: &'static [(&str, &str)]| {
            of(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        for (set, variable, charset) in [
            (&[("LANG", "ja_JP.UTF-8")][..], "LANG", Charset::Utf8),
            (&[("LANG", "ja_JP.UTF-8"), ("LC_CTYPE", "C")], "LC_CTYPE", Charset::Unknown),
            (&[("LANG", "ja_JP.eucJP"), ("LC_ALL", "C.utf8")], "LC_ALL", Charset::Utf8),
            (&[("LANG", "ja_JP.eucJP"), ("LC_ALL", "")], "LANG", Charset::Other),
            (&[("LANG", "ja_JP.SJIS")], "LANG", Charset::Other),
            (&[("LANG", "de_DE.UTF-8@euro")], "LANG", Charset::Utf8),
            (&[("LANG", "POSIX")], "LANG", Charset::Unknown),
            (&[("LANG", "ja_JP")], "LANG", Charset::Unknown),
            (&[], "", Charset::Unknown),
        ] {
            let found = read(set);
            assert_eq!((found.variable, found.charset), (variable, charset), "{set:?}");
            assert_eq!(found.notice().is_err(), charset == Charset::Other);
            assert_eq!(found.notice().is_ok_and(|words| words.is_empty()), charset == Charset::Utf8);
        }
    }
}
