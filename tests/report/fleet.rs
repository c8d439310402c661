//! A fleet: thirty credentials on two hundred repositories, judged by forty rules, broken in every way that is common.

use std::fmt::Write as _;

use credcheck::facts::{Cause, Evidence, Incident, Knowledge, NotChecked, Refusal, RepositoryName, Value};
use credcheck::vocabulary::github::headers::TOKEN_EXPIRATION;
use credcheck::vocabulary::{Place, field};
use jiff::SignedDuration;

use super::fixture::{Checked, Fixture, label, unknown};

/// How many credentials.
pub(crate) const CREDENTIALS: usize = 30;
/// How many repositories, each in the scope of every credential.
const REPOSITORIES: usize = 200;

/// Forty rules: ten scopes that a bot must have and ten that it must not, and twenty of other kinds.
fn policy() -> String {
    let mut text = String::from("host github {\n");
    let must = ["repo", "read:org", "user:email", "workflow", "gist", "notifications", "read:packages", "read:user"];
    for (at, scope) in must.iter().chain(&["write:discussion", "read:project"]).enumerate() {
        let _ = writeln!(
            text,
            "  rule needs-{at} {{\n    require token.scopes covers [\"{scope}\"]\n    because \"the bot uses `{scope}` in \
             every run, and stops in the middle of one without it\"\n    fix \"edit the token and tick `{scope}`\"\n    see \
             \"https://wiki.acme.dev/bots/scopes#{at}\"\n  }}"
        );
    }
    let never = ["delete_repo", "admin:org", "admin:repo_hook", "admin:public_key", "admin:gpg_key", "site_admin"];
    for (at, scope) in never.iter().chain(&["write:packages", "codespace", "project", "repo:invite"]).enumerate() {
        let _ = writeln!(
            text,
            "  rule never-{at} {{\n    forbid token.scopes overlaps [\"{scope}\"]\n    because \"`{scope}` is for people, \
             and whoever reads the bot's environment has it\"\n    fix \"edit the token and untick `{scope}`\"\n  }}"
        );
    }
    text.push_str(
        "  rule rotation {\n    require token.expires_in >= 7d\n    because \"a token that ends on a Sunday stops every \
         apply\"\n  }\n  rule year { prefer token.expires_in <= 366d }\n  rule bot {\n    prefer user.is_bot or user.username \
         like [\"*-bot\"]\n    because \"comments from a personal account confuse reviewers\"\n  }\n  rule role {\n    require \
         repository.permission >= write\n    because \"without it GitHub refuses the commit status, with a 404\"\n  }\n  rule \
         open { forbid repository.archived == true }\n  rule private { avoid repository.visibility == public }\n",
    );
    for at in 0..14 {
        let _ = writeln!(
            text,
            "  rule name-{at} {{\n    {} user.username != \"old-{at}\"\n    because \"old-{at} is an account of a team \
             that is gone\"\n  }}",
            if at % 2 == 0 { "require" } else { "prefer" }
        );
    }
    text.push_str(
        "}\nwaive github.needs-3 credential \"bot-1*\" until 2027-03-31 because \"SEC-1: waits for the split\"\n",
    );
    text
}

/// The fleet.
pub(crate) fn fleet() -> Fixture {
    let mut fixture = Fixture::new(&policy());
    for at in 0..CREDENTIALS {
        let one = fixture.credential(&format!("bot-{at:02}"), "classic");
        // Every third lacks something, and has too much; each ends at another time.
        let mut scopes = vec!["repo", "read:org", "user:email", "notifications", "read:packages", "read:user"];
        scopes.extend(["write:discussion", "read:project", "workflow", "gist"].into_iter().skip(at % 5));
        scopes.extend(["delete_repo", "admin:org", "codespace"].into_iter().take(at % 4));
        if at % 7 == 0 {
            scopes.retain(|scope| *scope != "repo");
        }
        one.scopes(&scopes);
        let hours = i64::try_from(at * 24).unwrap();
        let left = Knowledge::Known(Value::Duration(SignedDuration::from_hours(hours)));
        one.user("token.expires_in", left, TOKEN_EXPIRATION);
        let name = if at % 6 == 1 { format!("old-{at}") } else { format!("acme-{at}-bot") };
        one.user("user.username", Knowledge::Known(Value::String(name)), field("login"));
        one.user("user.is_bot", Knowledge::Known(Value::Bool(false)), field("type"));
        for number in 0..REPOSITORIES {
            let owner = ["acme", "globex", "initech", "umbrella", "hooli"][number % 5];
            let name = format!("{owner}/service-{number:03}");
            let level = match (at % 10, number % 20) {
                (3, _) => Knowledge::Known(Value::Word("read")),
                (4, 0..5) => Knowledge::Known(Value::Word("triage")),
                (5, 7) => unknown(Cause::NotPermitted, "GitHub answered 403"),
                _ => Knowledge::Known(Value::Word("write")),
            };
            one.repository(&name, "repository.permission", level);
            one.repository(&name, "repository.archived", Knowledge::Known(Value::Bool(number % 50 == 9)));
            let public = if number % 40 == 11 { "public" } else { "private" };
            one.repository(&name, "repository.visibility", Knowledge::Known(Value::Word(public)));
        }
        if at % 15 == 8 {
            refuse(one, &["acme", "globex", "initech"]);
        }
        if at % 15 == 9 {
            for number in 0..40 {
                let repository = RepositoryName::parse(&format!("acme/gone-{number:02}")).unwrap();
                let reasons = vec![format!("`{repository}` does not exist, or its name is spelled differently")];
                one.facts.incidents.push(Incident::NotVisible { repository, reasons, evidence: Vec::new() });
            }
        }
        if at == 29 {
            let reason = "is not accepted (401 Bad credentials)".to_owned();
            let evidence = vec![Evidence::answer(&label("/user"), Some(401), Place::StatusCode(401))];
            one.facts.incidents.push(Incident::Refused { reason, help: "make a new token".into(), evidence });
        }
    }
    fixture.not_checked.push(NotChecked { host: "gitlab".into(), credential: None, reason: "no credential".into() });
    fixture
}

/// Organisations refuse a credential, each seen on five repositories.
pub(crate) fn refuse(one: &mut Checked, organizations: &[&str]) {
    for by in organizations {
        for number in 0..5 {
            let name = format!("{by}/refused-{number}");
            let evidence = vec![Evidence::answer(&label(&format!("/repos/{name}")), Some(403), Place::StatusCode(403))];
            one.facts.incidents.push(Incident::NotAccepted {
                refusal: Refusal::SingleSignOn,
                by: (*by).into(),
                repository: Some(RepositoryName::parse(&name).unwrap()),
                message: "Resource protected by organization SAML enforcement".into(),
                link: None,
                evidence,
            });
        }
    }
}
