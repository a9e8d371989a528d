//! Whatever the bytes are: no panic, and every row is accounted for.

use proptest::prelude::*;

use super::*;

fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => (0u32..6).prop_map(|n| line(n, none).into_bytes()),
        1 => (0u32..6).prop_map(|n| cp932(&line(n, none))),
        2 => prop_oneof![Just("\r\n"), Just("\n"), Just("\r"), Just(","), Just("\""), Just("\"\""), Just("\u{1A}"), Just("=\"")]
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => "[○×△,0-9あ-ん\"\r\n ]{0,60}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn rows_always_add_up(pieces in proptest::collection::vec(piece(), 0..30), end in prop_oneof![Just("\n"), Just("\r\n"), Just("\r")]) {
        let mut bytes = header().into_bytes();
        for piece in pieces {
            bytes.extend(end.as_bytes());
            bytes.extend(piece);
        }
        let store = MemoryStore::default();
        match run(&store, &bytes, &ImportOptions::default()) {
            Ok(report) => {
                prop_assert!(report.adds_up());
                let state = store.look();
                prop_assert_eq!(state.records.len() as u64, report.imported);
                prop_assert_eq!(state.quarantine.len() as u64, report.quarantined);
                let classes: u64 = report.by_class.iter().map(|(_, n)| n).sum();
                prop_assert_eq!(classes, report.imported);
                prop_assert!(state.quarantine.windows(2).all(|w| w[0].line <= w[1].line));
            }
            Err(error) => prop_assert!(error.is_refused(), "{}", error),
        }
    }

    /// A file that was right and is damaged in a few places.
    #[test]
    fn damaged_files_are_refused_or_add_up(
        rows in 1u32..8,
        encoding in 0u8..3,
        damages in proptest::collection::vec((0u8..5, any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let text = file(&(0..rows).map(|n| line(n, none)).collect::<Vec<_>>());
        let mut bytes = match encoding {
            0 => text.clone().into_bytes(),
            1 => cp932(&text),
            _ => std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        };
        for (kind, from, to, byte) in damages {
            if bytes.is_empty() {
                break;
            }
            let (a, b) = (from.index(bytes.len()), to.index(bytes.len()));
            let (a, b) = (a.min(b), a.max(b));
            match kind {
                0 => bytes[a] ^= byte,
                1 => bytes.insert(a, byte),
                2 => bytes.truncate(b),
                3 => {
                    let part = bytes[a..b].to_vec();
                    bytes.splice(a..a, part);
                }
                _ => drop(bytes.drain(a..b)),
            }
        }
        let store = MemoryStore::default();
        match run(&store, &bytes, &ImportOptions::default()) {
            Ok(report) => {
                prop_assert!(report.adds_up());
                prop_assert_eq!(store.look().records.len() as u64, report.imported);
                prop_assert_eq!(store.look().quarantine.len() as u64, report.quarantined);
                // The same damage again is nothing new.
                let again = run(&store, [&bytes[..], b"\r\n"].concat(), &ImportOptions::default());
                if let Ok(again) = again {
                    prop_assert!(again.adds_up());
                }
            }
            Err(error) => {
                prop_assert!(error.is_refused(), "{}", error);
                prop_assert!(store.look().imports.is_empty());
                prop_assert!(!error.to_string().contains("000012345674"));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused_or_taken(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Err(error) = run(&MemoryStore::default(), &bytes, &ImportOptions::default()) {
            prop_assert!(error.is_refused());
        }
    }

    /// What the csv crate writes is read back cell by cell, at the right line.
    #[test]
    fn written_records_are_read_back(notes in proptest::collection::vec("[あ-う\",\r\n =x]{0,12}", 1..12)) {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        writer.write_record(header().split(',')).unwrap();
        for (n, note) in notes.iter().enumerate() {
            let text = line(n as u32, none);
            let mut cells: Vec<&str> = text.split(',').collect();
            cells[28] = note;
            writer.write_record(cells).unwrap();
        }
        let (store, report) = take(writer.into_inner().unwrap());
        prop_assert_eq!(report.imported as usize, notes.len());
        for (record, note) in store.look().records.iter().zip(&notes) {
            prop_assert_eq!(&record.cells[28], crate::ingest::cells::unguard(note));
        }
    }
}
