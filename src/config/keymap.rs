//! Keymaps: the actions of key sequences per layer, parsed from a file, looked up in a trie, shown by hints, help and
//! palette.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::diagnostic::Diagnostics;
use super::embedded;
use super::file::{InheritanceChain, meta, text};
use super::keys::{Key, spell};

mod draft;
use draft::Draft;

/// A group of bindings that is active in one situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Everywhere except in prompts and questions.
    Global,
    /// 確認: queue and record.
    Review,
    /// Any other list, such as 状況.
    List,
    /// グループ.
    Group,
    /// A text prompt.
    Prompt,
    /// A question with a short answer (a date, a choice, a number to search for): its bindings may be characters, any
    /// other character is text.
    Answer,
    /// The palette of actions; takes text too.
    Palette,
    /// ヘルプ.
    Help,
    /// A yes-or-no question.
    Confirm,
}

impl Layer {
    /// Every layer, in the order of help.
    pub const ALL: [Layer; 9] = [
        Layer::Global,
        Layer::Review,
        Layer::List,
        Layer::Group,
        Layer::Prompt,
        Layer::Answer,
        Layer::Palette,
        Layer::Help,
        Layer::Confirm,
    ];

    /// Returns the name in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Global => "global",
            Layer::Review => "review",
            Layer::List => "list",
            Layer::Group => "group",
            Layer::Prompt => "prompt",
            Layer::Answer => "answer",
            Layer::Palette => "palette",
            Layer::Help => "help",
            Layer::Confirm => "confirm",
        }
    }

    /// Returns the name on screen.
    pub fn title(self) -> &'static str {
        match self {
            Layer::Global => "共通",
            Layer::Review => "確認",
            Layer::List => "一覧",
            Layer::Group => "グループ",
            Layer::Prompt => "入力",
            Layer::Answer => "答え",
            Layer::Palette => "命令",
            Layer::Help => "説明",
            Layer::Confirm => "問い",
        }
    }

    /// Returns whether plain characters are text, so that the only character that can be bound is one that cancels: a
    /// numeric pad has no other key for it.
    pub fn takes_text(self) -> bool {
        matches!(self, Layer::Prompt | Layer::Palette)
    }

    /// Returns the active layers while this one is innermost, for [`Keymap::lookup`].
    pub fn stack(self) -> &'static [Layer] {
        match self {
            Layer::Global => &[Layer::Global],
            Layer::Review => &[Layer::Review, Layer::Global],
            Layer::List => &[Layer::List, Layer::Global],
            Layer::Group => &[Layer::Group, Layer::Global],
            Layer::Help => &[Layer::Help, Layer::Global],
            // Prompts and questions hide the other layers: `q` must not quit from there.
            Layer::Prompt => &[Layer::Prompt],
            Layer::Answer => &[Layer::Answer, Layer::Prompt],
            Layer::Palette => &[Layer::Palette],
            Layer::Confirm => &[Layer::Confirm],
        }
    }
}

/// A key sequence and its action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding<A> {
    /// The key sequence.
    pub keys: Vec<Key>,
    /// The action.
    pub action: A,
    /// Description in Japanese, from the file.
    pub desc: String,
}

