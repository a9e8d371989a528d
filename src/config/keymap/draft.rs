//! A keymap in the making: what the files of a lineage say, merged, and everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt::Display;

use toml::de::DeValue;

use super::{Binding, Bindings, Keymap, Layer, Lookup, Node};
use crate::config::diagnostic::{nearest, quote};
use crate::config::keys::{Key, spell};
use crate::config::source::{Entry, Faults, Place, entries};

/// A keymap in the making: bindings with the place they come from.
pub(super) struct Draft<A> {
    layers: [Vec<(Binding<A>, Place)>; Layer::ALL.len()],
    /// Bindings taken away or replaced: where a missing key was lost.
    lost: Vec<(Layer, A, Place)>,
    /// The last heading of each layer.
    headings: [Option<Place>; Layer::ALL.len()],
}

/// The fields of a binding.
const FIELDS: &[&str] = &["run", "desc"];

/// What takes a binding away.
const NONE: &str = "none";

impl<A: Clone + PartialEq + Display> Draft<A> {
    pub(super) fn new() -> Self {
        Self { layers: Default::default(), lost: Vec::new(), headings: [None; Layer::ALL.len()] }
    }

    /// Merges one file of the lineage over what its ancestors say.
    pub(super) fn read(
        &mut self,
        source: usize,
        faults: &mut Faults<'_>,
        action: &impl Fn(&str) -> Result<A, Option<String>>,
    ) {
        let document = faults.document(source);
        let names: Vec<&str> = Layer::ALL.iter().map(|layer| layer.name()).collect();
        for section in entries(source, &document) {
            let Some(layer) = Layer::ALL.into_iter().find(|layer| layer.name() == section.key) else {
                faults.unknown(section.place, "レイヤー", section.key, &names);
                continue;
            };
            let Some(table) = section.value.get_ref().as_table() else {
                faults.report(section.value_place(), format!("[{}] は表です", section.key), None);
                continue;
            };
            self.headings[layer as usize] = Some(section.place);
            let mut seen: BTreeMap<Vec<Key>, Place> = BTreeMap::new();
            for entry in entries(source, table) {
                let keys = read_keys(&entry, layer, faults);
                let value = read_value(&entry, faults, action);
                let Some(keys) = keys else { continue };
                if let Some(first) = seen.get(&keys) {
                    let line = faults.line(*first);
                    let message = format!("キー{}は{line}行目と同じキーです", quote(entry.key));
                    faults.report(entry.place, message, None);
                    continue;
                }
                seen.insert(keys.clone(), entry.place);
                match value {
                    Some(Value::Bind(action, desc)) => self.bind(layer, Binding { keys, action, desc }, entry.place),
                    Some(Value::Unbind) => self.unbind(layer, &keys, entry.place),
                    None => {}
                }
            }
        }
    }

    fn bind(&mut self, layer: Layer, binding: Binding<A>, place: Place) {
        let list = &mut self.layers[layer as usize];
        match list.iter_mut().find(|(known, _)| known.keys == binding.keys) {
            Some(known) => {
                let (old, _) = std::mem::replace(known, (binding, place));
                self.lost.push((layer, old.action, place));
            }
            None => list.push((binding, place)),
        }
    }

    /// Takes away what is inherited under `keys`; what the same file binds stays.
    fn unbind(&mut self, layer: Layer, keys: &[Key], place: Place) {
        let lost = &mut self.lost;
        self.layers[layer as usize].retain(|(known, from)| {
            let goes = from.source < place.source && known.keys.starts_with(keys);
            if goes {
                lost.push((layer, known.action.clone(), place));
            }
            !goes
        });
    }

