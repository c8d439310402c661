//! Secrets: where they are read, and the last look before one may be sent.

use std::cell::OnceCell;
use std::path::Path;

use zeroize::Zeroizing;

use super::address::Place;
use super::apps::hosts_of_apps;
use super::calls::{self, Calls};
use super::candidate::{Candidate, KindHint, SecretSource};
use super::netrc::{self, Netrc};
use super::printed::{self, Part};
use super::withheld::{is_password, missing, named, nobodys_password};
use super::{CommandError, Environment, FileError, Files, git_credential, json5, placeholder, plain, variables};
use crate::facts::Withheld;
use crate::text::secret::Secret;
use crate::text::token_shape::Purpose;
use crate::vocabulary;

/// Where secrets are looked for.
pub(super) struct Sources<'a> {
    environment: &'a Environment,
    files: &'a dyn Files,
    calls: &'a Calls,
    netrc: OnceCell<Result<Netrc, Withheld>>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(environment: &'a Environment, files: &'a dyn Files, calls: &'a Calls) -> Self {
        Self { environment, files, calls, netrc: OnceCell::new() }
    }

    /// Reads a candidate's secret and hands it out only where its shape and username fit its host.
    pub(super) fn secret(&self, candidate: &Candidate) -> Result<Secret, Withheld> {
        if nobodys_password(candidate) {
            return Err(Withheld::Missing {
                reason: "nothing says whose password it is".to_owned(),
                help: "add the account's `username` to the credential".to_owned(),
            });
        }
        let is_key = candidate.issuer.is_some();
        let secret = self.read(candidate)?;
        let misfit = if is_key { None } else { misfit(&secret, &candidate.place, candidate.username.as_deref()) };
        match misfit {
            Some((reason, help)) => Err(Withheld::WrongHost { reason, help }),
            None => Ok(secret),
        }
    }

    /// The text where a secret is, and that place for a message.
    fn written(&self, source: &SecretSource, candidate: &Candidate) -> Result<(Zeroizing<String>, String), Withheld> {
        let (environment, files) = (self.environment, self.files);
        let key = key(candidate);
        Ok(match source {
            SecretSource::Variable(name) => match environment.get(name) {
                Some(text) => (Zeroizing::new(text.to_owned()), format!("the environment variable `{name}`")),
                None => {
                    let shown = named("the environment variable", name, plain::variable(name), key);
                    return Err(missing(
                        format!("{shown} is {}", if environment.is_empty(name) { "set but empty" } else { "not set" }),
                        "set it where credcheck runs, or say where else the secret is",
                    ));
                }
            },
            SecretSource::Member { object, prefix, name } => {
                let place = format!("`{name}`, by its key in the environment variable `{object}`,");
                let text = environment.get(object).and_then(|text| variables::of_object(text, prefix, name));
                match text {
                    Some(text) => (Zeroizing::new(text), place),
                    None => return Err(missing(format!("{place} is not set"), "set it where credcheck runs")),
                }
            }
            SecretSource::Item { list, position, key } => {
                let (text, place) = self.written(list, candidate)?;
                let place = format!("`{key}` of rule {} in {place}", position + 1);
                let list = json5::parse(&text);
                let member = list.as_ref().and_then(|list| list.get(*position)?.get(*key)?.as_str());
                match member {
                    Some(text) => (Zeroizing::new(text.to_owned()), place),
                    None => return Err(missing(format!("{place} is not set"), "set it where credcheck runs")),
                }
            }
            SecretSource::File { path, written } => self.file(path, plain::path(written), key)?,
            SecretSource::Systemd(name) => {
                let folder =
                    environment.get("CREDENTIALS_DIRECTORY").map(Path::new).filter(|folder| folder.is_absolute());
                let Some(folder) = folder else {
                    return Err(missing(
                        "`CREDENTIALS_DIRECTORY` does not name the folder of a service's credentials".to_owned(),
                        "systemd sets it where it starts credcheck, with `LoadCredential=` or `LoadCredentialEncrypted=`",
                    ));
                };
                self.file(&folder.join(name), plain::path(name), key)?
            }
            SecretSource::Command { call, written, part } => {
                // Only the program's name: arguments may hold what nobody should read.
                let program = call.program.command.first().map_or("", String::as_str);
                let printed = self.calls.of(&call.program);
                let shown = named("the command", program, calls::is_harmless(written, &printed), key);
                let bytes = printed.map_err(|error| missing(format!("{shown} {error}"), command_help(&error)))?;
                let is_key = candidate.issuer.is_some();
                let text = printed::secret(&bytes, part, is_key)
                    .map_err(|none| missing(format!("{shown} {}", none.reason), none.help))?;
                (
                    text,
                    match part {
                        Part::Whole => shown,
                        Part::FirstLine => format!("the first line of {shown}"),
                        Part::Json(_) => format!("the field of JSON from {shown}"),
                    },
                )
            }
            SecretSource::GitCredential => {
                let (place, username) = (&candidate.place, candidate.username.as_deref());
                let shown = "`git credential fill`";
                let none = |none: git_credential::NoPassword| missing(format!("{shown} {}", none.reason), none.help);
                let answer = self.calls.of(&git_credential::call(place, username).program).map_err(|error| {
                    git_credential::failure(&error, place)
                        .map_or_else(|| missing(format!("{shown} {error}"), command_help(&error)), none)
                })?;
                let password = git_credential::password(&answer, place, username, files.now()).map_err(none)?;
                (password, format!("the password that {shown} has for {}", place.url))
            }
            SecretSource::Netrc => {
                let netrc =
                    self.netrc.get_or_init(|| netrc::read(environment, files)).as_ref().map_err(Clone::clone)?;
                netrc.password(&candidate.place, candidate.username.as_deref())?
            }
        })
    }

    /// The text of a file with a secret, and that place for a message.
    fn file(&self, path: &Path, harmless: bool, key: &str) -> Result<(Zeroizing<String>, String), Withheld> {
        let path_shown = path.display().to_string();
        let bytes = self.files.read(path, Secret::MAX_BYTES).map_err(|error| {
            let exists = !matches!(error, FileError::NotFound | FileError::Other(_));
            let shown = named("the file", &path_shown, exists || harmless, key);
            missing(format!("{shown} {error}"), "check the path and who may read the file")
        })?;
        let place = format!("the file `{path_shown}`");
        Ok((text(&bytes, &place)?, place))
    }

    fn read(&self, candidate: &Candidate) -> Result<Secret, Withheld> {
        let is_key = candidate.issuer.is_some();
        let (mut text, place) = self.written(&candidate.source, candidate)?;
        if let Some(bare) = candidate.before.and_then(|before| text.trim().strip_prefix(before)) {
            text = Zeroizing::new(bare.to_owned());
        }
        if let Some(instead) = placeholder::found(&text, is_password(candidate)) {
            return Err(missing(format!("{place} holds {}", instead.title()), instead.help()));
        }
        // Keys are often put into variables with their line ends written as `\n`.
        let unfolded = is_key && !text.trim().contains('\n') && text.contains("\\n");
        let text = if unfolded { Zeroizing::new(text.replace("\\r", "").replace("\\n", "\n")) } else { text };
        let secret = if is_key { Secret::key(&text) } else { Secret::token(&text) };
        let looks_like_key = text.trim_start().starts_with("-----BEGIN");
        match secret {
            Err(_) if !is_key && looks_like_key => Err(Withheld::WrongHost {
                reason: format!("{place} holds a private key or certificate, not a token"),
                help: declare_app(),
            }),
            Err(error) => Err(missing(
                format!("{place} holds no secret: {error}"),
                if is_key { "give the whole PEM file of the App's key" } else { "put the token there, alone" },
            )),
            Ok(secret) => Ok(secret),
        }
    }
}

