//! Files as people, tools and enemies write them: what is read is what every tool reads.

use proptest::prelude::*;

use super::*;
use crate::settings::address;
use crate::vocabulary::HostKind;

/// The entries with a password, as `machine login password`.
fn entries(text: &str) -> Result<Vec<String>, (usize, &'static str)> {
    let (entries, _) = parse(text).map_err(|refused| (refused.line, refused.what))?;
    let shown = |entry: &Entry| {
        let login = entry.login.as_deref().unwrap_or("-");
        Some(format!("{} {login} {}", entry.machine, entry.password.as_deref()?))
    };
    Ok(entries.iter().filter_map(shown).collect())
}

#[test]
fn files_are_read_as_every_tool_reads_them() {
    for (text, wanted) in [
        ("", vec![]),
        ("machine a login b password c", vec!["a b c"]),
        ("machine a\n\tlogin b\r\n  password c\r\n\r\n# end", vec!["a b c"]),
        ("machine a password c login b account d machine e password f", vec!["a b c", "e - f"]),
        ("# machine x password y\n  # z\nmachine a password c#d", vec!["a - c#d"]),
        ("machine a login password password machine", vec!["a password machine"]),
        ("machine a password c'd\"e'", vec!["a - c'd\"e'"]),
        (
            "machine a password c\nmacdef init\nmachine b password d\n \tx\n\nmachine e password f",
            vec!["a - c", "e - f"],
        ),
        ("macdef init\r\nmachine b password d\r\n\r\nmachine e password f", vec!["e - f"]),
        ("machine a password c\ndefault login d password e\n", vec!["a - c", " d e"]),
        ("machine ä password ö", vec!["ä - ö"]),
    ] {
        assert_eq!(entries(text).unwrap(), wanted, "{text:?}");
    }
}

#[test]
fn what_tools_read_in_different_ways_is_refused_with_its_line() {
    for (text, line, what) in [
        ("\nmachine a password \"c d\"", 2, "a quotation mark"),
        ("machine a password c\\d", 1, "a quotation mark or backslash"),
        ("machine \"a\" password c", 1, "a quotation mark"),
        ("machine other account \"x machine a password b\"\nmachine a password c", 1, "a quotation mark"),
        ("machine a password #c", 1, "a value that begins with `#`"),
        ("machine a # password c", 1, "a `#` after other words"),
        ("machine a\nlogin b password", 2, "a word without its value"),
        ("machine\na password c", 1, "a word without its value"),
        ("machine a password c password d", 1, "a second"),
        ("machine a\nlogin b\nlogin c", 3, "a second"),
        ("machine a password c d", 1, "a word that is none of"),
        ("Machine a password c", 1, "a word that is none of"),
        ("machine a user b password c", 1, "a word that is none of"),
        ("machine a port 443 password c", 1, "a word that is none of"),
        ("\u{feff}machine a password c", 1, "a word that is none of"),
        ("login b password c", 1, "a word that belongs to no `machine`"),
        ("macdef x\ny\n\npassword c", 4, "a word that belongs to no `machine`"),
        ("machine a password c\nmacdef x\ny\n", 2, "a `macdef` that no empty line ends"),
        ("macdef x\ny\n \nmachine a password c\n\n", 3, "blanks alone in a `macdef`"),
        ("macdef x machine a password c", 1, "words after the name of a `macdef`"),
        ("macdef\nx\n\n", 1, "a word without its value"),
        ("default password c\n\nmachine a password d", 3, "an entry after `default`"),
        ("default password c default password d", 1, "a second `default`"),
        ("machine a password c\u{0}", 1, "a control character"),
        ("machine a password c\rmachine b password d", 1, "a control character"),
        ("machine a\u{b}password c", 1, "a control character"),
        ("machine a password \u{1b}[1mc", 1, "a control character"),
    ] {
        let (at, told) = entries(text).unwrap_err();
        assert!(at == line && told.starts_with(what), "{text:?}: line {at} has {told}");
    }
}

