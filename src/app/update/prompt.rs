//! Lines of text: search, filter, note, answers to a question, and the palette.

use super::{decide, find, job, keys, lists, review};
use crate::app::action::Action;
use crate::app::command::{self, Entry};
use crate::app::effect::Effect;
use crate::app::line::Line;
use crate::app::modal::{Ask, Attempt, Modal, Prompt, Purpose};
use crate::app::model::{Model, Weight};
use crate::app::search::Search;
use crate::config::keymap::Layer;
use crate::domain::case::Evidence;
use crate::domain::filter::Filter;
use crate::domain::request::Seen;
use crate::view::RecordView;

/// Does an action of a line, or opens one.
pub(super) fn run(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match action {
        Action::Search if crate::app::find::is_here(model) => find::ask(model),
        Action::Search if matches!(model.modal, Some(Modal::Info { .. })) => {
            model.say(Weight::Info, "この窓では検索できません");
        }
        Action::Search => {
            if model.texts.is_none() && !model.asked_texts {
                model.asked_texts = true;
                effects.push(Effect::SearchTexts);
            }
            let from = model.window.cursor;
            open(model, Purpose::Search { from }, Line::default());
        }
        Action::Filter => {
            let line = Line::of(model.filter.clone());
            open(model, Purpose::Filter, line);
        }
        Action::Note => {
            if let Some(view) = model.view().cloned() {
                open(model, Purpose::Note(seen(&view)), Line::of(view.case.note.clone()));
            }
        }
        Action::Protect => {
            if let Some(view) = model.view().cloned() {
                let on = !view.case.is_protected(&view.record.facts);
                open(model, Purpose::ProtectReason { seen: seen(&view), on }, Line::default());
            }
        }
        Action::Accept => accept(model, effects),
        Action::Cancel => cancel(model, effects),
        Action::ChooseNext => choose(model, 1, effects),
        Action::ChoosePrev => choose(model, -1, effects),
        _ => edit(model, action, effects),
    }
}

fn open(model: &mut Model, purpose: Purpose, line: Line) {
    model.set_modal(Some(Modal::Prompt(Prompt { purpose, line, fault: None })));
}

fn line(model: &mut Model) -> Option<&mut Line> {
    match &mut model.modal {
        Some(Modal::Prompt(prompt)) => Some(&mut prompt.line),
        Some(Modal::Palette(palette)) => Some(&mut palette.line),
        _ => None,
    }
}

fn edit(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    let Some(line) = line(model) else { return };
    match action {
        Action::DeleteBack => line.delete_back(),
        Action::DeleteWord => line.delete_word(),
        Action::ClearLine => line.clear(),
        Action::CursorLeft => line.left(),
        Action::CursorRight => line.right(),
        Action::CursorHome => line.home(),
        Action::CursorEnd => line.end(),
        _ => return,
    }
    if matches!(action, Action::DeleteBack | Action::DeleteWord | Action::ClearLine) {
        edited(model, effects);
    }
}

/// Takes a character; `t` stands for today where a date is asked for.
pub(super) fn type_char(model: &mut Model, c: char, effects: &mut Vec<Effect>) {
    let today = decide::date_text(model.today);
    if let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, ask), line, .. })) = &mut model.modal
        && ask.is_date()
        && matches!(c, 't' | 'ｔ')
    {
        *line = Line::offered(today);
        return edited(model, effects);
    }
    if let Some(line) = line(model) {
        line.insert(c.encode_utf8(&mut [0; 4]));
        edited(model, effects);
    }
}

/// Follows a change of the text: searches as one types, ranks the palette, forgets the fault.
pub(super) fn edited(model: &mut Model, _effects: &mut Vec<Effect>) {
    match &mut model.modal {
        Some(Modal::Prompt(Prompt { purpose: Purpose::Search { from }, line, .. })) => {
            let (from, query) = (*from, line.text().to_owned());
            look(model, &query, from);
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help, from }, line, .. })) => {
            let (help, from, query) = (*help, *from, line.text().to_owned());
            find::edited(model, help, from, &query);
        }
        Some(Modal::Prompt(prompt)) => prompt.fault = None,
        Some(Modal::Palette(palette)) => {
            let text = palette.line.text();
            (palette.found, palette.chosen) = if palette.columns {
                let found = command::columns(text, &model.mapping.missing());
                let chosen = (!found.is_empty()).then_some(0);
                (found, chosen)
            } else {
                let found = command::find(text, &model.views);
                let chosen = command::meant(text, &found);
                (found, chosen)
            };
        }
        _ => {}
    }
}

