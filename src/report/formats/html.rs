//! A page in one file, without scripts: it reads well without its style, too, where a server's policy blocks that.

mod findings;
mod markup;
#[cfg(test)]
mod tests;

use std::io::{self, BufWriter, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::groups::{Kind, groups};
use super::parts::Parts;
use super::tally::{Standing, Tally, is_set_aside};
use super::verdict::{Ending, counts, headline};
use super::{Sheet, Whole};
use crate::report::spool::{CHUNK, Spool};
use crate::report::told::{Closing, Expires, Opening, Outcome, Section, Verdict};
use crate::report::wording::address;
use crate::text::english;
use markup::{code, sentence, text, time};

/// The page's style. It is within the page, and its hash is what the page's policy lets through.
const STYLE: &str = include_str!("html/style.css");

/// The most rows of what passed that are listed, and of what was set aside, of all credentials.
const MOST_LISTED: usize = 2_000;

/// The format on its way.
pub(in crate::report) struct Html<'a> {
    out: Box<dyn Write + 'a>,
    /// For each credential what was set aside, then what passed or did not apply.
    parts: Parts<'a, Rows>,
}

/// A credential's row, and how much of its spooled rows is what.
struct Rows {
    tally: Tally,
    aside: Listed,
    passed: Listed,
}

/// Rows of a list: how many, and how many bytes.
#[derive(Clone, Copy, Default)]
struct Listed {
    rows: usize,
    bytes: u64,
}

impl<'a> Html<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(out: Box<dyn Write + 'a>, spool: Box<dyn Spool + 'a>) -> Self {
        Self { out, parts: Parts::new(spool) }
    }
}

impl Sheet for Html<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        let passed = |one: &&Outcome<'_>| matches!(one.verdict, Verdict::Pass | Verdict::NotApplicable);
        let (mut aside, mut held) = (String::new(), String::new());
        let (mut of_aside, mut of_held) = (Listed::default(), Listed::default());
        for one in section.outcomes.iter().filter(|one| is_set_aside(one)).take(MOST_LISTED) {
            aside.push_str(&set_aside(one));
            of_aside.rows += 1;
        }
        for one in section.outcomes.iter().filter(passed).take(MOST_LISTED) {
            held.push_str(&passed_row(one));
            of_held.rows += 1;
        }
        of_aside.bytes = aside.len() as u64;
        of_held.bytes = held.len() as u64;
        let rows = Rows { tally: Tally::of(section), aside: of_aside, passed: of_held };
        self.parts.add(&section.credential, (aside + &held).as_bytes(), rows)
    }

    fn end(self: Box<Self>, whole: &Whole<'_>) -> io::Result<()> {
        let Self { out, parts } = *self;
        let Some((opening, closing)) = whole.run else { return Ok(()) };
        let (parts, mut spooled) = parts.sorted()?;
        let mut out = BufWriter::with_capacity(CHUNK, out);
        let groups = groups(whole.annotations);
        let total = |count: fn(&Tally) -> usize| parts.iter().map(|part| count(&part.of.tally)).sum::<usize>();
        let aside = total(Tally::set_aside);
        let passed = total(|one| one.passed + one.inapplicable);
        out.write_all(head(opening, closing).as_bytes())?;
        let mut contents: Vec<(&str, String)> = Vec::new();
        for kind in Kind::ALL {
            let count: usize = groups.iter().filter(|group| group.kind == kind).map(|group| group.count).sum();
            if count > 0 {
                contents.push((findings::id(kind), format!("{} ({count})", findings::title(kind))));
            }
        }
        contents.push(("credentials", format!("Credentials ({})", parts.len())));
        for (id, title, count) in [
            ("aside", "Waived, accepted and known", aside),
            ("passed", "Passed", passed),
            ("not-checked", "Not checked", closing.not_checked.len() + closing.not_read.len()),
        ] {
            if count > 0 {
                contents.push((id, format!("{title} ({count})")));
            }
        }
        contents.push(("about", "About this report".to_owned()));
        writeln!(out, "<nav aria-label=\"Contents\">\n<ul>")?;
        for (id, title) in &contents {
            writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>")?;
        }
        writeln!(out, "</ul>\n</nav>\n<main id=\"main\">")?;
        findings::write(&groups, &opening.rules, &mut out)?;
        credentials(parts.iter().map(|part| &part.of.tally), &mut out)?;
        let mut list = |id: &str, title: &str, count: usize, of: fn(&Rows) -> (u64, Listed)| -> io::Result<()> {
            if count == 0 {
                return Ok(());
            }
            writeln!(out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>")?;
            writeln!(out, "<details>\n<summary>{}</summary>\n<ul>", english::count(count, "outcome", "outcomes"))?;
            let mut room = MOST_LISTED;
            for part in &parts {
                let (skipped, listed) = of(&part.of);
                if listed.rows > room {
                    break;
                }
                room -= listed.rows;
                let start = part.rows.start + skipped;
                spooled.copy(&(start..start + listed.bytes), &mut out)?;
            }
            writeln!(out, "</ul>")?;
            if let Some(more) = count.checked_sub(MOST_LISTED - room).filter(|more| *more > 0) {
                writeln!(out, "<p>and {more} more: the JSON report has them all.</p>")?;
            }
            writeln!(out, "</details>\n</section>")
        };
        list("aside", "Waived, accepted and known", aside, |rows| (0, rows.aside))?;
        list("passed", "Passed, and what does not apply", passed, |rows| (rows.aside.bytes, rows.passed))?;
        not_checked(closing, &mut out)?;
        about(whole, opening, closing, &mut out)?;
        writeln!(out, "</main>\n<footer><p>{}</p></footer>\n</body>\n</html>", text(whole.tool))?;
        out.flush()
    }
}

