//! The clipboard of the operator, through the terminal.

use base64::prelude::{BASE64_STANDARD, Engine};

/// What stands between the program and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Nothing,
    Tmux,
    Screen,
}

impl Around {
    pub(super) fn here() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match (set("TMUX"), set("STY")) {
            (true, _) => Self::Tmux,
            (false, true) => Self::Screen,
            (false, false) => Self::Nothing,
        }
    }
}

/// Asks the terminal to put a text into the operator's clipboard (OSC 52).
///
/// tmux is asked itself, for `set-clipboard on`, and to pass the request on, for `allow-passthrough on`; screen only
/// passes on.
pub(super) fn clipboard(text: &str, around: Around) -> String {
    let out = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text));
    match around {
        Around::Nothing => out,
        Around::Tmux => format!("{out}\x1bPtmux;{}\x1b\\", out.replace('\x1b', "\x1b\x1b")),
        Around::Screen => format!("\x1bP{out}\x1b\\"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clipboard_speaks_base64() {
        for (text, coded) in [("0001234", "MDAwMTIzNA=="), ("abc", "YWJj"), ("ab", "YWI="), ("", "")] {
            let plain = format!("\x1b]52;c;{coded}\x07");
            assert_eq!(clipboard(text, Around::Nothing), plain);
            assert_eq!(clipboard(text, Around::Screen), format!("\x1bP{plain}\x1b\\"));
            assert_eq!(clipboard(text, Around::Tmux), format!("{plain}\x1bPtmux;\x1b{plain}\x1b\\"));
        }
    }
}
