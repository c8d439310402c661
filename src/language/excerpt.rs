//! A ready-made policy's own text, cut down to some kinds of host: what `credcheck init` starts from, so that there is no
//! second copy of what a bot needs.

use super::ast::{self, ExpectedOutcome, Item, TestLine};
use super::syntax::{self, Role, Token};
use crate::text::source::SourceId;
use crate::vocabulary::{self, HOSTS, HostKind};

/// The parts of a policy that speak of some kinds of host, each as it is written, its comments before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The header, without the comments at the head of the file.
    pub header: Option<String>,
    /// Constants and inputs that the rest names. They begin with an empty line where they are set apart.
    pub declarations: Vec<String>,
    /// The host blocks, their headers narrowed to the kinds.
    pub blocks: Vec<String>,
    /// The first test of each kind, and the first in which something of it is found wrong.
    pub tests: Vec<String>,
    /// How many further tests of these kinds there are.
    pub more_tests: usize,
    /// The kinds that the whole policy speaks of, in the order of the vocabulary.
    pub speaks_of: Vec<HostKind>,
}

/// Cuts a policy's text down to what it says of these kinds of host. A text with errors gives what could be read.
pub fn excerpt(text: &str, kinds: &[HostKind]) -> Excerpt {
    let (parsed, tokens) = syntax::parse_with_tokens(SourceId(0), text);
    let file = &parsed.file;
    let mut segments = segments(&tokens).into_iter();
    let mut excerpt = Excerpt { speaks_of: speaks_of(file), ..Excerpt::default() };
    if file.header.is_some() {
        excerpt.header = segments.next().and_then(|segment| text.get(segment.start..segment.end)).map(str::to_owned);
    }
    let mut declared: Vec<(&str, String)> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut seen: Vec<(HostKind, bool)> = Vec::new();
    for (item, segment) in file.items.iter().zip(segments) {
        let whole = || text.get(segment.with_comments..segment.end).unwrap_or("").to_owned();
        match item {
            Item::Let { name, .. } | Item::Input { name, .. } => {
                let blank = if segment.apart { "\n" } else { "" };
                declared.push((&name.value, format!("{blank}{}", whole())));
            }
            Item::Host(block) => {
                let Some(narrowed) = narrowed(block, kinds) else { continue };
                let start = block.kinds.first().map_or(0, |word| word.span.start as usize);
                let end = block.kinds.last().map_or(0, |word| word.span.end as usize);
                let before = text.get(segment.with_comments..start).unwrap_or("");
                let after = text.get(end..segment.end).unwrap_or("");
                excerpt.blocks.push(format!("{before}{narrowed}{after}"));
                names.extend(words(text, segment.tokens));
            }
            Item::Test(test) => {
                let Some(kind) = tested(test).filter(|kind| kinds.contains(kind)) else { continue };
                let wrong = finds_something(test);
                if seen.contains(&(kind, wrong)) {
                    excerpt.more_tests += 1;
                    continue;
                }
                seen.push((kind, wrong));
                excerpt.tests.push(text.get(segment.start..segment.end).unwrap_or("").to_owned());
                names.extend(words(text, segment.tokens));
            }
            Item::Broken(_) | Item::Use { .. } | Item::Waive(_) => {}
        }
    }
    excerpt.declarations =
        declared.into_iter().filter(|(name, _)| names.contains(name)).map(|(_, text)| text).collect();
    excerpt
}

/// The kinds that a policy's blocks speak of.
fn speaks_of(file: &ast::File) -> Vec<HostKind> {
    let words: Vec<&str> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Host(block) => Some(block.kinds.iter().map(|kind| kind.value.as_str())),
            _ => None,
        })
        .flatten()
        .collect();
    let named = |host: &vocabulary::Host| words.iter().any(|word| *word == host.word || *word == "any");
    HOSTS.iter().filter(|host| named(host)).map(|host| host.kind).collect()
}

/// The kinds of a block's header that are among these; `None` where it speaks of none of them.
fn narrowed(block: &ast::HostBlock, kinds: &[HostKind]) -> Option<String> {
    let among = |word: &str| vocabulary::host_kind(word).is_some_and(|kind| kinds.contains(&kind));
    if block.kinds.iter().any(|word| word.value == "any") {
        return Some(kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", "));
    }
    let words: Vec<&str> = block.kinds.iter().map(|word| word.value.as_str()).filter(|word| among(word)).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn tested(test: &ast::TestBlock) -> Option<HostKind> {
    test.lines.iter().find_map(|line| match line {
        TestLine::Host(word) => vocabulary::host_kind(&word.value),
        _ => None,
    })
}

