//! What a fact of today lets a policy demand: a table of facts, and a statement or two of each.

use jiff::{SignedDuration, Timestamp};

use super::write;
use crate::facts::{Bounds, Knowledge, Value};
use crate::text::redact::Redactor;
use crate::vocabulary::{Fact, LevelTable, Type};

/// How a fact becomes a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// It stays what it is.
    Equal,
    /// It holds, if it does today.
    Holds,
    /// It does not hold, if it does not today.
    HoldsNot,
    /// At least this level, and preferably no higher one.
    Level,
    /// At least these grants, and preferably no others.
    Grants,
    /// An end that is not too near.
    Ahead,
    /// That a program renews it, if one does.
    Renewed,
}

/// A fact that a starting policy may speak of, and the rule that it goes into.
pub(super) struct Row {
    pub(super) path: &'static str,
    pub(super) rule: &'static Rule,
    pub(super) how: How,
}

/// A rule of a starting policy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) because: &'static str,
    pub(super) fix: &'static str,
}

impl Rule {
    /// Whether it is the rule about the kind of credential, which comes first.
    pub(super) fn is_of_kind(&self) -> bool {
        *self == KIND
    }
}

const GIVE_BACK: &str = "give back what is missing; take away what came on top, or say it here";

static KIND: Rule = Rule {
    name: "kind",
    title: "the kind that it is today",
    because: "the other rules are about a credential of this kind",
    fix: "use a credential of this kind, or write rules for the new one",
};
static SCOPES: Rule = Rule {
    name: "scopes",
    title: "the scopes that it has today",
    because: "the bot works with these scopes today, and should not get more of them unnoticed",
    fix: GIVE_BACK,
};
static PERMISSIONS: Rule = Rule {
    name: "permissions",
    title: "the permissions that it is known to have today",
    because: "the bot works with these permissions today, and should not get more of them unnoticed",
    fix: GIVE_BACK,
};
static ACCOUNT: Rule = Rule {
    name: "account",
    title: "the account that it acts as",
    because: "people know the bot by this account",
    fix: "make the credential with this account again, or say the new one here",
};
static END: Rule = Rule {
    name: "end",
    title: "an end that is not too near",
    because: "a credential that ends on a Sunday stops the bot",
    fix: "renew the credential, and put the date into a calendar",
};
static APP: Rule = Rule {
    name: "app",
    title: "what its App asks for today",
    because: "an App should not ask for more unnoticed",
    fix: GIVE_BACK,
};
static ROLE: Rule = Rule {
    name: "role",
    title: "the role that the account has today",
    because: "the bot works with this role today, and should not get a higher one unnoticed",
    fix: "give the account this role, or say the new one here",
};
static ABILITIES: Rule = Rule {
    name: "abilities",
    title: "what it can do today",
    because: "the bot works with these abilities today, and should not get more of them unnoticed",
    fix: GIVE_BACK,
};
static OPEN: Rule = Rule {
    name: "open",
    title: "repositories that take changes",
    because: "an archived repository refuses whatever the bot does",
    fix: "take the repository out of the bot's scope, or open it again",
};
static OWNER_ROLE: Rule = Rule {
    name: "owner-role",
    title: "the role that the account has today with the repository's owner",
    because: "the bot works with this role today, and should not get a higher one unnoticed",
    fix: "give the account this role, or say the new one here",
};
static SIGN_ON: Rule = Rule {
    name: "single-sign-on",
    title: "that single sign-on lets it in",
    because: "an organisation that asks for single sign-on hides its private repositories until then",
    fix: "authorise the credential for the organisation again",
};

const fn row(path: &'static str, rule: &'static Rule, how: How) -> Row {
    Row { path, rule, how }
}

