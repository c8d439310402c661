//! Undecided outcomes: what could not be seen, why, who could show it, and the exact text that accepts or excludes it.

use super::about::{About, Class, Keep, MOST_LABELS};
use super::gathered::{Gathered, Sentence};
use super::names::for_subject;
use super::unreached;
use crate::diagnostic::{Code, Diagnostic, Label, Severity};
use crate::evaluation::Blame;
use crate::facts::{Cause, Causes, SubjectRef, kind_of};
use crate::language::Statement;
use crate::report::stream::{Head, Section};
use crate::report::wording;
use crate::text::english;
use crate::vocabulary::{Derivation, FactIndex, Host, Origin, Subject, Told, host};

/// An undecided outcome.
pub(super) struct Gap<'a> {
    pub(super) about: About<'a>,
    pub(super) causes: Causes,
    pub(super) accepted: bool,
}

impl Gap<'_> {
    fn cause(&self) -> Option<Cause> {
        cause(self.causes, self.about.statement, self.accepted)
    }

    fn code(&self) -> Code {
        code(self.cause(), self.about.statement, self.about.outcome.subject, self.accepted)
    }
}

/// What outcomes must share to be told together: the host and why it is not known, whatever statement asks, and whether it
/// demands or prefers. Where a host
/// refuses to tell, also whose refusal it is: the organisation's.
pub(super) fn key(class: Class, section: &Section<'_>, gap: &Gap<'_>) -> String {
    let About { outcome, blames, .. } = gap.about;
    let class = if class == Class::UndeterminedWarning { Class::Undetermined } else { class };
    let mut key = format!("{}\u{0}{}\u{0}{}", class as u8, section.credential.url, gap.code().number());
    if gap.cause() == Some(Cause::NotPermitted)
        && let Some(name) = section.facts.subject_name(outcome.subject)
    {
        let owner = name.split_once('/').map_or(name, |(owner, _)| owner);
        key.push_str(&format!("\u{0}{}", owner.to_lowercase()));
    }
    let unknowns = blames.iter().filter_map(|blame| blame.unknown.as_ref());
    let mut reasons: Vec<String> =
        unknowns.map(|unknown| format!("\u{0}{}\u{1}{}", unknown.cause, unknown.reason)).collect();
    if reasons.is_empty() {
        reasons.extend(gap.causes.iter().map(|cause| format!("\u{0}{cause}")));
        reasons.push(format!("\u{0}{}", outcome.statement.0));
    }
    reasons.sort_unstable();
    reasons.dedup();
    key.extend(reasons);
    key
}

/// The finding that a first undecided outcome begins.
pub(super) fn gathered(report: &Head<'_>, section: &Section<'_>, class: Class, gap: &Gap<'_>) -> Gathered {
    let About { statement, blames, .. } = gap.about;
    let code = gap.code();
    let severity = match code {
        Code::Accepted if report.strict => Severity::Error,
        Code::Accepted => Severity::Advice,
        _ if statement.verb.is_error() || report.strict => Severity::Error,
        _ => Severity::Warning,
    };
    let mut diagnostic = Diagnostic::new(code, "").severity(severity);
    if blames.is_empty() {
        diagnostic = diagnostic.label(statement.span, "");
    }
    for blame in blames.iter().take(MOST_LABELS) {
        diagnostic = diagnostic.label(blame.span, label(section, blame));
    }
    if code == Code::Accepted
        && let Some(acceptance) = &statement.acceptance
    {
        diagnostic = diagnostic
            .label(acceptance.span, "accepted here")
            .note(format!("accepted because \"{}\"", acceptance.because));
    }
    if code != Code::Accepted || report.strict {
        for line in help(section, statement, gap.cause(), blames) {
            diagnostic = diagnostic.help(line);
        }
    }
    let reason = reason(gap.cause(), blames).map_or_else(String::new, |reason| format!(": {reason}"));
    let mut one = Gathered::new(class, Sentence::Undetermined { reason }, diagnostic).at(section);
    one.words(statement);
    one
}

