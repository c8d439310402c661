//! What Git's credential helpers have for a credential's own host: `git credential fill`, and nothing that changes what
//! they hold.
//!
//! Git is run where no repository is, and without the caller's variables for it: what a repository's own configuration
//! names as a helper would be run. Nobody is asked: without the two variables of empty value, Git runs a program that
//! asks, and takes what it prints for the password.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::address::Place;
use super::{Call, CommandError, Program, Surroundings};
use crate::text::secret::Secret;

const SURROUNDINGS: Surroundings = Surroundings {
    folder: Some("/"),
    without: Some("GIT_"),
    variables: &[("GIT_TERMINAL_PROMPT", "0"), ("GIT_ASKPASS", ""), ("SSH_ASKPASS", ""), ("GCM_INTERACTIVE", "never")],
};

/// The exit status of Git where nothing is found, and where it cannot go on.
const NOTHING: i32 = 128;

/// The call that asks for the password of a place, of a user where one is named.
pub(super) fn call(place: &Place, username: Option<&str>) -> Call {
    let mut input = format!("protocol={}\nhost={}\n", protocol(place), place.authority);
    if let Some(username) = username {
        input.push_str(&format!("username={username}\n"));
    }
    input.push('\n');
    let command = ["git", "credential", "fill"].map(str::to_owned).to_vec();
    Call { program: Program { command, input, surroundings: SURROUNDINGS }, timeout: super::files::TIMEOUT }
}

fn protocol(place: &Place) -> &str {
    place.url.split("://").next().unwrap_or("https")
}

/// Why Git gives no password: in words that go after what was asked, and what to do.
pub(super) struct NoPassword {
    pub(super) reason: String,
    pub(super) help: &'static str,
}

fn none(reason: impl Into<String>, help: &'static str) -> NoPassword {
    NoPassword { reason: reason.into(), help }
}

/// What Git's failure means; `None` where it is that of any command.
pub(super) fn failure(error: &CommandError, place: &Place) -> Option<NoPassword> {
    const HELP: &str = "log in with one of the helpers that `git config --get-all credential.helper` names, as the user that runs \
                        credcheck; or say where else the secret is";
    match error {
        CommandError::Failed(NOTHING) => Some(none(format!("found nothing for {} (exit status 128)", place.url), HELP)),
        _ => None,
    }
}

/// The password in an answer of Git's that is for this place, this user, and not past its end.
pub(super) fn password(
    answer: &[u8],
    place: &Place,
    username: Option<&str>,
    now: Timestamp,
) -> Result<Zeroizing<String>, NoPassword> {
    const HELPER: &str = "look at the helpers that `git config --get-all credential.helper` names";
    let mut password = None;
    for line in lines(answer) {
        let Some((key, value)) = line.and_then(|line| line.split_once('=')) else {
            return Err(none("answered with what is no line of its protocol", HELPER));
        };
        match key {
            // A helper may answer for another place than it was asked for.
            "protocol" if value != protocol(place) => {
                return Err(none("answered for another protocol", HELPER));
            }
            "host" if !value.eq_ignore_ascii_case(&place.authority) => {
                return Err(none("answered for another host", HELPER));
            }
            "username" if username.is_some_and(|name| !name.eq_ignore_ascii_case(value)) => {
                return Err(none(
                    "answered for another user",
                    "correct the credential's `username`, or leave it out: Git is asked for that user's password",
                ));
            }
            "password_expiry_utc" => {
                let end = value.parse().ok().and_then(|second| Timestamp::from_second(second).ok());
                if let Some(end) = end.filter(|end| *end <= now) {
                    return Err(none(
                        format!("has a password that ended at {end}"),
                        "log in anew with the helper that holds it",
                    ));
                }
            }
            "password" if password.is_some() => {
                return Err(none("answered with two passwords", HELPER));
            }
            "password" => password = Some(value),
            _ => {}
        }
    }
    match password {
        Some(password) if !password.trim().is_empty() => Ok(Zeroizing::new(password.to_owned())),
        Some(_) => Err(none("answered with an empty password", HELPER)),
        None => Err(none("answered with no password", HELPER)),
    }
}

/// Every secret in an answer, also where the answer is refused.
pub(super) fn secrets(answer: &[u8]) -> impl Iterator<Item = Secret> {
    let secret = |line: &str| match line.split_once('=')? {
        ("password" | "oauth_refresh_token" | "credential", value) => Secret::token(value).ok(),
        _ => None,
    };
    lines(answer).flatten().filter_map(secret)
}

/// The lines of an answer up to an empty one, each where it is a text without NUL. There is no quoting.
fn lines(answer: &[u8]) -> impl Iterator<Item = Option<&str>> {
    answer
        .split(|byte| *byte == b'\n')
        .take_while(|line| !line.is_empty())
        .map(|line| std::str::from_utf8(line).ok().filter(|line| !line.contains('\0')))
}
