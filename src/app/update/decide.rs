//! Decisions: from the key past the guards to the store, and on to the next undecided record.

use std::sync::Arc;

use super::{job, lists, review};
use crate::app::action::{Action, Quick};
use crate::app::effect::Effect;
use crate::app::kind;
use crate::app::line::Line;
use crate::app::modal::{Ask, Attempt, Choice, Modal, Prompt, Purpose, Question, Then};
use crate::app::model::{Asked, Model, Unsaved, Weight};
use crate::compare::{FieldKind, visible};
use crate::config::keymap::Layer;
use crate::domain::case::{self, Decision, Evidence, Target};
use crate::domain::category::{Category, EvidenceCode, Finding};
use crate::domain::danger::{Danger, DangerSet};
use crate::domain::guard::{Need, Refusal, letter_for};
use crate::domain::record::Mark;
use crate::domain::request::Seen;
use crate::view::RecordView;

/// Does an action that decides, or answers the question before a decision.
pub(super) fn run(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::Yes => {
            if let Some(Modal::Confirm(question)) = model.modal.take() {
                model.set_modal(None);
                model.above += 1;
                match question.then {
                    Then::Decide(attempt) => go_on(model, Attempt { confirmed: true, ..attempt }, effects),
                    Then::UndoStep(seq) => lists::undo_step(model, seq, effects),
                    Then::Do(task) => job::begin(model, task, effects),
                    Then::AskWhole(source) => job::ask_whole(model, source),
                }
            }
            return;
        }
        Action::No => {
            if let Some(Modal::Confirm(question)) = &model.modal {
                let words = match question.then {
                    Then::Decide(_) => "決定しませんでした",
                    Then::UndoStep(_) => "取り消しませんでした",
                    Then::Do(_) | Then::AskWhole(_) => "やめました。何も変わっていません",
                };
                model.set_modal(None);
                model.guard.refuse();
                model.say(Weight::Info, words);
            }
            return;
        }
        Action::Undo | Action::Redo => return history(model, action, effects),
        _ => {}
    }
    let Some(view) = model.view().cloned() else { return };
    match wanted(model, action, &view) {
        Ok(decision) => {
            let (record, version) = (view.record.no, view.case.version);
            let attempt = Attempt { record, version, decision, confirmed: false, refused: None };
            if action == Action::Hold {
                let until = date_text(model.hold_until());
                return ask(model, attempt, Ask::HoldUntil, Line::offered(until));
            }
            go_on(model, attempt, effects);
        }
        Err(message) => model.refuse(message),
    }
}

/// The decision that an action asks for.
fn wanted(model: &Model, action: Action, view: &RecordView) -> Result<Decision, String> {
    let by_eye = |quick: Quick| {
        if let Some(misfit) = kind::misfit(quick, &view.record.facts.marks, &view.comparisons) {
            return Err(format!("{}。{}", misfit.words(quick), fitting(model, view)));
        }
        let reference = kind::reason(quick).unwrap_or_default().to_owned();
        let mut decision = Decision::category(Category::C23);
        decision.evidence.push(Evidence { reference, ..Evidence::plain(EvidenceCode::Visual) });
        Ok(decision)
    };
    Ok(match action {
        Action::Decide(category) => Decision::category(category),
        Action::DecideEmployer => Decision::to(Target::Employer),
        Action::Hold => Decision::to(Target::Hold),
        Action::Quick(quick @ (Quick::Variant | Quick::Address | Quick::Kana)) => by_eye(quick)?,
        Action::Quick(Quick::Todokede) => Decision::category(Category::C23).with(EvidenceCode::Notification),
        Action::Quick(Quick::Jlis) => Decision::category(Category::C23).with(EvidenceCode::JlisInquiry),
        Action::Quick(Quick::Past) => Decision::category(Category::C22).with(EvidenceCode::PastRecord),
        Action::Quick(Quick::Lost) => Decision::category(Category::C21),
        Action::Quick(Quick::Wrong) => Decision::category(Category::C24),
        Action::Quick(Quick::Letter) => Decision::category(letter_for(&view.record.facts)),
        Action::Adopt => match &view.suggestion {
            Some(suggestion) => Decision::category(suggestion.category).with(suggestion.evidence),
            None => return Err("この記録に提案はありません。内容を確かめて区分を選んでください".to_owned()),
        },
        Action::Repeat => {
            let Some((last, pattern)) = &model.last else {
                return Err("繰り返す判断がまだありません".to_owned());
            };
            let same = model.queue.entry_of(view.record.no).is_some_and(|entry| entry.pattern.is_like(*pattern));
            if !same {
                return Err("直前の判断とは相違のパターンが違うため、繰り返しません".to_owned());
            }
            let decision = repeated(last);
            // What was right for the one before says nothing of a possible twin (G8).
            match doubts(&decision, view.record.facts.dangers) {
                doubts if doubts.is_empty() => decision,
                doubts => {
                    return Err(format!("別人の注意({doubts})があるため、繰り返しません。1件ずつ確かめてください"));
                }
            }
        }
        _ => return Err(String::new()),
    })
}

