//! The built-in rules: what incidents and a few facts say of every credential, whatever the policy reads.

use super::judge::Evaluator;
use super::outcome::{BuiltinOutcome, BuiltinRule, Outcome, Verdict};
use super::truth::Truth;
use crate::facts::{
    Cause, Credential, Evidence, FactSet, Incident, Refusal, RepositoryName, Value, Withheld, known_kind,
};
use crate::text::english;
use crate::vocabulary;

/// The built-in rules that are broken for a credential.
pub fn builtin_outcomes(
    evaluator: &Evaluator<'_>,
    credential: &Credential,
    facts: &FactSet,
    outcomes: &[Outcome],
) -> Vec<BuiltinOutcome> {
    let mut broken: Vec<BuiltinOutcome> =
        facts.incidents.iter().filter_map(|incident| of_incident(credential, facts, incident)).collect();
    broken.extend(username_matches(credential, facts));
    if broken.is_empty() {
        broken.extend(kind_covered(evaluator, credential, facts, outcomes));
    }
    broken.sort_by(|a, b| (a.rule, &a.repository, &a.message).cmp(&(b.rule, &b.repository, &b.message)));
    broken.dedup();
    broken
}

fn outcome(rule: BuiltinRule, message: String) -> BuiltinOutcome {
    BuiltinOutcome {
        rule,
        withheld: false,
        undetermined: None,
        repository: None,
        message,
        found: None,
        help: None,
        notes: Vec::new(),
        url: None,
        evidence: Vec::new(),
    }
}

fn of_incident(credential: &Credential, facts: &FactSet, incident: &Incident) -> Option<BuiltinOutcome> {
    let name = &credential.name;
    Some(match incident {
        Incident::Refused { reason, help, evidence } => BuiltinOutcome {
            help: Some(help.clone()),
            evidence: evidence.clone(),
            ..outcome(BuiltinRule::CredentialValid, format!("the credential `{name}` {reason}"))
        },
        Incident::Withheld(Withheld::Missing { reason, help }) => BuiltinOutcome {
            withheld: true,
            help: Some(help.clone()),
            ..outcome(BuiltinRule::CredentialValid, format!("the credential `{name}` has no secret: {reason}"))
        },
        Incident::Withheld(Withheld::WrongHost { reason, help }) => BuiltinOutcome {
            withheld: true,
            help: Some(help.clone()),
            ..outcome(BuiltinRule::RightHost, format!("the credential `{name}` was not sent: {reason}"))
        },
        Incident::NotAccepted { refusal, by, repository, message, link, evidence } => {
            let what = refusal_text(*refusal);
            let decided = *refusal != Refusal::AddressNotAllowed;
            BuiltinOutcome {
                // From which address the bot itself comes is not known here.
                undetermined: (!decided).then_some(Cause::NotPermitted),
                repository: repository.as_ref().map(ToString::to_string),
                help: vocabulary::host(credential.host).mend(*refusal, by),
                notes: if message.is_empty() { Vec::new() } else { vec![format!("the host says: {message}")] },
                url: link.clone(),
                evidence: evidence.clone(),
                ..outcome(
                    BuiltinRule::CredentialAccepted,
                    format!("`{by}` does not accept the credential `{name}`: {what}"),
                )
            }
        }
        Incident::AnotherAccount { configured, reason, evidence } => BuiltinOutcome {
            help: Some(format!("use a token of `{configured}`, or configure the account whose token it is")),
            notes: vec![reason.clone()],
            evidence: evidence.clone(),
            ..outcome(
                BuiltinRule::UsernameMatches,
                format!("the credential `{name}` is configured for `{configured}` and does not belong to it"),
            )
        },
        Incident::NotVisible { repository, reasons, evidence } => {
            let invitation = invitation(facts, repository);
            let seen = invitation.iter().flat_map(|(_, seen)| seen.iter());
            let evidence = evidence.iter().chain(seen).cloned().collect();
            BuiltinOutcome {
                repository: Some(repository.to_string()),
                help: Some(match invitation {
                    Some((help, _)) => help,
                    None if reasons.is_empty() => "check the name, and whether the credential may see it".to_owned(),
                    None => format!("this can mean: {}", reasons.join("; ")),
                }),
                evidence,
                ..outcome(
                    BuiltinRule::RepositoryVisible,
                    format!("the credential `{name}` cannot see the repository `{repository}`"),
                )
            }
        }
        Incident::Renamed { from, to, evidence } if vocabulary::host(credential.host).moved_refuse_writes => {
            let table = vocabulary::host(credential.host);
            let word = table.repository_word;
            BuiltinOutcome {
                repository: Some(from.to_string()),
                help: Some(format!("name `{to}` instead, in the bot's settings and in those of credcheck")),
                evidence: evidence.clone(),
                ..outcome(
                    BuiltinRule::RepositoryVisible,
                    format!(
                        "the {word} `{from}` of the credential `{name}` has moved to `{to}`: {} redirects reads, and refuses \
                         writes under the old path",
                        table.title
                    ),
                )
            }
        }
        Incident::NotApproved { .. }
        | Incident::Invited { .. }
        | Incident::Renamed { .. }
        | Incident::ClockOff { .. }
        | Incident::Note { .. } => return None,
    })
}

