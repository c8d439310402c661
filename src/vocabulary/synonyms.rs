//! What people call facts, levels and words that have another name here.
//!
//! The nearest spelling of such a word is often another thing altogether: `token.ttl` is no mistyped `token.age`.

use super::row::{Host, LevelTable};

/// Spellings from elsewhere, and what is meant by them.
#[derive(Debug)]
pub struct Synonym {
    /// What people write.
    pub words: &'static [&'static str],
    /// What it is here, the likeliest first. A host may have some of them only.
    pub means: &'static [&'static str],
    /// Whether `means` says the opposite: a revoked token is not active.
    pub opposite: bool,
}

/// A row of the tables: `words` are called `means` here.
pub(super) const fn called(words: &'static [&'static str], means: &'static [&'static str]) -> Synonym {
    Synonym { words, means, opposite: false }
}

const fn opposite(words: &'static [&'static str], means: &'static [&'static str]) -> Synonym {
    Synonym { words, means, opposite: true }
}

/// What is meant by a word that is not one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// Facts that the host has, the likeliest first; at least one.
    pub facts: Vec<&'static str>,
    /// Whether they say the opposite.
    pub opposite: bool,
}

/// Roots of paths, as people call them.
const ROOTS: [(&str, &str); 17] = [
    ("repo", "repository"),
    ("repos", "repository"),
    ("repositories", "repository"),
    ("project", "repository"),
    ("org", "organization"),
    ("orgs", "organization"),
    ("organisation", "organization"),
    ("credential", "token"),
    ("pat", "token"),
    ("key", "token"),
    ("secret", "token"),
    ("account", "user"),
    ("bot", "user"),
    ("owner", "user"),
    ("identity", "user"),
    ("server", "host"),
    ("instance", "host"),
];

/// Facts that several hosts have, under the names that other tools and the hosts' APIs give them.
const FACTS: [Synonym; 31] = [
    called(&["token.type", "token.sort", "token.class", "token.token_type", "token.flavor"], &["token.kind"]),
    called(
        &[
            "token.ttl",
            "token.expires_within",
            "token.valid_for",
            "token.days_left",
            "token.remaining",
            "token.validity",
            "token.time_left",
        ],
        &["token.expires_in"],
    ),
    called(
        &[
            "token.expires",
            "token.expiry",
            "token.expiration",
            "token.expire",
            "token.expiry_date",
            "token.expires_on",
            "token.expiration_date",
            "token.valid_until",
            "token.not_after",
            "token.exp",
            "token.end",
        ],
        &["token.expires_at", "token.expires_in"],
    ),
    called(
        &["token.created", "token.issued_at", "token.issued", "token.iat", "token.creation_date"],
        &["token.created_at"],
    ),
    called(
        &["token.rotated_at", "token.rotation", "token.rotated", "token.days_old", "token.last_rotated"],
        &["token.age", "token.created_at"],
    ),
    called(
        &["token.last_used", "token.used_at", "token.last_use", "token.last_activity", "token.last_seen"],
        &["token.last_used_at"],
    ),
    called(
        &["token.idle", "token.idle_for", "token.unused", "token.inactive_for", "token.inactivity"],
        &["token.unused_for"],
    ),
    called(
        &[
            "token.valid",
            "token.enabled",
            "token.is_active",
            "token.is_valid",
            "token.live",
            "token.status",
            "token.state",
        ],
        &["token.active"],
    ),
    opposite(
        &["token.revoked", "token.expired", "token.disabled", "token.invalid", "token.inactive", "token.is_expired"],
        &["token.active"],
    ),
    called(&["token.label", "token.title", "token.note", "token.description"], &["token.name"]),
    called(
        &[
            "token.permanent",
            "token.long_lived",
            "token.short_lived",
            "token.ephemeral",
            "token.temporary",
            "token.duration",
        ],
        &["token.lifetime"],
    ),
    called(
        &["token.scope", "token.grants", "token.oauth_scopes", "token.roles", "token.access", "token.scp"],
        &["token.scopes", "token.permissions"],
    ),
    called(
        &["token.permission", "token.privileges", "token.rights", "token.perms"],
        &["token.permissions", "token.scopes"],
    ),
    called(
        &[
            "token.can",
            "user.can",
            "token.abilities",
            "repository.abilities",
            "repository.capabilities",
            "repository.ability",
            "repository.actions",
            "token.capabilities",
            "repository.allows",
        ],
        &["repository.can"],
    ),
    called(
        &[
            "user.login",
            "user.handle",
            "user.slug",
            "user.nickname",
            "token.user",
            "token.owner",
            "token.login",
            "token.username",
            "user.account",
        ],
        &["user.username"],
    ),
    called(
        &["user.display_name", "user.full_name", "user.fullname", "user.real_name", "user.displayname"],
        &["user.name"],
    ),
    called(&["user.type"], &["user.kind", "user.is_bot"]),
    called(
        &[
            "user.bot",
            "user.robot",
            "user.is_robot",
            "user.service_account",
            "user.is_service_account",
            "user.machine",
            "token.is_bot",
            "user.automated",
        ],
        &["user.is_bot"],
    ),
    opposite(&["user.human", "user.is_human", "user.person", "user.is_person", "user.personal"], &["user.is_bot"]),
    called(
        &[
            "user.mfa",
            "user.2fa",
            "user.otp",
            "user.totp",
            "user.two_factor_enabled",
            "user.two_factor_authentication",
            "user.mfa_enabled",
        ],
        &["user.two_factor"],
    ),
    called(&["user.mail", "user.e_mail", "user.email_address", "token.email"], &["user.email"]),
    called(
        &[
            "repository.role",
            "repository.access_level",
            "repository.permissions",
            "repository.level",
            "repository.role_name",
            "repository.rights",
            "user.role",
            "user.permission",
            "user.permissions",
            "user.access",
            "user.access_level",
        ],
        &["repository.permission", "repository.access"],
    ),
    called(
        &[
            "repository.private",
            "repository.public",
            "repository.is_private",
            "repository.is_public",
            "repository.internal",
        ],
        &["repository.visibility"],
    ),
    called(
        &["repository.hooks", "repository.webhook", "repository.hook", "repository.web_hooks"],
        &["repository.webhooks"],
    ),
    called(
        &[
            "repository.read_only",
            "repository.readonly",
            "repository.is_archived",
            "repository.archive",
            "repository.disabled",
        ],
        &["repository.archived"],
    ),
    called(
        &[
            "repository.full_name",
            "repository.slug",
            "repository.path",
            "repository.fullname",
            "repository.path_with_namespace",
            "repository.owner",
        ],
        &["repository.name"],
    ),
    called(
        &["repository.main_branch", "repository.mainbranch", "repository.branch", "repository.trunk"],
        &["repository.default_branch"],
    ),
    called(
        &[
            "repository.protected",
            "repository.branch_protected",
            "repository.branch_protection",
            "repository.protection",
        ],
        &["repository.default_branch_protected"],
    ),
    called(&["host.release", "host.server_version", "host.app_version"], &["host.version"]),
    called(&["user.is_admin", "user.administrator"], &["repository.access"]),
    called(&["token.age_days", "token.old"], &["token.age"]),
];

