//! Whatever happens to an import, all of the file is in or nothing, and nothing must be cleaned up by hand.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::wait::{silence, until};
use crate::work::{Said, Work};

fn sample(work: &Work, rows: u32, name: &str) {
    work.run(&format!("sample --rows {rows} -o {name}")).ok();
}

fn start(work: &Work, args: &[&str]) -> Child {
    work.command().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> Said {
    child.wait_with_output().unwrap().into()
}

/// The number of records in item 1, or `None` where nothing was imported.
fn in_item1(work: &Work) -> Option<u64> {
    let said = work.run("status --json");
    match said.code {
        Some(1) => None,
        _ => said.ok().json()["in_item1"].as_u64(),
    }
}

#[track_caller]
fn nothing_in(work: &Work) {
    assert_eq!(in_item1(work), None);
}

/// Imports are killed at random moments: before, while and after they write, on an empty store and on one with records.
#[test]
fn fifty_imports_killed_at_random_moments() {
    let whole = Work::new();
    sample(&whole, 900, "first.csv");
    let mut lines: Vec<Vec<u8>> =
        std::fs::read(whole.path("first.csv")).unwrap().split_inclusive(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
    lines.truncate(780);
    std::fs::write(whole.path("second.csv"), lines.concat()).unwrap();
    let began = Instant::now();
    whole.run("import first.csv").ok();
    let mut reach = began.elapsed().as_micros() as u64;
    let first = in_item1(&whole).unwrap();
    whole.run("import second.csv").ok();
    let second = in_item1(&whole).unwrap();
    assert!(second < first);

    let mut work = Work::new();
    let mut seed = 12345u64;
    let (mut nothing, mut all) = (0, 0);
    for round in 0..50 {
        let before = in_item1(&work);
        let name = if before.is_none() { "first.csv" } else { "second.csv" };
        let path = whole.path(name).display().to_string();
        let mut child = start(&work, &["-q", "import", &path]);
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pause = reach * ((seed >> 33) % 1000) / 1000;
        silence(Duration::from_micros(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = in_item1(&work);
        let done = if before.is_none() { Some(first) } else { Some(second) };
        assert!(after == before || after == done, "round {round}: {before:?} → {after:?}");
        // The moments move to where an import ends on this machine now.
        if after == before {
            nothing += 1;
            reach = reach * 11 / 10;
        } else {
            all += 1;
            reach = reach * 9 / 10;
        }
        if round % 10 == 9 && after.is_some() {
            work.run("verify").ok();
        }
        if after == Some(second) {
            work = Work::new();
        }
    }
    assert!(nothing > 5 && all > 5, "the moments were badly chosen: {nothing} {all}");
}

#[test]
fn signals_end_an_import_with_nothing_in() {
    let work = Work::new();
    sample(&work, 40_000, "sample.csv");
    for (signal, name) in [(15, "TERM"), (2, "INT"), (1, "HUP")] {
        let mut pause = Duration::from_millis(120);
        loop {
            let child = start(&work, &["import", "sample.csv"]);
            silence(pause);
            let kill = std::process::Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
            assert!(kill.unwrap().success());
            let said = end(child);
            // Ended before it listened: a signal of its own; after it was done: the pause was too long.
            match said.code {
                None => pause *= 2,
                Some(0) => panic!("{name}: the import was done within {pause:?}"),
                code => {
                    assert_eq!(code, Some(128 + signal), "{name}: {}", said.err);
                    assert!(said.err.contains("変わっていません"), "{}", said.err);
                    break;
                }
            }
        }
        nothing_in(&work);
    }
    work.run("import sample.csv").ok();
    work.run("verify").ok();
}

#[test]
fn a_disk_without_room_leaves_everything_as_it_was() {
    let work = Work::new();
    sample(&work, 20_000, "big.csv");
    sample(&work, 300, "small.csv");
    let limited = |name: &str| -> Said {
        // Blocks of 512 or 1,024 bytes: below what the large file needs either way, above what the store has.
        let line = format!("ulimit -f 3000; exec \"$0\" import {name}");
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &line, crate::work::binary()]).env_clear().current_dir(work.path(""));
        command.env("HOME", work.path("")).env("MEKEN_WORKSPACE", work.workspace()).env("PATH", "/usr/bin:/bin");
        command.output().unwrap().into()
    };
    let said = limited("big.csv").ends_with(4);
    assert!(said.err.contains("空き容量") || said.err.contains("保存できたか"), "{}", said.err);
    assert!(said.err.contains("保存データは変わっていません"), "{}", said.err);
    // Nor does what was written of it take room any longer.
    assert!(!work.workspace().join("meken.redb").exists());
    nothing_in(&work);
    limited("small.csv").ok();
    let before = in_item1(&work);
    let said = limited("big.csv").ends_with(4);
    assert!(said.err.contains("保存データは変わっていません"), "{}", said.err);
    assert_eq!(in_item1(&work), before);
    work.run("verify").ok();
    work.run("import big.csv --allow-vanish").ok();
    work.run("verify").ok();
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let work = Work::new();
    let fifo = work.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    File::create(work.path("huge.csv")).unwrap().set_len((16 << 30) + 1).unwrap();
    std::os::unix::fs::symlink("loop.csv", work.path("loop.csv")).unwrap();
    std::fs::create_dir(work.path("folder.csv")).unwrap();
    let root =
        std::fs::metadata("/proc/self").map(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0).unwrap_or(true);
    let mut cases = vec![
        ("pipe", "通常のファイルではありません"),
        ("/dev/zero", "通常のファイルではありません"),
        ("/dev/null", "通常のファイルではありません"),
        ("folder.csv", "通常のファイルではありません"),
        ("huge.csv", "上限"),
        ("loop.csv", "読み込めません"),
        ("missing.csv", "読み込めません"),
    ];
    if !root {
        use std::os::unix::fs::PermissionsExt;
        work.write("closed.csv", "x");
        std::fs::set_permissions(work.path("closed.csv"), std::fs::Permissions::from_mode(0o000)).unwrap();
        cases.push(("closed.csv", "読み込めません"));
    }
    for (name, words) in cases {
        let began = Instant::now();
        for line in [format!("import {name}"), format!("layout guess {name}")] {
            let said = work.run(&line).ends_with(3);
            assert!(said.err.contains(words), "{name}: {}", said.err);
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{name}");
    }
    nothing_in(&work);
}

/// Changes a file while it is imported, again and again until the import ends.
fn while_changing(work: &Work, name: &str, change: impl Fn(&Path) + Sync) -> Said {
    let path = work.path(name);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                change(&path);
                silence(Duration::from_millis(1));
            }
        });
        let said = end(start(work, &["import", name]));
        stop.store(true, Ordering::Relaxed);
        said
    })
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let work = Work::new();
    sample(&work, 20_000, "grows.csv");
    for name in ["shrinks.csv", "changes.csv"] {
        std::fs::copy(work.path("grows.csv"), work.path(name)).unwrap();
    }
    let said = while_changing(&work, "grows.csv", |path| {
        OpenOptions::new().append(true).open(path).unwrap().write_all(b"x,y\r\n").unwrap();
    });
    assert!(said.ends_with(3).err.contains("変わりました"));
    nothing_in(&work);
    let said = while_changing(&work, "shrinks.csv", |path| {
        let file = OpenOptions::new().write(true).open(path).unwrap();
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(997)).unwrap();
    });
    assert!(said.ends_with(3).err.contains("変わりました"));
    nothing_in(&work);
    let tick = std::sync::atomic::AtomicU64::new(0);
    let said = while_changing(&work, "changes.csv", |path| {
        use std::os::unix::fs::FileExt;
        let file = OpenOptions::new().write(true).open(path).unwrap();
        let n = tick.fetch_add(1, Ordering::Relaxed);
        file.write_all_at(&[b'0' + (n % 10) as u8], 1_000_000).unwrap();
    });
    assert!(said.ends_with(3).err.contains("変わりました"));
    nothing_in(&work);
}

