//! Reads Rust source as far as the checks need it: tokens, items that exist in tests only, modules, imports and paths.

/// A token. Comments, the contents of literals and lifetimes are left out: they may say anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// `::`
    Separator,
    Sign(char),
    Literal,
}

impl Token {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found == word)
    }
}

/// A path that the source names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The path as written, without `as` and `*`.
    pub(super) path: Vec<String>,
    /// The names of inline modules around it, which `super` and `self` count.
    pub(super) inline: Vec<String>,
    /// How it is imported; `None` for a path inside code.
    pub(super) import: Option<Import>,
}

/// One name of a `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The name that is bound; `*` binds all.
    pub(super) name: String,
    /// Whether it is exported again.
    pub(super) exported: bool,
}

/// Splits source text into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |n: usize| chars.get(n).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut n = 0;
    while n < chars.len() {
        match at(n) {
            c if c.is_whitespace() => n += 1,
            '/' if at(n + 1) == '/' => {
                while n < chars.len() && at(n) != '\n' {
                    n += 1;
                }
            }
            '/' if at(n + 1) == '*' => n = end_of_comment(&chars, n),
            '"' => {
                n = end_of_string(&chars, n + 1);
                found.push(Token::Literal);
            }
            // A lifetime has no quote behind its name.
            '\'' if at(n + 1) != '\\' && at(n + 2) != '\'' => {
                n += 1;
                while is_word(at(n)) {
                    n += 1;
                }
            }
            '\'' => {
                n += if at(n + 1) == '\\' { 3 } else { 2 };
                while n < chars.len() && at(n) != '\'' {
                    n += 1;
                }
                n += 1;
                found.push(Token::Literal);
            }
            ':' if at(n + 1) == ':' => {
                n += 2;
                found.push(Token::Separator);
            }
            c if is_word(c) => {
                let start = n;
                while is_word(at(n)) {
                    n += 1;
                }
                let word: String = chars[start..n].iter().collect();
                let hashes = chars[n..].iter().take_while(|c| **c == '#').count();
                if matches!(word.as_str(), "r" | "br" | "cr") && at(n + hashes) == '"' {
                    n = end_of_raw_string(&chars, n + hashes + 1, hashes);
                    found.push(Token::Literal);
                } else if matches!(word.as_str(), "b" | "c") && matches!(at(n), '"' | '\'') {
                    // The literal itself follows.
                } else if word.starts_with(|c: char| c.is_ascii_digit()) {
                    found.push(Token::Literal);
                } else {
                    found.push(Token::Word(word));
                }
            }
            sign => {
                n += 1;
                found.push(Token::Sign(sign));
            }
        }
    }
    found
}

fn end_of_comment(chars: &[char], start: usize) -> usize {
    let (mut n, mut depth) = (start, 0);
    while n < chars.len() {
        match (chars[n], chars.get(n + 1)) {
            ('/', Some('*')) => (depth, n) = (depth + 1, n + 2),
            ('*', Some('/')) => (depth, n) = (depth - 1, n + 2),
            _ => n += 1,
        }
        if depth == 0 {
            break;
        }
    }
    n
}

fn end_of_string(chars: &[char], start: usize) -> usize {
    let mut n = start;
    while n < chars.len() && chars[n] != '"' {
        n += if chars[n] == '\\' { 2 } else { 1 };
    }
    n + 1
}

fn end_of_raw_string(chars: &[char], start: usize, hashes: usize) -> usize {
    let mut n = start;
    while n < chars.len() {
        if chars[n] == '"' && chars[n + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return n + 1 + hashes;
        }
        n += 1;
    }
    n
}

/// Leaves out the items that exist in tests only, wherever they stand; what follows them stays.
pub(super) fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut left = Vec::new();
    let mut n = 0;
    while n < tokens.len() {
        if let Some(attribute) = attribute_at(tokens, n) {
            if is_for_tests(attribute.inside) {
                if attribute.inner {
                    return Vec::new();
                }
                let mut item = attribute.end;
                while let Some(next) = attribute_at(tokens, item) {
                    item = next.end;
                }
                n = end_of_item(tokens, item);
                continue;
            }
            left.extend_from_slice(&tokens[n..attribute.end]);
            n = attribute.end;
        } else {
            left.push(tokens[n].clone());
            n += 1;
        }
    }
    left
}

