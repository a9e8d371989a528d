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
            prop_assert_eq!(&record.cells[28], crate::ingest::reader::unguard(note));
        }
    }
}
