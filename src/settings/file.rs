//! The settings file: TOML with every problem shown at its place, and no secret in what is shown.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::address::{self, AddressError, Place};
use super::conceal::conceal;
use super::scope::{self, Pattern};
use super::{App, Candidate, GivenInput, InputText, KindHint, Origin, SecretSource};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::{SourceId, SourceMap, Span};
use crate::text::{english, nearest};
use crate::vocabulary::{self, HOSTS, HostKind};

/// The most bytes of a settings file.
pub(super) const CAP: usize = 1024 * 1024;

/// What a settings file says.
#[derive(Debug, Default)]
pub(super) struct SettingsFile {
    pub(super) credentials: Vec<Candidate>,
    pub(super) inputs: Vec<GivenInput>,
    /// The default scope.
    pub(super) repositories: Vec<Pattern>,
}

/// Whether a file may declare credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    Operator,
    /// The file lies in the policy's own tree.
    PolicyTree,
}

/// The keys of the file.
const TOP: &[&str] = &["credential", "inputs", "repositories"];
/// The keys of a credential.
pub(super) const CREDENTIAL: &[&str] = &[
    "api_url",
    "app_id",
    "checker",
    "client_id",
    "host",
    "insecure_http",
    "installation_id",
    "kind",
    "name",
    "private_key",
    "repositories",
    "token",
    "url",
    "username",
];
/// The ways to say where a secret is.
pub(super) const SECRET: &[&str] = &["command", "env", "file"];

type Value<'a> = TomlSpanned<DeValue<'a>>;
type Key<'a> = TomlSpanned<Cow<'a, str>>;

/// Reads a settings file's text. Its source in the map has every secret starred, so no excerpt can show one.
pub(super) fn parse(
    path: &Path,
    text: &str,
    trust: Trust,
    sources: &mut SourceMap,
    problems: &mut Vec<Diagnostic>,
) -> SettingsFile {
    let name = path.display().to_string();
    let (document, errors) = DeTable::parse_recoverable(text);
    let tokens = vocabulary::token_shapes().find(text);
    let source = sources.add(name.clone(), conceal(text, document.get_ref()));
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
                .help("say where the new one is: `token = { env = \"NAME\" }`, `{ file = \"…\" }` or `{ command = [\"…\"] }`"),
        );
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

/// A problem for a file that is no text.
pub(super) fn not_utf8(path: &Path) -> Diagnostic {
    Diagnostic::new(Code::BadSettings, format!("`{}` is not UTF-8", path.display()))
        .help("save the settings as UTF-8 text")
}