/// The facts that starting policies speak of, those of one rule together.
pub(super) static ROWS: [Row; 26] = [
    row("token.kind", &KIND, How::Equal),
    row("token.lifetime", &KIND, How::Renewed),
    row("token.scopes", &SCOPES, How::Grants),
    row("token.permissions", &PERMISSIONS, How::Grants),
    row("user.username", &ACCOUNT, How::Equal),
    row("user.kind", &ACCOUNT, How::Equal),
    row("user.is_bot", &ACCOUNT, How::Holds),
    row("user.state", &ACCOUNT, How::Equal),
    row("user.two_factor", &ACCOUNT, How::Holds),
    row("user.site_admin", &ACCOUNT, How::HoldsNot),
    row("user.admin", &ACCOUNT, How::HoldsNot),
    row("token.oauth_client", &ACCOUNT, How::Equal),
    row("app.slug", &ACCOUNT, How::Equal),
    row("token.expires_at", &END, How::Ahead),
    row("app.permissions", &APP, How::Grants),
    row("app.events", &APP, How::Grants),
    row("repository.permission", &ROLE, How::Level),
    row("project.access_level", &ROLE, How::Level),
    row("repository.can", &ABILITIES, How::Grants),
    row("repository.archived", &OPEN, How::HoldsNot),
    row("project.archived", &OPEN, How::HoldsNot),
    row("organization.role", &OWNER_ROLE, How::Level),
    row("group.access_level", &OWNER_ROLE, How::Level),
    row("project.permission", &OWNER_ROLE, How::Level),
    row("workspace.role", &OWNER_ROLE, How::Equal),
    row("organization.sso_authorized", &SIGN_ON, How::Holds),
];

/// The facts that starting policies do not speak of, and why: a test holds the vocabulary against both lists.
#[cfg(test)]
pub(super) const LEFT_OUT: [(&str, &str); 24] = [
    ("token.active", "a built-in rule"),
    ("token.expires_in", "follows from token.expires_at"),
    ("token.created_at", "changes with each renewal"),
    ("token.age", "changes by itself"),
    ("token.last_used_at", "changes by itself"),
    ("token.unused_for", "changes by itself"),
    ("token.name", "a label"),
    ("user.id", "a number that the name stands for"),
    ("user.name", "a label"),
    ("user.email", "of a person, perhaps"),
    ("user.external", "neither better nor worse"),
    ("host.version", "changes with each upgrade"),
    ("repository.name", "the name that was asked for"),
    ("repository.access", "follows from the role"),
    ("repository.outside_collaborator", "follows from the membership and the role"),
    ("repository.visibility", "of the repository"),
    ("project.visibility", "of the project"),
    ("repository.webhooks", "of the repository"),
    ("project.webhooks", "of the project"),
    ("organization.two_factor_required", "of the organisation"),
    ("installation.id", "changes with each installation"),
    ("installation.selection", "of the account that installed the App"),
    ("installation.suspended", "a built-in rule"),
    ("installation.events", "follows from app.events"),
];

/// What can be demanded because of a fact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Demand {
    /// Statements without their words: `require token.kind == classic`. None: nothing can be demanded.
    pub(super) statements: Vec<String>,
    /// What a test gives for it to hold: `= classic`, `is absent`.
    pub(super) given: String,
    /// What else is to be said, without the fact's name.
    pub(super) remarks: Vec<String>,
}

impl Demand {
    fn of(statements: Vec<String>, given: String) -> Self {
        Self { statements, given, remarks: Vec::new() }
    }

    fn nothing(reason: impl Into<String>) -> Self {
        Self { remarks: vec![reason.into()], ..Self::default() }
    }

    fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }
}

