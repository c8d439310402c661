//! The default branch, and which branches a pattern of a host's rules is about.

use serde_json::Value as Json;

use super::column::{Held, required};
use super::question::Question;
use crate::facts::{Cause, Knowledge, Unknown, Value};
use crate::text::glob;
use crate::vocabulary;

/// The name of the default branch, as an earlier answer told it.
pub(super) fn default(question: &Question<'_>) -> Option<String> {
    let facts = question.so_far;
    let index = vocabulary::host(question.credential.host).fact("repository.default_branch")?;
    match facts.subject(facts.subject_of(question.target())?)?.get(index)?.knowledge.value()? {
        Value::String(name) => Some(name.clone()),
        _ => None,
    }
}

/// Whether an answer is about the default branch.
pub(super) fn is_default(question: &Question<'_>, body: &Json) -> bool {
    match required("name").text(body) {
        Held::Value(name) => default(question).is_some_and(|asked| asked == name),
        _ => false,
    }
}

/// What is said of a default branch that is not there.
pub(super) const NOT_THERE: &str = "the default branch is not there: the repository may be empty";

/// Why nothing is told of the default branch where the host has none.
pub(super) fn not_there() -> Unknown {
    Unknown::new(Cause::NotRevealable, NOT_THERE)
}

/// Whether a rule is about a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// For certain.
    Yes,
    /// For certain not.
    No,
    /// It depends on what the host's patterns mean to the last case.
    Perhaps,
}

/// Signs that mean something in the patterns of some program, beside stars and question marks.
const SIGNS: &[char] = &['[', ']', '{', '}', '(', ')', '|', '!', '\\'];

/// Whether a pattern is about a branch. `whole` says whether it stands for the whole name; else it may be about the last
/// parts of a name, or of `refs/heads/` with the name behind it.
pub(super) fn matched(pattern: &str, branch: &str, whole: bool) -> About {
    if pattern.contains(SIGNS) {
        return About::Perhaps;
    }
    let full = format!("refs/heads/{branch}");
    let same = pattern == branch || (!whole && pattern == full);
    // One star, and no slash that it might not cross.
    let star = pattern.split_once('*').is_some_and(|(before, after)| {
        let plain = !pattern.contains(['/', '?']) && !after.contains('*') && !branch.contains('/');
        let rest = branch.strip_prefix(before).filter(|_| plain);
        rest.is_some_and(|rest| rest.ends_with(after))
    });
    if same || star || pattern == "**" {
        return About::Yes;
    }
    // Whatever a star means and whether letters' case counts: what stands between the stars must be there.
    let loose = pattern.replace('?', "*");
    let about = |name: &str| glob::matches(&loose, name) || (!whole && glob::matches(&format!("*/{loose}"), name));
    if about(branch) || (!whole && about(&full)) { About::Perhaps } else { About::No }
}

/// A restriction of who may change branches, as it bears on the default branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Restriction {
    /// Whether it is about the default branch.
    pub(super) about: About,
    /// Whether it says who may push.
    pub(super) of_pushing: bool,
    /// Whether it says who may merge.
    pub(super) of_merging: bool,
    /// Whether those whom it lets through are for certain not the account.
    pub(super) shuts_out: bool,
}

