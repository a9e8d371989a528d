//! A keymap under construction: the files of an inheritance chain are merged and checked.

use std::collections::BTreeMap;
use std::fmt::Display;

use toml::de::DeValue;

use super::{Binding, Bindings, Keymap, Layer, Lookup, Node};
use crate::config::diagnostic::{nearest, quote};
use crate::config::file::{Collector, Entry, Position, entries};
use crate::config::keys::{Key, spell};

/// A keymap under construction: bindings with their positions.
pub(super) struct Draft<A> {
    layers: [Vec<(Binding<A>, Position)>; Layer::ALL.len()],
    /// Removed or replaced bindings, with the position that did it.
    lost: Vec<(Layer, A, Position)>,
    /// Position of the last heading of each layer.
    headings: [Option<Position>; Layer::ALL.len()],
}

/// The fields of a binding.
const FIELDS: &[&str] = &["run", "desc"];

/// The word that removes a binding.
const NONE: &str = "none";

impl<A: Clone + PartialEq + Display> Draft<A> {
    pub(super) fn new() -> Self {
        Self { layers: Default::default(), lost: Vec::new(), headings: [None; Layer::ALL.len()] }
    }

    /// Merges a file over its ancestors.
    pub(super) fn read(
        &mut self,
        file: usize,
        diagnostics: &mut Collector<'_>,
        action: &impl Fn(&str) -> Result<A, Option<String>>,
    ) {
        let document = diagnostics.document(file);
        let names: Vec<&str> = Layer::ALL.iter().map(|layer| layer.name()).collect();
        for section in entries(file, &document) {
            let Some(layer) = Layer::ALL.into_iter().find(|layer| layer.name() == section.key) else {
                diagnostics.unknown(section.position, "レイヤー", section.key, &names);
                continue;
            };
            let Some(table) = section.value.get_ref().as_table() else {
                diagnostics.report(section.value_position(), format!("[{}] は表です", section.key), None);
                continue;
            };
            self.headings[layer as usize] = Some(section.position);
            let mut seen: BTreeMap<Vec<Key>, Position> = BTreeMap::new();
            for entry in entries(file, table) {
                let keys = read_keys(&entry, layer, diagnostics);
                let value = read_value(&entry, diagnostics, action);
                let Some(keys) = keys else { continue };
                if let Some(first) = seen.get(&keys) {
                    let line = diagnostics.line(*first);
                    let message = format!("キー{}は{line}行目と同じキーです", quote(entry.key));
                    diagnostics.report(entry.position, message, None);
                    continue;
                }
                seen.insert(keys.clone(), entry.position);
                match value {
                    Some(Value::Bind(action, desc)) => self.bind(layer, Binding { keys, action, desc }, entry.position),
                    Some(Value::Unbind) => self.unbind(layer, &keys, entry.position),
                    None => {}
                }
            }
        }
    }

    fn bind(&mut self, layer: Layer, binding: Binding<A>, position: Position) {
        let list = &mut self.layers[layer as usize];
        match list.iter_mut().find(|(known, _)| known.keys == binding.keys) {
            Some(known) => {
                let (old, _) = std::mem::replace(known, (binding, position));
                self.lost.push((layer, old.action, position));
            }
            None => list.push((binding, position)),
        }
    }

    /// Removes the inherited bindings that begin with `keys`; those of the same file stay.
    fn unbind(&mut self, layer: Layer, keys: &[Key], position: Position) {
        let lost = &mut self.lost;
        self.layers[layer as usize].retain(|(known, from)| {
            let goes = from.file < position.file && known.keys.starts_with(keys);
            if goes {
                lost.push((layer, known.action.clone(), position));
            }
            !goes
        });
    }

