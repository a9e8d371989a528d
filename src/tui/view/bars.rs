//! The lines around a screen: header, status line, hints and prompts.

use jiff::civil::{Date, Weekday};

use crate::app::action::{Action, Quick, Screen};
use crate::app::job::RunningJob;
use crate::app::layout::Area;
use crate::app::message::Weight;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::{InfoBody, Modal};
use crate::app::model::Model;
use crate::app::screen::review::Pane;
use crate::compare::visible;
use crate::config::keymap::{Layer, Lookup};
use crate::config::keys::{self, Key, KeyCode};
use crate::config::theme::Role;
use crate::domain::category::Category;
use crate::domain::filter::Filter;
use crate::domain::suspension::Class;

use super::canvas::{Canvas, Line, cells, span};

/// ` meken  市国保 全件   ① 3  ② 41  ③ 12   残 56/400  ███░  次回締切 12/14(木) あと3日`
pub(super) fn header(canvas: &mut Canvas<'_>, model: &Model) {
    let w = usize::from(model.shared.size.0);
    let width = canvas.width;
    let queue = &model.review.queue;
    let mut counts: Line = Vec::new();
    for (word, classes, role) in [
        ("①", &[Class::One][..], Role::ClassOne),
        ("②", &[Class::TwoA, Class::TwoB, Class::TwoC], Role::ClassTwo),
        ("③", &[Class::Three], Role::ClassThree),
    ] {
        counts.push(span(format!("{word} {}  ", queue.remaining_of(classes)), role));
    }
    counts.push(span(format!("残 {}/{}  ", queue.remaining(), queue.total()), Role::Text));
    let mut line = vec![span(" meken  ", Role::Title)];
    let cutoff =
        model.shared.cutoff.map(|cutoff| cutoff_words(cutoff.at.date(), model.shared.today)).unwrap_or_default();
    let fixed = cells(width, &line) + cells(width, &counts);
    let label = format!("{}  ", visible(&model.shared.workspace.label));
    if fixed + width.of(&label) + width.of(&cutoff) <= w {
        line.push(span(label, Role::Text));
    }
    line.extend(counts);
    let used = cells(width, &line);
    let long = format!("次回{cutoff}");
    let cutoff = if used + width.of(&long) + 8 <= w && !cutoff.is_empty() { long } else { cutoff };
    let shows = used + width.of(&cutoff) <= w;
    let room = w.saturating_sub(used + if shows { width.of(&cutoff) + 2 } else { 0 }).min(40);
    if room >= 4 && queue.total() > 0 {
        let done = (queue.total() - queue.remaining()) * room / queue.total();
        line.push(span(canvas.glyphs.fill.repeat(done), Role::GaugeFill));
        line.push(span(canvas.glyphs.rest.repeat(room - done), Role::GaugeRest));
        line.push(span("  ", Role::Text));
    }
    if shows {
        line.push(span(cutoff, Role::Text));
    }
    canvas.line(0, 0, model.shared.size.0, &line, Role::Text);
}

fn cutoff_words(day: Date, today: Date) -> String {
    let weekday = match day.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    };
    let left = match today.until(day).map_or(0, |span| span.get_days()) {
        0 => "本日".to_owned(),
        days => format!("あと{days}日"),
    };
    format!("締切 {}/{}({weekday}) {left}", day.month(), day.day())
}

/// Maximum number of lines of a message.
const MOST_ROWS: u16 = 3;

/// Cells that filter and search take on the right.
const STANDING: usize = 36;

