//! The record: flags, the five fields, suggestion, case, note and the other columns.

use jiff::civil::Date;

use crate::app::action::Action;
use crate::app::layout::{Area, is_wide};
use crate::app::model::Model;
use crate::app::screen::review::{Fields, Review};
use crate::app::words::change_words;
use crate::compare::{CellWidth, Code, FieldKind, Verdict, visible};
use crate::config::keymap::Layer;
use crate::config::keys;
use crate::config::theme::Role;
use crate::domain::batch::is_changed;
use crate::domain::calendar::japan_time;
use crate::domain::case::{Case, Decision, Evidence, State, decide};
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::guard::Need;
use crate::domain::held::mask;
use crate::domain::record::Cells;
use crate::domain::record::{Column, Mark};
use crate::domain::suspension::Suspension;
use crate::view::{DangerView, RecordView};

use super::canvas::{Canvas, Line, cells, span};
use super::diff;

/// Cells before a value: `漢字 加入者 `.
const HEAD: usize = 12;

/// Draws the record at the cursor.
pub(super) fn draw(canvas: &mut Canvas<'_>, model: &Model, mut area: Area) {
    let lines = match model.view() {
        Some(view) => {
            // The record keeps its width whatever stands beside it: nothing jumps, and a move stays small.
            let mut whole = true;
            if area.w >= BESIDE.0 {
                area.w -= BESIDE.1 + 2;
                let right = Area { x: area.x + area.w + 2, w: BESIDE.1, ..area };
                let beside = beside(model, view, canvas.width);
                whole = beside.len() > usize::from(right.h);
                for (line, y) in beside.iter().zip(right.y..right.y + right.h).filter(|_| !whole) {
                    canvas.line(right.x, y, right.w, line, Role::Text);
                }
            }
            lines(model, view, canvas.width, canvas.glyphs.gap, usize::from(area.w), whole)
        }
        None if model.shared.opened && model.review.queue.is_empty() => {
            vec![vec![span("表示する記録がありません", Role::Dim)]]
        }
        None => match model.review.unreadable() {
            Some(why) => unreadable(canvas.width, why, usize::from(area.w)),
            None => vec![vec![span("読み込み中…", Role::Dim)]],
        },
    };
    let height = usize::from(area.h);
    let reach = lines.len().saturating_sub(height);
    model.shared.reach.set(reach);
    let top = model.review.scroll.min(reach);
    for (row, y) in (area.y..area.y + area.h).enumerate() {
        let line = lines.get(top + row).map_or(&[][..], |line| &line[..]);
        canvas.line(area.x, y, area.w, line, Role::Text);
    }
    canvas.more(area, lines.len().saturating_sub(top + height));
}

/// In the place of a record that cannot be read: why, and what to do.
fn unreadable(width: CellWidth, why: &str, w: usize) -> Vec<Line> {
    let words = "この記録は読み出せません。決定できません。";
    let rest = "ほかの記録は続けて決定できます。meken を終了し、meken verify で確かめてください。";
    let texts = [(words, Role::Error), (why, Role::Text), (rest, Role::Text)];
    let rows = texts.into_iter().flat_map(|(text, role)| {
        width.wrap(text, w.max(2)).into_iter().map(move |row| vec![span(text[row].to_owned(), role)])
    });
    rows.collect()
}

/// The title of the record's frame in so many cells: `0001234 ②b 医療停止  取得 H30.04.01  喪失 R05.10.31`.
///
/// Where that does not fit, the class says what is locked; where the dates do not fit either, they stand in the record.
pub(super) fn title(model: &Model, width: CellWidth, room: usize) -> String {
    let Some(view) = model.view() else { return String::new() };
    let [full, short, bare] = titles(view);
    [full, short].into_iter().find(|title| width.of(title) <= room).unwrap_or(bare)
}

