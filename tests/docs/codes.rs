//! The pages of codes, which `credcheck explain` shows: complete, of one shape, and true.
//!
//! A block with `bad` brings its page's code and one with `good` brings nothing. `file=NAME` may be imported by the block of
//! its kind that has none; `set=NAME=VALUE` gives an input, `bind` gives none; `escaped` has `\u{…}` and `\xFF`.

use std::collections::{BTreeMap, BTreeSet};

use credcheck::diagnostic::{Code, Diagnostic};
use credcheck::facts::{GivenInput, InputText, Origin};
use credcheck::language::{CheckOptions, OpenError, Opened, PolicyStore, bind_inputs, check, lint::lint, load};
use credcheck::text::source::SourceMap;

use crate::pages::{Block, Page, blocks_of, read, root};
use crate::settings::settle;
use crate::simulated::credcheck;

/// Codes of the language whose example does not fit on a page, or must not stand on one.
const TOLD: [Code; 6] = [
    Code::TooLarge,
    Code::TooDeep,
    Code::TooManyProblems,
    Code::LiteralToken,
    Code::TooManyFiles,
    Code::WaiverEndsSoon,
];

struct Files(BTreeMap<String, Vec<u8>>);

impl PolicyStore for Files {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        let folder = from.and_then(|from| from.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let id = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let bytes = self.0.get(&id).ok_or(OpenError::NotFound)?;
        Ok(Opened { id: id.clone(), name: id, bytes: bytes.clone() })
    }
}

fn page(code: Code) -> Page {
    let name = format!("docs/codes/{}.md", code.number());
    Page { text: read(&name), name }
}

fn word<'a>(block: &'a Block, start: &str) -> Option<&'a str> {
    block.info.iter().find_map(|word| word.strip_prefix(start))
}

/// `\u{…}` is a character, `\xFF` a byte.
fn unescaped(text: &str) -> Vec<u8> {
    let mut pieces = text.split('\\');
    let mut out = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        let rest = if let Some(digits) = piece.strip_prefix("u{") {
            let (digits, rest) = digits.split_once('}').unwrap();
            let character = char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap();
            out.extend(character.to_string().bytes());
            rest
        } else {
            let (digits, rest) = piece.strip_prefix('x').unwrap().split_at(2);
            out.push(u8::from_str_radix(digits, 16).unwrap());
            rest
        };
        out.extend(rest.bytes());
    }
    out
}

/// What loading, checking and binding say of the blocks of a page with these words.
fn problems(blocks: &[&Block], linted: bool) -> Vec<Diagnostic> {
    let mut files = Files(BTreeMap::new());
    for block in blocks {
        let bytes = if block.has("escaped") { unescaped(&block.text) } else { block.text.clone().into_bytes() };
        files.0.insert(word(block, "file=").unwrap_or("main.pol").to_owned(), bytes);
    }
    let mut sources = SourceMap::new();
    let (program, found) = load(&["main.pol".to_owned()], &files, &mut sources);
    let (policy, mut found) = check(&program, &sources, found, CheckOptions::default());
    let main = blocks.iter().find(|block| word(block, "file=").is_none()).expect("a block without `file=`");
    let set = word(main, "set=");
    if found.is_empty() && (set.is_some() || main.has("bind")) {
        let given: Vec<GivenInput> = set
            .and_then(|set| set.split_once('='))
            .map(|(name, value)| GivenInput {
                name: name.to_owned(),
                value: InputText::One(value.to_owned()),
                origin: Origin::Option("--set"),
            })
            .into_iter()
            .collect();
        found.extend(bind_inputs(&policy, &given).err().unwrap_or_default());
    }
    if linted && found.is_empty() {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        found.extend(lint(&policy, &program, &sources, Vec::new(), now).into_iter().map(|finding| finding.diagnostic));
    }
    found
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let mut pages: BTreeSet<String> = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("docs/codes")).unwrap() {
        pages.insert(entry.unwrap().file_name().into_string().unwrap());
    }
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{}.md", code.number())).collect();
    assert_eq!(pages, codes);
}

#[test]
fn pages_have_one_shape() {
    for code in Code::ALL.iter().copied() {
        let page = page(code);
        assert_eq!(page.text, code.page(), "what is compiled in is what stands in docs");
        let first = page.text.lines().next().unwrap();
        assert_eq!(first, format!("# {} {}", code.number(), code.name()));
        let headings: Vec<&str> = page.text.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(headings, ["## Meaning", "## Why", "## How to mend", "## Example"], "{}", page.name);
        for section in page.text.split("\n## ").skip(1) {
            let (heading, text) = section.split_once('\n').unwrap();
            assert!(text.trim().len() > 20, "{}: `{heading}` says nothing", page.name);
        }
        assert!(!blocks_of(&page).is_empty(), "{}: no example", page.name);
        assert!(page.text.lines().all(|line| line.chars().count() <= 120), "{}: a long line", page.name);
    }
}

#[test]
fn examples_bring_their_code_and_mended_ones_do_not() {
    for code in Code::ALL.iter().copied() {
        let page = page(code);
        let blocks = blocks_of(&page);
        let of = |language: &str, word: &str| -> Vec<&Block> {
            blocks.iter().filter(|block| block.is(language) && block.has(word)).collect()
        };
        for block in blocks.iter().filter(|block| block.is("pol") && !block.has("bad") && !block.has("good")) {
            let found = problems(&[block], false);
            assert!(found.is_empty(), "{}: {found:#?}", block.place());
        }
        for block in blocks.iter().filter(|block| block.is("toml") && !block.has("bad")) {
            settle(&block.text).unwrap_or_else(|problems| panic!("{}: {problems}", block.place()));
        }
        for block in of("toml", "bad") {
            let told = settle(&block.text).err().unwrap_or_default();
            assert!(told.contains(code.number()), "{}: {told}", block.place());
        }
        let linted = code.number() > "C1000";
        let language = linted || code.number() < "C0400" || code == Code::WaiverBuiltin;
        let (bad, good) = (of("pol", "bad"), of("pol", "good"));
        if !language || TOLD.contains(&code) {
            assert!(bad.is_empty() && good.is_empty(), "{}", page.name);
            continue;
        }
        let found = problems(&bad, linted);
        assert!(!found.is_empty() && found.iter().all(|one| one.code == code), "{}: {found:#?}", page.name);
        let found = problems(&good, linted);
        assert!(found.is_empty(), "{}: {found:#?}", page.name);
    }
}

#[test]
fn every_page_is_shown_whole() {
    for code in Code::ALL.iter().copied() {
        let ran = credcheck(&["explain", &code.number().to_lowercase()], &[], &root());
        assert_eq!((ran.code, ran.errors.as_str()), (0, ""), "{}", code.number());
        let words = |text: &str| -> Vec<String> {
            text.split(|character: char| !character.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let shown = words(&ran.output);
        for line in code.page().lines().filter(|line| !line.starts_with("```")) {
            for word in words(line) {
                assert!(shown.contains(&word), "{}: `{word}` of `{line}` is not shown\n{}", code.number(), ran.output);
            }
        }
        assert!(ran.output.starts_with(&format!("{} {} ({})\n", code.number(), code.name(), code.severity().word())));
    }
}