struct Attribute<'t> {
    inside: &'t [Token],
    /// Whether it is one of what surrounds it: `#![…]`.
    inner: bool,
    end: usize,
}

fn attribute_at(tokens: &[Token], start: usize) -> Option<Attribute<'_>> {
    let (Token::Sign('#'), next) = (tokens.get(start)?, tokens.get(start + 1)?) else { return None };
    let inner = *next == Token::Sign('!');
    let open = start + 1 + usize::from(inner);
    if *tokens.get(open)? != Token::Sign('[') {
        return None;
    }
    let end = end_of_group(tokens, open);
    Some(Attribute { inside: &tokens[open + 1..end - 1], inner, end })
}

/// Whether an attribute keeps its item for tests: `test`, `cfg(test)`, `cfg(all(test, …))`.
fn is_for_tests(attribute: &[Token]) -> bool {
    let group = |word: &str, tokens: &[Token]| {
        tokens.len() > 2
            && tokens[0].is(word)
            && tokens[1] == Token::Sign('(')
            && end_of_group(tokens, 1) == tokens.len()
    };
    match attribute {
        [only] => only.is("test"),
        cfg if group("cfg", cfg) => {
            let condition = &cfg[2..cfg.len() - 1];
            if group("all", condition) {
                let all = &condition[2..condition.len() - 1];
                let mut depth = 0;
                all.iter().any(|token| {
                    depth += step(token);
                    depth == 0 && token.is("test")
                })
            } else {
                condition.len() == 1 && condition[0].is("test")
            }
        }
        _ => false,
    }
}

/// How a token changes the depth of brackets.
fn step(token: &Token) -> i32 {
    match token {
        Token::Sign('(' | '[' | '{') => 1,
        Token::Sign(')' | ']' | '}') => -1,
        _ => 0,
    }
}

/// The index behind the bracket that closes the one at `open`.
fn end_of_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (n, token) in tokens.iter().enumerate().skip(open) {
        depth += step(token);
        if depth == 0 {
            return n + 1;
        }
    }
    tokens.len()
}

/// The index behind an item, a field, a variant or a statement.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let mut n = start;
    if tokens.get(n).is_some_and(|token| token.is("pub")) {
        n += 1;
        if tokens.get(n) == Some(&Token::Sign('(')) {
            n = end_of_group(tokens, n);
        }
    }
    let first = tokens.get(n);
    let begins = |words: &[&str]| first.is_some_and(|token| words.iter().any(|word| token.is(word)));
    let is_macro = tokens.get(n + 1) == Some(&Token::Sign('!'));
    let is_fn = begins(&["const"]) && tokens.get(n + 1).is_some_and(|token| token.is("fn") || token.is("unsafe"));
    let has_body = is_macro
        || is_fn
        || begins(&[
            "fn",
            "mod",
            "impl",
            "struct",
            "enum",
            "union",
            "trait",
            "unsafe",
            "async",
            "extern",
            "macro_rules",
        ]);
    let has_end = begins(&["use", "const", "static", "type", "let"]);
    let mut depth = 0;
    while n < tokens.len() {
        let change = step(&tokens[n]);
        if depth == 0 && change < 0 {
            // The last field, variant or statement of what surrounds it.
            return n;
        }
        depth += change;
        let ends = match &tokens[n] {
            Token::Sign(';') => depth == 0,
            Token::Sign('}') => depth == 0 && has_body,
            Token::Sign(',') => depth == 0 && !has_body && !has_end,
            _ => false,
        };
        n += 1;
        if ends {
            break;
        }
    }
    n
}

/// The modules that are declared with a file of their own.
pub(super) fn modules(tokens: &[Token]) -> Vec<String> {
    let declared = tokens.windows(3).filter(|three| three[0].is("mod") && three[2] == Token::Sign(';'));
    declared.filter_map(|three| if let Token::Word(name) = &three[1] { Some(name.clone()) } else { None }).collect()
}

