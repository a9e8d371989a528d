//! Keymaps and themes from files: chosen, checked, printed, and taken up by a workstation that runs.

use rustix::process::Signal;

use crate::terminal::{Line, Terminal};
use crate::wait::{IDLE_WORK_DONE, WATCH_IDLE, silence};
use crate::work::Work;

fn open(work: &Work, args: &[&str], env: &[(&str, &str)]) -> Terminal {
    Terminal::open_with(work, Line::default(), args, env)
}

/// Where a keymap of the operator's own lies.
const MINE_FILE: &str = ".config/meken/keymaps/mine.toml";

const MINE: &str =
    "[meta]\nname = \"mine\"\ninherits = \"tenkey\"\n[global]\n\"Q\" = { run = \"quit\", desc = \"おしまい\" }\n";

#[test]
fn keymaps_and_themes_are_listed_checked_and_printed() {
    let work = Work::new();
    let said = work.run("keys list").ok();
    for name in ["default", "vim", "tenkey"] {
        assert!(said.out.contains(name), "{}", said.out);
    }
    assert!(said.out.starts_with("*  default"), "{}", said.out);
    let said = work.run("themes list").ok();
    for name in ["dark", "light", "contrast", "dark-rgb", "mono"] {
        assert!(said.out.contains(name), "{}", said.out);
    }
    for (kind, names) in
        [("keys", &["default", "vim", "tenkey"][..]), ("themes", &["dark", "light", "contrast", "dark-rgb", "mono"])]
    {
        for name in names {
            let printed = work.run(&format!("{kind} print {name}")).ok().out;
            work.write("printed.toml", &printed);
            let said = work.run(&format!("{kind} check printed.toml")).ok();
            assert!(said.out.contains("誤りはありません"), "{}", said.out);
        }
        let said = work.run(&format!("{kind} print nothing")).ends_with(2);
        assert!(said.err.contains("「nothing」はありません"), "{}", said.err);
    }
    assert!(work.run("keys print tenky").ends_with(2).err.contains("もしかして: tenkey"));

    // A file of one's own inherits from another one, is found by name, and its faults are named all at once.
    work.write(MINE_FILE, MINE);
    work.write(".config/meken/keymaps/other.toml", "[meta]\nname = \"other\"\ninherits = \"mine\"\n");
    work.write(".config/meken/keymaps/vim.toml", MINE);
    assert!(work.run("keys print other").ok().out.contains("おしまい"));
    let said = work.run("keys list").ok();
    assert!(
        said.out.contains("mine.toml") && said.err.contains("vim.toml は組込と同じ名前"),
        "{} {}",
        said.out,
        said.err
    );
    let faulty = "[meta]\nname = \"x\"\ninherits = \"defualt\"\n[reviw]\n[global]\n\"q\" = { run = \"quti\", desc = \"終了\" }\n";
    work.write("faulty.toml", faulty);
    let said = work.run("keys check faulty.toml").ends_with(2);
    for words in [
        "faulty.toml:3:12:",
        "もしかして: default",
        "faulty.toml:4:2:",
        "もしかして: review",
        "faulty.toml:6:15:",
        "もしかして: quit",
    ] {
        assert!(said.err.contains(words), "{words}\n{}", said.err);
    }
    work.write("faulty.toml", "[meta]\nname = \"x\"\n[styles]\ntxt = { fg = \"rde\" }\n");
    let said = work.run("themes check faulty.toml").ends_with(2);
    assert!(said.err.contains("faulty.toml:4:1:") && said.err.contains("もしかして: text"), "{}", said.err);
    assert!(said.err.contains("もしかして: red"), "{}", said.err);
    std::fs::write(work.path("faulty.toml"), b"[meta]\n\x82\xa0").unwrap();
    assert!(work.run("themes check faulty.toml").ends_with(2).err.contains("faulty.toml:2: UTF-8"));
    work.run("themes check missing.toml").ends_with(2);
}

/// Options win over variables, variables over `settings.toml`; a name that does not exist is refused before the screen opens.
#[test]
fn a_keymap_is_chosen_by_option_variable_or_setting() {
    let (work, _) = Work::with_sample(60);
    work.write(MINE_FILE, MINE);
    work.settings("[screen]\nkeymap = \"mine\"\n");
    let terminal = open(&work, &[], &[]);
    terminal.wait_for("- 取消");
    terminal.quit_by("Q");
    let terminal = open(&work, &["review"], &[("MEKEN_KEYMAP", "vim")]);
    terminal.wait_for("H 保留");
    terminal.quit_by("ZZ");
    let terminal = open(&work, &["review", "--keymap", "default"], &[("MEKEN_KEYMAP", "vim")]);
    terminal.wait_for("h 保留");
    terminal.quit();
    let terminal = open(&work, &["--keymap", "vim"], &[]);
    terminal.wait_for("H 保留");
    terminal.quit_by("ZZ");
    let terminal = open(&work, &["--keymap", "vim", "review", "--keymap", "default"], &[]);
    terminal.wait_for("h 保留");
    terminal.quit();
    let mut terminal = open(&work, &["review", "--theme", "drak"], &[]);
    assert_eq!(terminal.end(), 2);
    assert!(terminal.wait_for("もしかして").contains("dark"));
}

