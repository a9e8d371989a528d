//! Keys of tables: a few fixed shapes, each with one order.

use std::ops::Bound;

/// A key. Keys of one shape are ordered like their parts; no table mixes shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Key<'a> {
    /// A record, row or running number.
    Number(u32),
    /// The number of an event.
    Seq(u64),
    /// A name or record key, ordered by its bytes.
    Text(&'a str),
    /// A column and one of its chunks.
    Chunk(u8, u32),
    /// An import and a running number.
    Pair(u32, u32),
    /// A record and the number of an event.
    Event(u32, u64),
    /// A 16-byte identity.
    Id(u128),
    /// The number of an operator, a list and the number of an event.
    Step(u32, u8, u64),
}

/// The shape of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Shape {
    Number,
    Seq,
    Text,
    Chunk,
    Pair,
    Event,
    Id,
    Step,
}

impl Key<'_> {
    /// Its shape.
    pub(super) fn shape(&self) -> Shape {
        match self {
            Self::Number(_) => Shape::Number,
            Self::Seq(_) => Shape::Seq,
            Self::Text(_) => Shape::Text,
            Self::Chunk(..) => Shape::Chunk,
            Self::Pair(..) => Shape::Pair,
            Self::Event(..) => Shape::Event,
            Self::Id(_) => Shape::Id,
            Self::Step(..) => Shape::Step,
        }
    }

    /// The number, where the key is one.
    pub(in crate::store) fn number(&self) -> Option<u32> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Bytes in the order of the keys.
    pub(in crate::store) fn encode(&self) -> Vec<u8> {
        match *self {
            Self::Number(number) => number.to_be_bytes().to_vec(),
            Self::Seq(number) => number.to_be_bytes().to_vec(),
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Chunk(column, chunk) => [&[column][..], &chunk.to_be_bytes()].concat(),
            Self::Pair(first, second) => [first.to_be_bytes(), second.to_be_bytes()].concat(),
            Self::Event(record, seq) => [&record.to_be_bytes()[..], &seq.to_be_bytes()].concat(),
            Self::Id(id) => id.to_be_bytes().to_vec(),
            Self::Step(operator, list, seq) => [&operator.to_be_bytes()[..], &[list], &seq.to_be_bytes()].concat(),
        }
    }
}

impl Shape {
    /// Reads what [`Key::encode`] wrote.
    pub(super) fn decode(self, bytes: &[u8]) -> Option<Key<'_>> {
        fn number(bytes: &[u8]) -> Option<u32> {
            bytes.try_into().ok().map(u32::from_be_bytes)
        }
        fn seq(bytes: &[u8]) -> Option<u64> {
            bytes.try_into().ok().map(u64::from_be_bytes)
        }
        Some(match self {
            Self::Number => Key::Number(number(bytes)?),
            Self::Seq => Key::Seq(seq(bytes)?),
            Self::Text => Key::Text(std::str::from_utf8(bytes).ok()?),
            Self::Chunk => {
                let (column, chunk) = bytes.split_first()?;
                Key::Chunk(*column, number(chunk)?)
            }
            Self::Pair => {
                let (first, second) = bytes.split_at_checked(4)?;
                Key::Pair(number(first)?, number(second)?)
            }
            Self::Event => {
                let (record, event) = bytes.split_at_checked(4)?;
                Key::Event(number(record)?, seq(event)?)
            }
            Self::Id => Key::Id(bytes.try_into().ok().map(u128::from_be_bytes)?),
            Self::Step => {
                let (operator, rest) = bytes.split_at_checked(4)?;
                let (list, event) = rest.split_first()?;
                Key::Step(number(operator)?, *list, seq(event)?)
            }
        })
    }
}

/// Where a range of keys begins and ends; one that ends before it begins holds nothing.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct KeyRange<'a> {
    pub(super) from: Bound<Key<'a>>,
    pub(super) to: Bound<Key<'a>>,
}

impl<'a> KeyRange<'a> {
    /// Every key.
    pub(in crate::store) const ALL: Self = Self { from: Bound::Unbounded, to: Bound::Unbounded };

    /// A key and those above.
    pub(in crate::store) fn from(key: Key<'a>) -> Self {
        Self { from: Bound::Included(key), to: Bound::Unbounded }
    }

    /// A key and those below.
    pub(in crate::store) fn up_to(key: Key<'a>) -> Self {
        Self { from: Bound::Unbounded, to: Bound::Included(key) }
    }

    /// From a key to below another one.
    pub(in crate::store) fn between(from: Key<'a>, to: Key<'a>) -> Self {
        Self { from: Bound::Included(from), to: Bound::Excluded(to) }
    }

    /// From a key up to another one.
    pub(in crate::store) fn within(from: Key<'a>, to: Key<'a>) -> Self {
        Self { from: Bound::Included(from), to: Bound::Included(to) }
    }

    /// Whether no key of any table lies in it.
    pub(super) fn is_empty(&self) -> bool {
        match (self.from, self.to) {
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Excluded(to) | Bound::Included(to)) => from >= to,
            _ => false,
        }
    }
}