impl Gathered {
    pub(super) fn add_undetermined(&mut self, section: &Section<'_>, class: Class, gap: &Gap<'_>) {
        // What a demand rests on is no mere warning, whoever else asks.
        if class == Class::Undetermined && self.class == Class::UndeterminedWarning {
            self.class = class;
            self.diagnostic.severity = Severity::Error;
        }
        let statement = gap.about.statement;
        let more = self.outcomes > 0 && self.keep == Keep::All && !self.tells_of(statement);
        self.outcome(section, &gap.about);
        if more && self.diagnostic.labels.len() < MOST_LABELS {
            // Further statements that the same gap stops: one place each.
            let span = gap.about.blames.first().map_or(statement.span, |blame| blame.span);
            let labels = &mut self.diagnostic.labels;
            labels.push(Label { span, text: "undecided for the same reason".to_owned() });
        }
    }
}

/// The cause to tell of: the first that the rule does not accept, a failure before what such credentials are like; else the
/// first.
pub(in crate::report) fn cause(causes: Causes, statement: &Statement, accepted: bool) -> Option<Cause> {
    let tolerated = statement.acceptance.as_ref().map_or(Causes::NONE, |acceptance| acceptance.causes);
    let open = || causes.iter().filter(|cause| accepted || !Causes::from(*cause).within(tolerated));
    // A refusal or a failure says better why than what such credentials are like.
    let failed = open().find(|cause| *cause != Cause::NotRevealable);
    failed.or_else(|| open().next()).or_else(|| causes.iter().next())
}

/// The message of one undecided outcome, for programs.
pub(in crate::report) fn message(
    section: &Section<'_>,
    rule: &str,
    subject: SubjectRef,
    cause: Option<Cause>,
    blames: &[Blame<'_>],
) -> String {
    let reason = reason(cause, blames).map_or_else(String::new, |reason| format!(": {reason}"));
    let credential = wording::credential(section.credential);
    format!("cannot tell whether {credential} meets `{rule}`{}{reason}", for_subject(section, subject))
}

/// Why it is not known, in a few words.
fn reason(cause: Option<Cause>, blames: &[Blame<'_>]) -> Option<String> {
    blames
        .iter()
        .filter_map(|blame| blame.unknown.as_ref())
        .find(|unknown| cause.is_none_or(|cause| unknown.cause == cause))
        .map(|unknown| unknown.reason.clone())
        .filter(|reason| !reason.is_empty())
        .or_else(|| cause.map(|cause| plain(cause).to_owned()))
}

const fn plain(cause: Cause) -> &'static str {
    match cause {
        Cause::NotRevealable => "this kind of credential cannot show it",
        Cause::Inapplicable => "this kind of credential has no such thing",
        Cause::NotPermitted => "the host refused to tell",
        Cause::NotReachable => "the host could not be asked",
        Cause::Incomplete => "the list was cut short",
        Cause::Malformed => "the host's answer makes no sense",
        Cause::OutOfScope => "there is no repository to ask about",
    }
}

/// The code of an undecided outcome.
pub(in crate::report) fn code(
    cause: Option<Cause>,
    statement: &Statement,
    subject: SubjectRef,
    accepted: bool,
) -> Code {
    if accepted {
        return Code::Accepted;
    }
    let nothing_in_scope = cause == Some(Cause::OutOfScope)
        && subject == SubjectRef::Credential
        && statement.subject != Subject::Credential;
    match (nothing_in_scope, statement.selectors.is_empty()) {
        (true, true) => Code::OutOfScope,
        (true, false) => Code::SelectorMatchesNothing,
        (false, _) => Code::Undetermined,
    }
}

fn label(section: &Section<'_>, blame: &Blame<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !blame.text.is_empty() {
        parts.push(blame.text.clone());
    } else if let Some((index, _)) = blame.fact {
        parts.push(format!("`{}` is not known", wording::path(section.credential.host, index)));
    }
    if let Some(unknown) = &blame.unknown {
        parts.push(unknown.cause.word().to_owned());
    }
    if let Some(evidence) = blame.fact.and_then(|(_, fact)| wording::evidence_of(fact)) {
        parts.push(evidence);
    }
    parts.join(" · ")
}

