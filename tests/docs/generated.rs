//! The parts of pages that are written from the program and its tables.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;

use credcheck::diagnostic::Code;
use credcheck::report::builtins;
use credcheck::settings::{Address, FAMILIES, Family, ScopeVariable, TokenVariable};
use credcheck::vocabulary::{
    Absence, Derivation, Fact, HOSTS, Host, Lifetime, Method, OnPublic, Origin, Place, Told, Type, host,
};

use crate::commands::{help, subcommands};
use crate::pages::{pages, read, root};
use crate::simulated::{Simulated, credcheck};

/// What stands between the marks of this name.
fn generate(name: &str) -> Option<String> {
    let of_host =
        |host: &&'static Host| Some((*host, name.strip_prefix(&host.word.replace('_', "-"))?.strip_prefix('-')?));
    if let Some((host, part)) = HOSTS.iter().find_map(of_host) {
        return Some(match part {
            "good-tokens" => good_tokens(),
            "kinds" => kinds(host),
            "facts" => facts(host),
            "reveals" => reveals(host),
            "requests" => requests(host),
            "abilities" => abilities(host),
            "scopes" => scopes(host),
            "permissions" => permissions(host),
            _ => return None,
        });
    }
    if let Some(file) = name.strip_prefix("example ") {
        return Some(example(file));
    }
    Some(match name {
        "portable-facts" => portable(),
        "families" => families(),
        "codes" => codes(),
        "code-pages" => code_pages(),
        "commands" => commands(),
        "violation" => violation(),
        "policies" => policies(),
        _ => return None,
    })
}

#[test]
fn generated_parts_are_up_to_date() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let mut used = 0;
    for page in pages() {
        let mut text = String::new();
        let mut rest = page.text.as_str();
        while let Some((before, after)) = rest.split_once("<!-- generated: ") {
            let (name, after) = after.split_once(" -->\n").expect("the mark ends its line");
            let (old, after) = after.split_once("<!-- end -->").expect("the part ends");
            let new = generate(name).unwrap_or_else(|| panic!("{}: nothing writes `{name}`", page.name));
            let new = format!("\n{}\n\n", new.trim_end());
            assert!(
                update || old == new,
                "{}: `{name}` is old; run `UPDATE_DOCS=1 cargo test --test docs`\n--- is\n{old}\n--- would be\n{new}",
                page.name
            );
            write!(text, "{before}<!-- generated: {name} -->\n{new}<!-- end -->").unwrap();
            rest = after;
            used += 1;
        }
        text.push_str(rest);
        if update && text != page.text {
            std::fs::write(root().join(&page.name), text).unwrap();
        }
    }
    assert!(used >= 12, "the marks are there: {used}");
}

/// A file of `examples/`, whole.
fn example(file: &str) -> String {
    let language = match Path::new(file).extension().and_then(OsStr::to_str) {
        Some("yml" | "yaml") => "yaml",
        _ => "groovy",
    };
    format!("```{language}\n{}```", read(&format!("examples/{file}")))
}

fn table(columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    }
    text
}

/// The ready-made policies, each by its header and rules.
fn policies() -> String {
    table(
        &["Policy", "Says", "Hosts", "Rules", "After"],
        builtins::all().iter().map(|one| {
            vec![
                format!("`builtin:{}`", one.name),
                one.title.clone(),
                quoted(one.hosts.iter().map(|host| host.word())),
                one.rules.iter().map(|(.., hosts)| hosts.len()).sum::<usize>().to_string(),
                format!("<{}>", one.see),
            ]
        }),
    )
}

fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn kinds(host: &Host) -> String {
    table(
        &["Kind", "Is a", "Begins with", "Lives", "A user behind it", "First request", "Notes"],
        host.kinds.iter().map(|kind| {
            vec![
                format!("`{}`", kind.word),
                kind.title.to_owned(),
                quoted(kind.prefixes.iter().copied()),
                kind.lifetime
                    .map_or("its expiry tells".to_owned(), |lifetime: Lifetime| format!("`{}`", lifetime.word())),
                if kind.has_user { "yes" } else { "no" }.to_owned(),
                kind.first_request.map_or("not asked yet".to_owned(), |name| format!("`{name}`")),
                kind.doc.to_owned(),
            ]
        }),
    )
}

