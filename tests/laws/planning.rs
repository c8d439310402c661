//! Plans: the fewest requests, in the right order, and always an end.

use credcheck::facts::{Cause, Credential, FactSet, Knowledge, Listed, RepositoryName, Target, Value};
use credcheck::plan::{Asked, Judge, MAX_WAVES, Wave, dry_run, everything, next_wave, scope};

use super::support::*;

/// A plan as it is carried out: what is sent, wave by wave, with an answer for each fact.
struct Plan<'a> {
    policy: &'a Policy,
    credential: &'a Credential,
    facts: FactSet,
    asked: Asked,
}

impl<'a> Plan<'a> {
    fn new(policy: &'a Policy, credential: &'a Credential, given: Facts) -> Self {
        let mut facts = given.0;
        if let [only] = credential.kinds.as_slice() {
            let fact = credcheck::facts::Fact { knowledge: word(only.word), evidence: Vec::new() };
            facts.credential.set(index("token.kind"), fact);
        }
        Self { policy, credential, facts, asked: Asked::new() }
    }

    fn wave(&mut self) -> Wave {
        let evaluator = self.policy.evaluator();
        let judge = Judge::Evaluator(&evaluator);
        scope(&self.policy.checked, self.credential, &self.facts, &judge).apply(&mut self.facts);
        next_wave(&self.policy.checked, self.credential, &self.facts, &self.asked, &judge, now())
    }

    /// The next requests, as `name targets: facts`; what needs none is settled first.
    fn next(&mut self) -> Vec<String> {
        for _ in 0..MAX_WAVES {
            let wave = self.wave();
            if wave.settled.is_empty() {
                let shown = wave.requests.iter().map(|request| {
                    let host = credcheck::vocabulary::host(self.credential.host);
                    let facts: Vec<&str> = request.facts.iter().map(|index| host.row(*index).path).collect();
                    let targets: Vec<String> = request.targets().map(ToString::to_string).collect();
                    format!("{} {}: {}", request.row.name, targets.join(" "), facts.join(" "))
                });
                let shown = shown.collect();
                for request in &wave.requests {
                    self.asked.extend(request.targets().map(|target| (request.row.name, target.clone())));
                }
                return shown;
            }
            for (target, index, fact) in wave.settled {
                self.facts.set(&target, index, fact);
            }
        }
        panic!("the plan goes round in circles")
    }

    fn learn(&mut self, target: &Target, path: &str, knowledge: Knowledge) {
        let fact = credcheck::facts::Fact { knowledge, evidence: Vec::new() };
        self.facts.set(target, index(path), fact);
    }

    fn credential_learns(&mut self, path: &str, knowledge: Knowledge) {
        self.learn(&Target::Credential, path, knowledge);
    }

    fn repository_learns(&mut self, name: &str, path: &str, knowledge: Knowledge) {
        self.learn(&repository(name), path, knowledge);
    }

    fn of_repository(&self, name: &str, path: &str) -> Option<&Knowledge> {
        let (_, facts) = self.facts.repositories.iter().find(|(have, _)| have.as_str() == name)?;
        facts.get(index(path)).map(|fact| &fact.knowledge)
    }

    fn knowledge(&self, path: &str) -> Option<&Knowledge> {
        let repository = self.facts.repositories.first().and_then(|(_, own)| own.get(index(path)));
        self.facts.credential.get(index(path)).or(repository).map(|fact| &fact.knowledge)
    }
}

fn repository(name: &str) -> Target {
    Target::Repository(RepositoryName::parse(name).unwrap())
}

const NOTHING: [&str; 0] = [];

#[test]
fn one_request_tells_everything_about_a_user() {
    let policy = github(
        "require token.scopes covers [\"repo\"]\nrequire user.username like \"*-bot\"\nrequire token.expires_in >= 7d\n\
         require token.lifetime == standing",
    );
    let credential = classic();
    let mut plan = Plan::new(&policy, &credential, facts());
    assert_eq!(plan.next(), ["user the credential: token.scopes token.expires_at user.username"]);
    // An answer that tells nothing settles every fact, and nothing is asked twice.
    assert_eq!(plan.next(), NOTHING);
    for path in ["token.scopes", "token.expires_at", "user.username"] {
        assert!(
            matches!(plan.knowledge(path), Some(Knowledge::Unknown(unknown)) if unknown.cause == Cause::Malformed),
            "{path}"
        );
    }
}