    /// Reports keys that are complete and yet begin others: the longer ones could never be typed.
    pub(super) fn check_prefixes(&self, faults: &mut Faults<'_>) {
        for list in &self.layers {
            let mut sorted: Vec<&(Binding<A>, Place)> = list.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.keys.cmp(&right.keys));
            let mut told = Vec::new();
            for (index, (short, short_place)) in sorted.iter().enumerate() {
                // Sorted, whatever a sequence begins follows it directly.
                let longer = sorted[index + 1..].iter().take_while(|(long, _)| long.keys.starts_with(&short.keys));
                for (long, long_place) in longer {
                    let (short_key, long_key) = (quote(&spell(&short.keys)), quote(&spell(&long.keys)));
                    let place = *short_place.max(long_place);
                    if told.contains(&place) {
                        continue;
                    }
                    told.push(place);
                    let message = if place == *short_place {
                        format!("キー{short_key}は{long_key}の途中のキーです。{long_key}が押せなくなります")
                    } else {
                        format!("キー{long_key}は、途中の{short_key}だけで動く操作があるため押せません")
                    };
                    faults.report(place, message, None);
                }
            }
        }
    }

    /// Reports essential actions without a key, or whose every global key is hidden on a screen.
    pub(super) fn check_essential(
        &self,
        keymap: &Keymap<A>,
        essential: &[(Layer, A)],
        own: usize,
        faults: &mut Faults<'_>,
    ) {
        for (layer, action) in essential {
            // What holds everywhere is asked for on every screen; help has its own keys to be closed with.
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
                    let place = lost.map(|(.., place)| *place).or(self.headings[*layer as usize]);
                    let message = format!("[{}] に欠かせない操作「{action}」のキーが残っていません", layer.name());
                    faults.report(place.unwrap_or(Place { source: own, offset: 0 }), message, None);
                }
                continue;
            };
            for screen in unreached {
                let hiding = self.layers[screen as usize]
                    .iter()
                    .filter(|(inner, _)| inner.keys.starts_with(&binding.keys) || binding.keys.starts_with(&inner.keys))
                    .map(|(_, place)| *place)
                    .max();
                let message = format!(
                    "[{}] のキーが [global] の{}を隠し、欠かせない操作「{action}」のキーが残っていません",
                    screen.name(),
                    quote(&spell(&binding.keys))
                );
                faults.report(hiding.unwrap_or(Place { source: own, offset: 0 }), message, None);
            }
        }
    }

    /// Builds the keymap. What a file says itself comes before what it inherits: hints then show the keys of its own.
    pub(super) fn build(&self, name: String, about: String) -> Keymap<A> {
        let layers = std::array::from_fn(|layer| {
            let mut list: Vec<&(Binding<A>, Place)> = self.layers[layer].iter().collect();
            list.sort_by_key(|(_, place)| (std::cmp::Reverse(place.source), place.offset));
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

/// Says whether some key runs an action while a layer is innermost.
fn reachable<A: Clone + PartialEq>(keymap: &Keymap<A>, layer: Layer, action: &A) -> bool {
    let runs =
        |keys: &[Key]| matches!(keymap.lookup(layer.stack(), keys), Lookup::Run(found) if found.action == *action);
    layer.stack().iter().any(|outer| keymap.keys_for(*outer, action).into_iter().any(runs))
}

/// The right side of an entry.
enum Value<A> {
    /// Runs an action, described.
    Bind(A, String),
    /// Takes the key away.
    Unbind,
}

/// Reads the keys on the left of an entry.
fn read_keys(entry: &Entry<'_>, layer: Layer, faults: &mut Faults<'_>) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    let mut right = true;
    for word in entry.key.split_whitespace() {
        if !word.is_ascii() {
            let message = format!("キー{}は使えません。半角の英数字・記号かキーの名前で書いてください", quote(word));
            faults.report(entry.place, message, half_width(word));
            right = false;
            continue;
        }
        match word.parse::<Key>() {
            Ok(key) => keys.push(key),
            Err(error) => {
                faults.report(entry.place, format!("キー{}: {error}", quote(word)), error.help());
                right = false;
            }
        }
    }
    if right && keys.is_empty() {
        faults.report(entry.place, "キーが書かれていません", (!entry.key.is_empty()).then(|| "space".to_owned()));
        return None;
    }
    let text = layer.takes_text() && keys.first().is_some_and(|key| key.typed().is_some());
    if text && !(keys.len() == 1 && runs(entry, LEAVE)) {
        let message = format!("[{}] では文字は入力になります。キー{}は使えません", layer.name(), quote(entry.key));
        faults.report(entry.place, message, None);
        return None;
    }
    right.then_some(keys)
}

/// The operation that leaves a line of text, the only one that may have a character there.
const LEAVE: &str = "cancel";

/// Says whether an entry runs an operation.
fn runs(entry: &Entry<'_>, name: &str) -> bool {
    let DeValue::Table(table) = entry.value.get_ref() else { return false };
    table.get("run").and_then(|run| run.get_ref().as_str()).is_some_and(|run| run.trim() == name)
}

/// Returns the key that was meant by a word typed with the IME on.
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

/// Reads the right side of an entry; nothing if it was faulty.
fn read_value<A>(
    entry: &Entry<'_>,
    faults: &mut Faults<'_>,
    action: &impl Fn(&str) -> Result<A, Option<String>>,
) -> Option<Value<A>> {
    let shape = "{ run = \"操作\", desc = \"説明\" } か \"none\" を書いてください";
    let table = match entry.value.get_ref() {
        DeValue::Table(table) => table,
        DeValue::String(word) if word == NONE => return Some(Value::Unbind),
        DeValue::String(word) => {
            let help = nearest(word, [NONE]).map(str::to_owned);
            faults.report(entry.value_place(), format!("{}は使えません。{shape}", quote(word)), help);
            return None;
        }
        _ => {
            faults.report(entry.value_place(), shape, None);
            return None;
        }
    };
    let (mut run, mut desc) = (None, None);
    for field in entries(entry.place.source, table) {
        let text = field.value.get_ref().as_str();
        match (field.key, text) {
            ("run", Some(text)) => match action(text) {
                Ok(action) => run = Some(action),
                Err(help) => faults.report(field.value_place(), format!("操作{}はありません", quote(text)), help),
            },
            ("desc", Some(text)) if text.trim().is_empty() => {
                faults.report(field.value_place(), "desc に説明を書いてください", None);
            }
            ("desc", Some(text)) if text.chars().any(char::is_control) => {
                faults.report(field.value_place(), "desc に制御文字は使えません", None);
            }
            ("desc", Some(text)) => desc = Some(text.trim().to_owned()),
            ("run" | "desc", None) => {
                faults.report(field.value_place(), format!("{} は \" \" で囲んだ文字列です", field.key), None);
            }
            _ => faults.unknown(field.place, "項目", field.key, FIELDS),
        }
    }
    for field in FIELDS {
        if !table.contains_key(*field) {
            faults.report(entry.value_place(), format!("{field} がありません。{shape}"), None);
        }
    }
    Some(Value::Bind(run?, desc?))
}
