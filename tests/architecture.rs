//! The rooms of `src/` import what the table of `docs/architecture.md` lets them, and pure rooms touch nothing outside.

#![expect(clippy::disallowed_methods, reason = "this test reads the project's own sources")]

#[cfg(test)]
#[path = "architecture/circles.rs"]
mod circles;

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use credcheck::vocabulary::HOSTS;
    use credcheck::vocabulary::headers::STANDARD;

    /// Each room, what it may import, and whether it is pure. A room imports only rooms above it, so there is no circle.
    const ROOMS: &[(&str, &[&str], bool)] = &[
        ("text", &[], true),
        ("diagnostic", &["text"], true),
        ("vocabulary", &["text"], true),
        ("facts", &["vocabulary", "text"], true),
        ("language", &["vocabulary", "diagnostic", "facts", "text"], true),
        ("evaluation", &["language", "facts", "diagnostic", "vocabulary", "text"], true),
        ("plan", &["evaluation", "language", "facts", "vocabulary", "text"], true),
        ("settings", &["facts", "vocabulary", "diagnostic", "text"], true),
        ("transport", &["facts", "text"], false),
        ("hosts", &["facts", "vocabulary", "text"], true),
        ("collecting", &["transport", "hosts", "plan", "language", "facts", "vocabulary", "text"], false),
        ("report", &["evaluation", "facts", "diagnostic", "language", "vocabulary", "text"], true),
        ("simulator", &["facts", "vocabulary", "text"], false),
        (
            "commands",
            &[
                "text",
                "diagnostic",
                "vocabulary",
                "facts",
                "language",
                "evaluation",
                "plan",
                "settings",
                "transport",
                "hosts",
                "collecting",
                "report",
                "simulator",
            ],
            false,
        ),
    ];

    /// What a pure room never names: the first two parts of a path.
    const IMPURE: [&str; 14] = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "tokio::",
        "reqwest::",
        "hyper::",
        "hyper_util::",
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "Instant::now",
        "io::stdout",
    ];

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }

    /// A source file without comments, strings and test code, lines kept.
    pub(crate) struct Source {
        /// Its path below `src/`, with `/` between the parts.
        pub(crate) path: String,
        pub(crate) code: Vec<char>,
    }

    impl Source {
        fn room(&self) -> &str {
            self.path.split('/').next().unwrap()
        }

        /// How many `super` lead from here to the root of the crate.
        fn depth(&self) -> usize {
            let parts = self.path.split('/').count();
            if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
        }

        fn line(&self, at: usize) -> usize {
            self.code[..at].iter().filter(|character| **character == '\n').count() + 1
        }

        /// The places where a path's segments stand one after another, as whole words.
        fn find(&self, path: &str) -> Vec<usize> {
            let wanted: Vec<char> = path.chars().collect();
            let word = |at: Option<&char>| at.is_some_and(|character| character.is_alphanumeric() || *character == '_');
            (0..self.code.len().saturating_sub(wanted.len()))
                .filter(|at| self.code[*at..*at + wanted.len()] == wanted[..])
                .filter(|at| *at == 0 || !word(self.code.get(*at - 1)))
                .filter(|at| !word(wanted.last()) || !word(self.code.get(*at + wanted.len())))
                .collect()
        }

        /// The segments that follow `prefix` (which ends in `::`), those of a group too, with their places.
        fn after(&self, prefix: &str) -> Vec<(String, usize)> {
            let mut found = Vec::new();
            for at in self.find(prefix) {
                self.segments(at + prefix.chars().count(), &mut found);
            }
            found
        }

        fn segments(&self, start: usize, found: &mut Vec<(String, usize)>) {
            let skip = |mut at: usize| {
                while self.code.get(at).is_some_and(|character| character.is_whitespace()) {
                    at += 1;
                }
                at
            };
            let start = skip(start);
            if self.code.get(start) != Some(&'{') {
                let name: String =
                    self.code[start..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
                found.push((name, start));
                return;
            }
            let (mut at, mut depth) = (start + 1, 1);
            let mut begins = true;
            while depth > 0 && at < self.code.len() {
                let character = self.code[at];
                if begins && depth == 1 && !character.is_whitespace() && character != '}' {
                    self.segments(at, found);
                    begins = false;
                }
                match character {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => begins = true,
                    _ => {}
                }
                at += 1;
            }
        }

        /// The rooms that this file names, from the crate's root down, with the place of each.
        fn rooms_named(&self) -> Vec<(String, usize)> {
            let mut found = self.after("crate::");
            let climb = "super::".repeat(self.depth());
            for at in self.find(&climb) {
                if at >= 7 && self.code[at - 7..at].iter().collect::<String>() == "super::" {
                    continue;
                }
                self.segments(at + climb.len(), &mut found);
            }
            found
        }
    }

    /// Blanks comments, strings and characters: what is left is code, each at its place.
    fn code_of(text: &str) -> Vec<char> {
        let text: Vec<char> = text.chars().collect();
        let mut out = text.clone();
        let blank = |out: &mut Vec<char>, from: usize, to: usize| {
            for character in &mut out[from..to.min(text.len())] {
                if *character != '\n' {
                    *character = ' ';
                }
            }
        };
        let starts = |at: usize, word: &str| {
            word.chars().enumerate().all(|(offset, character)| text.get(at + offset) == Some(&character))
        };
        let mut at = 0;
        while at < text.len() {
            let from = at;
            if starts(at, "//") {
                while at < text.len() && text[at] != '\n' {
                    at += 1;
                }
            } else if starts(at, "/*") {
                let mut depth = 0;
                loop {
                    if starts(at, "/*") {
                        (depth, at) = (depth + 1, at + 2);
                    } else if starts(at, "*/") {
                        (depth, at) = (depth - 1, at + 2);
                    } else {
                        at += 1;
                    }
                    if depth == 0 || at >= text.len() {
                        break;
                    }
                }
            } else if text[at] == 'r' && (starts(at + 1, "\"") || starts(at + 1, "#")) && !word_before(&text, at) {
                let hashes = text[at + 1..].iter().take_while(|character| **character == '#').count();
                if text.get(at + 1 + hashes) != Some(&'"') {
                    at += 1;
                    continue;
                }
                let end = format!("\"{}", "#".repeat(hashes));
                at += 2 + hashes;
                while at < text.len() && !starts(at, &end) {
                    at += 1;
                }
                at += end.len();
            } else if text[at] == '"' {
                at += 1;
                while at < text.len() && text[at] != '"' {
                    at += if text[at] == '\\' { 2 } else { 1 };
                }
                at += 1;
            } else if text[at] == '\'' && (text.get(at + 1) == Some(&'\\') || text.get(at + 2) == Some(&'\'')) {
                at += if text.get(at + 1) == Some(&'\\') { 3 } else { 2 };
                while at < text.len() && text[at] != '\'' {
                    at += 1;
                }
                at += 1;
            } else {
                at += 1;
                continue;
            }
            blank(&mut out, from, at);
        }
        out
    }

    fn word_before(text: &[char], at: usize) -> bool {
        at > 0 && (text[at - 1].is_alphanumeric() || text[at - 1] == '_')
    }

    /// Blanks what `#[cfg(test)]` guards. `raw` is the text with its strings, for `#[path = "…"]`. Gives the paths of
    /// modules that are files of their own.
    fn without_tests(path: &str, raw: &str, code: &mut [char]) -> Vec<String> {
        let raw: Vec<char> = raw.chars().collect();
        let attribute: Vec<char> = "#[cfg(test)]".chars().collect();
        let mut files = Vec::new();
        let mut at = 0;
        while at + attribute.len() <= code.len() {
            if code[at..at + attribute.len()] != attribute[..] {
                at += 1;
                continue;
            }
            let mut end = at + attribute.len();
            while code[end] != ';' && code[end] != '{' {
                end += 1;
            }
            let head: String = raw[at..end].iter().collect();
            if code[end] == ';' {
                if let Some((_, name)) = head.rsplit_once("mod ") {
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    match head.split_once("#[path = \"").and_then(|(_, rest)| rest.split_once('"')) {
                        Some((file, _)) => files.push(format!("{folder}/{file}")),
                        None => files.extend([format!("{folder}/{name}.rs"), format!("{folder}/{name}/")]),
                    }
                }
            } else {
                let mut depth = 1;
                while depth > 0 {
                    end += 1;
                    match code[end] {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                }
            }
            for character in &mut code[at..=end] {
                if *character != '\n' {
                    *character = ' ';
                }
            }
            at = end;
        }
        files
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

    /// All files of the rooms, without their tests.
    pub(crate) fn sources() -> Vec<Source> {
        let folder = root().join("src");
        let mut files = Vec::new();
        files_below(&folder, &mut files);
        let (mut sources, mut tests) = (Vec::new(), Vec::new());
        for file in files {
            let below = file.strip_prefix(&folder).unwrap();
            let path = below.components().map(|part| part.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/");
            let raw = std::fs::read_to_string(&file).unwrap();
            let mut code = code_of(&raw);
            tests.extend(without_tests(&path, &raw, &mut code));
            if path.contains('/') {
                sources.push(Source { path, code });
            }
        }
        sources.retain(|source| {
            !tests
                .iter()
                .any(|test| if test.ends_with('/') { source.path.starts_with(test) } else { source.path == *test })
        });
        sources
    }

    fn may_import(room: &str) -> Option<&'static [&'static str]> {
        ROOMS.iter().find(|(name, ..)| *name == room).map(|(_, imports, _)| *imports)
    }

    pub(crate) fn report(problems: &[String]) {
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }

    #[test]
    fn rooms_import_what_the_table_lets_them() {
        let mut problems = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for source in sources() {
            let room = source.room().to_owned();
            seen.insert(room.clone());
            let Some(allowed) = may_import(&room) else {
                problems.push(format!("src/{}: the room `{room}` is not in the table", source.path));
                continue;
            };
            for (named, at) in source.rooms_named() {
                if named != room && !allowed.contains(&named.as_str()) {
                    problems.push(format!("src/{}:{}: `{room}` names `{named}`", source.path, source.line(at)));
                }
            }
        }
        report(&problems);
        let rooms: BTreeSet<String> = ROOMS.iter().map(|(room, ..)| (*room).to_owned()).collect();
        assert_eq!(seen, rooms, "the folders of src and the rooms of the table");
    }

    #[test]
    fn the_table_has_no_circle() {
        for (at, (room, imports, _)) in ROOMS.iter().enumerate() {
            for import in *imports {
                assert!(ROOMS[..at].iter().any(|(above, ..)| above == import), "`{room}` and `{import}`");
            }
        }
    }

    #[test]
    fn pure_rooms_touch_nothing_outside() {
        let mut problems = Vec::new();
        for source in sources() {
            let parts: Vec<&str> = source.path.split('/').collect();
            let pure = ROOMS.iter().any(|(room, _, pure)| *room == parts[0] && *pure);
            let decoder = parts[0] == "hosts" && parts.len() > 2;
            if !pure && !decoder {
                continue;
            }
            for (segment, at) in source.after("std::") {
                let path = format!("std::{segment}");
                if IMPURE.contains(&path.as_str()) {
                    problems.push(format!("src/{}:{}: names `{path}`", source.path, source.line(at)));
                }
            }
            for path in IMPURE {
                for at in source.find(path) {
                    problems.push(format!("src/{}:{}: names `{path}`", source.path, source.line(at)));
                }
            }
        }
        problems.sort();
        problems.dedup();
        report(&problems);
    }

    /// The headers that a file of the vocabulary names, by their constants.
    fn headers_named(file: &str) -> BTreeMap<String, String> {
        let text = std::fs::read_to_string(root().join("src/vocabulary").join(file)).unwrap();
        let row = |line: &str| {
            let (constant, rest) = line.strip_prefix("pub const ")?.split_once(": Header = Header::new(\"")?;
            Some((constant.to_owned(), rest.split_once('"')?.0.to_owned()))
        };
        text.lines().filter_map(row).collect()
    }

    /// What no row keeps would be missing from a recorded answer.
    #[test]
    fn decoders_read_only_headers_that_rows_keep() {
        let standard = headers_named("headers.rs");
        assert_eq!(standard.len(), STANDARD.len());
        let (mut problems, mut read) = (Vec::new(), 0);
        for source in sources().into_iter().filter(|source| source.room() == "hosts") {
            let host = HOSTS.iter().find(|host| source.path.starts_with(&format!("hosts/{}/", host.word)));
            let own = host.map(|host| headers_named(&format!("{}/headers.rs", host.word))).unwrap_or_default();
            for (constant, at) in source.after("header(") {
                let kept = |name: &String| {
                    let rows = host
                        .iter()
                        .flat_map(|host| host.requests.iter().chain(host.proofs.iter().map(|proof| &proof.request)));
                    rows.into_iter().all(|row| row.headers.iter().any(|header| header.is(name)))
                };
                read += 1;
                if !standard.contains_key(&constant) && !own.get(&constant).is_some_and(kept) {
                    problems.push(format!("src/{}:{}: reads `{constant}`", source.path, source.line(at)));
                }
            }
        }
        report(&problems);
        assert!(read > 20, "{read}");
    }

    #[test]
    fn pest_and_miette_stay_where_they_belong() {
        let mut problems = Vec::new();
        for source in sources() {
            for (name, home) in [
                ("pest", "language/syntax/"),
                ("pest_derive", "language/syntax/"),
                ("miette", "diagnostic/"),
                ("reqwest", "transport/"),
                ("clap", "commands/"),
            ] {
                if source.path.starts_with(home) {
                    continue;
                }
                for at in source.find(&format!("{name}::")) {
                    problems.push(format!("src/{}:{}: names `{name}`", source.path, source.line(at)));
                }
            }
        }
        report(&problems);
    }

    #[test]
    fn the_page_has_the_same_table() {
        let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
        let rows: Vec<(String, BTreeSet<String>, String)> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .map(|line| {
                let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
                let quoted = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
                let imports = match cells[2] {
                    "everything" => {
                        ROOMS.iter().map(|(room, ..)| (*room).to_owned()).filter(|r| r != "commands").collect()
                    }
                    cell => quoted(cell).into_iter().collect(),
                };
                (quoted(cells[0])[0].clone(), imports, cells[3].to_owned())
            })
            .collect();
        let wanted: Vec<(String, BTreeSet<String>, String)> = ROOMS
            .iter()
            .map(|(room, imports, pure)| {
                let imports = imports.iter().map(|import| (*import).to_owned()).collect();
                ((*room).to_owned(), imports, if *pure { "yes" } else { "no" }.to_owned())
            })
            .collect();
        assert_eq!(rows, wanted);
    }

    #[test]
    fn the_reader_of_sources_sees_what_is_there() {
        let text = "use crate::{facts::Value, text::{self, secret}};\n// crate::commands\nlet x = \"crate::hosts\";\n\
                    fn f() -> super::super::report::Report { crate::plan::f() }\nuse std::{fmt, fs};\nlet c = '\"';\n\
                    #[cfg(test)]\nmod tests { use crate::simulator; }\n#[cfg(test)]\n#[path = \"t.rs\"]\nmod tests;\n\
                    let r = r#\"crate::settings \"#; crate::diagnostic::x();";
        let mut code = code_of(text);
        let files = without_tests("language/a.rs", text, &mut code);
        assert_eq!(files, ["language/t.rs"]);
        let source = Source { path: "language/a.rs".into(), code };
        let named: BTreeMap<String, usize> =
            source.rooms_named().into_iter().map(|(name, at)| (name, source.line(at))).collect();
        let wanted = [("diagnostic", 12), ("facts", 1), ("plan", 4), ("report", 4), ("text", 1)];
        assert_eq!(named, wanted.into_iter().map(|(name, line)| (name.to_owned(), line)).collect());
        let std: Vec<String> = source.after("std::").into_iter().map(|(name, _)| name).collect();
        assert_eq!(std, ["fmt", "fs"]);
    }
}