#[test]
fn the_first_request_goes_alone_and_is_the_kinds_own() {
    let policy = github("require repository.archived == false\nrequire user.is_bot");
    let credential = credential(&["classic"], &["acme/a", "acme/b"]);
    let mut plan = Plan::new(&policy, &credential, facts());
    assert_eq!(plan.next(), ["user the credential: user.is_bot"]);
    plan.credential_learns("user.is_bot", flag(true));
    assert_eq!(plan.next(), ["repositories acme/a acme/b: repository.archived"]);
    // What the query left open is asked about one by one.
    plan.repository_learns("acme/a", "repository.archived", flag(true));
    assert_eq!(plan.next(), ["repository acme/b: repository.archived"]);

    // Without a need of the credential's own request, another one goes alone.
    let policy = github("require repository.archived == false");
    let mut plan = Plan::new(&policy, &credential, facts());
    assert_eq!(plan.next(), ["repository acme/a: repository.archived"]);
    assert_eq!(plan.next(), ["repository acme/b: repository.archived"]);
    assert_eq!(plan.next(), NOTHING);
}

#[test]
fn guards_come_first_and_a_false_one_spares_the_rest() {
    let policy = github(
        "when user.is_bot { when repository.archived { require repository.webhooks is absent } }\n\
         when token.kind == app_user { require organization.role >= member }",
    );
    let credential = credential(&["classic"], &["acme/a"]);
    let mut plan = Plan::new(&policy, &credential, facts());
    assert_eq!(plan.next(), ["user the credential: user.is_bot"]);
    plan.credential_learns("user.is_bot", flag(false));
    assert_eq!(plan.next(), NOTHING);

    let mut plan = Plan::new(&policy, &credential, facts());
    plan.next();
    plan.credential_learns("user.is_bot", flag(true));
    assert_eq!(plan.next(), ["repository acme/a: repository.archived"]);
    plan.repository_learns("acme/a", "repository.archived", flag(false));
    assert_eq!(plan.next(), NOTHING, "its webhooks are never asked for");

    // A guard that stays open keeps its statement open: the inner guard may still rule it out, the body cannot help.
    let mut plan = Plan::new(&policy, &credential, facts());
    plan.next();
    plan.credential_learns("user.is_bot", unknown(Cause::NotPermitted));
    assert_eq!(plan.next(), ["repository acme/a: repository.archived"]);
    plan.repository_learns("acme/a", "repository.archived", flag(true));
    assert_eq!(plan.next(), NOTHING);
}

#[test]
fn what_is_decided_asks_nothing_more() {
    let policy = github("require user.is_bot or repository.archived == false");
    let credential = credential(&["classic"], &["acme/a"]);
    let mut plan = Plan::new(&policy, &credential, facts());
    plan.next();
    plan.credential_learns("user.is_bot", flag(true));
    assert_eq!(plan.next(), NOTHING);

    // A decided part of an open whole does not ask for its rest.
    let policy =
        github("require (user.is_bot and repository.webhooks is absent) or (user.site_admin and repository.archived)");
    let mut plan = Plan::new(&policy, &credential, facts());
    plan.next();
    plan.credential_learns("user.is_bot", flag(false));
    plan.credential_learns("user.site_admin", flag(true));
    assert_eq!(plan.next(), ["repository acme/a: repository.archived"]);
}

#[test]
fn derived_facts_ask_for_what_they_rest_on_only() {
    let policy = github("require token.lifetime == standing\nrequire repository.access >= write");
    let credential = credential(&["classic"], &["acme/a"]);
    let mut plan = Plan::new(&policy, &credential, facts());
    assert_eq!(plan.next(), ["repository acme/a: repository.permission"], "the kind alone tells the lifetime");
    plan.repository_learns("acme/a", "repository.permission", word("admin"));
    assert_eq!(plan.next(), NOTHING);
}

