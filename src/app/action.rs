//! Everything an operator can ask the workstation to do; keymap, palette, hints and help all name these.

use std::fmt;
use std::str::FromStr;

use crate::config::diagnostic::nearest;
use crate::config::keymap::Layer;
use crate::domain::category::Category;

/// A decision with reason and evidence built in (ARCHITECTURE "Workstation"); the guards apply as to any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quick {
    /// 異体字・外字 → 2-3, 目検.
    Variant,
    /// 住所表記 → 2-3, 目検.
    Address,
    /// カナ(よみ)表記 → 2-3, 目検.
    Kana,
    /// 届出書 → 2-3.
    Todokede,
    /// J-LIS照会 → 2-3.
    Jlis,
    /// 過去確認記録 → 2-2.
    Past,
    /// 資格喪失 → 2-1.
    Lost,
    /// 個人番号の誤り → 2-4, after confirmation.
    Wrong,
    /// 本人へ送付 → 4-1 or 4-2, whichever fits (G4).
    Letter,
}

/// A screen that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Screen {
    /// 確認: queue and record.
    Review,
    /// グループ: patterns (not in this version).
    Groups,
    /// 状況: the dashboard.
    Status,
    /// 出力: 解除 lists and reports.
    Output,
    /// 履歴: who did what.
    History,
    /// 隔離: rows held back at import.
    Quarantine,
    /// 列の対応: which column of a file is which; opened by an import that cannot tell.
    Mapping,
}

/// One thing the workstation can be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Leaves the program.
    Quit,
    /// Shows or hides the help.
    Help,
    /// Goes to a screen.
    Screen(Screen),
    /// Opens the palette of all actions.
    Palette,
    /// Decides the record under a category code.
    Decide(Category),
    /// Starts 事業主照会中.
    DecideEmployer,
    /// Decides with reason and evidence built in.
    Quick(Quick),
    /// Puts the record on hold with a 期日 (確認中).
    Hold,
    /// Adopts the suggestion.
    Adopt,
    /// Repeats the last decision on a record of the same pattern.
    Repeat,
    /// Goes to the next row.
    Next,
    /// Goes to the previous row.
    Prev,
    /// Goes one page down.
    PageDown,
    /// Goes one page up.
    PageUp,
    /// Goes to the first row.
    First,
    /// Goes to the last row.
    Last,
    /// Goes to the next undecided record.
    NextUndecided,
    /// Goes to the previous undecided record.
    PrevUndecided,
    /// Goes to the next search hit.
    NextHit,
    /// Goes to the previous search hit.
    PrevHit,
    /// Goes back to the record before the last jump.
    Back,
    /// Goes forward again to the record that was left by going back.
    Forward,
    /// Moves the focus to the next pane.
    FocusNext,
    /// Moves the focus to the queue.
    FocusQueue,
    /// Moves the focus to the record.
    FocusRecord,
    /// Scrolls the record down.
    ScrollDown,
    /// Scrolls the record up.
    ScrollUp,
    /// Shows the record over the whole width, or beside the queue again.
    Zoom,
    /// Takes the last decision back.
    Undo,
    /// Makes the decision taken back again.
    Redo,
    /// Writes a note.
    Note,
    /// Sets or clears 支援措置, with a reason.
    Protect,
    /// Cycles all / differing / plain fields.
    CycleFields,
    /// Inspects the characters of a field.
    Inspect,
    /// Shows related rows.
    Related,
    /// Copies the record key.
    CopyKey,
    /// Switches between going on after a decision and staying.
    Advance,
    /// Opens the palette with the saved views.
    Views,
    /// Imports a file.
    Import,
    /// Does what the selected line of a list is there for.
    Open,
    /// Goes to the record that the selected line is about.
    Jump,
    /// Writes the selected line of a list to a file.
    Write,
    /// Takes a record out of a sent 解除 list.
    Withdraw,
    /// Keeps the counts as a numbered report.
    Freeze,
    /// Dismisses a row held back at import.
    Dismiss,
    /// Reads the screen anew.
    Refresh,
    /// Searches.
    Search,
    /// Filters.
    Filter,
    /// Clears hits and filter.
    Clear,
    /// Reads keymap, theme and settings again.
    Reload,
    /// Draws everything again.
    Redraw,
    /// Suspends the program to the shell.
    Suspend,
    /// Accepts a prompt.
    Accept,
    /// Leaves a prompt or a popup.
    Cancel,
    /// Chooses the next entry of a list under a prompt.
    ChooseNext,
    /// Chooses the previous entry of a list under a prompt.
    ChoosePrev,
    /// Deletes the character before the cursor.
    DeleteBack,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Empties the line.
    ClearLine,
    /// Moves the cursor left.
    CursorLeft,
    /// Moves the cursor right.
    CursorRight,
    /// Moves the cursor to the start.
    CursorHome,
    /// Moves the cursor to the end.
    CursorEnd,
    /// Answers a question with yes.
    Yes,
    /// Answers a question with no.
    No,
}

