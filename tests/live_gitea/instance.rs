//! What is made on an instance, what is true of it, and its end.

use std::cell::RefCell;

use serde_json::{Value, json};

use super::api::Api;
use super::asking::{Asked, Knows};

/// The organization, and the beginning of every name.
const ORGANIZATION: &str = "clive";
const BOT: &str = "clive-bot";
const PASSWORD: &str = "long enough 4 anybody";

/// Accounts beside the bot, with what is changed of each once its token was made.
const OTHERS: [(&str, &str); 4] = [
    ("clive-boss", "admin"),
    ("clive-guest", "restricted"),
    ("clive-blocked", "prohibit_login"),
    ("clive-fresh", "must_change_password"),
];

/// The scopes of the bot's tokens, by their names.
const TOKENS: [(&str, &[&str]); 6] = [
    ("good", &["write:issue", "write:repository", "read:user"]),
    ("no-issue", &["write:repository", "read:user"]),
    ("reader", &["read:repository"]),
    ("issues", &["write:issue"]),
    ("open", &["public-only", "write:repository", "read:user"]),
    ("all", &["all"]),
];

/// What is true of a repository for the bot: the right, and whether it is private, and archived.
type Truth = (&'static str, bool, bool);

/// The repositories as operators name them; `None` where the bot sees nothing.
const REPOSITORIES: [(&str, Option<Truth>); 5] = [
    ("clive/infra", Some(("write", true, false))),
    ("clive/site", Some(("admin", false, false))),
    ("clive/attic", Some(("write", true, true))),
    ("clive/old", Some(("read", true, false))),
    ("clive/secret", None),
];

/// A token, with what is true of it.
struct Made {
    name: String,
    login: &'static str,
    text: String,
    scopes: Vec<&'static str>,
    /// For `clive/infra` alone.
    narrow: bool,
}

/// What was made, and is removed when this ends.
pub(crate) struct Instance<'a> {
    api: &'a Api,
    version: String,
    tokens: Vec<Made>,
    /// How it is removed, the last first.
    removal: RefCell<Vec<String>>,
}

impl<'a> Instance<'a> {
    /// Makes everything, on an empty server.
    pub(crate) fn furnish(api: &'a Api) -> Self {
        api.is_empty();
        let mut made = Self { api, version: api.version(), tokens: Vec::new(), removal: RefCell::default() };
        made.account(BOT);
        for (login, _) in OTHERS {
            made.account(login);
        }
        made.organization();
        for (name, scopes) in TOKENS {
            made.token(name, BOT, scopes, false);
        }
        for (login, _) in OTHERS {
            made.token(login, login, &["all"], false);
        }
        if made.makes_narrow_tokens() {
            made.token("narrow", BOT, &["write:issue", "write:repository"], true);
        }
        for (login, change) in OTHERS {
            let body = json!({"login_name": login, "source_id": 0, change: true});
            api.must("PATCH", &format!("/admin/users/{login}"), Some(&body));
        }
        made
    }

    fn is_forgejo(&self) -> bool {
        self.version.contains("+gitea-")
    }

    /// The version's first two numbers.
    fn number(&self) -> (u32, u32) {
        let mut numbers = self.version.split(['.', '+', '-']).map(|part| part.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }

    fn makes_narrow_tokens(&self) -> bool {
        self.is_forgejo() && self.number() >= (15, 0)
    }

    fn make(&self, path: &str, body: &Value, removal: String) {
        self.api.must("POST", path, Some(body));
        self.removal.borrow_mut().push(removal);
    }

    fn account(&self, login: &str) {
        let body = json!({
            "username": login, "email": format!("{login}@example.com"), "password": PASSWORD,
            "must_change_password": false,
        });
        self.make("/admin/users", &body, format!("/admin/users/{login}?purge=true"));
    }

    fn organization(&self) {
        self.make("/orgs", &json!({"username": ORGANIZATION}), format!("/orgs/{ORGANIZATION}"));
        for (full_name, truth) in REPOSITORIES {
            let (_, name) = full_name.split_once('/').unwrap();
            let private = truth.is_none_or(|(_, private, _)| private);
            let body = json!({"name": name, "private": private, "auto_init": true, "default_branch": "main"});
            self.make(&format!("/orgs/{ORGANIZATION}/repos"), &body, format!("/repos/{full_name}"));
            let Some((right, _, archived)) = truth else { continue };
            let path = format!("/repos/{full_name}/collaborators/{BOT}");
            self.api.must("PUT", &path, Some(&json!({"permission": right})));
            if archived {
                self.api.must("PATCH", &format!("/repos/{full_name}"), Some(&json!({"archived": true})));
            }
        }
        let hook = json!({
            "type": "gitea", "active": true, "events": ["push", "issue_comment"],
            "config": {"url": "https://atlantis.clive.example/events", "content_type": "json"},
        });
        self.api.must("POST", "/repos/clive/site/hooks", Some(&hook));
        let protection = json!({"branch_name": "main", "rule_name": "main", "enable_push": false});
        self.api.must("POST", "/repos/clive/site/branch_protections", Some(&protection));
        self.api.must("PATCH", "/repos/clive/old", Some(&json!({"name": "new"})));
        let renamed = |path: &mut String| *path = path.replace("/repos/clive/old", "/repos/clive/new");
        self.removal.borrow_mut().iter_mut().for_each(renamed);
    }

    fn token(&mut self, name: &str, login: &'static str, scopes: &'static [&'static str], narrow: bool) {
        let mut body = json!({"name": name, "scopes": scopes});
        if narrow {
            body["repositories"] = json!([{"owner": ORGANIZATION, "name": "infra"}]);
        }
        let path = format!("/users/{login}/tokens");
        let (status, answer) = self.api.ask((login, PASSWORD), "POST", &path, Some(&body));
        assert_eq!(status, 201, "POST {path}: {answer}");
        let text = answer["sha1"].as_str().unwrap().to_owned();
        self.tokens.push(Made { name: name.to_owned(), login, text, scopes: scopes.to_vec(), narrow });
    }

    fn of(&self, name: &str) -> &Made {
        self.tokens.iter().find(|made| made.name == name).unwrap()
    }

    fn asked<'t>(&self, made: &'t Made) -> Asked<'t> {
        Asked { root: self.api.root.clone(), token: &made.text, username: None, repositories: &[] }
    }