/// The status line: a message on the left; what is not saved, filter and search on the right.
pub(super) fn status(canvas: &mut Canvas<'_>, model: &Model) {
    let w = model.shared.size.0;
    let y = model.shared.size.1.saturating_sub(2);
    let mut right: Line = Vec::new();
    let (text, role) = message(model);
    // What is said needs the room; that the queue is filtered stands in its title as well.
    let whole = usize::from(w) >= canvas.width.of(&text) + STANDING;
    if !model.review.filter.expression.is_empty() && whole {
        right.push(span(
            format!(" 絞込 {} ", canvas.width.truncate(&visible(&model.review.filter.expression), 24)),
            Role::Status,
        ));
    }
    if !model.find.query.is_empty() && whole && model.finds_here() {
        let query = visible(&model.find.query).into_owned();
        right.push(span(format!(" 検索 {} ", canvas.width.truncate(&query, 16)), Role::Status));
    } else if !model.review.search.query.is_empty() && whole {
        let query = visible(&model.review.search.query).into_owned();
        let found = if model.review.texts.is_some() {
            format!(" {}件", model.review.search.hits.len())
        } else {
            String::new()
        };
        right.push(span(format!(" 検索 {}{found} ", canvas.width.truncate(&query, 16)), Role::Status));
    }
    if let Some(job) = &model.shared.jobs.running {
        right.push(span(format!(" {} ", job_words(model, job)), Role::Unsaved));
    }
    if !model.shared.changes.unsaved.is_empty() {
        right.push(span(format!(" 未保存 {} ", model.shared.changes.unsaved.len()), Role::Unsaved));
    }
    let room = usize::from(w).saturating_sub(cells(canvas.width, &right));
    // A message is read to its end: what does not fit beside the rest begins in the lines above.
    let rows = canvas.width.wrap(&text, room.saturating_sub(2).max(8));
    let rows = &rows[..rows.len().min(usize::from(MOST_ROWS))];
    let (last, above) = (rows.len() - 1, u16::try_from(rows.len() - 1).unwrap_or(0));
    for (range, y) in rows[..last].iter().zip(y.saturating_sub(above)..y) {
        let line = [span(format!(" {}", &text[range.clone()]), role)];
        canvas.line(0, y, w, &line, role);
    }
    let left = span(canvas.width.pad(&format!(" {}", &text[rows[last].clone()]), room), role);
    canvas.line(0, y, w, &[vec![left], right].concat(), Role::Status);
}

/// `取込中 45% 12000行`
fn job_words(model: &Model, job: &RunningJob) -> String {
    let mut words = job.task.label().to_owned();
    if let Some(percent) = (100 * job.done).checked_div(job.total) {
        words.push_str(&format!(" {}%", percent.min(100)));
    }
    if job.rows > 0 {
        words.push_str(&format!(" {}行", job.rows));
    }
    if job.task.can_stop() {
        words.push_str(&format!(" ({}で中止)", model.shared.key_for(Layer::Review, Action::Clear)));
    }
    words
}

fn message(model: &Model) -> (String, Role) {
    if let Some(Modal::Prompt(Prompt { purpose, fault, .. })) = &model.shared.modal {
        if let Some(fault) = fault {
            return (visible(fault).into_owned(), Role::Error);
        }
        if let Purpose::Ask(attempt, _) = purpose
            && let Some(refused) = &attempt.refused
        {
            return (refused.clone(), Role::Warning);
        }
    }
    match &model.shared.message {
        Some((Weight::Info, text)) => (text.clone(), Role::Status),
        Some((Weight::Warning, text)) => (text.clone(), Role::Warning),
        Some((Weight::Error, text)) => (text.clone(), Role::Error),
        None => match &model.shared.changes.broken {
            Some(broken) => (format!("保存できません: {broken}"), Role::Error),
            None if !model.shared.opened => ("開いています…".to_owned(), Role::Status),
            None => (position(model), Role::Status),
        },
    }
}

fn position(model: &Model) -> String {
    match model.shared.screen {
        Screen::Review if model.review.queue.is_empty() => String::new(),
        Screen::Review => {
            let row = format!("{}/{} 行目", model.review.viewport.cursor + 1, model.review.queue.len());
            if model.review.pane == Pane::Record { format!("{row}  枠: 記録") } else { row }
        }
        Screen::Status | Screen::Groups => "状況".to_owned(),
        Screen::Output => "出力".to_owned(),
        Screen::History => "履歴".to_owned(),
        Screen::Quarantine => "隔離".to_owned(),
        Screen::Mapping => "列の対応".to_owned(),
    }
}