fn titles(view: &RecordView) -> [String; 3] {
    let row = &view.record.row;
    let class = view.record.facts.class;
    let suspension = match class.suspension() {
        Suspension::QualificationAndMedical => "資格・医療停止",
        Suspension::Medical => "医療停止",
        Suspension::None => "停止なし",
        Suspension::Unknown => "停止不明",
    };
    let name = format!("{} {}", visible(&row.id()), class.label());
    let dates = dates(view);
    let [full, short] = [format!("{name} {suspension}{dates}"), format!("{name}{dates}")];
    [full, short, format!("{name} {suspension}")]
}

/// 取得 and 喪失 as they stand in the file.
fn dates(view: &RecordView) -> String {
    let mut words = String::new();
    for (column, word) in [(Column::Acquired, "取得"), (Column::Lost, "喪失")] {
        let text = view.record.row.cell(column).trim();
        if !text.is_empty() {
            words.push_str(&format!("  {word} {}", visible(text)));
        }
    }
    words
}

/// Cells of a frame's edge that a title leaves free: blanks, and the signs of the focus.
pub(super) const TITLE_EDGE: usize = 4;

/// Every line of a record.
///
/// `whole` adds what else is known; else that stands beside.
fn lines(model: &Model, view: &RecordView, width: CellWidth, gap: &str, w: usize, whole: bool) -> Vec<Line> {
    let mut out = Out { lines: Vec::new(), width, w };
    flags(view, &mut out);
    // What proves the danger is read before what looks alike.
    let others = if whole { others(view, width, w, SHOWN_OTHERS) } else { Vec::new() };
    let mut others = others.into_iter();
    out.lines.extend(others.next().into_iter().flatten());
    warnings(model, view, &mut out);
    let room = w.saturating_sub(TITLE_EDGE);
    if titles(view)[..2].iter().all(|title| width.of(title) > room) {
        out.wrapped("資格 ", Role::Title, dates(view).trim_start(), Role::Text);
    }
    for field in FieldKind::ALL {
        draw_field(model, view, field, gap, &mut out);
    }
    suggestion(model, view, &mut out);
    case(view, &mut out);
    if whole {
        recent(view, &mut out);
        out.lines.extend(others.flatten());
        needs(model, view, &mut out);
        details(model, view, &mut out);
    }
    out.lines
}

/// What stands beside the record where there is room: the other person, what decisions need, the history and the rest.
fn beside(model: &Model, view: &RecordView, width: CellWidth) -> Vec<Line> {
    let w = usize::from(BESIDE.1);
    let mut out = Out { lines: others(view, width, w, 1).into_iter().flatten().collect(), width, w };
    for part in [|_: &Model, view: &RecordView, out: &mut Out| recent(view, out), needs, details] {
        if !out.lines.is_empty() {
            out.push(Vec::new());
        }
        let before = out.lines.len();
        part(model, view, &mut out);
        if out.lines.len() == before {
            out.lines.pop();
        }
    }
    out.lines
}

struct Out {
    lines: Vec<Line>,
    width: CellWidth,
    w: usize,
}

impl Out {
    fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Writes a word and several texts that are broken between them where possible.
    fn listed(&mut self, head: &str, head_role: Role, items: &[String], role: Role) {
        let indent = self.width.of(head);
        let room = self.w.saturating_sub(indent).max(4);
        let mut rows: Vec<String> = Vec::new();
        for item in items {
            match rows.last_mut() {
                Some(row) if self.width.of(row) + 2 + self.width.of(item) <= room => {
                    row.push_str("  ");
                    row.push_str(item);
                }
                _ => rows.push(item.clone()),
            }
        }
        for (n, row) in rows.iter().enumerate() {
            let first = if n == 0 { head.to_owned() } else { " ".repeat(indent) };
            self.wrapped(&first, head_role, row, role);
        }
    }

