//! Mends of what is broken: the policy's own words first, then the page where it can be done.

use url::Url;

use crate::evaluation::{Blame, Verdict};
use crate::facts::{Half, PermissionMap, SubjectRef, Value, kind_of};
use crate::language::{Expression, ExpressionKind, Operand, SetOperator, Statement};
use crate::report::stream::{Head, Section};
use crate::report::wording;
use crate::text::english;
use crate::vocabulary::{self, CredentialKind, FactIndex, HostKind, Type, host};

/// What to do, a line each.
pub(super) fn lines(
    report: &Head<'_>,
    section: &Section<'_>,
    statement: &Statement,
    subjects: &[SubjectRef],
    blames: &[Blame<'_>],
) -> Vec<String> {
    let mut lines: Vec<String> = statement.words.fix.iter().cloned().collect();
    let lacks = || blames.iter().filter_map(|blame| blame.lack.as_ref());
    for mend in lacks().filter_map(|lack| lack.mend.as_ref()) {
        if !lines.contains(mend) {
            lines.push(mend.clone());
        }
    }
    let Some(kind) = kind_of(section.credential, section.facts) else { return lines };
    for name in never(section.credential.host, kind, &statement.expression) {
        let kinds = vocabulary::holding(host(section.credential.host), name);
        if !kinds.is_empty() && !statement.verb.is_negative() {
            let kinds = english::quoted_list(kinds, "or");
            lines.push(format!("use a kind of credential that can hold `{name}`: {kinds}"));
        }
    }
    let of_the_token = |(index, _): (FactIndex, _)| wording::path(section.credential.host, index).starts_with("token.");
    let about_the_token = blames.iter().any(|blame| blame.fact.is_some_and(of_the_token))
        || lacks().any(|lack| lack.half == Half::Grant && lack.unknown.is_none());
    if !about_the_token {
        return lines;
    }
    if !statement.verb.is_negative()
        && let Some(page) = new_token(report, section, kind, statement, subjects)
    {
        lines.push(format!("make a token with these permissions: {page}"));
        return lines;
    }
    if let Some(page) = kind.settings_page {
        lines.push(format!("the {} is managed at {}", kind.title, page.replace("{url}", &section.credential.url)));
    }
    lines
}

/// The permissions that an expression demands and that no credential of this kind can hold.
fn never<'p>(on: HostKind, kind: &CredentialKind, expression: &'p Expression) -> Vec<&'p str> {
    match &expression.kind {
        ExpressionKind::And(parts) => parts.iter().flat_map(|part| never(on, kind, part)).collect(),
        ExpressionKind::Set {
            operator: SetOperator::Covers,
            right: Operand::Literal { value: Value::Permissions(map), .. },
            ..
        } => map.keys().map(String::as_str).filter(|name| !vocabulary::can_hold(host(on), kind, name)).collect(),
        _ => Vec::new(),
    }
}

/// The host's page for a new token of this kind, filled in with what the policy demands of this credential, and nothing
/// else; `None` where the host has no such page, and for a statement that demands no permission itself.
fn new_token(
    report: &Head<'_>,
    section: &Section<'_>,
    kind: &CredentialKind,
    statement: &Statement,
    subjects: &[SubjectRef],
) -> Option<String> {
    let credential = section.credential;
    let page = host(credential.host).new_page(kind)?;
    let demands = |statement: &Statement| {
        let mut wanted = PermissionMap::new();
        if !statement.verb.is_negative() {
            demanded(credential.host, kind, &statement.expression, &mut wanted);
        }
        wanted
    };
    let mut wanted = demands(statement);
    if wanted.is_empty() {
        return None;
    }
    // A token made for this statement alone would break the next one.
    for outcome in &section.judged.outcomes {
        let other = report.policy.statement(outcome.statement);
        if let Some(other) = other.filter(|_| outcome.verdict != Verdict::NotApplicable) {
            add(credential.host, &mut wanted, demands(other));
        }
    }
    let mut url = Url::parse(&page.address.replace("{url}", &credential.url)).ok()?;
    {
        let mut query = url.query_pairs_mut();
        let (name, longest) = page.name;
        query.append_pair(name, &credential.name.chars().take(longest).collect::<String>());
        let owner = subjects.iter().find_map(|subject| match subject {
            SubjectRef::Repository(_) => section.facts.subject_name(*subject)?.rsplit_once('/').map(|(owner, _)| owner),
            SubjectRef::Organization(_) => section.facts.subject_name(*subject),
            SubjectRef::Credential => None,
        });
        if let Some(owner) = owner.or_else(|| only_owner(section)) {
            query.append_pair(page.owner, owner);
        }
        for (name, level) in &wanted {
            query.append_pair(name, level);
        }
    }
    Some(url.into())
}

/// The owner of all repositories in scope, where it is one.
fn only_owner<'a>(section: &'a Section<'_>) -> Option<&'a str> {
    let mut owners = section.facts.repositories.iter().map(|(name, _)| name.owner());
    let first = owners.next()?;
    owners.all(|owner| owner.eq_ignore_ascii_case(first)).then_some(first)
}

/// Adds permissions, the higher level of each.
fn add(kind: HostKind, wanted: &mut PermissionMap, more: PermissionMap) {
    let table = host(kind).fact("token.permissions").map(|index| host(kind).row(index).ty);
    let Some(Type::Permissions(table)) = table else { return };
    for (name, level) in more {
        let have = wanted.entry(name).or_insert_with(|| level.clone());
        if table.levels.at_least(&level, have) {
            *have = level;
        }
    }
}

/// The permissions that an expression demands: those right of a `covers`, where nothing negates it, and those that the
/// abilities right of one take. What this kind cannot hold is left out.
fn demanded(on: HostKind, kind: &CredentialKind, expression: &Expression, wanted: &mut PermissionMap) {
    let table = host(on);
    match &expression.kind {
        ExpressionKind::And(parts) => parts.iter().for_each(|part| demanded(on, kind, part, wanted)),
        ExpressionKind::Set {
            left: Operand::Fact(left),
            operator: SetOperator::Covers,
            right: Operand::Literal { value, .. },
            ..
        } => match (table.row(left.index).path, value) {
            ("token.permissions", Value::Permissions(map)) => {
                let never = |name: &str| match table.row(left.index).ty {
                    Type::Permissions(table) => {
                        table.permissions.iter().any(|row| row.name == name && row.never_on.contains(&kind.word))
                    }
                    _ => false,
                };
                let holdable = map.iter().filter(|(name, _)| !never(name));
                add(on, wanted, holdable.map(|(name, level)| (name.clone(), level.clone())).collect());
            }
            ("repository.can", Value::Names(names)) => {
                for ability in table.abilities.iter().filter(|ability| names.grants(ability.word)) {
                    let first = ability.permissions.first().copied().unwrap_or_default();
                    add(on, wanted, first.iter().map(|(name, level)| ((*name).into(), (*level).into())).collect());
                }
            }
            _ => {}
        },
        _ => {}
    }
}