/// The last line: a prompt, what may follow the keys pressed, or the most useful keys.
pub(super) fn hints(canvas: &mut Canvas<'_>, model: &Model) {
    let w = model.shared.size.0;
    let y = model.shared.size.1.saturating_sub(1);
    if let Some(Modal::Prompt(prompt)) = &model.shared.modal {
        return self::prompt(canvas, model, prompt, Area { x: 0, y, w, h: 1 });
    }
    let pending = model.shared.pending();
    if pending_block(canvas, model, &pending) {
        let words = format!(" 続けて押すキー  {} やめる", leaving(model));
        return canvas.line(0, y, w, &[span(words, Role::HintText)], Role::HintText);
    }
    let mut items = if pending.is_empty() { useful(model) } else { pending };
    if let Some(Modal::Choice(choice)) = &model.shared.modal {
        let words = if choice.careful { "選ぶ" } else { "決定" };
        items.insert(0, (choice.digits(), words.to_owned()));
    }
    let mut line: Line = vec![span(" ", Role::HintText)];
    for (key, words) in items {
        let item = [span(key, Role::HintKey), span(format!(" {words}  "), Role::HintText)];
        if cells(canvas.width, &line) + cells(canvas.width, &item) > usize::from(w) + 2 {
            break;
        }
        line.extend(item);
    }
    canvas.line(0, y, w, &line, Role::HintText);
}

/// The key that breaks off a sequence: the one that clears, where the sequence does not go on with it, else Esc.
fn leaving(model: &Model) -> String {
    let goes_on = |key: &[Key]| {
        let keys = [&model.shared.input.pressed[..], key].concat();
        !matches!(model.shared.keymap.lookup(model.shared.layer().stack(), &keys), Lookup::Unbound)
    };
    let clearing = model.shared.keymap.keys_for(Layer::Review, &Action::Clear);
    let found = clearing.into_iter().find(|key| key.len() == 1 && model.shared.leaves(key[0]) && !goes_on(key));
    found.map_or_else(|| Key::plain(KeyCode::Esc).label(), keys::label)
}

/// Shows what may follow in columns above the status line, where one line does not hold it; says whether it did.
fn pending_block(canvas: &mut Canvas<'_>, model: &Model, pending: &[(String, String)]) -> bool {
    let width = canvas.width;
    let items: Vec<Line> = pending
        .iter()
        .map(|(key, words)| vec![span(format!(" {key}"), Role::HintKey), span(format!(" {words} "), Role::HintText)])
        .collect();
    let room = usize::from(model.shared.size.0);
    if items.iter().map(|item| cells(width, item) + 1).sum::<usize>() <= room {
        return false;
    }
    let column = items.iter().map(|item| cells(width, item)).max().unwrap_or(room).clamp(1, room);
    let rows = items.len().div_ceil((room / column).max(1));
    let (Ok(h), last) = (u16::try_from(rows), model.shared.size.1.saturating_sub(2)) else { return false };
    if h + 4 > last {
        return false;
    }
    for (row, y) in (last - h..last).enumerate() {
        let mut line = Line::new();
        for item in items.iter().skip(row).step_by(rows) {
            line.extend(item.iter().cloned());
            let used = cells(width, &line) % column;
            line.push(span(" ".repeat((column - used) % column), Role::HintText));
        }
        canvas.line(0, y, model.shared.size.0, &line, Role::HintText);
    }
    true
}

/// Below this width fewer hints are shown.
const NARROW: u16 = 72;

