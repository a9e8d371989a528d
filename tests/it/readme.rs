//! The examples of the README work as they stand there.

use std::path::Path;

use meken::config::settings::Settings;
use meken::domain::filter::{FIELDS, Field};

use crate::work::Work;

/// The TOML examples: the file that the first line names, and the text below.
fn examples() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut examples = Vec::new();
    let mut lines = readme.lines().map(str::trim_start);
    while let Some(line) = lines.next() {
        if line == "```toml" {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let name = text[0].strip_prefix("# ").unwrap_or_else(|| panic!("{text:?} names no file"));
            examples.push((name.to_owned(), text.join("\n") + "\n"));
        }
    }
    examples
}

#[test]
fn files_of_ones_own_work_as_the_readme_shows_them() {
    let examples = examples();
    for part in ["/keymaps/", "/themes/", "settings.toml"] {
        assert!(examples.iter().any(|(name, _)| name.contains(part)), "{part}");
    }
    let work = Work::new();
    for (name, text) in &examples {
        let path = match name.strip_prefix("~/") {
            Some(rest) => work.path(rest),
            None => work.workspace().join(name),
        };
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        if name.contains("/keymaps/") || name.contains("/themes/") {
            let kind = if name.contains("/keymaps/") { "keys" } else { "themes" };
            let said = work.run_args(&[kind, "check", path]).ok();
            assert!(said.out.contains("誤りはありません(名前 mine)"), "{}", said.out);
            // All that is inherited is there, under the name of the file.
            let printed = work.run(&format!("{kind} print mine")).ok().out;
            assert!(printed.lines().count() > 30, "{printed}");
            // The same under [meta], with a name or without.
            let (head, rest) = text.split_once("inherits").unwrap();
            for meta in ["[meta]\ninherits", "[meta]\nname = \"mine\"\ninherits"] {
                work.write("mine.toml", &format!("{head}{meta}{rest}"));
                let said = work.run(&format!("{kind} check mine.toml")).ok();
                assert!(said.out.contains("誤りはありません(名前 mine)"), "{}", said.out);
            }
        } else {
            Settings::parse(name, text).unwrap();
        }
    }
    // The settings name both files, and every command reads the settings.
    for kind in ["keys", "themes"] {
        let said = work.run(&format!("{kind} list")).ok();
        assert!(said.out.lines().any(|line| line.starts_with("*  mine")), "{}", said.out);
    }
}

/// The table of the README is that of the parser.
#[test]
fn every_field_of_filters_stands_in_the_readme() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let row = |field: &Field| {
        let aliases: Vec<String> = field.aliases.iter().map(|alias| format!("`{alias}:`")).collect();
        format!("| `{}:` {} | {} | `{}` |", field.key, aliases.join(" "), field.about, field.example)
    };
    let rows: Vec<String> = FIELDS.iter().map(row).collect();
    let is_field = |line: &&str| {
        let key = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()).unwrap_or_default();
        key.len() > 1 && key.ends_with(':')
    };
    let shown: Vec<&str> = readme.lines().filter(is_field).collect();
    assert_eq!(shown, rows, "\n{}", rows.join("\n"));
    let (work, _) = Work::with_sample(200);
    for field in FIELDS {
        work.run_args(&["list", "--all", "--filter", field.example, "--json"]).ok();
    }
    let said = work.run_args(&["list", "--filter", "消滅:yes"]).ok();
    assert!(said.err.contains("--all"), "{}", said.err);
}

/// A record is held until a day that has passed, another until one to come.
#[test]
fn what_is_overdue_and_decided_is_filtered() {
    let (work, _) = Work::with_sample(200);
    let ids: Vec<String> =
        work.run("list --json").ok().json_lines().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    work.run_args(&["decide", &ids[0], "hold", "--due", "2099-01-01"]).ok();
    work.run_args(&["decide", &ids[1], "hold", "--note", "電話待ち"]).ok();
    let list = |filter: &str| -> Vec<String> {
        let found = work.run_args(&["list", "--filter", filter, "--json"]).ok().json_lines();
        found.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let mut held = list("state:保留");
    held.sort();
    let mut expected = ids[..2].to_vec();
    expected.sort();
    assert_eq!(held, expected);
    assert_eq!(list("due:2099-01-01"), [ids[0].clone()]);
    assert_eq!(list("期限:>=2098-12-31 -note:電話"), [ids[0].clone()]);
    assert_eq!(list("due:超過"), Vec::<String>::new());
    assert_eq!(list("決定:あり"), Vec::<String>::new());
    let wrong = work.run_args(&["list", "--filter", "due:あした"]).ends_with(2);
    assert!(wrong.err.contains("5 文字目") && wrong.err.contains("due:<=2024-01-11"), "{}", wrong.err);
}

#[test]
fn what_a_file_says_of_itself_twice_or_wrongly_is_named() {
    let work = Work::new();
    for (text, words) in [
        ("inherits = \"defualt\"\n", "1:12: 継承元「defualt」はありません"),
        ("inherits = \"default\"\n[meta]\ninherits = \"vim\"\n", "1:1: 「inherits」は [meta] にも書かれています"),
        ("name = \"\"\ninherits = \"default\"\n", "1:8: name は空でない文字列です"),
        ("inherits = \"mine\"\n", "継承が輪になっています"),
        ("inherit = \"default\"\n", "1:1: 見出しより上の項目「inherit」はありません"),
    ] {
        work.write("mine.toml", text);
        for kind in ["keys", "themes"] {
            let text = text.replace("\"default\"", if kind == "keys" { "\"default\"" } else { "\"dark\"" });
            let text = text.replace("\"vim\"", if kind == "keys" { "\"vim\"" } else { "\"light\"" });
            work.write("mine.toml", &text);
            let said = work.run(&format!("{kind} check mine.toml")).ends_with(2);
            assert!(said.err.contains(words), "{kind}: {text}\n{}", said.err);
        }
    }
}

/// Every fault of the settings is said in Japanese, with its place, line and the nearest word, by whatever needs them.
#[test]
fn faults_of_the_settings_are_named_by_every_command() {
    let (work, _) = Work::with_sample(20);
    work.settings("[screan]\n[notice]\nletter_days = \"14\"\nwith_card = ture\n[insurer]\nkind = \"市町村国\"\n");
    for command in ["list", "status", "review", "report"] {
        let said = work.run(command);
        if said.code == Some(0) {
            continue;
        }
        let said = said.ends_with(2);
        for part in [
            "設定に誤りが4件",
            "settings.toml:1:2: 見出し「screan」はありません",
            "もしかして: screen",
            "settings.toml:3:15: letter_days には0 から 65535 までの整数(日数)を書いてください",
            "3 | letter_days = \"14\"",
            "settings.toml:4:13:",
            "with_card にはtrue か false を書いてください",
            "もしかして: 市町村国保",
        ] {
            // The workstation has keymaps and themes to tell of as well.
            let told = said.err.contains(part) || command == "review" && part.starts_with("設定に");
            assert!(told, "{command}: {part}\n{}", said.err);
        }
    }
    work.run("report").ends_with(2);
}
