//! The vocabulary as JSON, version 1. Keys stay, new ones may join.

use serde::Serialize;

use super::{Selection, is_portable};
use crate::facts::reveal::{Knowable, Shown, knowable, shown};
use crate::vocabulary::{
    Ability, Absence, Alias, CredentialKind, Derivation, EnumTable, Fact, HOSTS, Host, LevelTable, Lifetime, Method,
    NameTable, Origin, PermissionTable, RecordTable, Request, Type,
};

/// The hosts that are selected. Of one fact, each host has that fact only, and neither its requests nor its abilities.
#[derive(Debug, Serialize)]
pub struct Vocabulary {
    version: u8,
    hosts: Vec<HostRow>,
}

#[derive(Debug, Serialize)]
struct HostRow {
    host: &'static str,
    title: &'static str,
    public_url: Option<&'static str>,
    repository_word: &'static str,
    kinds: Vec<KindRow>,
    facts: Vec<FactRow>,
    abilities: Vec<AbilityRow>,
    requests: Vec<RequestRow>,
}

#[derive(Debug, Serialize)]
struct KindRow {
    kind: &'static str,
    title: &'static str,
    prefixes: &'static [&'static str],
    lifetime: Option<&'static str>,
    has_user: bool,
    first_request: Option<&'static str>,
    settings_page: Option<&'static str>,
    doc: &'static str,
}

#[derive(Debug, Serialize)]
struct FactRow {
    fact: &'static str,
    portable: bool,
    subject: &'static str,
    #[serde(rename = "type")]
    ty: &'static str,
    type_title: String,
    words: Vec<WordRow>,
    levels: Vec<LevelRow>,
    names: Vec<NameRow>,
    permissions: Vec<PermissionRow>,
    fields: Vec<FieldRow>,
    aliases: Vec<AliasRow>,
    absent: AbsentRow,
    meaning: &'static str,
    computed: Option<ComputedRow>,
    kinds: Vec<RevealRow>,
}

#[derive(Debug, Serialize)]
struct WordRow {
    word: &'static str,
    meaning: &'static str,
}

#[derive(Debug, Serialize)]
struct LevelRow {
    level: &'static str,
    above: &'static [&'static str],
    access: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct NameRow {
    name: &'static str,
    implies: &'static [&'static str],
    meaning: &'static str,
}

#[derive(Debug, Serialize)]
struct PermissionRow {
    permission: &'static str,
    levels: &'static [&'static str],
    title: &'static str,
    never_on: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct FieldRow {
    field: &'static str,
    #[serde(rename = "type")]
    ty: &'static str,
    type_title: String,
    words: Vec<WordRow>,
    meaning: &'static str,
}

#[derive(Debug, Serialize)]
struct AliasRow {
    spelling: &'static str,
    name: &'static str,
    seen_in: &'static str,
}

