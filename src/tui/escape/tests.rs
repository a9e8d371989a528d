use super::*;

/// Every sequence a keyboard, a mouse or a terminal sends that is known here, with its key (`-`: none).
const KNOWN: &[(&str, &str)] = &[
    ("\x1b[A", "up"),
    ("\x1b[B", "down"),
    ("\x1b[C", "right"),
    ("\x1b[D", "left"),
    ("\x1b[H", "home"),
    ("\x1b[F", "end"),
    ("\x1b[Z", "backtab"),
    ("\x1bOA", "up"),
    ("\x1bOB", "down"),
    ("\x1bOC", "right"),
    ("\x1bOD", "left"),
    ("\x1bOH", "home"),
    ("\x1bOF", "end"),
    ("\x1bOP", "F1"),
    ("\x1bOQ", "F2"),
    ("\x1bOR", "F3"),
    ("\x1bOS", "F4"),
    ("\x1b[P", "F1"),
    ("\x1b[[A", "F1"),
    ("\x1b[[E", "F5"),
    ("\x1bOM", "enter"),
    ("\x1bOr", "2"),
    ("\x1bOs", "3"),
    ("\x1bOm", "-"),
    ("\x1b[1~", "home"),
    ("\x1b[2~", "insert"),
    ("\x1b[3~", "delete"),
    ("\x1b[4~", "end"),
    ("\x1b[5~", "pgup"),
    ("\x1b[6~", "pgdn"),
    ("\x1b[7~", "home"),
    ("\x1b[8~", "end"),
    ("\x1b[11~", "F1"),
    ("\x1b[12~", "F2"),
    ("\x1b[13~", "F3"),
    ("\x1b[14~", "F4"),
    ("\x1b[15~", "F5"),
    ("\x1b[17~", "F6"),
    ("\x1b[18~", "F7"),
    ("\x1b[19~", "F8"),
    ("\x1b[20~", "F9"),
    ("\x1b[21~", "F10"),
    ("\x1b[23~", "F11"),
    ("\x1b[24~", "F12"),
    ("\x1b[1;5C", "ctrl-right"),
    ("\x1b[1;2B", "shift-down"),
    ("\x1b[1;3A", "alt-up"),
    ("\x1b[1;5P", "ctrl-F1"),
    ("\x1b[3;5~", "ctrl-delete"),
    ("\x1b[109u", "m"),
    ("\x1b[109;5u", "ctrl-m"),
    ("\x1b[109;1:3u", "none"),
    ("\x1b[27;5;109~", "ctrl-m"),
    ("\x1b[27u", "esc"),
    ("\x1b[0n", "ready"),
    // No keys: cursor position, device attributes, mode and colour reports, mouse, focus, pastes.
    ("\x1b[23;23R", "stray"),
    ("\x1b[?62;4;22c", "stray"),
    ("\x1b[>41;354;0c", "stray"),
    ("\x1b[?2026;2$y", "stray"),
    ("\x1b[8;24;80t", "stray"),
    ("\x1b[?0u", "stray"),
    ("\x1b[3n", "stray"),
    ("\x1b]11;rgb:2323/2323/2323\x1b\\", "stray"),
    ("\x1b]52;c;bTIzYQ==\x07", "stray"),
    ("\x1bP>|xterm(23)\x1b\\", "stray"),
    ("\x1bP1$r0m\x1b\\", "stray"),
    ("\x1b_Gi=1;OK\x1b\\", "stray"),
    ("\x1b[<0;23;23M", "stray"),
    ("\x1b[<0;23;23m", "stray"),
    ("\x1b[0;23;23M", "stray"),
    ("\x1b[Mmma", "stray"),
    ("\x1b[I", "stray"),
    ("\x1b[O", "stray"),
    ("\x1b[200~m23a\r\x1b[201~", "paste"),
    ("\x1b[201~", "stray"),
    ("\x1b[99~", "stray"),
    ("\x1b[23m", "stray"),
    ("\x1bm", "alt-m"),
    ("髙", "髙"),
    ("𠮷", "𠮷"),
];

/// Feeds pieces with the pauses before them; gives what came out, with a pause at the end.
fn run(pieces: &[(&[u8], u64)]) -> Vec<String> {
    let mut escape = Escape::default();
    let mut out = Vec::new();
    let mut at = 10_000;
    for (bytes, pause) in pieces {
        at += pause;
        // The runtime flushes at each deadline.
        while let Some(due) = escape.deadline().filter(|due| *due < at) {
            out.extend(escape.flush(due));
        }
        out.extend(escape.push(bytes, at));
    }
    while let Some(due) = escape.deadline() {
        out.extend(escape.flush(due));
    }
    let mut words: Vec<String> = out
        .into_iter()
        .map(|timed| match timed.what {
            Input::Key(key, _) => key.to_string(),
            Input::Paste(_) => "paste".to_owned(),
            Input::Ready => "ready".to_owned(),
            Input::Stray => "stray".to_owned(),
        })
        .collect();
    words.dedup_by(|a, b| a == "stray" && b == "stray");
    words
}

#[test]
fn every_known_sequence_is_one_input() {
    for (bytes, word) in KNOWN {
        let expected: Vec<&str> = if *word == "none" { vec![] } else { vec![word] };
        assert_eq!(run(&[(bytes.as_bytes(), 0)]), expected, "{bytes:?}");
    }
}