#[test]
fn a_second_import_is_told_who_holds_the_store() {
    let work = Work::new();
    sample(&work, 40_000, "sample.csv");
    let first = start(&work, &["import", "sample.csv"]);
    let socket = work.workspace().join("meken.sock");
    until("the store held by the first import", || socket.exists());
    let pid = first.id().to_string();
    let said = work.run("import sample.csv").ends_with(75);
    assert!(said.err.contains("取込") && said.err.contains(&pid), "{}", said.err);
    work.run("quarantine dismiss 1 --reason 対象外").ends_with(75);
    let said = end(first).ok();
    assert!(said.out.contains("取り込みました"), "{}", said.out);
    assert_eq!(work.run("log --json").ok().json_lines().len(), 1);
    let again: Value = work.run("import sample.csv --json").ok().json();
    assert_eq!(again["same_as"], 1);
}

/// Files that are made to fill the memory are read in a small part of it.
#[test]
fn hostile_files_take_no_memory() {
    const BYTES: usize = 8 * 1024 * 1024;
    let work = Work::new();
    work.run("sample --rows 3 --encoding utf-8 -o sample.csv").ok();
    let sample = std::fs::read(work.path("sample.csv")).unwrap();
    let endless = [
        ("one_line", vec![b'x'], 0),
        ("commas", vec![b','], 0),
        ("quoted_lines", b"x\r\n".to_vec(), 3),
        ("quotes", vec![b'"'], 3),
        ("returns", vec![b'\r'], 0),
        ("end_marks", vec![0x1A], 0),
    ];
    for (name, unit, exit) in endless {
        let mut bytes = sample.clone();
        bytes.extend(if exit == 3 { &b"\""[..] } else { &b""[..] });
        let fill = BYTES / unit.len();
        bytes.extend(std::iter::repeat_n(unit, fill).flatten());
        std::fs::write(work.path("hostile.csv"), bytes).unwrap();
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "ulimit -v 700000; exec \"$0\" import hostile.csv --check --json", crate::work::binary()]);
        command.env_clear().current_dir(work.path("")).env("HOME", work.path("")).env("PATH", "/usr/bin:/bin");
        let said: Said = command.env("MEKEN_WORKSPACE", work.workspace()).output().unwrap().into();
        assert_eq!(said.code, Some(exit), "{name}: {}", said.err);
    }
}

