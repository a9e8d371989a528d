//! The examples of the README work as they stand there.

use std::path::Path;

use meken::config::settings::Settings;

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
    std::fs::write(
        work.workspace().join("settings.toml"),
        "[screan]\n[notice]\nletter_days = \"14\"\nwith_card = ture\n[insurer]\nkind = \"市町村国\"\n",
    )
    .unwrap();
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
            assert!(said.err.contains(part), "{command}: {part}\n{}", said.err);
        }
    }
    work.run("report").ends_with(2);
}
