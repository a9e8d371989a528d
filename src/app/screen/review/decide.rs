//! Decisions: from the key past the guards to the store, and on to the next undecided record.

use std::sync::Arc;

use super::queue::Found;
use super::state::{Awaited, Review};
use super::visual_reason;
use crate::app::action::{Action, Quick};
use crate::app::effect::Effect;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::{Ask, Attempt, Choice, Then, date_text};
use crate::app::next::Next;
use crate::app::shared::{Asked, Shared};
use crate::app::text_input::TextInput;
use crate::compare::{FieldKind, visible};
use crate::config::keymap::Layer;
use crate::domain::case::{Decision, Evidence, Target};
use crate::domain::category::{Category, EvidenceCode, Finding};
use crate::domain::danger::{Danger, DangerSet};
use crate::domain::guard::{Need, Refusal, letter_for};
use crate::domain::record::Mark;
use crate::domain::request::Seen;
use crate::domain::transition;
use crate::view::RecordView;

impl Review {
    /// Does an action that decides.
    pub(in crate::app) fn decide(&mut self, shared: &mut Shared, action: Action) -> Next {
        let Some(view) = self.view().cloned() else { return Next::Stay };
        match self.wanted(shared, action, &view) {
            Ok(decision) => {
                let (record, version) = (view.record.no, view.case.version);
                let attempt = Attempt { record, version, decision, confirmed: false, refused: None };
                if action == Action::Hold {
                    let until = date_text(shared.hold_until());
                    ask(shared, attempt, Ask::HoldUntil, TextInput::offered(until));
                    return Next::Stay;
                }
                self.go_on(shared, attempt)
            }
            Err(message) => {
                shared.refuse(message);
                Next::Stay
            }
        }
    }

