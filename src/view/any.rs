//! Any of the views that a question of the command line is answered with.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::held::HeldView;
use super::json;
use super::record::RecordView;
use super::release::BatchView;
use super::report::ReportView;
use super::status::StatusView;
use super::trail::Step;

/// Any of the views that a question of the command line is answered with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnyView {
    /// Where the work stands.
    Status(Box<StatusView>),
    /// A record.
    Record(Box<RecordView>),
    /// How many records a list would hold.
    Count(u64),
    /// A 件数報告.
    Report(Box<ReportView>),
    /// An event of the audit trail.
    Step(Box<Step>),
    /// A row held back.
    Held(Box<HeldView>),
    /// A 解除 list.
    Batch(Box<BatchView>),
}

impl AnyView {
    /// The documented JSON.
    pub fn json(&self) -> Value {
        match self {
            Self::Status(view) => json::status(view),
            Self::Record(view) => json::record(view),
            Self::Count(count) => Value::from(*count),
            Self::Report(view) => json::report(view),
            Self::Step(view) => json::step(view),
            Self::Held(view) => json::quarantine(view),
            Self::Batch(view) => json::batch(view),
        }
    }
}

/// Takes a view of one kind out of any; another kind is given back.
macro_rules! from_any {
    ($($kind:ident $view:ty,)*) => {
        $(impl TryFrom<AnyView> for $view {
            type Error = AnyView;
            fn try_from(any: AnyView) -> Result<Self, AnyView> {
                match any {
                    AnyView::$kind(view) => Ok(*view),
                    other => Err(other),
                }
            }
        })*
    };
}

from_any! {
    Status StatusView,
    Record RecordView,
    Report ReportView,
    Step Step,
    Held HeldView,
    Batch BatchView,
}

impl TryFrom<AnyView> for u64 {
    type Error = AnyView;
    fn try_from(any: AnyView) -> Result<Self, AnyView> {
        match any {
            AnyView::Count(count) => Ok(count),
            other => Err(other),
        }
    }
}
