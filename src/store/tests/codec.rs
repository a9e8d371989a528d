//! Rows, blocks and search texts come back from their bytes, and other bytes never panic.

use proptest::prelude::*;

use crate::domain::original_codes::OriginalCodes;
use crate::domain::record::{Column, Row};
use crate::store::block::{BLOCK_BYTES, BLOCK_LIMIT, BlockWriter, block_row, block_rows, decompress};
use crate::store::codec::{
    FIRST_WORD, ROW_VERSION, RowPacker, WORDLESS, WORDS, cells, read_search, unpack_row, write_cell, write_search,
};

fn header() -> Vec<String> {
    (0..40).map(|n| format!("見出し{n}")).collect()
}

fn rows() -> impl Strategy<Value = Row> {
    let cell = prop_oneof![Just(String::new()), Just("山田　太郎".to_owned()), "[○×△12]", ".{0,12}"];
    let extras = proptest::collection::vec((0usize..40, ".{0,8}"), 0..4);
    let twins = proptest::collection::vec((any::<u32>(), any::<[u8; 2]>()), 0..3);
    (any::<u32>(), proptest::collection::vec(cell, Column::COUNT), extras, twins).prop_map(
        |(line, cells, extras, twins)| {
            let extras = extras.into_iter().map(|(at, value)| (header()[at].clone(), value)).collect();
            let mut row = Row { line, cells, extras, twins: OriginalCodes::default() };
            twins.into_iter().for_each(|(nth, bytes)| row.twins.push(nth, bytes));
            row
        },
    )
}

#[test]
fn too_few_cells_are_empty_and_too_many_are_left_out() {
    let mut packer = RowPacker::new();
    let row = unpack_row(packer.pack(3, ["a", "a"], []), &[]).unwrap();
    assert_eq!((row.cells.len(), row.cells[1].as_str(), row.cells[2].as_str()), (Column::COUNT, "a", ""));
    let row = unpack_row(packer.pack(3, ["b"; 99], [(7, "x")]), &[]).unwrap();
    assert_eq!((row.cells.len(), &row.extras[0]), (Column::COUNT, &("列8".to_owned(), "x".to_owned())));
}

#[test]
fn every_word_has_its_code() {
    for (code, word) in (FIRST_WORD as u8..).zip(WORDS) {
        for before in ["", word, "○○"] {
            let mut packed = Vec::new();
            write_cell(&mut packed, word, before);
            assert_eq!(packed, [code], "{word}");
        }
    }
    let mut packed = Vec::new();
    write_cell(&mut packed, "a", "");
    assert_eq!(packed, [FIRST_WORD as u8 + WORDS.len() as u8 + 1, b'a']);
}

#[test]
fn rows_of_older_stores_are_read() {
    let mut packed = vec![WORDLESS, 7, 5, 0xE2, 0x97, 0x8B, 1, 3, b'1', 2 + 6, 0xE2, 0x97, 0x8B, 0xC3, 0x97, b'!', 0];
    packed.resize(packed.len() + Column::COUNT - 5, 0);
    packed.push(0);
    let row = unpack_row(&packed, &[]).unwrap();
    assert_eq!((row.line, &row.cells[..6]), (7, &["○", "○", "1", "○×!", "", ""].map(str::to_owned)[..]));
    packed[0] = ROW_VERSION + 1;
    assert!(unpack_row(&packed, &[]).is_none());
}

#[test]
fn blocks_fill_their_pages_and_never_spill() {
    let (mut packer, mut block, mut random) = (RowPacker::new(), BlockWriter::default(), oorandom::Rand64::new(7));
    let (mut rows, mut sizes) = (0, Vec::new());
    for line in 0..20_000u32 {
        // Every so often a stretch of rows that hardly compress.
        let length = if line / 1500 % 3 == 1 { 90 } else { 30 };
        let noise: String = (0..length).map(|_| char::from(33 + random.rand_range(0..90) as u8)).collect();
        if block.push(packer.pack(line, [noise.as_str(), "東京都港区赤坂一丁目", "東京都港区赤坂一丁目"], []))
        {
            let (count, packed) = block.take().unwrap();
            rows += count;
            sizes.push(packed.len());
        }
    }
    let full = sizes.iter().filter(|&&size| size > BLOCK_BYTES * 9 / 10).count();
    assert!(sizes.iter().all(|&size| size <= BLOCK_BYTES), "{sizes:?}");
    assert!(full * 10 > sizes.len() * 8, "{sizes:?}");
    assert_eq!(rows + block.rows(), 20_000);
    assert!(block.rows() > 0 && block.push(packer.pack(0, ["長".repeat(200_000).as_str()], [])));
    while let Some((count, _)) = block.take() {
        rows += count;
    }
    assert_eq!(rows, 20_001);
}

proptest! {
    #[test]
    fn rows_come_back_as_they_were(many in proptest::collection::vec(rows(), 1..70)) {
        let (mut packer, mut block) = (RowPacker::new(), BlockWriter::default());
        for row in &many {
            block.push(packer.pack_row(row, &header()));
        }
        let mut read = Vec::new();
        while let Some((count, packed)) = block.take() {
            let bytes = decompress(packed, BLOCK_LIMIT).unwrap();
            for n in 0..count {
                let packed = block_row(&bytes, n).unwrap();
                let row = unpack_row(packed, &header()).unwrap();
                let first = n % (Column::COUNT + 1);
                let some = cells(packed, first).unwrap();
                prop_assert_eq!(cells(packed, Column::COUNT).unwrap().map(str::to_owned).to_vec(), row.cells.clone());
                let expected = |at: usize| if at < first { row.cells[at].as_str() } else { "" };
                prop_assert_eq!(some, std::array::from_fn(expected));
                read.push(row);
            }
            prop_assert!(block_row(&bytes, count).is_none());
        }
        prop_assert!(read == many);
    }

    #[test]
    fn damaged_bytes_never_panic(row in rows(), at: usize, by: u8, cut: usize) {
        let (mut packer, mut block) = (RowPacker::new(), BlockWriter::default());
        let mut packed = packer.pack_row(&row, &header()).to_vec();
        let at_row = at % packed.len();
        packed[at_row] ^= by;
        packed.truncate(cut % (packed.len() + 1));
        let _ = unpack_row(&packed, &header());
        block.push(&packed);
        let mut stored = block.take().unwrap().1.to_vec();
        let at = at % stored.len();
        stored[at] ^= by;
        if let Some(bytes) = decompress(&stored, BLOCK_LIMIT) {
            for found in block_rows(&bytes).flatten() {
                let _ = unpack_row(found, &header());
            }
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = unpack_row(&bytes, &[]);
        let _ = decompress(&bytes, BLOCK_LIMIT);
        let _ = block_rows(&bytes).count();
        let _ = read_search(&bytes, |_, _| {});
    }

    #[test]
    fn search_texts_come_back(texts in proptest::collection::vec((any::<u32>(), ".{0,20}"), 0..20)) {
        let mut chunk = Vec::new();
        for (no, text) in &texts {
            write_search(&mut chunk, *no, text);
        }
        let mut found = Vec::new();
        read_search(&chunk, |no, text| found.push((no, text.to_owned()))).unwrap();
        prop_assert_eq!(found, texts);
    }
}