/// A first import that does not happen leaves no store and no folder; an empty one would look as if something were there.
#[test]
fn a_refused_first_import_leaves_nothing_behind() {
    let work = Work::new();
    sample(&work, 50, "good.csv");
    let text = std::fs::read(work.path("good.csv")).unwrap();
    let at = text.len() - 40;
    let unclosed = [&text[..at], b"\r\n\"x,y\r\n", &text[at..]].concat();
    std::fs::write(work.path("unclosed.csv"), unclosed).unwrap();
    work.write("columns.csv", "氏名,住所\r\na,b\r\n");
    for file in ["unclosed.csv", "columns.csv", "no-such-file.csv", "."] {
        work.run(&format!("import {file}")).ends_with(3);
        assert!(!work.workspace().exists(), "{file}");
        let said = work.run("status").ends_with(1);
        assert!(said.err.contains("取り込"), "{}", said.err);
    }

    // What lay in the folder before stays, and so does a store that holds something.
    std::fs::create_dir(work.workspace()).unwrap();
    work.write("work/settings.toml", "");
    work.run("import unclosed.csv").ends_with(3);
    let left: Vec<_> = std::fs::read_dir(work.workspace()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["settings.toml"]);
    work.run("import good.csv").ok();
    work.run("import unclosed.csv").ends_with(3);
    assert!(in_item1(&work).is_some());
}
