//! What a report tells, made by hand, and what formats make of it.

use std::borrow::Cow;
use std::path::PathBuf;

use credcheck::report::told::{
    Closing, Credential, Expires, NotChecked, NotRead, Note, Opening, Outcome, Paths, Pipeline, Place, PolicyFile,
    Rule, Section, Severity, Surroundings, Totals, Verdict, Waiver,
};
use credcheck::report::{Machine, Sheets};
use serde_json::Value;

use crate::fixture::{now, spool};

/// Every format of findings.
pub(crate) const ALL: [Machine; 8] = [
    Machine::Sarif,
    Machine::Github,
    Machine::Gitlab,
    Machine::Bitbucket,
    Machine::BitbucketServer,
    Machine::Azure,
    Machine::Teamcity,
    Machine::Rdjsonl,
];

/// What must not reach a CI runner, a server, a browser or a reader as it is.
pub(crate) const HOSTILE: &str = "x\n::error file=a,line=1::pwned\r\n  ::stop-commands::y\r::add-mask::z ##[error]e \
    ##vso[task.setvariable variable=a;]b; ##teamcity[buildStop comment='|n'] |' ]]> %0A%0D::error::%25 %AZP25 \
    \u{202e}txt.exe\u{2066} \u{0}\u{1b}]0;t\u{7} </script><b onclick='x'> [a](https://evil.example) @acme `q` {0} \
    \"é😀,:\\";

/// What a run tells.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) opening: Opening,
    pub(crate) sections: Vec<Section<'static>>,
    pub(crate) closing: Closing,
    pub(crate) surroundings: Surroundings,
}

pub(crate) fn place(file: &str, line: usize, end: Option<(usize, usize)>) -> Place {
    Place { file: file.to_owned(), line, column: 5, end }
}

pub(crate) fn rule(name: &str, said: Option<&str>) -> Rule {
    let said = |_| said.map(str::to_owned);
    Rule {
        name: name.to_owned(),
        title: said(()),
        because: said(()),
        fix: said(()),
        see: said(()).map(|text| format!("https://example.com/{text}")),
        demands: true,
        place: place("team.pol", 1, None),
    }
}

/// An outcome with one text everywhere, told apart from others by its credential.
pub(crate) fn outcome(rule: &str, verdict: Verdict, severity: Option<Severity>, text: &str) -> Outcome<'static> {
    let owned = || Cow::Owned(text.to_owned());
    Outcome {
        rule: Cow::Owned(rule.to_owned()),
        statement: Some(1),
        verb: Some("require".into()),
        demand: Some(owned()),
        verdict,
        code: severity.map(|_| if verdict == Verdict::Warning { "C0602" } else { "C0601" }.into()),
        severity,
        credential: owned(),
        host: "github".into(),
        url: owned(),
        repository: Some(owned()),
        organization: None,
        cause: None,
        accepted: false,
        known: false,
        message: owned(),
        found: Some(owned()),
        because: Some(owned()),
        fix: Some(owned()),
        see: Some(Cow::Owned(format!("https://example.com/{text}"))),
        waiver: None,
        place: Some(Cow::Owned(place("policies/team.pol", 12, Some((12, 20))))),
        fingerprint: format!("{rule}-{verdict:?}").to_lowercase().replace('.', "0"),
    }
}

