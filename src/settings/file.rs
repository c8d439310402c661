//! The settings file: TOML with every problem shown at its place, and no secret in what is shown.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::address::{self, AddressError, Place};
use super::candidate::{Candidate, KindHint};
use super::conceal::conceal;
use super::keys::{CREDENTIAL, HOW, TOP};
use super::reading::{Key, Reader, Value, in_order};
use super::{Environment, plain, scope};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::{AppUse, GivenInput, InputText, Origin, ScopeEntry};
use crate::text::source::{SourceMap, Span};
use crate::text::{english, nearest};
use crate::vocabulary::{self, HOSTS, HostKind, Product, RepositoryNames};

/// The most bytes of a settings file: some ten thousand credentials with many repositories each.
pub(super) const CAP: usize = 16 * 1024 * 1024;

/// What a settings file says.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    pub(super) credentials: Vec<Candidate>,
    pub(super) inputs: Vec<GivenInput>,
    pub(super) repositories: DefaultScope,
}

/// The scope of credentials that have none of their own: names and globs of whatever host, each with its place.
#[derive(Debug, Default)]
pub(super) struct DefaultScope {
    pub(super) file: String,
    pub(super) names: Vec<(String, Span)>,
}

/// Whether a file may declare credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    Operator,
    /// The file lies in the policy's own tree.
    PolicyTree,
}

/// Reads a settings file's text. Its source in the map has everything starred that could hold a secret, so no excerpt can
/// show one.
pub(super) fn parse(
    path: &Path,
    text: &str,
    trust: Trust,
    environment: &Environment,
    sources: &mut SourceMap,
    problems: &mut Vec<Diagnostic>,
) -> SettingsFile {
    let name = path.display().to_string();
    let (document, errors) = DeTable::parse_recoverable(text);
    let tokens = vocabulary::token_shapes().find(text);
    let parsed = errors.is_empty().then(|| document.get_ref());
    let source = sources.add(name.clone(), conceal(text, parsed, environment));
    let mut reader = Reader { source, name, folder: path.parent().unwrap_or(Path::new("")), tokens, problems };
    for token in reader.tokens.clone() {
        let title = text
            .get(token.clone())
            .and_then(|token| vocabulary::token_shapes().of(token))
            .map_or("a token", |shape| shape.title);
        let span = Span::new(source, token.start, token.end);
        reader.problems.push(
            Diagnostic::at(Code::LiteralToken, span, "a token stands in the settings")
                .labelled(format!("this looks like {title}"))
                .help("revoke it: whoever has read this file has it")
                .help(format!("say where the new one is: {HOW}")),
        );
    }
    if !errors.is_empty() && is_a_policy(path, text) {
        let message = format!("`{}` looks like a policy, and settings are TOML", reader.name);
        reader.problems.push(
            Diagnostic::new(Code::BadSettings, message)
                .help("name policies without an option: `credcheck POLICY --config SETTINGS`")
                .help("`credcheck init --config FILE` writes settings to begin with"),
        );
        return SettingsFile::default();
    }
    if !errors.is_empty() {
        // What parsed of a broken file is not to be trusted: only the syntax errors are shown.
        for error in errors.iter().take(20) {
            let span = error.span().unwrap_or(0..0);
            let span = Span::new(source, span.start, span.end);
            reader.problems.push(Diagnostic::at(
                Code::BadSettings,
                span,
                format!(
                    "this is not TOML: {}",
                    vocabulary::token_shapes().mask(error.message().lines().next().unwrap_or(""))
                ),
            ));
        }
        return SettingsFile::default();
    }
    reader.file(document.get_ref(), trust)
}

/// Whether what is no TOML was meant to be a policy: by its name, or by the opening of a block that settings cannot have.
fn is_a_policy(path: &Path, text: &str) -> bool {
    let opens = |line: &str| line.ends_with('{') && ["host ", "policy "].iter().any(|word| line.starts_with(word));
    path.extension().is_some_and(|extension| extension == "pol") || text.lines().any(|line| opens(line.trim()))
}

