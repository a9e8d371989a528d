//! How tests wait: for a condition, or for a silence that the test is about. No other file sleeps.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Maximum time to wait for a condition. Only a failing test waits this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// Interval at which conditions are checked that nobody announces: processes and files.
const POLL: Duration = Duration::from_millis(10);

/// Interval between presses of a person. A held key repeats faster than this.
pub(crate) const BETWEEN_PRESSES: Duration = Duration::from_millis(300);

/// Interval between repeats of a held key (30 per second).
pub(crate) const KEY_REPEAT: Duration = Duration::from_millis(33);

/// Delay before a held key repeats for the first time.
pub(crate) const REPEAT_DELAY: Duration = Duration::from_millis(500);

/// Interval between keys that are typed ahead of a slow line. Shorter than its round trip.
pub(crate) const TYPED_AHEAD: Duration = Duration::from_millis(40);

/// Interval between the bytes of a key on a line that delivers every byte alone.
pub(crate) const TYPED_BYTE: Duration = Duration::from_millis(20);

/// Interval between the pieces in which a network delivers one burst.
pub(crate) const BURST_GAP: Duration = Duration::from_millis(1);

/// Gap inside a sequence, shorter than a lone ESC is waited for (50 ms).
pub(crate) const WITHIN_ESC: Duration = Duration::from_millis(10);

/// Gap inside a sequence, a little longer than a lone ESC is waited for.
pub(crate) const BEYOND_ESC: Duration = Duration::from_millis(70);

/// Gap inside a sequence, longer than a lone ESC is waited for and than stray input holds decisions back (100 ms).
pub(crate) const BEYOND_STRAY: Duration = Duration::from_millis(130);

/// Pause after a refused decision. Nothing decides until the refusal has been on the screen for a second.
pub(crate) const AFTER_REFUSAL: Duration = Duration::from_millis(1_500);

/// Pause after which an unterminated control string no longer swallows keys (3 s).
pub(crate) const AFTER_OPEN_STRING: Duration = Duration::from_millis(3_200);

/// Time without keys after which workstation and store have done their idle work (1.5 s and 2 s).
pub(crate) const IDLE_WORK_DONE: Duration = Duration::from_millis(2_200);

/// How long an idle screen is watched for bytes that should not come.
pub(crate) const WATCH_IDLE: Duration = Duration::from_millis(2_500);

/// How long a screen that is blank or takes nothing is watched for bytes that should not come.
pub(crate) const WATCH_BLANK: Duration = Duration::from_millis(600);

/// Lets time pass in which nothing is pressed or expected.
pub(crate) fn silence(how_long: Duration) {
    std::thread::sleep(how_long);
}

/// Waits until a condition holds; fails with its name when it never does.
#[track_caller]
pub(crate) fn until(what: &str, holds: impl FnMut() -> bool) {
    within(PATIENCE, what, holds);
}

/// Waits until a condition holds; fails with its name when it does not hold in time.
#[track_caller]
pub(crate) fn within(limit: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {limit:?}: {what}");
        std::thread::sleep(POLL);
    }
}

/// Keeps tests that measure time or type at the rate of a keyboard from running beside each other. Such a test takes
/// this first; `.config/nextest.toml` says the same for `cargo nextest`, where each test is a process.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static TIMING: Mutex<()> = Mutex::new(());
    // A timing test that failed has nothing to do with the next one.
    TIMING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The other files of the integration tests: module and text.
    fn modules() -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
        let mut folders = vec![folder.clone()];
        let mut found = Vec::new();
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name = path.strip_prefix(&folder).unwrap().with_extension("");
                    let module = name.to_str().unwrap().replace('/', "::").replace("::mod", "");
                    found.push((module, std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        found.retain(|(module, _)| module != "wait");
        assert!(found.len() > 20, "{}", found.len());
        found
    }

    /// A sleep elsewhere has no name and no reason.
    #[test]
    fn no_other_file_sleeps() {
        let sleeping: Vec<String> = modules()
            .into_iter()
            .filter(|(_, text)| text.contains("thread::sleep"))
            .map(|(module, _)| module)
            .collect();
        assert_eq!(sleeping, Vec::<String>::new());
    }

    /// `cargo nextest` keeps the same tests from each other as [`alone`](super::alone).
    #[test]
    fn nextest_knows_every_timing_test() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".config/nextest.toml");
        let settings = std::fs::read_to_string(path).unwrap();
        let named: BTreeSet<String> =
            settings.split("test(=").skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect();
        let mut taking = BTreeSet::new();
        for (module, text) in modules() {
            let mut test = "";
            for line in text.lines() {
                if let Some((name, _)) = line.strip_prefix("fn ").and_then(|rest| rest.split_once('(')) {
                    test = name;
                }
                if line.contains("= alone();") {
                    taking.insert(format!("{module}::{test}"));
                }
            }
        }
        assert!(!taking.is_empty());
        assert_eq!(named, taking);
    }
}