pub(crate) fn section(outcomes: Vec<Outcome<'static>>) -> Section<'static> {
    let credential = Credential {
        name: "bot".into(),
        host: "github".into(),
        url: "https://github.com".into(),
        kind: None,
        valid: Some(true),
        expires: Expires::Unknown,
        rate_limit: None,
    };
    Section { credential, outcomes, notes: Vec::new() }
}

fn summary(count: usize) -> Totals {
    Totals { credentials: 2, statements: count, decided: count, total: count, waived: 1, ..Totals::default() }
}

impl Run {
    /// A run that found nothing.
    pub(crate) fn clean() -> Self {
        let file = |file: &str| PolicyFile { file: file.to_owned(), sha256: "0".repeat(64), used_at: None };
        Self {
            opening: Opening {
                tool: "credcheck 0.1.0".to_owned(),
                at: now(),
                replayed_from: None,
                strict: false,
                policies: vec![file("policies/team.pol")],
                rules: vec![rule("github.scope", Some("It must")), rule("github.bare", None)],
            },
            sections: vec![section(vec![outcome("github.scope", Verdict::Pass, None, "passes")])],
            closing: Closing {
                exit: 0,
                interrupted: None,
                summary: summary(3),
                not_checked: Vec::new(),
                not_read: Vec::new(),
                notes: Vec::new(),
                elapsed: None,
            },
            surroundings: Surroundings {
                paths: Paths::new("/home/bot/infra".into(), "/home/bot/infra".into()),
                ..Surroundings::default()
            },
        }
    }

    /// A run with one of each, each text of it this one.
    pub(crate) fn of_each(text: &str) -> Self {
        let error = Some(Severity::Error);
        let advice = Some(Severity::Advice);
        let mut run = Self::clean();
        let hostile = |name: &str, severity| Note {
            code: "C0402".to_owned(),
            name: name.to_owned(),
            severity,
            message: text.to_owned(),
            help: Some(text.to_owned()),
            place: Some(place(text, 3, Some((4, 1)))),
        };
        let mut builtin = outcome("github.credential-valid", Verdict::Violation, error, text);
        (builtin.statement, builtin.place, builtin.code) = (None, None, Some("C0701".into()));
        let mut ready_made = outcome("github.ready", Verdict::Violation, error, text);
        ready_made.place = Some(Cow::Owned(place("builtin:atlantis", 30, None)));
        let mut undetermined = outcome("github.bare", Verdict::Undetermined, error, text);
        undetermined.code = Some("C0603".into());
        let mut accepted = outcome("github.bare", Verdict::Undetermined, advice, text);
        accepted.accepted = true;
        let mut known = outcome("github.scope", Verdict::Violation, advice, text);
        known.known = true;
        let mut waived = outcome("github.scope", Verdict::Waived, advice, text);
        waived.waiver = Some(Waiver {
            until: text.to_owned().into(),
            because: text.to_owned().into(),
            by: None,
            file: "policies/team.pol".into(),
            line: 1,
        });
        let of = |rule: &str, verdict, severity| outcome(rule, verdict, severity, text);
        run.sections = vec![section(vec![
            builtin,
            of("github.scope", Verdict::Pass, None),
            of("github.bare", Verdict::Warning, Some(Severity::Warning)),
            of("github.scope", Verdict::NotApplicable, None),
            undetermined,
            accepted,
            known,
            waived,
            of("github.scope", Verdict::Violation, error),
            ready_made,
            of(text, Verdict::Violation, error),
        ])];
        run.opening.rules.push(rule(text, Some(text)));
        run.opening.replayed_from = Some((text.to_owned(), now()));
        run.closing = Closing {
            exit: 1,
            interrupted: None,
            summary: Totals { violations: 5, warnings: 1, known: 1, undetermined: 2, accepted: 1, ..summary(8) },
            not_checked: vec![
                NotChecked { host: text.to_owned(), credential: Some(text.to_owned()), reason: text.to_owned() },
                NotChecked { host: text.to_owned(), credential: None, reason: text.to_owned() },
            ],
            not_read: vec![NotRead { host: text.to_owned(), credential: text.to_owned(), repository: text.to_owned() }],
            notes: vec![hostile("waiver-idle", Severity::Warning), hostile("note", Severity::Advice)],
            elapsed: None,
        };
        run
    }

    /// A run with so many violations, and half as many warnings.
    pub(crate) fn of_many(count: usize) -> Self {
        let mut run = Self::clean();
        let outcomes = (0..count + count / 2).map(|at| {
            let (verdict, severity) =
                if at < count { (Verdict::Violation, Severity::Error) } else { (Verdict::Warning, Severity::Warning) };
            let mut one = outcome("github.scope", verdict, Some(severity), &format!("number {at:06}"));
            one.fingerprint = format!("{at:032x}");
            one
        });
        run.sections = vec![section(outcomes.collect())];
        run.closing.exit = 1;
        run
    }

    /// The same, ended early.
    pub(crate) fn interrupted(mut self) -> Self {
        (self.closing.exit, self.closing.interrupted) = (130, Some((3, 12)));
        self
    }

    /// In a pipeline that tells what it is.
    pub(crate) fn in_pipeline(mut self, text: &str) -> Self {
        let said = |part: &str| Some(format!("{part}{text}"));
        self.surroundings.pipeline = Some(Pipeline {
            collection: Some(format!("https://dev.azure.com/acme/{text}")),
            project_id: said("11111111-2222-3333-4444-555555555555"),
            branch: said("refs/heads/main"),
            build_id: said("99"),
            definition_id: said("7"),
            definition_name: said("nightly"),
            phase_id: said("3a885553-9b53-52ae-3e79-4d6b42a4c9c1"),
            phase_name: said("check"),
        });
        self
    }

    /// With a summary of the job.
    pub(crate) fn with_summary(mut self) -> Self {
        self.surroundings.summary = Some(PathBuf::from("summary.md"));
        self
    }

    /// The report in a format.
    pub(crate) fn report(&self, machine: Machine) -> String {
        let mut bytes = Vec::new();
        let mut sheets = Sheets::new(self.opening.clone(), &self.surroundings);
        sheets.add(machine, Box::new(&mut bytes), spool());
        self.sections.iter().for_each(|section| sheets.section(section));
        for result in sheets.end(&self.closing) {
            result.unwrap();
        }
        String::from_utf8(bytes).unwrap()
    }

    /// The report in a format that is one document of JSON.
    pub(crate) fn json(&self, machine: Machine) -> Value {
        serde_json::from_str(&self.report(machine)).unwrap()
    }
}
