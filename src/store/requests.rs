//! Which requests were carried out: an identity leads to the events it made.
//!
//! A request that is sent again, because its answer was lost, finds its events here and changes nothing. An identity belongs to
//! the operator who used it first.

use super::StoreError;
use super::audit;
use super::engine::{Key, Table, Txn, View};
use super::envelope::{self, ValueKind};
use crate::domain::event::{Actor, Event};
use crate::domain::request::RequestId;

/// The events of a request that was carried out; `None` for a new one.
pub(super) fn find(view: &dyn View, request: Option<RequestId>) -> Result<Option<Vec<Event>>, StoreError> {
    let Some(id) = request else { return Ok(None) };
    let Some(sealed) = view.get(Table::Requests, Key::Id(id.0))? else { return Ok(None) };
    let payload = envelope::open(ValueKind::Request, &id.0.to_le_bytes(), &sealed)?;
    let parts = payload.split_first_chunk::<8>().and_then(|(first, rest)| Some((first, rest.try_into().ok()?)));
    let (first, count) = parts.ok_or_else(|| ValueKind::Request.corrupt())?;
    let (first, count) = (u64::from_le_bytes(*first), u32::from_le_bytes(count));
    let numbers: Vec<u64> = (first..first + u64::from(count)).collect();
    let keys: Vec<Key<'_>> = numbers.iter().map(|seq| Key::Seq(*seq)).collect();
    let mut events = Vec::with_capacity(numbers.len());
    view.get_many(Table::Audit, &keys, &mut |place, sealed| {
        events.push(audit::open_entry(numbers[place], sealed)?.event);
        Ok(())
    })?;
    if events.len() == numbers.len() { Ok(Some(events)) } else { Err(ValueKind::Request.corrupt()) }
}

/// The same for a change of an operator; another one's request is never an answer to theirs.
pub(super) fn find_own(view: &dyn View, actor: &Actor) -> Result<Option<Vec<Event>>, StoreError> {
    let known = find(view, actor.request)?;
    let is_own = |events: &Vec<Event>| events.iter().all(|event| event.operator() == actor.caller.operator);
    if known.as_ref().is_none_or(is_own) {
        return Ok(known);
    }
    Err(StoreError::Refused("要求の番号が他の利用者の操作と重なっています。もう一度実行してください".to_owned()))
}

/// Keeps which events a request made; they follow one another in the trail.
pub(super) fn keep(txn: &mut dyn Txn, request: Option<RequestId>, events: &[Event]) -> Result<(), StoreError> {
    let (Some(id), Some(first)) = (request, events.first()) else { return Ok(()) };
    let mut payload = first.id.n.to_le_bytes().to_vec();
    payload.extend((events.len() as u32).to_le_bytes());
    let sealed = envelope::seal(ValueKind::Request, &id.0.to_le_bytes(), &payload);
    txn.put(Table::Requests, Key::Id(id.0), &sealed)?;
    Ok(())
}