/// A type, with its words.
fn type_of(ty: Type) -> String {
    match ty {
        Type::Enum(table) => format!("one of {}", quoted(table.words.iter().map(|(word, _)| *word))),
        Type::Level(table) => format!("level: {}", quoted(table.levels.iter().map(|(word, _)| *word))),
        Type::Names(table) if table.words => {
            format!("set of {}: {}", table.plural, quoted(table.names.iter().map(|name| name.name)))
        }
        Type::Records(table) => {
            format!("list of {} with {}", table.plural, quoted(table.fields.iter().map(|field| field.name)))
        }
        other => other.title(),
    }
}

fn absence(absence: Absence) -> String {
    match absence {
        Absence::Impossible => "cannot be absent".to_owned(),
        Absence::Never => "`never`".to_owned(),
        Absence::Level(word) => format!("`{word}`"),
        Absence::Empty => "empty".to_owned(),
        Absence::NoValue => "no such value".to_owned(),
    }
}

fn facts(host: &Host) -> String {
    table(
        &["Fact", "Of a", "Type", "Absent reads as", "Meaning"],
        host.facts.iter().map(|fact| {
            vec![
                format!("`{}`", fact.path),
                fact.subject.word().to_owned(),
                type_of(fact.ty),
                absence(fact.absence),
                fact.doc.to_owned(),
            ]
        }),
    )
}

fn derivation(derivation: &'static Derivation, host: &Host) -> String {
    let read = |path: &str| format!("`{path}`");
    match *derivation {
        Derivation::Until(path) => format!("computed: the time from now until {}", read(path)),
        Derivation::Since(path) => format!("computed: the time from {} until now", read(path)),
        Derivation::Lifetime => "computed: from `token.kind`, else from `token.expires_at`".to_owned(),
        Derivation::Access(path) => format!("computed: from {}", read(path)),
        Derivation::Abilities(_) | Derivation::Outsider(_) | Derivation::RoleEnd(_) => {
            let have = derivation.reads().into_iter().filter(|path| host.fact(path).is_some());
            format!("computed: from {}", quoted(have))
        }
    }
}

fn reveals(host: &Host) -> String {
    let rows = host.facts.iter().flat_map(|fact: &'static Fact| match &fact.origin {
        Origin::Derived(how) => {
            vec![vec![format!("`{}`", fact.path), "every kind".to_owned(), derivation(how, host)]]
        }
        Origin::Asked(reveals) => reveals
            .iter()
            .map(|reveal| {
                let kinds = if reveal.kinds.is_empty() {
                    "every kind".to_owned()
                } else {
                    quoted(reveal.kinds.iter().copied())
                };
                let place = |source: &Place, request: &str| match source.first() {
                    Place::Header(_) => format!("header `{}` of `{request}`", source.name()),
                    Place::Field(_) => format!("field `{}` of `{request}`", source.name()),
                    _ => format!("{source} of `{request}`"),
                };
                let by = match reveal.by {
                    Told::Request { request, source } => place(source, request),
                    Told::Minted { request, source } => format!("with `--mint`: {}", place(source, request)),
                    Told::Checked { request, source, otherwise } => {
                        format!("{otherwise}; with `--mint`, a checker App can: {}", place(source, request))
                    }
                    Told::TokenText => "the text of the token".to_owned(),
                    Told::Inapplicable(why) => format!("inapplicable: {why}"),
                    Told::NotRevealable(why) => format!("never known: {why}"),
                };
                vec![format!("`{}`", fact.path), kinds, by]
            })
            .collect(),
    });
    table(&["Fact", "Kinds", "By"], rows)
}

fn requests(host: &Host) -> String {
    table(
        &["Request", "Is", "Once a", "Fields that are read", "Documented"],
        host.requests.iter().map(|request| {
            let query = match request.method {
                Method::Get | Method::Probe { .. } => String::new(),
                Method::Query(text) => format!(" with `{text}`"),
            };
            let fields = request.fields.iter().copied().filter(|field| {
                !["/message", "/documentation_url", "/block/reason", "/errors/*/message"].contains(field)
                    && !field.starts_with("/error/")
            });
            vec![
                format!("`{}`", request.name),
                format!("`{} {}`{query}", request.method.word(), request.path),
                request.subject.word().to_owned(),
                quoted(fields),
                format!("[page]({})", request.see),
            ]
        }),
    )
}