    /// Writes a word and a text that wraps under itself.
    fn wrapped(&mut self, head: &str, head_role: Role, text: &str, role: Role) {
        let indent = self.width.of(head);
        let room = self.w.saturating_sub(indent).max(4);
        for (n, range) in self.width.wrap(text, room).into_iter().enumerate() {
            let first = if n == 0 { head.to_owned() } else { " ".repeat(indent) };
            self.push(vec![span(first, head_role), span(&text[range], role)]);
        }
    }
}

/// What must be known before anything else: 支援措置 and danger flags.
fn flags(view: &RecordView, out: &mut Out) {
    let (case, facts) = (&view.case, &view.record.facts);
    if case.is_protected(facts) {
        let by = if case.protected.is_some() { "手入力" } else { "ファイル" };
        out.wrapped("支援 ", Role::Danger, &format!("支援措置あり(送付しない)  {by}"), Role::Danger);
    } else if facts.protected {
        out.wrapped("支援 ", Role::Warning, "ファイルの支援措置の印は外されています", Role::Warning);
    }
    // Flags about the same person share a line; the last one says the most (F3 is F2 in both directions).
    for group in view.signs.chunk_by(|a, b| a.other.is_some() && a.other == b.other) {
        let flags: Vec<String> =
            group.iter().map(|sign| format!("{} {}", sign.danger.code(), sign.danger.label())).collect();
        let Some(last) = group.last() else { continue };
        let other = last.other.as_ref().map(|id| format!(" → {}", visible(id))).unwrap_or_default();
        let text = format!("{}{other} {}", flags.join("・"), last.words);
        out.wrapped("注意 ", Role::Danger, text.trim_end(), Role::Danger);
    }
    // Flags without a sign of their own still have to be seen.
    for danger in view.record.facts.dangers.iter() {
        if view.signs.iter().all(|sign| sign.danger != danger) {
            out.wrapped("注意 ", Role::Danger, &format!("{} {}", danger.code(), danger.label()), Role::Danger);
        }
    }
}

/// What must be known besides: a sent batch, a changed row.
fn warnings(model: &Model, view: &RecordView, out: &mut Out) {
    if let Some(batch) = view.in_batch {
        let key =
            model.shared.key_in(Layer::Review, Action::Withdraw).map(|key| format!(" ({key})")).unwrap_or_default();
        let (text, role) = if is_changed(&view.case, view.in_batch) {
            let text = format!(
                "解除 第{batch}回に報告した後、内容が変わりました。同じ人なら決定し直し、違うなら取り下げてください{key}"
            );
            (text, Role::Danger)
        } else {
            (format!("解除 第{batch}回に報告済です。変更するには先に取下げてください{key}"), Role::Warning)
        };
        out.wrapped("解除 ", role, &text, role);
    }
    if let Some(previous) = &view.previous {
        for column in Column::ALL {
            let (old, new) = (previous.cell(column), view.record.row.cell(column));
            if old != new && column == Column::MyNumber {
                out.wrapped("更新 ", Role::Warning, "個人番号が変わりました", Role::Text);
            } else if old != new {
                let text = format!("{}: {} → {}", column.name(), shown(old), shown(new));
                out.wrapped("更新 ", Role::Warning, &text, Role::Text);
            }
        }
    }
}

fn shown(text: &str) -> String {
    if text.is_empty() { "(空欄)".to_owned() } else { visible(text).into_owned() }
}