/// The keys that fit the differences of a record, in words.
fn fitting(model: &Model, view: &RecordView) -> String {
    let marks = &view.record.facts.marks;
    let named = |action: Action, words: &str| model.key_in(Layer::Review, action).map(|key| format!("{key} {words}"));
    let listed = |keys: Vec<Option<String>>| keys.into_iter().flatten().collect::<Vec<_>>().join("、");
    let letter = named(Action::Quick(Quick::Letter), "本人へ送付");
    if [FieldKind::Birth, FieldKind::Sex].into_iter().any(|field| marks.fields[field] != Mark::Match) {
        let keys = [(Quick::Todokede, "届出書"), (Quick::Jlis, "J-LIS照会"), (Quick::Past, "過去確認")];
        let keys = keys.into_iter().map(|(quick, words)| named(Action::Quick(quick), words)).chain([letter]);
        return format!("確かめた方法で: {}", listed(keys.collect()));
    }
    let fits = |quick: &Quick| kind::misfit(*quick, marks, &view.comparisons).is_none();
    let adopt = view.suggestion.as_ref().and_then(|_| named(Action::Adopt, "提案を採用"));
    let by_eye = kind::BY_EYE.into_iter().filter(fits);
    let by_eye = by_eye.map(|quick| named(Action::Quick(quick), kind::reason(quick).unwrap_or_default()));
    let keys = listed([adopt].into_iter().chain(by_eye).collect());
    if keys.is_empty() {
        let chosen = named(Action::Decide(Category::C23), "のあと確認方法");
        return format!("確かめた方法で: {}", listed(vec![chosen, letter]));
    }
    format!("合うキー: {keys}")
}

/// A decision without what belongs to one person only: dates, note, reason, the safe way of a letter.
fn repeated(last: &Decision) -> Decision {
    Decision {
        evidence: last.evidence.iter().map(|evidence| Evidence { date: None, ..evidence.clone() }).collect(),
        ..Decision::to(last.target)
    }
}

/// Takes an attempt as far as it gets: refused, asked for more, to be confirmed, or sent to the store.
pub(super) fn go_on(model: &mut Model, attempt: Attempt, effects: &mut Vec<Effect>) {
    if job::is_busy(model) || is_broken(model) {
        return model.guard.refuse();
    }
    let Some(view) = model.records.get(&attempt.record).map(Arc::clone) else { return };
    let next = match case::decide(&view.case, &attempt.decision, &model.surroundings(&view)) {
        Ok(next) => next,
        Err(refusal) => return refused(model, attempt, &refusal),
    };
    let lines = confirmation(&attempt.decision, &view);
    if !lines.is_empty() && !attempt.confirmed {
        return model.set_modal(Some(Modal::Confirm(Box::new(Question { lines, then: Then::Decide(attempt) }))));
    }
    let Attempt { record, version, decision, .. } = attempt;
    let request = next_request(model);
    let before = Some(view.case.clone());
    let asked = Asked::Decision(Box::new(decision.clone()));
    model.unsaved.insert(request, Unsaved { asked, record: Some(record), before });
    if let Some(entry) = model.queue.entry_of(record) {
        model.last = Some((decision.clone(), entry.pattern));
    }
    model.set_case(record, &next);
    let seen = Seen { record, version };
    effects.push(Effect::Decide { request, seen, decision: Box::new(decision) });
    if model.record() == Some(record) && !model.stay {
        forward(model);
    }
}

/// Goes to the next undecided record.
fn forward(model: &mut Model) {
    if let Some(row) = model.queue.next_open(model.window.cursor) {
        review::go_ahead(model, row);
    }
}