#[derive(Debug, Serialize)]
struct AbsentRow {
    reads_as: &'static str,
    level: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct ComputedRow {
    how: &'static str,
    from: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct RevealRow {
    kind: &'static str,
    by: &'static str,
    request: Option<&'static str>,
    source: Option<String>,
    known: &'static str,
    reasons: Vec<ReasonRow>,
}

#[derive(Debug, Serialize)]
struct ReasonRow {
    fact: &'static str,
    cause: &'static str,
    reason: String,
}

#[derive(Debug, Serialize)]
struct AbilityRow {
    ability: &'static str,
    scopes: &'static [&'static [&'static str]],
    public_scopes: &'static [&'static [&'static str]],
    permissions: Vec<Vec<PermissionNeed>>,
    only_way: bool,
    roles: &'static [&'static str],
    on_public: &'static str,
    writes: bool,
    never_on: &'static [&'static str],
    doc: &'static str,
}

#[derive(Debug, Serialize)]
struct PermissionNeed {
    permission: &'static str,
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct RequestRow {
    request: &'static str,
    method: &'static str,
    path: &'static str,
    query: Option<&'static str>,
    subject: &'static str,
    headers: Vec<String>,
    fields: &'static [&'static str],
    lists_repositories: bool,
    see: &'static str,
}

impl Vocabulary {
    /// The document of what is selected.
    pub fn new(selection: &Selection) -> Self {
        let hosts = match selection {
            Selection::Everything => HOSTS.iter().map(|host| HostRow::whole(host)).collect(),
            Selection::Host(host) => vec![HostRow::whole(host)],
            Selection::Fact(facts) | Selection::Word(_, facts) => {
                facts.iter().map(|(host, index)| HostRow::of(host, std::iter::once(host.row(*index)))).collect()
            }
        };
        Self { version: 1, hosts }
    }
}

impl HostRow {
    fn of(host: &'static Host, facts: impl Iterator<Item = &'static Fact>) -> Self {
        Self {
            host: host.word,
            title: host.title,
            public_url: host.public_url,
            repository_word: host.repository_word,
            kinds: host.kinds.iter().map(KindRow::new).collect(),
            facts: facts.map(|fact| FactRow::new(host, fact)).collect(),
            abilities: Vec::new(),
            requests: Vec::new(),
        }
    }

    fn whole(host: &'static Host) -> Self {
        Self {
            abilities: host.abilities.iter().map(AbilityRow::new).collect(),
            requests: host.requests.iter().map(RequestRow::new).collect(),
            ..Self::of(host, host.facts.iter())
        }
    }
}

impl KindRow {
    fn new(kind: &'static CredentialKind) -> Self {
        Self {
            kind: kind.word,
            title: kind.title,
            prefixes: kind.prefixes,
            lifetime: kind.lifetime.map(Lifetime::word),
            has_user: kind.has_user,
            first_request: kind.first_request,
            settings_page: kind.settings_page,
            doc: kind.doc,
        }
    }
}

impl FactRow {
    fn new(host: &'static Host, fact: &'static Fact) -> Self {
        let mut row = Self {
            fact: fact.path,
            portable: is_portable(fact),
            subject: fact.subject.word(),
            ty: type_word(fact.ty),
            type_title: fact.ty.title(),
            words: Vec::new(),
            levels: Vec::new(),
            names: Vec::new(),
            permissions: Vec::new(),
            fields: Vec::new(),
            aliases: Vec::new(),
            absent: AbsentRow::new(fact.absence),
            meaning: fact.doc,
            computed: match &fact.origin {
                Origin::Asked(_) => None,
                Origin::Derived(derivation) => Some(ComputedRow::new(host, derivation)),
            },
            kinds: host.kinds.iter().map(|kind| RevealRow::new(host, fact, kind)).collect(),
        };
        match fact.ty {
            Type::Enum(table) => (row.words, row.aliases) = (words(table), aliases(table.aliases)),
            Type::Level(table) => row.levels = levels(table),
            Type::Names(table) => (row.names, row.aliases) = (names(table), aliases(table.aliases)),
            Type::Permissions(table) => {
                (row.permissions, row.levels) = (permissions(table), levels(table.levels));
                row.aliases = aliases(table.aliases);
            }
            Type::Records(table) => row.fields = fields(table),
            Type::Bool | Type::Integer | Type::String | Type::Version | Type::Time | Type::Duration | Type::Strings => {
            }
        }
        row
    }
}

const fn type_word(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::Integer => "integer",
        Type::String => "string",
        Type::Version => "version",
        Type::Time => "time",
        Type::Duration => "duration",
        Type::Enum(_) => "word",
        Type::Level(_) => "level",
        Type::Names(_) => "names",
        Type::Permissions(_) => "permissions",
        Type::Strings => "strings",
        Type::Records(_) => "records",
    }
}

fn words(table: &'static EnumTable) -> Vec<WordRow> {
    table.words.iter().map(|(word, meaning)| WordRow { word, meaning }).collect()
}

fn levels(table: &'static LevelTable) -> Vec<LevelRow> {
    let access = |word: &str| table.access.iter().find(|(own, _)| *own == word).map(|(_, access)| *access);
    table.levels.iter().map(|(level, above)| LevelRow { level, above, access: access(level) }).collect()
}

fn names(table: &'static NameTable) -> Vec<NameRow> {
    table.names.iter().map(|name| NameRow { name: name.name, implies: name.implies, meaning: name.doc }).collect()
}

fn permissions(table: &'static PermissionTable) -> Vec<PermissionRow> {
    let row = |permission: &'static crate::vocabulary::Permission| PermissionRow {
        permission: permission.name,
        levels: permission.levels,
        title: permission.title,
        never_on: permission.never_on,
    };
    table.permissions.iter().map(row).collect()
}

