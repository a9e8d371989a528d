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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::compare::FieldKind;
    use crate::domain::batch::Batch;
    use crate::domain::calendar::{Calendar, japan_time};
    use crate::domain::case::{Case, State};
    use crate::domain::category::Category;
    use crate::domain::counter::Counts;
    use crate::domain::event::{Actor, Event, EventKind, Subject};
    use crate::domain::quarantine::QuarantineState;
    use crate::domain::record::{Column, Record, RecordNo, Row};
    use crate::domain::tally::{Report, Status};
    use crate::domain::trend::Trend;
    use crate::view::HeldClosing;

    fn record() -> RecordView {
        let mut row = Row { line: 2, cells: vec![String::new(); Column::COUNT], ..Row::default() };
        let mut set = |column: Column, text: &str| row.cells[column.index()] = text.to_owned();
        for field in FieldKind::ALL {
            set(Column::Left(field), "高崎　一郎");
            set(Column::Right(field), "髙﨑　一朗");
            set(Column::Mark(field), "×");
        }
        set(Column::Id, "0001234");
        set(Column::Overall, "×");
        row.twins.push(0, [0xED, 0xFC]);
        let record = Record { no: RecordNo(1), facts: row.facts(), row };
        let case = Case { in_batch: Some(2), ..Case::default() };
        RecordView { changed: Some(Vec::new()), ..RecordView::of(record, case, now()) }
    }

    fn now() -> Timestamp {
        "2023-12-11T01:00:00Z".parse().unwrap()
    }

    fn views() -> [AnyView; 7] {
        let case = Case { state: State::Decided(Category::C23), ..Case::default() };
        let record = record();
        let mut counts = Counts::default();
        counts.add(&record.record.facts, &case);
        let status = Status::of(&counts);
        let mut report = Report::default();
        report.add(&record.record.facts, case.state);
        let (cutoff, trend) = (Calendar::default().next(japan_time(now())), Trend::of(&counts, japan_time(now())));
        let forecast = trend.forecast(3, &Calendar::default());
        let event = Event {
            before: Some(Case::default()),
            after: Some(case),
            ..Event::new(EventKind::Decide, Subject::Record(RecordNo(1)), &Actor::named("佐藤", now()))
        };
        let held = HeldView {
            number: 1,
            import: 1,
            file: "a.csv".into(),
            line: 2,
            column: Some("個人番号".into()),
            code: "my-number".into(),
            reason: "個人番号は数字12桁で入力してください".into(),
            key: None,
            state: QuarantineState::Replaced { import: 2, by: 3 },
            closed: Some(HeldClosing { at: now(), operator: "佐藤".into(), reason: String::new() }),
            names: vec!["整理番号".into()],
            cells: vec!["1".into()],
            fault: Some(0),
        };
        let batch =
            Batch {
                number: 1, round: 1, cutoff: cutoff.at, made_at: now(), operator: "佐藤".into(), rows: Vec::new()
            };
        let file = "a.csv".to_owned();
        let status = StatusView { as_of: now(), status, quarantined: 1, cutoff, file, trend, forecast };
        let (number, operator, bridge) = (Some(1), "佐藤".to_owned(), None);
        let report = ReportView { number, as_of: now(), operator, report, bridge, quarantined: 1 };
        [
            AnyView::Status(Box::new(status)),
            AnyView::Record(Box::new(record)),
            AnyView::Count(3),
            AnyView::Report(Box::new(report)),
            AnyView::Step(Box::new(Step { event, id: "0001234".into(), awaits_second: false })),
            AnyView::Held(Box::new(held)),
            AnyView::Batch(Box::new(BatchView { batch, withdrawn: Vec::new() })),
        ]
    }

    /// What the socket carries is the view that was made, and so is the JSON that is written from it.
    #[test]
    fn every_view_comes_back_as_it_was_sent() {
        for view in views() {
            let sent = serde_json::to_string(&view).unwrap();
            let back: AnyView = serde_json::from_str(&sent).unwrap();
            assert_eq!(back, view);
            assert_eq!(back.json(), view.json());
        }
    }

    /// A question that is answered with another kind of view is no answer.
    #[test]
    fn a_view_of_another_kind_is_given_back() {
        let [status, record, count, ..] = views();
        assert_eq!(RecordView::try_from(status.clone()), Err(status));
        assert!(StatusView::try_from(record).is_err());
        assert_eq!(u64::try_from(count), Ok(3));
    }
}
