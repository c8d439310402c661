//! What a fact of today lets a policy demand: a table of facts, and a statement or two of each.

use jiff::{SignedDuration, Timestamp};

use super::write;
use crate::facts::{Bounds, Knowledge, Value};
use crate::text::redact::Redactor;
use crate::vocabulary::start::{How, Part, Start};
use crate::vocabulary::{Fact, FactIndex, Host, LevelTable, Type};

/// A fact that a starting policy may speak of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) index: FactIndex,
    pub(super) fact: &'static Fact,
    pub(super) part: Part,
}

/// The facts of a host that starting policies speak of, those of one rule together.
pub(super) fn rows(host: &'static Host) -> Vec<Row> {
    let mut rows: Vec<Row> = (0_u16..)
        .zip(host.facts)
        .filter_map(|(at, fact)| match fact.start {
            Start::Demands(part) => Some(Row { index: FactIndex(at), fact, part }),
            Start::LeftOut(_) => None,
        })
        .collect();
    rows.sort_by_key(|row| (row.part.rule.at, row.part.at));
    rows
}

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
pub(super) fn demand(row: Row, knowledge: &Knowledge, now: Timestamp, redactor: &Redactor) -> Demand {
    let (fact, path) = (row.fact, row.fact.path);
    let equal = |value: &Value| match write::value(value, redactor) {
        Some(literal) => Demand::of(vec![format!("require {path} == {literal}")], format!("= {literal}")),
        None => Demand::nothing("its value is not one to write into a policy"),
    };
    match (row.part.how, knowledge) {
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
