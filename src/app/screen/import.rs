//! 取込: the file to import is asked for and completed, and a full file that lacks most records is confirmed by a word.

use crate::app::action::Action;
use crate::app::completion::{self, Candidates, Wanted};
use crate::app::effect::Effect;
use crate::app::job::{ImportSource, Job};
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::app::text_input::TextInput;
use crate::compare::visible;
use crate::config::keymap::Layer;

/// Maximum number of candidates named in a message.
const MAX_NAMED: usize = 12;

/// Words that confirm a full file, whatever the IME made of them.
const WHOLE: [&str; 3] = ["full", "ｆｕｌｌ", "全件"];

/// The prompt for the file to import.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Files and options that a key goes round.
    candidates: Candidates,
}

impl Import {
    /// Asks for the file to import.
    pub fn ask(shared: &mut Shared) -> Next {
        if shared.is_busy() {
            return Next::Stay;
        }
        Next::prompt(Purpose::Import)
    }

    /// Asks for a word, because the yes before may have been a reflex: the question opens when the worker answers.
    pub fn ask_whole(shared: &mut Shared, source: ImportSource) {
        shared.set_modal(Some(Modal::Prompt(Prompt::of(Purpose::Whole(source)))));
        shared.say(Weight::Warning, "ファイルにない記録は消滅になります。全件のファイルなら full と入力してください");
    }

    /// Begins to check a file named in a line.
    pub fn check(text: &str) -> Result<Next, String> {
        Ok(Next::Begin(Job::Check(ImportSource::parse(text)?)))
    }

    /// A prompt about an import was answered.
    pub fn on_prompt(shared: &Shared, prompt: Prompt) -> Next {
        let text = prompt.line.text().trim().to_owned();
        match &prompt.purpose {
            Purpose::Import if text.is_empty() => Next::AskAgain(prompt.again("取り込むファイルを入力してください")),
            Purpose::Import => Self::check(&text).unwrap_or_else(|fault| Next::AskAgain(prompt.again(fault))),
            Purpose::Whole(source) if WHOLE.contains(&text.to_lowercase().as_str()) => {
                Next::Begin(Job::Import(ImportSource { allow_vanish: true, ..source.clone() }))
            }
            Purpose::Whole(_) => {
                let key = shared.key_for(Layer::Prompt, Action::Cancel);
                let fault = format!("全件のファイルなら full と入力してください。やめるときは {key} を押してください");
                Next::AskAgain(prompt.again(fault))
            }
            _ => Next::NotHere,
        }
    }

    /// Completes the line that names a file: what is certain at once, then one candidate after the other.
    pub fn complete(&mut self, shared: &mut Shared, by: isize) -> Next {
        let Some(Modal::Prompt(Prompt { line, fault, .. })) = &mut shared.modal else { return Next::Stay };
        let Candidates { lines, at } = &mut self.candidates;
        if lines.get(*at).is_some_and(|shown| shown == line.text()) && lines.len() > 1 {
            *at = (*at as isize + by).rem_euclid(lines.len() as isize).unsigned_abs();
            *line = TextInput::of(lines[*at].clone());
            *fault = None;
            return Next::Stay;
        }
        let text = line.text().to_owned();
        match completion::wanted(&text) {
            Wanted::Lines(lines) => {
                self.on_candidates(shared, &text, lines);
                Next::Stay
            }
            Wanted::Path { head, part } => Next::send(Effect::Complete { head, part }),
        }
    }

    /// Takes candidates in, unless the line is another one by now.
    pub fn on_candidates(&mut self, shared: &mut Shared, text: &str, lines: Vec<String>) {
        let Some(Modal::Prompt(Prompt { purpose: Purpose::Import, line, fault })) = &mut shared.modal else { return };
        if line.text() != text {
            return;
        }
        *fault = None;
        let common = completion::common(&lines);
        match &lines[..] {
            [] => return shared.say(Weight::Info, "候補はありません"),
            [only] => *line = TextInput::of(only.clone()),
            _ if common.len() > text.len() => *line = TextInput::of(common),
            [first, ..] => *line = TextInput::of(first.clone()),
        }
        let last_word = |line: &String| {
            let name = line.trim_end_matches('/').rsplit(['/', ' ']).next().unwrap_or_default().to_owned();
            if line.ends_with('/') { name + "/" } else { name }
        };
        let words: Vec<String> = lines.iter().take(MAX_NAMED).map(last_word).collect();
        if lines.len() > 1 {
            let more = if lines.len() > MAX_NAMED { " …" } else { "" };
            let words = visible(&words.join("  ")).into_owned();
            shared.say(Weight::Info, format!("候補 {}件: {words}{more}", lines.len()));
        } else {
            shared.message = None;
        }
        self.candidates = Candidates { lines, at: 0 };
    }
}