/// How near an end may be: what `init` asks for.
const NEAR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How far an end may be.
const FAR: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What a fact of today lets a policy demand, so that it holds today.
pub(super) fn demand(row: &Row, fact: &Fact, knowledge: &Knowledge, now: Timestamp, redactor: &Redactor) -> Demand {
    let path = row.path;
    let equal = |value: &Value| match write::value(value, redactor) {
        Some(literal) => Demand::of(vec![format!("require {path} == {literal}")], format!("= {literal}")),
        None => Demand::nothing("its value is not one to write into a policy"),
    };
    match (row.how, knowledge) {
        (How::Equal, Knowledge::Known(value)) => equal(value),
        (How::Renewed, Knowledge::Known(Value::Word("standing"))) => Demand::default(),
        (How::Renewed, Knowledge::Known(value)) => equal(value),
        (How::Renewed, _) => Demand::default(),
        (How::Holds, Knowledge::Known(Value::Bool(true))) => {
            Demand::of(vec![format!("require {path}")], "= true".to_owned())
        }
        (How::Holds, Knowledge::Known(_)) => Demand::nothing("it is false today"),
        (How::HoldsNot, Knowledge::Known(Value::Bool(false))) => {
            Demand::of(vec![format!("forbid {path}")], "= false".to_owned())
        }
        (How::HoldsNot, Knowledge::Known(_)) => Demand::nothing("it is true today"),
        (How::Level, Knowledge::Known(Value::Word(level))) => match fact.ty {
            Type::Level(table) => of_level(path, level, table),
            _ => Demand::default(),
        },
        (How::Level, Knowledge::Bounded(Bounds::Level { least: Some(least), .. }, why)) => match fact.ty {
            Type::Level(table) if !is_lowest(least, table) => {
                Demand::of(vec![format!("require {path} >= {least}")], format!("= {least}"))
                    .remark(format!("it may be more than that: {}", why.reason))
            }
            _ => Demand::nothing(why.reason.clone()),
        },
        (How::Grants, Knowledge::Known(value)) => of_grants(path, fact, value, redactor),
        (How::Grants, Knowledge::Bounded(Bounds::Names { granted, .. }, why)) if !granted.is_empty() => {
            let mut demand = of_grants(path, fact, &Value::Names(granted.clone()), redactor);
            demand.statements.truncate(1);
            demand.remark(format!("it may be more than that: {}", why.reason))
        }
        (How::Grants, Knowledge::Bounded(Bounds::Permissions { granted, .. }, why)) if !granted.is_empty() => {
            let mut demand = of_grants(path, fact, &Value::Permissions(granted.clone()), redactor);
            demand.statements.truncate(1);
            demand.remark(format!("it may be more than that: {}", why.reason))
        }
        (How::Ahead, Knowledge::Known(Value::Time(time))) => of_end(*time, now, redactor),
        (How::Ahead, Knowledge::Absent) => {
            Demand::of(vec![format!("require token.expires_in >= {}d", NEAR.as_hours() / 24)], "is absent".to_owned())
                .remark("it never ends; `prefer token.expires_in <= 366d` would ask for an end")
        }
        (_, Knowledge::Absent) => Demand::nothing("the host says that there is none"),
        // There is no such thing, so that nothing is missing.
        (_, Knowledge::Inapplicable(_)) => Demand::default(),
        (_, Knowledge::Bounded(_, why) | Knowledge::Unknown(why)) => Demand::nothing(why.reason.clone()),
        (_, Knowledge::Known(_)) => Demand::default(),
    }
}

fn is_lowest(level: &str, table: &LevelTable) -> bool {
    table.levels.iter().all(|(other, _)| table.at_least(other, level))
}

fn of_level(path: &str, level: &str, table: &LevelTable) -> Demand {
    let mut statements = Vec::new();
    if !is_lowest(level, table) {
        statements.push(format!("require {path} >= {level}"));
    }
    let others = || table.levels.iter().map(|(other, _)| *other).filter(|other| *other != level);
    let above: Vec<String> = others().filter(|other| table.at_least(other, level)).map(str::to_owned).collect();
    let beside = others().any(|other| !table.at_least(other, level) && !table.at_least(level, other));
    match (above.is_empty(), beside) {
        // No ceiling above the highest.
        (true, _) => {}
        (false, false) => statements.push(format!("prefer {path} <= {level}")),
        // What stands beside is neither more nor less.
        (false, true) => statements.push(format!("prefer {path} not in {}", write::list(&above))),
    }
    Demand::of(statements, format!("= {level}"))
}

