//! What a netrc file has for a credential's own host, read strictly.
//!
//! There is no standard, and tools read the same file in different ways. What two of them could take for different things
//! is refused with its line, wherever it stands: a quotation mark that one takes as written may end an entry for another.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::address::Place;
use super::withheld::{missing, named};
use super::{Environment, FileError, Files, plain};
use crate::facts::Withheld;
use crate::text::english;

/// The most bytes of such a file.
const CAP: usize = 1024 * 1024;

/// A netrc file.
pub(super) struct Netrc {
    /// Its name, for a message.
    shown: String,
    entries: Vec<Entry>,
    /// The line of the entry for every host.
    default: Option<usize>,
}

/// What a file has for a host.
struct Entry {
    line: usize,
    machine: String,
    login: Option<String>,
    password: Option<Zeroizing<String>>,
    account: bool,
}

/// Why a file is not read: the line, and what is wrong with it. Nothing of the file is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refused {
    line: usize,
    what: &'static str,
}

/// Reads the file that `NETRC` names, else the user's own.
pub(super) fn read(environment: &Environment, files: &dyn Files) -> Result<Netrc, Withheld> {
    const WHOLE: &str = "name it by its whole path: the working directory may be anybody's";
    let (path, by) = match (environment.get("NETRC"), environment.get("HOME")) {
        (Some(path), _) => (PathBuf::from(path), "NETRC"),
        (None, Some(home)) => (PathBuf::from(home).join(".netrc"), "HOME"),
        (None, None) => {
            return Err(missing("neither `NETRC` nor `HOME` says where the netrc file is".to_owned(), WHOLE));
        }
    };
    if !path.is_absolute() {
        return Err(missing(format!("`{by}` does not say by its whole path where the netrc file is"), WHOLE));
    }
    let path_shown = path.display().to_string();
    let bytes = files.read_private(&path, CAP).map_err(|error| {
        let exists = !matches!(error, FileError::NotFound | FileError::Other(_));
        let shown = named("the file", &path_shown, exists || plain::path(&path_shown), by);
        let help = match error {
            FileError::NotPrivate => "take the rights of others away: `chmod 600`",
            _ => "it is `NETRC`, else `.netrc` in `HOME`; check the path and who may read the file",
        };
        missing(format!("{shown} {error}"), help)
    })?;
    let shown = format!("the file `{path_shown}`");
    let text = std::str::from_utf8(&bytes);
    let parsed = text.map_err(|_| missing(format!("{shown} is not UTF-8"), "save it as UTF-8 text"))?;
    let (entries, default) = parse(parsed).map_err(|refused| {
        missing(
            format!("{shown} is not read: line {} has {}", refused.line, refused.what),
            "correct that line; docs/secrets.md says what is read, and why nothing else is",
        )
    })?;
    Ok(Netrc { shown, entries, default })
}

impl Netrc {
    /// The password for a place's host, of a user where one is named, and what that is for a message.
    pub(super) fn password(
        &self,
        place: &Place,
        username: Option<&str>,
    ) -> Result<(Zeroizing<String>, String), Withheld> {
        let (shown, host) = (&self.shown, host_name(&place.authority));
        let of_host: Vec<&Entry> =
            self.entries.iter().filter(|entry| entry.machine.eq_ignore_ascii_case(host)).collect();
        if of_host.is_empty() {
            let default = self.default.map_or_else(String::new, |line| {
                format!("; its `default`, line {line}, is for every host and is used for none")
            });
            let reason = format!("{shown} has no entry for `{host}`{default}");
            return Err(missing(reason, "add one: `machine HOST login USER password TOKEN`, without a port"));
        }
        let is_of = |entry: &&&Entry| {
            let login = entry.login.as_deref();
            username.is_none_or(|name| login.is_some_and(|login| login.eq_ignore_ascii_case(name)))
        };
        let of_user: Vec<&Entry> = of_host.iter().filter(is_of).copied().collect();
        let entry = match of_user.as_slice() {
            [] => {
                let lines = lines(&of_host);
                return Err(missing(
                    format!("{shown} has no entry for `{host}` whose `login` is the credential's `username` ({lines})"),
                    "correct one of the two, or leave `username` out",
                ));
            }
            [entry] => entry,
            several => {
                return Err(missing(
                    format!("{shown} has more than one entry for `{host}` that could be meant ({})", lines(several)),
                    "tools differ on which one counts: name one by its `login` with `username`, or leave one",
                ));
            }
        };
        if entry.login.is_none() {
            return Err(missing(
                format!("the entry for `{host}` (line {}) of {shown} has no login", entry.line),
                "add `login USER` to it: without one, some tools pass over it and take another entry",
            ));
        }
        match &entry.password {
            Some(password) => {
                Ok((password.clone(), format!("the entry for `{host}` (line {}) of {shown}", entry.line)))
            }
            None => Err(missing(
                format!("the entry for `{host}` (line {}) of {shown} has no password", entry.line),
                "add `password TOKEN` to it",
            )),
        }
    }
}

