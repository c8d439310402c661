//! A starting settings file: every key with what it is for, all of it commented out.

use std::fmt::Write as _;

use crate::text::english;
use crate::vocabulary::{Host, HostKind, Scheme, host};

/// The sources of a secret.
const SOURCES: &[(&str, &str)] = &[
    ("{ env = \"NAME\" }", "a variable"),
    ("{ file = \"PATH\" }", "a file, relative to this one"),
    ("{ command = [\"PROGRAM\", \"ARGUMENT\"] }", "what a program prints, without a shell"),
    ("{ command = [\"PROGRAM\"], first_line = true }", "its first line, where it prints more"),
    ("{ command = [\"PROGRAM\"], json = \"/data/token\" }", "a field of the JSON that it prints"),
    ("{ command = [\"PROGRAM\"], timeout = \"90s\" }", "where it takes longer than 30 s"),
    ("{ systemd = \"NAME\" }", "a credential of the systemd service"),
    ("{ git_credential = true }", "what Git's helpers have for the host"),
    ("{ netrc = true }", "what ~/.netrc has for the host"),
];

/// A settings file for credentials on these kinds of host. Prose begins with `# `, and what can be taken as it is with
/// `#`: without those, the file is valid. `tool` is the program's name and version.
pub fn settings(hosts: &[HostKind], tool: &str) -> String {
    let mut text = format!(
        "# Settings of credcheck: which credentials there are, where each goes, and where its secret is. No secret stands\n\
         # here. Keep this file where no pull request of a policy can change it.\n\
         #\n\
         # credcheck reads it with `--config FILE`, from CREDCHECK_CONFIG, or as credcheck/config.toml in your configuration\n\
         # folder. Without it, the variables that bots read themselves are enough. ({tool} wrote it.)\n\
         #\n\
         # Take away the `#` before what you need; `credcheck facts` then shows what each credential reveals.\n\
         \n\
         # Repositories that are in scope for credentials that name none themselves; `acme/*` takes all of an owner.\n\
         #repositories = [\"acme/infra\"]\n\
         \n\
         # Values for the inputs of policies; `--set NAME=VALUE` comes before them.\n\
         #[inputs]\n\
         #renew_before = \"14d\"\n\
         \n\
         # Where a secret is, one of these for each `token` and `private_key`:\n"
    );
    for (source, note) in SOURCES {
        let _ = writeln!(text, "#   {source:<52} {note}");
    }
    for kind in hosts {
        one(host(*kind), &mut text);
    }
    text
}

/// A setting, with what it is for.
fn line(text: &mut String, key: &str, value: &str, note: &str) {
    let setting = format!("#{key:12} = {value}");
    let _ = match note {
        "" => writeln!(text, "{setting}"),
        note => writeln!(text, "{setting:<48} # {note}"),
    };
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn one(host: &Host, text: &mut String) {
    let word = host.word;
    let _ = writeln!(text, "\n# ---- {}\n", host.title);
    let name = |what: &str| quoted(&format!("{}-{what}", word.replace('_', "-")));
    let _ = writeln!(text, "#[[credential]]");
    line(text, "name", &name("bot"), "yours to choose");
    line(text, "host", &quoted(word), "");
    address(host, text);
    line(text, "token", "{ env = \"BOT_TOKEN\" }", "or another source, below");
    let by_key = host.key_kind().map(|kind| kind.word);
    let kinds: Vec<&str> = host.kinds.iter().map(|kind| kind.word).filter(|kind| Some(*kind) != by_key).collect();
    if let Some(first) = kinds.first() {
        let note = format!("where the token's text does not tell: {}", english::list(kinds.iter().copied(), "or"));
        line(text, "kind", &quoted(first), &note);
    }
    let by_name = matches!(host.sent, Scheme::Basic { .. });
    line(text, "username", "\"acme-bot\"", if by_name { "sent with the token" } else { "compared with the live one" });
    line(text, "repositories", "[\"acme/infra\"]", "what this credential is for");
    if let Some(key) = host.key_kind() {
        let _ = writeln!(text, "\n# By its private key ({}):", key.title);
        let _ = writeln!(text, "#[[credential]]");
        line(text, "name", &name("app"), "");
        line(text, "host", &quoted(word), "");
        line(text, "app_id", "300001", "or client_id");
        line(text, "private_key", "{ file = \"app.pem\" }", "relative to this file");
        line(text, "repositories", "[\"acme/infra\"]", "");
    }
}

fn address(host: &Host, text: &mut String) {
    match host.public_url {
        Some(public) => line(text, "url", &quoted(public), "left out: this one"),
        None => line(text, "url", &quoted("https://git.acme.example"), "its web address"),
    }
}