/// Keys worth showing, from the keymap; what has no key is left out.
fn useful(model: &Model) -> Vec<(String, String)> {
    let layer = model.shared.layer();
    let review: &[(&[Action], &str)] = &[
        (&[Action::Adopt], "採用"),
        (&[Action::Decide(Category::C21), Action::Decide(Category::C24)], "確認"),
        (&[Action::Decide(Category::C41), Action::Decide(Category::C42)], "送付"),
        (&[Action::Quick(Quick::Wrong)], "誤り"),
        (&[Action::Hold], "保留"),
        (&[Action::Undo], "取消"),
        (&[Action::Search], "検索"),
        (&[Action::Palette], "命令"),
        (&[Action::Help], "説明"),
        (&[Action::Note], "メモ"),
        (&[Action::Filter], "絞込"),
        (&[Action::Quit], "終了"),
        (&[Action::Screen(Screen::Status)], "状況"),
        (&[Action::Screen(Screen::Output)], "出力"),
        (&[Action::Screen(Screen::History)], "履歴"),
        (&[Action::NextUndecided], "次の未決定"),
        (&[Action::Zoom], "広げる"),
        (&[Action::CycleFields], "表示切替"),
        (&[Action::Related], "関連"),
    ];
    // A narrow screen names the one key for letters, and how to learn the others.
    let narrow: &[(&[Action], &str)] = &[
        (&[Action::Adopt], "採用"),
        (&[Action::Decide(Category::C21), Action::Decide(Category::C24)], "確認"),
        (&[Action::Quick(Quick::Letter)], "送付"),
        (&[Action::Quick(Quick::Wrong)], "誤り"),
        (&[Action::Hold], "保留"),
        (&[Action::Undo], "取消"),
        (&[Action::Help], "説明"),
    ];
    let other: &[(&[Action], &str)] = match layer {
        Layer::Review if model.shared.size.0 < NARROW => narrow,
        Layer::Review => review,
        Layer::Palette => {
            &[(&[Action::Accept], "実行"), (&[Action::ChooseNext], "次の命令"), (&[Action::Cancel], "やめる")]
        }
        Layer::Answer if matches!(model.shared.modal, Some(Modal::Choice(_))) => &[
            (&[Action::Accept], "決定"),
            (&[Action::ChooseNext], "次へ"),
            (&[Action::Cancel], "やめる"),
            (&[Action::ScrollDown], "記録を下へ"),
        ],
        Layer::Prompt | Layer::Answer => {
            &[(&[Action::Accept], "確定"), (&[Action::ChooseNext], "次の候補"), (&[Action::Cancel], "やめる")]
        }
        Layer::Confirm if model.shared.question_reach.get().0 > 0 => {
            &[(&[Action::Yes], "はい"), (&[Action::No], "いいえ"), (&[Action::ScrollDown], "続きを読む")]
        }
        Layer::Confirm => &[(&[Action::Yes], "はい"), (&[Action::No], "いいえ"), (&[Action::ScrollDown], "記録を下へ")],
        Layer::Help if matches!(&model.shared.modal, Some(Modal::Info { body: InfoBody::Related(..), .. })) => {
            &[(&[Action::Jump], "その記録へ"), (&[Action::Next], "下へ"), (&[Action::Cancel], "閉じる")]
        }
        Layer::Help if matches!(model.shared.modal, Some(Modal::Help { .. })) => &[
            (&[Action::Next], "下へ"),
            (&[Action::Prev], "上へ"),
            (&[Action::Cancel], "閉じる"),
            (&[Action::Search], "検索"),
            (&[Action::NextHit], "次の結果"),
        ],
        Layer::Help => &[(&[Action::Next], "下へ"), (&[Action::Prev], "上へ"), (&[Action::Cancel], "閉じる")],
        _ => list_hints(model.shared.screen),
    };
    other
        .iter()
        .filter_map(|(actions, words)| {
            if **actions == [Action::Adopt] {
                return at_once(model);
            }
            let labels: Option<Vec<String>> = actions.iter().map(|action| model.shared.key_of(*action)).collect();
            let labels = labels?;
            let joined = match &actions[..] {
                [Action::Decide(Category::C41), ..] => labels.join("/"),
                _ => labels.join("-"),
            };
            Some((joined, (*words).to_owned()))
        })
        .collect()
}

