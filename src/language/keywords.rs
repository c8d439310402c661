//! The words of the language, each once, with what is said of it where it stands in the wrong place.

/// A word of the language. None may name a constant, input, rule or variable.
pub(super) struct Keyword {
    pub(super) word: &'static str,
    pub(super) role: Role,
}

/// What a word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It begins a block or an item, which a missing brace before it swallows.
    Block(Home),
    /// It begins a statement, a clause or a line.
    Line(Home),
    /// It begins a part of an item; the form of that part.
    Part(&'static str),
    /// It stands between or before operands.
    Operator,
    /// Anything else.
    Other,
}

/// Where a word belongs, as in "`rule` stands in a host block".
type Home = &'static str;

const FILE: Home = "at the top of a file";
const STATEMENT: Home = "in a rule or host block";
const CLAUSE: Home = "in a rule, below its statements";
const TEST: Home = "in a test";
const ON_UNKNOWN: &str = "`on unknown warn because \"…\"`";

/// All of them. The operators stand in the order in which a near one is looked for.
pub(super) const KEYWORDS: [Keyword; 49] = [
    Keyword { word: "policy", role: Role::Block(FILE) },
    Keyword { word: "let", role: Role::Block(FILE) },
    Keyword { word: "input", role: Role::Block(FILE) },
    Keyword { word: "use", role: Role::Block(FILE) },
    Keyword { word: "host", role: Role::Block(FILE) },
    Keyword { word: "waive", role: Role::Block(FILE) },
    Keyword { word: "test", role: Role::Block(FILE) },
    Keyword { word: "rule", role: Role::Block("in a host block") },
    Keyword { word: "each", role: Role::Block("in a host block, around rules") },
    Keyword { word: "when", role: Role::Line("in a rule, or around rules with `{ … }`") },
    Keyword { word: "require", role: Role::Line(STATEMENT) },
    Keyword { word: "forbid", role: Role::Line(STATEMENT) },
    Keyword { word: "prefer", role: Role::Line(STATEMENT) },
    Keyword { word: "avoid", role: Role::Line(STATEMENT) },
    Keyword { word: "because", role: Role::Line(CLAUSE) },
    Keyword { word: "fix", role: Role::Line(CLAUSE) },
    Keyword { word: "see", role: Role::Line(CLAUSE) },
    Keyword { word: "on", role: Role::Line("in a rule") },
    Keyword { word: "given", role: Role::Line(TEST) },
    Keyword { word: "expect", role: Role::Line(TEST) },
    Keyword { word: "except", role: Role::Part("`use \"base.pol\" except [rule-name]`") },
    Keyword { word: "until", role: Role::Part("`until 2026-12-31`, a date without quotes") },
    Keyword { word: "by", role: Role::Part("`by \"who answers for it\"`") },
    Keyword { word: "credential", role: Role::Part("`credential \"atlantis-*\"`") },
    Keyword { word: "repository", role: Role::Part("`repository \"acme/infra\"`") },
    Keyword { word: "at", role: Role::Part("`at \"*.acme.dev\"`") },
    Keyword { word: "unknown", role: Role::Part(ON_UNKNOWN) },
    Keyword { word: "warn", role: Role::Part(ON_UNKNOWN) },
    Keyword { word: "and", role: Role::Operator },
    Keyword { word: "or", role: Role::Operator },
    Keyword { word: "in", role: Role::Operator },
    Keyword { word: "not", role: Role::Operator },
    Keyword { word: "covers", role: Role::Operator },
    Keyword { word: "within", role: Role::Operator },
    Keyword { word: "overlaps", role: Role::Operator },
    Keyword { word: "like", role: Role::Operator },
    Keyword { word: "matches", role: Role::Operator },
    Keyword { word: "is", role: Role::Operator },
    Keyword { word: "organization", role: Role::Other },
    Keyword { word: "now", role: Role::Other },
    Keyword { word: "of", role: Role::Other },
    Keyword { word: "absent", role: Role::Other },
    Keyword { word: "satisfies", role: Role::Other },
    Keyword { word: "count", role: Role::Other },
    Keyword { word: "any", role: Role::Other },
    Keyword { word: "all", role: Role::Other },
    Keyword { word: "true", role: Role::Other },
    Keyword { word: "false", role: Role::Other },
    Keyword { word: "never", role: Role::Other },
];