/// Searches and goes to the first hit from a row on.
pub(super) fn look(model: &mut Model, query: &str, from: usize) {
    let Some(texts) = model.texts.clone() else {
        model.search = Search { query: query.to_owned(), ..Search::default() };
        return;
    };
    model.search = Search::run(query, &texts, &model.search);
    let here = model.queue.no(from).is_some_and(|no| model.search.holds(no));
    let exact = model.search.exact.and_then(|no| model.queue.row_of(no));
    let row = if exact.is_some() {
        exact
    } else if here {
        Some(from)
    } else {
        model.queue.hit_from(from, true, |no| model.search.holds(no))
    };
    review::go_to(model, row.unwrap_or(from));
}

fn choose(model: &mut Model, by: isize, effects: &mut Vec<Effect>) {
    let round = |chosen: Option<usize>, len: usize| match chosen {
        _ if len == 0 => None,
        Some(chosen) => Some((chosen as isize + by).rem_euclid(len as isize) as usize),
        None if by > 0 => Some(0),
        None => Some(len - 1),
    };
    match &mut model.modal {
        Some(Modal::Choice(choice)) => choice.chosen = round(choice.chosen, choice.codes.len()),
        Some(Modal::Palette(palette)) => palette.chosen = round(palette.chosen, palette.found.len()),
        Some(Modal::Prompt(Prompt { purpose: Purpose::Import, .. })) => job::complete(model, by, effects),
        Some(Modal::Prompt(Prompt { purpose: Purpose::Search { .. }, .. })) => {
            if let Some(row) = model.queue.hit_from(model.window.cursor, by > 0, |no| model.search.holds(no)) {
                review::go_to(model, row);
            }
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Filter, line, .. })) if by < 0 && line.text().is_empty() => {
            *line = Line::of(model.dropped.clone());
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Filter, line, .. })) => complete(line, by > 0),
        Some(Modal::Prompt(Prompt {
            purpose: Purpose::WithdrawReason { .. } | Purpose::HeldReason { .. },
            line,
            fault,
        })) => {
            *line = Line::offered(next_of(&LIST_REASONS, line.text(), by));
            *fault = None;
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::ProtectReason { on, .. }, line, fault })) => {
            *line = Line::offered(next_of(if *on { &PROTECTED_BY } else { &CLEARED_BY }, line.text(), by));
            *fault = None;
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, ask), line, fault })) => {
            let last = if *ask == Ask::Replied { model.today } else { jiff::civil::Date::MAX };
            *line = Line::offered(match ask {
                Ask::Reason => next_of(&REASONS, line.text(), by),
                Ask::SafeWay => next_of(&SAFE_WAYS, line.text(), by),
                // No answer comes tomorrow.
                _ => next_day(line.text(), model.today, by, last),
            });
            *fault = None;
        }
        _ => {}
    }
}

/// Offers days: today first, from there or from what is typed on day by day.
fn next_day(typed: &str, today: jiff::civil::Date, by: isize, last: jiff::civil::Date) -> String {
    use jiff::ToSpan;
    let day = match decide::read_date(typed) {
        Ok(day) => day.saturating_add(i64::try_from(by).unwrap_or(0).days()),
        Err(_) => today,
    };
    decide::date_text(day.min(last))
}

/// Why decisions are changed most often, so that no text need be typed.
const REASONS: [&str; 4] = ["入力の誤り", "新しい確認結果", "返事があったため", "見直し"];

/// Why 支援措置 is set most often.
const PROTECTED_BY: [&str; 3] = ["本人の申出", "市区町村からの連絡", "資格関係書類の記載"];