/// A floor and a ceiling; the floor first. What the tables do not know has a place in neither.
fn of_grants(path: &str, fact: &Fact, value: &Value, redactor: &Redactor) -> Demand {
    let (literal, unknown, empty) = match (value, fact.ty) {
        (Value::Names(set), _) => {
            let unknown: Vec<String> = set.unknown_names().map(str::to_owned).collect();
            (Some(write::names(set)), unknown, set.is_empty())
        }
        (Value::Permissions(map), Type::Permissions(table)) => {
            let (literal, unknown) = write::permissions(map, table);
            let empty = literal == "{}";
            (Some(literal), unknown, empty)
        }
        (Value::Strings(set), _) => (write::value(value, redactor), Vec::new(), set.is_empty()),
        _ => (None, Vec::new(), true),
    };
    let Some(literal) = literal else { return Demand::nothing("its value is not one to write into a policy") };
    let mut statements = Vec::new();
    let nothing_known = empty || literal == "[]";
    if !nothing_known {
        statements.push(format!("require {path} covers {literal}"));
    }
    if unknown.is_empty() {
        statements.push(format!("prefer {path} within {literal}"));
        return Demand::of(statements, format!("= {literal}"));
    }
    Demand::of(statements, format!("= {literal}")).remark(format!(
        "granted besides, and not in this version's tables: {}. So nothing is said of what would be too much",
        unknown.join(", ")
    ))
}

fn of_end(time: Timestamp, now: Timestamp, redactor: &Redactor) -> Demand {
    let left = time.duration_since(now);
    let Some(literal) = write::value(&Value::Time(time), redactor) else {
        return Demand::nothing("its value is not one to write into a policy");
    };
    // An hour more, so that what holds while this is written holds when it is checked.
    if left < NEAR + SignedDuration::from_hours(1) {
        return Demand::nothing(format!("it ends at {literal}, which is too near to demand more: renew it"));
    }
    let mut demand =
        Demand::of(vec![format!("require token.expires_in >= {}d", NEAR.as_hours() / 24)], format!("= {literal}"));
    if left <= FAR {
        demand.statements.push(format!("prefer token.expires_in <= {}d", FAR.as_hours() / 24));
        return demand;
    }
    demand.remark(format!("it ends at {literal}, in more than a year"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{HOSTS, Origin, Subject};

    #[test]
    fn every_fact_of_the_vocabulary_has_its_place() {
        for host in HOSTS {
            for fact in host.facts {
                let rows = ROWS.iter().filter(|row| row.path == fact.path).count();
                let left_out = LEFT_OUT.iter().filter(|(path, _)| *path == fact.path).count();
                assert_eq!(rows + left_out, 1, "{}: {}", host.word, fact.path);
            }
        }
        for path in ROWS.iter().map(|row| row.path).chain(LEFT_OUT.iter().map(|(path, _)| *path)) {
            assert!(HOSTS.iter().any(|host| host.fact(path).is_some()), "no host has `{path}`");
        }
    }

    #[test]
    fn a_fact_is_of_the_type_that_its_row_means() {
        for row in &ROWS {
            for fact in HOSTS.iter().filter_map(|host| host.fact(row.path).map(|index| host.row(index))) {
                let right = match row.how {
                    How::Equal => matches!(fact.ty, Type::Enum(_) | Type::String),
                    How::Holds | How::HoldsNot => fact.ty == Type::Bool,
                    How::Level => matches!(fact.ty, Type::Level(_)),
                    How::Grants => matches!(fact.ty, Type::Names(_) | Type::Permissions(_) | Type::Strings),
                    How::Ahead => fact.ty == Type::Time && fact.subject == Subject::Credential,
                    How::Renewed => matches!((fact.ty, &fact.origin), (Type::Enum(_), Origin::Derived(_))),
                };
                assert!(right, "{}", row.path);
            }
        }
    }
}
