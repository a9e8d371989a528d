//! The command line as scripts see it: exit codes, where output goes, what a wrong word is told.

use crate::wait::silence;
use crate::work::Work;

#[test]
fn nothing_imported_yet_is_exit_1_and_says_what_to_do() {
    let work = Work::new();
    for line in
        ["status", "status --json", "list", "show 1", "report", "log", "verify", "undo", "decide 1 2-3", "batch list"]
    {
        let said = work.run(line).ends_with(1);
        assert!(said.err.contains("meken import"), "{line}: {}", said.err);
        assert_eq!(said.out, "", "{line}");
        assert!(!work.workspace().exists(), "{line} made a workspace");
    }
}

#[test]
fn a_wrong_command_line_is_exit_2_in_japanese_with_the_nearest_word() {
    let work = Work::new();
    for (line, word) in [
        ("statsu", "status"),
        ("status --jso", "--json"),
        ("sample --rows 0 -o x.csv", "--rows"),
        ("sample --rows ten -o x.csv", "--rows"),
        ("export", "release"),
        ("export releases -o x", "release"),
        ("list --sort ie", "id"),
        ("list --filter clas:②", "class"),
        ("decide", "id"),
        ("decide 1 2-9", "2-1"),
        ("decide 1 2-3 --evidence 目視", "目検"),
        ("decide 1 2-1 --lost 20231332", "2023-10-01"),
    ] {
        let said = work.run(line).ends_with(2);
        assert!(said.err.to_lowercase().contains(word), "{line}: {}", said.err);
        assert_eq!(said.out, "", "{line}");
    }
}

#[test]
fn a_wrong_filter_names_its_position() {
    let (work, _) = Work::with_sample(100);
    let said = work.run_args(&["list", "--filter", "class:① stat:未着手"]).ends_with(2);
    assert!(said.err.contains("9 文字目") && said.err.contains("state"), "{}", said.err);
    let said = work.run_args(&["list", "--filter", "flag:F9"]).ends_with(2);
    assert!(said.err.contains("6 文字目"), "{}", said.err);
}

#[test]
fn help_and_version_are_data() {
    let work = Work::new();
    let help = work.run("--help").ok();
    for command in [
        "demo", "sample", "import", "review", "status", "list", "show", "decide", "undo", "reopen", "report", "export",
        "batch", "log", "verify", "compare",
    ] {
        assert!(help.out.lines().any(|line| line.trim_start().starts_with(command)), "{command}: {}", help.out);
        work.run(&format!("{command} --help")).ok();
    }
    assert!(work.run("--version").ok().out.starts_with("meken "));
    assert!(work.run("completions bash").ok().out.contains("meken"));
    assert!(work.run("man").ok().out.contains(".TH meken"));
    assert!(work.run("completions csh").ends_with(2).err.contains("bash"));
}

#[test]
fn a_refused_file_is_exit_3_and_changes_nothing() {
    let (work, truth) = Work::with_sample(200);
    let before = work.run("status --json").ok().json();
    let text = "整理番号,氏名\n1,山田\n";
    work.write("other.csv", text);
    let said = work.run("import other.csv").ends_with(3);
    assert!(said.err.contains("総合判定") && said.err.contains("住所"), "{}", said.err);
    assert!(said.err.contains("--layout"), "{}", said.err);
    work.run("import missing.csv").ends_with(3);
    work.run("import .").ends_with(3);
    work.write("empty.csv", "");
    work.run("import empty.csv").ends_with(3);
    let mut after = work.run("status --json").ok().json();
    after["as_of"] = before["as_of"].clone();
    assert_eq!(after, before);
    assert_eq!(truth.len(), 200);
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1);
}

#[test]
fn an_import_that_was_killed_leaves_nothing_and_can_be_done_again() {
    let work = Work::new();
    work.run("sample --rows 60000 -o sample.csv").ok();
    for pause in [20, 60, 120, 200, 300] {
        let mut child = work.command().args(["-q", "import", "sample.csv"]).spawn().unwrap();
        silence(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let said = work.run("status --json");
        // All or nothing: on a fast machine the last rounds may have come to their end.
        match said.code {
            Some(1) => assert!(said.err.contains("meken import"), "{}", said.err),
            _ => assert!(said.ok().json()["in_item1"].as_u64() > Some(1000)),
        }
    }
    work.run("import sample.csv").ok();
    work.run("verify").ok();
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1);
}

