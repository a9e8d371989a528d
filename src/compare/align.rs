//! Spans over both originals, for highlighting: in order, without gap, never inside a grapheme cluster.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How the two sides of a span relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SpanKind {
    /// The same text.
    Equal,
    /// Equal after harmless steps.
    Notation,
    /// A person decides.
    Uncertain,
    /// A real difference.
    Different,
}

/// One stretch of the left original and the stretch of the right original it belongs to; one of the two may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aligned {
    /// How the two sides relate.
    pub kind: SpanKind,
    /// Bytes in the left original.
    pub left: Range<usize>,
    /// Bytes in the right original.
    pub right: Range<usize>,
}

/// Collects spans in reading order and fills what lies between them.
#[derive(Debug)]
pub(crate) struct SpanBuilder {
    spans: Vec<Aligned>,
    left: usize,
    right: usize,
}

impl SpanBuilder {
    pub(crate) fn new() -> Self {
        Self { spans: Vec::with_capacity(8), left: 0, right: 0 }
    }

    /// The ends of what has been added so far.
    pub(crate) fn position(&self) -> (usize, usize) {
        (self.left, self.right)
    }

    /// Adds a span that ends at the given positions. Text skipped before its start becomes a span of its own.
    pub(crate) fn push(&mut self, kind: SpanKind, left: Range<usize>, right: Range<usize>, texts: (&str, &str)) {
        let between = (self.left..left.start.max(self.left), self.right..right.start.max(self.right));
        if !between.0.is_empty() || !between.1.is_empty() {
            let same = texts.0[between.0.clone()] == texts.1[between.1.clone()];
            self.add(if same { SpanKind::Equal } else { SpanKind::Notation }, between.0, between.1);
        }
        let (l, r) = (
            left.start.max(self.left)..left.end.max(self.left),
            right.start.max(self.right)..right.end.max(self.right),
        );
        if !l.is_empty() || !r.is_empty() {
            self.add(kind, l, r);
        }
    }

    /// Turns differences into questions.
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

    /// Closes the list at the end of both texts.
    pub(crate) fn finish(mut self, texts: (&str, &str)) -> Vec<Aligned> {
        let end = (texts.0.len(), texts.1.len());
        self.push(SpanKind::Notation, end.0..end.0, end.1..end.1, texts);
        self.spans
    }
}