/// The key that decides the record at the cursor at once: its suggestion, else the judgement before. Where there is neither,
/// blanks keep the hints that follow in their place.
fn at_once(model: &Model) -> Option<(String, String)> {
    let adopt = model.shared.key_of(Action::Adopt)?;
    if model.view().is_some_and(|view| view.suggestion.is_some()) {
        return Some((adopt, "採用".to_owned()));
    }
    match model.shared.key_of(Action::Repeat).filter(|_| model.review.can_repeat()) {
        Some(repeat) => Some((repeat, "同じ".to_owned())),
        None => Some((" ".repeat(adopt.len()), " ".repeat(4))),
    }
}

/// The keys of screens other than 確認.
fn list_hints(screen: Screen) -> &'static [(&'static [Action], &'static str)] {
    match screen {
        Screen::History => &[
            (&[Action::Open], "取り消す"),
            (&[Action::Jump], "記録へ"),
            (&[Action::FocusNext], "この記録・全部"),
            (&[Action::Next], "下へ"),
            (&[Action::ScrollDown], "詳細を下へ"),
            (&[Action::Screen(Screen::Review)], "確認画面"),
            (&[Action::Palette], "命令"),
            (&[Action::Help], "説明"),
            (&[Action::Search], "検索"),
        ],
        Screen::Output => &[
            (&[Action::Write], "書き出す"),
            (&[Action::Withdraw], "取下げ"),
            (&[Action::Freeze], "報告の確定"),
            (&[Action::Next], "下へ"),
            (&[Action::ScrollDown], "詳細を下へ"),
            (&[Action::Screen(Screen::Review)], "確認画面"),
            (&[Action::Help], "説明"),
            (&[Action::Search], "検索"),
        ],
        Screen::Quarantine => &[
            (&[Action::Write], "書き出す"),
            (&[Action::Dismiss], "除外"),
            (&[Action::FocusNext], "処理済も"),
            (&[Action::Import], "取込"),
            (&[Action::Next], "下へ"),
            (&[Action::ScrollDown], "詳細を下へ"),
            (&[Action::Screen(Screen::Review)], "確認画面"),
            (&[Action::Help], "説明"),
        ],
        Screen::Mapping => &[
            (&[Action::Open], "選ぶ"),
            (&[Action::Dismiss], "使わない"),
            (&[Action::Write], "検査して取り込む"),
            (&[Action::Next], "下へ"),
            (&[Action::Screen(Screen::Review)], "やめる"),
            (&[Action::Help], "説明"),
        ],
        Screen::Review | Screen::Groups | Screen::Status => &[
            (&[Action::Screen(Screen::Review)], "確認画面"),
            (&[Action::Next], "下へ"),
            (&[Action::Screen(Screen::Output)], "出力"),
            (&[Action::Screen(Screen::History)], "履歴"),
            (&[Action::Screen(Screen::Quarantine)], "隔離"),
            (&[Action::Palette], "命令"),
            (&[Action::Help], "説明"),
            (&[Action::Quit], "終了"),
        ],
    }
}

/// Where in the visible text of a refused filter the fault begins.
fn wrong_from(prompt: &Prompt) -> Option<usize> {
    prompt.fault.as_ref().filter(|_| prompt.purpose == Purpose::Filter)?;
    let text = prompt.line.text();
    let trimmed = text.trim();
    let position = Filter::parse(trimmed).err()?.position.saturating_sub(1);
    let lead = text.len() - text.trim_start().len();
    let at = trimmed.char_indices().nth(position).map_or(trimmed.len(), |(at, _)| at);
    Some(visible(&text[..lead + at]).len())
}