/// Whether a test expects a violation or warning.
fn finds_something(test: &ast::TestBlock) -> bool {
    let wrong = [ExpectedOutcome::Violation, ExpectedOutcome::Warning];
    test.lines.iter().any(|line| matches!(line, TestLine::Expect(outcome, _) if wrong.contains(&outcome.value)))
}

/// Everything that is written but comments.
fn words<'t>(text: &'t str, tokens: &[Token]) -> impl Iterator<Item = &'t str> {
    let written = tokens.iter().filter(|token| token.role != Role::Comment);
    written.filter_map(move |token| text.get(token.start..token.end))
}

/// The place of an item of a file.
struct Segment<'t> {
    /// Where the comments before it begin.
    with_comments: usize,
    /// Where it begins itself.
    start: usize,
    /// Where it ends, with a comment on its last line.
    end: usize,
    /// Whether an empty line stands before it.
    apart: bool,
    tokens: &'t [Token],
}

/// The header and items, in order.
fn segments(tokens: &[Token]) -> Vec<Segment<'_>> {
    let mut segments: Vec<Segment<'_>> = Vec::new();
    let mut depth = 0_usize;
    // The first token of the comments before the next item, and the item that is open: its first token.
    let (mut comments, mut open) = (None, None);
    for (at, token) in tokens.iter().enumerate() {
        let begins = depth == 0 && matches!(token.role, Role::Starts(_));
        let between = depth == 0 && token.role == Role::Comment && token.newlines > 0;
        if (begins || between)
            && let Some((first, start)) = open.take()
        {
            segments.extend(segment(tokens, first, start, at));
        }
        if begins {
            open = Some((comments.take().unwrap_or(at), at));
        } else if between {
            comments = comments.or(Some(at));
        }
        match token.role {
            Role::BlockOpen => depth += 1,
            Role::BlockClose => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if let Some((first, start)) = open {
        segments.extend(segment(tokens, first, start, tokens.len()));
    }
    segments
}

fn segment(tokens: &[Token], first: usize, start: usize, end: usize) -> Option<Segment<'_>> {
    let (before, own) = (tokens.get(first)?, tokens.get(start..end)?);
    Some(Segment {
        with_comments: before.start,
        start: own.first()?.start,
        end: own.last()?.end,
        apart: before.newlines > 1,
        tokens: own,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# Head.

policy "x" { edition = 1 } # short

# Names.
input names: strings = ["*-bot"]
input other: bool    = true

let unused = 7d

# Both.
host github, gitlab {
  prefer user.username like names # why
}

host gitlab {
  rule open { require token.active  because "other" }
}

# ---- tests
test "a" {
  given host gitlab
  expect pass of open
}
test "b" {
  given host gitlab
  given token.active = false
  expect violation of open
}
test "c" {
  given host gitlab
  given token.active = true
  expect pass of open
}
"#;

    #[test]
    fn a_kind_gets_its_blocks_the_names_they_use_and_first_tests() {
        let cut = excerpt(TEXT, &[HostKind::GitHub]);
        assert_eq!(cut.header.as_deref(), Some("policy \"x\" { edition = 1 } # short"));
        assert_eq!(cut.declarations, ["\n# Names.\ninput names: strings = [\"*-bot\"]"]);
        assert_eq!(cut.blocks, ["# Both.\nhost github {\n  prefer user.username like names # why\n}"]);
        assert_eq!((cut.tests.len(), cut.more_tests), (0, 0));
        assert_eq!(cut.speaks_of, [HostKind::GitHub, HostKind::GitLab]);

        let cut = excerpt(TEXT, &[HostKind::GitLab, HostKind::GitHub]);
        assert_eq!(cut.blocks.len(), 2);
        assert!(cut.blocks.first().unwrap().contains("host github, gitlab {"));
        assert_eq!((cut.tests.len(), cut.more_tests), (2, 1));
        assert!(cut.tests.first().unwrap().starts_with("test \"a\" {"), "{:?}", cut.tests);
        assert_eq!(cut.declarations.len(), 1, "a word in a string is no use of a name");
    }

    #[test]
    fn any_becomes_the_kinds_and_a_broken_text_gives_what_there_is() {
        let cut = excerpt("host any {\n  require token.active\n}\n", &[HostKind::BitbucketCloud]);
        assert_eq!(cut.blocks, ["host bitbucket_cloud {\n  require token.active\n}"]);
        assert_eq!(cut.speaks_of.len(), HOSTS.len());
        for text in ["", "#", "host", "host github {", "}", "policy \"x\" {", "test \"\u{0}\" {}"] {
            let _ = excerpt(text, &[HostKind::GitHub]);
        }
    }
}