/// What to do where the account was invited to a repository that it does not see: one that can be taken comes first.
fn invitation<'f>(facts: &'f FactSet, wanted: &RepositoryName) -> Option<(String, &'f [Evidence])> {
    let invitations = facts.incidents.iter().filter_map(|incident| match incident {
        Incident::Invited { repository, expired, link, evidence } if repository == wanted => {
            Some((*expired, link, evidence.as_slice()))
        }
        _ => None,
    });
    let (expired, link, evidence) = invitations.min_by_key(|(expired, ..)| *expired)?;
    let help = if expired {
        "the account was invited to it and has not accepted, and the invitation has expired: ask for a new one"
            .to_owned()
    } else {
        format!("the account was invited to it and has not accepted: sign in as the account, and accept at {link}")
    };
    Some((help, evidence))
}

fn refusal_text(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::SingleSignOn => "single sign-on is not authorised for it",
        Refusal::KindForbidden => "this kind of token is not allowed there",
        Refusal::LifetimeTooLong => "the token lives longer than the organisation allows",
        Refusal::AppNotApproved => "the OAuth app behind it is not approved",
        Refusal::AddressNotAllowed => "this network address is not on its list",
        Refusal::Suspended => "the App's installation is suspended",
    }
}

/// `username-matches`: the configured username against the live one. Hosts compare names without case.
fn username_matches(credential: &Credential, facts: &FactSet) -> Option<BuiltinOutcome> {
    let configured = credential.username.as_deref()?.trim_start_matches('@');
    if configured.is_empty() {
        return None;
    }
    // Where people sign in with an e-mail address, that is what is compared.
    let host = vocabulary::host(credential.host);
    let path = if configured.contains('@') { "user.email" } else { host.login? };
    let fact = facts.credential.get(host.fact(path)?)?;
    let Some(Value::String(live)) = fact.knowledge.value() else { return None };
    if live.eq_ignore_ascii_case(configured) {
        return None;
    }
    let evidence: Vec<Evidence> = fact.evidence.clone();
    Some(BuiltinOutcome {
        found: Some(live.clone()),
        help: Some(format!("configure `{live}`, or use a token of `{configured}`")),
        evidence,
        ..outcome(
            BuiltinRule::UsernameMatches,
            format!("the credential `{}` is configured for `{configured}` and belongs to `{live}`", credential.name),
        )
    })
}

/// `kind-covered`: statements cover the credential, and guards rule every one of them out.
fn kind_covered(
    evaluator: &Evaluator<'_>,
    credential: &Credential,
    facts: &FactSet,
    outcomes: &[Outcome],
) -> Option<BuiltinOutcome> {
    if outcomes.is_empty() || outcomes.iter().any(|outcome| outcome.verdict != Verdict::NotApplicable) {
        return None;
    }
    // What the command line's own filter took away is no gap of the policy.
    let guarded_away = |outcome: &Outcome| {
        let statement = evaluator.policy().statement(outcome.statement);
        statement.is_some_and(|statement| evaluator.guard(statement, facts, outcome.subject) == Truth::False)
    };
    if !outcomes.iter().all(guarded_away) {
        return None;
    }
    let kind = known_kind(facts).map_or("credential of this kind", |kind| kind.title);
    Some(BuiltinOutcome {
        undetermined: Some(Cause::Inapplicable),
        found: Some(kind.to_owned()),
        help: Some("add a rule for this kind, or narrow the block: `host … credential \"glob\"`".into()),
        ..outcome(
            BuiltinRule::KindCovered,
            format!("no statement judges the credential `{}`, {}", credential.name, english::with_article(kind)),
        )
    })
}

impl BuiltinRule {
    /// The full name on a host: `github.credential-valid`.
    pub fn full_name(self, host: vocabulary::HostKind) -> String {
        format!("{}.{}", host.word(), self.name())
    }
}
