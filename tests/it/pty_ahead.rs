//! Keys and what they do in the real program: typed ahead on a slow line, and how many a letter or a withdrawal takes.

use std::time::Duration;

use crate::terminal::{Line, Terminal, at_cursor, touched};
use crate::wait::{AFTER_REFUSAL, TYPED_AHEAD, alone, silence};
use crate::work::Work;

/// People whose カナ and 住所 differ in notation only, so that `y` (カナ表記 2-3) decides each of them with one key.
fn people(work: &Work) {
    let fields = ["漢字氏名", "カナ氏名", "生年月日", "性別", "住所"];
    let group = |field: &str| format!("加入者情報_{field},J-LIS情報_{field},判定結果_{field}");
    let groups: Vec<String> = fields.into_iter().map(group).collect();
    let mut file = format!("整理番号,資格取得年月日,{},複数の有効な資格,総合判定,突合年月日\n", groups.join(","));
    for n in 1..=6 {
        file.push_str(&format!(
            "000000{n},20200401,高崎　一郎,高崎　一郎,○,シヨウイチ,ショウイチ,×,1961021{n},1961021{n},○,1,1,○,\
             東京都港区赤坂1-2-{n},東京都港区赤坂一丁目２番{n}号,×,0,×,20230915\n"
        ));
    }
    work.write("kana.csv", &file);
    work.run("import kana.csv").ok();
}

/// On a line of 300 ms `x` comes before its record is drawn and is refused; the key pressed to confirm it saves nothing.
#[test]
fn the_answer_to_a_question_that_never_opened_decides_nothing() {
    let _alone = alone();
    let work = Work::new();
    people(&work);
    let line = Line::delayed(Duration::from_millis(300));
    let terminal = Terminal::open(&work, line);
    let first = terminal.wait_for_record();
    terminal.wait_for_rest();
    for answer in ["y", "\r", "d"] {
        terminal.press("j");
        silence(TYPED_AHEAD);
        terminal.press("x");
        // Before the refusal has come back.
        silence(line.round_trip - TYPED_AHEAD);
        terminal.press(answer);
        terminal.wait_for("決定しませんでした");
        terminal.wait_for_rest();
        assert_eq!(touched(&work), Vec::<String>::new(), "{answer:?}");
    }
    // After a pause `y` is a decision again, and says so.
    let here = at_cursor(&terminal.contents()).unwrap();
    assert_ne!(here, first);
    silence(AFTER_REFUSAL);
    terminal.press("y");
    terminal.wait_for("保存済");
    assert_eq!(touched(&work), [here]);
    terminal.quit();
}

/// Presses keys as a person does, counting them; waits for a text after each.
fn count(terminal: &Terminal, keys: &[(&str, &str)]) -> usize {
    for (key, shown) in keys {
        terminal.tap(key);
        terminal.wait_for(shown);
    }
    keys.len()
}

/// From the record: the answer to a letter, and a withdrawal from a sent list, with no more than six keys each.
#[test]
fn a_letter_and_a_withdrawal_take_six_keys_at_most() {
    let work = Work::new();
    people(&work);
    work.run("decide 0000001 4-2 --sent 2023-12-01").ok();
    work.run("decide 0000002 2-3 --evidence 目検").ok();
    work.run("export release -o 解除.csv").ok();
    let terminal = Terminal::open(&work, Line::default());
    terminal.wait_for_record();
    let to = |id: &str| {
        terminal.tap("/");
        terminal.wait_for("検索:");
        terminal.press(id);
        terminal.tap("\r");
        terminal.wait("the record", |screen| at_cursor(screen).as_deref() == Some(id) && !screen.contains("検索:"));
    };
    to("0000001");
    let keys = count(&terminal, &[("4", "返事なし"), ("6", "返信日: 20"), ("\r", "4-2 → 4-6")]);
    assert!(keys <= 6);
    to("0000002");
    let asked = [("W", "取下げの理由"), ("\t", "別人の疑い"), ("\r", "取り下げます"), ("\r", "取下げ")];
    assert!(count(&terminal, &asked) <= 6);
    terminal.wait("withdrawn", |screen| !screen.contains("確かめ") && !screen.contains("報告済です"));
    terminal.quit();
    let record = |id: &str| work.run(&format!("show {id} --json")).ok().json();
    assert_eq!(record("0000001")["category"], "4-6");
    assert_eq!(record("0000002")["batch"], serde_json::Value::Null);
}