/// Every path that is imported or named in code.
pub(super) fn references(tokens: &[Token]) -> Vec<Reference> {
    let mut found = Vec::new();
    // Inline modules around the token, with the depth at which each ends.
    let mut inline: Vec<(String, i32)> = Vec::new();
    let mut depth = 0;
    let mut n = 0;
    while n < tokens.len() {
        let names = || inline.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        match &tokens[n] {
            Token::Word(word) if word == "mod" && tokens.get(n + 2) == Some(&Token::Sign('{')) => {
                if let Token::Word(name) = &tokens[n + 1] {
                    inline.push((name.clone(), depth));
                }
                n += 2;
                continue;
            }
            // `use<…>` captures lifetimes.
            Token::Word(word) if word == "use" && tokens.get(n + 1) != Some(&Token::Sign('<')) => {
                let exported = n > 0 && (tokens[n - 1].is("pub") || tokens[n - 1] == Token::Sign(')'));
                let end = n + tokens[n..].iter().position(|t| *t == Token::Sign(';')).unwrap_or(tokens.len() - n);
                let mut leaves = Vec::new();
                use_tree(&tokens[n + 1..end], &[], &mut leaves);
                for (path, name) in leaves {
                    let import = Some(Import { name, exported });
                    found.push(Reference { path, inline: names(), import });
                }
                n = end;
                continue;
            }
            Token::Word(first) if tokens.get(n + 1) == Some(&Token::Separator) => {
                let continues = n > 0 && tokens[n - 1] == Token::Separator;
                let is_scope = n > 1 && tokens[n - 1].is("in") && tokens[n - 2] == Token::Sign('(');
                let mut path = vec![first.clone()];
                while let (Some(Token::Separator), Some(Token::Word(next))) = (tokens.get(n + 1), tokens.get(n + 2)) {
                    path.push(next.clone());
                    n += 2;
                }
                // What follows generics belongs to a path that began before; `pub(in …)` takes nothing.
                if !continues && !is_scope && path.len() > 1 {
                    found.push(Reference { path, inline: names(), import: None });
                }
            }
            token => {
                depth += step(token);
                if inline.last().is_some_and(|(_, until)| depth == *until) && *token == Token::Sign('}') {
                    inline.pop();
                }
            }
        }
        n += 1;
    }
    found
}

