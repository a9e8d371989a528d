//! Work that takes a moment: one piece at a time, with progress, and what its end means for the screens.

use super::{lists, prompt};
use crate::app::action::{Action, Screen};
use crate::app::complete::{self, Candidates, Wanted};
use crate::app::effect::Effect;
use crate::app::job::{ImportSource, Job, Outcome, RunningJob};
use crate::app::line::Line;
use crate::app::modal::{InfoBody, Modal, Prompt, Purpose, Then};
use crate::app::model::{Model, Weight};
use crate::config::keymap::Layer;

/// Whether other work is under way; says so.
pub(super) fn is_busy(model: &mut Model) -> bool {
    let Some(job) = &model.job else { return false };
    let stop = if job.task.can_stop() {
        format!("。{} で中止できます", model.key_for(Layer::Review, Action::Clear))
    } else {
        String::new()
    };
    let message = format!("{}です。終わるまでお待ちください{stop}", job.task.label());
    model.say(Weight::Warning, message);
    true
}

/// Begins work.
pub(super) fn begin(model: &mut Model, task: Job, effects: &mut Vec<Effect>) {
    if is_busy(model) || super::decide::is_broken(model) {
        return;
    }
    if !model.unsaved.is_empty() {
        return model.say(Weight::Warning, "保存していない決定があります。保存を待ってからもう一度行ってください");
    }
    model.job = Some(RunningJob::of(task.clone()));
    effects.push(Effect::Do(task));
}

/// Stops work that can be stopped; false when there is none.
pub(super) fn stop(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let Some(job) = model.job.as_ref().filter(|job| job.task.can_stop()) else { return false };
    let message = format!("{}を中止しています…", job.task.label());
    model.stopped = true;
    effects.push(Effect::Stop);
    model.say(Weight::Info, message);
    true
}

/// Asks for the file to import.
pub(super) fn ask_file(model: &mut Model, path: &str) {
    if is_busy(model) {
        return;
    }
    let prompt = Prompt { purpose: Purpose::Import, line: Line::of(path), fault: None };
    model.set_modal(Some(Modal::Prompt(prompt)));
}

/// Words that say of a file that it is a full one, whatever the IME made of them.
const WHOLE: [&str; 3] = ["full", "ｆｕｌｌ", "全件"];

fn not_whole(model: &Model) -> String {
    let key = model.key_for(Layer::Prompt, Action::Cancel);
    format!("全件のファイルなら full と入力してください。やめるときは {key} を押してください")
}

/// Asks for a word, because the yes before may have been a reflex: the question opens when the worker answers.
pub(super) fn ask_whole(model: &mut Model, source: ImportSource) {
    let prompt = Prompt { purpose: Purpose::Whole(source), line: Line::default(), fault: None };
    model.set_modal(Some(Modal::Prompt(prompt)));
    model.say(Weight::Warning, "ファイルにない記録は消滅になります。全件のファイルなら full と入力してください");
}

/// Completes the line that names a file: what is certain at once, then one candidate after the other.
pub(super) fn complete(model: &mut Model, by: isize, effects: &mut Vec<Effect>) {
    let Some(Modal::Prompt(Prompt { line, fault, .. })) = &mut model.modal else { return };
    let Candidates { lines, at } = &mut model.candidates;
    if lines.get(*at).is_some_and(|shown| shown == line.text()) && lines.len() > 1 {
        *at = (*at as isize + by).rem_euclid(lines.len() as isize).unsigned_abs();
        *line = Line::of(lines[*at].clone());
        *fault = None;
        return;
    }
    let text = line.text().to_owned();
    match complete::wanted(&text) {
        Wanted::Lines(lines) => completed(model, &text, lines),
        Wanted::Path { head, part } => effects.push(Effect::Complete { head, part }),
    }
}

/// Takes candidates in, unless the line is another one by now.
pub(super) fn completed(model: &mut Model, text: &str, lines: Vec<String>) {
    let Some(Modal::Prompt(Prompt { purpose: Purpose::Import, line, fault })) = &mut model.modal else { return };
    if line.text() != text {
        return;
    }
    *fault = None;
    let shared = complete::common(&lines);
    match &lines[..] {
        [] => return model.say(Weight::Info, "候補はありません"),
        [only] => *line = Line::of(only.clone()),
        _ if shared.len() > text.len() => *line = Line::of(shared),
        [first, ..] => *line = Line::of(first.clone()),
    }
    let last_word = |line: &String| {
        let name = line.trim_end_matches('/').rsplit(['/', ' ']).next().unwrap_or_default().to_owned();
        if line.ends_with('/') { name + "/" } else { name }
    };
    let words: Vec<String> = lines.iter().take(MOST_NAMED).map(last_word).collect();
    if lines.len() > 1 {
        let more = if lines.len() > MOST_NAMED { " …" } else { "" };
        let words = crate::compare::visible(&words.join("  ")).into_owned();
        model.say(Weight::Info, format!("候補 {}件: {words}{more}", lines.len()));
    } else {
        model.message = None;
    }
    model.candidates = Candidates { lines, at: 0 };
}

/// So many candidates are named in a message.
const MOST_NAMED: usize = 12;

/// Notes how far work has come.
pub(super) fn progress(model: &mut Model, done: u64, total: u64, rows: u64) {
    if let Some(job) = &mut model.job {
        (job.done, job.total, job.rows) = (done, total, rows);
    }
}

