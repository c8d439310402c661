//! `--shard`: the part of the credentials that a run checks, said on the command line or by an engine that runs several.

use super::failure::Failure;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Shard;
use crate::settings::Environment;

/// More shards than any engine runs at once.
const MOST: usize = 10_000;

/// An engine that runs a job several times, and what it says to each.
struct Engine {
    /// The variable that says which of them this is.
    index: &'static str,
    /// What the first is called.
    first: usize,
    /// The variable that says how many there are; `None` where nothing does.
    total: Option<&'static str>,
}

/// Kubernetes' indexed jobs; GitLab's `parallel`; Bitbucket's parallel steps.
const ENGINES: [Engine; 3] = [
    Engine { index: "JOB_COMPLETION_INDEX", first: 0, total: None },
    Engine { index: "CI_NODE_INDEX", first: 1, total: Some("CI_NODE_TOTAL") },
    Engine { index: "BITBUCKET_PARALLEL_STEP", first: 0, total: Some("BITBUCKET_PARALLEL_STEP_COUNT") },
];

/// Reads `N/M`, `auto` or `auto/M`.
///
/// # Errors
/// [`Failure::Usage`] where it is none, or the environment does not say it or contradicts it.
pub(super) fn shard(text: &str, environment: &Environment) -> Result<Shard, Failure> {
    read(text, environment).map_err(|(message, help)| {
        let problem = Diagnostic::new(Code::CommandLine, format!("`--shard {text}`: {message}"));
        Failure::Usage(vec![problem.help(help)])
    })
}