/// Why 支援措置 is cleared most often.
const CLEARED_BY: [&str; 3] = ["支援措置の終了を確認", "本人の申出", "入力の誤り"];

/// How a letter reaches a person under 支援措置 without going to the address on record.
const SAFE_WAYS: [&str; 3] = ["本人が指定した送付先", "窓口で本人に手渡し", "支援機関・代理人を通じて"];

/// Why rows are taken out of a list or left out for good most often.
const LIST_REASONS: [&str; 4] = ["別人の疑い", "入力の誤り", "資格のない行", "重複した行"];

/// Offers reasons, going round; what is typed otherwise is replaced by the first.
fn next_of(reasons: &[&str], typed: &str, by: isize) -> String {
    let len = reasons.len() as isize;
    let next = match reasons.iter().position(|reason| *reason == typed) {
        Some(at) => (at as isize + by).rem_euclid(len),
        None if by < 0 => len - 1,
        None => 0,
    };
    reasons.get(next.unsigned_abs()).copied().unwrap_or_default().to_owned()
}

/// Completes the word of a filter expression at the end of the line, going round the words that fit.
fn complete(line: &mut Line, forward: bool) {
    use crate::domain::filter::{KEYS, words};
    let text = line.text().to_owned();
    let start =
        text.rfind([' ', '　']).map_or(0, |blank| blank + text[blank..].chars().next().map_or(0, char::len_utf8));
    let (head, word) = text.split_at(start);
    let (key, valid): (&str, Vec<&str>) = match word.split_once([':', '：']) {
        Some((key, _)) => (key, words(key.trim_start_matches('-'))),
        None => ("", KEYS.to_vec()),
    };
    let value = if key.is_empty() { word } else { &word[(key.len() + 1).min(word.len())..] };
    let next = match valid.iter().position(|known| *known == value.trim_end_matches(':')) {
        Some(at) => {
            let len = valid.len();
            valid.get(if forward { (at + 1) % len } else { (at + len - 1) % len })
        }
        None => valid.iter().find(|known| known.starts_with(value)),
    };
    let Some(next) = next else { return };
    let done = if key.is_empty() { format!("{head}{next}:") } else { format!("{head}{key}:{next}") };
    *line = Line::of(done);
}

fn cancel(model: &mut Model, _effects: &mut Vec<Effect>) {
    match model.modal.take() {
        Some(Modal::Prompt(Prompt { purpose: Purpose::Search { from }, .. })) => {
            model.search = Search::default();
            review::go_to(model, from);
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help, from }, .. })) => find::cancel(model, help, from),
        Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(..), .. }) | Modal::Choice(_)) => {
            model.guard.refuse();
            model.say(Weight::Info, "決定しませんでした");
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Whole(_), .. })) => {
            model.say(Weight::Info, "やめました。何も変わっていません");
        }
        _ => {}
    }
    model.above += 1;
    model.pressed.clear();
}

fn accept(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.modal.take() {
        Some(Modal::Prompt(prompt)) => accept_prompt(model, prompt, effects),
        Some(Modal::Choice(choice)) => {
            let Some(code) = choice.chosen.and_then(|chosen| choice.codes.get(chosen)).copied() else {
                model.modal = Some(Modal::Choice(choice));
                let accept = model.key_of(Action::Accept).unwrap_or_default();
                return model.say(Weight::Warning, format!("番号で選んでから {accept} で決めます"));
            };
            let mut attempt = *choice.attempt;
            attempt.decision.evidence.push(Evidence::plain(code));
            decide::go_on(model, attempt, effects);
        }
        Some(Modal::Palette(palette)) => {
            if palette.entry().is_none() {
                // The best guess is not what was asked for; the list stays so that one can be chosen.
                let text = crate::compare::visible(palette.line.text().trim()).into_owned();
                let next = model.key_for(Layer::Palette, Action::ChooseNext);
                let words = if text.is_empty() {
                    format!("命令を入力するか、{next} で選んでください")
                } else if palette.found.is_empty() {
                    format!("「{text}」という命令はありません")
                } else {
                    format!("「{text}」という命令はありません。近いものは {next} で選べます")
                };
                model.modal = Some(Modal::Palette(palette));
                return model.say(Weight::Warning, words);
            }
            model.above += 1;
            match palette.entry() {
                Some(Entry::Action(action)) => keys::run(model, *action, effects),
                Some(Entry::Command(command)) => keys::command(model, command.clone(), effects),
                Some(Entry::Column(column)) => lists::take_for(model, *column),
                Some(Entry::Usage(usage)) => model.say(Weight::Info, format!("使い方: {usage}")),
                None => {}
            }
        }
        other => model.modal = other,
    }
    model.above += 1;
    model.pressed.clear();
}

