//! Mends of what is broken: the policy's own words first, then the page where it can be done.

use url::Url;

use crate::evaluation::Blame;
use crate::facts::{Knowledge, PermissionMap, SubjectRef, Value};
use crate::language::{Expression, ExpressionKind, Operand, SetOperator, Statement};
use crate::report::{Section, wording};
use crate::vocabulary::{CredentialKind, FactIndex, HostKind, host};

/// What to do, a line each.
pub(super) fn lines(
    section: &Section<'_>,
    statement: &Statement,
    subjects: &[SubjectRef],
    blames: &[Blame<'_>],
) -> Vec<String> {
    let mut lines: Vec<String> = statement.words.fix.iter().cloned().collect();
    let Some(kind) = wording::kind(section.credential, section.facts) else { return lines };
    if let Some(page) = new_fine_grained_token(section, kind, statement, subjects) {
        lines.push(format!("make a token with these permissions: {page}"));
        return lines;
    }
    let about_the_token = blames
        .iter()
        .filter_map(|blame| blame.fact)
        .any(|(index, _)| wording::path(section.credential.host, index).starts_with("token."));
    if let Some(page) = kind.settings_page
        && about_the_token
    {
        lines.push(format!("the {} is managed at {}", kind.title, page.replace("{url}", &section.credential.url)));
    }
    lines
}

/// GitHub's page for a new fine-grained token, filled in with what the statement demands and what the token has.
///
/// Source: "Managing your personal access tokens", section on pre-filling: `name` (at most 40 characters),
/// `target_name`, and a parameter for each permission.
fn new_fine_grained_token(
    section: &Section<'_>,
    kind: &CredentialKind,
    statement: &Statement,
    subjects: &[SubjectRef],
) -> Option<String> {
    let credential = section.credential;
    if credential.host != HostKind::GitHub || kind.word != "fine_grained" || statement.verb.is_negative() {
        return None;
    }
    let fact = host(credential.host).fact("token.permissions")?;
    let mut wanted = PermissionMap::new();
    demanded(&statement.expression, fact, &mut wanted);
    if wanted.is_empty() {
        return None;
    }
    for subject in subjects {
        if let Some(Knowledge::Known(Value::Permissions(has))) =
            section.facts.fact(fact, *subject).map(|fact| &fact.knowledge)
        {
            for (name, level) in has {
                wanted.entry(name.clone()).or_insert_with(|| level.clone());
            }
        }
    }
    let mut url = Url::parse(&format!("{}/settings/personal-access-tokens/new", credential.url)).ok()?;
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("name", &credential.name.chars().take(40).collect::<String>());
        let owner = subjects.iter().find_map(|subject| match subject {
            SubjectRef::Repository(_) => section.facts.subject_name(*subject)?.rsplit_once('/').map(|(owner, _)| owner),
            SubjectRef::Organization(_) => section.facts.subject_name(*subject),
            SubjectRef::Credential => None,
        });
        if let Some(owner) = owner {
            query.append_pair("target_name", owner);
        }
        for (name, level) in &wanted {
            query.append_pair(name, level);
        }
    }
    Some(url.into())
}

/// The permissions that an expression demands of a fact: those right of its `covers`, where nothing negates it.
fn demanded(expression: &Expression, fact: FactIndex, wanted: &mut PermissionMap) {
    match &expression.kind {
        ExpressionKind::And(parts) => parts.iter().for_each(|part| demanded(part, fact, wanted)),
        ExpressionKind::Set {
            left: Operand::Fact(left),
            operator: SetOperator::Covers,
            right: Operand::Literal { value: Value::Permissions(map), .. },
            ..
        } if left.index == fact => wanted.extend(map.clone()),
        _ => {}
    }
}