/// Spells out a tree of imports: every path with the name that it binds.
fn use_tree(tokens: &[Token], before: &[String], leaves: &mut Vec<(Vec<String>, String)>) {
    let mut path = before.to_vec();
    let mut n = 0;
    while n < tokens.len() {
        match &tokens[n] {
            Token::Sign('{') => {
                let end = end_of_group(tokens, n);
                let mut depth = 0;
                for branch in tokens[n + 1..end - 1].split(|token| {
                    depth += step(token);
                    depth == 0 && *token == Token::Sign(',')
                }) {
                    if !branch.is_empty() {
                        use_tree(branch, &path, leaves);
                    }
                }
                return;
            }
            Token::Sign('*') => {
                leaves.push((path, "*".to_owned()));
                return;
            }
            Token::Word(word) if word == "as" => {
                let name = if let Some(Token::Word(name)) = tokens.get(n + 1) { name.clone() } else { "_".to_owned() };
                leaves.push((path, name));
                return;
            }
            // `a::{self}` is `a`; `self::a` is a path.
            Token::Word(word) if word == "self" && !path.is_empty() => {}
            Token::Word(word) => path.push(word.clone()),
            _ => {}
        }
        n += 1;
    }
    if let Some(name) = path.last().cloned() {
        leaves.push((path, name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(tokens: &[Token]) -> String {
        let words =
            tokens.iter().filter_map(|token| if let Token::Word(word) = token { Some(word.as_str()) } else { None });
        words.collect::<Vec<_>>().join(" ")
    }

    fn paths(text: &str) -> Vec<String> {
        references(&tokens(text)).into_iter().map(|found| found.path.join("::")).collect()
    }

    #[test]
    fn comments_literals_and_lifetimes_are_no_words() {
        let text = r###"
            a // b "
            /* c /* d */ e */ f
            "g \" h" i b"j" k r#"l " m"# n 'o' p '\'' q '\u{7f}' r &'s t 1_000u64 u b'v' w ':' x
        "###;
        assert_eq!(words(&tokens(text)), "a f i k n p q r t u w x");
    }

    /// The old reader stopped at the first `#[cfg(test)]` of a file.
    #[test]
    fn only_what_is_for_tests_is_left_out() {
        for (item, rest) in [
            ("#[cfg(test)] mod tests;", ""),
            ("#[cfg(test)] pub(crate) mod tests;", ""),
            ("#[allow(dead_code)] #[cfg(test)] #[path = \"x.rs\"] mod tests;", "allow dead_code"),
            ("#[cfg(test)] mod tests { fn a() { b(); } }", ""),
            ("#[cfg(test)] use a::{b, c};", ""),
            ("#[cfg(test)] const A: [u8; 2] = [B { c }, d];", ""),
            ("#[cfg(test)] const fn a<B, C>(d: D) -> [u8; 2] { e }", ""),
            ("#[cfg(test)] impl<A, B> C for D<A, B> { fn e() {} }", ""),
            ("#[cfg(test)] struct A<B, C>(D, E);", ""),
            ("#[cfg(test)] proptest! { fn a() {} }", ""),
            ("#[test] fn a() {}", ""),
            ("#[cfg(all(test, unix))] mod tests;", ""),
            ("#[cfg(any(test, unix))] mod a;", "cfg any test unix mod a"),
            ("#[cfg(not(test))] mod a;", "cfg not test mod a"),
            ("#[cfg(unix)] mod a;", "cfg unix mod a"),
        ] {
            let text = format!("use before; {item} use behind;");
            let left = format!("use before {rest} use behind").replace("  ", " ");
            assert_eq!(words(&without_tests(&tokens(&text))), left, "{item}");
        }
        let fields = "struct A { b: B, #[cfg(test)] pub c: Vec<D>, e: E, #[cfg(test)] f: F } struct G;";
        assert_eq!(words(&without_tests(&tokens(fields))), "struct A b B e E struct G");
        let statements = "fn a() { #[cfg(test)] b(); c() } fn d() {}";
        assert_eq!(words(&without_tests(&tokens(statements))), "fn a c fn d");
        assert_eq!(without_tests(&tokens("#![cfg(test)] use a::b;")), []);
    }

    #[test]
    fn imports_and_paths_are_spelt_out() {
        let text = "pub(in crate::app) struct X;
            use crate::{domain::case::{Case, State as S}, store::{self}}; pub(crate) use super::a::*;
            fn f<'a>(x: &'a crate::compare::Verdict) -> impl Trait + use<'a> { Vec::<self::b::C>::new().d::<E>() }";
        let expected = [
            "crate::domain::case::Case",
            "crate::domain::case::State",
            "crate::store",
            "super::a",
            "crate::compare::Verdict",
        ];
        assert_eq!(paths(text), [&expected[..], &["self::b::C"]].concat());
        let names: Vec<(String, bool)> = references(&tokens(text))
            .into_iter()
            .filter_map(|found| found.import.map(|import| (import.name, import.exported)))
            .collect();
        let bound = |name: &str, exported| (name.to_owned(), exported);
        assert_eq!(names, [bound("Case", false), bound("S", false), bound("store", false), bound("*", true)]);
    }

    #[test]
    fn inline_modules_are_known() {
        let text = "use a::b; mod c { use super::d; mod e { fn f() { super::g::h() } } use super::i; } use j::k;";
        let found: Vec<(String, String)> = references(&tokens(text))
            .into_iter()
            .map(|found| (found.path.join("::"), found.inline.join("::")))
            .collect();
        let pair = |path: &str, inline: &str| (path.to_owned(), inline.to_owned());
        let expected = [
            pair("a::b", ""),
            pair("super::d", "c"),
            pair("super::g::h", "c::e"),
            pair("super::i", "c"),
            pair("j::k", ""),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn modules_with_a_file_are_found() {
        assert_eq!(modules(&tokens("mod a; pub mod b { mod c; } #[cfg(test)] mod d;")), ["a", "c", "d"]);
    }
}
