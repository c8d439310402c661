//! Placeholders: what stands where a token should, because nobody or nothing has put one there.
//!
//! No rule here can hit a token: templates and references have characters or beginnings that tokens lack, and words and
//! fillers must make up the whole text. A password may be any text, so of one only templates count, references and
//! what is in no language a password.

use crate::vocabulary::HOSTS;

/// What stands where a secret should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    /// A template that nothing has filled in: `${GITHUB_TOKEN}`.
    Template,
    /// Where a secret lies, which nothing has fetched: `op://vault/item/field`.
    Reference,
    /// The name of a file, whose content nothing has read: `/run/secrets/token`.
    Path,
    /// Words or fillers for people to replace: `changeme`, `<your-token>`, `ghp_xxxx`.
    Words,
}

impl Placeholder {
    /// What it is, for a sentence.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Template => "a template that nothing has filled in",
            Self::Reference => "the name of a place where a secret lies, and no secret",
            Self::Path => "the name of a file, and no secret",
            Self::Words => "a placeholder",
        }
    }

    /// What to do.
    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Template => {
                "put the secret there; what should have filled the template in (a shell, a chart, a job) did not"
            }
            Self::Reference => {
                "put the secret there; what should have fetched it did not run, and `command` in the settings can"
            }
            Self::Path => {
                "put the file's content there, or name the file in the settings: `token = { file = \"PATH\" }`"
            }
            Self::Words => "put the secret there",
        }
    }
}

/// How references to places begin, in small letters: secret managers, their injectors, files with secrets inside.
const REFERENCES: &[&str] = &[
    "op://",
    "vault:",
    "vault://",
    "ref+",
    "secretref:",
    "secret://",
    "enc[",
    "sops:",
    "!vault",
    "$ansible_vault",
    "arn:aws:",
    "awssm://",
    "ssm://",
    "sm://",
    "gsm://",
    "gcp-secret:",
    "keyvault://",
    "akv://",
    "@microsoft.keyvault(",
    "akeyless:",
    "bws://",
    "doppler://",
    "infisical://",
    "keyring:",
    "env:",
];

/// Words that stand in the place of a token, alone or together. One of four letters or more must be among them.
const WORDS: &[&str] = &[
    "a",
    "access",
    "account",
    "actual",
    "add",
    "admin",
    "an",
    "api",
    "app",
    "atlantis",
    "auth",
    "bb",
    "bitbucket",
    "blank",
    "bot",
    "change",
    "changed",
    "changeit",
    "ci",
    "classic",
    "default",
    "deploy",
    "dummy",
    "edit",
    "empty",
    "enter",
    "env",
    "environment",
    "example",
    "fill",
    "fixme",
    "flux",
    "for",
    "from",
    "ghp",
    "ghs",
    "gho",
    "ghu",
    "git",
    "gitea",
    "github",
    "gitlab",
    "gl",
    "glpat",
    "gh",
    "goes",
    "group",
    "here",
    "hidden",
    "his",
    "in",
    "insert",
    "install",
    "installation",
    "is",
    "it",
    "job",
    "key",
    "lorem",
    "masked",
    "me",
    "missing",
    "must",
    "my",
    "needed",
    "new",
    "nil",
    "no",
    "none",
    "notset",
    "null",
    "number",
    "of",
    "old",
    "our",
    "override",
    "pass",
    "passwd",
    "password",
    "paste",
    "pat",
    "personal",
    "placeholder",
    "please",
    "private",
    "project",
    "provide",
    "put",
    "pw",
    "redacted",
    "release",
    "removed",
    "renovate",
    "replace",
    "replaced",
    "required",
    "sample",
    "secret",
    "secrets",
    "semantic",
    "server",
    "set",
    "some",
    "specify",
    "string",
    "tbd",
    "tf",
    "that",
    "the",
    "this",
    "to",
    "todo",
    "token",
    "tokens",
    "undefined",
    "unknown",
    "unset",
    "update",
    "use",
    "user",
    "username",
    "valid",
    "value",
    "variable",
    "vault",
    "with",
    "write",
    "xxx",
    "you",
    "your",
    "yours",
];

/// What nobody has as a password but who left it.
const LEFT: &[&str] = &["changeme", "changeit", "changethis", "replaceme", "replacethis", "todo", "tbd", "fixme"];

/// Rows that people count along: whole bodies are cut from them.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "abcdefghijklmnopqrstuvwxyz1234567890",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "1234567890abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789012345678901234567890123456789",
    "12345678901234567890123456789012345678901234567890",
    "abc123abc123abc123abc123abc123abc123abc123abc123",
];

/// What a text is instead of a secret. Of a password less counts.
pub(super) fn found(text: &str, is_password: bool) -> Option<Placeholder> {
    let text = bare(text);
    let lower = text.to_ascii_lowercase();
    if REFERENCES.iter().any(|start| lower.starts_with(start))
        || (lower.starts_with("projects/") && lower.contains("/secrets/"))
    {
        return Some(Placeholder::Reference);
    }
    if lower.starts_with("file:/") || lower.starts_with("file:./") || (!is_password && is_path(text)) {
        return Some(Placeholder::Path);
    }
    if is_template(text, is_password) {
        return Some(Placeholder::Template);
    }
    if LEFT.contains(&letters(&lower).as_str()) {
        return Some(Placeholder::Words);
    }
    let filler = !is_password && (is_filler(&lower) || is_words(&lower));
    filler.then_some(Placeholder::Words)
}