    /// Reports complete sequences that are prefixes of others: the longer ones could never be typed.
    pub(super) fn check_prefixes(&self, diagnostics: &mut Collector<'_>) {
        for list in &self.layers {
            let mut sorted: Vec<&(Binding<A>, Position)> = list.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.keys.cmp(&right.keys));
            let mut told = Vec::new();
            for (index, (short, short_place)) in sorted.iter().enumerate() {
                // Sorted, the sequences with a prefix follow it directly.
                let longer = sorted[index + 1..].iter().take_while(|(long, _)| long.keys.starts_with(&short.keys));
                for (long, long_place) in longer {
                    let (short_key, long_key) = (quote(&spell(&short.keys)), quote(&spell(&long.keys)));
                    let position = *short_place.max(long_place);
                    if told.contains(&position) {
                        continue;
                    }
                    told.push(position);
                    let message = if position == *short_place {
                        format!("キー{short_key}は{long_key}の途中のキーです。{long_key}が押せなくなります")
                    } else {
                        format!("キー{long_key}は、途中の{short_key}だけで動く操作があるため押せません")
                    };
                    diagnostics.report(position, message, None);
                }
            }
        }
    }

    /// Reports essential actions without a key, or whose global keys are all hidden on a screen.
    pub(super) fn check_essential(
        &self,
        keymap: &Keymap<A>,
        essential: &[(Layer, A)],
        own: usize,
        diagnostics: &mut Collector<'_>,
    ) {
        for (layer, action) in essential {
            // A global action is checked on every screen; help has its own keys to be closed with.
            let global: &[Layer] = &[Layer::Review, Layer::List, Layer::Group];
            let screens = if *layer == Layer::Global { global } else { std::slice::from_ref(layer) };
            let unreached: Vec<Layer> = screens.iter().copied().filter(|at| !reachable(keymap, *at, action)).collect();
            let bound = layer
                .stack()
                .iter()
                .find_map(|outer| self.layers[*outer as usize].iter().find(|(binding, _)| binding.action == *action));
            let Some((binding, _)) = bound else {
                if !unreached.is_empty() {
                    let lost = self.lost.iter().rev().find(|(l, a, _)| l == layer && a == action);
                    let position = lost.map(|(.., position)| *position).or(self.headings[*layer as usize]);
                    let message = format!("[{}] に欠かせない操作「{action}」のキーが残っていません", layer.name());
                    diagnostics.report(position.unwrap_or(Position { file: own, offset: 0 }), message, None);
                }
                continue;
            };
            for screen in unreached {
                let hiding = self.layers[screen as usize]
                    .iter()
                    .filter(|(inner, _)| inner.keys.starts_with(&binding.keys) || binding.keys.starts_with(&inner.keys))
                    .map(|(_, position)| *position)
                    .max();
                let message = format!(
                    "[{}] のキーが [global] の{}を隠し、欠かせない操作「{action}」のキーが残っていません",
                    screen.name(),
                    quote(&spell(&binding.keys))
                );
                diagnostics.report(hiding.unwrap_or(Position { file: own, offset: 0 }), message, None);
            }
        }
    }

    /// Builds the keymap. Own bindings come before inherited ones, so that hints show them.
    pub(super) fn build(&self, name: String, about: String) -> Keymap<A> {
        let layers = std::array::from_fn(|layer| {
            let mut list: Vec<&(Binding<A>, Position)> = self.layers[layer].iter().collect();
            list.sort_by_key(|(_, position)| (std::cmp::Reverse(position.file), position.offset));
            let list: Vec<Binding<A>> = list.into_iter().map(|(binding, _)| binding.clone()).collect();
            let mut root = Node::default();
            for (index, binding) in list.iter().enumerate() {
                root.insert(&binding.keys, index);
            }
            Bindings { list, root }
        });
        Keymap { name, about, layers }
    }
}

/// Returns whether a key runs an action while a layer is innermost.
fn reachable<A: Clone + PartialEq>(keymap: &Keymap<A>, layer: Layer, action: &A) -> bool {
    let runs =
        |keys: &[Key]| matches!(keymap.lookup(layer.stack(), keys), Lookup::Run(found) if found.action == *action);
    layer.stack().iter().any(|outer| keymap.keys_for(*outer, action).into_iter().any(runs))
}

/// The value of an entry.
enum Value<A> {
    /// An action with its description.
    Bind(A, String),
    /// Removes the key.
    Unbind,
}

