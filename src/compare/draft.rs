//! Draft of a comparison: collects steps and spans and derives the verdict.

use std::ops::Range;

use super::alignment::{UnitRelation, align};
use super::char_class::is_dropped;
use super::field::FieldKind;
use super::reason::{Code, Hint, Reason, StepClass};
use super::span::{Aligned, SpanBuilder, SpanKind};
use super::unit::{Unit, UnitLine};
use super::verdict::{Comparison, Verdict};
use super::visible::visible;

/// Step of a comparison before it is worded, because the wording depends on the direction.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) code: Code,
    pub(crate) class: StepClass,
    pub(crate) label: &'static str,
    /// Whether the wording shows both texts: `label left→right`.
    pub(crate) arrow: bool,
    pub(crate) left: Range<usize>,
    pub(crate) right: Range<usize>,
}

/// Collects the findings of a comparison.
#[derive(Debug)]
pub(crate) struct ComparisonDraft<'a> {
    pub(crate) left: &'a str,
    pub(crate) right: &'a str,
    /// Steps recorded so far.
    pub(crate) steps: Vec<Step>,
    spans: Option<SpanBuilder>,
    /// Whether spans are wanted.
    pub(crate) with_spans: bool,
    min_verdict: Verdict,
    /// Number of placeholders that may stand for a character of the other side.
    pub(crate) placeholders: usize,
    /// Number of pairs that are unreadable on both sides.
    pub(crate) unreadable: usize,
    /// Possible cause of a difference.
    pub(crate) hint: Option<Hint>,
    /// Whether the verdict is 一致 although the texts differ (codes of one value).
    pub(crate) same_value: bool,
}

impl<'a> ComparisonDraft<'a> {
    /// Returns a draft without findings.
    pub(crate) fn new(left: &'a str, right: &'a str, with_spans: bool) -> Self {
        Self {
            left,
            right,
            steps: Vec::new(),
            spans: None,
            with_spans,
            min_verdict: Verdict::Same,
            placeholders: 0,
            unreadable: 0,
            hint: None,
            same_value: false,
        }
    }