    /// The decision that an action asks for.
    fn wanted(&self, shared: &Shared, action: Action, view: &RecordView) -> Result<Decision, String> {
        let by_eye = |quick: Quick| {
            if let Some(misfit) = visual_reason::misfit(quick, &view.record.facts.marks, &view.comparisons) {
                return Err(format!("{}。{}", misfit.words(quick), Self::fitting(shared, view)));
            }
            let reference = visual_reason::reason(quick).unwrap_or_default().to_owned();
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
                let Some((last, pattern)) = &self.last else {
                    return Err("繰り返す判断がまだありません".to_owned());
                };
                let same = self.queue.entry_of(view.record.no).is_some_and(|entry| entry.pattern.is_like(*pattern));
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
    fn fitting(shared: &Shared, view: &RecordView) -> String {
        let marks = &view.record.facts.marks;
        let named =
            |action: Action, words: &str| shared.key_in(Layer::Review, action).map(|key| format!("{key} {words}"));
        let listed = |keys: Vec<Option<String>>| keys.into_iter().flatten().collect::<Vec<_>>().join("、");
        let letter = named(Action::Quick(Quick::Letter), "本人へ送付");
        if [FieldKind::Birth, FieldKind::Sex].into_iter().any(|field| marks.fields[field] != Mark::Match) {
            let keys = [(Quick::Todokede, "届出書"), (Quick::Jlis, "J-LIS照会"), (Quick::Past, "過去確認")];
            let keys = keys.into_iter().map(|(quick, words)| named(Action::Quick(quick), words)).chain([letter]);
            return format!("確かめた方法で: {}", listed(keys.collect()));
        }
        let fits = |quick: &Quick| visual_reason::misfit(*quick, marks, &view.comparisons).is_none();
        let adopt = view.suggestion.as_ref().and_then(|_| named(Action::Adopt, "提案を採用"));
        let by_eye = visual_reason::BY_EYE.into_iter().filter(fits);
        let by_eye = by_eye.map(|quick| named(Action::Quick(quick), visual_reason::reason(quick).unwrap_or_default()));
        let keys = listed([adopt].into_iter().chain(by_eye).collect());
        if keys.is_empty() {
            let chosen = named(Action::Decide(Category::C23), "のあと確認方法");
            return format!("確かめた方法で: {}", listed(vec![chosen, letter]));
        }
        format!("合うキー: {keys}")
    }

    /// Takes an attempt as far as it gets: refused, asked for more, to be confirmed, or sent to the store.
    pub(in crate::app) fn go_on(&mut self, shared: &mut Shared, attempt: Attempt) -> Next {
        if shared.is_blocked() {
            shared.input.guard.refuse();
            return Next::Stay;
        }
        let Some(view) = self.cache.records.get(&attempt.record).map(Arc::clone) else { return Next::Stay };
        if self.record() != Some(attempt.record) {
            shared.refuse("表示している記録が変わったため、決定していません。もう一度選んでください");
            return Next::Stay;
        }
        let next = match transition::decide(&view.case, &attempt.decision, &Self::context(shared, &view)) {
            Ok(next) => next,
            Err(refusal) => {
                self.ask_for_need(shared, attempt, &refusal);
                return Next::Stay;
            }
        };
        let lines = confirmation(&attempt.decision, &view);
        if !lines.is_empty() && !attempt.confirmed {
            return Next::confirm(lines, Then::Decide(attempt));
        }
        let Attempt { record, version, decision, .. } = attempt;
        let asked = Asked::Decision(Box::new(decision.clone()));
        let request = shared.changes.ask(asked, Some(record), Some(view.case.clone()));
        if let Some(entry) = self.queue.entry_of(record) {
            self.last = Some((decision.clone(), entry.pattern));
        }
        self.set_case(record, &next);
        if self.record() == Some(record) && !self.stay {
            self.forward(shared);
        }
        let seen = Seen { record, version };
        Next::send(Effect::Decide { request, seen, decision: Box::new(decision) })
    }

    /// Goes to the next undecided record.
    fn forward(&mut self, shared: &mut Shared) {
        match self.queue.next_open(self.viewport.cursor) {
            Found::Row(row) => self.go_ahead(shared, row),
            Found::Nothing => {}
            Found::Unread => self.wait_for(shared, Awaited::Move(Action::NextUndecided)),
        }
    }

    /// Says which rule refuses and opens the question that would satisfy it.
    pub(in crate::app) fn ask_for_need(&mut self, shared: &mut Shared, mut attempt: Attempt, refusal: &Refusal) {
        attempt.refused = Some(refusal.to_string());
        match &refusal.need {
            Need::LostDate { .. } => ask(shared, attempt, Ask::Lost, TextInput::default()),
            Need::Evidence(codes) => {
                let careful = self.is_delicate(&attempt);
                let doubted =
                    self.cache.records.get(&attempt.record).is_some_and(|s| s.record.facts.dangers.names_another());
                // Where a slip weighs most an answer is one that somebody picked: Enter is pressed out of habit.
                let usual = codes.first().copied().filter(|_| !careful && !doubted);
                let mut choice = Choice::among(attempt, codes.clone(), careful);
                choice.chosen = usual.and_then(|usual| choice.codes.iter().position(|code| *code == usual));
                shared.set_modal(Some(Modal::Choice(choice)));
            }
            Need::EvidenceDate(codes) => ask(shared, attempt, Ask::EvidenceDate(codes.clone()), TextInput::default()),
            Need::SentDate => ask(shared, attempt, Ask::Sent, TextInput::default()),
            // A letter is answered on the day it is opened, most often: Enter takes today.
            Need::ReplyDate { .. } => {
                let today = date_text(shared.today);
                ask(shared, attempt, Ask::Replied, TextInput::offered(today));
            }
            Need::DueDate { .. } => ask(shared, attempt, Ask::Due, TextInput::default()),
            Need::Reason => ask(shared, attempt, Ask::Reason, TextInput::default()),
            Need::Withdraw(_) => {
                let key = shared.key_for(Layer::Review, Action::Withdraw);
                shared.refuse(format!("{refusal}。{key} で取下げます"));
            }
            Need::SafeWay => {
                // A key of the screen stands beside the words: the command waits until the workstation has ended.
                if let Some(key) = shared.key_in(Layer::Review, Action::Protect) {
                    attempt.refused = Some(format!("{refusal}。印は {key} で外せます"));
                }
                ask(shared, attempt, Ask::SafeWay, TextInput::default());
            }
            Need::DuePassed(_)
            | Need::OtherLetter(_)
            | Need::EnableEmployer
            | Need::OneByOne
            | Need::First(_)
            | Need::Nothing => shared.refuse(refusal.to_string()),
        }
    }

    /// Whether a slip in the choice would call two people the same: 生年月日 or 性別 is not ○.
    ///
    /// The digits of a choice are those of categories too: who did not see the question would answer it by typing one. Where a
    /// flag names another person the decision is confirmed anyway, so that the digit may answer.
    fn is_delicate(&self, attempt: &Attempt) -> bool {
        let Some(view) = self.cache.records.get(&attempt.record) else { return true };
        let facts = &view.record.facts;
        let crossed =
            [FieldKind::Birth, FieldKind::Sex].into_iter().any(|field| facts.marks.fields[field] != Mark::Match);
        crossed && !facts.dangers.names_another()
    }
}

fn ask(shared: &mut Shared, attempt: Attempt, ask: Ask, line: TextInput) {
    let purpose = Purpose::Ask(Box::new(attempt), ask);
    shared.set_modal(Some(Modal::Prompt(Prompt::with(purpose, line))));
}

/// A decision without what belongs to one person only: dates, note, reason, the safe way of a letter.
fn repeated(last: &Decision) -> Decision {
    Decision {
        evidence: last.evidence.iter().map(|evidence| Evidence { date: None, ..evidence.clone() }).collect(),
        ..Decision::to(last.target)
    }
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
    let signs = Danger::of_another().filter(|danger| dangers.contains(*danger));
    signs.filter(|_| category.finding() == Finding::Right).collect()
}

/// The same in words; empty without any.
pub(in crate::app) fn doubts(decision: &Decision, dangers: DangerSet) -> String {
    let words = named(decision, dangers).into_iter().map(|danger| format!("{danger} {}", danger.label()));
    words.collect::<Vec<_>>().join("・")
}
