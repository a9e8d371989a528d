//! Record keys while an import writes them.
//!
//! Files come sorted by 整理番号 as a rule: then a key above all others is new without a look, and keys enter the index
//! at its end; no filter is kept of them, for a million scattered bits cost more than all else here. Where they are not
//! sorted, the filter answers "never written by this import" without reading, and keys enter the index in sorted runs.

use std::ops::Bound;

use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::StoreError;
use super::envelope::{self, ValueKind};
use super::fingerprint::Fingerprinter;
use super::schema::BY_KEY;

/// Keys held before they enter the index.
const HELD: usize = 16_384;

/// Bits of the filter: at 2 M keys one of some 500 unknown keys is looked up for nothing.
const FILTER_BITS: u64 = 1 << 25;

/// Keys of the index that are read ahead at most.
const AHEAD: usize = 256;

/// What is known about the key of a row.
pub(super) struct KeyWriter {
    /// The index as it was before the import, where it held anything.
    before: Option<ReadOnlyTable<&'static str, u64>>,
    /// The stretch of that index around the last hit, in order: the next row probably asks for the next key.
    ahead: Vec<(String, u64)>,
    ahead_at: usize,
    /// How many keys were read ahead.
    stretch: usize,
    /// The greatest key of all, in the index or held.
    greatest: Option<String>,
    /// The greatest key in the index as it is written now.
    written: Option<String>,
    /// New keys that are not in the index yet.
    held: Held,
    /// Whether every key of this import came above all others.
    ordered: bool,
    /// Whether keys of this import are in the index already.
    flushed: bool,
    /// The greatest key that this import wrote without noting it in the filter: below it the filter does not answer.
    unfiltered: Option<String>,
    /// Two bits for every other key this import wrote.
    filter: Vec<u64>,
}

impl KeyWriter {
    /// Starts from the index as it is.
    pub(super) fn new(read: &ReadTransaction) -> Result<Self, StoreError> {
        let table = read.open_table(BY_KEY)?;
        let greatest = table.last()?.map(|(key, _)| key.value().to_owned());
        let before = (table.len()? > 0).then_some(table);
        Ok(Self {
            before,
            ahead: Vec::new(),
            ahead_at: 0,
            stretch: 1,
            written: greatest.clone(),
            greatest,
            held: Held::default(),
            ordered: true,
            flushed: false,
            unfiltered: None,
            filter: vec![0; (FILTER_BITS / 64) as usize],
        })
    }

    /// The number of the record with a key.
    pub(super) fn find(&mut self, txn: &WriteTransaction, key: &str) -> Result<Option<u32>, StoreError> {
        if self.greatest.as_deref().is_none_or(|greatest| key > greatest) {
            return Ok(None);
        }
        if let Some(value) = self.find_before(key)? {
            return envelope::open_checked(ValueKind::Key, key.as_bytes(), value).map(Some);
        }
        if !self.may_have_written(key) {
            return Ok(None);
        }
        if let Some(no) = self.held.get(key) {
            return Ok(Some(no));
        }
        let table = txn.open_table(BY_KEY)?;
        let value = table.get(key)?.map(|value| value.value());
        value.map(|value| envelope::open_checked(ValueKind::Key, key.as_bytes(), value)).transpose()
    }

    /// Whether this import may have written a key; the filter seldom says so of one that it has not.
    fn may_have_written(&self, key: &str) -> bool {
        self.ordered
            || self.unfiltered.as_deref().is_some_and(|greatest| key <= greatest)
            || bits(key).iter().all(|bit| self.filter[(bit / 64) as usize] >> (bit % 64) & 1 == 1)
    }

    fn find_before(&mut self, key: &str) -> Result<Option<u64>, StoreError> {
        let Some(before) = &self.before else { return Ok(None) };
        if let Some((next, value)) = self.ahead.get(self.ahead_at)
            && next == key
        {
            self.ahead_at += 1;
            return Ok(Some(*value));
        }
        let spans = |ahead: &[(String, u64)]| {
            ahead.first().is_some_and(|(first, _)| first.as_str() <= key)
                && ahead.last().is_some_and(|(last, _)| key <= last.as_str())
        };
        if spans(&self.ahead) {
            let found = self.ahead.binary_search_by(|(known, _)| known.as_str().cmp(key));
            self.ahead_at = found.map_or_else(|place| place, |place| place + 1);
            return Ok(found.ok().map(|place| self.ahead[place].1));
        }
        // A stretch that was used to its end shows a file in the order of the index: read further ahead each time.
        let used_up = !self.ahead.is_empty() && self.ahead_at == self.ahead.len();
        self.stretch = if used_up { (2 * self.stretch).min(AHEAD) } else { 1 };
        self.ahead.clear();
        for entry in before.range(key..)?.take(self.stretch) {
            let (known, value) = entry?;
            self.ahead.push((known.value().to_owned(), value.value()));
        }
        let hit = self.ahead.first().filter(|(first, _)| first == key).map(|(_, value)| *value);
        self.ahead_at = usize::from(hit.is_some());
        Ok(hit)
    }