/// Levels, by the level of `repository.access` that people mean.
const LEVELS: [Synonym; 5] = [
    called(&["no_access", "nothing", "no", "denied"], &["none"]),
    called(
        &["pull", "view", "viewer", "reader", "clone", "fetch", "reporter", "guest", "ro", "read_only", "readonly"],
        &["read"],
    ),
    called(
        &[
            "push",
            "commit",
            "edit",
            "editor",
            "writer",
            "contributor",
            "committer",
            "collaborator",
            "developer",
            "dev",
            "rw",
            "read_write",
            "readwrite",
            "contribute",
        ],
        &["write"],
    ),
    called(&["maintainer", "master", "lead"], &["maintain"]),
    called(
        &["owner", "administrator", "root", "superuser", "manage", "manager", "administer", "full", "owners"],
        &["admin"],
    ),
];

/// Words of lists: abilities and values.
const WORDS: [Synonym; 15] = [
    called(&["write", "commit", "push_branch", "push_code"], &["push"]),
    called(&["push_main", "push_master", "push_protected", "commit_default", "push_to_default"], &["push_default"]),
    called(&["pull", "fetch", "checkout", "download"], &["clone"]),
    called(&["view", "see", "list"], &["read"]),
    called(&["status", "statuses", "commit_status", "set_statuses", "statuses_write", "check"], &["set_status"]),
    called(
        &["webhooks", "hooks", "webhook", "create_webhooks", "create_webhook", "manage_hooks"],
        &["manage_webhooks"],
    ),
    called(&["admin", "manage", "administrate", "settings", "delete"], &["administer"]),
    called(&["comments", "review", "note", "notes", "reply"], &["comment"]),
    called(&["merge_pr", "merge_pull_request", "accept", "automerge"], &["merge"]),
    called(&["permanent", "long_lived", "long", "forever", "static", "persistent"], &["standing"]),
    called(&["temporary", "ephemeral", "short", "temp", "transient"], &["short_lived"]),
    called(&["ci", "pipeline", "build", "workflow"], &["job"]),
    called(&["closed", "secret", "hidden"], &["private"]),
    called(&["open", "world", "everyone"], &["public"]),
    called(&["robot", "machine", "service", "automation"], &["bot"]),
];