/// Without quotes that somebody left around it.
fn bare(text: &str) -> &str {
    let text = text.trim();
    ['"', '\'', '`'].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(text).trim()
}

/// Something in brackets or after a sign that shells, charts and jobs replace.
fn is_template(text: &str, is_password: bool) -> bool {
    let between = |open: &str, close: &str| {
        text.split_once(open)
            .is_some_and(|(_, rest)| rest.split_once(close).is_some_and(|(inside, _)| !inside.is_empty()))
    };
    let inside = |open: &str, close: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let named = |name: Option<&str>| {
        name.is_some_and(|name| {
            let mut characters = name.chars();
            characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
        })
    };
    let phrase = |open: &str, close: &str| {
        inside(open, close).is_some_and(|name| {
            name.chars().any(char::is_alphabetic)
                && name.chars().all(|letter| letter.is_alphanumeric() || " _-./:".contains(letter))
        })
    };
    between("${", "}")
        || between("{{", "}}")
        || between("$(", ")")
        || between("<%", "%>")
        || phrase("<", ">")
        || phrase("#{", "}#")
        || !is_password
            && (named(text.strip_prefix('$'))
                || named(text.strip_prefix("$env:"))
                || named(inside("%", "%"))
                || named(inside("@", "@"))
                || named(inside("__", "__"))
                || phrase("[", "]")
                || phrase("{", "}")
                || phrase("(", ")"))
}

/// The name of a file, from the root, a drive, the home or here on. Tokens begin otherwise.
fn is_path(text: &str) -> bool {
    let windows = text.get(1..).is_some_and(|rest| rest.starts_with(":\\") || rest.starts_with(":/"))
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let begins = windows || ["/", "~/", "./", "../"].iter().any(|start| text.starts_with(start));
    let mut names = text.split(['/', '\\']).skip(1).peekable();
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || " ._-@+:,%~".contains(letter))
    };
    // One name behind the root may be the beginning of anything.
    begins && (!text.starts_with('/') || text.matches('/').count() > 1) && names.peek().is_some() && names.all(is_name)
}

/// What follows the prefix by which a host's tokens are known.
fn body(lower: &str) -> &str {
    let prefixes = HOSTS.iter().flat_map(|host| host.shapes).map(|shape| shape.prefix);
    // The longest: prefixes begin one another.
    let of = |prefix: &str| lower.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).map(str::len);
    let length = prefixes.filter_map(of).max().unwrap_or(0);
    lower.get(length..).unwrap_or("")
}

/// One character again and again, an ellipsis, or a piece of a row.
fn is_filler(lower: &str) -> bool {
    if lower.contains("...") || lower.contains('…') {
        return true;
    }
    let body = body(lower).trim_matches(['-', '_']);
    let mut characters = body.chars().filter(|character| !matches!(character, '-' | '_'));
    let Some(first) = characters.next() else {
        // Nothing but a prefix or signs.
        return true;
    };
    let again = "x*.#?0•".contains(first) && characters.all(|other| other == first);
    // After a token's beginning it has the shape of one, so the host decides.
    let whole = body.len() == lower.len() && body.len() >= 6;
    again || (whole && ROWS.iter().any(|row| row.contains(body)))
}

/// The letters of a text.
fn letters(lower: &str) -> String {
    lower.chars().filter(|character| character.is_alphabetic()).collect()
}

/// Nothing but words that stand in the place of a token, whatever parts them, with perhaps a small number.
fn is_words(lower: &str) -> bool {
    // A number at the end, and signs between words.
    let text = lower.trim_end_matches(|character: char| character.is_ascii_digit());
    if lower.len() - text.len() > 4 || lower.len() > 100 {
        return false;
    }
    let mut strong = false;
    let mut any = false;
    for word in text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
        match covered(word) {
            Some(is_strong) => strong |= is_strong,
            None => return false,
        }
        any = true;
    }
    any && strong
}