/// What would decide it, then the exact text that accepts or excludes it.
fn help(section: &Section<'_>, statement: &Statement, cause: Option<Cause>, blames: &[Blame<'_>]) -> Vec<String> {
    let Some(cause) = cause else { return Vec::new() };
    let table = host(section.credential.host);
    let fact = blames
        .iter()
        .filter(|blame| blame.unknown.as_ref().is_none_or(|unknown| unknown.cause == cause))
        .find_map(|blame| blame.fact.map(|(index, _)| index))
        .or_else(|| statement.facts.first().copied());
    let own = kind_of(section.credential, section.facts).map(|kind| kind.word);
    let path = fact.map_or("", |fact| table.row(fact).path);
    let mut lines = Vec::new();
    match cause {
        Cause::NotRevealable => {
            let was_asked = blames
                .iter()
                .filter_map(|blame| blame.fact.filter(|(index, _)| Some(*index) == fact))
                .any(|(_, fact)| fact.evidence.iter().any(|one| one.request.is_some()));
            let kinds = fact.map_or_else(Vec::new, |fact| by_another_road(table, fact, own, was_asked));
            if !kinds.is_empty() {
                lines.push(format!("`{path}` can be seen with {}", english::quoted_list(&kinds, "or")));
            }
            lines.push(accept(statement, None));
        }
        Cause::Inapplicable => {
            let kinds = fact.map_or_else(Vec::new, |fact| by_another_road(table, fact, own, false));
            let guard = match kinds.as_slice() {
                [] => None,
                [only] => Some(format!("when token.kind == {only}")),
                several => Some(format!("when token.kind in [{}]", several.join(", "))),
            };
            lines.push(guard.map_or_else(
                || accept(statement, None),
                |guard| format!("if it is meant for credentials that have `{path}`, guard it: `{guard}`"),
            ));
        }
        Cause::NotPermitted => {
            lines.push(permit(section, statement, blames, path));
            lines.push(accept(statement, Some(cause)));
        }
        Cause::NotReachable => {
            let unknowns = blames.iter().filter_map(|blame| blame.unknown.as_ref());
            lines.extend(unreached::help(unknowns.map(|unknown| unknown.reason.as_str())).map(str::to_owned));
        }
        Cause::Incomplete => {
            lines.push("narrow the scope with `each` or `--repository`, so that less has to be listed".into());
            lines.push(accept(statement, Some(cause)));
        }
        Cause::Malformed => {
            let reasons = blames.iter().filter_map(|blame| blame.unknown.as_ref()).map(|unknown| &unknown.reason);
            lines.extend(reasons.filter_map(|reason| unreached::advice(reason)).next().map(str::to_owned));
            lines.push("`--record FILE` keeps the answer, for a report to the authors of credcheck".into());
        }
        Cause::OutOfScope if statement.selectors.is_empty() => {
            let word = table.repository_word;
            lines.push(format!(
                "name a {word}: `--repository OWNER/NAME`, or `repositories = [\"OWNER/NAME\"]` of the credential in the settings"
            ));
        }
        Cause::OutOfScope => {
            lines.push("check the names in `each`, and that the repositories in scope include one of them".into());
        }
    }
    lines
}

/// Who must let the credential see what it was refused.
fn permit(section: &Section<'_>, statement: &Statement, blames: &[Blame<'_>], path: &str) -> String {
    let kind = kind_of(section.credential, section.facts).map_or("credential", |kind| kind.title);
    let named = blames.iter().find_map(|blame| {
        let subject = blame.fact.and_then(|(_, fact)| fact.evidence.iter().find_map(|seen| seen.request.as_ref()))?;
        Some(format!("{} {}", subject.method, subject.url))
    });
    let asked = named.map_or_else(String::new, |request| format!(" (`{request}` was refused)"));
    match statement.subject {
        Subject::Credential => format!(
            "whoever made this {kind} gives it the right to read `{path}`{asked}, or an administrator of the host does"
        ),
        Subject::Repository => {
            let word = host(section.credential.host).repository_word;
            format!(
                "an administrator of the {word} gives this {kind} access to it, or whoever made the {kind} grants it the \
                 right to read `{path}`{asked}; check the {word}'s name, too"
            )
        }
        Subject::Organization => format!(
            "an owner of the organisation lets this {kind} in, or whoever made the {kind} grants it the right to read \
             `{path}`{asked}; check the organisation's name, too"
        ),
    }
}