/// Asks once more, with what is wrong.
pub(super) fn again(model: &mut Model, prompt: Prompt, fault: String) {
    model.modal = Some(Modal::Prompt(Prompt { fault: Some(fault), ..prompt }));
}

fn accept_prompt(model: &mut Model, prompt: Prompt, effects: &mut Vec<Effect>) {
    let text = prompt.line.text().trim().to_owned();
    let again = |model: &mut Model, purpose: Purpose, fault: String| {
        again(model, Prompt { purpose, line: prompt.line.clone(), fault: None }, fault);
    };
    match prompt.purpose {
        Purpose::Search { from } => {
            let before = model.queue.no(from);
            review::remember(model, before);
            let words = match (model.texts.is_some(), model.search.hits.len()) {
                _ if text.trim().is_empty() => String::new(),
                (false, _) => "検索の準備をしています…".to_owned(),
                (true, n) if model.search.absent => {
                    let id = crate::compare::visible(text.trim()).into_owned();
                    let more = match n {
                        0 => format!("(:{id} で対象外の記録も調べます)"),
                        n => format!("。ほかの項目に含むもの {n} 件 (n 次 / N 前)"),
                    };
                    return model.say(Weight::Warning, format!("整理番号 {id} は確認の対象にありません{more}"));
                }
                (true, _) if model.search.exact.is_some_and(|no| model.queue.row_of(no).is_none()) => {
                    let id = crate::compare::visible(text.trim()).into_owned();
                    return model.say(Weight::Warning, format!("整理番号 {id} は絞込の外です(:{id} で移れます)"));
                }
                (true, 0) => "見つかりません".to_owned(),
                (true, n) if model.search.fuzzy => format!("近いもの {n} 件 (n 次 / N 前)"),
                (true, n) => format!("{n} 件 (n 次 / N 前)"),
            };
            if words.is_empty() {
                model.search = Search::default();
            } else {
                model.say(Weight::Info, words);
            }
        }
        Purpose::Find { help, from } => find::accept(model, help, from),
        Purpose::Filter => match Filter::parse(&text) {
            Ok(filter) if filter.is_empty() => review::unfilter(model),
            Ok(_) => {
                model.say(Weight::Info, "絞り込んでいます…");
                model.filtering = Some(text.clone());
                effects.push(Effect::Filter(text));
            }
            Err(error) => again(model, Purpose::Filter, error.to_string()),
        },
        Purpose::Import
        | Purpose::Whole(_)
        | Purpose::WithdrawId(_)
        | Purpose::WithdrawReason { .. }
        | Purpose::HeldReason { .. } => job::accept(model, prompt, effects),
        Purpose::Note(seen) => decide::annotate(model, seen, text.trim(), effects),
        Purpose::ProtectReason { seen, on } => {
            if text.is_empty() {
                return again(model, Purpose::ProtectReason { seen, on }, "理由を入力してください".to_owned());
            }
            decide::protect(model, seen, on, &text, effects);
        }
        Purpose::Ask(attempt, ask) => {
            let mut filled: Attempt = (*attempt).clone();
            match decide::fill(&mut filled.decision, &ask, &text) {
                Ok(()) => decide::go_on(model, filled, effects),
                Err(fault) => again(model, Purpose::Ask(attempt, ask), fault),
            }
        }
    }
}

/// A record as it is shown.
fn seen(view: &RecordView) -> Seen {
    Seen { record: view.record.no, version: view.case.version }
}
