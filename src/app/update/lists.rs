//! The screens with a list (履歴, 出力, 隔離): going there, moving, and what their lines offer.

use super::{decide, find, job};
use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::held::Held;
use crate::app::history::History;
use crate::app::job::{ImportSource, Job};
use crate::app::line::Line;
use crate::app::modal::{Modal, Palette, Prompt, Purpose, Question, Then};
use crate::app::model::{Asked, Model, Unsaved, Weight};
use crate::app::output::Entry;
use crate::compare::visible;
use crate::config::keymap::Layer;
use crate::domain::batch::protected_words;
use crate::domain::calendar::japan_time;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::held::HeldState;
use crate::service::{BatchExpect, ReportExpect};
use crate::view::Step;
use crate::view::trail::reversal_words;

/// Goes to a screen and reads what it shows.
pub(super) fn go(model: &mut Model, screen: Screen, effects: &mut Vec<Effect>) {
    if screen == Screen::Groups {
        let [filter, repeat] = [Action::Filter, Action::Repeat].map(|action| model.key_for(Layer::Review, action));
        let words =
            format!("グループ画面はまだありません。確認画面の絞込({filter})と繰り返し({repeat})をお使いください");
        return model.say(Weight::Info, words);
    }
    let again = model.screen == screen;
    if screen == Screen::History && !again {
        let record = model.record();
        model.history = History::of(record, record.map(|no| model.id_of(no)).unwrap_or_default());
    }
    model.screen = screen;
    model.set_modal(None);
    model.find.query.clear();
    model.above += 1;
    model.detail_top = 0;
    read(model, effects);
}

/// Reads what a screen shows, from the start.
fn read(model: &mut Model, effects: &mut Vec<Effect>) {
    match model.screen {
        Screen::Status => effects.push(Effect::Status),
        Screen::Output => {
            model.output.contradictions = None;
            effects.extend([Effect::Outputs, Effect::Contradictions]);
        }
        Screen::Quarantine => effects.push(Effect::Held(model.held.closed)),
        // The pages of the trail are asked for when they are in sight.
        Screen::History => {
            let cursor = model.history.window;
            model.history = History::of(model.history.record, std::mem::take(&mut model.history.id));
            model.history.window = cursor;
        }
        Screen::Review | Screen::Groups | Screen::Mapping => {}
    }
}

/// Reads a list anew because something was changed.
pub(super) fn refresh(model: &mut Model, effects: &mut Vec<Effect>) {
    if model.screen != Screen::Review {
        read(model, effects);
    }
}

/// Keeps the window on the list, and asks for the page of the trail that comes into sight.
pub(super) fn settle(model: &mut Model, effects: &mut Vec<Effect>) {
    find::came(model);
    let height = model.list_height();
    if let Some((window, len)) = model.list() {
        // A list that is being read keeps its place.
        if len > 0 {
            window.fit(len, height);
        }
    }
    if model.screen != Screen::History || !model.opened || !crate::app::plan::is_usable(model.size) {
        return;
    }
    let seeking = model.find.seeking;
    let history = &mut model.history;
    let in_sight = history.window.top.max(history.window.cursor) + height >= history.steps.len();
    let more = !history.read || history.next.is_some();
    if (in_sight || seeking) && more && !history.asked {
        history.asked = true;
        // What is not to be seen is read in longer pages.
        let limit = if seeking { SOUGHT } else { height + 2 };
        effects.push(Effect::History { record: history.record, below: history.next, limit });
    }
}

/// Events read at once while one is looked for.
const SOUGHT: usize = 500;

/// Moves through a list; false when the screen has none.
pub(super) fn step(model: &mut Model, action: Action) -> bool {
    let height = model.list_height();
    let page = height.saturating_sub(1).max(1) as isize;
    let Some((window, len)) = model.list() else { return false };
    let before = window.cursor;
    match action {
        Action::Next => window.step(1, len, height),
        Action::Prev => window.step(-1, len, height),
        Action::PageDown => window.step(page, len, height),
        Action::PageUp => window.step(-page, len, height),
        Action::First => window.cursor = 0,
        Action::Last => window.cursor = len.saturating_sub(1),
        _ => {}
    }
    let moved = window.cursor != before;
    model.detail_top = match action {
        Action::ScrollDown => model.detail_top.saturating_add(5).min(super::review::MOST_LINES),
        Action::ScrollUp => model.detail_top.min(model.reach.get()).saturating_sub(5),
        _ if moved => 0,
        _ => model.detail_top,
    };
    true
}

