//! Where the records of a file come from, whatever kind of file it is: decoded text, or the cells of a sheet.
//!
//! A source gives records as text in CSV form, each with its line (of a sheet: its row) and what its cells are beside their text;
//! everything behind it knows no kinds of files.

use super::error::Refusal;
use super::frame::{Frame, Framer, Slab};
use super::layout::Layout;

/// A source of records.
pub(crate) trait RecordSource: Send {
    /// Advances to the next record, skipping empty lines; `None` at the end. [`Frame::of`] reads it from [`Self::text`].
    fn advance(&mut self) -> Result<Option<Frame>, Refusal>;

    /// The text that the record given last stands in.
    fn text(&self) -> &str;

    /// Goes back to the beginning of the record that [`Self::advance`] gave last.
    fn back(&mut self, frame: &Frame);

    /// Says how the records from here on are read.
    fn expect(&mut self, layout: &Layout);

    /// The next records with their text, as an owned slab; `None` at the end.
    fn slab(&mut self) -> Result<Option<Slab>, Refusal>;

    /// SHA-256 of the bytes of the file, of those that were read where it was not read to its end.
    fn sha256(&mut self) -> String;
}

impl RecordSource for Framer {
    fn advance(&mut self) -> Result<Option<Frame>, Refusal> {
        Self::advance(self)
    }

    fn text(&self) -> &str {
        Self::text(self)
    }

    fn back(&mut self, frame: &Frame) {
        Self::back(self, frame);
    }

    fn expect(&mut self, layout: &Layout) {
        Self::expect(self, layout.width);
    }

    fn slab(&mut self) -> Result<Option<Slab>, Refusal> {
        Self::slab(self)
    }

    fn sha256(&mut self) -> String {
        Self::sha256(self)
    }
}