/// A changed file is taken up by a signal, with the next pause, or by the command; a faulty one changes nothing and its
/// first fault is shown.
#[test]
fn a_running_workstation_takes_up_changed_files() {
    let (work, _) = Work::with_sample(60);
    work.write(MINE_FILE, MINE);
    work.settings("[screen]\nkeymap = \"mine\"\n");
    let terminal = open(&work, &["review"], &[]);
    terminal.wait_for("- 取消");

    work.write(MINE_FILE, "[meta]\nname = \"mine\"\ninherits = \"vim\"\n[reviw]\n[lst]\n");
    terminal.signal(Signal::USR1);
    let screen = terminal.wait_for("mine.toml:4:2:");
    assert!(screen.contains("ほか1件") && screen.contains("- 取消"), "{screen}");

    work.write(MINE_FILE, "[meta]\nname = \"mine\"\ninherits = \"vim\"\n");
    terminal.press(":");
    terminal.wait_for("> ");
    terminal.press("reload");
    terminal.wait_for("> reload");
    terminal.press("\r");
    terminal.wait_for("H 保留");
    let holder = work.run("doctor --json").ok().json()["workspace"]["holder"].to_string();
    assert!(holder.contains("確認画面"), "{holder}");

    // Without a signal: the operator goes on working and pauses.
    work.settings("[screen]\nkeymap = \"default\"\ntheme = \"contrast\"\n[notice]\nletter_days = 20\n");
    terminal.press("j");
    let screen = terminal.wait_for("「default」");
    assert!(screen.contains("contrast") && screen.contains("次に開いたとき"), "{screen}");

    // A still screen writes nothing, however long it is watched.
    silence(IDLE_WORK_DONE);
    terminal.assert_silent(WATCH_IDLE);
    let raw = terminal.quit();
    // The mouse stays the terminal's own.
    for mode in ["\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b[?1006h", "\x1b[?1h", "\x1b="] {
        assert!(!raw.contains(mode), "{mode:?}");
    }
}

/// NO_COLOR draws without colours but not without marks; the C locale is drawn, with a word on what to set.
#[test]
fn no_color_is_mono_and_the_c_locale_is_told() {
    let (work, _) = Work::with_sample(60);
    let terminal = open(&work, &["review"], &[("NO_COLOR", "1"), ("LANG", "C"), ("COLORTERM", "truecolor")]);
    terminal.wait_for("LANG=ja_JP.UTF-8");
    terminal.wait_for("▶0");
    let raw = terminal.quit();
    let looks: Vec<&str> =
        raw.split("\x1b[").skip(1).filter_map(|part| part.split_once('m').map(|(code, _)| code)).collect();
    let styled = looks.iter().filter(|code| code.bytes().all(|b| b.is_ascii_digit() || b == b';'));
    let codes: Vec<u16> = styled.flat_map(|code| code.split(';')).filter_map(|code| code.parse().ok()).collect();
    assert!(codes.contains(&7) && codes.contains(&1), "{codes:?}");
    assert!(codes.iter().all(|code| *code < 30), "{codes:?}");
}

/// `c` copies the record's number to the terminal's clipboard, through tmux too, and nothing else of the record.
#[test]
fn the_number_is_copied_by_osc_52() {
    let (work, _) = Work::with_sample(60);
    for tmux in [false, true] {
        let env: &[(&str, &str)] = if tmux { &[("TMUX", "/tmp/none,1,0")] } else { &[] };
        let terminal = open(&work, &["review"], env);
        terminal.wait_for("▶00");
        terminal.press("c");
        terminal.wait_for("写しました");
        let raw = terminal.quit();
        let copied: Vec<&str> =
            raw.match_indices("]52;c;").map(|(at, _)| raw[at + 6..].split('\x07').next().unwrap()).collect();
        assert_eq!(copied.len(), 1 + usize::from(tmux), "{copied:?}");
        // Ten digits are sixteen letters of base64.
        assert!(copied.iter().all(|text| text.len() == 16), "{copied:?}");
        assert_eq!(raw.contains("\x1bPtmux;\x1b\x1b]52;c;"), tmux);
    }
}
