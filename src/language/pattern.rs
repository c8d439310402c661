//! Regular expressions of a policy: whole strings, in linear time and with a known size.

use regex_automata::meta::{Builder, Config, Regex};
use regex_automata::util::syntax;
use regex_automata::{Input, nfa::thompson::WhichCaptures};

/// The most bytes of one compiled pattern.
const LARGEST: usize = 1 << 18;
/// A pattern may nest so deep.
const DEEPEST: u32 = 50;

/// A pattern that matches whole strings, compiled.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PatternError {
    /// It cannot be read.
    #[error("{0}")]
    Syntax(String),
    /// It alone would be too large.
    #[error("it would become too large")]
    TooLarge,
    /// It is one too many: with the patterns before it.
    #[error("with it they would be larger than that")]
    NoRoom,
}

impl Pattern {
    /// Compiles a pattern; `room` is what is left for it, in bytes, and gets less by what it takes.
    ///
    /// # Errors
    /// [`PatternError`].
    pub(super) fn compile(pattern: &str, room: &mut usize) -> Result<Self, PatternError> {
        let syntax = syntax::Config::new().nest_limit(DEEPEST);
        // By itself first: `a)|(b` would be a pattern only inside of the group, and not match whole strings.
        syntax::parse_with(pattern, &syntax).map_err(|error| syntax_error(&error.to_string()))?;
        let text = format!("^(?:{pattern})$");
        // The engines that are left out are faster on long texts, and ours are names; each would keep tables of its own.
        let most = LARGEST.min(*room);
        let config = Config::new()
            .nfa_size_limit(Some(most))
            .which_captures(WhichCaptures::Implicit)
            .hybrid(false)
            .dfa(false)
            .onepass(false)
            .backtrack(false);
        let regex = Builder::new().syntax(syntax).configure(config).build(&text).map_err(|error| {
            match error.syntax_error() {
                Some(error) => syntax_error(&error.to_string()),
                None if most < LARGEST => PatternError::NoRoom,
                None => PatternError::TooLarge,
            }
        })?;
        *room = room.checked_sub(regex.memory_usage()).ok_or(PatternError::NoRoom)?;
        Ok(Self { text, regex })
    }

    /// Whether it matches a whole text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(Input::new(text))
    }

    /// The pattern, anchored at both ends.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The last line of such a message says what is wrong; those before repeat the pattern.
fn syntax_error(message: &str) -> PatternError {
    PatternError::Syntax(message.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(pattern: &str) -> Result<Pattern, PatternError> {
        Pattern::compile(pattern, &mut (1 << 24))
    }

    #[test]
    fn whole_strings_match() {
        let pattern = compile("acme-.*|b").unwrap();
        assert!(pattern.is_match("acme-infra") && pattern.is_match("b"));
        assert!(!pattern.is_match("acme-infra\n") && !pattern.is_match("xb") && !pattern.is_match(""));
        assert!(compile("(?i)É").unwrap().is_match("é"));
        assert_eq!(compile("a)|(b").unwrap_err().to_string(), "unopened group");
        assert_eq!(compile(r"(\w{200}){50}").unwrap_err(), PatternError::TooLarge);
        assert!(matches!(compile(&format!("{}a{}", "(".repeat(60), ")".repeat(60))), Err(PatternError::Syntax(_))));
    }

    #[test]
    fn all_patterns_together_have_so_much_room() {
        let (mut room, mut kept) = (1 << 20, Vec::new());
        let error = loop {
            match Pattern::compile(r"\w{5}", &mut room) {
                Ok(pattern) => kept.push(pattern),
                Err(error) => break error,
            }
        };
        assert_eq!(error, PatternError::NoRoom);
        let taken: usize = kept.iter().map(|pattern| pattern.regex.memory_usage()).sum();
        assert!(kept.len() > 1 && taken <= 1 << 20, "{} take {taken}", kept.len());
        // A small one may still have room.
        assert!(Pattern::compile("a", &mut room).is_ok());
    }
}
