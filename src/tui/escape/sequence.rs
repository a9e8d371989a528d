//! The keys of complete sequences and of single bytes, as terminals encode them.

use crate::config::keys::{Key, KeyCode};

/// The key of a complete sequence: `None` for what is no key, `Some(None)` for a key that was let go.
pub(super) fn key_of_sequence(ss3: bool, parameters: &[u8], last: u8) -> Option<Option<(Key, bool)>> {
    let text = std::str::from_utf8(parameters).ok()?;
    let mut numbers = text.split(';').map(|part| {
        let mut halves = part.split(':');
        let number = halves.next().unwrap_or_default();
        (if number.is_empty() { Some(1) } else { number.parse::<u32>().ok() }, halves.next())
    });
    let first = numbers.next()?.0?;
    let second = numbers.next();
    let (modifiers, kind) = match second {
        None => (1, None),
        Some((number, kind)) => (number?, kind),
    };
    let third = numbers.next().map(|(number, _)| number);
    if numbers.next().is_some() {
        return None;
    }
    let character = |code: u32| {
        Some(match code {
            9 => KeyCode::Tab,
            13 => KeyCode::Enter,
            27 => KeyCode::Esc,
            8 | 127 => KeyCode::Backspace,
            code => KeyCode::Char(char::from_u32(code).filter(|c| !c.is_control())?),
        })
    };
    let code = match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'Z' if !ss3 => KeyCode::BackTab,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        // With parameters it is the answer to where the cursor stands.
        b'R' if parameters.is_empty() => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        b'M' if ss3 => KeyCode::Enter,
        // The numeric pad in application mode.
        b'X' if ss3 => KeyCode::Char('='),
        b'j'..=b'y' if ss3 => KeyCode::Char(char::from(last - b'j' + b'*')),
        b'u' if !ss3 && !parameters.is_empty() => character(first)?,
        b'~' if !ss3 && third.is_some() && first == 27 => character(third??)?,
        b'~' if !ss3 && third.is_none() => match first {
            1 | 7 => KeyCode::Home,
            2 => KeyCode::Insert,
            3 => KeyCode::Delete,
            4 | 8 => KeyCode::End,
            5 => KeyCode::PageUp,
            6 => KeyCode::PageDown,
            11..=15 => KeyCode::F(first as u8 - 10),
            17..=21 => KeyCode::F(first as u8 - 11),
            23..=24 => KeyCode::F(first as u8 - 12),
            _ => return None,
        },
        _ => return None,
    };
    if matches!(last, b'A'..=b'H' | b'P'..=b'S' | b'Z') && (first != 1 || third.is_some()) {
        return None;
    }
    let held = modifiers.checked_sub(1).filter(|held| *held < 256)?;
    let key = Key::new(code, held & 4 != 0, held & 2 != 0, held & 1 != 0);
    match kind {
        None | Some("1") => Some(Some((key, false))),
        Some("2") => Some(Some((key, true))),
        Some("3") => Some(None),
        Some(_) => None,
    }
}

/// The key of a byte below 128.
pub(super) fn key_of_byte(byte: u8, alt: bool) -> Key {
    let (code, ctrl) = match byte {
        b'\r' => (KeyCode::Enter, false),
        b'\t' => (KeyCode::Tab, false),
        0x7f => (KeyCode::Backspace, false),
        0x00 => (KeyCode::Char(' '), true),
        0x01..=0x1a => (KeyCode::Char(char::from(byte - 1 + b'a')), true),
        0x1b..=0x1f => (KeyCode::Char(char::from(byte - 0x1c + b'4')), true),
        byte => (KeyCode::Char(char::from(byte)), false),
    };
    Key::new(code, ctrl, alt, false)
}