fn abilities(host: &Host) -> String {
    table(
        &["Ability", "Scopes", "On public repositories also", "Or permissions", "And the role", "Denied when archived"],
        host.abilities.iter().map(|ability| {
            let groups: Vec<String> = ability
                .permissions
                .iter()
                .map(|group| {
                    let all: Vec<String> = group.iter().map(|(name, level)| format!("`{name} = {level}`")).collect();
                    all.join(" and ")
                })
                .collect();
            let public = match ability.on_public {
                OnPublic::Everything => "everybody".to_owned(),
                OnPublic::Role => "every role".to_owned(),
                OnPublic::Nothing => groups_of(ability.public_scopes),
            };
            vec![
                format!("`{}`", ability.word),
                groups_of(ability.scopes),
                public,
                groups.join(" or "),
                ability.roles.iter().map(|role| format!("`{role}`")).collect::<Vec<_>>().join(" or "),
                if ability.writes { "yes" } else { "no" }.to_owned(),
            ]
        }),
    )
}

/// Groups of scopes, each of which suffices.
fn groups_of(groups: &[&[&str]]) -> String {
    let group = |group: &&[&str]| group.iter().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(" and ");
    groups.iter().map(group).collect::<Vec<_>>().join(" or ")
}

fn type_named(host: &Host, path: &str) -> Type {
    host.row(host.fact(path).unwrap()).ty
}

fn scopes(host: &Host) -> String {
    let Type::Names(scopes) = type_named(host, "token.scopes") else { panic!("scopes are names") };
    table(
        &["Scope", "Implies", "Allows to"],
        scopes
            .names
            .iter()
            .map(|name| vec![format!("`{}`", name.name), quoted(name.implies.iter().copied()), name.doc.to_owned()]),
    )
}

fn permissions(host: &Host) -> String {
    let Type::Permissions(permissions) = type_named(host, "token.permissions") else { panic!("a permission map") };
    table(
        &["Permission", "Levels", "On the settings page", "Cannot be on"],
        permissions.permissions.iter().map(|row| {
            vec![
                format!("`{}`", row.name),
                quoted(row.levels.iter().copied()),
                row.title.to_owned(),
                quoted(row.never_on.iter().copied()),
            ]
        }),
    )
}

/// The facts that every host has with one type.
fn portable() -> String {
    let (first, others) = HOSTS.split_first().unwrap();
    let shared = first
        .facts
        .iter()
        .filter(|fact| others.iter().all(|host| host.fact(fact.path).is_some_and(|at| host.row(at).ty == fact.ty)));
    table(
        &["Fact", "Type", "Absent reads as"],
        shared.map(|fact| vec![format!("`{}`", fact.path), type_of(fact.ty), absence(fact.absence)]),
    )
}

fn families() -> String {
    let variable = |family: &Family| {
        let tokens = family.tokens.iter().map(TokenVariable::name);
        let app = family.app.iter().flat_map(|app| [app.id, app.installation]);
        quoted(tokens.chain(app).chain(family.usernames.iter().copied()))
    };
    let address = |family: &Family| match &family.address {
        Address::Host(kind, name) | Address::HostOrUrl(kind, name) => {
            format!("`{name}`, else {}", host(*kind).public_url.unwrap_or("nowhere"))
        }
        Address::NamedHostOrUrl(_, names) => format!("{}, else nowhere", quoted(names.iter().copied())),
        Address::Service(kind, name) => {
            let services = host(*kind).addresses.services;
            let own = services.iter().find(|one| !one.web.starts_with('*')).map_or("nowhere", |one| one.web);
            let tenants = services.iter().find_map(|one| one.web.strip_prefix("*.")).unwrap_or("nobody");
            format!("{own}, or the tenant of {tenants} that `{name}` names")
        }
        Address::OwnServer(_, name, _) => format!("the server that `{name}` names, else nowhere"),
        Address::Api(_, api, web) => format!("`{api}` (and `{web}`), else nowhere"),
        Address::ServiceOrServer(service, _, name) => {
            format!("`{name}`, else {}", host(*service).public_url.unwrap_or("nowhere"))
        }
        Address::Platform(kind, endpoint, _) => format!("`{endpoint}`, a host of the kind in `{kind}`"),
        Address::Public(kind) => host(*kind).public_url.unwrap_or("nowhere").to_owned(),
        Address::Endpoint(endpoint) => {
            let job = endpoint.job.as_ref();
            let job = job.map(|job| format!("in a job (`{}={}`) `{}`", job.proof.0, job.proof.1, job.server));
            let last = if endpoint.public { host(endpoint.kind).public_url.unwrap_or("nowhere") } else { "nowhere" };
            let named = quoted(endpoint.variables.iter().copied());
            std::iter::once(named).chain(job).chain([last.to_owned()]).collect::<Vec<_>>().join(", else ")
        }
    };
    let scope = |family: &Family| {
        let named = match family.scope {
            ScopeVariable::Unsaid => "not said".to_owned(),
            ScopeVariable::AllowList(name) | ScopeVariable::Repository(name) | ScopeVariable::Repositories(name) => {
                format!("`{name}`")
            }
            ScopeVariable::JobRepository(name, server) => format!("`{name}`, on `{server}`"),
        };
        match &family.discovering {
            None => named,
            Some(discovering) => format!("{named}, or `{}` with `{}=true`", discovering.filter, discovering.on),
        }
    };
    let needed = |family: &Family| {
        let is = |(name, value): &(&str, &str)| format!("`{name}={value}`");
        let proof = family.proof.as_ref().map(is).into_iter();
        let not = family.unless.iter().map(|one| format!("not {}", is(one)));
        let marks = (!family.marks.is_empty()).then(|| format!("one of {}", quoted(family.marks.iter().copied())));
        let aside = family.aside.map(|_| "`--credential` names it".to_owned());
        proof.chain(not).chain(marks).chain(aside).collect::<Vec<_>>().join(", ")
    };
    table(
        &["Name", "Of", "Credential", "Goes to", "Repositories", "Counts only if"],
        FAMILIES.iter().map(|family| {
            vec![
                format!("`{}`", family.name),
                family.title.to_owned() + if family.ambient { " (ambient)" } else { "" },
                variable(family),
                address(family),
                scope(family),
                needed(family),
            ]
        }),
    )
}