fn draw_field(model: &Model, view: &RecordView, field: FieldKind, gap: &str, out: &mut Out) {
    let row = &view.record.row;
    let comparison = &view.comparisons[field];
    let mark = view.record.facts.marks.fields[field];
    let (left, right) = (row.left(field), row.right(field));
    let calm = comparison.verdict == Verdict::Same && mark == Mark::Match;
    // Blanks under a ○ are no difference to look at.
    let passed = mark == Mark::Match && matches!(comparison.verdict, Verdict::Same | Verdict::Notation);
    if model.review.fields == Fields::Differing && passed {
        return;
    }
    let verdict = vec![
        span(format!("{} ", mark.label()), if mark == Mark::Match { Role::MarkOk } else { Role::MarkNg }),
        span(comparison.verdict.label(), verdict_role(comparison.verdict)),
    ];
    if calm && model.review.fields == Fields::All {
        return calm_field(field, &shown(right), verdict, out);
    }
    let heads = [format!("{} 加入者 ", field.short()), "     J-LIS  ".to_owned()];
    let blank = " ".repeat(HEAD);
    let room = out.w.saturating_sub(HEAD);
    if model.review.fields == Fields::Plain {
        for (head, text) in heads.iter().zip([left, right]) {
            out.wrapped(head, Role::Dim, &shown(text), Role::Text);
        }
        return;
    }
    let rows = diff::rows((left, right), comparison, out.width, room, gap);
    let last = rows.len() - 1;
    let mut reasons = reasons(comparison, out.width, 2 * out.w.saturating_sub(10));
    let mut verdict = Some(verdict);
    for (n, row) in rows.into_iter().enumerate() {
        for (side, mut line, head, text) in [(0, row.left, &heads[0], left), (1, row.right, &heads[1], right)] {
            if text.is_empty() && n == 0 {
                line = vec![span("(空欄)", Role::Special)];
            }
            let head = if n == 0 { head.clone() } else { blank.clone() };
            line.insert(0, span(head, Role::Dim));
            let used = cells(out.width, &line);
            if let Some(fits) = verdict.take_if(|fits| side == 0 && used + 2 + cells(out.width, fits) <= out.w) {
                line.push(span(" ".repeat(out.w - used - cells(out.width, &fits)), Role::Text));
                line.extend(fits);
            }
            out.push(line);
        }
        if row.marks.is_empty() {
            continue;
        }
        let mut line = vec![span(format!("{blank}{}", row.marks), Role::Dim)];
        let used = cells(out.width, &line) + 2;
        if n == last && verdict.is_none() && used + out.width.of(&reasons) <= out.w && !reasons.is_empty() {
            line.push(span(format!("  {}", std::mem::take(&mut reasons)), Role::Info));
        }
        out.push(line);
    }
    let head = verdict.map_or_else(String::new, |line| line.iter().map(|span| span.text.clone()).collect::<String>());
    if !head.is_empty() {
        out.wrapped(&format!("     {head} "), verdict_role(comparison.verdict), &reasons, Role::Info);
    } else if !reasons.is_empty() {
        out.wrapped("     ", Role::Text, &reasons, Role::Info);
    }
}

/// A field that is the same on both sides: one line, or as many as its value takes.
fn calm_field(field: FieldKind, value: &str, verdict: Line, out: &mut Out) {
    let room = out.w.saturating_sub(HEAD + cells(out.width, &verdict) + 1).max(4);
    let mut verdict = Some(verdict);
    for range in out.width.wrap(value, room) {
        let head = if verdict.is_some() { field.short() } else { "" };
        let mut line = vec![
            span(out.width.pad(head, HEAD), Role::Dim),
            span(out.width.pad(&value[range], room), Role::DiffEqual),
            span(" ", Role::Text),
        ];
        line.extend(verdict.take().unwrap_or_default());
        out.push(line);
    }
}

fn verdict_role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Same => Role::MarkOk,
        Verdict::Notation => Role::DiffNotation,
        Verdict::Uncertain => Role::DiffUncertain,
        Verdict::Different | Verdict::Missing => Role::DiffReplace,
    }
}