/// Does what belongs to the lines of a list.
pub(super) fn run(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    match (action, model.screen) {
        (Action::FocusNext, Screen::History) => {
            let record = if model.history.record.is_some() { None } else { model.record() };
            let id = record.map(|no| model.id_of(no)).unwrap_or_default();
            model.history = History::of(record, id);
            model.detail_top = 0;
        }
        (Action::Refresh, Screen::Review) => model.say(Weight::Info, "確認画面はいつも最新です"),
        (Action::Refresh, _) => read(model, effects),
        (Action::Open, Screen::History) => {
            if let Some(step) = model.history.here() {
                effects.push(Effect::Step(step.event.id.n));
            }
        }
        (Action::Open, Screen::Mapping) => {
            model.set_modal(Some(Modal::Palette(Palette { columns: true, ..Palette::default() })));
            super::prompt::edited(model, effects);
        }
        (Action::Dismiss, Screen::Mapping) => take_for(model, None),
        (Action::Write, Screen::Mapping) => {
            if let [first, rest @ ..] = &model.mapping.missing()[..] {
                let more = if rest.is_empty() { String::new() } else { format!(" ほか{}列", rest.len()) };
                let message = format!("まだ足りません: {}{more}", first.name());
                return model.say(Weight::Warning, message);
            }
            let source = ImportSource { columns: model.mapping.chosen(), ..model.mapping.source.clone() };
            job::begin(model, Job::Check(source), effects);
        }
        (Action::Open | Action::Write, Screen::Output) => write(model),
        (Action::Write, Screen::Quarantine) => {
            if model.held.open() == 0 {
                return model.say(Weight::Info, "未処理の隔離はありません");
            }
            let lines = vec![
                format!("未処理の隔離 {} 行を CSV に書き出します。", model.held.open()),
                "直して取り込むと隔離が解けます。個人番号は伏せますが、触らなければ元の値に戻ります。".to_owned(),
            ];
            ask(model, lines, Then::Do(Job::export(ExportRequest::of(ExportKind::Quarantine))));
        }
        (Action::Freeze, _) => freeze(model),
        (Action::Withdraw, Screen::Output) => match model.output.here() {
            Some(Entry::Sent(sent)) => {
                let number = sent.number;
                let purpose = Purpose::WithdrawId(number);
                // The record that was looked at before is the one meant, most often.
                let here = model.view().filter(|view| view.case.in_batch == Some(number));
                let line = here.map_or_else(Line::default, |view| Line::offered(view.record.row.id()));
                model.set_modal(Some(Modal::Prompt(Prompt { purpose, line, fault: None })));
            }
            _ => model.say(Weight::Info, "取下げる記録の載った解除リストを選んでから、もう一度押してください"),
        },
        (Action::Withdraw, Screen::Review) => match model.view().and_then(|view| Some((view, view.case.in_batch?))) {
            Some((view, batch)) => {
                let id = view.record.row.id();
                prompt(model, Purpose::WithdrawReason { batch, id });
            }
            None => model.say(Weight::Info, "この記録は解除リストに載っていません"),
        },
        (Action::FocusNext, Screen::Quarantine) => {
            model.held = Held { closed: !model.held.closed, ..Held::default() };
            model.detail_top = 0;
            read(model, effects);
        }
        (Action::Dismiss, Screen::Quarantine) => match model.held.here().map(|row| (row.number, row.state)) {
            Some((number, HeldState::Open)) => prompt(model, Purpose::HeldReason { number, dismiss: true }),
            Some((number, HeldState::Dismissed)) => prompt(model, Purpose::HeldReason { number, dismiss: false }),
            Some((_, state)) => model.say(Weight::Info, format!("{}の行です", state.label())),
            None => model.say(Weight::Info, "隔離した行はありません"),
        },
        _ => {
            let screens = [(Screen::Output, "出力"), (Screen::History, "履歴"), (Screen::Quarantine, "隔離")];
            let keys = screens
                .map(|(screen, name)| format!("{name}({})", model.key_for(Layer::Global, Action::Screen(screen))));
            model.say(Weight::Info, format!("この画面では使えません。{}でお使いください", keys.join("・")));
        }
    }
}

fn prompt(model: &mut Model, purpose: Purpose) {
    model.set_modal(Some(Modal::Prompt(Prompt { purpose, line: Line::default(), fault: None })));
}

/// Takes the selected column of a file for something, and goes on to the next one.
pub(super) fn take_for(model: &mut Model, column: Option<crate::domain::record::Column>) {
    let row = model.mapping.window.cursor;
    model.mapping.choose(row, column);
    if column.is_some() && !model.mapping.missing().is_empty() {
        model.mapping.go_to_open(row);
    }
    model.detail_top = 0;
    let missing = model.mapping.missing().len();
    let words = if missing == 0 {
        format!("対応が揃いました。{} で検査に進めます", model.key_for(Layer::List, Action::Write))
    } else {
        format!("不足 {missing} 列")
    };
    model.say(Weight::Info, words);
}

/// Asks a question to be answered with yes or no.
pub(super) fn ask(model: &mut Model, lines: Vec<String>, then: Then) {
    model.set_modal(Some(Modal::Confirm(Box::new(Question { lines, then }))));
}