/// The kind that family or settings tell, now that the secret is known.
pub(super) fn kind_hint(hint: KindHint, secret: Result<&Secret, &Withheld>) -> Option<&'static str> {
    match hint {
        KindHint::Unknown => None,
        KindHint::Is(kind) => Some(kind),
        KindHint::IfPrefixed(prefix, kind) => {
            secret.ok().filter(|secret| secret.expose().starts_with(prefix)).map(|_| kind)
        }
    }
}

/// A username without the `@` that people write before it.
pub(super) fn plain_username(text: &str) -> String {
    text.trim().trim_start_matches('@').to_owned()
}

/// What the settings call a candidate's secret.
fn key(candidate: &Candidate) -> &'static str {
    if candidate.issuer.is_some() { "private_key" } else { "token" }
}

/// What to do about a command that gives no secret.
const fn command_help(error: &CommandError) -> &'static str {
    match error {
        CommandError::NotFound => {
            "a program with a `/` lies in the folder of the settings file, another in an absolute folder of `PATH`"
        }
        CommandError::Folder | CommandError::NotExecutable => "name a program that the user who runs credcheck may run",
        CommandError::Timeout(_) => {
            "run the command by hand, as the user that runs credcheck, with `</dev/null`: it gets no input; where it needs \
             longer, give it a `timeout`"
        }
        CommandError::Asked => {
            "nobody can answer it in a run: log in before, or have it read what it asks for from a file or variable"
        }
        CommandError::TooLarge(_) => "name a command that prints the secret and nothing else",
        _ => "run the command by hand, as the user that runs credcheck, with `</dev/null`: it gets no input",
    }
}