/// The reasons in one text of at most so many cells; the window of characters (`i`) lists them all.
fn reasons(comparison: &crate::compare::Comparison, width: CellWidth, most: usize) -> String {
    let mut words: Vec<&str> = Vec::new();
    // What weighs most is read first: blanks differ in nearly every record.
    let mut steps: Vec<&crate::compare::Reason> = comparison.reasons.iter().collect();
    steps.sort_by_key(|step| std::cmp::Reverse(step.class));
    for reason in steps {
        if !words.contains(&reason.text.as_str()) {
            words.push(&reason.text);
        }
    }
    let mut text = String::new();
    for (n, word) in words.iter().enumerate() {
        if n > 0 && width.of(&text) + width.of(word) > most {
            text.push_str(&format!(" ほか{}", words.len() - n));
            break;
        }
        text.push_str(if n > 0 { "、" } else { "" });
        text.push_str(word);
    }
    // A hint that a reason says already would only take room.
    let hint = comparison.hint.map(|hint| hint.label()).filter(|hint| {
        let start: String = hint.chars().take(2).collect();
        !text.contains(&start)
    });
    if let Some(hint) = hint {
        text.push_str(&format!("〔{hint}〕"));
    }
    text
}

fn suggestion(model: &Model, view: &RecordView, out: &mut Out) {
    let Some(suggestion) = view.suggestion.as_ref().filter(|_| view.case.state.is_open()) else { return };
    let mut codes: Vec<Code> = Vec::new();
    for (_, reason) in &suggestion.reasons {
        if !codes.contains(&reason.code) {
            codes.push(reason.code);
        }
    }
    // Width and blanks go without saying beside anything else.
    if codes.iter().any(|code| !matches!(code, Code::N1 | Code::K1)) {
        codes.retain(|code| !matches!(code, Code::N1 | Code::K1));
    }
    let words: Vec<&str> = codes.into_iter().map(Code::description).collect();
    let text = format!("{} {}: {}", suggestion.category, suggestion.evidence.label(), words.join(" / "));
    out.wrapped("提案 ", Role::Suggestion, &text, Role::Suggestion);
    let key = model.shared.keymap.keys_for(Layer::Review, &Action::Adopt).first().map(|found| keys::label(found));
    let Some(key) = key.map(|key| format!("[{key}] で採用")) else { return };
    match out.lines.last_mut() {
        Some(line) if cells(out.width, line) + 2 + out.width.of(&key) <= out.w => {
            line.push(span(format!("  {key}"), Role::Suggestion));
        }
        _ => out.push(vec![span(format!("     {key}"), Role::Suggestion)]),
    }
}

fn evidence_words(evidence: &Evidence) -> String {
    let mut word = evidence.code.label().to_owned();
    if let Some(date) = evidence.date {
        word.push_str(&format!(" {date}"));
    }
    if !evidence.reference.is_empty() {
        word.push_str(&format!("({})", visible(&evidence.reference)));
    }
    word
}

/// Evidence, dates, who and when, reason.
pub(super) fn case_words(case: &Case) -> Vec<String> {
    let evidence: Vec<String> = case.evidence.iter().map(evidence_words).collect();
    let mut words: Vec<String> = Vec::new();
    if !evidence.is_empty() {
        words.push(format!("確認方法 {}", evidence.join("、")));
    }
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    for (word, date) in [("喪失", case.lost), ("送付", case.sent), ("期限", case.due), ("返信", case.replied)] {
        words.extend(day(date).map(|date| format!("{word} {date}")));
    }
    if let Some(at) = case.decided_at {
        words.push(format!("{} {}", japan_time(at).strftime("%m/%d %H:%M"), visible(&case.operator)));
    }
    if !case.safe_way.is_empty() {
        words.push(format!("安全な送付方法 {}", visible(&case.safe_way)));
    }
    if !case.reason.is_empty() {
        words.push(format!("理由 {}", visible(&case.reason)));
    }
    words
}