fn codes() -> String {
    table(
        &["Code", "Name", "Severity", "Meaning"],
        Code::ALL.iter().map(|code| {
            vec![
                format!("[`{0}`](codes/{0}.md)", code.number()),
                format!("`{}`", code.name()),
                code.severity().word().to_owned(),
                code.meaning().to_owned(),
            ]
        }),
    )
}

/// The pages of codes, as a table of contents lists them.
fn code_pages() -> String {
    let line = |code: &Code| format!("- [{0} {1}](codes/{0}.md)\n", code.number(), code.name());
    Code::ALL.iter().map(line).collect()
}

/// What `--help` says of the program and of each command.
fn commands() -> String {
    let mut text = format!("## credcheck\n\n```text\n{}\n```\n", trimmed(&help("")));
    for command in subcommands() {
        write!(text, "\n## credcheck {command}\n\n```text\n{}\n```\n", trimmed(&help(&command))).unwrap();
    }
    text
}

fn trimmed(text: &str) -> String {
    text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// What the policy of Atlantis prints of good tokens.
fn good_tokens() -> String {
    let simulated = Simulated::start();
    let runs: [&[&str]; 4] = [
        &["builtin:atlantis", "--credential", "atlantis-prod"],
        &["builtin:atlantis", "--credential", "renovate"],
        &["plan", "--probe", "builtin:atlantis", "--credential", "renovate"],
        &["builtin:atlantis", "--credential", "renovate", "--probe"],
    ];
    let blocks = runs.map(|arguments| {
        let ran = simulated.run(arguments);
        assert_eq!(ran.code, 0, "{}", ran.output);
        format!("```console\n$ credcheck {}\n{}\n```", arguments.join(" "), steady(&plain(&ran.output)).trim_end())
    });
    blocks.join("\n\n")
}

/// The first violation of the demo, as a terminal shows it, the head of the table and the run's last line. The host's
/// port is another one in every run; here it always is the same.
fn violation() -> String {
    let ran = credcheck(&["demo", "--color", "always"], &[("COLUMNS", "100")], &root());
    assert_eq!(ran.code, 0);
    let text = steady(&plain(&ran.output));
    let one = text.split("\n\n").find(|block| block.starts_with("error[C0601]")).expect("a violation");
    let rows = text.lines().skip_while(|line| !line.starts_with("  credential  ")).take(4);
    let table: Vec<&str> = rows.collect();
    let last = text.lines().find(|line| line.contains(" · decided ")).expect("a summary");
    let table = table.join("\n");
    format!("```console\n$ cargo run --release -- demo\n…\n{}\n…\n{table}\n  …\n{last}\n```", one.trim_end())
}

/// Without colours.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // ESC [ … m
            for end in characters.by_ref() {
                if end.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// The same text in every run: one port, and no time.
fn steady(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("127.0.0.1:") {
        out.push_str(before);
        out.push_str("127.0.0.1:40117");
        rest = after.trim_start_matches(|character: char| character.is_ascii_digit());
    }
    out.push_str(rest);
    out.lines()
        .map(|line| match line.split_once(" requests · ") {
            Some((before, _)) if line.contains(" · decided ") => format!("{before} requests"),
            _ => line.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}
