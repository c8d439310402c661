//! From a ready-made policy: its rules for the chosen hosts, written out.

use super::write::comment;
use super::{Starter, finished};
use crate::diagnostic::Diagnostic;
use crate::language::{BUILTIN, Excerpt, excerpt};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::vocabulary::HostKind;
use crate::vocabulary::token_shapes;

/// The kinds of host that the ready-made policy of this name speaks of; `None` where there is no such policy.
pub fn speaks_of(bot: &str) -> Option<Vec<HostKind>> {
    let (_, text) = BUILTIN.iter().find(|(name, _)| *name == bot)?;
    Some(excerpt(text, &[]).speaks_of)
}

/// A starting policy: the rules of `builtin:BOT` for these kinds of host, with their comments, the inputs that they read,
/// and a first test or two of each. `tool` is the program's name and version.
///
/// # Errors
/// Diagnostics where the result is no valid policy, which is a mistake of the program; or there is no such policy.
pub fn ready_made(bot: &str, hosts: &[HostKind], tool: &str) -> Result<Starter, Vec<Diagnostic>> {
    let text = BUILTIN.iter().find(|(name, _)| *name == bot).map_or("", |(_, text)| text);
    let cut = excerpt(text, hosts);
    let policy = finished(&assembled(bot, hosts, tool, &cut))?;
    let notes = vec![
        "edit it: delete what your bot does not do, and set the inputs' values".to_owned(),
        "then run `credcheck lint`, `credcheck test` and `credcheck` on it".to_owned(),
    ];
    Ok(Starter { policy, notes })
}

fn assembled(bot: &str, hosts: &[HostKind], tool: &str, cut: &Excerpt) -> String {
    let redactor = Redactor::new(token_shapes());
    let mut text = String::new();
    let mut say = |line: &str| text.push_str(&comment(line, &redactor));
    let titles = english::list(hosts.iter().map(|host| host.title()), "and");
    let subject = if bot == "general" { "a bot's credential".to_owned() } else { format!("the credentials of {bot}") };
    say(&format!("A starting policy for {subject} on {titles}: yours to edit."));
    say("");
    say(&format!(
        "`credcheck init` wrote it from `builtin:{bot}` ({tool}), whose rules name their sources. It does not follow \
         later versions of that policy; `use \"builtin:{bot}\"` instead of these rules would."
    ));
    say("");
    say("1. Read each rule. Delete what your bot does not do, and tighten the rest.");
    say("2. Give each `input` the value that is right for you; `--set NAME=VALUE` changes one for a run.");
    say(
        "3. In pull requests run `credcheck fmt --check`, `credcheck lint` and `credcheck test` on this file: they take no \
         secret. Where the bot's credentials are, run `credcheck` on it.",
    );
    text.push('\n');
    for part in cut.header.iter().chain(std::iter::once(&String::new())) {
        text.push_str(part);
        text.push('\n');
    }
    for part in &cut.declarations {
        text.push_str(part);
        text.push('\n');
    }
    for part in &cut.blocks {
        text.push('\n');
        text.push_str(part);
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&comment("---- tests: `credcheck test FILE`", &redactor));
    let more = match cut.more_tests {
        0 => "Add one for each rule that you change".to_owned(),
        more => format!(
            "`builtin:{bot}` has {} for these hosts. Add one for each rule that you change",
            english::count(more, "more", "more")
        ),
    };
    text.push_str(&comment(&format!("{more}; `--coverage` and `--mutate` show what is missing."), &redactor));
    for part in &cut.tests {
        text.push('\n');
        text.push_str(part);
        text.push('\n');
    }
    text
}
