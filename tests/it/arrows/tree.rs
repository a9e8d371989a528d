//! The modules of the crate as files, and the file that a path leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::source::{Reference, Token, modules, references, tokens, without_tests};

/// A file of `src/`.
pub(super) struct File {
    /// Path below `src/`.
    pub(super) name: String,
    /// Its module, without `crate`.
    pub(super) module: Vec<String>,
    /// Whether it is part of the program, not only of its tests.
    pub(super) in_program: bool,
    /// Everything it names.
    pub(super) all: Vec<Reference>,
    /// What it names outside tests.
    pub(super) program: Vec<Reference>,
    /// The words outside tests and imports.
    words: BTreeSet<String>,
    /// Modules with a file of their own below it.
    children: BTreeSet<String>,
}

impl File {
    /// The first folder, or the file itself where it lies in none.
    pub(super) fn room(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    /// The path from the root of the crate; `None` where it leads out of the crate or to a local name.
    pub(super) fn absolute(&self, found: &Reference) -> Option<Vec<String>> {
        let mut here: Vec<String> = self.module.iter().chain(&found.inline).cloned().collect();
        let mut rest = found.path.as_slice();
        match rest.first()?.as_str() {
            "crate" => {
                here.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    here.pop();
                    rest = &rest[1..];
                }
            }
            child if found.inline.is_empty() && self.children.contains(child) => {}
            _ => return None,
        }
        here.extend_from_slice(rest);
        Some(here)
    }
}

/// All files of the crate.
pub(super) struct Tree {
    pub(super) files: Vec<File>,
    /// Files by module.
    by_module: BTreeMap<Vec<String>, usize>,
    /// What each file imports by name.
    imports: Vec<BTreeMap<String, Vec<String>>>,
}

impl Tree {
    /// Reads `src/` from `lib.rs` down, as the compiler does.
    pub(super) fn of_src() -> Self {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let tree = Self::read(&|name| std::fs::read_to_string(src.join(name)).ok());
        // A file that no module names would not be checked.
        let known: BTreeSet<&str> = tree.files.iter().map(|file| file.name.as_str()).collect();
        for name in files_below(&src) {
            assert!(name == "main.rs" || known.contains(name.as_str()), "no module declares src/{name}");
        }
        tree
    }

    /// Reads files by their path below `src/`.
    pub(super) fn read(text_of: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut files = Vec::new();
        let mut waiting = vec![("lib.rs".to_owned(), Vec::new(), true)];
        while let Some((name, module, in_program)) = waiting.pop() {
            let text = text_of(&name).unwrap_or_else(|| panic!("src/{name} is declared and missing"));
            let everything = tokens(&text);
            let program = without_tests(&everything);
            let in_program_too: BTreeSet<String> = modules(&program).into_iter().collect();
            let children: BTreeSet<String> = modules(&everything).into_iter().collect();
            let folder = match name.strip_suffix("mod.rs").or(name.strip_suffix("lib.rs")) {
                Some(folder) => folder.to_owned(),
                None => format!("{}/", name.trim_end_matches(".rs")),
            };
            for child in &children {
                let flat = format!("{folder}{child}.rs");
                let file = if text_of(&flat).is_some() { flat } else { format!("{folder}{child}/mod.rs") };
                let module: Vec<String> = module.iter().chain([child]).cloned().collect();
                waiting.push((file, module, in_program && in_program_too.contains(child)));
            }
            files.push(File {
                name,
                module,
                in_program,
                all: references(&everything),
                program: references(&program),
                words: words_outside_imports(&program),
                children,
            });
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        let by_module = files.iter().enumerate().map(|(n, file)| (file.module.clone(), n)).collect();
        let imports = files
            .iter()
            .map(|file| {
                let here = file.program.iter().filter(|found| found.inline.is_empty());
                here.filter_map(|found| Some((found.import.as_ref()?.name.clone(), file.absolute(found)?))).collect()
            })
            .collect();
        Self { files, by_module, imports }
    }

    /// The file in which the item at an absolute path is written, seen through what modules export again.
    fn file_of(&self, path: &[String], steps: usize) -> usize {
        let (length, file) = (0..=path.len())
            .rev()
            .find_map(|length| Some((length, *self.by_module.get(&path[..length])?)))
            .expect("the root is a module");
        let Some((item, rest)) = path[length..].split_first() else { return file };
        match self.imports[file].get(item) {
            // A name may be that of an item and of an import of the same item.
            Some(elsewhere) if steps > 0 && elsewhere != path => self.file_of(&[elsewhere, rest].concat(), steps - 1),
            _ => file,
        }
    }

    /// The files that each file of the program needs, with the names it takes from them.
    pub(super) fn needs(&self) -> Vec<BTreeMap<usize, BTreeSet<String>>> {
        self.files.iter().enumerate().map(|(n, file)| self.needs_of(n, file)).collect()
    }

    fn needs_of(&self, n: usize, file: &File) -> BTreeMap<usize, BTreeSet<String>> {
        let mut needs: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        if !file.in_program {
            return needs;
        }
        let mut add = |path: &[String]| {
            let target = self.file_of(path, 8);
            if target != n {
                needs.entry(target).or_default().insert(path.last().cloned().unwrap_or_default());
            }
        };
        // An imported module is looked into: what counts is what is taken from it.
        let mut opened = BTreeMap::new();
        for found in &file.program {
            let (Some(import), Some(path)) = (&found.import, file.absolute(found)) else { continue };
            if self.by_module.contains_key(&path) && import.name != "*" {
                opened.insert(import.name.clone(), (path, false));
            } else if !import.exported || file.words.contains(&import.name) {
                add(&path);
            }
        }
        for found in file.program.iter().filter(|found| found.import.is_none()) {
            if let Some((path, looked_into)) = opened.get_mut(&found.path[0]) {
                *looked_into = true;
                add(&[path, &found.path[1..]].concat());
            } else if let Some(path) = file.absolute(found) {
                add(&path);
            }
        }
        for (name, (path, looked_into)) in opened {
            if !looked_into && file.words.contains(&name) {
                add(&path);
            }
        }
        needs
    }
}

/// The words of a file but for its imports and the names of its modules.
fn words_outside_imports(tokens: &[Token]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let (mut in_import, mut before) = (false, "");
    for token in tokens {
        match token {
            Token::Sign(';') => in_import = false,
            Token::Word(word) => {
                in_import |= word == "use";
                if !in_import && before != "mod" {
                    words.insert(word.clone());
                }
            }
            _ => {}
        }
        before = if let Token::Word(word) = token { word } else { "" };
    }
    words
}

/// Paths of all source files below a folder.
fn files_below(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("src can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(folder).expect("below the folder");
                found.push(name.to_str().expect("a name in UTF-8").to_owned());
            }
        }
    }
    found
}
