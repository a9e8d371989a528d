//! Which keys run which action, per layer: read from a file, looked up by trie, shown by hints, help and palette.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::diagnostic::{Diagnostics, nearest, quote};
use super::embedded;
use super::keys::{Key, spell};
use super::source::{Entry, Faults, Lineage, Place, entries};

/// A group of bindings that holds in one situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Everywhere but in prompts and questions.
    Global,
    /// 確認: queue and record.
    Review,
    /// Any other list, such as 状況.
    List,
    /// グループ.
    Group,
    /// A line of text is being typed.
    Prompt,
    /// The palette of actions, which also takes text.
    Palette,
    /// ヘルプ.
    Help,
    /// A question to be answered with yes or no.
    Confirm,
}

impl Layer {
    /// Every layer, in the order of help.
    pub const ALL: [Layer; 8] = [
        Layer::Global,
        Layer::Review,
        Layer::List,
        Layer::Group,
        Layer::Prompt,
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
            Layer::Palette => "命令",
            Layer::Help => "説明",
            Layer::Confirm => "問い",
        }
    }

    /// Says whether plain characters are text here, so that none of them can be a key.
    pub fn takes_text(self) -> bool {
        matches!(self, Layer::Prompt | Layer::Palette)
    }

    /// Returns the layers that hold together while this one is innermost, for [`Keymap::lookup`].
    pub fn stack(self) -> &'static [Layer] {
        match self {
            Layer::Global => &[Layer::Global],
            Layer::Review => &[Layer::Review, Layer::Global],
            Layer::List => &[Layer::List, Layer::Global],
            Layer::Group => &[Layer::Group, Layer::Global],
            Layer::Help => &[Layer::Help, Layer::Global],
            // A prompt or a question stands above everything: `q` must not quit from there.
            Layer::Prompt => &[Layer::Prompt],
            Layer::Palette => &[Layer::Palette],
            Layer::Confirm => &[Layer::Confirm],
        }
    }
}

/// Keys that run an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding<A> {
    /// The keys, one after the other.
    pub keys: Vec<Key>,
    /// What they run.
    pub action: A,
    /// What that does, in Japanese, from the file.
    pub desc: String,
}