#[test]
fn hosts_are_compared_without_their_port() {
    for (authority, name) in
        [("ghe.acme.dev:8443", "ghe.acme.dev"), ("ghe.acme.dev", "ghe.acme.dev"), ("[::1]:80", "::1")]
    {
        assert_eq!(host_name(authority), name);
    }
}

/// What a file has for a host, of a user or not.
fn password(text: &str, url: &str, username: Option<&str>) -> Option<String> {
    let (entries, default) = parse(text).ok()?;
    let place = address::place(HostKind::GitLab, url, None, false).unwrap();
    let netrc = Netrc { shown: String::new(), entries, default };
    netrc.password(&place, username).ok().map(|(password, _)| password.to_string())
}

const MACHINES: [&str; 5] = ["ours.dev", "other.dev", "ours.dev.evil.dev", "sours.dev", "ours"];
const URL: &str = "https://ours.dev";

/// An entry as people write one. Its password names its machine and login.
fn entry() -> impl Strategy<Value = String> {
    let separator = prop_oneof![Just(" "), Just("\n  "), Just("\t"), Just("\r\n")];
    let part = prop_oneof![
        Just(""),
        Just("account x"),
        Just("# y"),
        Just("#machine ours.dev"),
        Just("password"),
        Just("\"x"),
        Just("\\"),
        Just("default"),
        Just("macdef m\nmachine ours.dev password for-nobody\n\n"),
        Just("machine"),
    ];
    let of_part = prop_oneof![4 => Just(""), 1 => part];
    (0..MACHINES.len(), 0..3_usize, separator, of_part.clone(), of_part, any::<bool>()).prop_map(
        |(machine, login, by, before, after, swapped)| {
            let machine = MACHINES[machine];
            let login_words = format!("login user{login}");
            let password = format!("password for-{machine}-user{login}");
            let (one, two) = if swapped { (&password, &login_words) } else { (&login_words, &password) };
            format!("{before}{by}machine {machine}{by}{one}{by}{two}{by}{after}\n")
        },
    )
}

proptest! {
    #[test]
    fn no_text_is_a_password_of_another_machine(entries in prop::collection::vec(entry(), 0..6), user in 0..3_usize) {
        let text = entries.concat();
        let user = format!("user{user}");
        for (username, wanted) in [(None, "for-ours.dev-user".to_owned()), (Some(user.as_str()), format!("for-ours.dev-{user}"))] {
            if let Some(found) = password(&text, URL, username) {
                prop_assert!(found.starts_with(&wanted), "{found} of {text:?}");
            }
        }
    }

    #[test]
    fn nothing_panics(text in r#"(machine|login|password|macdef|default|#|"|\\|ours\.dev|[ \t\r\n]|\PC|.){0,40}"#) {
        let _ = password(&text, URL, None);
        let _ = password(&text, URL, Some("x"));
    }

    #[test]
    fn what_a_file_gives_stands_after_its_own_machine(
        words in prop::collection::vec(
            prop::sample::select(vec!["machine", "login", "password", "account", "default", "ours.dev", "other.dev", "a", "b"]),
            0..14,
        ),
        breaks in prop::collection::vec(any::<bool>(), 14),
    ) {
        // As tools read that care for words alone, and not for lines.
        let text: String =
            words.iter().zip(&breaks).map(|(word, ends)| format!("{word}{}", if *ends { "\n" } else { " " })).collect();
        let (mut machine, mut all, mut left) = (None, Vec::new(), text.split_whitespace());
        while let Some(word) = left.next() {
            match word {
                "machine" => machine = left.next(),
                "default" => machine = None,
                "password" => all.push((machine, left.next())),
                "login" | "account" => drop(left.next()),
                _ => break,
            }
        }
        if let Some(found) = password(&text, URL, None) {
            prop_assert!(all.contains(&(Some("ours.dev"), Some(&found))), "{found} of {text:?}");
        }
    }
}