#[test]
fn what_a_kind_cannot_show_takes_no_request() {
    let policy =
        github("require token.scopes covers [\"repo\"]\nrequire token.permissions covers { workflows = write }");
    let mut fine = credential(&["fine_grained"], &["acme/a"]);
    let mut plan = Plan::new(&policy, &fine, facts());
    assert_eq!(plan.next(), NOTHING);
    assert!(matches!(plan.knowledge("token.scopes"), Some(Knowledge::Inapplicable(_))));
    let permissions = plan.of_repository("acme/a", "token.permissions").unwrap();
    assert!(
        matches!(permissions, Knowledge::Bounded(_, it) if it.cause == Cause::NotRevealable),
        "what the kind cannot hold is denied, the rest open: {permissions:?}"
    );
    // A checker App is asked only where tokens may be minted, and not before it is known whose token it is.
    fine.app.checker = Some("checker".into());
    assert_eq!(Plan::new(&policy, &fine, facts()).next(), NOTHING);
    fine.app.mints = true;
    assert_eq!(Plan::new(&policy, &fine, facts()).next(), ["user the credential: user.username"]);
    let mut key = credential(&["app_key"], &["acme/a"]);
    let policy = github("require repository.archived == false");
    assert_eq!(Plan::new(&policy, &key, facts()).next(), NOTHING);
    key.app.mints = true;
    let mut plan = Plan::new(&policy, &key, facts());
    assert_eq!(plan.next(), ["app the credential: app.slug"]);
    plan.credential_learns("app.slug", known(Value::String("acme-bot".into())));
    assert_eq!(plan.next(), ["repository_installation acme/a: installation.id"]);
    plan.repository_learns("acme/a", "installation.id", known(Value::Integer(41)));
    assert_eq!(plan.next(), ["repository acme/a: repository.archived"]);
}

#[test]
fn while_the_kind_is_open_it_comes_first_and_once() {
    let legacy = credential(&["classic", "oauth_app"], &["acme/a", "acme/b"]);
    let policy = github("require repository.permission >= write\nwhen token.kind == classic { require user.is_bot }");
    let mut plan = Plan::new(&policy, &legacy, facts());
    // What the policy reads anywhere and every possible kind learns from that request comes with it.
    assert_eq!(plan.next(), ["user the credential: token.kind user.is_bot"], "and not once for each repository");
    plan.credential_learns("token.kind", word("oauth_app"));
    assert_eq!(plan.next(), ["repositories acme/a acme/b: repository.permission"]);

    // What every possible kind learns from that request comes with it.
    let policy = github("require token.scopes covers [\"repo\"]");
    assert_eq!(Plan::new(&policy, &legacy, facts()).next(), ["user the credential: token.kind token.scopes"]);

    // The kind stays open: what all possible kinds agree on is still asked for.
    let policy = github("require repository.permission >= write\nrequire token.oauth_client is absent");
    let mut plan = Plan::new(&policy, &legacy, facts());
    assert_eq!(plan.next(), ["user the credential: token.kind"]);
    plan.credential_learns("token.kind", unknown(Cause::NotReachable));
    assert_eq!(plan.next(), ["repositories acme/a acme/b: repository.permission"]);
    // What the query leaves open is asked about one by one.
    assert_eq!(plan.next().len(), 2);
    // What they do not agree on is as unknown as the kind.
    assert!(
        matches!(plan.knowledge("token.oauth_client"), Some(Knowledge::Unknown(it)) if it.cause == Cause::NotReachable)
    );

    // A listing needs the kind too.
    let any = credential(&["classic", "app_installation"], &["acme/*"]);
    let policy = github("require repository.archived == false");
    let mut plan = Plan::new(&policy, &any, facts());
    assert_eq!(plan.next(), ["user the credential: token.kind"]);
    plan.credential_learns("token.kind", word("app_installation"));
    assert_eq!(plan.next(), ["installation_repositories the credential: "]);
}

#[test]
fn globs_list_once_and_exact_names_do_not() {
    let policy = github(
        "each repository in [\"acme/infra-*\", \"acme/live\"] { require repository.archived == false }\n\
         when token.kind == app_user { each repository in [\"beta/*\"] { require repository.archived == false } }",
    );
    let one = classic();
    let mut plan = Plan::new(&policy, &one, facts());
    assert_eq!(plan.next(), ["user_repositories the credential: "], "alone");
    let listed = ["ACME/infra-eu", "acme/infra-us", "acme/Live", "acme/other", "beta/x"];
    plan.facts.listed = Some(Listed {
        names: listed.iter().map(|name| RepositoryName::parse(name).unwrap()).collect(),
        ..Listed::default()
    });
    assert_eq!(plan.next(), ["repositories ACME/infra-eu acme/infra-us acme/live: repository.archived"]);
    assert_eq!(plan.next().len(), 3, "the query told nothing, so each is asked about by itself");
    assert_eq!(plan.next(), NOTHING);

    let exact = github("each repository in [\"acme/live\"] { require repository.archived == false }");
    let mut plan = Plan::new(&exact, &one, facts());
    assert_eq!(plan.next(), ["repository acme/live: repository.archived"]);
    assert_eq!(plan.next(), NOTHING);
    // The operator's names are the ceiling: the policy's are not added.
    let other = credential(&["classic"], &["acme/other"]);
    assert_eq!(Plan::new(&exact, &other, facts()).next(), NOTHING);
    // A policy that reads no repository lists none, whatever the operator's globs.
    let globs = credential(&["classic"], &["acme/*"]);
    let policy = github("require user.is_bot");
    let mut plan = Plan::new(&policy, &globs, facts());
    assert_eq!(plan.next(), ["user the credential: user.is_bot"]);
    assert_eq!(plan.next(), NOTHING);
}