/// Work has ended.
pub(super) fn done(model: &mut Model, task: Job, result: Result<Outcome, String>, effects: &mut Vec<Effect>) {
    model.job = None;
    let stopped = std::mem::take(&mut model.stopped);
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(message) => {
            let short = message.lines().next().unwrap_or_default().to_owned();
            if message.lines().count() > 1 {
                let body = InfoBody::Text(message.lines().map(str::to_owned).collect());
                model.set_modal(Some(Modal::Info { title: "できませんでした", top: 0, body }));
            }
            if let Job::Check(source) = &task
                && !stopped
                && model.modal.is_none()
                && model.screen != Screen::Mapping
            {
                // One letter of the path is wrong, most often.
                let line = Line::of(source.text());
                let prompt = Prompt { purpose: Purpose::Import, line, fault: Some(short.clone()) };
                model.set_modal(Some(Modal::Prompt(prompt)));
            }
            model.say(Weight::Warning, short);
            if matches!(task, Job::Export { expect: Some(_), .. } | Job::Freeze(_)) {
                // What is asked for next is asked about the counts of now.
                lists::refresh(model, effects);
            }
            return;
        }
    };
    // In the queue as well, where the record is not the one on the screen.
    if let Some(changed) = &outcome.case {
        model.set_case(changed.0, &changed.1);
    }
    match task {
        Job::Check(source) if !outcome.nothing => {
            let mut lines = outcome.lines;
            lines.push("このファイルを取り込みますか。".to_owned());
            return lists::ask(model, lines, Then::Do(Job::Import(source)));
        }
        Job::Import(source) if outcome.vanishes => {
            let mut lines = outcome.lines;
            lines.push("差分のファイルなら「いいえ」を選び、パスの後に --run delta を付けてください。".to_owned());
            lines.push("本当に全件のファイルとして取り込みますか。".to_owned());
            return lists::ask(model, lines, Then::AskWhole(source));
        }
        Job::Check(_) | Job::Import(_) => {
            if model.screen == Screen::Mapping {
                model.screen = Screen::Review;
            }
            let body = InfoBody::Text(outcome.lines);
            model.set_modal(Some(Modal::Info { title: "取込", top: 0, body }));
        }
        // What is written of a record has changed where it stands in a list.
        Job::Withdraw { .. } => forget_sheets(model),
        Job::Export { request, .. } if request.creates() => forget_sheets(model),
        _ => {}
    }
    model.say(Weight::Info, outcome.message);
    lists::refresh(model, effects);
}

/// Reads the records on the screen anew.
fn forget_sheets(model: &mut Model) {
    model.records.clear();
    model.asked_records.clear();
}

/// The store holds other records: the queue is built anew, the operator stays at the same record.
pub(super) fn renewed(model: &mut Model, opened: crate::app::msg::Opened, effects: &mut Vec<Effect>) {
    use crate::app::queue::Queue;
    let record = model.record();
    model.queue = Queue::new(opened.entries, &opened.touched);
    model.workspace = opened.workspace;
    model.today = opened.today;
    model.cutoff = opened.cutoff;
    model.lines.clear();
    model.asked_lines.clear();
    forget_sheets(model);
    model.status_view = None;
    model.last = None;
    model.texts = None;
    model.asked_texts = !model.search.query.is_empty();
    if model.asked_texts {
        effects.push(Effect::SearchTexts);
    }
    let row = record.map_or(0, |no| model.queue.row_near(no));
    super::review::go_to(model, row);
    model.above += 1;
    if !model.filter.is_empty() {
        let filter = std::mem::take(&mut model.filter);
        model.filtering = Some(filter.clone());
        model.restoring = Some(crate::app::session::Session { record, ..model.session() });
        effects.push(Effect::Filter(filter));
    }
}

/// Answers to the prompts of this concern.
pub(super) fn accept(model: &mut Model, prompt: Prompt, effects: &mut Vec<Effect>) {
    let text = prompt.line.text().trim().to_owned();
    let fault = match &prompt.purpose {
        _ if !text.is_empty() => None,
        Purpose::Import => Some("取り込むファイルを入力してください".to_owned()),
        Purpose::Whole(_) => Some(not_whole(model)),
        Purpose::WithdrawId(_) => Some("整理番号を入力してください".to_owned()),
        _ => Some("理由を入力してください".to_owned()),
    };
    if let Some(fault) = fault {
        return prompt::again(model, prompt, fault);
    }
    match prompt.purpose {
        Purpose::Import => match ImportSource::parse(&text) {
            Ok(source) => begin(model, Job::Check(source), effects),
            Err(fault) => prompt::again(model, prompt, fault),
        },
        Purpose::Whole(source) if WHOLE.contains(&text.to_lowercase().as_str()) => {
            begin(model, Job::Import(ImportSource { allow_vanish: true, ..source }), effects);
        }
        Purpose::Whole(_) => {
            let fault = not_whole(model);
            prompt::again(model, prompt, fault);
        }
        Purpose::WithdrawId(batch) => {
            let purpose = Purpose::WithdrawReason { batch, id: text };
            model.modal = Some(Modal::Prompt(Prompt { purpose, line: Line::default(), fault: None }));
        }
        Purpose::WithdrawReason { batch, id } => {
            let lines = vec![
                format!("整理番号 {} を解除 第{batch}回から取り下げます。", crate::compare::visible(&id)),
                format!("理由: {}", crate::compare::visible(&text)),
            ];
            lists::ask(model, lines, Then::Do(Job::Withdraw { batch, id, reason: text }));
        }
        Purpose::HeldReason { number, dismiss } => {
            let what =
                if dismiss { "取り込まないものとして除外します" } else { "未処理に戻します" };
            let lines =
                vec![format!("隔離番号 {number} の行を{what}。"), format!("理由: {}", crate::compare::visible(&text))];
            lists::ask(model, lines, Then::Do(Job::Dismiss { number, dismiss, reason: text }));
        }
        _ => {}
    }
}
