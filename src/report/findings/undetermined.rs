//! Undecided outcomes: what could not be seen, why, who could show it, and the exact text that accepts or excludes it.

use super::unreached;
use super::{Group, MOST_LABELS, for_subjects, words};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::Blame;
use crate::facts::{Cause, Causes, SubjectRef, kind_of};
use crate::language::Statement;
use crate::report::stream::{Head, Section};
use crate::report::wording;
use crate::text::english;
use crate::vocabulary::{Derivation, FactIndex, Host, Origin, Subject, Told, host};

/// The diagnostic of a group of undecided outcomes.
pub(super) fn diagnostic(
    report: &Head<'_>,
    section: &Section<'_>,
    group: &Group<'_>,
    causes: Causes,
    accepted: bool,
) -> Diagnostic {
    let Some(first) = group.members.first() else { return Diagnostic::new(Code::Undetermined, "") };
    let subjects: Vec<SubjectRef> = group.members.iter().map(|member| member.subject).collect();
    let mut rules: Vec<&str> = group.members.iter().map(|member| member.rule.name.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let cause = cause(causes, first.statement, accepted);
    let code = code(cause, first.statement, first.subject, accepted);
    let severity = match code {
        Code::Accepted if report.strict => Severity::Error,
        Code::Accepted => Severity::Advice,
        _ if first.statement.verb.is_error() || report.strict => Severity::Error,
        _ => Severity::Warning,
    };
    let message = message(section, &rules, &subjects, cause, &group.blames);
    let mut diagnostic = Diagnostic::new(code, message).severity(severity);
    if group.blames.is_empty() {
        diagnostic = diagnostic.label(first.statement.span, "");
    }
    for blame in group.blames.iter().take(MOST_LABELS) {
        diagnostic = diagnostic.label(blame.span, label(section, blame));
    }
    // Further statements that the same gap stops: one place each.
    let mut last = first.statement.id;
    for member in &group.members {
        if member.statement.id != last && diagnostic.labels.len() < MOST_LABELS {
            let span = member.blames.first().map_or(member.statement.span, |blame| blame.span);
            diagnostic = diagnostic.label(span, "undecided for the same reason");
        }
        last = member.statement.id;
    }
    if code == Code::Accepted {
        if let Some(acceptance) = &first.statement.acceptance {
            diagnostic = diagnostic
                .label(acceptance.span, "accepted here")
                .note(format!("accepted because \"{}\"", acceptance.because));
        }
    } else {
        for line in help(section, first.statement, cause, &group.blames) {
            diagnostic = diagnostic.help(line);
        }
    }
    if rules.len() > 1 {
        diagnostic = diagnostic.note(format!("undecided: {}", wording::capped(&rules)));
        return diagnostic;
    }
    words(diagnostic, section, first.statement, &subjects)
}

/// The cause to tell of: the first that the rule does not accept, else the first.
pub(in crate::report) fn cause(causes: Causes, statement: &Statement, accepted: bool) -> Option<Cause> {
    let tolerated = statement.acceptance.as_ref().map_or(Causes::NONE, |acceptance| acceptance.causes);
    let open = causes.iter().find(|cause| accepted || !Causes::from(*cause).within(tolerated));
    open.or_else(|| causes.iter().next())
}

/// The headline.
pub(in crate::report) fn message(
    section: &Section<'_>,
    rules: &[&str],
    subjects: &[SubjectRef],
    cause: Option<Cause>,
    blames: &[Blame<'_>],
) -> String {
    let what = match rules {
        [only] => format!("`{only}`"),
        several => english::count(several.len(), "rule", "rules"),
    };
    let reason = blames
        .iter()
        .filter_map(|blame| blame.unknown.as_ref())
        .find(|unknown| cause.is_none_or(|cause| unknown.cause == cause))
        .map(|unknown| unknown.reason.clone())
        .filter(|reason| !reason.is_empty())
        .or_else(|| cause.map(|cause| plain(cause).to_owned()));
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    let credential = wording::credential(section.credential);
    format!("cannot tell whether {credential} meets {what}{}{reason}", for_subjects(section, subjects))
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

fn code(cause: Option<Cause>, statement: &Statement, subject: SubjectRef, accepted: bool) -> Code {
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
    let mut kinds = fact.map_or_else(Vec::new, |fact| revealing(table, fact, 0));
    // The credential's own kind is the one that could not show it, whatever it shows of others.
    if let Some(own) = kind_of(section.credential, section.facts) {
        kinds.retain(|kind| *kind != own.word);
    }
    let path = fact.map_or("", |fact| table.row(fact).path);
    let mut lines = Vec::new();
    match cause {
        Cause::NotRevealable => {
            if !kinds.is_empty() {
                lines.push(format!("`{path}` can be seen with {}", english::quoted_list(&kinds, "or")));
            }
            lines.push(accept(statement, None));
        }
        Cause::Inapplicable if kinds.is_empty() => lines.push(accept(statement, None)),
        Cause::Inapplicable => {
            let guard = match kinds.as_slice() {
                [only] => format!("when token.kind == {only}"),
                several => format!("when token.kind in [{}]", several.join(", ")),
            };
            lines.push(format!("if it is meant for credentials that have `{path}`, guard it: `{guard}`"));
        }
        Cause::NotPermitted => {
            lines.push(permit(section, statement, blames, path));
            lines.push(accept(statement, Some(cause)));
        }
        Cause::NotReachable => {
            let reasons = blames.iter().filter_map(|blame| blame.unknown.as_ref()).map(|unknown| &unknown.reason);
            let advice = reasons.filter_map(|reason| unreached::advice(reason)).next();
            lines.push(advice.unwrap_or("run it again when the host answers").into());
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

/// The credential kinds that reveal a fact, by the table; a derived fact's are those of the fact it is derived from.
fn revealing(table: &Host, fact: FactIndex, depth: usize) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = Vec::new();
    match &table.row(fact).origin {
        Origin::Asked(reveals) => {
            for reveal in *reveals {
                if !matches!(reveal.by, Told::Request { .. } | Told::TokenText) {
                    continue;
                }
                if reveal.kinds.is_empty() {
                    kinds.extend(table.kinds.iter().filter(|kind| kind.first_request.is_some()).map(|kind| kind.word));
                } else {
                    kinds.extend(reveal.kinds);
                }
            }
            let hidden = |kind: &&str| {
                reveals.iter().any(|reveal| {
                    matches!(reveal.by, Told::Inapplicable(_) | Told::NotRevealable(_)) && reveal.kinds.contains(kind)
                })
            };
            kinds.retain(|kind| !hidden(kind));
        }
        Origin::Derived(Derivation::Until(path) | Derivation::Since(path) | Derivation::Access(path)) if depth < 4 => {
            if let Some(base) = table.fact(path) {
                kinds = revealing(table, base, depth + 1);
            }
        }
        Origin::Derived(_) => {}
    }
    kinds.dedup();
    kinds
}