#[test]
fn excluded_names_and_other_spellings_do_not_enter_the_scope() {
    let policy = github("require repository.archived == false\nrequire organization.role >= member");
    let mut one = credential(&["classic"], &["acme/*", "Acme/infra", "acme/infra"]);
    one.excluded = credential(&["classic"], &["acme/SECRET-*"]).scope;
    let mut given = facts();
    given.0.listed = Some(Listed {
        names: ["acme/secret-a", "ACME/INFRA", "acme/b"]
            .iter()
            .map(|name| RepositoryName::parse(name).unwrap())
            .collect(),
        ..Listed::default()
    });
    let mut plan = Plan::new(&policy, &one, given);
    plan.next();
    let names: Vec<&str> = plan.facts.repositories.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Acme/infra", "acme/b"]);
    assert_eq!(plan.facts.organizations.len(), 1);
    let rest = plan.next();
    assert_eq!(rest, ["repositories Acme/infra acme/b: repository.archived"], "the organisation was the first, alone");
    assert_eq!(plan.next().len(), 2, "the query told nothing, so each is asked about by itself");
    assert_eq!(plan.next(), NOTHING);
}

#[test]
fn an_organisation_is_asked_about_once_for_all_its_repositories() {
    let policy = github("require organization.role >= member and repository.archived == false");
    let one = credential(&["classic"], &["Acme/a", "acme/b", "acme/c"]);
    let mut plan = Plan::new(&policy, &one, facts());
    let mut all = plan.next();
    all.extend(plan.next());
    assert_eq!(all.iter().filter(|request| request.starts_with("membership")).count(), 1, "{all:?}");
    assert_eq!(all.len(), 2, "{all:?}");
}

#[test]
fn requests_say_who_asks() {
    let policy = github("rule a { require user.is_bot }\nrule b { require token.scopes covers [] and user.is_bot }");
    let one = classic();
    let mut plan = Plan::new(&policy, &one, facts());
    let wave = plan.wave();
    assert_eq!(wave.requests[0].asked_by.iter().map(|id| id.0).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_dry_run_ends_and_shows_the_most_that_can_be_asked() {
    let shown = |policy: &Policy, credential: &Credential| -> Vec<String> {
        let evaluator = policy.evaluator();
        let judge = Judge::Evaluator(&evaluator);
        dry_run(&policy.checked, credential, &judge, now())
            .iter()
            .map(|request| format!("{} {}", request.row.name, request.target))
            .collect()
    };
    let policy =
        github("require user.is_bot\nrequire repository.archived == false\nrequire organization.role >= member");
    let scope = ["acme/a", "acme/*"];
    assert_eq!(
        shown(&policy, &credential(&["classic"], &scope)),
        ["user the credential", "membership acme", "repository acme/a", "user_repositories the credential"]
    );
    let all = shown(&policy, &credential(&["classic", "app_installation"], &scope));
    for request in ["user the credential", "viewer the credential", "installation_repositories the credential"] {
        assert_eq!(all.iter().filter(|one| *one == request).count(), 1, "{request}: {all:?}");
    }
}

#[test]
fn everything_reads_every_fact_of_every_host() {
    let policy = everything();
    for host in credcheck::vocabulary::HOSTS {
        let rule = policy.rules.iter().find(|rule| rule.host == host.kind).unwrap();
        let facts: usize =
            rule.statements.iter().map(|id| policy.statement(*id).map_or(0, |one| one.facts.len())).sum();
        assert_eq!(facts, host.facts.len(), "{}", host.word);
    }
    let one = credential(&["classic"], &["acme/a"]);
    let planned = dry_run(&policy, &one, &Judge::AsksEverything, now());
    let mut names: Vec<&str> = planned.iter().map(|request| request.row.name).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "default_branch",
            "job_permissions",
            "membership",
            "organization",
            "organization_webhooks",
            "repository",
            "user",
            "webhooks",
        ]
    );
}