/// Result of looking up a key sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a, A> {
    /// The sequence is complete.
    Run(&'a Binding<A>),
    /// The sequence is a prefix of these bindings.
    Pending(Vec<&'a Binding<A>>),
    /// No binding begins with the sequence; in a layer that takes text the last key is text.
    Unbound,
}

/// A node of the trie.
#[derive(Clone, Debug, Default)]
struct Node {
    binding: Option<usize>,
    next: BTreeMap<Key, Node>,
}

/// The bindings of a layer in the order of the file, and the trie over them.
#[derive(Clone, Debug)]
struct Bindings<A> {
    list: Vec<Binding<A>>,
    root: Node,
}

/// A valid keymap.
#[derive(Clone, Debug)]
pub struct Keymap<A> {
    name: String,
    about: String,
    layers: [Bindings<A>; Layer::ALL.len()],
}

impl<A: Clone + PartialEq> Keymap<A> {
    /// Parses a keymap file and merges it over the one it inherits from.
    ///
    /// `base` returns the text for the name after `inherits`, `action` parses a `run` or returns the nearest one, and
    /// each of `essential` must keep a key. In a file, `"z" = "none"` removes the inherited `z` and every sequence that
    /// begins with it.
    ///
    /// # Errors
    /// Every error of the file and of those it inherits from.
    pub fn parse(
        file: &str,
        text: &str,
        base: impl Fn(&str) -> Option<String>,
        action: impl Fn(&str) -> Result<A, Option<String>>,
        essential: &[(Layer, A)],
    ) -> Result<Self, Diagnostics>
    where
        A: Display,
    {
        let names: Vec<&str> = embedded::KEYMAPS.iter().map(|(name, _)| *name).collect();
        let chain = InheritanceChain::follow(file, text, base, &names);
        let mut diagnostics = chain.diagnostics();
        let mut draft = Draft::new();
        for file in 0..chain.files.len() {
            draft.read(file, &mut diagnostics, &action);
        }
        draft.check_prefixes(&mut diagnostics);
        let keymap = draft.build(chain.name(), chain.about());
        if diagnostics.readable() {
            draft.check_essential(&keymap, essential, chain.files.len() - 1, &mut diagnostics);
        }
        diagnostics.into_result().map(|()| keymap)
    }

    /// Returns the name in the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the description in the file, for the help; can have several lines or be empty.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Looks up `pressed` in the active `layers`, innermost first.
    ///
    /// The innermost layer that knows the keys wins. In a layer that takes text a plain character is text, whatever the
    /// outer layers bind, unless the layer itself binds it to cancel.
    pub fn lookup(&self, layers: &[Layer], pressed: &[Key]) -> Lookup<'_, A> {
        let typed = pressed.first().is_some_and(|key| key.typed().is_some());
        if pressed.is_empty() {
            return Lookup::Unbound;
        }
        if let Some(inner) = layers.first().filter(|layer| typed && layer.takes_text()) {
            let bindings = &self.layers[*inner as usize];
            let leaves = bindings.root.find(pressed).and_then(|node| node.binding);
            return leaves.map_or(Lookup::Unbound, |index| Lookup::Run(&bindings.list[index]));
        }
        let mut pending: Vec<&Binding<A>> = Vec::new();
        for layer in layers {
            let bindings = &self.layers[*layer as usize];
            let Some(node) = bindings.root.find(pressed) else { continue };
            match node.binding {
                Some(index) if pending.is_empty() => return Lookup::Run(&bindings.list[index]),
                // An inner layer waits for more keys: this binding cannot be reached.
                Some(_) => {}
                None => {
                    let inner = pending.len();
                    for index in node.below() {
                        let candidate = &bindings.list[index];
                        let hidden = pending[..inner].iter().any(|known| {
                            known.keys.starts_with(&candidate.keys) || candidate.keys.starts_with(&known.keys)
                        });
                        if !hidden {
                            pending.push(candidate);
                        }
                    }
                }
            }
        }
        if pending.is_empty() { Lookup::Unbound } else { Lookup::Pending(pending) }
    }

    /// Returns the bindings of a layer: those of the file itself, then the inherited ones, each in the order of its
    /// file.
    pub fn bindings(&self, layer: Layer) -> impl Iterator<Item = &Binding<A>> {
        self.layers[layer as usize].list.iter()
    }

    /// Returns the key sequences of an action in a layer, in the order of [`Keymap::bindings`].
    pub fn keys_for(&self, layer: Layer, action: &A) -> Vec<&[Key]> {
        self.bindings(layer).filter(|binding| binding.action == *action).map(|binding| &binding.keys[..]).collect()
    }
}

impl<A: Clone + PartialEq + Display> Keymap<A> {
    /// Formats the keymap as a file without inheritance.
    pub fn to_toml(&self) -> String {
        let mut out = meta(&self.name, &self.about);
        for layer in Layer::ALL {
            let lines: Vec<(String, String)> = self
                .bindings(layer)
                .map(|binding| {
                    let (run, desc) = (text(&binding.action.to_string()), text(&binding.desc));
                    (text(&spell(&binding.keys)), format!("{{ run = {run}, desc = {desc} }}"))
                })
                .collect();
            let widest = lines.iter().map(|(keys, _)| keys.chars().count()).max().unwrap_or(0);
            out.push_str(&format!("\n# {}\n[{}]\n", layer.title(), layer.name()));
            for (keys, value) in lines {
                out.push_str(&format!("{keys:widest$} = {value}\n"));
            }
        }
        out
    }
}

impl Node {
    fn insert(&mut self, keys: &[Key], binding: usize) {
        let mut node = self;
        for key in keys {
            node = node.next.entry(*key).or_default();
        }
        node.binding = Some(binding);
    }

    fn find(&self, keys: &[Key]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.next.get(key))
    }

    /// Returns the bindings below this node, in the order of the file.
    fn below(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open: Vec<&Node> = self.next.values().collect();
        while let Some(node) = open.pop() {
            found.extend(node.binding);
            open.extend(node.next.values());
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests;