/// The exact text that accepts a cause.
fn accept(statement: &Statement, named: Option<Cause>) -> String {
    let causes = named.map_or_else(String::new, |cause| format!(" ({cause})"));
    let clause = format!("`on unknown{causes} warn because \"…\"`");
    match &statement.acceptance {
        Some(_) => format!("the rule's `on unknown` does not accept this; to accept it, write {clause}"),
        None => format!("to accept it, write in the rule: {clause}"),
    }
}

/// The other kinds that reveal a fact by another request than the credential's own kind did, which was sent in vain. What a
/// request does not show to one kind it shows to no other: then it is not the kind that stands in the way. Of a credential
/// whose kind is not known, that is so once any request was sent for it (`was_asked`).
fn by_another_road(table: &Host, fact: FactIndex, own: Option<&str>, was_asked: bool) -> Vec<&'static str> {
    // Another kind shows that it is another kind.
    if table.row(fact).path == "token.kind" || (own.is_none() && was_asked) {
        return Vec::new();
    }
    let roads = revealing(table, fact, 0);
    let walked: Vec<_> = roads.iter().filter(|(kind, _)| Some(*kind) == own).map(|(_, road)| *road).collect();
    let others = roads.into_iter().filter(|(kind, road)| Some(*kind) != own && !walked.contains(road));
    let mut kinds: Vec<&'static str> = Vec::new();
    for (kind, _) in others {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// The credential kinds that reveal a fact, by the table, each with the request that tells it (`None`: the token's text
/// does); a derived fact's are those of the fact it is derived from.
fn revealing(table: &Host, fact: FactIndex, depth: usize) -> Vec<(&'static str, Option<&'static str>)> {
    let mut kinds = Vec::new();
    match &table.row(fact).origin {
        Origin::Asked(reveals) => {
            for reveal in *reveals {
                let road = match &reveal.by {
                    Told::Request { request, .. } => Some(*request),
                    Told::TokenText => None,
                    _ => continue,
                };
                if reveal.kinds.is_empty() {
                    let asking = table.kinds.iter().filter(|kind| kind.first_request.is_some());
                    kinds.extend(asking.map(|kind| (kind.word, road)));
                } else {
                    kinds.extend(reveal.kinds.iter().map(|kind| (*kind, road)));
                }
            }
            let hidden = |kind: &str| {
                reveals.iter().any(|reveal| {
                    matches!(reveal.by, Told::Inapplicable(_) | Told::NotRevealable(_)) && reveal.kinds.contains(&kind)
                })
            };
            kinds.retain(|(kind, _)| !hidden(kind));
        }
        Origin::Derived(Derivation::Until(path) | Derivation::Since(path) | Derivation::Access(path)) if depth < 4 => {
            if let Some(base) = table.fact(path) {
                kinds = revealing(table, base, depth + 1);
            }
        }
        Origin::Derived(_) => {}
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::HOSTS;

    #[test]
    fn no_other_kind_is_named_that_would_ask_the_same() {
        for table in HOSTS {
            for (at, row) in (0_u16..).zip(table.facts) {
                let fact = FactIndex(at);
                let roads = revealing(table, fact, 0);
                for kind in table.kinds {
                    let own: Vec<_> = roads.iter().filter(|(word, _)| *word == kind.word).collect();
                    for other in by_another_road(table, fact, Some(kind.word), true) {
                        let has_another = roads
                            .iter()
                            .any(|(word, road)| *word == other && own.iter().all(|(_, walked)| walked != road));
                        assert!(other != kind.word && has_another, "{} {} {} {other}", table.word, row.path, kind.word);
                    }
                }
                assert!(by_another_road(table, fact, None, true).is_empty(), "{} {}", table.word, row.path);
                // What the branch's answer does not show it shows nobody.
                if row.path == "repository.merge_default" || row.path == "token.kind" {
                    for (word, _) in &roads {
                        let others = by_another_road(table, fact, Some(word), true);
                        assert_eq!(others, Vec::<&str>::new(), "{} {} {word}", table.word, row.path);
                    }
                }
            }
        }
    }

    #[test]
    fn the_kind_that_shows_what_this_one_cannot_is_named() {
        let table = host(crate::vocabulary::HostKind::GitHub);
        let scopes = table.fact("token.permissions").unwrap();
        assert_eq!(by_another_road(table, scopes, Some("fine_grained"), true), ["app_key"]);
    }
}