struct Reader<'a> {
    source: SourceId,
    name: String,
    folder: &'a Path,
    tokens: Vec<Range<usize>>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn origin(&self, range: Range<usize>) -> Origin {
        Origin::File { file: self.name.clone(), span: self.span(range) }
    }

    fn problem(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) -> Problem<'_> {
        let span = self.span(range);
        Problem { told: Some(Diagnostic::at(code, span, message)), problems: self.problems }
    }

    /// Wrong type. A value that holds a literal token has its problem already.
    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Value<'_>) {
        let range = value.span();
        if self.tokens.iter().any(|token| token.start < range.end && range.start < token.end) {
            return;
        }
        let is = match value.get_ref() {
            DeValue::Array(_) => "a list",
            DeValue::Integer(_) => "an integer",
            DeValue::String(_) => "a string",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Float(_) => "a float",
            DeValue::Datetime(_) => "a date",
            DeValue::Table(_) => "a table",
        };
        self.problem(Code::BadSettings, range, format!("`{key}` is {wanted}, not {is}"));
    }

    fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str], place: &str) {
        for (key, _) in in_order(table) {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let help = match nearest::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{place} has {}", english::quoted_list(known, "and")),
            };
            let shown = vocabulary::token_shapes().mask(name).into_owned();
            self.problem(Code::UnknownSetting, key.span(), format!("{place} has no key `{shown}`")).help(help);
        }
    }

    fn file(&mut self, table: &DeTable<'_>, trust: Trust) -> SettingsFile {
        let mut file = SettingsFile::default();
        self.unknown_keys(table, TOP, "a settings file");
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "repositories" => file.repositories = self.repositories(value, true),
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
        let mut seen: Vec<(String, Range<usize>)> = Vec::new();
        let mut credentials = Vec::new();
        for entry in list.iter() {
            let Some(table) = entry.get_ref().as_table() else {
                self.wrong_type("credential", "a list of tables, each headed `[[credential]]`", entry);
                continue;
            };
            let (name, candidate) = self.credential(table, entry.span());
            if let Some((name, range)) = name {
                if let Some((_, before)) = seen.iter().find(|(have, _)| have.eq_ignore_ascii_case(&name)) {
                    let before = self.span(before.clone());
                    self.problem(Code::DuplicateCredential, range, format!("two credentials are named `{name}`"))
                        .label(before, "the first");
                    continue;
                }
                seen.push((name, range));
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
        let place = host.and_then(|host| self.place(table, host, insecure, entry.clone()));
        let username = self.text(table, "username").map(|(name, range)| (super::obtain::plain_username(&name), range));
        let deep = host.is_none_or(address::nests);
        let scope = table.get("repositories").map_or_else(Vec::new, |value| self.repositories(value, deep));
        let kind = host.and_then(|host| self.kind(table, host));
        let (source, app) = self.secret_of(table, host, &entry);
        let checker = self.text(table, "checker");
        if let Some((_, range)) = &checker
            && (app.is_some() || kind.is_some_and(|kind| kind != "fine_grained"))
        {
            self.problem(Code::BadSettings, range.clone(), "only a fine-grained token has a `checker`")
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
        let kind = if app.is_some() { KindHint::Is("app_key") } else { kind.map_or(KindHint::Unknown, KindHint::Is) };
        let candidate = Candidate {
            name: name.clone(),
            place,
            username: username.map(|(name, _)| name),
            source,
            scope,
            excluded: Vec::new(),
            kind,
            basic: None,
            app,
            checker: checker.map(|(name, _)| name),
            origins,
            ambient: false,
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
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if name.is_empty() || name.len() > 64 || !name.bytes().all(allowed) {
            self.problem(Code::BadSettings, range, "this cannot be the name of a credential")
                .help("a name has letters, digits, `.`, `_` and `-`, at most 64");
            return None;
        }
        Some((name, range))
    }

    fn host(&mut self, table: &DeTable<'_>, entry: Range<usize>) -> Option<HostKind> {
        let words = || HOSTS.iter().map(|host| host.word);
        if !table.contains_key("host") {
            self.problem(Code::BadSettings, entry, "a credential needs a `host`")
                .help(format!("one of {}", english::quoted_list(words(), "or")));
            return None;
        }
        let (word, range) = self.text(table, "host")?;
        if let Some(kind) = vocabulary::host_kind(&word) {
            return Some(kind);
        }
        let help = match nearest::nearest(&word, words()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "`host` is a kind of host, one of {}; an address goes to `url`",
                english::quoted_list(words(), "or")
            ),
        };
        let shown = vocabulary::token_shapes().mask(&word).into_owned();
        self.problem(Code::UnknownHost, range, format!("`{shown}` is no kind of host")).help(help);
        None
    }

    fn place(&mut self, table: &DeTable<'_>, host: HostKind, insecure: bool, entry: Range<usize>) -> Option<Place> {
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
            let public = address::public(host);
            if public.is_none() {
                let title = vocabulary::host(host).title;
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
        let shown = vocabulary::token_shapes().mask(&word).into_owned();
        let message = format!("`{shown}` is no kind of credential of {}", host.title);
        self.problem(Code::UnknownName, range, message).help(help);
        None
    }

    /// Where the secret is, and the App whose key it is.
    fn secret_of(
        &mut self,
        table: &DeTable<'_>,
        host: Option<HostKind>,
        entry: &Range<usize>,
    ) -> (Option<(SecretSource, Range<usize>)>, Option<App>) {
        let id = self.identifier(table);
        let installation = self.number(table, "installation_id");
        match (table.get("token"), table.get("private_key")) {
            (Some(token), Some(_)) => {
                self.problem(Code::BadSettings, token.span(), "a credential has a `token` or a `private_key`")
                    .help("make it two credentials");
                (None, None)
            }
            (None, None) => {
                self.problem(Code::BadSettings, entry.clone(), "a credential needs a `token`").help(
                    "say where it is: `token = { env = \"NAME\" }`, `{ file = \"…\" }` or `{ command = [\"…\"] }`",
                );
                (None, None)
            }
            (Some(token), None) => {
                for key in ["app_id", "client_id", "installation_id"] {
                    if let Some((key, _)) = table.get_key_value(key) {
                        let message = format!("`{}` goes with a `private_key`, not with a `token`", key.get_ref());
                        self.problem(Code::BadSettings, key.span(), message);
                    }
                }
                (self.source_of("token", token).map(|source| (source, token.span())), None)
            }
            (None, Some(key)) => {
                if let Some(kind) = table.get("kind") {
                    self.problem(Code::BadSettings, kind.span(), "`kind` is settled: a `private_key` is an App's");
                }
                if host.is_some_and(|host| host != HostKind::GitHub) {
                    self.problem(Code::BadSettings, key.span(), "only GitHub has Apps with a private key");
                }
                let source = self.source_of("private_key", key).map(|source| (source, key.span()));
                let Some(issuer) = id else {
                    if !table.contains_key("app_id") && !table.contains_key("client_id") {
                        self.problem(
                            Code::BadSettings,
                            entry.clone(),
                            "a `private_key` needs the App's `app_id` or `client_id`",
                        )
                        .help("the App's settings page shows both");
                    }
                    return (None, None);
                };
                (source, Some(App { issuer, installation }))
            }
        }
    }

    fn identifier(&mut self, table: &DeTable<'_>) -> Option<String> {
        let app = self.number(table, "app_id").map(|number| number.to_string());
        let client = self.text(table, "client_id");
        if let (Some(_), Some((_, range))) = (&app, &client) {
            self.problem(
                Code::BadSettings,
                range.clone(),
                "an App is named by its `app_id` or its `client_id`, not both",
            );
        }
        if let Some((id, range)) = &client
            && (id.is_empty() || id.len() > 64 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.'))
        {
            self.problem(Code::BadSettings, range.clone(), "this is no client id");
        }
        app.or_else(|| client.map(|(id, _)| id))
    }

    /// `{ env = "…" }`, `{ file = "…" }` or `{ command = […] }`.
    fn source_of(&mut self, key: &str, value: &Value<'_>) -> Option<SecretSource> {
        let Some(table) = value.get_ref().as_table() else {
            let range = value.span();
            let literal = value.get_ref().is_str();
            if self.tokens.iter().any(|token| token.start < range.end && range.start < token.end) {
                return None;
            }
            if literal {
                self.problem(
                    Code::LiteralToken,
                    range,
                    format!("`{key}` holds a secret instead of saying where it is"),
                )
                .help("if it is a real one, revoke it: whoever has read this file has it")
                .help(format!("`{key} = {{ env = \"NAME\" }}`, `{{ file = \"…\" }}` or `{{ command = [\"…\"] }}`"));
            } else {
                self.wrong_type(key, "a table that says where the secret is", value);
            }
            return None;
        };
        self.unknown_keys(table, SECRET, &format!("`{key}`"));
        let given: Vec<_> =
            in_order(table).into_iter().filter(|(name, _)| SECRET.contains(&name.get_ref().as_ref())).collect();
        let [(_, place)] = given.as_slice() else {
            if table.keys().all(|name| SECRET.contains(&name.get_ref().as_ref())) {
                let message =
                    format!("`{key}` has exactly one of {}", english::quoted_list(["env", "file", "command"], "or"));
                self.problem(Code::BadSettings, value.span(), message);
            }
            return None;
        };
        if table.contains_key("command") {
            return self.command(place);
        }
        if table.contains_key("file") {
            let (path, range) = self.text(table, "file")?;
            if path.trim().is_empty() || path.contains('\0') {
                self.problem(Code::BadSettings, range, "this is no path");
                return None;
            }
            return Some(SecretSource::File(self.folder.join(PathBuf::from(path))));
        }
        let (name, range) = self.text(table, "env")?;
        let begins = name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
        if !begins || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.problem(Code::BadSettings, range, "this is not the name of an environment variable")
                .help("write the variable's name, without `$`; never the secret itself");
            return None;
        }
        Some(SecretSource::Variable(name))
    }

    fn command(&mut self, value: &Value<'_>) -> Option<SecretSource> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type("command", "a list of the program and its arguments", value);
            return None;
        };
        let mut command = Vec::new();
        for part in list.iter() {
            match part.get_ref().as_str() {
                Some(text) if !text.contains('\0') => command.push(text.to_owned()),
                Some(_) => {
                    self.problem(Code::BadSettings, part.span(), "an argument cannot hold a NUL");
                    return None;
                }
                None => {
                    self.wrong_type("command", "a list of strings", part);
                    return None;
                }
            }
        }
        if command.first().is_none_or(|program| program.trim().is_empty()) {
            self.problem(Code::BadSettings, value.span(), "`command` names no program");
            return None;
        }
        Some(SecretSource::Command(command))
    }

    /// `deep` where a name may have more than two parts: for its host, or for nested groups.
    fn repositories(&mut self, value: &Value<'_>, deep: bool) -> Vec<Pattern> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type("repositories", "a list of strings", value);
            return Vec::new();
        };
        let mut patterns = Vec::new();
        for entry in list.iter() {
            let Some(text) = entry.get_ref().as_str() else {
                self.wrong_type("repositories", "a list of strings", entry);
                continue;
            };
            match scope::check_with_host(text) {
                Ok(()) if !deep && text.matches('/').count() > 1 => {
                    self.problem(Code::BadScope, entry.span(), "a repository of this host is named `OWNER/NAME`")
                        .help("its host is the credential's `url`");
                }
                Ok(()) => patterns.push(Pattern { pattern: text.to_owned(), origin: self.origin(entry.span()) }),
                Err(error) => {
                    self.problem(Code::BadScope, entry.span(), error.to_string());
                }
            }
        }
        if list.is_empty() {
            self.problem(Code::BadScope, value.span(), "an empty list puts no repository in scope")
                .help("leave `repositories` out where the policy's `each` shall name them");
        }
        patterns
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
                    let shown = vocabulary::token_shapes().mask(&name).into_owned();
                    self.wrong_type(&shown, "a string, an integer, a boolean, a date or a list of them", value);
                }
            }
        }
        inputs
    }

    fn text(&mut self, table: &DeTable<'_>, key: &str) -> Option<(String, Range<usize>)> {
        let value = table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some((text.to_owned(), value.span())),
            None => {
                self.wrong_type(key, "a string", value);
                None
            }
        }
    }

    fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            self.wrong_type(key, "a boolean", value);
        }
        boolean
    }

    fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<u64> {
        let value = table.get(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(key, "a positive integer", value);
            return None;
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number > 0);
        if number.is_none() {
            self.problem(Code::BadSettings, value.span(), format!("`{key}` is a positive integer"));
        }
        number
    }
}

/// A problem on its way into the list, which it joins when its last word is said.
struct Problem<'a> {
    told: Option<Diagnostic>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Problem<'_> {
    fn help(mut self, text: impl Into<String>) -> Self {
        self.told = self.told.take().map(|told| told.help(text));
        self
    }

    fn label(mut self, span: Span, text: &str) -> Self {
        self.told = self.told.take().map(|told| told.label(span, text));
        self
    }
}

impl Drop for Problem<'_> {
    fn drop(&mut self) {
        self.problems.extend(self.told.take());
    }
}

/// A table's entries in the order of the file.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
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