/// The case: state, evidence, dates, who and when, note.
fn case(view: &RecordView, out: &mut Out) {
    let case = &view.case;
    if case.state != State::Untouched {
        let state = match case.state {
            State::Decided(category) => format!("{} {}", category.code(), category.label()),
            state => state.kind().label().to_owned(),
        };
        out.wrapped("区分 ", Role::Title, &state, Role::Title);
        let words = case_words(case);
        if !words.is_empty() {
            out.listed("     ", Role::Text, &words, Role::Text);
        }
    }
    if !case.note.is_empty() {
        out.wrapped("メモ ", Role::Title, &visible(&case.note), Role::Text);
    }
}

/// From so many cells on, the other person of a danger flag stands beside the record, so wide.
const BESIDE: (u16, u16) = (96, 44);

/// Maximum number of people shown with a record, the first above its fields; one stands beside it. The flags name all of them.
const SHOWN_OTHERS: usize = 2;

/// The rows of the people that danger flags name, a block for each; `＝` stands where they have what J-LIS says of this record.
fn others(view: &RecordView, width: CellWidth, w: usize, most: usize) -> Vec<Vec<Line>> {
    let mut known: Vec<crate::domain::record::RecordNo> = Vec::new();
    let mut blocks = Vec::new();
    for DangerView { danger, record, .. } in &view.signs {
        let room = known.len() < most;
        let Some(other) = record.as_ref().filter(|other| room && !known.contains(&other.no)) else { continue };
        known.push(other.no);
        let mut out = Out { lines: Vec::new(), width, w };
        let (id, class) = (visible(&other.row.id()).into_owned(), other.facts.class.label());
        let title = format!("相手 {} {id} {class} (＝ J-LISと同じ)", danger.code());
        out.wrapped("", Role::Danger, &title, Role::Danger);
        for field in FieldKind::ALL {
            let (left, right) = (other.row.left(field), other.row.right(field));
            let here = view.record.row.right(field);
            let alike = |text: &str| {
                let verdict = crate::compare::compare(field, text, here).verdict;
                !text.is_empty() && matches!(verdict, Verdict::Same | Verdict::Notation)
            };
            // What both sides say alike stands once: a frame must stay small (DESIGN §10).
            let verdict = crate::compare::compare(field, left, right).verdict;
            let sides: &[(&str, &str)] = match verdict {
                Verdict::Same | Verdict::Notation => &[("", left)],
                _ => &[("加 ", left), ("J ", right)],
            };
            for (n, (side, text)) in sides.iter().enumerate() {
                let same = alike(text);
                let name = if n == 0 { field.short() } else { "" };
                let head = format!("{}{} {side}", if same { "＝" } else { "  " }, width.pad(name, 4));
                let role = if same { Role::Danger } else { Role::Text };
                let text = shown(text);
                // Short values share a line, so that all of them are seen at once.
                let used = width.of(&head) + width.of(&text);
                let shares = sides.len() == 1 && out.lines.len() > 1;
                if let Some(line) = out.lines.last_mut().filter(|line| shares && cells(width, line) + 2 + used <= w) {
                    line.extend([span(format!("  {head}"), Role::Dim), span(text, role)]);
                    continue;
                }
                out.wrapped(&head, Role::Dim, &text, role);
            }
        }
        blocks.push(out.lines);
    }
    blocks
}

/// The last changes of the case.
fn recent(view: &RecordView, out: &mut Out) {
    for (n, event) in view.recent.iter().take(2).enumerate() {
        let at = japan_time(event.at).strftime("%m/%d %H:%M");
        let text = format!("{at} {} {} {}", visible(&event.operator), event.kind.label(), change_words(event));
        let more = if n == 1 && view.recent.len() > 2 { " …" } else { "" };
        out.wrapped(if n == 0 { "履歴 " } else { "     " }, Role::Dim, &format!("{text}{more}"), Role::Dim);
    }
}

