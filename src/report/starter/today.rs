//! From what credentials have today: the least policy that they satisfy, and what would be more than today.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::demand::{Demand, Row, demand, rows};
use super::write::{self, comment};
use super::{Starter, finished};
use crate::diagnostic::Diagnostic;
use crate::facts::{Credential, FactSet, Knowledge, SubjectRef, Value};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::vocabulary::start::{self, How, StartRule};
use crate::vocabulary::{self, HostKind, Subject};

/// A credential of today.
#[derive(Clone, Copy, Debug)]
pub struct Today<'a> {
    /// The credential.
    pub credential: &'a Credential,
    /// What is known of it.
    pub facts: &'a FactSet,
    /// Whether its host told anything of it.
    pub learnt: bool,
}

/// How many names of repositories a comment has.
const NAMED: usize = 5;

/// The least policy that these credentials satisfy today: what is known for certain becomes a floor (`require`) and, where
/// it can grow, a ceiling (`prefer`); what is not known becomes a comment that says why. `tool` is the program's name and
/// version. Nothing of a secret that the redactor knows, or that looks like one, gets into it.
///
/// # Errors
/// Diagnostics where the result is no valid policy, which is a mistake of the program.
pub fn today(
    credentials: &[Today<'_>],
    now: Timestamp,
    tool: &str,
    redactor: &Redactor,
) -> Result<Starter, Vec<Diagnostic>> {
    let date = now.strftime("%Y-%m-%d").to_string();
    let mut text = String::new();
    let mut say = |line: &str| text.push_str(&comment(line, redactor));
    say(&format!(
        "What today's credentials satisfy: a start, to be made stricter. `credcheck init --from-live` ({tool}) wrote it on \
         {date}, from what each host told of the credential."
    ));
    say("");
    say(
        "It says what is, not what should be. `require` is the floor that the bot stands on today; `prefer` warns of more \
         than today. Take out of both what the bot does not need: what the credential has beyond that is then a warning.",
    );
    say("");
    say("What is not known is not demanded. Comments say why.");
    text.push_str("\npolicy \"today\" {\n  title = \"What today's credentials satisfy\"\n  edition = 1\n}\n");

    let mut names = Names::default();
    let mut tests = String::new();
    let mut notes = Vec::new();
    for one in credentials {
        let several = credentials.iter().filter(|other| other.credential.host == one.credential.host).count() > 1;
        let block = Block::new(one, several, now, &mut names, redactor);
        block.write(&mut text, redactor);
        if block.rules.is_empty() {
            notes.push(format!("nothing is demanded of `{}`", write::said(&one.credential.name, redactor)));
        } else {
            tests.push_str(&block.test(&date, now, redactor));
        }
        if one.learnt && one.facts.repositories.is_empty() {
            notes.push(format!(
                "`{}` has no repository in scope, so that nothing is said of roles; name one with `--repository`",
                write::said(&one.credential.name, redactor)
            ));
        }
    }
    if !tests.is_empty() {
        text.push('\n');
        say_section(&mut text, "tests: `credcheck test FILE`", redactor);
        text.push_str(&tests);
    }
    Ok(Starter { policy: finished(&text)?, notes })
}

fn say_section(text: &mut String, title: &str, redactor: &Redactor) {
    text.push_str(&comment(&format!("---- {title}"), redactor));
}

/// The names of rules that are taken, by host.
#[derive(Default)]
struct Names(BTreeMap<(HostKind, &'static str), usize>);

impl Names {
    /// A name that no rule of the host has.
    fn take(&mut self, host: HostKind, name: &'static str) -> String {
        let count = self.0.entry((host, name)).or_default();
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name}-{count}") }
    }
}

/// A rule with what it demands.
struct Demanded {
    rule: &'static StartRule,
    statements: Vec<String>,
    remarks: Vec<String>,
    /// The subjects that it is about, where it is not about all of them.
    only: Option<(&'static str, Vec<String>)>,
    /// Its name, which no other rule of the host has.
    name: String,
}

/// What a test gives.
#[derive(Default)]
struct Given {
    credential: Vec<String>,
    /// By subject: its word and name.
    subjects: BTreeMap<(&'static str, String), Vec<String>>,
}

/// The block of one credential.
struct Block<'a> {
    today: &'a Today<'a>,
    /// The credential's name as a literal, where its block has to say whom it is about.
    credential: Option<String>,
    /// The kind, where it is known.
    kind: Option<&'static str>,
    rules: Vec<Demanded>,
    /// Facts that nothing is demanded of, and why.
    left_out: Vec<String>,
    given: Given,
}

impl<'a> Block<'a> {
    fn new(today: &'a Today<'a>, several: bool, now: Timestamp, names: &mut Names, redactor: &Redactor) -> Self {
        let credential = several.then(|| write::string(&today.credential.name, redactor)).flatten();
        let mut block =
            Self { today, credential, kind: None, rules: Vec::new(), left_out: Vec::new(), given: Given::default() };
        // A name that cannot be written would make the block speak of other credentials, too.
        if today.learnt && (!several || block.credential.is_some()) {
            for row in rows(vocabulary::host(today.facts.host)) {
                block.row(row, now, redactor);
            }
        }
        block.kind = block.word("token.kind");
        for demanded in &mut block.rules {
            demanded.name = names.take(today.credential.host, demanded.rule.name);
        }
        block
    }

    fn row(&mut self, row: Row, now: Timestamp, redactor: &Redactor) {
        let of = |from: SubjectRef| {
            let known = self.today.facts.fact(row.index, from)?;
            Some(demand(row, &known.knowledge, now, redactor))
        };
        match row.fact.subject {
            Subject::Credential => {
                // Whoever renews it sees to its end.
                let renewed =
                    row.part.how == How::Ahead && matches!(self.word("token.lifetime"), Some("short_lived" | "job"));
                let demand = if renewed { None } else { of(SubjectRef::Credential) };
                if let Some(demand) = demand {
                    self.of_credential(row, demand, redactor);
                }
            }
            Subject::Repository => {
                let repositories = 0..self.today.facts.repositories.len();
                let each = repositories.map(SubjectRef::Repository);
                let demands = each.filter_map(|from| Some((self.today.facts.subject_name(from)?, of(from)?))).collect();
                self.of_subjects(row, "repository", demands, redactor);
            }
            Subject::Organization => {
                let organizations = 0..self.today.facts.organizations.len();
                let each = organizations.map(SubjectRef::Organization);
                let demands = each.filter_map(|from| Some((self.today.facts.subject_name(from)?, of(from)?))).collect();
                self.of_subjects(row, "organization", demands, redactor);
            }
        }
    }

    /// A word that is known of the credential.
    fn word(&self, path: &str) -> Option<&'static str> {
        let facts = self.today.facts;
        let index = vocabulary::host(facts.host).fact(path)?;
        match facts.fact(index, SubjectRef::Credential)?.knowledge {
            Knowledge::Known(Value::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn of_credential(&mut self, row: Row, demand: Demand, redactor: &Redactor) {
        if demand.statements.is_empty() {
            self.left_out.extend(
                demand.remarks.iter().map(|remark| format!("`{}`: {}", row.fact.path, write::said(remark, redactor))),
            );
            return;
        }
        self.given.credential.push(format!("given {} {}", row.fact.path, demand.given));
        let remarks =
            demand.remarks.iter().map(|remark| format!("`{}`: {}", row.fact.path, write::said(remark, redactor)));
        match self.rules.iter_mut().find(|have| have.rule == row.part.rule && have.only.is_none()) {
            Some(have) => {
                have.statements.extend(demand.statements);
                have.remarks.extend(remarks);
            }
            None => self.rules.push(Demanded {
                rule: row.part.rule,
                statements: demand.statements,
                remarks: remarks.collect(),
                only: None,
                name: String::new(),
            }),
        }
    }

    /// One rule for all where all are alike, else one for each that differs.
    fn of_subjects(&mut self, row: Row, word: &'static str, demands: Vec<(&str, Demand)>, redactor: &Redactor) {
        let mut groups: Vec<(Demand, Vec<&str>)> = Vec::new();
        for (name, demand) in demands {
            match groups.iter_mut().find(|(have, _)| *have == demand) {
                Some((_, names)) => names.push(name),
                None => groups.push((demand, vec![name])),
            }
        }
        let all_alike = groups.len() == 1;
        for (demand, names) in groups {
            let literals: Vec<String> = names.iter().filter_map(|name| write::string(name, redactor)).collect();
            let remark = |remark: &String| {
                format!("`{}` of {}: {}", row.fact.path, some(&names, redactor), write::said(remark, redactor))
            };
            let remarks: Vec<String> = demand.remarks.iter().map(remark).collect();
            if demand.statements.is_empty() || literals.is_empty() {
                self.left_out.extend(remarks);
                continue;
            }
            for literal in &literals {
                let given = self.given.subjects.entry((word, literal.clone())).or_default();
                given.push(format!("given {} {}", row.fact.path, demand.given));
            }
            self.rules.push(Demanded {
                rule: row.part.rule,
                statements: demand.statements,
                remarks,
                only: (!all_alike).then_some((word, literals)),
                name: String::new(),
            });
        }
    }

    fn write(&self, text: &mut String, redactor: &Redactor) {
        let credential = self.today.credential;
        let host = vocabulary::host(credential.host);
        let kind = match credential.kinds.as_slice() {
            [only] => only.title,
            _ => "credential",
        };
        text.push('\n');
        say_section(
            text,
            &format!(
                "`{}`: {kind} at {}",
                write::said(&credential.name, redactor),
                write::said(&credential.url, redactor)
            ),
            redactor,
        );
        text.push('\n');
        if self.rules.is_empty() {
            text.push_str(&comment(
                "Nothing is demanded of it: `credcheck facts` shows what is known, and why not more.",
                redactor,
            ));
            return;
        }
        let filter = self.credential.as_ref().map(|name| format!(" credential {name}")).unwrap_or_default();
        text.push_str(&format!("host {}{filter} {{\n", host.word));
        // What holds for this kind is not asked of another: the rule about the kind alone has no guard.
        let split = self.kind.map_or(0, |_| self.rules.iter().take_while(|one| *one.rule == start::KIND).count());
        let (of_kind, others) = self.rules.split_at_checked(split).unwrap_or((&[], &self.rules));
        write_rules(of_kind, text, redactor);
        if let Some(kind) = self.kind.filter(|_| !others.is_empty()) {
            text.push_str(&format!("\nwhen token.kind == {kind} {{\n"));
            write_rules(others, text, redactor);
            text.push_str("}\n");
        } else {
            write_rules(others, text, redactor);
        }
        if !self.left_out.is_empty() {
            text.push('\n');
            text.push_str(&comment("Not demanded, and why:", redactor));
            for line in &self.left_out {
                text.push_str(&comment(&format!("- {line}"), redactor));
            }
        }
        text.push_str("}\n");
    }

    /// A test that holds what is known today, and expects each rule to pass.
    fn test(&self, date: &str, now: Timestamp, redactor: &Redactor) -> String {
        let credential = self.today.credential;
        let name = format!("`{}` as it is on {date}", write::said(&credential.name, redactor));
        let name = write::string(&name, redactor).unwrap_or_else(|| format!("\"a credential as it is on {date}\""));
        let mut text = format!("\ntest {name} {{\n  given host {}\n", credential.host.word());
        if let Some(name) = &self.credential {
            text.push_str(&format!("  given credential {name}\n"));
        }
        if let Some(now) = write::value(&Value::Time(now), redactor) {
            text.push_str(&format!("  given now = {now}\n"));
        }
        for given in &self.given.credential {
            text.push_str(&format!("  {given}\n"));
        }
        for ((word, literal), given) in &self.given.subjects {
            text.push_str(&format!("  given {word} {literal}\n"));
            for given in given {
                text.push_str(&format!("  {given}\n"));
            }
        }
        for demanded in &self.rules {
            text.push_str(&format!("  expect pass of {}\n", demanded.name));
        }
        text.push_str("  expect nothing else\n}\n");
        text
    }
}

/// Neighbours about the same subjects share a selector.
fn write_rules(rules: &[Demanded], text: &mut String, redactor: &Redactor) {
    for (at, alike) in rules.chunk_by(|one, next| one.only == next.only).enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let only = alike.first().and_then(|first| first.only.as_ref());
        if let Some((word, names)) = only {
            text.push_str(&format!("each {word} in {} {{\n", write::list(names)));
        }
        for (at, demanded) in alike.iter().enumerate() {
            if at > 0 {
                text.push('\n');
            }
            demanded.write(text, redactor);
        }
        if only.is_some() {
            text.push_str("}\n");
        }
    }
}

impl Demanded {
    fn write(&self, text: &mut String, redactor: &Redactor) {
        for remark in &self.remarks {
            text.push_str(&comment(remark, redactor));
        }
        text.push_str(&format!("rule {} \"{}\" {{\n", self.name, self.rule.title));
        for statement in &self.statements {
            text.push_str(statement);
            text.push('\n');
        }
        text.push_str(&format!("because \"{}\"\nfix \"{}\"\n}}\n", self.rule.because, self.rule.fix));
    }
}

/// The first names, and how many more there are.
fn some(names: &[&str], redactor: &Redactor) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMED).map(|name| write::said(name, redactor)).collect();
    if names.len() > NAMED {
        shown.push(english::count(names.len() - NAMED, "more", "more"));
    }
    english::list(shown, "and")
}
