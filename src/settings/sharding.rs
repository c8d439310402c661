//! Dealing credentials to shards, before any secret is read: those that are known to share a rate limit stay together.

use std::collections::BTreeMap;

use super::candidate::Candidate;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Shard;
use crate::text::english;

/// What is known of a credential before it is asked with.
#[derive(Clone, Copy, Debug)]
struct Known<'a> {
    name: &'a str,
    /// The host's address.
    url: &'a str,
    /// As whom it asks: an account's name, an App's identifier.
    account: Option<&'a str>,
}

/// Whose limit a credential is counted against.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    /// An account's, or an App's, on a host.
    Account(String, String),
    /// Nobody says: it counts as its own.
    Own(String),
}

impl Known<'_> {
    fn limit(self) -> Limit {
        match self.account {
            Some(account) => Limit::Account(self.url.to_ascii_lowercase(), account.to_ascii_lowercase()),
            None => Limit::Own(self.name.to_owned()),
        }
    }
}

/// The group of each credential, and how many groups there are. Groups are numbered by the first of their names, whatever
/// the order in which credentials come.
fn groups(known: &[Known<'_>]) -> (Vec<usize>, usize) {
    let mut firsts: BTreeMap<Limit, &str> = BTreeMap::new();
    for one in known {
        let first = firsts.entry(one.limit()).or_insert(one.name);
        *first = one.name.min(first);
    }
    let mut ordered: Vec<(&str, Limit)> = firsts.into_iter().map(|(limit, first)| (first, limit)).collect();
    ordered.sort();
    let count = ordered.len();
    let numbers: BTreeMap<Limit, usize> = ordered.into_iter().enumerate().map(|(at, (_, limit))| (limit, at)).collect();
    let of = known.iter().map(|one| numbers.get(&one.limit()).copied().unwrap_or_default());
    (of.collect(), count)
}

/// The credentials of one shard: groups are dealt in turn.
///
/// # Errors
/// A diagnostic where a shard would be empty.
pub(super) fn deal(candidates: Vec<Candidate>, shard: Shard) -> Result<Vec<Candidate>, Diagnostic> {
    let known: Vec<Known<'_>> = candidates
        .iter()
        .map(|one| Known {
            name: &one.name,
            url: &one.place.url,
            account: one.issuer.as_deref().or(one.username.as_deref()),
        })
        .collect();
    let (of, count) = groups(&known);
    if shard.of > count {
        let groups = english::count(count, "group", "groups");
        let message = format!("`--shard {}/{}`: the credentials are only {groups}", shard.number, shard.of);
        return Err(Diagnostic::new(Code::CommandLine, message).help(match count {
            0 => "no credential was found in settings or environment".to_owned(),
            _ => format!("make it {count} shards at most: credentials that share a rate limit stay together"),
        }));
    }
    let own = candidates.into_iter().zip(of).filter(|(_, group)| group % shard.of + 1 == shard.number);
    Ok(own.map(|(candidate, _)| candidate).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known<'a>(name: &'a str, url: &'a str, account: Option<&'a str>) -> Known<'a> {
        Known { name, url, account }
    }

    #[test]
    fn credentials_of_one_account_stay_together_and_others_do_not() {
        let (github, other) = ("https://github.com", "https://github.example.com");
        let all = [
            known("d", github, Some("Acme-Bot")),
            known("b", github, None),
            known("a", github, Some("acme-bot")),
            known("c", other, Some("acme-bot")),
            known("e", github, Some("4711")),
            known("f", github, None),
        ];
        assert_eq!(groups(&all), (vec![0, 1, 0, 2, 3, 4], 5));
        let mut turned = all;
        turned.reverse();
        let (mut of, count) = groups(&turned);
        of.reverse();
        assert_eq!((of, count), groups(&all), "whatever their order");
        assert_eq!(groups(&[]), (Vec::new(), 0));
    }
}
