//! Records of a fixed size as bytes.

/// A record of a fixed size.
pub trait Fixed: Copy {
    /// The size in bytes.
    const BYTES: usize;

    /// Appends the bytes.
    fn put(&self, to: &mut Vec<u8>);

    /// Reads what [`Fixed::put`] wrote from the first [`Fixed::BYTES`] bytes.
    fn take(bytes: &[u8]) -> Self;
}

macro_rules! integer {
    ($($integer:ty),*) => {$(
        impl Fixed for $integer {
            const BYTES: usize = size_of::<$integer>();

            fn put(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Self {
                bytes.first_chunk().map_or(0, |bytes| Self::from_le_bytes(*bytes))
            }
        }
    )*};
}

integer!(u8, u32, u64);

impl<const N: usize> Fixed for [u8; N] {
    const BYTES: usize = N;

    fn put(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self);
    }

    fn take(bytes: &[u8]) -> Self {
        bytes.first_chunk().copied().unwrap_or([0; N])
    }
}

macro_rules! tuple {
    ($($part:ident $place:tt),*) => {
        impl<$($part: Fixed),*> Fixed for ($($part,)*) {
            const BYTES: usize = 0 $(+ $part::BYTES)*;

            fn put(&self, to: &mut Vec<u8>) {
                $(self.$place.put(to);)*
            }

            fn take(bytes: &[u8]) -> Self {
                let mut at = 0;
                let record = ($({
                    let part = $part::take(&bytes[at..]);
                    at += $part::BYTES;
                    part
                },)*);
                debug_assert_eq!(at, Self::BYTES);
                record
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