/// What is wrong, and what to do.
type Wrong = (String, &'static str);

fn read(text: &str, environment: &Environment) -> Result<Shard, Wrong> {
    const FORM: &str = "write `N/M` with N from 1 to M, such as `2/4`, or `auto`, or `auto/M`";
    let (number, of) = match text.split_once('/') {
        Some((number, of)) => (number, Some(of)),
        None => (text, None),
    };
    let of = of.map(|of| count(of).ok_or_else(|| (format!("`{of}` is no number of shards"), FORM))).transpose()?;
    let shard = match (number, of) {
        ("auto", of) => automatic(of, environment)?,
        (_, None) => return Err(("it does not say of how many".to_owned(), FORM)),
        (number, Some(of)) => {
            let number = count(number).ok_or_else(|| (format!("`{number}` is no number of a shard"), FORM))?;
            Shard { number, of }
        }
    };
    if shard.number <= shard.of {
        return Ok(shard);
    }
    let Shard { number, of } = shard;
    Err((format!("there is no shard {number} of {of}"), FORM))
}

/// What the environment says.
fn automatic(of: Option<usize>, environment: &Environment) -> Result<Shard, Wrong> {
    let mut said: Option<(&'static str, Shard)> = None;
    for engine in &ENGINES {
        let Some(shard) = engine.shard(of, environment)? else { continue };
        match said {
            Some((other, before)) if before != shard => {
                let message = format!("`{other}` and `{}` do not say the same", engine.index);
                return Err((message, "say which it is: `--shard N/M`"));
            }
            _ => said = Some((engine.index, shard)),
        }
    }
    said.map(|(_, shard)| shard).ok_or_else(|| {
        let names = ENGINES.map(|engine| engine.index).join("`, `");
        let message = format!("none of `{names}` is set");
        (message, "say which it is: `--shard N/M`; only jobs that an engine runs several times are numbered")
    })
}

impl Engine {
    /// What it says; `None` where it says nothing.
    fn shard(&self, of: Option<usize>, environment: &Environment) -> Result<Option<Shard>, Wrong> {
        const SET: &str = "the engine sets it: leave it as it is, or say the shard: `--shard N/M`";
        let number = |name: &'static str| match environment.get(name) {
            Some(text) => {
                let number = text.trim().parse::<usize>().ok().filter(|number| *number <= MOST);
                number.map(Some).ok_or_else(|| (format!("`{name}` is no number of a shard"), SET))
            }
            None => Ok(None),
        };
        let index = number(self.index)?;
        let total = self.total.map(number).transpose()?.flatten();
        let (index, total) = match (index, total, self.total) {
            (None, None, _) => return Ok(None),
            // A job that runs once has a total and no index.
            (None, Some(1), _) => (self.first, Some(1)),
            (None, Some(_), _) => return Err((format!("`{}` is not set", self.index), SET)),
            (Some(_), None, Some(total)) => return Err((format!("`{total}` is not set"), SET)),
            (Some(index), total, _) => (index, total),
        };
        let of = match (of, total) {
            (Some(of), Some(total)) if of != total => {
                return Err((format!("`{}` is {total}", self.total.unwrap_or_default()), "leave the `/M` away"));
            }
            (of, total) => of.or(total),
        };
        let Some(of) = of else {
            return Err((format!("`{}` does not say of how many", self.index), "say it: `--shard auto/M`"));
        };
        if index < self.first || index - self.first >= of {
            return Err((format!("`{}` is {index}, and there are {of} shards", self.index), SET));
        }
        Ok(Some(Shard { number: index - self.first + 1, of }))
    }
}

/// A number from 1.
fn count(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && (1..=MOST).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, environment: &[(&str, &str)]) -> Result<(usize, usize), String> {
        let environment = environment.iter().copied().collect();
        read(text, &environment).map(|shard| (shard.number, shard.of)).map_err(|(message, _)| message)
    }

    #[test]
    fn a_shard_is_said_or_told_by_the_engine() {
        let kubernetes = ("JOB_COMPLETION_INDEX", "0");
        let gitlab = [("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "4")];
        let bitbucket = [("BITBUCKET_PARALLEL_STEP", "2"), ("BITBUCKET_PARALLEL_STEP_COUNT", "4")];
        for (text, environment, shard) in [
            ("2/4", &[][..], (2, 4)),
            ("1/1", &[], (1, 1)),
            ("2/4", &gitlab, (2, 4)),
            ("auto/4", &[kubernetes], (1, 4)),
            ("auto", &gitlab, (3, 4)),
            ("auto/4", &gitlab, (3, 4)),
            ("auto", &bitbucket, (3, 4)),
            ("auto", &[gitlab, bitbucket].concat(), (3, 4)),
            ("auto", &[("CI_NODE_TOTAL", "1")], (1, 1)),
        ] {
            assert_eq!(of(text, environment), Ok(shard), "{text} {environment:?}");
        }
    }

    #[test]
    fn what_is_wrong_or_contradicts_itself_is_told() {
        for (text, environment, told) in [
            ("", &[][..], "does not say of how many"),
            ("2", &[], "does not say of how many"),
            ("0/4", &[], "is no number of a shard"),
            ("5/4", &[], "no shard 5 of 4"),
            ("+1/4", &[], "is no number of a shard"),
            ("1/0", &[], "is no number of shards"),
            ("1/99999", &[], "is no number of shards"),
            ("1/2/3", &[], "is no number of shards"),
            ("auto", &[], "none of"),
            ("auto", &[("JOB_COMPLETION_INDEX", "0")], "does not say of how many"),
            ("auto/2", &[("JOB_COMPLETION_INDEX", "2")], "is 2, and there are 2 shards"),
            ("auto", &[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "2")], "is 0, and there are 2 shards"),
            ("auto", &[("CI_NODE_INDEX", "1")], "`CI_NODE_TOTAL` is not set"),
            ("auto", &[("CI_NODE_TOTAL", "2")], "`CI_NODE_INDEX` is not set"),
            ("auto", &[("CI_NODE_INDEX", "-1"), ("CI_NODE_TOTAL", "2")], "is no number"),
            ("auto/3", &[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "2")], "`CI_NODE_TOTAL` is 2"),
            (
                "auto/2",
                &[("JOB_COMPLETION_INDEX", "1"), ("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "2")],
                "do not say the same",
            ),
        ] {
            let error = of(text, environment).unwrap_err();
            assert!(error.contains(told), "{text} {environment:?}: {error}");
        }
    }
}
