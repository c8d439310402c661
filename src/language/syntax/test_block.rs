//! Tests in policies: pairs → AST.

use pest::iterators::Pair;

use super::super::ast::{ExpectedOutcome, Given, TestBlock, TestLine, Word};
use super::item::is_product;
use super::junk::Context;
use super::words::shorten;
use super::{Node, Reader, children};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::Spanned;

impl Reader<'_> {
    pub(super) fn test(&mut self, pair: Pair<'_, Node>) -> Option<TestBlock> {
        let mut parts = children(pair);
        let header = parts.next()?;
        let span = self.trimmed(&header);
        let mut name = None;
        for child in children(header) {
            match child.as_rule() {
                Node::string => name = Some(self.string(&child)),
                Node::header_junk => self.header_junk(&child, "`test \"what it shows\" {`"),
                _ => {}
            }
        }
        let (mut lines, mut broken) = (Vec::new(), false);
        for child in parts {
            if child.as_rule() == Node::junk {
                self.junk(&child, Context::Test);
                broken = true;
            } else {
                let line = self.test_line(child);
                broken |= line.is_none();
                let product = line.as_ref().and_then(|line| match line {
                    TestLine::Host(word) => is_product(word),
                    _ => None,
                });
                lines.extend(line);
                // A host that is a product says so.
                lines.extend(product.map(|(fact, value)| {
                    let span = value.span;
                    TestLine::Fact(fact, Given::Value(value), span)
                }));
            }
        }
        if name.is_none() {
            self.missing(span, "the test has no name", "write `test \"a token without repo is refused\" { … }`");
        }
        Some(TestBlock { name: name?, lines, span, broken })
    }

    fn test_line(&mut self, pair: Pair<'_, Node>) -> Option<TestLine> {
        let span = self.trimmed(&pair);
        let which = pair.as_rule();
        let mut parts = children(pair);
        match which {
            Node::given_host => {
                let kind = parts.find(|part| part.as_rule() == Node::kind)?;
                self.kind(kind).map(TestLine::Host)
            }
            Node::given_credential => {
                let mut texts = strings(self, parts);
                let name = texts.next()?;
                let at = texts.next();
                Some(TestLine::Credential(name, at))
            }
            Node::given_subject => {
                let subject = parts.nth(1).map(|word| self.word(&word))?;
                let name = strings(self, parts).next()?;
                Some(TestLine::Subject(subject, name))
            }
            Node::given_input => {
                let mut parts = parts.filter(|part| matches!(part.as_rule(), Node::word | Node::operand));
                let name = parts.next().map(|word| self.word(&word))?;
                let value = parts.next().and_then(|value| self.operand(value))?;
                Some(TestLine::Input(name, value))
            }
            Node::given_now => {
                let value = parts.find(|part| part.as_rule() == Node::operand)?;
                self.operand(value).map(TestLine::Now)
            }
            Node::given_fact => {
                let mut parts = parts.filter(|part| !matches!(part.as_rule(), Node::kw_given | Node::kw_is));
                let path = parts.next().map(|path| self.word(&path))?;
                let value = parts.next()?;
                let given = match value.as_rule() {
                    Node::state => {
                        let mut state = children(value);
                        match state.next()?.as_rule() {
                            Node::state_absent => Given::Absent,
                            Node::state_inapplicable => Given::Inapplicable,
                            _ => Given::Unknown(state.next().map(|cause| self.word(&cause))),
                        }
                    }
                    _ => Given::Value(self.operand(value)?),
                };
                Some(TestLine::Fact(path, given, span))
            }
            Node::expect => {
                let mut parts = parts.filter(|part| matches!(part.as_rule(), Node::outcome | Node::reference));
                let outcome = parts.next()?;
                let place = self.trimmed(&outcome);
                let words = outcome.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
                let rule = parts.next().map(|name| self.word(&name))?;
                let Some(expected) = ExpectedOutcome::from_words(&words) else {
                    self.report(
                        Diagnostic::at(Code::UnexpectedText, place, format!("`{}` is not an outcome", shorten(&words))).help(
                            "an outcome is `pass`, `violation`, `warning`, `undetermined`, `accepted`, `waived` or `not applicable`",
                        ),
                    );
                    return None;
                };
                Some(TestLine::Expect(Spanned::new(expected, place), rule))
            }
            Node::expect_nothing => Some(TestLine::NothingElse(span)),
            _ => None,
        }
    }
}

/// The strings among pairs, in order.
fn strings<'i>(reader: &mut Reader<'_>, parts: impl Iterator<Item = Pair<'i, Node>>) -> std::vec::IntoIter<Word> {
    let words: Vec<Word> =
        parts.filter(|part| part.as_rule() == Node::string).map(|part| reader.string(&part)).collect();
    words.into_iter()
}

impl ExpectedOutcome {
    fn from_words(words: &str) -> Option<Self> {
        Some(match words {
            "pass" => Self::Pass,
            "violation" => Self::Violation,
            "warning" => Self::Warning,
            "undetermined" => Self::Undetermined,
            "accepted" => Self::Accepted,
            "waived" => Self::Waived,
            "not applicable" => Self::NotApplicable,
            _ => return None,
        })
    }
}
