//! Frames of a fictitious workspace, as text and as styled cells, at several sizes and in both themes.

use ratatui::style::{Color, Modifier};

use super::*;
use crate::app::update::testing::{Bench, World};
use crate::compare::FieldKind;
use crate::config::embedded;
use crate::domain::case::{Case, State};
use crate::domain::record::Column;

const NARROW: CellWidth = CellWidth { ambiguous_wide: false };

pub(super) fn theme(name: &str) -> Theme {
    let text = embedded::find(embedded::THEMES, name).unwrap();
    Theme::parse(name, &text, |name| embedded::find(embedded::THEMES, name)).unwrap()
}

fn text(bench: &Bench) -> String {
    frame_text(&bench.model, &theme("dark"), NARROW)
}

/// The styles of a frame: a letter for each look, one line for each row that has any.
fn looks(buffer: &ratatui::buffer::Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area().height {
        let line: String = (0..buffer.area().width)
            .map(|x| {
                let modifier = buffer[(x, y)].modifier;
                [(Modifier::REVERSED, 'R'), (Modifier::UNDERLINED, 'U'), (Modifier::BOLD, 'B'), (Modifier::DIM, 'd')]
                    .into_iter()
                    .find(|(bit, _)| modifier.contains(*bit))
                    .map_or(' ', |(_, letter)| letter)
            })
            .collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// How a frame looks besides its characters: for each row that is not plain, the columns of each run with its colours and
/// modifiers (`12-15 light-red bold+underline`), rows of the same runs together.
fn styles(buffer: &ratatui::buffer::Buffer) -> String {
    let mut rows: Vec<(std::ops::RangeInclusive<u16>, String)> = Vec::new();
    for y in 0..buffer.area().height {
        let look = |x: u16| {
            let cell = &buffer[(x, y)];
            (cell.fg, cell.bg, cell.modifier)
        };
        let mut runs: Vec<String> = Vec::new();
        let mut x = 0;
        while x < buffer.area().width {
            let first = x;
            while x < buffer.area().width && look(x) == look(first) {
                x += 1;
            }
            if look(first) != Default::default() {
                let (fg, bg, modifier) = look(first);
                let color = |color: Color| if color == Color::Reset { "-".to_owned() } else { color.to_string() };
                let ground = if bg == Color::Reset { String::new() } else { format!(" on {}", color(bg)) };
                let names: Vec<String> = modifier.iter_names().map(|(name, _)| format!(" {name}")).collect();
                let names = names.concat().to_lowercase();
                runs.push(format!("{first}-{} {}{ground}{names}", x - 1, color(fg)).to_lowercase());
            }
        }
        let runs = runs.join(", ");
        match rows.last_mut() {
            Some((range, same)) if *same == runs => *range = *range.start()..=y,
            _ => rows.push((y..=y, runs)),
        }
    }
    let styled = rows.iter().filter(|(_, runs)| !runs.is_empty());
    styled.map(|(range, runs)| format!("{}-{}: {runs}\n", range.start(), range.end())).collect()
}

#[test]
fn review_at_three_sizes() {
    for size in [(60, 16), (80, 24), (160, 45)] {
        let mut bench = Bench::new(60, size);
        insta::assert_snapshot!(format!("review-{}x{}", size.0, size.1), text(&bench));
        bench.press("j");
        insta::assert_snapshot!(format!("review-second-{}x{}", size.0, size.1), text(&bench));
    }
}

#[test]
fn review_without_colour_still_shows_the_cursor_and_the_differences() {
    for size in [(60, 16), (80, 24), (160, 45)] {
        let mut bench = Bench::new(12, size);
        bench.press("j");
        let buffer = frame(&bench.model, &theme("mono"), NARROW);
        for y in 0..size.1 {
            for x in 0..size.0 {
                let cell = &buffer[(x, y)];
                assert_eq!((cell.fg, cell.bg), Default::default(), "mono has a colour at {x},{y}");
            }
        }
        insta::assert_snapshot!(format!("mono-{}x{}", size.0, size.1), looks(&buffer));
    }
}

#[test]
fn work_in_progress() {
    let mut bench = Bench::new(12, (80, 24));
    bench.press("j");
    bench.press("s");
    bench.press("2 1");
    insta::assert_snapshot!("asks-lost-date", text(&bench));
    bench.type_text("20231301");
    bench.press("enter");
    insta::assert_snapshot!("wrong-date", text(&bench));
    bench.press("esc");
    bench.press("2 3");
    insta::assert_snapshot!("asks-evidence", text(&bench));
    bench.press("esc");
    bench.press("x");
    insta::assert_snapshot!("confirms-wrong", text(&bench));
    bench.press("n");
    bench.world.slow = true;
    bench.press("m");
    insta::assert_snapshot!("unsaved", text(&bench));
    bench.world.slow = false;
    bench.answer_all();
    bench.press("k");
    insta::assert_snapshot!("decided", text(&bench));
    bench.press("4");
    insta::assert_snapshot!("which-key", text(&bench));
}

/// 支援措置 stands in the row and on top of the record at every size, and a letter asks for its safe way.
#[test]
fn protection_is_seen_before_anything_else() {
    for size in SIZES {
        let mut world = World::new(12);
        world.records[0].facts.protected = true;
        world.cases[1].protected = Some(true);
        (world.records[2].facts.protected, world.cases[2].protected) = (true, Some(false));
        let mut bench = Bench::open(world, size);
        insta::assert_snapshot!(format!("protected-file-{}x{}", size.0, size.1), text(&bench));
        bench.press("j m");
        insta::assert_snapshot!(format!("asks-safe-way-{}x{}", size.0, size.1), text(&bench));
        bench.type_text("窓口で手渡し");
        bench.press("enter k");
        insta::assert_snapshot!(format!("protected-sent-{}x{}", size.0, size.1), text(&bench));
        bench.press("j");
        assert!(text(&bench).contains("ファイルの支援措置の印は外されています"), "{}", text(&bench));
    }
}

/// What Enter alone does not answer says so, and no line looks chosen.
#[test]
fn questions_that_no_reflex_answers() {
    let mut bench = Bench::new(12, (80, 24));
    bench.press("2 3 enter");
    let looks = |bench: &Bench| looks(&frame(&bench.model, &theme("mono"), NARROW));
    let unchosen = looks(&bench);
    insta::assert_snapshot!("asks-evidence-carefully", text(&bench));
    bench.press("4");
    assert_eq!(looks(&bench).matches('R').count().cmp(&unchosen.matches('R').count()), std::cmp::Ordering::Greater);
    bench.press("esc F8");
    bench.type_text("/tmp/half.csv");
    bench.press("enter enter enter");
    insta::assert_snapshot!("asks-whole", text(&bench));
    bench.press("enter");
    assert!(text(&bench).contains("やめるときは Esc"));
}

#[test]
fn windows_and_prompts() {
    let mut bench = Bench::new(12, (80, 24));
    bench.press("?");
    insta::assert_snapshot!("help", text(&bench));
    bench.press("q");
    bench.press(":");
    bench.type_text("採用");
    insta::assert_snapshot!("palette", text(&bench));
    bench.press("esc");
    bench.press("/");
    bench.type_text("ﾀｶｻｷ");
    insta::assert_snapshot!("search", text(&bench));
    bench.press("enter");
    bench.press("f");
    bench.type_text("class:① foo:1");
    bench.press("enter");
    insta::assert_snapshot!("filter-fault", text(&bench));
    bench.press("ctrl-u");
    bench.type_text("class:②a");
    bench.press("enter");
    insta::assert_snapshot!("filtered", text(&bench));
    bench.press("i");
    insta::assert_snapshot!("characters", text(&bench));
    bench.press("esc");
    bench.press("o");
    insta::assert_snapshot!("related", text(&bench));
    bench.press("esc");
    bench.press("F4");
    insta::assert_snapshot!("status", text(&bench));
}

/// The sizes that every screen is drawn at: small, PuTTY, a window, a large screen.
const SIZES: [(u16, u16); 4] = [(60, 16), (80, 24), (120, 40), (200, 50)];

/// A workstation after some work: decisions of three kinds, one of them changed and one taken back.
pub(super) fn worked(size: (u16, u16)) -> Bench {
    let mut bench = Bench::new(12, size);
    bench.press("j");
    for key in ["s", "d", "m", "x", "enter"] {
        bench.press(key);
    }
    bench.press("u");
    bench.press("g g");
    bench.press("j");
    bench.press("d");
    bench.type_text("届出書を見直した");
    bench.press("enter");
    bench.press("g g");
    bench.press("j");
    bench
}

/// Every screen and everything that stands above one, with the keys that open it.
pub(super) const SCREENS: [(&str, &[&str]); 26] = [
    ("review", &[]),
    ("danger", &["j", "j", "j", "j"]),
    ("status", &["F4"]),
    ("output", &["F5"]),
    ("output-sent", &["F5", "G", "k", "k"]),
    ("output-report", &["F5", "G"]),
    ("output-asks", &["F5", "w"]),
    ("history", &["F6"]),
    ("history-all", &["F6", "tab", "j"]),
    ("history-asks", &["F6", "enter"]),
    ("quarantine", &["F7"]),
    ("views", &["V"]),
    ("mapping", &["F8", "u", "n", "m", "a", "p", "p", "e", "d", "enter"]),
    ("help", &["?"]),
    ("palette", &[":"]),
    ("search", &["/", "1", "3"]),
    ("filter", &["f", "c", "l"]),
    ("characters", &["i"]),
    ("related", &["o"]),
    ("note", &["e"]),
    ("evidence", &["]", "2 3"]),
    ("date", &["]", "2 1"]),
    ("confirm", &["]", "x"]),
    ("differing", &["w"]),
    ("plain", &["w", "w"]),
    ("mapping-asks", &["F8", "u", "n", "m", "a", "p", "p", "e", "d", "enter", "enter"]),
];

/// Every screen at every size: its letters, and how they look in colour and without.
#[test]
fn every_screen_at_every_size() {
    for (name, keys) in SCREENS {
        for size in SIZES {
            let mut bench = worked(size);
            for key in keys {
                bench.press(key);
            }
            let (w, h) = size;
            let [dark, mono] = ["dark", "mono"].map(|name| frame(&bench.model, &theme(name), NARROW));
            let layers = format!("{}--- dark\n{}--- mono\n{}", text(&bench), styles(&dark), styles(&mono));
            insta::assert_snapshot!(format!("screen-{name}-{w}x{h}"), layers);
        }
    }
}

/// A record that a newer file changed after it was reported is 確認中 wherever it is drawn, and stands out until it is dealt
/// with.
#[test]
fn a_change_after_the_report_stands_out() {
    for size in SIZES {
        let mut world = World::new(12);
        let reason = "データ更新".to_owned();
        world.cases[1] = Case { state: State::Pending, reason, in_batch: Some(1), version: 2, ..Case::default() };
        world.changed = (2, vec![("0002001".into(), 1), ("0013001".into(), 2)]);
        let mut bench = Bench::open(world, size);
        bench.press("j");
        assert!(text(&bench).contains("●確認中") && !text(&bench).contains("●保留"), "{}", text(&bench));
        for (name, key) in [("review", None), ("status", Some("F4")), ("output", Some("F5"))] {
            if let Some(key) = key {
                bench.press(key);
            }
            insta::assert_snapshot!(format!("changed-{name}-{}x{}", size.0, size.1), text(&bench));
        }
    }
}

/// What proves a danger stands above what looks alike, at 80×24 without a key: the flag and every value of the other person.
#[test]
fn the_other_person_of_a_danger_is_seen_at_once() {
    use crate::domain::danger::Danger;
    for dangers in [&[Danger::F4][..], &[Danger::F2, Danger::F3], &[Danger::F1, Danger::F2, Danger::F5, Danger::F8]] {
        for no in 0..6 {
            let mut world = World::new(6);
            dangers.iter().for_each(|danger| world.records[no].facts.dangers.insert(*danger));
            let other = world.records[(no + 1) % 6].row.clone();
            let mut bench = Bench::open(world, (80, 24));
            (0..no).for_each(|_| bench.press("j"));
            let shown = text(&bench);
            let record: String =
                shown.lines().filter_map(|line| line.rsplit_once('│')?.0.rsplit_once('│')).map(|(_, r)| r).collect();
            let at = |part: &str| record.find(part).unwrap_or_else(|| panic!("{part} in\n{shown}"));
            // 18 of 46 cells: a long value goes on in the next line.
            let value = |field| crate::compare::visible(other.left(field)).chars().take(9).collect::<String>();
            assert!(at("注意 ") < at("相手 "), "{shown}");
            for field in [FieldKind::Kanji, FieldKind::Kana, FieldKind::Birth, FieldKind::Address] {
                at(&value(field));
            }
            assert!(at("相手 ") < record.rfind("漢字").unwrap() && at("相手 ") < 400, "{shown}");
        }
    }
}

/// 状況 at 80×24 needs no scrolling, however much there is to say.
#[test]
fn the_dashboard_fits_the_smallest_usual_screen() {
    use crate::domain::category::Category;
    use crate::domain::suspension::Class;
    use crate::domain::tally::ClassCount;
    let mut bench = Bench::new(12, (80, 24));
    bench.press("m F4");
    let status_view = bench.model.status.view.as_mut().unwrap();
    for class in [Class::One, Class::TwoA, Class::TwoB, Class::TwoC, Class::Three] {
        status_view.status.by_class.insert(class, ClassCount { total: 30_284, remaining: 20_000 });
    }
    (status_view.status.in_item1, status_view.status.remaining) = (151_420, 100_000);
    status_view.status.by_category = Category::ALL.into_iter().map(|category| (category, 1_234)).collect();
    status_view.status.operators = ["佐藤", "鈴木", "高橋", "sato-hanako"].map(|name| (name.to_owned(), 12_345)).into();
    status_view.trend.holds.since = [120, 30, 20, 10];
    (status_view.trend.holds.overdue, status_view.trend.holds.soon, status_view.trend.holds.oldest) = (12, 34, 56);
    status_view.trend.letters = status_view.trend.holds;
    let shown = text(&bench);
    assert!(!shown.contains('▼') && !shown.contains('…'), "{shown}");
    let parts = ["②c", "完了期限", "時間ごと", "日ごと", "超過 12", "29日~ 10", "sato-hanako", "4-8 1234", "状態"];
    for part in parts {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    // What a newer file changed behind the report is never what gives way.
    bench.model.status.view.as_mut().unwrap().status.changed = 7;
    let shown = text(&bench);
    assert!(!shown.contains('▼') && !shown.contains('…') && shown.contains("変わった記録 7"), "{shown}");
    assert!(parts.iter().filter(|part| **part != "時間ごと").all(|part| shown.contains(part)), "{shown}");
}

/// 喪失日 is read whole at 80×24, in the title where it fits, else in the record.
#[test]
fn the_dates_of_a_record_are_never_cut() {
    for (id, lost) in
        [("0001377", "R05.10.31"), ("0001377", "2023年10月31日"), ("00013770001234567", "令和5年10月31日")]
    {
        let mut world = World::new(6);
        let cells = &mut world.records[0].row.cells;
        cells[Column::Lost.index()] = lost.into();
        cells[Column::Id.index()] = id.into();
        for size in [(80, 24), (60, 16), (160, 45)] {
            let mut again = World::new(6);
            again.records[0] = world.records[0].clone();
            let mut bench = Bench::open(again, size);
            for key in ["", "tab", "z"] {
                if !key.is_empty() {
                    bench.press(key);
                }
                let shown = text(&bench);
                assert!(shown.contains(&format!("喪失 {lost}")), "{size:?} {key}\n{shown}");
            }
        }
    }
}

/// Where movement keys go is seen without colour, and a record fills the screen by one key.
#[test]
fn focus_and_zoom_are_seen_without_colour() {
    let mut bench = Bench::new(12, (80, 24));
    assert!(text(&bench).contains("[残り 12/12]"));
    bench.press("tab");
    let shown = text(&bench);
    assert!(shown.contains("─ 残り 12/12 ─") || shown.contains("┌ 残り 12/12 ─"), "{shown}");
    assert!(shown.contains("[0001377 ① 資格・医療停止  取得 H30.04.01]") && shown.contains("枠: 記録"), "{shown}");
    bench.press("j");
    assert!(bench.here() == 1 && text(&bench).contains("枠: 記録"), "{}", text(&bench));
    bench.press("tab");
    assert!(text(&bench).contains("枠: 一覧"));
    bench.press("j z");
    assert_eq!(bench.here(), 2);
    insta::assert_snapshot!("zoomed", text(&bench));
    bench.press("esc");
    assert!(text(&bench).contains('▶'));
}

/// The record is read on beside or above the question that it is about.
#[test]
fn a_record_is_scrolled_while_a_question_is_open() {
    for size in [(80, 24), (60, 16), (200, 50)] {
        for keys in ["x", "2 3", "2 1", "h"] {
            let mut bench = Bench::new(12, size);
            bench.model.review.zoom = size.0 == 200;
            bench.press(keys);
            let mut read = String::new();
            for _ in 0..20 {
                read.push_str(&text(&bench));
                bench.press("pgdn");
                assert!(bench.model.shared.modal.is_some(), "{keys}");
            }
            // The last line of the record.
            assert!(read.contains("**** **** 5678"), "{size:?} {keys}\n{read}");
            (0..20).for_each(|_| bench.press("pgup"));
            assert_eq!(bench.model.review.scroll, 0);
        }
    }
}

#[test]
fn an_inspected_variant_names_its_source() {
    let mut bench = Bench::new(12, (80, 24));
    bench.press("j");
    bench.press("i");
    let shown = text(&bench);
    for part in ["U+9AD9", "漢字 (JIS第1水準)", "根拠 異体字: JISの包摂・戸籍の俗字", "N2 異体字"]
    {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    insta::assert_snapshot!("characters-variant", shown);
}

#[test]
fn an_inspected_character_shows_the_bytes_of_its_file() {
    let mut world = World::new(12);
    for row in world.records.iter_mut().map(|record| &mut record.row) {
        let before = row.cells.iter().take_while(|cell| !cell.contains('髙')).flat_map(|cell| cell.chars());
        let nth = before.filter(|c| crate::domain::original_codes::has_two_codes(*c)).count() as u32;
        row.twins.push(nth, [0xEE, 0xE0]);
    }
    let mut bench = Bench::open(world, (120, 40));
    bench.press("j");
    bench.press("i");
    let shown = text(&bench);
    assert!(shown.contains("元のバイト EEE0 NEC選定IBM拡張文字(普通は FBFC)"), "{shown}");
}

/// Resize panics are the classic fault of terminal programs; every screen is drawn at every small size.
#[test]
fn every_size_is_drawn() {
    let open: &[&[&str]] = &[
        &[],
        &["?"],
        &[":"],
        &["/"],
        &["f"],
        &["x"],
        &["2 3"],
        &["h"],
        &["F4"],
        &["i"],
        &["o"],
        &["w", "w"],
        &["F5"],
        &["F5", "w"],
        &["F5", "j", "x"],
        &["F5", "G"],
        &["F6"],
        &["d", "F6", "tab"],
        &["d", "F6", "tab", "enter"],
        &["F7"],
        &["F7", "w"],
        &["F8"],
        &["F8", "u", "n", "m", "a", "p", "p", "e", "d", "enter"],
        &["V"],
    ];
    for keys in open {
        let mut bench = Bench::new(7, (80, 24));
        for key in *keys {
            bench.press(key);
        }
        bench.type_text("あ1");
        for w in 1..=60 {
            for h in 1..=20 {
                bench.send(crate::app::Msg::Resize(w, h));
                // Wide ambiguous characters at every fourth size: drawing takes its time.
                for &ambiguous_wide in if (w + h) % 4 == 0 { &[false, true][..] } else { &[false] } {
                    let buffer = frame(&bench.model, &theme("dark"), CellWidth { ambiguous_wide });
                    assert_eq!((buffer.area().width, buffer.area().height), (w, h));
                }
            }
        }
    }
}

#[test]
fn an_empty_queue_is_drawn() {
    let bench = Bench::new(0, (80, 24));
    assert!(text(&bench).contains("表示する記録がありません"));
}

/// In the place of a record that cannot be read stands why, and what to do; nobody waits for it.
#[test]
fn a_record_that_cannot_be_read_says_so() {
    for size in [(80, 24), (160, 45)] {
        let mut world = World::new(6);
        world.damaged = vec![crate::domain::record::RecordNo(2)];
        let mut bench = Bench::open(world, size);
        bench.press("j");
        bench.model.shared.message = None;
        let shown = text(&bench);
        for words in ["この記録は読み出せません", "meken verify", "読不可"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains("読み込み中"), "{shown}");
    }
}

/// On terminals with wide ambiguous characters every line still has the width of the screen.
#[test]
fn no_line_is_wider_than_the_screen() {
    for ambiguous_wide in [false, true] {
        let width = CellWidth { ambiguous_wide };
        for size in [(40, 10), (60, 16), (80, 24), (120, 30), (160, 45)] {
            let mut bench = Bench::new(12, size);
            for key in ["j", "j", "j", "?", "q", ":", "esc", "F4", "F5", "G", "F6", "tab", "F7"] {
                bench.press(key);
                for line in frame_text(&bench.model, &theme("dark"), width).lines() {
                    assert!(width.of(line) <= usize::from(size.0), "{} cells: {line}", width.of(line));
                }
            }
        }
    }
}

/// The 個人番号 is masked wherever it could be shown.
#[test]
fn the_number_is_never_shown() {
    let mut bench = Bench::new(12, (160, 45));
    for key in ["j", "i", "esc", "o", "esc", "w", "w", "e", "esc", "F4", "F5", "F6", "tab", "F7"] {
        bench.press(key);
        let text = text(&bench);
        assert!(!text.contains("00001234"), "after {key}");
        assert!(!text.contains('\u{200b}'), "after {key}");
    }
}

/// What is looked for stands out in 履歴, 出力 and the help, in colour and without.
#[test]
fn found_words_stand_out_with_and_without_colour() {
    let count = |bench: &Bench| {
        let lit = |name: &str| {
            let theme = theme(name);
            let role = theme.style(Role::Match);
            let buffer = frame(&bench.model, &theme, NARROW);
            let cells = buffer.content().iter();
            match name {
                "mono" => cells.filter(|cell| cell.modifier == Modifier::REVERSED | Modifier::UNDERLINED).count(),
                _ => {
                    assert_eq!(role.bg, Some(crate::config::theme::Color::LightYellow));
                    cells.filter(|cell| cell.bg == Color::LightYellow).count()
                }
            }
        };
        (lit("dark"), lit("mono"))
    };
    let mut bench = Bench::new(12, (80, 24));
    bench.press("d");
    bench.press("d");
    for (screen, word, least) in [("F6", "未着手", 6), ("F5", "解除", 4), ("?", "検索", 4)] {
        bench.press(screen);
        if screen == "F6" {
            bench.press("tab");
        }
        // The help tells its lines when it is drawn.
        assert_eq!(count(&bench).0, 0);
        bench.press("/");
        bench.type_text(word);
        bench.press("enter");
        let found = count(&bench);
        let query = std::mem::take(&mut bench.model.find.query);
        let plain = count(&bench);
        bench.model.find.query = query;
        assert!(plain.0 == 0 && found.0 >= least, "{screen}: {plain:?} {found:?} {}", bench.message());
        // Without colour it stands out on the selected line too, which is reversed as a whole.
        assert_eq!((plain.1, found.1), (plain.0, found.0), "{screen}: {}", bench.message());
        assert!(text(&bench).contains(&format!("「{word}」")), "{}", text(&bench));
        if screen == "?" {
            let first = text(&bench);
            bench.press("n");
            assert_ne!(text(&bench), first, "the next hit comes into sight");
        }
    }
    bench.press("q");
    bench.press("F6");
    assert_eq!(count(&bench).0, 0);
}

/// The help lists every field of filters from the table of the parser, and says whose the signs are; so does the edge of 確認.
#[test]
fn the_help_lists_every_field_and_the_signs() {
    let mut bench = Bench::new(12, (80, 24));
    let screen = text(&bench);
    for words in ["比較 △表記 ?要確認 ×相違", "○× ファイルの判定結果"] {
        assert!(screen.contains(words), "{screen}");
    }
    bench.press("?");
    text(&bench);
    let lines = bench.model.find.help.borrow().clone();
    for field in crate::domain::filter::FIELDS {
        let line = lines.iter().find(|line| line.trim_start().starts_with(&format!("{}: ", field.key)));
        let line = line.unwrap_or_else(|| panic!("{}", field.key));
        assert!(
            line.contains(field.aliases[0]) && line.contains(field.example) && line.contains(field.about),
            "{line}"
        );
        assert!(NARROW.of(line) <= 75, "{line}");
    }
    assert!(
        lines.iter().any(|line| line.contains("ファイルの判定結果"))
            && lines.iter().any(|line| line.contains("△ 表記ゆれ"))
    );
}

/// A hit of the search in the queue is told from the line that is selected, in every theme.
#[test]
fn a_hit_stands_out_on_the_selected_line() {
    for (name, _) in crate::config::embedded::THEMES {
        let theme = theme(name);
        assert_ne!(theme.style(Role::Match), theme.style(Role::Selection), "{name}");
        let mut bench = Bench::new(12, (80, 24));
        let looks = |bench: &Bench| {
            let buffer = frame(&bench.model, &theme, NARROW);
            let row = (0..24).find(|y| buffer[(1, *y)].symbol() == "▶").unwrap();
            let look = |x: u16| (buffer[(x, row)].fg, buffer[(x, row)].bg, buffer[(x, row)].modifier);
            (look(1), look(2))
        };
        let plain = looks(&bench);
        assert_eq!(plain.0.1, plain.1.1, "{name}: one line");
        bench.press("/");
        bench.type_text("1377");
        bench.press("enter");
        let hit = looks(&bench);
        assert!(hit.1 != plain.1 && hit.0 == plain.0, "{name}: {plain:?} {hit:?}");
    }
}

/// A question that does not fit is read to its end by the keys that else move the record below it.
#[test]
fn a_long_question_is_scrolled() {
    for size in [(40, 10), (60, 16), (80, 24), (100, 30)] {
        for screen in ["", "F4", "F5"] {
            let mut bench = Bench::new(12, size);
            if !screen.is_empty() {
                bench.press(screen);
            }
            let lines: Vec<String> = (1..=40).map(|n| format!("行{n:02}")).collect();
            let source = crate::app::job::ImportSource::of("a.csv");
            let outcome = crate::app::job::Outcome { lines, ..Default::default() };
            bench.send(crate::app::Msg::Done(crate::app::job::Job::Check(source), Ok(outcome)));
            let first = text(&bench);
            assert!(first.contains("行01") && first.contains("▼ あと") && !first.contains("行40"), "{size:?}\n{first}");
            assert!(first.contains("はい") && (size.0 < 60 || first.contains("続きを読む")), "{size:?}\n{first}");
            let mut read = String::new();
            for _ in 0..50 {
                read.push_str(&text(&bench));
                bench.press("pgdn");
                assert!(matches!(bench.model.shared.modal, Some(crate::app::modal::Modal::Confirm(_))));
            }
            assert!((1..=40).all(|n| read.contains(&format!("行{n:02}"))), "{size:?}\n{read}");
            let last = text(&bench);
            assert!(last.contains("取り込みますか") && last.contains("はい"), "{last}");
            let hint = |shown: &str| size.0 < 60 || shown.contains("続きを読む");
            assert!(hint(&last), "{last}");
            // From beyond the end the first step back is seen.
            bench.press("pgup");
            assert_ne!(text(&bench), last);
            (0..50).for_each(|_| bench.press("pgup"));
            assert_eq!(text(&bench), first);
            assert_eq!(bench.model.review.scroll, 0, "the record stays");
        }
    }
}