/// What each decision would still ask for (DOMAIN §4), for those that this record can take now.
fn needs(model: &Model, view: &RecordView, out: &mut Out) {
    let around = Review::surroundings(&model.shared, view);
    let mut words: Vec<String> = Vec::new();
    let mut at_once: Vec<&str> = Vec::new();
    let mut reason = false;
    for category in Category::ALL {
        let mut decision = Decision::category(category);
        let mut asks: Vec<String> = Vec::new();
        // Answers one need after the other, as the questions would.
        for _ in 0..4 {
            let Err(refusal) = decide(&view.case, &decision, &around) else { break };
            match refusal.need {
                // Of a decided record only the moves that need no reason are worth a line.
                Need::Reason => {
                    reason = true;
                    asks.clear();
                    asks.push(String::new());
                    break;
                }
                Need::LostDate { .. } => {
                    asks.push("喪失日".to_owned());
                    break;
                }
                Need::Evidence(codes) => {
                    let Some(code) = codes.first() else { break };
                    decision.evidence.push(Evidence::plain(*code));
                    asks.push(match category {
                        Category::C22 => "過去確認か訂正届".to_owned(),
                        _ if codes.len() < EvidenceCode::ALL.len() => "目検以外の確認".to_owned(),
                        _ => "確認方法".to_owned(),
                    });
                }
                Need::EvidenceDate(_) => {
                    asks.push("日付".to_owned());
                    break;
                }
                Need::SafeWay => {
                    asks.push("安全な送付方法(支援措置)".to_owned());
                    decision.safe_way = Some("?".to_owned());
                }
                Need::SentDate => {
                    asks.push("送付日".to_owned());
                    break;
                }
                Need::ReplyDate { .. } => {
                    asks.push("返信日".to_owned());
                    break;
                }
                Need::DuePassed(due) => {
                    asks.push(format!("{due} を過ぎてから"));
                    break;
                }
                Need::Withdraw(_) => return,
                _ => {
                    asks.clear();
                    asks.push(String::new());
                    break;
                }
            }
        }
        match &asks[..] {
            [first, ..] if first.is_empty() => {}
            [] => at_once.push(category.code()),
            asks => words.push(format!("{} {}", category.code(), asks.join("・"))),
        }
    }
    if !at_once.is_empty() {
        words.push(format!("すぐ {}", at_once.join(" ")));
    }
    if reason {
        words.push("決定を変えるには理由".to_owned());
    }
    if !words.is_empty() {
        out.listed("必要 ", Role::Dim, &words, Role::Dim);
    }
}

/// Everything else about the row, in less weight.
fn details(model: &Model, view: &RecordView, out: &mut Out) {
    let row = &view.record.row;
    let wide = is_wide(model.shared.size);
    let mut words: Vec<String> = Vec::new();
    let number: Vec<&str> = [Column::Symbol, Column::Number, Column::Branch]
        .into_iter()
        .map(|column| row.cell(column).trim())
        .filter(|part| !part.is_empty())
        .collect();
    if !number.is_empty() {
        words.push(format!("記号番号 {}", visible(&number.join("-"))));
    }
    if let Some(number) = row.my_number() {
        words.push(format!("個人番号 {}", number.last4()));
    }
    if view.case.version > 0 {
        words.push(format!("履歴 {}件", view.case.version));
    }
    if wide {
        for column in [Column::Relation, Column::Issued, Column::Multiple, Column::MatchedOn] {
            let text = row.cell(column).trim();
            if !text.is_empty() {
                words.push(format!("{} {}", column.name(), visible(text)));
            }
        }
    }
    if !words.is_empty() {
        out.listed("     ", Role::Dim, &words, Role::Dim);
    }
    let remarks = row.cell(Column::Remarks).trim();
    if !remarks.is_empty() {
        out.wrapped("備考 ", Role::Dim, &visible(remarks), Role::Text);
    }
    if wide {
        for (name, text) in row.extras.iter().filter(|(_, text)| !text.trim().is_empty()) {
            out.wrapped("     ", Role::Dim, &format!("{}: {}", visible(name), mask(&visible(text))), Role::Dim);
        }
    }
}