/// Parses the key sequence of an entry.
fn read_keys(entry: &Entry<'_>, layer: Layer, diagnostics: &mut Collector<'_>) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    let mut right = true;
    for word in entry.key.split_whitespace() {
        if !word.is_ascii() {
            let message = format!("キー{}は使えません。半角の英数字・記号かキーの名前で書いてください", quote(word));
            diagnostics.report(entry.position, message, half_width(word));
            right = false;
            continue;
        }
        match word.parse::<Key>() {
            Ok(key) => keys.push(key),
            Err(error) => {
                diagnostics.report(entry.position, format!("キー{}: {error}", quote(word)), error.help());
                right = false;
            }
        }
    }
    if right && keys.is_empty() {
        diagnostics.report(
            entry.position,
            "キーが書かれていません",
            (!entry.key.is_empty()).then(|| "space".to_owned()),
        );
        return None;
    }
    let text = layer.takes_text() && keys.first().is_some_and(|key| key.typed().is_some());
    if text && !(keys.len() == 1 && runs(entry, LEAVE)) {
        let message = format!("[{}] では文字は入力になります。キー{}は使えません", layer.name(), quote(entry.key));
        diagnostics.report(entry.position, message, None);
        return None;
    }
    right.then_some(keys)
}

/// The action that closes a text prompt, the only one that may be bound to a character there.
const LEAVE: &str = "cancel";

/// Returns whether an entry runs an action.
fn runs(entry: &Entry<'_>, name: &str) -> bool {
    let DeValue::Table(table) = entry.value.get_ref() else { return false };
    table.get("run").and_then(|run| run.get_ref().as_str()).is_some_and(|run| run.trim() == name)
}

/// Returns the key of a word that was typed with the IME on.
fn half_width(word: &str) -> Option<String> {
    let folded: String = word
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .collect();
    folded.parse::<Key>().ok().filter(|_| folded.is_ascii()).map(|key| key.to_string())
}

/// Parses the value of an entry; `None` if it has errors.
fn read_value<A>(
    entry: &Entry<'_>,
    diagnostics: &mut Collector<'_>,
    action: &impl Fn(&str) -> Result<A, Option<String>>,
) -> Option<Value<A>> {
    let shape = "{ run = \"操作\", desc = \"説明\" } か \"none\" を書いてください";
    let table = match entry.value.get_ref() {
        DeValue::Table(table) => table,
        DeValue::String(word) if word == NONE => return Some(Value::Unbind),
        DeValue::String(word) => {
            let help = nearest(word, [NONE]).map(str::to_owned);
            diagnostics.report(entry.value_position(), format!("{}は使えません。{shape}", quote(word)), help);
            return None;
        }
        _ => {
            diagnostics.report(entry.value_position(), shape, None);
            return None;
        }
    };
    let (mut run, mut desc) = (None, None);
    for field in entries(entry.position.file, table) {
        let text = field.value.get_ref().as_str();
        match (field.key, text) {
            ("run", Some(text)) => match action(text) {
                Ok(action) => run = Some(action),
                Err(help) => {
                    diagnostics.report(field.value_position(), format!("操作{}はありません", quote(text)), help)
                }
            },
            ("desc", Some(text)) if text.trim().is_empty() => {
                diagnostics.report(field.value_position(), "desc に説明を書いてください", None);
            }
            ("desc", Some(text)) if text.chars().any(char::is_control) => {
                diagnostics.report(field.value_position(), "desc に制御文字は使えません", None);
            }
            ("desc", Some(text)) => desc = Some(text.trim().to_owned()),
            ("run" | "desc", None) => {
                diagnostics.report(field.value_position(), format!("{} は \" \" で囲んだ文字列です", field.key), None);
            }
            _ => diagnostics.unknown(field.position, "項目", field.key, FIELDS),
        }
    }
    for field in FIELDS {
        if !table.contains_key(*field) {
            diagnostics.report(entry.value_position(), format!("{field} がありません。{shape}"), None);
        }
    }
    Some(Value::Bind(run?, desc?))
}