/// Whether words follow one another in this one, and one of them is long enough not to be there by chance.
fn covered(word: &str) -> Option<bool> {
    // For each end of a piece: whether one is strong, where words reach it.
    let mut reached: Vec<Option<bool>> = vec![None; word.len() + 1];
    *reached.first_mut()? = Some(false);
    for at in 0..word.len() {
        let Some(strong) = reached.get(at).copied().flatten() else { continue };
        let rest = word.get(at..).unwrap_or("");
        for piece in WORDS.iter().filter(|piece| rest.starts_with(**piece)) {
            if let Some(end) = reached.get_mut(at + piece.len()) {
                *end = Some(end.unwrap_or(false) || strong || piece.len() >= 3);
            }
        }
    }
    reached.last().copied().flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn templates_references_words_and_fillers_are_no_secrets() {
        use Placeholder::{Path, Reference, Template, Words};
        for (text, is) in [
            ("${GITHUB_TOKEN}", Template),
            ("${GITHUB_TOKEN:-}", Template),
            ("\"${GITHUB_TOKEN}\"", Template),
            ("$GITHUB_TOKEN", Template),
            ("$(GITHUB_TOKEN)", Template),
            ("$(cat /run/secrets/token)", Template),
            ("${{ secrets.BOT_TOKEN }}", Template),
            ("{{ .Values.github.token }}", Template),
            ("{{token}}", Template),
            ("<%= token %>", Template),
            ("%GITHUB_TOKEN%", Template),
            ("$env:GITHUB_TOKEN", Template),
            ("@TOKEN@", Template),
            ("__BOT_TOKEN__", Template),
            ("#{GitHubToken}#", Template),
            ("<your-token>", Template),
            ("<YOUR TOKEN HERE>", Template),
            ("[your token]", Template),
            ("{token}", Template),
            ("ghp_${TOKEN}", Template),
            ("op://bots/atlantis/token", Reference),
            ("vault:secret/data/bots#token", Reference),
            ("ref+vault://bots/atlantis#/token", Reference),
            ("ENC[AES256_GCM,data:abc,type:str]", Reference),
            ("$ANSIBLE_VAULT;1.1;AES256", Reference),
            ("arn:aws:secretsmanager:eu-west-1:000000000000:secret:bots", Reference),
            ("@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/bot)", Reference),
            ("projects/acme/secrets/bot/versions/latest", Reference),
            ("/run/secrets/github_token", Path),
            ("/etc/bots/token.txt", Path),
            ("\"/var/run/secrets/bot\"", Path),
            ("file:///run/secrets/token", Path),
            ("file:/run/secrets/token", Path),
            ("FILE:./token", Path),
            ("~/.config/bot/token", Path),
            ("./token", Path),
            ("../secrets/token", Path),
            ("C:\\secrets\\token.txt", Path),
            ("changeme", Words),
            ("CHANGE_ME", Words),
            ("change-me!", Words),
            ("changeme123", Words),
            ("replace-with-your-token", Words),
            ("your_github_token_here", Words),
            ("YOURTOKEN", Words),
            ("insert token here", Words),
            ("ghp_your_token_here", Words),
            ("glpat-YOUR-TOKEN", Words),
            ("github_pat_example", Words),
            ("my-secret-token", Words),
            ("token", Words),
            ("secret", Words),
            ("password123", Words),
            ("placeholder", Words),
            ("dummy", Words),
            ("TODO", Words),
            ("none", Words),
            ("null", Words),
            ("undefined", Words),
            ("xxx", Words),
            (concat!("XX", "XX", "XX", "XX"), Words),
            ("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Words),
            ("glpat-xxxxxxxxxxxxxxxxxxxx", Words),
            ("glpat-********************", Words),
            ("xxxx-xxxx-xxxx", Words),
            ("****", Words),
            ("ghp_...", Words),
            ("ghp_", Words),
            ("glpat-…", Words),
            ("...", Words),
            ("0000000000000000000000000000000000000000", Words),
            ("abcdefghijklmnopqrst", Words),
            ("1234567890", Words),
        ] {
            assert_eq!(found(text, false), Some(is), "{text}");
        }
    }

    #[test]
    fn a_password_may_be_a_word() {
        for text in ["/run/secrets/x", "secret", "token", "xxxxxx", "1234567890", "$ummer", "%abc%", "[hunter]", "test"]
        {
            assert_eq!(found(text, true), None, "{text}");
        }
        for text in ["${PASSWORD}", "changeme", "<password>", "op://bots/x/password", "CHANGE_ME"] {
            assert!(found(text, true).is_some(), "{text}");
        }
    }

    #[test]
    fn what_could_be_a_token_is_left_alone() {
        for text in [
            "0f3a9c1b77e2d4560f3a9c1b77e2d4560f3a9c1b",
            "qwhzkxvbnmplkjhgfdsa",
            "hunter2hunter2hunter2",
            "s3cr3t-of-acme-bot-7",
            "aaaaaaaaaaaaaaaaaaaa",
            "x1x1x1x1x1x1x1x1x1x1",
            "tokyo-telegraph-hill",
            "not-a-real-token",
            "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
            "$2y$10$abcdefgh",
            "/9j4AAQSkZJRgABAQEAYABgAAD",
            "MDM0MjM5NDc2MDxx/PDx1tjs=",
        ] {
            assert_eq!(found(text, false), None, "{text}");
        }
    }

    proptest! {
        /// Random tokens of every length that hosts make are none.
        #[test]
        fn no_random_token_is_a_placeholder(text in "(ghp_|glpat-|BBDC-|ATBB|github_pat_|)[A-Za-z0-9]{20,40}") {
            prop_assert_eq!(found(&text, false), None);
        }

        #[test]
        fn anything_is_looked_at(text in "\\PC{0,60}") {
            let _: Option<Placeholder> = found(&text, false);
        }
    }
}
