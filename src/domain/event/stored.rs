//! The JSON form of an event, as audit trails keep it for ever.
//!
//! Since store layout 5 an event names its subject and holds facts. Before, it held `record` or `held` and its batch, report or
//! import in words; such events are read as they are, and their subject is taken from those words. The bytes of a stored event
//! are never written again, so the hash chain of an older trail stays whole.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::words::numbered;
use super::{Detail, Event, EventId, EventKind, HeldStep, ImportSummary, Subject};
use crate::domain::case::Case;
use crate::domain::record::RecordNo;
use crate::domain::request::{Caller, RequestId, Role, SessionId};

/// What [`Event`] is written as and read from.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredEvent {
    /// Number in its chain.
    seq: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    chain: u32,
    at: Timestamp,
    operator: String,
    #[serde(default, skip_serializing_if = "is_default")]
    uid: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    session: SessionId,
    #[serde(default, skip_serializing_if = "is_default")]
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<RequestId>,
    kind: EventKind,
    /// Absent before layout 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Subject>,
    /// Before layout 5: the record that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<RecordNo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Case>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Case>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refers: Option<EventId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<StoredDetail>,
    /// Before layout 5: the held-back row that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<u32>,
}

/// Words before layout 5, facts since.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredDetail {
    Words(String),
    Facts(Facts),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Facts {
    Import(Box<ImportSummary>),
    Batch { records: Vec<RecordNo>, digest: String },
    Withdrawal { batch: u32, digest: String },
    Report { digest: String },
    Held(Box<HeldStep>),
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// An event of before layout 5 whose subject cannot be told.
#[derive(Debug, thiserror::Error)]
#[error("監査記録の対象を読み取れません")]
pub(super) struct NoSubject;

impl TryFrom<StoredEvent> for Event {
    type Error = NoSubject;

    fn try_from(stored: StoredEvent) -> Result<Self, NoSubject> {
        let detail = match stored.detail {
            None => Detail::None,
            Some(StoredDetail::Words(words)) => older_detail(words, stored.held.and(stored.record)),
            Some(StoredDetail::Facts(facts)) => match facts {
                Facts::Import(summary) => Detail::Import(summary),
                Facts::Batch { records, digest } => Detail::Batch { records, digest },
                Facts::Withdrawal { batch, digest } => Detail::Withdrawal { batch, digest },
                Facts::Report { digest } => Detail::Report { digest },
                Facts::Held(step) => Detail::Held(step),
            },
        };
        let subject = match stored.subject {
            Some(subject) => subject,
            None => older_subject(stored.kind, stored.record, stored.held, &detail).ok_or(NoSubject)?,
        };
        Ok(Self {
            id: EventId { chain: stored.chain, n: stored.seq },
            at: stored.at,
            actor: Caller { operator: stored.operator, uid: stored.uid, session: stored.session, role: stored.role },
            request: stored.request,
            group: stored.group,
            kind: stored.kind,
            subject,
            before: stored.before,
            after: stored.after,
            reason: stored.reason,
            refers: stored.refers,
            detail,
        })
    }
}

impl From<Event> for StoredEvent {
    fn from(event: Event) -> Self {
        let became = match event.detail {
            Detail::OlderHeld { record, .. } => Some(record),
            _ => None,
        };
        let held = became.and(event.held());
        let detail = match event.detail {
            Detail::None => None,
            Detail::Words(words) => Some(StoredDetail::Words(words)),
            Detail::OlderHeld { words, .. } => Some(StoredDetail::Words(words)),
            Detail::Import(summary) => Some(StoredDetail::Facts(Facts::Import(summary))),
            Detail::Batch { records, digest } => Some(StoredDetail::Facts(Facts::Batch { records, digest })),
            Detail::Withdrawal { batch, digest } => Some(StoredDetail::Facts(Facts::Withdrawal { batch, digest })),
            Detail::Report { digest } => Some(StoredDetail::Facts(Facts::Report { digest })),
            Detail::Held(step) => Some(StoredDetail::Facts(Facts::Held(step))),
        };
        Self {
            seq: event.id.n,
            chain: event.id.chain,
            at: event.at,
            operator: event.actor.operator,
            uid: event.actor.uid,
            session: event.actor.session,
            role: event.actor.role,
            request: event.request,
            group: event.group,
            kind: event.kind,
            subject: Some(event.subject),
            record: became,
            before: event.before,
            after: event.after,
            reason: event.reason,
            refers: event.refers,
            detail,
            held,
        }
    }
}

/// Keeps the words; those about a held-back row with the record that it became.
fn older_detail(words: String, became: Option<RecordNo>) -> Detail {
    match became {
        Some(record) => Detail::OlderHeld { words, record },
        None => Detail::Words(words),
    }
}

/// What an event of before layout 5 is about.
fn older_subject(kind: EventKind, record: Option<RecordNo>, held: Option<u32>, detail: &Detail) -> Option<Subject> {
    if let Some(number) = held {
        return Some(Subject::Held(number));
    }
    if let Some(no) = record {
        return Some(Subject::Record(no));
    }
    let Detail::Words(words) = detail else { return None };
    match kind {
        EventKind::Import => {
            #[derive(Deserialize)]
            struct Number {
                number: u32,
            }
            serde_json::from_str::<Number>(words).ok().map(|import| Subject::Import(import.number))
        }
        EventKind::Batch => numbered(words).map(Subject::Batch),
        EventKind::Freeze => numbered(words).map(Subject::Report),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::quarantine::QuarantineState;

    fn read(json: &str) -> Event {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn events_of_older_stores_are_read_with_their_subject() {
        let at = r#""at":"2023-12-01T00:00:00Z","operator":"佐藤""#;
        let of = |rest: &str| read(&format!("{{\"seq\":7,{at},{rest}}}"));
        let import = of(r#""kind":"import","detail":"{\"number\":2,\"file\":\"a.csv\"}""#);
        assert_eq!((import.id, import.subject), (EventId::first(7), Subject::Import(2)));
        assert_eq!(import.operator(), "佐藤");
        assert_eq!(of(r#""kind":"batch","detail":"解除 第3回 12件""#).subject, Subject::Batch(3));
        assert_eq!(of(r#""kind":"freeze","detail":"件数報告 第4回""#).subject, Subject::Report(4));
        let withdrawn = of(r#""kind":"withdraw","record":5,"detail":"解除 第3回","before":{},"after":{}"#);
        assert_eq!(withdrawn.subject, Subject::Record(RecordNo(5)));
        assert_eq!(withdrawn.withdrawn_from(), Some(3));
        let undone = of(r#""kind":"undo","record":5,"refers":6,"before":{},"after":{}"#);
        assert_eq!((undone.refers, undone.record()), (Some(EventId::first(6)), Some(RecordNo(5))));
        let held = of(r#""kind":"held-corrected","held":9,"record":5,"detail":"a.csv:3 [columns] 取込2で訂正済""#);
        assert_eq!((held.subject, held.held(), held.record()), (Subject::Held(9), Some(9), Some(RecordNo(5))));
        let dismissed = of(r#""kind":"held-dismissed","held":9,"detail":"a.csv:3 [columns] 除外""#);
        assert_eq!((dismissed.subject, dismissed.record()), (Subject::Held(9), None));
        for unreadable in [r#""kind":"batch","detail":"解除""#, r#""kind":"decide""#, r#""kind":"import","detail":"x""#]
        {
            assert!(serde_json::from_str::<Event>(&format!("{{\"seq\":7,{at},{unreadable}}}")).is_err());
        }
    }

    #[test]
    fn every_form_reads_back() {
        let caller = Caller { operator: "佐藤".into(), uid: 1001, session: SessionId(7), role: Role::Operator };
        let actor = super::super::Actor { caller, at: Timestamp::UNIX_EPOCH, request: Some(RequestId(5)), group: None };
        let step = HeldStep {
            file: "a.csv".into(),
            line: 3,
            code: "columns".into(),
            state: QuarantineState::Corrected { import: 2 },
            record: Some(RecordNo(4)),
        };
        let details = [
            Detail::None,
            Detail::Words("解除 第1回".into()),
            Detail::OlderHeld { words: "a.csv:3 [columns] 取込2で訂正済".into(), record: RecordNo(5) },
            Detail::Import(Box::new(ImportSummary { number: 2, ..ImportSummary::default() })),
            Detail::Batch { records: vec![RecordNo(1), RecordNo(9)], digest: "ab".into() },
            Detail::Withdrawal { batch: 3, digest: "ab".into() },
            Detail::Report { digest: "ab".into() },
            Detail::Held(Box::new(step)),
        ];
        let subjects = [
            Subject::Record(RecordNo(1)),
            Subject::Batch(1),
            Subject::Report(1),
            Subject::Held(1),
            Subject::Import(1),
            Subject::Letter(1),
            Subject::ErrorCase(1),
            Subject::Inquiry(1),
        ];
        for detail in details {
            for subject in subjects {
                if matches!(detail, Detail::OlderHeld { .. }) && !matches!(subject, Subject::Held(_)) {
                    continue;
                }
                let mut event = Event::new(EventKind::Decide, subject, &actor);
                event.id = EventId { chain: 3, n: 9 };
                event.refers = Some(EventId { chain: 2, n: 8 });
                event.detail = detail.clone();
                (event.before, event.after) = (Some(Case::default()), Some(Case { version: 1, ..Case::default() }));
                assert_eq!(read(&serde_json::to_string(&event).unwrap()), event);
            }
        }
    }
}