    /// Removes all findings, to try another reading of the same texts.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.left, self.right, self.with_spans);
    }

    /// Takes the findings of a draft about other texts with the same byte positions.
    pub(crate) fn with_findings_of(self, other: ComparisonDraft<'_>) -> Self {
        let ComparisonDraft { steps, spans, min_verdict, placeholders, unreadable, hint, same_value, .. } = other;
        Self { steps, spans, min_verdict, placeholders, unreadable, hint, same_value, ..self }
    }

    /// Records empty sides; returns whether there is one, so that the comparison is complete.
    pub(crate) fn record_missing(&mut self, field: FieldKind) -> bool {
        let blank = |text: &str| text.chars().all(is_dropped);
        let (l, r) = (blank(self.left), blank(self.right));
        if !l && !r {
            return false;
        }
        let code = match field {
            FieldKind::Kanji => Code::NM,
            FieldKind::Kana => Code::KM,
            FieldKind::Birth => Code::DM,
            FieldKind::Sex => Code::SM,
            FieldKind::Address => Code::AM,
        };
        self.step(code, StepClass::Difference, if l && r { "両方とも空欄" } else { "片方が空欄" });
        self.min_verdict = Verdict::Missing;
        self.set_whole_span(if self.left == self.right { SpanKind::Equal } else { SpanKind::Different });
        true
    }

    /// Records a step for both whole values.
    pub(crate) fn step(&mut self, code: Code, class: StepClass, label: &'static str) {
        self.step_at(code, class, label, false, 0..self.left.len(), 0..self.right.len());
    }

    /// Records a step for a part of both values; steps of one kind without arrow are merged.
    pub(crate) fn step_at(
        &mut self,
        code: Code,
        class: StepClass,
        label: &'static str,
        arrow: bool,
        left: Range<usize>,
        right: Range<usize>,
    ) {
        if !arrow
            && let Some(old) = self.steps.iter_mut().find(|s| s.code == code && s.label == label && s.class == class)
        {
            old.left = old.left.start.min(left.start)..old.left.end.max(left.end);
            old.right = old.right.start.min(right.start)..old.right.end.max(right.end);
            return;
        }
        // Adjacent differences are merged.
        if class == StepClass::Difference
            && let Some(last) = self.steps.last_mut()
            && (last.code, last.label, last.class) == (code, label, class)
            && (last.left.end, last.right.end) == (left.start, right.start)
            && last.left.is_empty() == left.is_empty()
            && last.right.is_empty() == right.is_empty()
        {
            (last.left.end, last.right.end) = (left.end, right.end);
            return;
        }
        if self.steps.len() < MAX_STEPS || class > StepClass::A {
            self.steps.push(Step { code, class, label, arrow, left, right });
        }
    }

    /// Returns the verdict on the steps so far.
    pub(crate) fn verdict(&self) -> Verdict {
        let steps = self.steps.iter().map(|s| s.class).max();
        let by_steps = match steps {
            None if self.left == self.right => Verdict::Same,
            None | Some(StepClass::A) if self.same_value => Verdict::Same,
            None | Some(StepClass::A) => Verdict::Notation,
            Some(StepClass::B) => Verdict::Uncertain,
            Some(StepClass::Difference) => Verdict::Different,
        };
        by_steps.max(self.min_verdict)
    }

    /// Adds a span.
    pub(crate) fn span(&mut self, kind: SpanKind, left: Range<usize>, right: Range<usize>) {
        let texts = (self.left, self.right);
        self.spans.get_or_insert_with(SpanBuilder::new).push(kind, left, right, texts);
    }

    /// Replaces all spans by one for the whole values.
    pub(crate) fn set_whole_span(&mut self, kind: SpanKind) {
        self.spans = None;
        self.span(kind, 0..self.left.len(), 0..self.right.len());
    }

    /// Records a pair of an alignment: its span, and its step if it needs one.
    pub(crate) fn record_pair(
        &mut self,
        pair: UnitRelation,
        left: &Unit,
        right: &Unit,
        difference: Code,
        folding: FoldingRecorder,
    ) {
        let (l, r) = (left.range(), right.range());
        let kind = match pair {
            UnitRelation::Equal => {
                if self.left[l.clone()] == self.right[r.clone()] {
                    SpanKind::Equal
                } else {
                    folding(self, left, right);
                    SpanKind::Notation
                }
            }
            UnitRelation::Step(code, class, label) => {
                self.step_at(code, class, label, true, l.clone(), r.clone());
                if class == StepClass::A { SpanKind::Notation } else { SpanKind::Uncertain }
            }
            UnitRelation::Placeholder => {
                self.placeholders += 1;
                self.step_at(Code::N3, StepClass::B, "読めない文字", true, l.clone(), r.clone());
                SpanKind::Uncertain
            }
            UnitRelation::Unreadable => {
                self.unreadable += 1;
                self.step_at(Code::N3, StepClass::B, "双方とも読めない文字", true, l.clone(), r.clone());
                SpanKind::Uncertain
            }
            UnitRelation::Unrelated => {
                self.step_at(difference, StepClass::Difference, "文字が異なる", true, l.clone(), r.clone());
                SpanKind::Different
            }
        };
        self.span(kind, l, r);
    }

    /// Records a gap: units on one side only.
    pub(crate) fn record_gap(
        &mut self,
        side_left: bool,
        units: &[Unit],
        code: Code,
        class: StepClass,
        label: &'static str,
    ) {
        let (Some(first), Some(last)) = (units.first(), units.last()) else { return };
        let range = first.start as usize..last.end as usize;
        let kind = match class {
            StepClass::A => SpanKind::Notation,
            StepClass::B => SpanKind::Uncertain,
            StepClass::Difference => SpanKind::Different,
        };
        let here = self.spans.as_ref().map_or((0, 0), SpanBuilder::position);
        let (left, right) = if side_left { (range, here.1..here.1) } else { (here.0..here.0, range) };
        self.step_at(code, class, label, true, left.clone(), right.clone());
        self.span(kind, left, right);
    }

    /// Compares two lines unit by unit and records what the rule finds.
    pub(crate) fn compare_units(
        &mut self,
        left: &[Unit],
        right: &[Unit],
        rule: PairRule,
        difference: Code,
        folding: FoldingRecorder,
    ) {
        if left.len() == right.len() && (0..left.len()).all(|i| rule(left, i, right, i) != UnitRelation::Unrelated) {
            for i in 0..left.len() {
                self.record_pair(rule(left, i, right, i), &left[i], &right[i], difference, folding);
            }
            return;
        }
        let cost = |i: usize, j: usize| match rule(left, i, right, j) {
            UnitRelation::Equal => 0,
            UnitRelation::Step(_, StepClass::A, _) => 1,
            UnitRelation::Step(..) | UnitRelation::Placeholder | UnitRelation::Unreadable => 2,
            UnitRelation::Unrelated => 4,
        };
        // Where both have a space, surname is aligned with surname and given name with given name.
        let space = |units: &[Unit]| units.iter().position(|u| u.spaced);
        let parts = match (space(left), space(right)) {
            (Some(l), Some(r)) => vec![(0..l, 0..r), (l..left.len(), r..right.len())],
            _ => vec![(0..left.len(), 0..right.len())],
        };
        for (l, r) in parts {
            let (i0, j0) = (l.start, r.start);
            if i0 > 0 && j0 > 0 {
                let (at_left, at_right) = (left[i0].start as usize, right[j0].start as usize);
                self.span(SpanKind::Notation, at_left..at_left, at_right..at_right);
            }
            for place in align(&left[l], &right[r], |i, j| cost(i0 + i, j0 + j)) {
                match (place.0.map(|i| i0 + i), place.1.map(|j| j0 + j)) {
                    (Some(i), Some(j)) => {
                        self.record_pair(rule(left, i, right, j), &left[i], &right[j], difference, folding)
                    }
                    (Some(i), None) => {
                        self.record_gap(true, &left[i..=i], difference, StepClass::Difference, "文字の有無")
                    }
                    (None, Some(j)) => {
                        self.record_gap(false, &right[j..=j], difference, StepClass::Difference, "文字の有無")
                    }
                    (None, None) => {}
                }
            }
        }
    }

    /// Replaces all differences by one step.
    pub(crate) fn replace_differences(&mut self, code: Code, class: StepClass, label: &'static str, arrow: bool) {
        let gone = |s: &Step| s.class == StepClass::Difference;
        let join = |range: fn(&Step) -> Range<usize>, steps: &[Step]| {
            let all = || steps.iter().filter(|s| gone(s)).map(range);
            let any = all().any(|r| !r.is_empty());
            // Empty ranges are ignored: they may lie before a space.
            let ranges = || all().filter(move |r| !any || !r.is_empty());
            let start = ranges().map(|r| r.start).min().unwrap_or(0);
            start..ranges().map(|r| r.end).max().unwrap_or(start)
        };
        let left = join(|s| s.left.clone(), &self.steps);
        let right = join(|s| s.right.clone(), &self.steps);
        self.steps.retain(|s| !gone(s));
        self.step_at(code, class, label, arrow, left, right);
    }

    /// Replaces all differences by one with a label and ranges.
    pub(crate) fn name_differences(
        &mut self,
        code: Code,
        label: &'static str,
        left: Range<usize>,
        right: Range<usize>,
    ) {
        self.steps.retain(|s| s.class != StepClass::Difference);
        self.step_at(code, StepClass::Difference, label, true, left, right);
    }

    /// Changes spans of a difference into doubtful ones.
    pub(crate) fn soften_spans(&mut self) {
        if let Some(spans) = &mut self.spans {
            spans.soften();
        }
    }

    /// Records spaces and invisible characters that differ.
    pub(crate) fn compare_spaces(&mut self, left: &UnitLine, right: &UnitLine, code: Code) {
        if left.dropped != right.dropped {
            self.step(code, StepClass::A, "空白・区切り");
        }
        if left.invisible != right.invisible {
            self.step(code, StepClass::A, "見えない文字");
        }
    }

    /// Returns the comparison, worded in the requested direction.
    pub(crate) fn finish(mut self, swapped: bool) -> Comparison {
        let verdict = self.verdict();
        if self.spans.is_none() && self.with_spans {
            self.set_whole_span(match verdict {
                _ if self.left == self.right => SpanKind::Equal,
                Verdict::Same | Verdict::Notation => SpanKind::Notation,
                Verdict::Uncertain => SpanKind::Uncertain,
                Verdict::Different | Verdict::Missing => SpanKind::Different,
            });
        }
        let texts = (self.left, self.right);
        let placeholder = verdict == Verdict::Uncertain
            && self.placeholders == 1
            && self.unreadable == 0
            && self.steps.iter().filter(|s| s.class == StepClass::B).all(|s| s.code == Code::N3);
        self.steps.sort_by_key(|s| (s.left.start, s.right.start));
        let reasons = self.steps.into_iter().map(|s| word(s, texts, swapped)).collect();
        let mut aligned = self.spans.filter(|_| self.with_spans).map(|spans| spans.finish(texts)).unwrap_or_default();
        if swapped {
            for Aligned { left, right, .. } in &mut aligned {
                std::mem::swap(left, right);
            }
        }
        Comparison { verdict, reasons, aligned, placeholder, hint: self.hint }
    }
}

/// Rule that relates a unit of one line to a unit of another.
pub(crate) type PairRule = fn(&[Unit], usize, &[Unit], usize) -> UnitRelation;

/// Function that records what folding made two units equal.
pub(crate) type FoldingRecorder = fn(&mut ComparisonDraft<'_>, &Unit, &Unit);

/// Maximum number of steps of a field; further harmless ones are not recorded.
const MAX_STEPS: usize = 64;

fn word(step: Step, texts: (&str, &str), swapped: bool) -> Reason {
    let Step { code, class, label, arrow, left, right } = step;
    let (mut from, mut to) = (&texts.0[left.clone()], &texts.1[right.clone()]);
    if swapped {
        std::mem::swap(&mut from, &mut to);
    }
    let text = if !arrow || from.is_empty() && to.is_empty() {
        label.to_owned()
    } else {
        let shown = |text| if str::is_empty(text) { "(なし)".into() } else { visible(text) };
        [label, " ", &shown(from), "→", &shown(to)].concat()
    };
    let (left, right) = if swapped { (right, left) } else { (left, right) };
    Reason { code, class, text, left, right }
}