    /// Adds a new key; one that this import already wrote is refused.
    pub(super) fn add(&mut self, txn: &WriteTransaction, key: &str, no: u32) -> Result<(), StoreError> {
        let above = self.greatest.as_deref().is_none_or(|greatest| key > greatest);
        if !above && self.may_have_written(key) && self.held.get(key).is_some() {
            return Err(twice());
        }
        if self.ordered && !above {
            self.ordered = false;
            if self.flushed {
                self.unfiltered.clone_from(&self.greatest);
            } else {
                for entry in &self.held.entries {
                    note(&mut self.filter, self.held.key(entry));
                }
            }
        }
        if !self.ordered {
            note(&mut self.filter, key);
        }
        self.held.push(key, no);
        if above {
            key.clone_into(self.greatest.get_or_insert_default());
        }
        if self.held.entries.len() >= HELD { self.flush(txn) } else { Ok(()) }
    }

    /// Enters the keys held into the index.
    pub(super) fn flush(&mut self, txn: &WriteTransaction) -> Result<(), StoreError> {
        self.flushed = true;
        self.held.sort();
        let held = std::mem::take(&mut self.held);
        let (Some(first), Some(last)) = (held.entries.first(), held.entries.last()) else { return Ok(()) };
        let (first, last) = (held.key(first), held.key(last));
        if held.entries.windows(2).any(|pair| held.key(&pair[0]) == held.key(&pair[1])) {
            return Err(twice());
        }
        let above = self.written.as_deref().is_none_or(|written| first > written);
        if self.written.as_deref().is_none_or(|written| last > written) {
            self.written = Some(last.to_owned());
        }
        let mut table = txn.open_table(BY_KEY)?;
        let entries = held.entries.iter().map(|entry| {
            let key = held.key(entry);
            (key, envelope::checked(ValueKind::Key, key.as_bytes(), entry.no))
        });
        if above {
            let mut cursor = table.upper_bound_mut(Bound::<&str>::Unbounded)?;
            for (key, value) in entries {
                cursor.insert_before(key, value)?;
            }
            cursor.close()?;
        } else {
            for (key, value) in entries {
                if table.insert(key, value)?.is_some() {
                    return Err(twice());
                }
            }
        }
        Ok(())
    }

    /// Lets go of the view of the index before the import.
    pub(super) fn forget_before(&mut self) {
        self.before = None;
    }
}

/// Keys one after another in one text, with their numbers.
#[derive(Default)]
struct Held {
    text: String,
    entries: Vec<Entry>,
    /// How many of the first entries are in order.
    sorted: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    start: u32,
    end: u32,
    no: u32,
}

impl Held {
    fn key(&self, entry: &Entry) -> &str {
        &self.text[entry.start as usize..entry.end as usize]
    }

    fn push(&mut self, key: &str, no: u32) {
        let start = self.text.len() as u32;
        self.text.push_str(key);
        let in_order = self.sorted == self.entries.len() && self.entries.last().is_none_or(|last| self.key(last) < key);
        self.entries.push(Entry { start, end: self.text.len() as u32, no });
        self.sorted += usize::from(in_order);
    }

    /// Puts the keys in order; those that are in order already cost little.
    fn sort(&mut self) {
        if self.sorted < self.entries.len() {
            let text = std::mem::take(&mut self.text);
            self.entries
                .sort_by(|a, b| text[a.start as usize..a.end as usize].cmp(&text[b.start as usize..b.end as usize]));
            self.text = text;
            self.sorted = self.entries.len();
        }
    }

    fn get(&mut self, key: &str) -> Option<u32> {
        self.sort();
        let found = self.entries.binary_search_by(|entry| self.key(entry).cmp(key));
        found.ok().map(|place| self.entries[place].no)
    }
}

fn twice() -> StoreError {
    StoreError::Refused("同じ整理番号の記録を二度追加しようとしました".to_owned())
}

/// Notes a key in the filter.
fn note(filter: &mut [u64], key: &str) {
    for bit in bits(key) {
        filter[(bit / 64) as usize] |= 1 << (bit % 64);
    }
}

/// The bits of a key in the filter.
fn bits(key: &str) -> [u64; 2] {
    let mut fingerprint = Fingerprinter::new();
    fingerprint.cell(key.as_bytes());
    let hash = fingerprint.finish();
    [hash % FILTER_BITS, (hash >> 32) % FILTER_BITS]
}