/// A problem for a file that is no text.
pub(super) fn not_utf8(path: &Path) -> Diagnostic {
    Diagnostic::new(Code::BadSettings, format!("`{}` is not UTF-8", path.display()))
        .help("save the settings as UTF-8 text")
}

impl Reader<'_> {
    fn file(&mut self, table: &DeTable<'_>, trust: Trust) -> SettingsFile {
        let mut file = SettingsFile::default();
        self.unknown_keys(table, TOP, "a settings file");
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "repositories" => {
                    file.repositories = DefaultScope { file: self.name.clone(), names: self.repositories(value, None) };
                }
                "inputs" => file.inputs = self.inputs(value),
                "credential" if trust == Trust::PolicyTree => self.untrusted(key, value),
                "credential" => file.credentials = self.credentials(value),
                _ => {}
            }
        }
        file
    }

    fn untrusted(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let first = value.get_ref().as_array().and_then(|list| list.iter().next()).map(TomlSpanned::span);
        let range = first.unwrap_or_else(|| key.span());
        self.problem(
            Code::UntrustedSettings,
            range,
            "credentials in a settings file inside the policy's own tree are refused",
        )
        .help("whoever can propose a change to the policy could change this file, too, and send a token anywhere")
        .help(
            "keep credentials outside the tree, or say `--trust-config` where nobody else can change the file; \
             `repositories` and `inputs` may stay",
        );
    }

    fn credentials(&mut self, value: &Value<'_>) -> Vec<Candidate> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type("credential", "a list of tables, each headed `[[credential]]`", value);
            return Vec::new();
        };
        let mut seen: HashMap<String, Range<usize>> = HashMap::new();
        let mut credentials = Vec::new();
        for entry in list.iter() {
            let Some(table) = entry.get_ref().as_table() else {
                self.wrong_type("credential", "a list of tables, each headed `[[credential]]`", entry);
                continue;
            };
            let (name, candidate) = self.credential(table, entry.span());
            if let Some((name, range)) = name {
                if let Some(before) = seen.get(&name.to_ascii_lowercase()) {
                    let before = self.span(before.clone());
                    self.problem(Code::DuplicateCredential, range, format!("two credentials are named `{name}`"))
                        .label(before, "the first");
                    continue;
                }
                seen.insert(name.to_ascii_lowercase(), range);
            }
            credentials.extend(candidate);
        }
        credentials
    }

    /// One credential: its name, and all of it where nothing is wrong.
    fn credential(
        &mut self,
        table: &DeTable<'_>,
        entry: Range<usize>,
    ) -> (Option<(String, Range<usize>)>, Option<Candidate>) {
        let problems = self.problems.len();
        self.unknown_keys(table, CREDENTIAL, "a credential");
        let name = self.credential_name(table, entry.clone());
        let host = self.host(table, entry.clone());
        let insecure = self.boolean(table, "insecure_http").unwrap_or(false);
        let place = host.and_then(|(host, product)| self.place(table, host, product, insecure, entry.clone()));
        let host = host.map(|(host, _)| host);
        let username = self.text(table, "username").map(|(name, range)| (super::obtain::plain_username(&name), range));
        let names = host.map(|host| &vocabulary::host(host).names);
        let scope = table.get("repositories").map_or_else(Vec::new, |value| self.repositories(value, names));
        let kind = host.and_then(|host| self.kind(table, host));
        let (source, app) = self.secret_of(table, host, &entry);
        let checker = self.text(table, "checker");
        if let Some((_, range)) = &checker
            && (app.is_some() || kind.is_some_and(|kind| host.and_then(checked_kind) != Some(kind)))
        {
            let titles = HOSTS.iter().filter_map(|host| host.declaring.checked).map(|(_, title)| title);
            let message = format!("only {} has a `checker`", english::list(titles, "or"));
            self.problem(Code::BadSettings, range.clone(), message)
                .help("an App's key and other tokens show by themselves what they are granted");
        }
        if let Some((name, range)) = &username
            && (name.is_empty() || name.contains(':') || name.chars().any(char::is_control))
        {
            self.problem(Code::BadSettings, range.clone(), "a username holds neither `:` nor control characters");
        }
        let (Some((name, name_range)), Some(place), Some((source, source_range))) = (name.clone(), place, source)
        else {
            return (name, None);
        };
        if self.problems.len() > problems {
            return (Some((name, name_range)), None);
        }
        let mut origins = vec![("secret", self.origin(source_range))];
        let url = table.get("url").map_or(Origin::Default, |value| self.origin(value.span()));
        origins.push(("url", url));
        origins.extend(table.get("api_url").map(|value| ("api_url", self.origin(value.span()))));
        origins.extend(username.as_ref().map(|(_, range)| ("username", self.origin(range.clone()))));
        origins.extend(table.get("checker").map(|value| ("checker", self.origin(value.span()))));
        let key =
            host.filter(|_| app.is_some()).and_then(|host| vocabulary::host(host).key_kind()).map(|kind| kind.word);
        let kind = key.or(kind).map_or(KindHint::Unknown, KindHint::Is);
        let (issuer, installation) = app.map_or((None, None), |app| (Some(app.issuer), app.installation));
        let of_scope = |(text, span): (String, Span)| {
            ScopeEntry::new(place.kind, &text, Origin::File { file: self.name.clone(), span: Some(span) })
        };
        let scope = scope.into_iter().map(of_scope).collect();
        let candidate = Candidate {
            name: name.clone(),
            place,
            username: username.map(|(name, _)| name),
            source,
            before: None,
            scope,
            excluded: Vec::new(),
            kind,
            basic: None,
            issuer,
            app: AppUse { installation, checker: checker.map(|(name, _)| name), mints: false },
            origins,
            ambient: false,
            aside: None,
        };
        (Some((name, name_range)), Some(candidate))
    }

    fn credential_name(&mut self, table: &DeTable<'_>, entry: Range<usize>) -> Option<(String, Range<usize>)> {
        if !table.contains_key("name") {
            self.problem(Code::BadSettings, entry, "a credential needs a `name`")
                .help("reports and `--credential` use it: `name = \"atlantis-prod\"`");
            return None;
        }
        let (name, range) = self.text(table, "name")?;
        if !is_name(&name) {
            self.problem(Code::BadSettings, range, "this cannot be the name of a credential")
                .help("a name has letters, digits, `.`, `_` and `-`, at most 64");
            return None;
        }
        Some((name, range))
    }

    fn host(&mut self, table: &DeTable<'_>, entry: Range<usize>) -> Option<(HostKind, Option<&'static Product>)> {
        let words = plain::host_words;
        if !table.contains_key("host") {
            self.problem(Code::BadSettings, entry, "a credential needs a `host`")
                .help(format!("one of {}", english::quoted_list(words(), "or")));
            return None;
        }
        let (word, range) = self.text(table, "host")?;
        if let Some(named) = vocabulary::host_named(&word) {
            return Some(named);
        }
        let help = match nearest::nearest(&word, words()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "`host` is a kind of host, one of {}; an address goes to `url`",
                english::quoted_list(words(), "or")
            ),
        };
        let shown = if plain::word(&word, words()) { format!("`{word}`") } else { "this".to_owned() };
        self.problem(Code::UnknownHost, range, format!("{shown} is no kind of host")).help(help);
        None
    }

    fn place(
        &mut self,
        table: &DeTable<'_>,
        host: HostKind,
        product: Option<&'static Product>,
        insecure: bool,
        entry: Range<usize>,
    ) -> Option<Place> {
        let api = match self.text(table, "api_url") {
            None if table.contains_key("api_url") => return None,
            None => None,
            Some((text, range)) => match address::api(&text, insecure) {
                Ok(api) => Some(api),
                Err(error) => return self.bad_address("api_url", range, error),
            },
        };
        let Some((url, range)) = self.text(table, "url") else {
            if table.contains_key("url") {
                return None;
            }
            let row = vocabulary::host(host);
            let public = product.map_or(row.public_url, |product| product.public_url);
            let public = public.and_then(|url| address::at_public_url(host, url));
            if public.is_none() {
                let title = product.map_or(row.title, |product| product.title);
                self.problem(Code::BadSettings, entry, format!("a credential of {title} needs a `url`"))
                    .help("there is no public host of that kind");
            }
            return public.map(|place| Place { api: api.unwrap_or(place.api), ..place });
        };
        match address::place(host, &url, api.as_ref(), insecure) {
            Ok(place) => Some(place),
            Err(error) => self.bad_address("url", range, error),
        }
    }

    fn bad_address(&mut self, key: &str, range: Range<usize>, error: AddressError) -> Option<Place> {
        self.problem(Code::BadAddress, range, format!("this `{key}` {error}")).help(error.help());
        None
    }

    fn kind(&mut self, table: &DeTable<'_>, host: HostKind) -> Option<&'static str> {
        let (word, range) = self.text(table, "kind")?;
        let host = vocabulary::host(host);
        if let Some(kind) = host.credential_kind(&word) {
            return Some(kind.word);
        }
        let words = || host.kinds.iter().map(|kind| kind.word);
        let help = match nearest::nearest(&word, words()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("one of {}", english::quoted_list(words(), "or")),
        };
        let shown = if plain::word(&word, words()) { format!("`{word}`") } else { "this".to_owned() };
        let message = format!("{shown} is no kind of credential of {}", host.title);
        self.problem(Code::UnknownName, range, message).help(help);
        None
    }

    /// Names and globs, each with its place; of a host of any kind, where none is told.
    fn repositories(&mut self, value: &Value<'_>, names: Option<&RepositoryNames>) -> Vec<(String, Span)> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type("repositories", "a list of strings", value);
            return Vec::new();
        };
        let mut found = Vec::new();
        for entry in list.iter() {
            let Some(text) = entry.get_ref().as_str() else {
                self.wrong_type("repositories", "a list of strings", entry);
                continue;
            };
            match (scope::check_with_host(text), names) {
                (Ok(()), Some(names)) if !names.has_room_for(text) => {
                    let message = format!("a repository of this host is named `{}`", names.form);
                    self.problem(Code::BadScope, entry.span(), message).help("its host is the credential's `url`");
                }
                (Ok(()), _) => found.push((text.to_owned(), self.span(entry.span()))),
                (Err(error), _) => {
                    self.problem(Code::BadScope, entry.span(), error.to_string());
                }
            }
        }
        if list.is_empty() {
            self.problem(Code::BadScope, value.span(), "an empty list puts no repository in scope")
                .help("leave `repositories` out where the policy's `each` shall name them");
        }
        found
    }

    fn inputs(&mut self, value: &Value<'_>) -> Vec<GivenInput> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type("inputs", "a table of names and values", value);
            return Vec::new();
        };
        let mut inputs = Vec::new();
        for (key, value) in in_order(table) {
            let name = key.get_ref().to_string();
            let text = match value.get_ref() {
                DeValue::Array(list) => {
                    let items: Vec<Option<String>> = list.iter().map(|item| scalar(item.get_ref())).collect();
                    items.into_iter().collect::<Option<Vec<String>>>().map(InputText::List)
                }
                single => scalar(single).map(InputText::One),
            };
            match text {
                Some(text) => inputs.push(GivenInput { name, value: text, origin: self.origin(value.span()) }),
                None => {
                    let shown = if plain::key(&name) { name.as_str() } else { "…" };
                    self.wrong_type(shown, "a string, an integer, a boolean, a date or a list of them", value);
                }
            }
        }
        inputs
    }
}

/// Whether a text can be a credential's name.
pub(super) fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !text.is_empty() && text.len() <= 64 && text.bytes().all(allowed)
}

/// The kind whose permissions a checker App can tell.
fn checked_kind(host: HostKind) -> Option<&'static str> {
    vocabulary::host(host).declaring.checked.map(|(kind, _)| kind)
}

/// A single value as text. A float has none: `3.10` would lose its last digit as a number.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
        }
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Datetime(time) => Some(time.to_string()),
        DeValue::Float(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