fn is_one(row: &Synonym, word: &str) -> bool {
    row.words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// The facts of a host that are meant by a path, or by the last part of one, that names none.
pub fn facts_meant(host: &Host, path: &str) -> Option<Meant> {
    let has = |fact: &'static str| host.fact(fact).map(|_| fact);
    let rows = || host.synonyms.iter().chain(&FACTS);
    let of_rows = |is_meant: &dyn Fn(&Synonym) -> bool| {
        rows().filter(|row| is_meant(row)).find_map(|row| {
            let facts: Vec<&'static str> = row.means.iter().copied().filter_map(has).collect();
            (!facts.is_empty()).then_some(Meant { facts, opposite: row.opposite })
        })
    };
    let Some((root, last)) = path.split_once('.') else {
        // A bare word: the last part of a path that people write.
        return of_rows(&|row| row.words.iter().any(|known| known.rsplit('.').next() == Some(path)));
    };
    let exact = of_rows(&|row| is_one(row, path));
    exact.or_else(|| {
        let (_, ours) = ROOTS.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(root))?;
        let path = format!("{ours}.{last}");
        match host.facts.iter().find(|fact| fact.path == path) {
            Some(fact) => Some(Meant { facts: vec![fact.path], opposite: false }),
            None => of_rows(&|row| is_one(row, &path)),
        }
    })
}

/// The level of a table that is meant by a word that is none of it: the lowest that stands for the same access.
pub fn level_meant(table: &LevelTable, word: &str) -> Option<&'static str> {
    let by_name = |access: &'static str| table.word(access);
    let by_access = |access: &str| {
        let levels = table.levels.iter().map(|(level, _)| *level);
        let mut same = levels.filter(|level| table.access.contains(&(*level, access_of(access))));
        same.next()
    };
    // A level of `repository.access` itself is what the table's own words stand for.
    let meant = LEVELS.iter().filter(|row| is_one(row, word)).flat_map(|row| row.means).copied().next();
    let meant = meant.or_else(|| LEVELS.iter().flat_map(|row| row.means).copied().find(|access| *access == word))?;
    by_name(meant).or_else(|| by_access(meant)).or_else(|| match meant {
        "admin" => table.word("owner"),
        "read" | "write" => table.word("member"),
        _ => None,
    })
}

/// The same word, as the tables have it.
fn access_of(word: &str) -> &'static str {
    LEVELS.iter().flat_map(|row| row.means).copied().find(|access| *access == word).unwrap_or("")
}

/// The one of these words that is meant by another.
pub fn word_meant<'a>(word: &str, mut words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let meant: Vec<&str> = WORDS.iter().filter(|row| is_one(row, word)).flat_map(|row| row.means).copied().collect();
    words.find(|known| meant.contains(known))
}

#[cfg(test)]
mod tests {
    use super::super::{HOSTS, portable};
    use super::*;

    #[test]
    fn no_synonym_is_a_name_of_ours_and_each_leads_somewhere() {
        let known = |path: &str| HOSTS.iter().any(|host| host.fact(path).is_some());
        for row in FACTS.iter().chain(HOSTS.iter().flat_map(|host| host.synonyms)) {
            assert!(row.means.iter().all(|path| known(path)), "{row:?}");
            assert!(row.words.iter().all(|word| word.contains('.')), "{row:?}");
        }
        for host in HOSTS {
            for row in host.synonyms {
                assert!(row.means.iter().all(|path| host.fact(path).is_some()), "{}: {row:?}", host.title);
                assert!(row.words.iter().all(|path| host.fact(path).is_none()), "{}: {row:?}", host.title);
            }
        }
        for row in &LEVELS {
            assert!(row.means.iter().all(|word| portable::ACCESS.word(word).is_some()), "{row:?}");
        }
    }

    #[test]
    fn a_fact_is_found_by_the_name_that_people_give_it() {
        for host in HOSTS {
            for (theirs, ours) in [
                ("token.ttl", "token.expires_in"),
                ("token.type", "token.kind"),
                ("user.login", "user.username"),
                ("credential.kind", "token.kind"),
                ("repo.can", "repository.can"),
                ("pat.expiry", "token.expires_at"),
                ("ttl", "token.expires_in"),
            ] {
                let meant = facts_meant(host, theirs).unwrap_or_else(|| panic!("{}: {theirs}", host.title));
                assert_eq!(meant.facts.first(), Some(&ours), "{}: {theirs}", host.title);
            }
            assert!(facts_meant(host, "repository.role").is_some(), "{}", host.title);
            assert!(facts_meant(host, "token.revoked").is_some_and(|meant| meant.opposite), "{}", host.title);
            assert_eq!(facts_meant(host, "pipeline.is_green"), None);
        }
    }

    #[test]
    fn a_level_is_found_by_what_it_stands_for() {
        for (word, ours) in [("push", "write"), ("pull", "read"), ("owner", "admin"), ("maintainer", "maintain")] {
            assert_eq!(level_meant(&portable::ACCESS, word), Some(ours), "{word}");
        }
        assert_eq!(level_meant(&portable::ACCESS, "frobnicate"), None);
    }
}
