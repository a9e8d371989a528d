//! Spans over both originals, for highlighting: in order, without gap, never inside a grapheme cluster.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How the two sides of a span relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SpanKind {
    /// The same text.
    Equal,
    /// Equal after harmless steps.
    Notation,
    /// Doubtful: a person decides.
    Uncertain,
    /// A real difference.
    Different,
}

/// Range of the left original with the corresponding range of the right one; one of them may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aligned {
    /// How the two sides relate.
    pub kind: SpanKind,
    /// Bytes in the left original.
    pub left: Range<usize>,
    /// Bytes in the right original.
    pub right: Range<usize>,
}

/// Collects spans in reading order and fills the gaps between them.
#[derive(Debug)]
pub(crate) struct SpanBuilder {
    spans: Vec<Aligned>,
    left: usize,
    right: usize,
}

impl SpanBuilder {
    /// Returns an empty list.
    pub(crate) fn new() -> Self {
        Self { spans: Vec::with_capacity(8), left: 0, right: 0 }
    }

    /// Returns the ends of the last span.
    pub(crate) fn position(&self) -> (usize, usize) {
        (self.left, self.right)
    }

    /// Adds a span. Text between the last span and this one becomes a span of its own.
    pub(crate) fn push(&mut self, kind: SpanKind, left: Range<usize>, right: Range<usize>, texts: (&str, &str)) {
        let skipped = (self.left..left.start.max(self.left), self.right..right.start.max(self.right));
        if !skipped.0.is_empty() || !skipped.1.is_empty() {
            let same = texts.0[skipped.0.clone()] == texts.1[skipped.1.clone()];
            self.add(if same { SpanKind::Equal } else { SpanKind::Notation }, skipped.0, skipped.1);
        }
        let (l, r) = (
            left.start.max(self.left)..left.end.max(self.left),
            right.start.max(self.right)..right.end.max(self.right),
        );
        if !l.is_empty() || !r.is_empty() {
            self.add(kind, l, r);
        }
    }

    /// Changes differences into doubtful spans.
    pub(crate) fn soften(&mut self) {
        for span in &mut self.spans {
            if span.kind == SpanKind::Different {
                span.kind = SpanKind::Uncertain;
            }
        }
    }

    fn add(&mut self, kind: SpanKind, left: Range<usize>, right: Range<usize>) {
        self.left = left.end;
        self.right = right.end;
        match self.spans.last_mut() {
            Some(last) if last.kind == kind => {
                last.left.end = left.end;
                last.right.end = right.end;
            }
            _ => self.spans.push(Aligned { kind, left, right }),
        }
    }

    /// Returns the spans, filled up to the end of both texts.
    pub(crate) fn finish(mut self, texts: (&str, &str)) -> Vec<Aligned> {
        let end = (texts.0.len(), texts.1.len());
        self.push(SpanKind::Notation, end.0..end.0, end.1..end.1, texts);
        self.spans
    }
}