/// What begins an item of a file.
pub(super) fn items() -> Vec<&'static str> {
    having(Role::Block(FILE))
}

/// What begins a statement.
pub(super) fn verbs() -> Vec<&'static str> {
    having(Role::Line(STATEMENT))
}

/// What begins a line of a test.
pub(super) fn test_lines() -> Vec<&'static str> {
    having(Role::Line(TEST))
}

/// What begins something in a host block.
pub(super) fn nodes() -> Vec<&'static str> {
    [vec!["rule", "when", "each"], verbs()].concat()
}

/// What begins a clause below a statement.
pub(super) fn clauses() -> Vec<&'static str> {
    [having(Role::Line(CLAUSE)), vec!["on"]].concat()
}

/// What begins something in a rule.
pub(super) fn lines() -> Vec<&'static str> {
    [verbs(), vec!["when"], clauses()].concat()
}

/// What begins a part of a waiver.
pub(super) fn parts_of_waivers() -> Vec<&'static str> {
    vec!["credential", "repository", "until", "because", "by"]
}

/// What stands before what a statement asks for.
pub(super) fn before_expressions() -> Vec<&'static str> {
    [verbs(), vec!["when"]].concat()
}

fn having(role: Role) -> Vec<&'static str> {
    KEYWORDS.iter().filter(|keyword| keyword.role == role).map(|keyword| keyword.word).collect()
}

/// What a word does; `None` where it is no word of the language.
pub(super) fn role(word: &str) -> Option<Role> {
    KEYWORDS.iter().find(|keyword| keyword.word == word).map(|keyword| keyword.role)
}

/// Whether a word is an operator.
pub(super) fn is_operator(word: &str) -> bool {
    role(word) == Some(Role::Operator)
}

/// The operators that are words.
pub(super) fn operators() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().filter(|keyword| keyword.role == Role::Operator).map(|keyword| keyword.word)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The words in quotes of a piece of the grammar.
    fn words(grammar: &str) -> BTreeSet<&str> {
        // Without what is escaped, quotes come in pairs.
        let quoted = grammar.split('"').skip(1).step_by(2);
        quoted.filter(|text| text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_lowercase())).collect()
    }

    #[test]
    fn what_stands_together_is_of_the_language() {
        let groups = [items(), nodes(), lines(), test_lines(), parts_of_waivers(), before_expressions()];
        for group in &groups {
            assert!(group.iter().all(|word| role(word).is_some()), "{group:?}");
            assert_eq!(group.iter().collect::<BTreeSet<_>>().len(), group.len(), "{group:?}");
        }
        // Every word that begins a block or a line begins it somewhere.
        let begins = |keyword: &&Keyword| matches!(keyword.role, Role::Block(_) | Role::Line(_));
        for keyword in KEYWORDS.iter().filter(begins) {
            assert!(groups.iter().flatten().any(|word| *word == keyword.word), "{}", keyword.word);
        }
    }

    #[test]
    fn the_grammar_has_the_same_words() {
        let grammar = include_str!("../../grammar/credcheck.pest").replace("\\\\", "").replace("\\\"", "");
        let keywords: BTreeSet<&str> = KEYWORDS.iter().map(|keyword| keyword.word).collect();
        assert_eq!(keywords.len(), KEYWORDS.len());
        // What tests expect and what a fact may be in them are words there only.
        let of_tests = BTreeSet::from(["applicable", "else", "inapplicable", "nothing"]);
        let in_grammar: BTreeSet<&str> = words(&grammar).difference(&of_tests).copied().collect();
        // The grammar reads these as any path, and their meaning comes later.
        let values = BTreeSet::from(["true", "false", "never"]);
        assert_eq!(in_grammar, keywords.difference(&values).copied().collect());
        // What begins a line or joins operands never begins an operand.
        let reserved = grammar.split_once("reserved = _{").and_then(|(_, rest)| rest.split_once('}')).unwrap().0;
        let begins = |keyword: &&Keyword| !matches!(keyword.role, Role::Part(_) | Role::Other);
        let mut wanted: BTreeSet<&str> = KEYWORDS.iter().filter(begins).map(|keyword| keyword.word).collect();
        wanted.insert("satisfies");
        assert_eq!(words(reserved), wanted);
    }
}