/// Says which rule refuses and opens the question that would satisfy it.
pub(super) fn refused(model: &mut Model, mut attempt: Attempt, refusal: &Refusal) {
    attempt.refused = Some(refusal.to_string());
    match &refusal.need {
        Need::LostDate { .. } => ask(model, attempt, Ask::Lost, Line::default()),
        Need::Evidence(codes) => {
            let careful = is_delicate(model, &attempt);
            let doubted = model.records.get(&attempt.record).is_some_and(|s| s.record.facts.dangers.names_another());
            // Where a slip weighs most an answer is one that somebody picked: Enter is pressed out of habit.
            let usual = codes.first().copied().filter(|_| !careful && !doubted);
            let mut choice = Choice::among(attempt, codes.clone(), careful);
            choice.chosen = usual.and_then(|usual| choice.codes.iter().position(|code| *code == usual));
            model.set_modal(Some(Modal::Choice(choice)));
        }
        Need::EvidenceDate(codes) => ask(model, attempt, Ask::EvidenceDate(codes.clone()), Line::default()),
        Need::SentDate => ask(model, attempt, Ask::Sent, Line::default()),
        // A letter is answered on the day it is opened, most often: Enter takes today.
        Need::ReplyDate { .. } => {
            let today = date_text(model.today);
            ask(model, attempt, Ask::Replied, Line::offered(today));
        }
        Need::DueDate { .. } => ask(model, attempt, Ask::Due, Line::default()),
        Need::Reason => ask(model, attempt, Ask::Reason, Line::default()),
        Need::Withdraw(_) => {
            let key = model.key_for(Layer::Review, Action::Withdraw);
            model.refuse(format!("{refusal}。{key} で取下げます"));
        }
        Need::SafeWay => {
            // A key of the screen stands beside the words: the command waits until the workstation has ended.
            if let Some(key) = model.key_in(Layer::Review, Action::Protect) {
                attempt.refused = Some(format!("{refusal}。印は {key} で外せます"));
            }
            ask(model, attempt, Ask::SafeWay, Line::default());
        }
        Need::DuePassed(_)
        | Need::OtherLetter(_)
        | Need::EnableEmployer
        | Need::OneByOne
        | Need::First(_)
        | Need::Nothing => model.refuse(refusal.to_string()),
    }
}

/// Whether a slip in the choice would call two people the same: 生年月日 or 性別 is not ○.
///
/// The digits of a choice are those of categories too: who did not see the question would answer it by typing one. Where a
/// flag names another person the decision is confirmed anyway, so that the digit may answer.
fn is_delicate(model: &Model, attempt: &Attempt) -> bool {
    let Some(view) = model.records.get(&attempt.record) else { return true };
    let facts = &view.record.facts;
    let crossed = [FieldKind::Birth, FieldKind::Sex].into_iter().any(|field| facts.marks.fields[field] != Mark::Match);
    crossed && !facts.dangers.names_another()
}

fn ask(model: &mut Model, attempt: Attempt, ask: Ask, line: Line) {
    let purpose = Purpose::Ask(Box::new(attempt), ask);
    model.set_modal(Some(Modal::Prompt(Prompt { purpose, line, fault: None })));
}

/// Puts an answer into a decision; `Err` says what is wrong with the answer.
pub(super) fn fill(decision: &mut Decision, ask: &Ask, text: &str) -> Result<(), String> {
    let given = |missing: &str| match text.trim() {
        "" => Err(missing.to_owned()),
        text => Ok(Some(text.to_owned())),
    };
    match ask {
        Ask::Reason => {
            decision.reason = given("理由を入力してください")?;
            return Ok(());
        }
        Ask::SafeWay => {
            decision.safe_way = given("確かめた安全な送付方法を入力してください。やめるときは Esc を押してください")?;
            return Ok(());
        }
        _ => {}
    }
    let date = read_date(text)?;
    match ask {
        Ask::Lost => decision.lost = Some(date),
        Ask::Sent => decision.sent = Some(date),
        Ask::Replied => decision.replied = Some(date),
        Ask::Due | Ask::HoldUntil => decision.due = Some(date),
        Ask::EvidenceDate(codes) => {
            for evidence in decision.evidence.iter_mut().filter(|evidence| codes.contains(&evidence.code)) {
                evidence.date = Some(date);
            }
        }
        Ask::Reason | Ask::SafeWay => {}
    }
    Ok(())
}

/// Reads a day as people type it: 20231214, 2023-12-14, R5.12.14.
pub(super) fn read_date(text: &str) -> Result<jiff::civil::Date, String> {
    let unreadable = || "日付を 20231214 や R5.12.14 の形で入力してください".to_owned();
    let parsed = crate::compare::parse_date(text).ok_or_else(unreadable)?;
    let (year, month, day) = parsed.date.full().ok_or_else(unreadable)?;
    let number = |part: u8| i8::try_from(part).map_err(|_| unreadable());
    jiff::civil::Date::new(year, number(month)?, number(day)?).map_err(|_| unreadable())
}

