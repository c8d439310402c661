//! The columns for what is peculiar to a host.

use super::*;
use crate::vocabulary::start::{How, Start, StartRule};

/// What starting policies speak of, and what they leave out, is a column of every fact's row.
#[test]
fn starting_policies_speak_of_facts_of_the_type_that_their_rows_mean() {
    for host in HOSTS {
        let mut places = Vec::new();
        for fact in host.facts {
            let part = match fact.start {
                Start::LeftOut(why) => {
                    assert!(!why.is_empty(), "{} {}", host.word, fact.path);
                    continue;
                }
                Start::Demands(part) => part,
            };
            let right = match part.how {
                How::Equal => matches!(fact.ty, Type::Enum(_) | Type::String),
                How::Holds | How::HoldsNot => fact.ty == Type::Bool,
                How::Level => matches!(fact.ty, Type::Level(_)),
                How::Grants => matches!(fact.ty, Type::Names(_) | Type::Permissions(_) | Type::Strings),
                How::Ahead => fact.ty == Type::Time && fact.subject == Subject::Credential,
                How::Renewed => matches!((fact.ty, &fact.origin), (Type::Enum(_), Origin::Derived(_))),
            };
            assert!(right, "{} {}", host.word, fact.path);
            let place = (part.rule.at, part.at);
            assert!(!places.contains(&place), "{} {}: its place is taken", host.word, fact.path);
            places.push(place);
        }
    }
}

/// Rules of starting policies are told apart by name and place.
#[test]
fn rules_of_starting_policies_are_apart() {
    let mut rules: Vec<&StartRule> = Vec::new();
    for fact in HOSTS.iter().flat_map(|host| host.facts) {
        if let Start::Demands(part) = fact.start
            && !rules.contains(&part.rule)
        {
            assert!(
                rules.iter().all(|rule| rule.name != part.rule.name && rule.at != part.rule.at),
                "{}",
                part.rule.name
            );
            rules.push(part.rule);
        }
    }
}

#[test]
fn columns_of_hosts_name_kinds_of_theirs() {
    for host in HOSTS {
        let is_kind = |word: &&str| host.credential_kind(word).is_some();
        assert!(host.token_text.forms.iter().flat_map(|form| form.kinds).all(is_kind), "{}", host.word);
        for page in host.new_pages {
            assert!(is_kind(&page.kind) && placeholders(page.address) == ["url"], "{}", page.address);
        }
        for (at, mend) in host.mends.iter().enumerate() {
            assert!(placeholders(mend.mend).iter().all(|word| *word == "by"), "{}", mend.mend);
            assert!(host.mends.iter().skip(at + 1).all(|other| other.refusal != mend.refusal), "{}", mend.mend);
        }
        for word in host.misnamed.iter().flat_map(|row| row.words) {
            assert!(host_kind(word).is_none() && instead_of(word).is_some(), "{word}");
        }
        let grounds = host.grounds().unwrap();
        let installation = grounds.installation.iter().flat_map(|one| [one.id, one.suspended]);
        for path in grounds.visibility.into_iter().chain(grounds.archived).chain(installation) {
            assert!(host.fact(path).is_some(), "{} {path}", host.word);
        }
    }
}