/// Writes the selected line of 出力; a list that is new is made first.
fn write(model: &mut Model) {
    let Some(all) = &model.output.all else { return };
    let (lines, request) = match model.output.here() {
        Some(Entry::Next(next)) if next.rows == 0 => {
            return model.say(Weight::Info, "解除リストに載せる記録がありません");
        }
        Some(Entry::Next(next)) => {
            let mut lines = vec![
                format!("解除リスト 第{}回を {} 件で作成し、書き出します。", next.number, next.rows),
                "作成した回は後から変えられません。".to_owned(),
            ];
            lines.extend(next.warnings().into_iter().map(|words| format!("注意: {words}")));
            match &model.output.contradictions {
                None => lines.push("同じ個人番号の矛盾(G9)はまだ調べています。".to_owned()),
                Some(found) if !found.is_empty() => {
                    lines.push(format!("注意(G9): 同じ個人番号の決定が食い違う組が {} 組あります。", found.len()));
                }
                Some(_) => {}
            }
            if all.quarantined > 0 {
                lines.push(format!("注意: 隔離した行が {} 行あります。", all.quarantined));
            }
            (lines, ExportRequest::of(ExportKind::Release))
        }
        Some(Entry::Sent(sent)) => {
            let text = format!("解除リスト 第{}回({} 件)を、同じ内容でもう一度書き出します。", sent.number, sent.rows);
            let protected = protected_words(sent.protected).map(|words| format!("注意: {words}"));
            ([text].into_iter().chain(protected).collect(), ExportRequest::numbered(ExportKind::Release, sent.number))
        }
        Some(Entry::Count(count)) => match count.number {
            Some(number) => (
                vec![format!("件数報告 第{number}号を書き出します。")],
                ExportRequest::numbered(ExportKind::Report, number),
            ),
            None => (
                vec![
                    "今の件数を書き出します(確定はしません)。".to_owned(),
                    format!("確定するには {} を押してください。", model.key_for(Layer::List, Action::Freeze)),
                ],
                ExportRequest::of(ExportKind::Report),
            ),
        },
        None => return,
    };
    let lines = lines.into_iter().chain([format!("書き出し先: {}", all.folder)]).collect();
    let expect = match model.output.here() {
        Some(Entry::Next(next)) => Some(BatchExpect::from(next)),
        _ => None,
    };
    ask(model, lines, Then::Do(Job::Export { request, expect }));
}

/// Asks before the counts are kept as a report.
fn freeze(model: &mut Model) {
    let Some(all) = model.output.all.as_ref().filter(|_| model.screen == Screen::Output) else {
        let key = model.key_for(Layer::Global, Action::Screen(Screen::Output));
        return model.say(Weight::Info, format!("件数報告は出力画面({key})で内容を見てから確定してください"));
    };
    if let Some(broken) = all.now.broken().first() {
        let message = format!("件数が合わないため確定できません: {broken}");
        return model.say(Weight::Warning, message);
    }
    let number = all.frozen.first().and_then(|last| last.number).unwrap_or(0) + 1;
    let mut lines = vec![
        format!("今の件数を、件数報告 第{number}号として確定します。"),
        format!("確認対象 {} 件、未了 {} 件。", all.now.report.item("1"), all.now.report.backlog),
    ];
    if !all.now.report.is_complete() {
        lines.push("未了または返信待ちが残っています(報告完了ではありません)。".to_owned());
    }
    let report = all.now.report.clone();
    ask(model, lines, Then::Do(Job::Freeze(Box::new(ReportExpect { number, report }))));
}

/// A step was looked up: says why it cannot be taken back, or asks before it is.
pub(super) fn found(model: &mut Model, step: &Step, refused: Option<String>) {
    let event = &step.event;
    if let Some(refused) = refused {
        let message = format!("{} 番は取り消せません: {refused}", event.id.n);
        return model.say(Weight::Warning, message);
    }
    let mut lines = vec![
        format!("{} 番の操作を取り消します。", event.id.n),
        format!(
            "{}  {}  {}  {}",
            visible(&step.id),
            japan_time(event.at).strftime("%Y-%m-%d %H:%M"),
            visible(event.operator()),
            event.kind.label()
        ),
        reversal_words(event),
    ];
    lines.retain(|line| !line.is_empty());
    lines.push("取消も履歴に残り、やり直しで戻せます。".to_owned());
    ask(model, lines, Then::UndoStep(event.id.n));
}

/// Takes one old step back, once that was confirmed.
pub(super) fn undo_step(model: &mut Model, seq: u64, effects: &mut Vec<Effect>) {
    if job::is_busy(model) || decide::is_broken(model) {
        return;
    }
    let request = decide::next_request(model);
    model.unsaved.insert(request, Unsaved { asked: Asked::History, record: None, before: None });
    effects.push(Effect::UndoStep { request, seq });
}
