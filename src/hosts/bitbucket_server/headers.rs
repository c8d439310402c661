//! The headers of Bitbucket's answers.

use percent_encoding::percent_decode_str;

use crate::facts::Answer;
use crate::vocabulary::bitbucket_server::headers::X_AUSERNAME;

/// The name in `X-AUSERNAME`, decoded. Every authenticated answer has it, errors too; one to nobody has not.
pub(super) fn caller(answer: &Answer) -> Option<String> {
    let text = answer.header(X_AUSERNAME)?;
    let name = percent_decode_str(text.trim()).decode_utf8().ok()?.into_owned();
    (!name.is_empty() && !name.chars().any(char::is_control)).then_some(name)
}

/// The account that Bitbucket keeps for the token of a project or repository: `access-token-user/2/431`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ServiceAccount {
    /// What the token is of. In the only account ever recorded whose resource is known, 2 stood for a repository.
    pub(super) of: u64,
    /// The number of the repository or project.
    pub(super) id: u64,
}

impl ServiceAccount {
    /// The first number of a repository's account.
    pub(super) const REPOSITORY: u64 = 2;

    /// Reads the name of such an account.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let (of, id) = name.strip_prefix("access-token-user/")?.split_once('/')?;
        Some(Self { of: number(of)?, id: number(id)? })
    }
}

/// The slug of a user, where the name itself tells it: slugs are in lower case, other characters replaced. What is no slug
/// has to be looked up.
pub(super) fn slug_of(name: &str) -> Option<String> {
    if ServiceAccount::of_name(name).is_some() {
        return Some(name.replace('/', "_"));
    }
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    (!name.is_empty() && name.bytes().all(plain)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<String> {
        let headers = vec![("x-ausername".to_owned(), text.to_owned())];
        caller(&Answer { status: 200, headers, body: Vec::new(), at: jiff::Timestamp::UNIX_EPOCH })
    }

    #[test]
    fn names_are_percent_encoded() {
        assert_eq!(named("atlantis-bot").as_deref(), Some("atlantis-bot"));
        assert_eq!(named("access-token-user%2F2%2F11754").as_deref(), Some("access-token-user/2/11754"));
        assert_eq!(named("J%C3%BCrgen%20B").as_deref(), Some("Jürgen B"));
        for nobody in ["", "%FF", "a%0Ab", "%1b"] {
            assert_eq!(named(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn service_accounts_are_told_from_people() {
        assert_eq!(ServiceAccount::of_name("access-token-user/2/431"), Some(ServiceAccount { of: 2, id: 431 }));
        for person in [
            "access-token-user",
            "access-token-user/2",
            "access-token-user/2/",
            "access-token-user/x/431",
            "access-token-user/2/431/1",
            "access-token-user/+2/431",
            "x-access-token-user/2/431",
            "access-token-user/2/99999999999999999999999",
        ] {
            assert_eq!(ServiceAccount::of_name(person), None, "{person}");
        }
    }

    #[test]
    fn a_slug_is_guessed_only_from_a_name_that_looks_like_one() {
        assert_eq!(slug_of("atlantis-bot").as_deref(), Some("atlantis-bot"));
        assert_eq!(slug_of("access-token-user/2/431").as_deref(), Some("access-token-user_2_431"));
        for name in ["Atlantis", "atlantis@acme.dev", "ci bot", "jürgen", "", "a/b"] {
            assert_eq!(slug_of(name), None, "{name}");
        }
    }
}