    /// Everything that credcheck says of what was made is right, and it says what it can.
    pub(crate) fn is_told_rightly(&self) {
        for made in self.tokens.iter().filter(|made| made.login == BOT) {
            self.tells_facts(made);
        }
        self.tells_accounts();
        self.tells_outcomes();
        self.tells_whose();
    }

    fn tells_facts(&self, made: &Made) {
        let names = REPOSITORIES.map(|(name, _)| name);
        let facts = Asked { repositories: &names, ..self.asked(made) }.facts();
        let at = format!("{} of {}", made.name, self.version);
        let reads = |name: &str| made.holds(name);
        let public_only = made.scopes.contains(&"public-only");
        facts.says("host.product", None, &json!(if self.is_forgejo() { "forgejo" } else { "gitea" }), true, &at);
        facts.says("user.username", None, &json!(BOT), reads("read:user"), &at);
        facts.says("user.admin", None, &json!(false), reads("read:user"), &at);
        facts.says("token.active", None, &json!(true), true, &at);
        facts.says("token.public_only", None, &json!(public_only), reads("read:user"), &at);
        let kind = if made.narrow { "repository" } else { "personal" };
        facts.says("token.kind", None, &json!(kind), !made.narrow && reads("read:user"), &at);
        let told = reads("read:user") || (!self.is_forgejo() && self.number() >= (1, 23));
        facts.grants(&|name| made.holds(name), told, &at);
        for (name, truth) in REPOSITORIES {
            let open = truth.is_some_and(|(_, private, _)| !private);
            let shown = reads("read:repository") && (open || !public_only) && !(made.narrow && name != "clive/infra");
            let Some((right, private, archived)) = truth else {
                facts.hides("repository.name", name, &at);
                continue;
            };
            let now = name.replace("/old", "/new");
            let visibility = if private { "private" } else { "public" };
            facts.says("repository.name", Some(name), &json!(now), shown, &at);
            facts.says("repository.archived", Some(name), &json!(archived), shown, &at);
            facts.says("repository.visibility", Some(name), &json!(visibility), shown, &at);
            if !public_only && (!made.narrow || name == "clive/infra") {
                facts.says("repository.code", Some(name), &json!(right), shown, &at);
            }
            let own = self.is_forgejo() || self.number() >= (1, 24);
            facts.says("repository.permission", Some(name), &json!(right), shown && own && reads("read:user"), &at);
            facts.says(
                "repository.push_default",
                Some(name),
                &json!(right != "read" && !open),
                shown && !open && !made.narrow,
                &at,
            );
        }
        if made.name == "good" {
            facts.shows("repository.webhooks", "clive/site", "https://atlantis.clive.example", &at);
        }
    }

    /// Accounts that may not act are told apart, those that may are known.
    fn tells_accounts(&self) {
        for (login, says) in [("clive-blocked", "may not sign in"), ("clive-fresh", "changes its password")] {
            self.asked(self.of(login)).checks("require token.active", 1).shows(says);
        }
        self.asked(self.of("clive-boss")).checks("require user.admin and not user.restricted", 0);
        self.asked(self.of("clive-guest")).checks("require user.restricted and not user.admin", 0);
        let nobodys = Made {
            name: "none".into(),
            login: BOT,
            text: self.of("good").text.chars().rev().collect(),
            scopes: Vec::new(),
            narrow: false,
        };
        self.asked(&nobodys).checks("require token.active", 1).shows("is not accepted (401)");
    }