#[test]
fn a_check_changes_nothing() {
    let work = Work::new();
    work.run("sample --rows 100 -o sample.csv").ok();
    let report = work.run("import sample.csv --check --json").ok().json();
    assert_eq!(report["rows"], 100);
    assert!(!work.workspace().exists());
    work.run("import sample.csv").ok();
    work.run("sample --rows 100 --seed 2 -o other.csv").ok();
    work.run("import other.csv --check").ok();
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1);
}

#[test]
fn unusable_rows_go_to_quarantine_with_line_and_reason() {
    let work = Work::new();
    work.run("sample --rows 100 --encoding utf-8 -o sample.csv").ok();
    let text = std::fs::read_to_string(work.path("sample.csv")).unwrap();
    let mut lines: Vec<String> = text.split("\r\n").map(str::to_owned).collect();
    let plain = (1..40).filter(|&n| !lines[n].contains('"') && lines[n].matches(',').count() == 28);
    let picks: Vec<usize> = plain.take(3).collect();
    lines[picks[0]] = lines[picks[0]].replacen("○", "たぶん", 1);
    lines[picks[1]].push_str(",余り,余り");
    let copy = lines[picks[2]].clone();
    lines.insert(picks[2] + 1, copy);
    work.write("broken.csv", &lines.join("\r\n"));
    let report = work.run("import broken.csv --json").ok().json();
    assert_eq!((&report["rows"], &report["quarantined"], &report["repeats"]), (&101.into(), &2.into(), &1.into()));
    assert_eq!(report["imported"], 98);
    let rows = work.run("quarantine --json").ok().json_lines();
    let at: Vec<u64> = rows.iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(at.len(), 2);
    assert!(rows.iter().all(|row| !row["reason"].as_str().unwrap().is_empty() && row["file"] == "broken.csv"));
    assert_eq!(work.run("status --json").ok().json()["quarantined"], 2);
    work.run("export quarantine -o held.csv").ok();
    assert!(std::fs::read_to_string(work.path("held.csv")).unwrap().contains("たぶん"));
}

#[test]
fn files_are_for_the_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let (work, _) = Work::with_sample(50);
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(work.workspace()), 0o700);
    assert_eq!(mode(work.workspace().join("meken.redb")), 0o600);
}

#[test]
fn a_shared_folder_is_no_workspace() {
    use std::os::unix::fs::PermissionsExt;
    let work = Work::new();
    work.run("sample --rows 50 -o sample.csv").ok();
    std::fs::create_dir(work.workspace()).unwrap();
    std::fs::set_permissions(work.workspace(), std::fs::Permissions::from_mode(0o1777)).unwrap();
    let said = work.run("import sample.csv").ends_with(1);
    assert!(said.err.contains("共有"), "{}", said.err);
    let mode = std::fs::metadata(work.workspace()).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o1777);
}