fn fields(table: &'static RecordTable) -> Vec<FieldRow> {
    let row = |field: &'static crate::vocabulary::Field| FieldRow {
        field: field.name,
        ty: type_word(field.ty),
        type_title: field.ty.title(),
        words: if let Type::Enum(table) = field.ty { words(table) } else { Vec::new() },
        meaning: field.doc,
    };
    table.fields.iter().map(row).collect()
}

fn aliases(aliases: &'static [Alias]) -> Vec<AliasRow> {
    aliases
        .iter()
        .map(|alias| AliasRow { spelling: alias.spelling, name: alias.name, seen_in: alias.seen_in })
        .collect()
}

impl AbsentRow {
    const fn new(absence: Absence) -> Self {
        let (reads_as, level) = match absence {
            Absence::Impossible => ("impossible", None),
            Absence::Never => ("never", None),
            Absence::Level(level) => ("level", Some(level)),
            Absence::Empty => ("empty", None),
            Absence::NoValue => ("no-value", None),
        };
        Self { reads_as, level }
    }
}

impl ComputedRow {
    fn new(host: &'static Host, derivation: &'static Derivation) -> Self {
        let how = match derivation {
            Derivation::Until(_) => "until",
            Derivation::Since(_) => "since",
            Derivation::Lifetime => "lifetime",
            Derivation::Access(_) => "access",
            Derivation::Outsider(_) => "outsider",
            Derivation::RoleEnd(_) => "role-end",
            Derivation::Abilities(_) => "abilities",
        };
        let from = derivation.reads().into_iter().filter(|path| host.fact(path).is_some()).collect();
        Self { how, from }
    }
}

impl RevealRow {
    fn new(host: &'static Host, fact: &'static Fact, kind: &'static CredentialKind) -> Self {
        let shown = shown(host, fact, kind);
        let knowable = knowable(host, fact, kind);
        let (request, source) = match &shown {
            Shown::Asked(request, source) | Shown::Minted(request, source, _) => {
                (Some(request.name), Some(source.to_string()))
            }
            _ => (None, None),
        };
        Self {
            kind: kind.word,
            by: shown.word(),
            request,
            source,
            known: match knowable {
                Knowable::Always => "yes",
                Knowable::Partly(_) => "in-part",
                Knowable::Never(_) => "no",
            },
            reasons: knowable
                .obstacles()
                .iter()
                .map(|one| ReasonRow { fact: one.fact, cause: one.cause.word(), reason: one.reason.clone() })
                .collect(),
        }
    }
}

impl AbilityRow {
    fn new(ability: &'static Ability) -> Self {
        Self {
            ability: ability.word,
            scopes: ability.scopes,
            public_scopes: ability.public_scopes,
            permissions: ability
                .permissions
                .iter()
                .map(|group| group.iter().map(|(permission, level)| PermissionNeed { permission, level }).collect())
                .collect(),
            only_way: ability.only_way,
            roles: ability.roles,
            on_public: ability.on_public.word(),
            writes: ability.writes,
            never_on: ability.never_on,
            doc: ability.doc,
        }
    }
}

impl RequestRow {
    fn new(request: &'static Request) -> Self {
        Self {
            request: request.name,
            method: request.method.word(),
            path: request.path,
            query: match request.method {
                Method::Get | Method::Probe { .. } => None,
                Method::Query(text) => Some(text),
            },
            subject: request.subject.word(),
            headers: request.headers.iter().map(|header| header.name().to_ascii_lowercase()).collect(),
            fields: request.fields,
            lists_repositories: request.listing.is_some(),
            see: request.see,
        }
    }
}