/// A line of text with the cursor; a long text is shown around the cursor.
fn prompt(canvas: &mut Canvas<'_>, model: &Model, prompt: &Prompt, area: Area) {
    let (label, help) = match &prompt.purpose {
        Purpose::Find { .. } => ("画面の中を検索".to_owned(), ""),
        Purpose::Search { .. } => ("検索".to_owned(), "空白で区切ると両方を含むもの"),
        Purpose::Filter => ("絞込".to_owned(), "例 class:② state:未着手 text:赤坂 ({} で候補)"),
        Purpose::Note(_) => ("メモ".to_owned(), "{enter} 保存  {esc} やめる"),
        Purpose::ProtectReason { on: true, .. } => ("支援措置の印を付ける理由".to_owned(), "{} で候補"),
        Purpose::ProtectReason { .. } => ("支援措置の印を外す理由".to_owned(), "{} で候補"),
        Purpose::UndoReason { id, .. } => (format!("{} の支援措置の印を外す理由", visible(id)), "{} で候補"),
        Purpose::Import => ("取り込むファイル".to_owned(), "{} で候補、後に --run delta など"),
        Purpose::Whole(_) => ("全件として取り込むには full と入力".to_owned(), ""),
        Purpose::WithdrawId(batch) => (format!("第{batch}回から取下げる整理番号"), ""),
        Purpose::WithdrawReason { .. } => ("取下げの理由".to_owned(), "{} で候補"),
        Purpose::HeldReason { dismiss: true, .. } => ("除外の理由".to_owned(), "{} で候補"),
        Purpose::HeldReason { .. } => ("未処理に戻す理由".to_owned(), "{} で候補"),
        Purpose::Ask(_, ask) if ask.is_date() => (ask.label(), "例 20231214 R5.12.14 ({} 今日、もう一度で翌日)"),
        Purpose::Ask(_, ask) => (ask.label(), "{} で候補"),
    };
    let key = |action| model.shared.key_in(model.shared.layer(), action);
    let help = match (key(Action::ChooseNext), key(Action::Accept), key(Action::Cancel)) {
        (Some(next), Some(accept), Some(cancel)) => {
            help.replace("{enter}", &accept).replace("{esc}", &cancel).replace("{}", &next)
        }
        _ => String::new(),
    };
    // A keymap with keys of its own for answers is used without looking: they are named.
    let own: Vec<String> = model
        .shared
        .keymap
        .bindings(Layer::Answer)
        .filter(|_| model.shared.layer() == Layer::Answer)
        .map(|binding| format!("{} {}", keys::label(&binding.keys), binding.desc))
        .collect();
    let own = own.join("  ");
    let help = if own.is_empty() { help.as_str() } else { own.as_str() };
    let at = canvas.put(area.x, area.y, area.w, &format!(" {label}: "), Role::Prompt);
    let room = area.w.saturating_sub(at + 1);
    let before = visible(prompt.line.before()).into_owned();
    let whole = visible(prompt.line.text()).into_owned();
    let width = canvas.width;
    // Drop clusters from the front until the cursor fits.
    let mut from = 0;
    while width.of(&before[from..]) > usize::from(room) {
        from += before[from..].chars().next().map_or(1, char::len_utf8);
    }
    let shown = whole.get(from..).unwrap_or_default().to_owned();
    let end = canvas.put(at, area.y, room, &shown, Role::Prompt);
    if let Some(wrong) = wrong_from(prompt).filter(|wrong| *wrong >= from) {
        // What is wrong stands out; the text itself says where without colour.
        let start = at + canvas.cells(whole.get(from..wrong).unwrap_or_default());
        canvas.put(start, area.y, end.saturating_sub(start), whole.get(wrong..).unwrap_or_default(), Role::Error);
    }
    canvas.cursor = Some((at + canvas.cells(&before[from..]), area.y));
    let rest = (area.x + area.w).saturating_sub(end);
    canvas.fill(Area { x: end, y: area.y, w: rest, h: 1 }, Role::Prompt);
    let help_cells = canvas.cells(help);
    if help_cells > 0 && rest > help_cells + 3 {
        canvas.put(area.x + area.w - help_cells - 1, area.y, help_cells, help, Role::Dim);
    }
}