#[test]
fn a_number_of_a_person_is_never_printed() {
    let (work, _) = Work::with_sample(300);
    let text = std::fs::read(work.path("sample.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(&text[..]);
    let numbers: Vec<String> =
        reader.byte_records().map(|record| String::from_utf8(record.unwrap()[6].to_vec()).unwrap()).collect();
    let list = work.run("list --all --json").ok();
    let show = work.run("list --all --format csv").ok();
    work.run("export records -o records.csv").ok();
    let records = std::fs::read_to_string(work.path("records.csv")).unwrap();
    for number in numbers.iter().filter(|number| number.len() == 12) {
        for said in [&list.out, &show.out, &records] {
            assert!(!said.contains(number.as_str()), "{number}");
        }
    }
}

#[test]
fn compare_answers_line_by_line() {
    use std::io::Write;
    use std::process::Stdio;
    let work = Work::new();
    let ask = |args: &[&str], input: &str| {
        let mut child = work
            .command()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        crate::work::Said::from(child.wait_with_output().unwrap())
    };
    let input = "kanji\t山田 太郎\t山田　太郎\nbirth\t19851203\t19851201\nkanji\t渡●太郎\t渡邉太郎\nsex\t1\t1\nkana\t\tヤマダ\n";
    let said = ask(&["compare", "--verdict-only"], input).ok();
    assert_eq!(said.out.lines().collect::<Vec<_>>(), ["same", "different", "uncertain", "same", "different"]);
    let said = ask(&["compare"], input).ok();
    let first: Vec<&str> = said.out.lines().next().unwrap().split('\t').collect();
    assert_eq!(first[..2], ["表記ゆれ", "N1"]);
    let said = ask(&["compare"], "kanji\tだけ\n").ends_with(3);
    assert!(said.err.contains("1 行目"), "{}", said.err);
}

#[test]
fn a_filter_narrows_and_an_order_sorts() {
    let (work, truth) = Work::with_sample(600);
    let ids = |line: &str| {
        work.run(line).ok().json_lines().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let ones: Vec<String> = truth.iter().filter(|r| r.in_item1 && r.class == "①").map(|r| r.id.clone()).collect();
    assert_eq!(ids("list --json --filter class:① --sort id"), ones);
    let all = ids("list --json --all --sort line");
    assert_eq!(all, truth.iter().map(|row| row.id.clone()).collect::<Vec<_>>());
    assert_eq!(ids("list --json --limit 3").len(), 3);
    assert_eq!(work.run("list --limit 2").ok().out.lines().count(), 3);
    let outside = work.run("list --json --all --filter class:○ --limit 1").ok().json_lines();
    assert_eq!(outside[0]["state"], "対象外");
    assert_eq!(outside[0]["in_item1"], false);
}

/// A list that was cut says how many records there are, beside the data.
#[test]
fn a_limit_says_how_many_there_are() {
    let (work, _) = Work::with_sample(300);
    let all = work.run("list --json").ok();
    let total = all.out.lines().count();
    assert!(total > 3 && all.err.is_empty(), "{}", all.err);
    let said = work.run("list --limit 2").ok();
    assert!(said.err.contains(&format!("2 件(全部で {total} 件")), "{}", said.err);
    for line in ["list --limit 2 --json", "list --limit 2 --format csv"] {
        assert_eq!(work.run(line).ok().err, "", "{line}");
    }
    let json = work.run("list --limit 2 --json").ok();
    assert_eq!(json.out.lines().count(), 2);
    let filtered = work.run_args(&["list", "--filter", "class:①", "--json"]).ok().out.lines().count();
    let said = work.run_args(&["list", "--filter", "class:①", "--limit", "1"]).ok();
    assert!(said.err.contains(&format!("全部で {filtered} 件")), "{}", said.err);
    assert!(work.run("list --all --limit 1").ok().err.contains("全部で 300 件"));
    assert_eq!(work.run("-q list --limit 2").ok().err, "");
    assert!(work.run(&format!("list --limit {}", total + 1)).ok().err.contains(&format!("{total} 件")));
}

/// What cannot be imported is named as it was typed, folder and all.
#[test]
fn a_refused_path_is_named_as_typed() {
    let work = Work::new();
    let folder = work.path("突合");
    std::fs::create_dir(&folder).unwrap();
    for path in [folder.clone(), folder.join("ない.csv")] {
        let path = path.display().to_string();
        let said = work.run_args(&["import", &path]).ends_with(3);
        assert!(said.err.contains(&format!("{path}: ")), "{}", said.err);
    }
}

/// The look may be named before any command that opens the workstation, and before no other.
#[test]
fn the_look_is_an_option_of_the_program_too() {
    let work = Work::new();
    for line in ["--keymap vim status", "--theme light list"] {
        let said = work.run(line).ends_with(2);
        assert!(said.err.contains("確認画面"), "{line}: {}", said.err);
    }
    // Wrong names are told before the store is asked for.
    for line in ["--keymap vmi", "--keymap vmi review", "--keymap vim review --keymap vmi"] {
        let said = work.run(line).ends_with(2);
        assert!(said.err.contains("もしかして: vim"), "{line}: {}", said.err);
    }
}

#[test]
fn flags_of_protection_need_a_reason() {
    let (work, truth) = Work::with_sample(100);
    let id = &truth[0].id;
    work.run(&format!("flag {id} dv on")).ends_with(2);
    work.run(&format!("flag {id} dv on --reason 申出")).ok();
    let log = work.run(&format!("log {id} --json")).ok().json_lines();
    assert_eq!(log[0]["after"]["protected"], true);
}