    fn tells_outcomes(&self) {
        const WRITES: &str = "require token.scopes covers [\"write:issue\", \"write:repository\"]";
        self.asked(self.of("good")).checks(WRITES, 0);
        self.asked(self.of("all")).checks(WRITES, 0);
        self.asked(self.of("no-issue")).checks(WRITES, 1);
        self.asked(self.of("reader")).checks("require token.scopes covers [\"write:repository\"]", self.unless_told(3));
        let infra = |name: &str| Asked { repositories: &["clive/infra"], ..self.asked(self.of(name)) };
        let can = |ability: &str| format!("require repository.can covers [{ability}]");
        infra("good").checks(&can("push, comment, merge, set_status, clone"), 0);
        infra("no-issue").checks(&can("comment"), 1);
        infra("good").checks(&can("manage_webhooks"), 1);
        infra("open").checks(&can("clone"), 1);
        let attic = |name: &str| Asked { repositories: &["clive/attic"], ..self.asked(self.of(name)) };
        attic("good").checks(&can("push"), 1);
        attic("good").checks(&can("clone"), 0);
        let old = Asked { repositories: &["clive/old"], ..self.asked(self.of("good")) };
        old.checks(&can("clone"), 0).shows("clive/new");
        let secret = Asked { repositories: &["clive/secret"], ..self.asked(self.of("good")) };
        secret.checks(&can("clone"), 1).shows("cannot see the repository");
        let site = Asked { repositories: &["clive/site"], ..self.asked(self.of("good")) };
        site.checks(&can("push"), 0);
        site.checks(&can("push_default"), 1);
    }

    /// Where a refusal tells every scope, a missing one is a violation, and else undetermined.
    fn unless_told(&self, open: i32) -> i32 {
        if !self.is_forgejo() && self.number() >= (1, 23) { 1 } else { open }
    }

    /// A token for some repositories says whose it is where the settings name the account.
    fn tells_whose(&self) {
        if !self.makes_narrow_tokens() {
            return;
        }
        let rule = format!("require user.username == \"{BOT}\"");
        let whose = |username| Asked { username, repositories: &["clive/infra"], ..self.asked(self.of("narrow")) };
        whose(None).checks(&rule, 3);
        whose(Some(BOT)).checks(&rule, 0);
        whose(Some("clive-guest")).checks(&rule, 1).shows("does not belong to it");
    }
}

impl Made {
    fn holds(&self, name: &str) -> bool {
        let writes = name.replace("read:", "write:");
        let is_word = name.contains(':');
        self.scopes.iter().any(|held| *held == name || (is_word && (*held == "all" || *held == writes)))
    }
}

#[expect(clippy::print_stderr, reason = "what is left behind must be removed by hand")]
impl Drop for Instance<'_> {
    fn drop(&mut self) {
        for path in self.removal.take().iter().rev() {
            let (status, answer) = self.api.as_admin("DELETE", path, None);
            if !(200..300).contains(&status) {
                eprintln!("left behind: DELETE {path}: {status} {answer}");
            }
        }
    }
}

/// What is known of facts, for the checks above.
impl Knows {
    /// A fact is what is true, or it is not known; `must` where it can be.
    #[track_caller]
    fn says(&self, path: &str, of: Option<&str>, truth: &Value, must: bool, at: &str) {
        let fact = self.fact(path, of);
        let known = fact.filter(|fact| fact["knowledge"] == "known");
        match known {
            Some(fact) => assert_eq!(&fact["value"], truth, "{at}: {path} of {of:?}"),
            None => assert!(!must, "{at}: {path} of {of:?} is not known: {fact:?}"),
        }
    }

    #[track_caller]
    fn hides(&self, path: &str, of: &str, at: &str) {
        let known = self.fact(path, Some(of)).filter(|fact| fact["knowledge"] == "known");
        assert_eq!(known, None, "{at}");
    }

    #[track_caller]
    fn shows(&self, path: &str, of: &str, text: &str, at: &str) {
        let fact = self.fact(path, Some(of)).map(Value::to_string).unwrap_or_default();
        assert!(fact.contains(text), "{at}: {fact}");
    }

    /// Every scope that is there for certain is held, every one that is missing is not; `must` where all are told.
    #[track_caller]
    fn grants(&self, holds: &dyn Fn(&str) -> bool, must: bool, at: &str) {
        let fact = self.fact("token.scopes", None).unwrap();
        let names = |field: &str| -> Vec<String> {
            fact[field].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        assert!(!must || fact["knowledge"] == "known", "{at}: {fact}");
        for name in names("value").iter().chain(&names("granted")) {
            assert!(holds(name), "{at}: {fact}");
        }
        for name in names("denied") {
            assert!(!holds(&name), "{at}: {fact}");
        }
    }
}