fn lines(entries: &[&Entry]) -> String {
    let numbers: Vec<String> = entries.iter().map(|entry| entry.line.to_string()).collect();
    let word = if numbers.len() == 1 { "line" } else { "lines" };
    format!("{word} {}", english::list(numbers.iter().map(String::as_str), "and"))
}

/// A host's name without its port, as such files have it.
fn host_name(authority: &str) -> &str {
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => authority.split(':').next().unwrap_or(authority),
    }
}

/// The entries of a file, and the line of the one for every host.
fn parse(text: &str) -> Result<(Vec<Entry>, Option<usize>), Refused> {
    let mut reader = Reader::default();
    for (line, number) in text.lines().zip(1..) {
        reader.line(line).map_err(|what| Refused { line: number, what })?;
        reader.at = number + 1;
    }
    match reader.within {
        Within::Macro(line) => Err(Refused { line, what: "a `macdef` that no empty line ends" }),
        _ => Ok((reader.entries, reader.default)),
    }
}

/// What the words that come belong to.
#[derive(Default)]
enum Within {
    /// Nothing yet, or nothing since a macro ended.
    #[default]
    Nothing,
    /// The last entry.
    Entry,
    /// A macro that began at this line, up to an empty one.
    Macro(usize),
}

struct Reader {
    /// The number of the line.
    at: usize,
    within: Within,
    entries: Vec<Entry>,
    default: Option<usize>,
}

impl Default for Reader {
    fn default() -> Self {
        Self { at: 1, within: Within::Nothing, entries: Vec::new(), default: None }
    }
}

impl Reader {
    /// Reads a line.
    fn line(&mut self, line: &str) -> Result<(), &'static str> {
        let is_blank = line.chars().all(|character| matches!(character, ' ' | '\t'));
        if let Within::Macro(_) = self.within {
            match (line.is_empty(), is_blank) {
                (true, _) => self.within = Within::Nothing,
                (false, true) => return Err("blanks alone in a `macdef`, which end it for some tools only"),
                _ => {}
            }
            return Ok(());
        }
        if line.chars().any(|character| character.is_control() && character != '\t') {
            return Err("a control character");
        }
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty()).peekable();
        if words.peek().is_some_and(|first| first.starts_with('#')) {
            return Ok(());
        }
        while let Some(word) = words.next() {
            match word {
                "machine" => {
                    let machine = value(words.next())?;
                    if self.default.is_some() {
                        return Err("an entry after `default`, which some tools never reach");
                    }
                    self.begin(machine.to_owned());
                }
                "default" if self.default.is_some() => return Err("a second `default`"),
                "default" => {
                    self.default = Some(self.at);
                    // No host has an empty name.
                    self.begin(String::new());
                }
                "login" | "password" | "account" => {
                    let value = value(words.next())?;
                    let entry = self.entries.last_mut().filter(|_| matches!(self.within, Within::Entry));
                    let entry = entry.ok_or("a word that belongs to no `machine`")?;
                    let is_first = match word {
                        "login" => entry.login.replace(value.to_owned()).is_none(),
                        "password" => entry.password.replace(Zeroizing::new(value.to_owned())).is_none(),
                        _ => !std::mem::replace(&mut entry.account, true),
                    };
                    if !is_first {
                        return Err("a second `login`, `password` or `account` of one entry");
                    }
                }
                "macdef" => {
                    let _ = value(words.next())?;
                    if words.next().is_some() {
                        return Err("words after the name of a `macdef`");
                    }
                    self.within = Within::Macro(self.at);
                }
                _ if word.starts_with('#') => {
                    return Err("a `#` after other words, which begins a comment for some tools only");
                }
                _ => {
                    return Err(
                        "a word that is none of `machine`, `default`, `login`, `password`, `account` and `macdef`",
                    );
                }
            }
        }
        Ok(())
    }

    fn begin(&mut self, machine: String) {
        self.within = Within::Entry;
        self.entries.push(Entry { line: self.at, machine, login: None, password: None, account: false });
    }
}

/// The value after a word: one that every tool takes as it is written.
fn value(word: Option<&str>) -> Result<&str, &'static str> {
    let word = word.ok_or("a word without its value")?;
    if word.starts_with('"') || word.contains('\\') {
        return Err("a quotation mark or backslash, which tools read in different ways");
    }
    if word.starts_with('#') {
        return Err("a value that begins with `#`, which begins a comment for some tools");
    }
    Ok(word)
}

#[cfg(test)]
#[path = "tests/netrc.rs"]
mod tests;