/// Every action but the decisions by code, with its spelling and its description, in palette order.
const TABLE: &[(Action, &str, &str)] = &[
    (Action::Adopt, "adopt", "提案を採用する"),
    (Action::Repeat, "repeat", "同じパターンに直前の判断を繰り返す"),
    (Action::Quick(Quick::Variant), "quick variant", "異体字・外字 → 2-3 目検"),
    (Action::Quick(Quick::Address), "quick address", "住所表記 → 2-3 目検"),
    (Action::Quick(Quick::Kana), "quick kana", "カナ(よみ)表記 → 2-3 目検"),
    (Action::Quick(Quick::Todokede), "quick todokede", "届出書で確認 → 2-3"),
    (Action::Quick(Quick::Jlis), "quick jlis", "J-LIS照会で確認 → 2-3"),
    (Action::Quick(Quick::Past), "quick past", "過去確認記録で確認 → 2-2"),
    (Action::Quick(Quick::Lost), "quick lost", "資格喪失 → 2-1"),
    (Action::Quick(Quick::Wrong), "quick wrong", "個人番号の誤り → 2-4"),
    (Action::Quick(Quick::Letter), "quick letter", "本人へ送付 → 4-1/4-2"),
    (Action::DecideEmployer, "decide employer", "事業主照会中にする"),
    (Action::Hold, "hold", "期日を付けて保留する"),
    (Action::Note, "note", "メモを書く"),
    (Action::Protect, "protect", "支援措置の印を付ける・外す"),
    (Action::Undo, "undo", "直前の判断を取り消す"),
    (Action::Redo, "redo", "取り消した判断をやり直す"),
    (Action::Next, "next", "次の行へ"),
    (Action::Prev, "prev", "前の行へ"),
    (Action::PageDown, "page-down", "1ページ下へ"),
    (Action::PageUp, "page-up", "1ページ上へ"),
    (Action::First, "first", "先頭の行へ"),
    (Action::Last, "last", "末尾の行へ"),
    (Action::NextUndecided, "next-undecided", "次の未決定へ"),
    (Action::PrevUndecided, "prev-undecided", "前の未決定へ"),
    (Action::Back, "back", "移る前の記録へ戻る"),
    (Action::Forward, "forward", "戻る前の記録へ進む"),
    (Action::Search, "search", "検索する"),
    (Action::NextHit, "next-hit", "次の検索結果へ"),
    (Action::PrevHit, "prev-hit", "前の検索結果へ"),
    (Action::Filter, "filter", "絞り込む"),
    (Action::Clear, "clear", "検索と絞り込みを解除する"),
    (Action::FocusNext, "focus-next", "次の枠へ移る"),
    (Action::FocusQueue, "focus queue", "一覧の枠へ移る"),
    (Action::FocusRecord, "focus record", "記録の枠へ移る"),
    (Action::ScrollDown, "scroll-down", "記録の表示を下へ送る"),
    (Action::ScrollUp, "scroll-up", "記録の表示を上へ送る"),
    (Action::Zoom, "zoom", "記録を画面いっぱいに広げる・戻す"),
    (Action::CycleFields, "cycle-fields", "項目の表示を切り替える(全部・相違のみ・簡易)"),
    (Action::Inspect, "inspect", "文字を調べる"),
    (Action::Related, "related", "関連する行を見る"),
    (Action::CopyKey, "copy-key", "記録の番号を写し取る"),
    (Action::Advance, "auto-advance", "決定後に次へ進む・留まるを切り替える"),
    (Action::Views, "views", "保存した絞込を選ぶ(view save 名前 で保存)"),
    (Action::Import, "import", "ファイルを取り込む"),
    (Action::Open, "open", "選んだ行を開く・取り消す"),
    (Action::Jump, "jump", "選んだ行の記録へ移る"),
    (Action::Write, "write", "選んだ行をファイルに書き出す"),
    (Action::Withdraw, "withdraw", "記録を解除リストから取り下げる"),
    (Action::Freeze, "freeze", "件数報告を確定する"),
    (Action::Dismiss, "dismiss", "隔離した行を理由を付けて除外する"),
    (Action::Refresh, "refresh", "画面の内容を読み直す"),
    (Action::Screen(Screen::Review), "screen review", "確認画面へ"),
    (Action::Screen(Screen::Groups), "screen groups", "グループ画面へ(準備中)"),
    (Action::Screen(Screen::Status), "screen status", "状況画面へ"),
    (Action::Screen(Screen::Output), "screen output", "出力画面へ(解除リスト・件数報告)"),
    (Action::Screen(Screen::History), "screen history", "履歴画面へ"),
    (Action::Screen(Screen::Quarantine), "screen quarantine", "隔離画面へ"),
    (Action::Help, "help", "説明を開く・閉じる"),
    (Action::Palette, "palette", "命令の一覧を開く"),
    (Action::Reload, "reload", "キー割り当て・配色・設定を読み直す"),
    (Action::Redraw, "redraw", "画面を描き直す"),
    (Action::Suspend, "suspend", "中断してシェルに戻る"),
    (Action::Quit, "quit", "終了する"),
    (Action::Accept, "accept", "確定する"),
    (Action::Cancel, "cancel", "やめる・閉じる"),
    (Action::ChooseNext, "choose-next", "次の候補"),
    (Action::ChoosePrev, "choose-prev", "前の候補"),
    (Action::DeleteBack, "delete-back", "1文字消す"),
    (Action::DeleteWord, "delete-word", "1語消す"),
    (Action::ClearLine, "clear-line", "すべて消す"),
    (Action::CursorLeft, "cursor-left", "カーソルを左へ"),
    (Action::CursorRight, "cursor-right", "カーソルを右へ"),
    (Action::CursorHome, "cursor-home", "カーソルを先頭へ"),
    (Action::CursorEnd, "cursor-end", "カーソルを末尾へ"),
    (Action::Yes, "yes", "はい"),
    (Action::No, "no", "いいえ"),
];

