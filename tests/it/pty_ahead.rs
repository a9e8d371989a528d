//! Keys typed ahead on a slow line: what was meant as an answer to a question that never opened decides nothing.

use std::time::Duration;

use crate::pty_terminal::{BETWEEN_PRESSES, Line, Terminal, at_cursor, touched};
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
    let work = Work::new();
    people(&work);
    let line = Line { round_trip: Duration::from_millis(300), ..Line::default() };
    let mut terminal = Terminal::open(&work, line);
    let first = terminal.wait_for_record();
    terminal.wait_for_rest();
    for answer in ["y", "\r", "d"] {
        terminal.press("j");
        std::thread::sleep(Duration::from_millis(40));
        terminal.press("x");
        std::thread::sleep(Duration::from_millis(250));
        terminal.press(answer);
        terminal.wait_for("決定しませんでした");
        terminal.wait_for_rest();
        assert_eq!(touched(&work), Vec::<String>::new(), "{answer:?}");
    }
    // After a pause `y` is a decision again, and says so.
    let here = at_cursor(&terminal.contents()).unwrap();
    assert_ne!(here, first);
    std::thread::sleep(Duration::from_millis(1_500));
    terminal.press("y");
    terminal.wait_for("保存済");
    assert_eq!(touched(&work), [here]);
    std::thread::sleep(BETWEEN_PRESSES);
    terminal.press("q");
    assert_eq!(terminal.end(), 0);
}