/// A day as it stands in an input line.
pub(super) fn date_text(date: jiff::civil::Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

fn history(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if job::is_busy(model) || is_broken(model) {
        return;
    }
    let request = next_request(model);
    model.unsaved.insert(request, Unsaved { asked: Asked::History, record: None, before: None });
    effects.push(if action == Action::Undo { Effect::Undo { request } } else { Effect::Redo { request } });
}

/// Sends a note to the store.
pub(super) fn annotate(model: &mut Model, seen: Seen, note: &str, effects: &mut Vec<Effect>) {
    if job::is_busy(model) || is_broken(model) {
        return;
    }
    let record = seen.record;
    let Some(before) = model.records.get(&record).map(|view| view.case.clone()) else { return };
    let request = next_request(model);
    model.set_case(record, &case::annotate(&before, note));
    model
        .unsaved
        .insert(request, Unsaved { asked: Asked::Note(note.to_owned()), record: Some(record), before: Some(before) });
    effects.push(Effect::Annotate { request, seen, note: note.to_owned() });
}

/// Sends 支援措置, set or cleared, to the store.
pub(super) fn protect(model: &mut Model, seen: Seen, on: bool, reason: &str, effects: &mut Vec<Effect>) {
    if job::is_busy(model) || is_broken(model) {
        return;
    }
    let record = seen.record;
    let Some(view) = model.records.get(&record).map(Arc::clone) else { return };
    let request = next_request(model);
    model.set_case(record, &case::protect(&view.case, on, &view.record.facts, reason));
    let before = Some(view.case.clone());
    model.unsaved.insert(request, Unsaved { asked: Asked::Protection, record: Some(record), before });
    effects.push(Effect::Protect { request, seen, on, reason: reason.to_owned() });
}

/// Whether nothing can be saved any more; says so.
pub(super) fn is_broken(model: &mut Model) -> bool {
    let Some(broken) = &model.broken else { return false };
    let message = format!("保存できない状態のため、変更できません: {broken}");
    model.say(Weight::Error, message);
    true
}

/// What is asked before a decision that a slip must not make: 誤り, and 誤りなし where a flag names another person; empty
/// where nothing is asked.
fn confirmation(decision: &Decision, view: &RecordView) -> Vec<String> {
    let Target::Category(category) = decision.target else { return Vec::new() };
    let row = &view.record.row;
    let mut lines = vec![format!("{}  {}", visible(&row.id()), visible(row.left(FieldKind::Kanji)))];
    if category.finding() == Finding::Wrong {
        lines.push(format!("{} {} に決定しますか。", category.code(), category.label()));
        lines.push("個人番号の誤りとして報告されます。".to_owned());
        return lines;
    }
    let signs = named(decision, view.record.facts.dangers);
    if signs.is_empty() {
        return Vec::new();
    }
    for danger in signs {
        let sign = view.signs.iter().find(|sign| sign.danger == danger);
        let other = sign.and_then(|sign| sign.other.as_ref()).map(|id| format!(" → {}", visible(id)));
        let words = sign.map(|sign| sign.words.as_str()).unwrap_or_default();
        let text = format!("注意 {danger} {}{} {words}", danger.label(), other.unwrap_or_default());
        lines.push(text.trim_end().to_owned());
    }
    let evidence: Vec<&str> = decision.evidence.iter().map(|evidence| evidence.code.label()).collect();
    let evidence = if evidence.is_empty() { String::new() } else { format!("({})", evidence.join("・")) };
    lines.push(format!("別人でないことを確かめて、{}{evidence} に決定しますか。", category.code()));
    lines
}

/// The flags that name another person on a record that a decision calls the right one, by whatever evidence.
fn named(decision: &Decision, dangers: DangerSet) -> Vec<Danger> {
    let Target::Category(category) = decision.target else { return Vec::new() };
    let signs = Danger::OF_ANOTHER.into_iter().filter(|danger| dangers.contains(*danger));
    signs.filter(|_| category.finding() == Finding::Right).collect()
}

/// The same in words; empty without any.
pub(super) fn doubts(decision: &Decision, dangers: DangerSet) -> String {
    let words = named(decision, dangers).into_iter().map(|danger| format!("{danger} {}", danger.label()));
    words.collect::<Vec<_>>().join("・")
}

pub(super) fn next_request(model: &mut Model) -> u64 {
    model.requests += 1;
    model.requests
}
