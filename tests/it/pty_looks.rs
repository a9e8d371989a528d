//! Keymaps and themes from files: chosen, checked, printed, and taken up by a workstation that runs.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, NativePtySystem, PtySize, PtySystem};

use crate::work::{Work, binary};

const PATIENCE: Duration = Duration::from_secs(30);

/// A workstation in a terminal whose bytes are kept.
struct Session {
    bytes: Arc<Mutex<Vec<u8>>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Session {
    fn open(work: &Work, args: &[&str], env: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = NativePtySystem::default().openpty(size).unwrap();
        let mut command = CommandBuilder::new(binary());
        command.args(args);
        command.env_clear();
        command.env("HOME", work.path(""));
        command.env("MEKEN_WORKSPACE", work.workspace());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "ja_JP.UTF-8");
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut part) {
                kept.lock().unwrap().extend_from_slice(&part[..read]);
            }
        });
        let keys = pair.master.take_writer().unwrap();
        Self { bytes, keys, child, _master: pair.master }
    }

    fn raw(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    fn screen(&self) -> String {
        let cells = |n| std::num::NonZeroU16::new(n).unwrap();
        let mut parser = vt100::Parser::new(cells(24), cells(80), 0);
        parser.process(&self.raw());
        parser.screen().contents()
    }

    #[track_caller]
    fn wait_for(&self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if screen.contains(text) {
                return screen;
            }
            assert!(Instant::now() < until, "never seen: {text}\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    #[track_caller]
    fn end(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < until, "the program did not end:\n{}", self.screen());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn put(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

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
    put(&work.path(".config/meken/keymaps/mine.toml"), MINE);
    put(&work.path(".config/meken/keymaps/other.toml"), "[meta]\nname = \"other\"\ninherits = \"mine\"\n");
    put(&work.path(".config/meken/keymaps/vim.toml"), MINE);
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
    put(&work.path(".config/meken/keymaps/mine.toml"), MINE);
    work.write("work/settings.toml", "[screen]\nkeymap = \"mine\"\n");
    let mut session = Session::open(&work, &[], &[]);
    session.wait_for("- 取消");
    session.press("Q");
    assert_eq!(session.end(), 0);
    let mut session = Session::open(&work, &["review"], &[("MEKEN_KEYMAP", "vim")]);
    session.wait_for("H 保留");
    session.press("ZZ");
    assert_eq!(session.end(), 0);
    let mut session = Session::open(&work, &["review", "--keymap", "default"], &[("MEKEN_KEYMAP", "vim")]);
    session.wait_for("h 保留");
    session.press("q");
    assert_eq!(session.end(), 0);
    let mut session = Session::open(&work, &["--keymap", "vim"], &[]);
    session.wait_for("H 保留");
    session.press("ZZ");
    assert_eq!(session.end(), 0);
    let mut session = Session::open(&work, &["--keymap", "vim", "review", "--keymap", "default"], &[]);
    session.wait_for("h 保留");
    session.press("q");
    assert_eq!(session.end(), 0);
    let mut session = Session::open(&work, &["review", "--theme", "drak"], &[]);
    assert_eq!(session.end(), 2);
    assert!(session.wait_for("もしかして").contains("dark"));
}

/// A changed file is taken up by a signal, with the next pause, or by the command; a faulty one changes nothing and its
/// first fault is shown.
#[test]
fn a_running_workstation_takes_up_changed_files() {
    let (work, _) = Work::with_sample(60);
    let mine = work.path(".config/meken/keymaps/mine.toml");
    put(&mine, MINE);
    work.write("work/settings.toml", "[screen]\nkeymap = \"mine\"\n");
    let mut session = Session::open(&work, &["review"], &[]);
    session.wait_for("- 取消");

    put(&mine, "[meta]\nname = \"mine\"\ninherits = \"vim\"\n[reviw]\n[lst]\n");
    session.signal(rustix::process::Signal::USR1);
    let screen = session.wait_for("mine.toml:4:2:");
    assert!(screen.contains("ほか1件") && screen.contains("- 取消"), "{screen}");

    put(&mine, "[meta]\nname = \"mine\"\ninherits = \"vim\"\n");
    session.press(":");
    session.wait_for("> ");
    session.press("reload");
    session.wait_for("> reload");
    session.press("\r");
    session.wait_for("H 保留");
    let holder = work.run("doctor --json").ok().json()["workspace"]["holder"].to_string();
    assert!(holder.contains("確認画面"), "{holder}");

    // Without a signal: the operator goes on working and pauses.
    put(
        &work.path("work/settings.toml"),
        "[screen]\nkeymap = \"default\"\ntheme = \"contrast\"\n[notice]\nletter_days = 20\n",
    );
    session.press("j");
    let screen = session.wait_for("「default」");
    assert!(screen.contains("contrast") && screen.contains("次に開いたとき"), "{screen}");

    // A still screen writes nothing, however long it is watched.
    std::thread::sleep(Duration::from_millis(2_200));
    let before = session.raw().len();
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(session.raw().len(), before);
    session.press("q");
    assert_eq!(session.end(), 0);
    // The mouse stays the terminal's own.
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
    for mode in ["\x1b[?1000h", "\x1b[?1002h", "\x1b[?1003h", "\x1b[?1006h", "\x1b[?1h", "\x1b="] {
        assert!(!raw.contains(mode), "{mode:?}");
    }
}

/// NO_COLOR draws without colours but not without marks; the C locale is drawn, with a word on what to set.
#[test]
fn no_color_is_mono_and_the_c_locale_is_told() {
    let (work, _) = Work::with_sample(60);
    let mut session =
        Session::open(&work, &["review"], &[("NO_COLOR", "1"), ("LANG", "C"), ("COLORTERM", "truecolor")]);
    session.wait_for("LANG=ja_JP.UTF-8");
    session.wait_for("▶0");
    session.press("q");
    assert_eq!(session.end(), 0);
    let raw = String::from_utf8_lossy(&session.raw()).into_owned();
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
        let mut session = Session::open(&work, &["review"], env);
        session.wait_for("▶00");
        session.press("c");
        session.wait_for("写しました");
        session.press("q");
        assert_eq!(session.end(), 0);
        let raw = String::from_utf8_lossy(&session.raw()).into_owned();
        let copied: Vec<&str> =
            raw.match_indices("]52;c;").map(|(at, _)| raw[at + 6..].split('\x07').next().unwrap()).collect();
        assert_eq!(copied.len(), 1 + usize::from(tmux), "{copied:?}");
        // Ten digits are sixteen letters of base64.
        assert!(copied.iter().all(|text| text.len() == 16), "{copied:?}");
        assert_eq!(raw.contains("\x1bPtmux;\x1b\x1b]52;c;"), tmux);
    }
}