/// Every sequence, split at every place, with every kind of pause: the key or nothing, besides an Esc that was alone
/// and a `[` or `O` that came alone after it.
#[test]
fn every_split_of_every_sequence_is_its_key_or_nothing() {
    for (text, word) in KNOWN {
        let bytes = text.as_bytes();
        for place in 1..bytes.len() {
            for pause in [0, 1, 20, 45, 49, 51, 100, 400, 1_000, 1_499, 2_000, 2_900] {
                if bytes[0] != 0x1b && pause > CHARACTER_TIMEOUT {
                    continue;
                }
                if place == 1 && pause >= LONE && matches!(bytes[1], b']' | b'P' | b'_' | b'm') {
                    // Behind an ESC that was given on they are keys; the rest is a burst or one unbound key.
                    continue;
                }
                let got = run(&[(&bytes[..place], 0), (&bytes[place..], pause)]);
                let harmless = |got: &String| got == word || ["esc", "stray", "[", "O"].contains(&got.as_str());
                assert!(got.iter().all(harmless), "{text:?} split at {place} by {pause} ms: {got:?}");
                if pause < STEP {
                    let expected: Vec<&str> = if *word == "none" { vec![] } else { vec![word] };
                    assert_eq!(got, expected, "{text:?} split at {place} by {pause} ms");
                }
            }
        }
    }
}

/// A line so slow that every byte comes alone.
#[test]
fn sequences_byte_by_byte_type_nothing() {
    for (text, word) in KNOWN {
        let bytes = text.as_bytes();
        if bytes.len() > 1 && matches!(bytes[1], b']' | b'P' | b'_' | b'm') || bytes[0] != 0x1b {
            continue;
        }
        for pause in [1, 30, 45, 60, 300, 900] {
            let pieces: Vec<(&[u8], u64)> = bytes.chunks(1).map(|byte| (byte, pause)).collect();
            let got = run(&pieces);
            let harmless = |got: &String| got == word || ["esc", "stray", "[", "O"].contains(&got.as_str());
            // What stands between the marks of a paste, three bytes of an old mouse and the letter of a console's
            // function key cannot be told from keys when even the mark came in pieces.
            if pause >= STEP && (*word == "paste" || text.starts_with("\x1b[M") || text.starts_with("\x1b[[")) {
                continue;
            }
            assert!(got.iter().all(harmless), "{text:?} by {pause} ms: {got:?}");
        }
    }
}

#[test]
fn what_a_person_types_comes_through() {
    type Typed<'a> = (&'a [(&'a [u8], u64)], &'a [&'a str]);
    let table: [Typed<'_>; 10] = [
        (&[(b"\x1b", 0)], &["esc"]),
        (&[(b"\x1b", 0), (b"j", 80)], &["esc", "j"]),
        (&[(b"[23", 0)], &["[", "2", "3"]),
        (&[(b"\x1b", 0), (b"[", 300), (b"j", 400)], &["esc", "[", "j"]),
        (&[(b"\x1b", 0), (b"[", 300), (b"m", 100)], &["esc", "[", "m"]),
        (&[(b"\x1b", 0), (b"[", 300), (b"[", 200), (b"[", 200)], &["esc", "[", "[", "["]),
        (&[(b"\x1b\x1b", 0)], &["esc", "esc"]),
        (&[(b"\x1b", 0), (b"[", 2_000), (b"2", 100), (b"3", 100)], &["esc", "[", "2", "3"]),
        (&[(b"\x1a\x03\r\t\x7f\0", 0)], &["ctrl-z", "ctrl-c", "enter", "tab", "backspace", "ctrl-space"]),
        ("２３あ".as_bytes().chunks(1).map(|b| (b, 1)).collect::<Vec<_>>().leak(), &["２", "３", "あ"]),
    ];
    for (pieces, expected) in table {
        assert_eq!(run(pieces), expected, "{pieces:?}");
    }
}

#[test]
fn bytes_that_are_no_text_are_stray() {
    // ノ and ミ in Shift_JIS end in letters; a cut UTF-8 character is followed by a key.
    assert_eq!(run(&[(b"\x83m\x83~", 0)]), ["stray", "m", "stray", "~"]);
    assert_eq!(run(&[(b"\xe9\xabm", 0)]), ["stray", "m"]);
    assert_eq!(run(&[(b"\xc2\x9b2", 0)]), ["stray", "2"]);
}

#[test]
fn a_paste_is_cut_but_its_end_is_found() {
    let text = format!("\x1b[200~{}\x1b[201~j", "m".repeat(3 * MAXIMUM_PASTE));
    assert_eq!(run(&[(text.as_bytes(), 0)]), ["paste", "j"]);
}

proptest::proptest! {
    /// Without ESC and controls nothing is changed, lost or reordered.
    #[test]
    fn other_keys_are_left_alone(keys in proptest::collection::vec(("[a-zA-Z0-9\\[;~髙ﾊﾟ]", 0u64..50), 0..30)) {
        let pieces: Vec<(&[u8], u64)> = keys.iter().map(|(key, gap)| (key.as_bytes(), *gap)).collect();
        let expected: Vec<String> = keys.iter().flat_map(|(key, _)| key.chars().map(String::from)).collect();
        proptest::prop_assert_eq!(run(&pieces), expected);
    }

    /// However bytes are cut, the same inputs come out where no time passes.
    #[test]
    fn pieces_do_not_matter(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60), size in 1usize..9) {
        let whole = run(&[(&bytes, 0)]);
        let pieces: Vec<(&[u8], u64)> = bytes.chunks(size).map(|piece| (piece, 0)).collect();
        proptest::prop_assert_eq!(run(&pieces), whole);
    }
}