/// What pressed keys mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a, A> {
    /// They are complete.
    Run(&'a Binding<A>),
    /// They begin these bindings.
    Pending(Vec<&'a Binding<A>>),
    /// They mean nothing; in a layer that takes text the last one is text.
    Unbound,
}

/// A node of the trie: where keys lead.
#[derive(Clone, Debug, Default)]
struct Node {
    binding: Option<usize>,
    next: BTreeMap<Key, Node>,
}

/// One layer: bindings in the order of the file, and the trie over them.
#[derive(Clone, Debug)]
struct Bindings<A> {
    list: Vec<Binding<A>>,
    root: Node,
}

/// A complete keymap, free of faults.
#[derive(Clone, Debug)]
pub struct Keymap<A> {
    name: String,
    layers: [Bindings<A>; Layer::ALL.len()],
}

impl<A: Clone + PartialEq> Keymap<A> {
    /// Reads a keymap file over the one it inherits from.
    ///
    /// `base` gives the text for the name after `inherits`, `action` reads a `run` or names the nearest one, and each of
    /// `essential` must keep a key. In a file, `"z" = "none"` takes away the inherited `z` and all that begins with it.
    ///
    /// # Errors
    /// Every fault of the file and of those it inherits from.
    pub fn parse(
        file: &str,
        text: &str,
        base: impl Fn(&str) -> Option<String>,
        action: impl Fn(&str) -> Result<A, Option<String>>,
        essential: &[(Layer, A)],
    ) -> Result<Self, Diagnostics> {
        let names: Vec<&str> = embedded::KEYMAPS.iter().map(|(name, _)| *name).collect();
        let lineage = Lineage::follow(file, text, base, &names);
        let mut faults = lineage.faults();
        let mut draft = Draft::new();
        for source in 0..lineage.sources.len() {
            draft.read(source, &mut faults, &action);
        }
        draft.check_prefixes(&mut faults);
        let keymap = draft.build(lineage.name());
        if faults.readable() {
            draft.check_essential(&keymap, essential, lineage.sources.len() - 1, &mut faults);
        }
        faults.into_result().map(|()| keymap)
    }

    /// Returns the name the file gives itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says what `pressed` means while `layers` hold, the innermost first.
    ///
    /// The innermost layer that knows the keys wins. In a layer that takes text a plain character is always text,
    /// whatever the layers around it say.
    pub fn lookup(&self, layers: &[Layer], pressed: &[Key]) -> Lookup<'_, A> {
        let typed = pressed.first().is_some_and(|key| key.typed().is_some());
        if pressed.is_empty() || (typed && layers.first().is_some_and(|layer| layer.takes_text())) {
            return Lookup::Unbound;
        }
        let mut pending: Vec<&Binding<A>> = Vec::new();
        for layer in layers {
            let bindings = &self.layers[*layer as usize];
            let Some(node) = bindings.root.find(pressed) else { continue };
            match node.binding {
                Some(index) if pending.is_empty() => return Lookup::Run(&bindings.list[index]),
                // An inner layer waits for more keys: this binding is out of reach.
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

    /// Returns the bindings of a layer in the order of the file.
    pub fn bindings(&self, layer: Layer) -> impl Iterator<Item = &Binding<A>> {
        self.layers[layer as usize].list.iter()
    }

    /// Returns every key sequence of a layer that runs an action, in the order of the file.
    pub fn keys_for(&self, layer: Layer, action: &A) -> Vec<&[Key]> {
        self.bindings(layer).filter(|binding| binding.action == *action).map(|binding| &binding.keys[..]).collect()
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

    /// Returns the bindings that need more keys than lead here, in the order of the file.
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

/// A keymap in the making: bindings with the place they come from.
struct Draft<A> {
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

impl<A: Clone + PartialEq> Draft<A> {
    fn new() -> Self {
        Self { layers: Default::default(), lost: Vec::new(), headings: [None; Layer::ALL.len()] }
    }

    /// Merges one file of the lineage over what its ancestors say.
    fn read(&mut self, source: usize, faults: &mut Faults<'_>, action: &impl Fn(&str) -> Result<A, Option<String>>) {
        let document = faults.document(source);
        let names: Vec<&str> = Layer::ALL.iter().map(|layer| layer.name()).collect();
        for section in entries(source, &document) {
            if section.key == "meta" {
                continue;
            }
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
                let bound = read_binding(&entry, faults, action);
                let Some(keys) = keys else { continue };
                if let Some(first) = seen.get(&keys) {
                    let line = faults.line(*first);
                    let message = format!("キー{}は{line}行目と同じキーです", quote(entry.key));
                    faults.report(entry.place, message, None);
                    continue;
                }
                seen.insert(keys.clone(), entry.place);
                match bound {
                    Some(Some((action, desc))) => self.bind(layer, Binding { keys, action, desc }, entry.place),
                    Some(None) => self.unbind(layer, &keys, entry.place),
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
    fn check_prefixes(&self, faults: &mut Faults<'_>) {
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
    fn check_essential(&self, keymap: &Keymap<A>, essential: &[(Layer, A)], own: usize, faults: &mut Faults<'_>) {
        for (layer, action) in essential {
            let Some((binding, _)) = self.find(*layer, action) else {
                let lost = self.lost.iter().rev().find(|(l, a, _)| l == layer && a == action);
                let heading = self.headings[*layer as usize];
                let place = lost.map(|(.., place)| *place).or(heading).unwrap_or(Place { source: own, offset: 0 });
                faults.report(place, format!("[{}] に欠かせない操作のキーが残っていません", layer.name()), None);
                continue;
            };
            if *layer != Layer::Global {
                continue;
            }
            for screen in [Layer::Review, Layer::List, Layer::Group] {
                let reached = |key: &&[Key]| matches!(keymap.lookup(screen.stack(), key), Lookup::Run(found) if found.action == *action);
                let direct = !keymap.keys_for(screen, action).is_empty();
                if direct || keymap.keys_for(Layer::Global, action).iter().any(reached) {
                    continue;
                }
                let hiding = self.layers[screen as usize]
                    .iter()
                    .filter(|(inner, _)| inner.keys.starts_with(&binding.keys) || binding.keys.starts_with(&inner.keys))
                    .map(|(_, place)| *place)
                    .max();
                let message = format!(
                    "[{}] のキーが [global] の{}を隠し、欠かせない操作「{}」のキーが残りません",
                    screen.name(),
                    quote(&spell(&binding.keys)),
                    binding.desc
                );
                faults.report(hiding.unwrap_or(Place { source: own, offset: 0 }), message, None);
            }
        }
    }

    fn find(&self, layer: Layer, action: &A) -> Option<&(Binding<A>, Place)> {
        self.layers[layer as usize].iter().find(|(binding, _)| binding.action == *action)
    }

    fn build(&self, name: String) -> Keymap<A> {
        let layers = std::array::from_fn(|layer| {
            let list: Vec<Binding<A>> = self.layers[layer].iter().map(|(binding, _)| binding.clone()).collect();
            let mut root = Node::default();
            for (index, binding) in list.iter().enumerate() {
                root.insert(&binding.keys, index);
            }
            Bindings { list, root }
        });
        Keymap { name, layers }
    }
}

/// Reads the keys on the left of an entry.
fn read_keys(entry: &Entry<'_>, layer: Layer, faults: &mut Faults<'_>) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    let mut right = true;
    for word in entry.key.split_whitespace() {
        if word.chars().any(|c| !c.is_ascii()) {
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
    if layer.takes_text() && keys.first().is_some_and(|key| key.typed().is_some()) {
        let message = format!("[{}] では文字は入力になります。キー{}は使えません", layer.name(), quote(entry.key));
        faults.report(entry.place, message, None);
        return None;
    }
    right.then_some(keys)
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

/// Reads the value of an entry: `Some(None)` takes the key away, `None` was faulty.
#[allow(clippy::option_option, reason = "faulty, nothing and something are three cases, told apart in one place")]
fn read_binding<A>(
    entry: &Entry<'_>,
    faults: &mut Faults<'_>,
    action: &impl Fn(&str) -> Result<A, Option<String>>,
) -> Option<Option<(A, String)>> {
    let shape = "{ run = \"操作\", desc = \"説明\" } か \"none\" を書いてください";
    let table = match entry.value.get_ref() {
        DeValue::Table(table) => table,
        DeValue::String(word) if word == NONE => return Some(None),
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
    Some(Some((run?, desc?)))
}