fn text(bytes: &[u8], place: &str) -> Result<Zeroizing<String>, Withheld> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.trim_start_matches('\u{FEFF}').to_owned())),
        Err(_) => Err(Withheld::Missing {
            reason: format!("{place} holds no secret: it is not UTF-8"),
            help: "put the token there, alone, as plain text".to_owned(),
        }),
    }
}

/// What to do with the private key of an App.
fn declare_app() -> String {
    format!("a {} App is declared with `app_id` and `private_key` instead of `token`", hosts_of_apps())
}

/// Why a secret cannot be for its host, and what to do: its shape is another vendor's, or serves another purpose, or
/// the username cannot go with it.
pub(super) fn misfit(secret: &Secret, place: &Place, username: Option<&str>) -> Option<(String, String)> {
    let kind = place.kind;
    let told = &vocabulary::host(kind).token_text;
    if let Some(useless) = told.useless.iter().find(|useless| useless.of.fits(told, secret.expose())) {
        return Some((format!("the secret is {}", useless.title), useless.instead.to_owned()));
    }
    let host = format!("{} at {}", vocabulary::host(kind).title, place.url);
    let shape = vocabulary::token_shapes().of(secret.expose())?;
    let owner = vocabulary::host_of_shape(shape);
    let looks = |rest: String| format!("the secret looks like {} {rest}", shape.title);
    match shape.purpose {
        Purpose::Key => {
            return Some((looks("and not like a token".to_owned()), declare_app()));
        }
        Purpose::Refresh => {
            return Some((
                looks("(it only gets other tokens and authenticates no request)".to_owned()),
                format!("give the access token instead; keep `{}…` where tokens are refreshed", shape.prefix),
            ));
        }
        _ if shape.vendor.is_none() => return None,
        _ if owner.is_none_or(|owner| owner.kind != kind) => {
            return Some((
                looks(format!("and would have gone to {host}")),
                match owner {
                    Some(other) => format!(
                        "declare it with `host = \"{}\"`, or give {} its own token; consider it seen if it was ever sent there",
                        other.word,
                        vocabulary::host(kind).title
                    ),
                    None => format!("give {} its own token", vocabulary::host(kind).title),
                },
            ));
        }
        Purpose::Other => {
            return Some((
                looks("(the API takes no such token)".to_owned()),
                format!("give an access token of {} instead", vocabulary::host(kind).title),
            ));
        }
        Purpose::Api => {}
    }
    let is_email = username.is_some_and(|name| name.contains('@'));
    let help = shape.needs_email.filter(|_| !is_email)?;
    Some((looks("and its username is not an e-mail address".to_owned()), help.to_owned()))
}