/// What restrictions tell of the default branch, by fact. Only what they keep from the account is certain: others may bear
/// on the branch that these lists are not known to hold. `more` says why a list was not read to its end, where it was not.
pub(super) fn restricted(restrictions: &[Restriction], more: Option<Unknown>) -> [(&'static str, Knowledge); 3] {
    let open = more.unwrap_or_else(|| {
        let reason = "restrictions of the project may bear on the default branch, too, and no page says that the \
                      repository's list holds them";
        Unknown::new(Cause::NotRevealable, reason)
    });
    let certain = |one: &&Restriction| one.about == About::Yes;
    // One that lets somebody through may let the account through another's pattern, too.
    let shuts_out = |of: fn(&Restriction) -> bool| {
        let mut own = restrictions.iter().filter(|one| of(one) && one.about != About::No);
        own.clone().any(|one| certain(&one)) && own.all(|one| one.shuts_out)
    };
    let known = |told: bool, value: bool| match told {
        true => Knowledge::Known(Value::Bool(value)),
        false => Knowledge::Unknown(open.clone()),
    };
    [
        ("repository.default_branch_protected", known(restrictions.iter().any(|one| certain(&one)), true)),
        ("repository.push_default", known(shuts_out(|one| one.of_pushing), false)),
        ("repository.merge_default", known(shuts_out(|one| one.of_merging), false)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_about_a_branch_where_that_is_certain() {
        for (pattern, branch) in [
            ("main", "main"),
            ("*", "main"),
            ("ma*", "main"),
            ("m*n", "main"),
            ("**", "a/b"),
            ("a/b", "a/b"),
            ("é*", "été"),
        ] {
            assert_eq!(matched(pattern, branch, true), About::Yes, "{pattern} {branch}");
        }
        for (pattern, branch) in [
            ("*", "a/b"),
            ("a/*", "a/b"),
            ("a/**", "a/b"),
            ("m**n", "main"),
            ("m?in", "main"),
            ("{main,next}", "main"),
            ("[m]ain", "main"),
            ("!main", "next"),
            ("a(b", "a(b"),
            ("Main", "main"),
            ("MA*", "main"),
        ] {
            assert_eq!(matched(pattern, branch, true), About::Perhaps, "{pattern} {branch}");
        }
        for (pattern, branch) in
            [("next", "main"), ("release/*", "main"), ("main", "a/main"), ("", "main"), ("ma*ain", "main")]
        {
            assert_eq!(matched(pattern, branch, true), About::No, "{pattern} {branch}");
        }
    }

    #[test]
    fn only_what_is_certain_of_restrictions_counts() {
        let one = Restriction { about: About::Yes, of_pushing: true, of_merging: false, shuts_out: true };
        let told = |restrictions: &[Restriction]| {
            restricted(restrictions, None).map(|(_, knowledge)| match knowledge {
                Knowledge::Known(Value::Bool(value)) => Some(value),
                _ => None,
            })
        };
        assert_eq!(told(&[]), [None; 3]);
        assert_eq!(told(&[one]), [Some(true), Some(false), None]);
        assert_eq!(told(&[Restriction { about: About::Perhaps, ..one }]), [None; 3]);
        assert_eq!(told(&[Restriction { about: About::No, ..one }]), [None; 3]);
        assert_eq!(told(&[Restriction { shuts_out: false, ..one }]), [Some(true), None, None]);
        let merging = Restriction { of_pushing: false, of_merging: true, ..one };
        assert_eq!(told(&[Restriction { shuts_out: false, ..one }, merging]), [Some(true), None, Some(false)]);
        // What lets somebody through counts for whatever is not certain to be about another branch.
        for about in [About::Yes, About::Perhaps] {
            assert_eq!(told(&[one, Restriction { about, shuts_out: false, ..one }]), [Some(true), None, None]);
        }
        assert_eq!(
            told(&[one, Restriction { about: About::No, shuts_out: false, ..one }]),
            [Some(true), Some(false), None]
        );
        let cut = restricted(&[], Some(Unknown::new(Cause::Incomplete, "cut")));
        assert!(cut.iter().all(|(_, knowledge)| knowledge.cause() == Some(Cause::Incomplete)));
    }

    #[test]
    fn a_pattern_may_be_about_the_end_of_a_reference() {
        assert_eq!(matched("refs/heads/main", "main", false), About::Yes);
        for pattern in ["heads/main", "heads/**/main", "refs/heads/m*", "Heads/Main"] {
            let about = matched(pattern, "a/main", false);
            assert_ne!(about, About::Yes, "{pattern}");
        }
        assert_eq!(matched("heads/main", "main", false), About::Perhaps);
        assert_eq!(matched("refs/heads/m*", "main", false), About::Perhaps);
        assert_eq!(matched("main", "a/main", false), About::Perhaps);
        for pattern in ["refs/tags/main", "next", "heads/next", "xmain/y"] {
            assert_eq!(matched(pattern, "main", false), About::No, "{pattern}");
        }
    }
}