/// Everything before the findings: the result comes first in the title, and in the only heading of its level.
fn head(opening: &Opening, closing: &Closing) -> String {
    let ending = Ending::of(closing);
    let headline = text(&headline(opening, closing));
    let files = opening.policies.iter().filter(|file| file.used_at.is_none()).map(|file| text(&file.file));
    let files = files.collect::<Vec<_>>().join(", ");
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let counts: String = counts(closing).iter().map(|count| format!("<li>{}</li>\n", text(count))).collect();
    let color = match ending {
        Ending::Passed => "good",
        Ending::Failed => "bad",
        Ending::Undetermined | Ending::Interrupted => "unsure",
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{headline} · credcheck {files}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the findings</a>\n<header>\n\
         <h1 class=\"{color}\"><span class=\"sign\" aria-hidden=\"true\">{}</span> {headline}</h1>\n\
         <p>credcheck {}, judged by {files} on {}.</p>\n<ul class=\"counts\">\n{counts}</ul>\n</header>\n",
        ending.sign(),
        ending.word(),
        time(opening.at),
    )
}

/// The table of credentials.
fn credentials<'a>(rows: impl Iterator<Item = &'a Tally>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"credentials\">\n<h2 id=\"credentials\">Credentials</h2>")?;
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return writeln!(out, "<p>None was judged.</p>\n</section>");
    }
    writeln!(
        out,
        "<section class=\"wide\" tabindex=\"0\" aria-label=\"Table of credentials\">\n<table>\n\
         <caption>What became of each credential's statements. What is undetermined did not pass.</caption>\n<thead>\n<tr>"
    )?;
    for (title, class) in [
        ("Credential", ""),
        ("Result", ""),
        ("Host", ""),
        ("Kind", ""),
        ("Ends", ""),
        ("Violations", "number"),
        ("Undetermined", "number"),
        ("Warnings", "number"),
        ("Set aside", "number"),
        ("Passed", "number"),
        ("Does not apply", "number"),
    ] {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        writeln!(out, "<th scope=\"col\"{class}>{title}</th>")?;
    }
    writeln!(out, "</tr>\n</thead>\n<tbody>")?;
    for row in rows {
        let standing = row.standing();
        let (sign, word) = standing.words();
        let color = match standing {
            Standing::Violations => "bad",
            Standing::Undetermined | Standing::NothingDecided => "unsure",
            Standing::Warnings => "warn",
            Standing::Holds => "good",
        };
        let ends = match row.expires {
            Expires::At(at) => markup::day(at),
            Expires::Never | Expires::Unknown => row.ends(),
        };
        let refused = if row.valid == Some(false) { ", not valid" } else { "" };
        write!(
            out,
            "<tr>\n<th scope=\"row\">{}</th>\n<td class=\"result {color}\"><span aria-hidden=\"true\">{sign}</span> {word}{refused}</td>\n\
             <td class=\"long\">{}</td>\n<td>{}</td>\n<td>{ends}</td>\n",
            text(&row.name),
            text(address(&row.url)),
            row.kind.as_deref().map_or_else(|| "unknown".to_owned(), text),
        )?;
        for number in [row.violations, row.undetermined, row.warnings, row.set_aside(), row.passed, row.inapplicable] {
            writeln!(out, "<td class=\"number\">{number}</td>")?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>\n</section>\n</section>")
}

/// What is waived, accepted or known: why, and what it is.
fn set_aside(one: &Outcome<'_>) -> String {
    let why = match (&one.waiver, one.known) {
        (Some(waiver), _) => {
            let by = waiver.by.as_deref().map_or_else(String::new, |by| format!(" by {}", text(by)));
            format!("waived{by} until {}: {}", text(&waiver.until), sentence(&waiver.because))
        }
        (None, true) => "known, for it stands in the baseline".to_owned(),
        (None, false) => "undetermined, which the policy accepts".to_owned(),
    };
    format!("<li>{} <span class=\"soft\">({why})</span></li>\n", sentence(&one.message))
}

/// What passed, or does not apply.
fn passed_row(one: &Outcome<'_>) -> String {
    let word = if one.verdict == Verdict::Pass { "passed" } else { "does not apply" };
    let number = one.statement.map_or_else(String::new, |number| format!(" #{number}"));
    let subject = one.subject().map_or_else(String::new, |subject| format!(", {}", code(subject)));
    format!("<li>{word}: {}{number}: {}{subject}</li>\n", code(&one.rule), code(&one.credential))
}

/// What was not checked, and what no statement read.
fn not_checked(closing: &Closing, out: &mut dyn Write) -> io::Result<()> {
    if closing.not_checked.is_empty() && closing.not_read.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section aria-labelledby=\"not-checked\">\n<h2 id=\"not-checked\">Not checked</h2>\n<ul>")?;
    for one in &closing.not_checked {
        let credential = one.credential.as_deref().map_or_else(String::new, |name| format!(" {}", code(name)));
        writeln!(out, "<li>{}{credential}: {}</li>", text(&one.host), sentence(&one.reason))?;
    }
    for one in closing.not_read.iter().take(MOST_LISTED) {
        let (host, credential) = (text(&one.host), code(&one.credential));
        writeln!(out, "<li>{host} {credential}: no statement is about {}</li>", code(&one.repository))?;
    }
    if let Some(more) = closing.not_read.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        writeln!(out, "<li>and {more} more that no statement is about</li>")?;
    }
    writeln!(out, "</ul>\n</section>")
}

