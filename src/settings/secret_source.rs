//! Where a settings file says that a secret is.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeTable;

use super::apps::hosts_of_apps;
use super::candidate::SecretSource;
use super::files::TIMEOUT;
use super::keys::{HOW, OF_COMMAND, SECRET, SOURCES};
use super::printed::{Part, Pointer};
use super::reading::{Reader, Value, in_order};
use super::{Call, Program, Surroundings};
use crate::diagnostic::Code;
use crate::text::english;
use crate::vocabulary::{self, HostKind};

/// How long a command may be given.
const LONGEST: Duration = Duration::from_secs(600);

/// The App whose private key a secret is.
pub(super) struct App {
    /// The `iss` of its JWT: an App id or a client id.
    pub(super) issuer: String,
    /// The installation to look at, where one is named.
    pub(super) installation: Option<u64>,
}

impl Reader<'_> {
    /// Where the secret is, and the App whose key it is.
    pub(super) fn secret_of(
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
                self.problem(Code::BadSettings, entry.clone(), "a credential needs a `token`")
                    .help(format!("say where it is: {HOW}"));
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
                if host.is_some_and(|host| vocabulary::host(host).key_kind().is_none()) {
                    let message = format!("only {} has Apps with a private key", hosts_of_apps());
                    self.problem(Code::BadSettings, key.span(), message);
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

    /// A table with exactly one source, such as `{ env = "…" }`, and what goes with a command.
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
                .help(HOW.replace("token", key));
            } else {
                self.wrong_type(key, "a table that says where the secret is", value);
            }
            return None;
        };
        self.unknown_keys(table, SECRET, &format!("`{key}`"));
        let is_source = |name: &str| SOURCES.contains(&name);
        let given: Vec<_> = in_order(table).into_iter().filter(|(name, _)| is_source(name.get_ref())).collect();
        let [(source, place)] = given.as_slice() else {
            if table.keys().all(|name| SECRET.contains(&name.get_ref().as_ref())) {
                let message = format!("`{key}` has exactly one of {}", english::quoted_list(SOURCES, "or"));
                self.problem(Code::BadSettings, value.span(), message);
            }
            return None;
        };
        let source = source.get_ref().as_ref();
        if source == "command" {
            return self.command(key, table, place);
        }
        for (name, _) in in_order(table) {
            if OF_COMMAND.contains(&name.get_ref().as_ref()) {
                let message = format!("`{}` goes with a `command`, not with `{source}`", name.get_ref());
                self.problem(Code::BadSettings, name.span(), message);
            }
        }
        match source {
            "git_credential" | "netrc" => {
                let yes = self.boolean(table, source)?;
                if !yes {
                    let message = format!("`{source}` is `true`, or left out");
                    self.problem(Code::BadSettings, place.span(), message);
                    return None;
                }
                return Some(if source == "netrc" { SecretSource::Netrc } else { SecretSource::GitCredential });
            }
            "systemd" => {
                let (name, range) = self.text(table, "systemd")?;
                let graphic = name.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b':'));
                if name.is_empty() || name.len() > 255 || !graphic || name == "." || name == ".." {
                    self.problem(Code::BadSettings, range, "this is not the name of a service's credential")
                        .help("write what `LoadCredential=` has before its `:`, a file's name without a folder");
                    return None;
                }
                return Some(SecretSource::Systemd(name));
            }
            _ => {}
        }
        if table.contains_key("file") {
            let (path, range) = self.text(table, "file")?;
            if path.trim().is_empty() || path.contains('\0') {
                self.problem(Code::BadSettings, range, "this is no path");
                return None;
            }
            return Some(SecretSource::File { path: self.folder.join(PathBuf::from(&path)), written: path });
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

    fn command(&mut self, key: &str, table: &DeTable<'_>, value: &Value<'_>) -> Option<SecretSource> {
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
        let Some(program) = command.first_mut().filter(|program| !program.trim().is_empty()) else {
            self.problem(Code::BadSettings, value.span(), "`command` names no program")
                .help("the list begins with the program: `command = [\"pass\", \"show\", \"bot\"]`");
            return None;
        };
        let written = program.clone();
        if written.contains(std::path::is_separator) {
            // The working directory may be anybody's; the settings' own folder is the operator's.
            *program = self.folder.join(&written).display().to_string();
        }
        let timeout = self.timeout(table)?;
        let part = self.part(key, table)?;
        let program = Program { command, input: String::new(), surroundings: Surroundings::default() };
        Some(SecretSource::Command { call: Call { program, timeout }, written, part })
    }

    fn timeout(&mut self, table: &DeTable<'_>) -> Option<Duration> {
        if !table.contains_key("timeout") {
            return Some(TIMEOUT);
        }
        let (text, range) = self.text(table, "timeout")?;
        let of = |unit: char, seconds: u64| {
            let number = text.strip_suffix(unit)?;
            let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
            number.parse::<u64>().ok().filter(|_| is_plain).map(|number| number.saturating_mul(seconds))
        };
        let time = of('s', 1).or_else(|| of('m', 60)).map(Duration::from_secs);
        let time = time.filter(|time| !time.is_zero() && *time <= LONGEST);
        if time.is_none() {
            self.problem(Code::BadSettings, range, "this is no time that a command may take")
                .help("write one number and `s` or `m`, such as `60s`; ten minutes at most");
        }
        time
    }

    /// What of a command's output is the secret.
    fn part(&mut self, key: &str, table: &DeTable<'_>) -> Option<Part> {
        let first = match table.get("first_line") {
            Some(_) => self.boolean(table, "first_line")?,
            None => false,
        };
        let json = match table.get("json") {
            Some(_) => Some(self.text(table, "json")?),
            None => None,
        };
        match (first, json) {
            (true, Some((_, range))) => {
                self.problem(Code::BadSettings, range, "a secret is the first line or a field of JSON, not both");
                None
            }
            (true, None) if key == "private_key" => {
                let range = table.get("first_line").map_or(0..0, toml::Spanned::span);
                self.problem(Code::BadSettings, range, "a private key is more than its first line");
                None
            }
            (true, None) => Some(Part::FirstLine),
            (false, None) => Some(Part::Whole),
            (false, Some((text, range))) => {
                let pointer = Pointer::parse(&text);
                if pointer.is_none() {
                    self.problem(Code::BadSettings, range, "this is no JSON pointer")
                        .help("it begins with `/`, and has `~0` for `~` and `~1` for `/` in a name: `/data/token`");
                }
                pointer.map(Part::Json)
            }
        }
    }
}
