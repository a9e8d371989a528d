//! What tests do and see in the workstation.

use super::Terminal;
use crate::work::Work;

impl Terminal {
    /// Waits until a record stands at the cursor; returns its 整理番号.
    #[track_caller]
    pub(crate) fn wait_for_record(&self) -> String {
        at_cursor(&self.wait("a record at the cursor", |screen| at_cursor(screen).is_some())).unwrap()
    }

    /// Waits until another record stands at the cursor; returns its 整理番号.
    #[track_caller]
    pub(crate) fn wait_for_other(&self, than: &str) -> String {
        at_cursor(&self.wait("another record", |screen| at_cursor(screen).is_some_and(|id| id != than))).unwrap()
    }

    /// Decides the record at the cursor by a letter (`m`: no guard asks anything) and waits until it is shown as saved
    /// and the next one stands at the cursor.
    #[track_caller]
    pub(crate) fn decide_by_letter(&self) -> String {
        let id = self.wait_for_record();
        self.tap("m");
        self.wait_for_letter(&id);
        id
    }

    /// Waits until a letter to a record is shown as saved and the next record stands at the cursor.
    #[track_caller]
    pub(crate) fn wait_for_letter(&self, id: &str) {
        self.wait("the letter saved and the next record", |screen| {
            let saved = screen.lines().any(|line| line.contains(id) && line.contains("●4-"));
            saved && at_cursor(screen).is_some_and(|next| next != id)
        });
    }

    /// Shows by the search prompt, which has no part in any decision, that everything pressed before was taken in.
    #[track_caller]
    pub(crate) fn assert_alive(&self) {
        self.tap("\x1b");
        self.tap("/");
        self.wait_for("検索:");
        self.press("\x1b");
        self.wait("no prompt", |screen| !screen.contains("検索:"));
    }

    /// Draws the screen anew and fails if that shows anything else than before.
    #[track_caller]
    pub(crate) fn assert_redraw_changes_nothing(&self) {
        self.wait_for_rest();
        let shown = self.contents();
        self.press("\x0c");
        self.wait_for_rest();
        assert_eq!(self.contents(), shown, "the screen drawn anew");
    }

    /// Quits and checks that the terminal is left as it was; returns everything that was drawn.
    #[track_caller]
    pub(crate) fn quit(self) -> String {
        self.quit_by("q")
    }

    /// Quits by other keys than those of the default keymap.
    #[track_caller]
    pub(crate) fn quit_by(mut self, keys: &str) -> String {
        self.press(keys);
        assert_eq!(self.end(), 0);
        self.assert_restored();
        self.raw()
    }
}

/// The 整理番号 at the cursor: the row that begins with ▶.
pub(crate) fn at_cursor(screen: &str) -> Option<String> {
    let (_, rest) = screen.split_once('▶')?;
    let id: String = rest.chars().take_while(char::is_ascii_digit).collect();
    // Before its row is read the line holds nothing but a mark.
    (!id.is_empty()).then_some(id)
}

/// 整理番号 of the records that have a category, a hold or anything else that was decided, in order.
pub(crate) fn touched(work: &Work) -> Vec<String> {
    let said = work.run("list --json --sort id").ok();
    let open = |record: &serde_json::Value| record["state"] == "未着手";
    said.json_lines().iter().filter(|record| !open(record)).map(|r| r["id"].as_str().unwrap().to_owned()).collect()
}