impl Action {
    /// What must keep a key in every keymap: without these somebody is stuck, or cannot take back a slip.
    pub const ESSENTIAL: &[(Layer, Action)] = &[
        (Layer::Global, Action::Quit),
        (Layer::Global, Action::Help),
        (Layer::Review, Action::Undo),
        (Layer::Prompt, Action::Accept),
        (Layer::Prompt, Action::Cancel),
        (Layer::Palette, Action::Accept),
        (Layer::Palette, Action::Cancel),
        (Layer::Help, Action::Cancel),
        (Layer::Confirm, Action::Yes),
        (Layer::Confirm, Action::No),
    ];

    /// Returns every action once, decisions by code first.
    pub fn all() -> impl Iterator<Item = Action> {
        Category::ALL.into_iter().map(Action::Decide).chain(TABLE.iter().map(|(action, ..)| *action))
    }

    /// Returns what the action does, in Japanese, for palette and help.
    pub fn describe(&self) -> &'static str {
        match self {
            Action::Decide(category) => category.label(),
            // TABLE holds every other action; a test goes through them.
            _ => self.row().map_or("", |(.., description)| description),
        }
    }

    /// Says whether the palette offers the action: all but answers and the editing of a line, which need what they act on.
    pub fn in_palette(&self) -> bool {
        !matches!(
            self,
            Action::Palette
                | Action::Accept
                | Action::Cancel
                | Action::ChooseNext
                | Action::ChoosePrev
                | Action::DeleteBack
                | Action::DeleteWord
                | Action::ClearLine
                | Action::CursorLeft
                | Action::CursorRight
                | Action::CursorHome
                | Action::CursorEnd
                | Action::Yes
                | Action::No
        )
    }

    /// Says whether the action can decide a record, so that stray input must not reach it (ARCHITECTURE "Workstation").
    pub fn decides(&self) -> bool {
        matches!(
            self,
            Action::Decide(_)
                | Action::DecideEmployer
                | Action::Quick(_)
                | Action::Hold
                | Action::Adopt
                | Action::Repeat
                | Action::Yes
        )
    }

    /// Says whether the action is about the record or the queue of 確認, so that it goes there first.
    pub fn is_review(&self) -> bool {
        self.decides() && *self != Action::Yes
            || matches!(
                self,
                Action::NextUndecided
                    | Action::PrevUndecided
                    | Action::NextHit
                    | Action::PrevHit
                    | Action::Back
                    | Action::Forward
                    | Action::Note
                    | Action::Protect
                    | Action::CycleFields
                    | Action::Zoom
                    | Action::Inspect
                    | Action::Related
                    | Action::CopyKey
                    | Action::Search
                    | Action::Filter
                    | Action::Clear
            )
    }

    /// Reads the `run` of a keymap entry; the error is the nearest action, if one is near.
    pub fn from_run(run: &str) -> Result<Action, Option<String>> {
        run.parse().map_err(|UnknownAction { nearest }| nearest)
    }

    fn row(&self) -> Option<&'static (Action, &'static str, &'static str)> {
        TABLE.iter().find(|(action, ..)| action == self)
    }
}

impl fmt::Display for Action {
    /// Writes the action as `run` spells it, e.g. `decide 2-3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Decide(category) => write!(f, "decide {category}"),
            _ => f.write_str(self.row().map_or("", |(_, name, _)| name)),
        }
    }
}

/// No action has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("その操作はありません")]
pub struct UnknownAction {
    /// The nearest action, if one is near.
    pub nearest: Option<String>,
}

impl FromStr for Action {
    type Err = UnknownAction;

    /// Reads `run = "decide 2-3"`; words may be apart by any blanks.
    fn from_str(run: &str) -> Result<Self, UnknownAction> {
        let words: Vec<&str> = run.split_whitespace().collect();
        let run = words.join(" ");
        if let Some((action, ..)) = TABLE.iter().find(|(_, name, _)| *name == run) {
            return Ok(*action);
        }
        if let Some(Ok(category)) = run.strip_prefix("decide ").map(str::parse) {
            return Ok(Action::Decide(category));
        }
        let names: Vec<String> = Action::all().map(|action| action.to_string()).collect();
        let nearest = nearest(&run, names.iter().map(String::as_str)).map(str::to_owned);
        Err(UnknownAction { nearest })
    }
}

#[cfg(test)]
mod tests;
