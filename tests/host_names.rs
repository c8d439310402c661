//! What is peculiar to one host stands in that host's own rooms: vendors' names, their words, the prefixes of their tokens,
//! and the facts and kinds of credential that only one host has. Comments and tests may speak of everything.

#![expect(clippy::disallowed_methods, reason = "this test reads the project's own sources")]

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use credcheck::vocabulary::{HOSTS, OTHER_PRODUCTS};

    /// What a file outside of the hosts' own rooms may hold.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum May {
        /// Names in code: where hosts are registered.
        Names,
        /// Texts: where people are shown an example, or read what one host is like.
        Texts,
        /// Both.
        Both,
    }

    /// Files that name hosts for good, and why.
    const PLACES: &[(&str, May, &str)] = &[
        ("vocabulary/mod.rs", May::Names, "the registry of tables"),
        ("vocabulary/row.rs", May::Names, "the definition of the kinds of host"),
        ("vocabulary/misnamed.rs", May::Texts, "products that are no host here"),
        ("vocabulary/rows.rs", May::Texts, "what fields that all hosts share mean on one"),
        ("hosts/mod.rs", May::Names, "the registry of collectors"),
        ("simulator/mod.rs", May::Names, "the registry of simulated hosts"),
        ("simulator/demo/mod.rs", May::Names, "the registry of the demo's hosts"),
        ("settings/families.rs", May::Both, "the table of environment families"),
        ("settings/placeholder.rs", May::Texts, "words that stand in the place of a token"),
        ("diagnostic/code.rs", May::Texts, "an explanation"),
        ("language/syntax/words.rs", May::Texts, "examples in help"),
        ("language/syntax/item.rs", May::Texts, "examples in help"),
        ("language/syntax/junk.rs", May::Texts, "examples in help"),
        ("language/check/test_block.rs", May::Texts, "an example in help"),
        ("commands/sharding.rs", May::Texts, "variables of CI systems, which are no hosts"),
        ("commands/edge.rs", May::Texts, "variables of CI systems, which are no hosts"),
        ("commands/reports.rs", May::Names, "formats of CI systems, which are no hosts"),
        ("report/open.rs", May::Names, "formats of CI systems, which are no hosts"),
        ("report/formats/mod.rs", May::Names, "formats of CI systems, which are no hosts"),
        ("report/testing.rs", May::Texts, "an example in help"),
        ("commands/output.rs", May::Names, "the summary of a job, which one CI system shows"),
        ("report/vocabulary/page.rs", May::Texts, "examples in help"),
    ];

    /// A piece of code, with its line.
    #[derive(Clone, Debug, PartialEq, Eq)]
    enum Piece {
        Name(String),
        Text(String),
        Mark(char),
    }

    /// The pieces of a file, without comments.
    fn pieces(source: &str) -> Vec<(usize, Piece)> {
        let text: Vec<char> = source.chars().collect();
        let is = |at: usize, wanted: &str| wanted.chars().enumerate().all(|(by, one)| text.get(at + by) == Some(&one));
        let part = |from: usize, to: usize| text[from.min(text.len())..to.min(text.len())].iter().collect::<String>();
        let until = |mut at: usize, end: &str| {
            while at < text.len() && !is(at, end) {
                at += 1;
            }
            at
        };
        let is_word = |one: &char| one.is_alphanumeric() || *one == '_';
        let (mut found, mut at, mut line, mut counted) = (Vec::new(), 0, 1, 0);
        while at < text.len() {
            line += text[counted..at].iter().filter(|one| **one == '\n').count();
            counted = at;
            if is(at, "//") {
                at = until(at, "\n");
            } else if is(at, "/*") {
                let mut depth = 0;
                loop {
                    let (opens, closes) = (is(at, "/*"), is(at, "*/"));
                    depth += i32::from(opens) - i32::from(closes);
                    at += if opens || closes { 2 } else { 1 };
                    if depth == 0 || at >= text.len() {
                        break;
                    }
                }
            } else if is(at, "r\"") || is(at, "r#\"") || is(at, "r##\"") {
                let hashes = text[at + 1..].iter().take_while(|one| **one == '#').count();
                let from = at + 2 + hashes;
                let to = until(from, &format!("\"{}", "#".repeat(hashes)));
                found.push((line, Piece::Text(part(from, to))));
                at = to + 1 + hashes;
            } else if text[at] == '"' {
                let from = at + 1;
                at = from;
                while at < text.len() && text[at] != '"' {
                    at += if text[at] == '\\' { 2 } else { 1 };
                }
                found.push((line, Piece::Text(part(from, at))));
                at += 1;
            } else if text[at] == '\'' && (text.get(at + 1) == Some(&'\\') || text.get(at + 2) == Some(&'\'')) {
                at = until(at + if text.get(at + 1) == Some(&'\\') { 3 } else { 2 }, "'") + 1;
            } else if is_word(&text[at]) {
                let from = at;
                at += text[at..].iter().take_while(|one| is_word(one)).count();
                found.push((line, Piece::Name(part(from, at))));
            } else {
                if !text[at].is_whitespace() {
                    found.push((line, Piece::Mark(text[at])));
                }
                at += 1;
            }
        }
        found
    }

    /// Takes out what `#[cfg(test)]` guards. Gives the files and folders of modules that are guarded so.
    fn without_tests(path: &str, pieces: &mut Vec<(usize, Piece)>) -> Vec<String> {
        let guard = self::pieces("#[cfg(test)]");
        let folder = path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs")).unwrap_or(path);
        let beside = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut files = Vec::new();
        let mut at = 0;
        while at + guard.len() <= pieces.len() {
            if !guard.iter().zip(&pieces[at..]).all(|((_, one), (_, other))| one == other) {
                at += 1;
                continue;
            }
            let mark = |piece: &(usize, Piece), wanted: char| piece.1 == Piece::Mark(wanted);
            let ends = |piece: &(usize, Piece)| mark(piece, ';') || mark(piece, '{');
            let mut end = at + guard.len();
            while !ends(&pieces[end]) {
                end += 1;
            }
            if mark(&pieces[end], ';') {
                let named = pieces[at..end].iter().find_map(|(_, piece)| match piece {
                    Piece::Text(text) => Some(text.clone()),
                    _ => None,
                });
                match (named, &pieces[end - 1].1, &pieces[end - 2].1) {
                    (Some(file), ..) => {
                        files.extend(file.strip_suffix("/mod.rs").map(|folder| format!("{beside}/{folder}/")));
                        files.push(format!("{beside}/{file}"));
                    }
                    (None, Piece::Name(name), Piece::Name(word)) if word == "mod" => {
                        files.extend([format!("{folder}/{name}.rs"), format!("{folder}/{name}/")]);
                    }
                    _ => {}
                }
            } else {
                let mut depth = 1;
                while depth > 0 {
                    end += 1;
                    depth += i32::from(mark(&pieces[end], '{')) - i32::from(mark(&pieces[end], '}'));
                }
            }
            pieces.drain(at..=end);
        }
        files
    }

    /// What no file outside of the hosts' rooms names.
    struct Peculiar {
        /// Parts of names and texts, in lower case.
        vendors: BTreeSet<String>,
        /// How tokens begin.
        prefixes: BTreeSet<&'static str>,
        /// Facts and kinds of credential that one host has, as whole texts.
        own: BTreeSet<&'static str>,
    }

    impl Peculiar {
        fn of_the_tables() -> Self {
            let names = HOSTS.iter().map(|host| host.word.split('_').next().unwrap());
            let products = HOSTS.iter().flat_map(|host| host.products).map(|product| product.word);
            let vendors = names.chain(products).chain(["atlassian"]).chain(OTHER_PRODUCTS).map(str::to_owned).collect();
            let prefixes = HOSTS.iter().flat_map(|host| host.kinds).flat_map(|kind| kind.prefixes).copied().collect();
            let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
            for host in HOSTS {
                let facts = host.facts.iter().map(|fact| fact.path);
                // A plain word may mean something else.
                let kinds = host.kinds.iter().map(|kind| kind.word).filter(|word| word.contains('_'));
                let words: BTreeSet<&str> = facts.chain(kinds).collect();
                words.into_iter().for_each(|word| *owners.entry(word).or_default() += 1);
            }
            let own = owners.into_iter().filter(|(_, hosts)| *hosts == 1).map(|(word, _)| word).collect();
            Self { vendors, prefixes, own }
        }

        /// The part of a piece that belongs to one host.
        fn found(&self, piece: &Piece) -> Option<String> {
            let (Piece::Name(text) | Piece::Text(text)) = piece else { return None };
            let folded = text.to_lowercase();
            let mut words = folded.split(|one: char| !one.is_alphanumeric());
            let vendor = self.vendors.iter().find(|vendor| folded.contains(*vendor)).map(String::as_str);
            let vendor = vendor.or_else(|| words.find(|word| ["ghe", "ghes"].contains(word)));
            let of_text = || match piece {
                Piece::Text(_) => {
                    let prefix = self.prefixes.iter().find(|prefix| text.contains(**prefix));
                    prefix.or_else(|| self.own.get(text.as_str())).copied()
                }
                _ => None,
            };
            vendor.or_else(of_text).map(str::to_owned)
        }
    }

    fn is_own_room(path: &str) -> bool {
        HOSTS.iter().any(|host| {
            ["vocabulary", "hosts", "simulator"].iter().any(|room| path.starts_with(&format!("{room}/{}/", host.word)))
                || path == format!("simulator/demo/{}.rs", host.word)
        })
    }

    fn files_below(folder: &Path, into: &mut Vec<PathBuf>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for entry in entries {
            if entry.is_dir() {
                files_below(&entry, into);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                into.push(entry);
            }
        }
    }

    /// The pieces of every file below `src/`, by path, without tests.
    fn sources() -> BTreeMap<String, Vec<(usize, Piece)>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut files = Vec::new();
        files_below(&folder, &mut files);
        let (mut sources, mut tests) = (BTreeMap::new(), Vec::new());
        for file in files {
            let below = file.strip_prefix(&folder).unwrap();
            let path = below.components().map(|part| part.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/");
            let mut pieces = pieces(&std::fs::read_to_string(&file).unwrap());
            tests.extend(without_tests(&path, &mut pieces));
            sources.insert(path, pieces);
        }
        let is_test = |path: &str| {
            tests.iter().any(|test| path == test || (test.ends_with('/') && path.starts_with(test.as_str())))
        };
        sources.retain(|path, _| !is_test(path));
        sources
    }

    #[test]
    fn hosts_are_named_in_their_own_rooms() {
        let peculiar = Peculiar::of_the_tables();
        let (mut problems, mut needed) = (Vec::new(), BTreeSet::new());
        for (path, pieces) in sources() {
            if is_own_room(&path) {
                continue;
            }
            let place = PLACES.iter().find(|(place, ..)| *place == path).map(|(_, may, _)| *may);
            for (line, piece) in &pieces {
                let Some(found) = peculiar.found(piece) else { continue };
                let allowed = match piece {
                    Piece::Text(_) => matches!(place, Some(May::Texts | May::Both)),
                    _ => matches!(place, Some(May::Names | May::Both)),
                };
                if allowed {
                    needed.insert(path.clone());
                } else {
                    problems.push(format!("src/{path}:{line}: `{found}` belongs to one host"));
                }
            }
        }
        for path in PLACES.iter().map(|(path, ..)| *path) {
            if !needed.contains(path) {
                problems.push(format!("src/{path} names no host: take it out of this test's lists"));
            }
        }
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }

    #[test]
    fn the_reader_of_sources_sees_what_is_there() {
        let text = "use a::HostKind; // GitHub\n/* gitlab /* bitbucket */ */ let x = HostKind::GitHub;\n\
                    let y = \"ghp_x \\\" y\"; let c = '\"';\nfn f<'a>() {}\n#[cfg(test)]\nmod t { use gitlab; }\n\
                    #[cfg(test)]\n#[path = \"b.rs\"]\nmod tests;\n#[cfg(test)]\nmod more;\n\
                    let z = r#\"at ghe.acme.dev \"quoted\"\"#; let w = \"app_key\"; let v = \"the app_key\";";
        let mut found = pieces(text);
        let files = without_tests("language/a.rs", &mut found);
        assert_eq!(files, ["language/b.rs", "language/a/more.rs", "language/a/more/"]);
        let peculiar = Peculiar::of_the_tables();
        let seen: Vec<(usize, String)> =
            found.iter().filter_map(|(line, piece)| Some((*line, peculiar.found(piece)?))).collect();
        let wanted = [(2, "github"), (3, "ghp_"), (12, "ghe"), (12, "app_key")];
        assert_eq!(seen, wanted.map(|(line, word)| (line, word.to_owned())));
    }
}