/// By what, when and on what it was judged.
fn about(whole: &Whole<'_>, opening: &Opening, closing: &Closing, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section aria-labelledby=\"about\">\n<h2 id=\"about\">About this report</h2>\n<dl class=\"words\">"
    )?;
    writeln!(out, "<dt>Made by</dt>\n<dd>{}, on {}</dd>", text(whole.tool), time(opening.at))?;
    if let Some((file, at)) = &opening.replayed_from {
        writeln!(out, "<dt>Judged on</dt>\n<dd>the record {} of {}</dd>", code(file), time(*at))?;
    }
    let strict = if opening.strict { ", in a strict run" } else { "" };
    writeln!(out, "<dt>Exit code</dt>\n<dd>{}{strict}</dd>", closing.exit)?;
    if let Some(elapsed) = closing.elapsed {
        writeln!(out, "<dt>Took</dt>\n<dd>{} ms</dd>", elapsed.as_millis())?;
    }
    writeln!(
        out,
        "</dl>\n<section class=\"wide\" tabindex=\"0\" aria-label=\"Table of policy files\">\n<table>\n\
         <caption>The files of the policy</caption>\n<thead>\n<tr><th scope=\"col\">File</th><th scope=\"col\">SHA-256</th></tr>\n\
         </thead>\n<tbody>"
    )?;
    for file in &opening.policies {
        let used = file.used_at.as_ref().map_or_else(String::new, |place| {
            format!(" <span class=\"soft\">(used in {}:{})</span>", text(&place.file), place.line)
        });
        let (file, hash) = (text(&file.file), text(&file.sha256));
        writeln!(out, "<tr><th scope=\"row\">{file}{used}</th><td class=\"long\"><code>{hash}</code></td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>\n</section>\n</section>")
}
