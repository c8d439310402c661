//! What there is to say of a rule, wherever it comes from: the policy, the program itself, or a code.

use std::borrow::Cow;

use super::Whole;
use crate::diagnostic::{Code, Severity};
use crate::evaluation::BuiltinRule;
use crate::report::annotations::Annotation;
use crate::report::explaining;
use crate::report::told::Rule;

/// What there is to say of a rule: none of it is empty.
pub(super) struct Ruled<'a> {
    /// In a few words.
    pub(super) short: Cow<'a, str>,
    /// In a sentence.
    pub(super) full: Cow<'a, str>,
    /// Why it exists.
    pub(super) why: Option<&'a str>,
    /// What to do.
    pub(super) fix: Option<Cow<'a, str>>,
    /// Where to read more.
    pub(super) see: Option<&'a str>,
    /// Whether it demands: else it wishes.
    pub(super) demands: bool,
}

impl<'a> Ruled<'a> {
    /// The rule of something found.
    pub(super) fn of(whole: &Whole<'a>, one: &'a Annotation) -> Self {
        let rules = whole.run.map_or(&[][..], |(opening, _)| opening.rules.as_slice());
        let rule = rules.iter().find(|rule| rule.name == one.rule);
        rule.map_or_else(|| Self::of_code(one), Self::of_rule)
    }

    /// A rule of the policy.
    pub(super) fn of_rule(rule: &'a Rule) -> Self {
        let said = |text: &'a Option<String>| text.as_deref().filter(|text| !text.trim().is_empty());
        let (title, because) = (said(&rule.title), said(&rule.because));
        let text = |text: Option<&'a str>| {
            text.map_or_else(|| Cow::Owned(format!("Rule {} of the policy", rule.name)), Cow::Borrowed)
        };
        Self {
            short: text(title.or(because)),
            full: text(because.or(title)),
            why: because.or(title),
            fix: said(&rule.fix).map(Cow::Borrowed),
            see: rule.see.as_deref(),
            demands: rule.demands,
        }
    }

    /// A built-in rule, or what has no rule: then its code says what it is.
    pub(super) fn of_code(one: &'a Annotation) -> Self {
        let code = Code::ALL.iter().find(|code| code.number() == one.code);
        let builtin = BuiltinRule::ALL.into_iter().find(|rule| one.rule.rsplit('.').next() == Some(rule.name()));
        let builtin = builtin.filter(|_| one.credential.is_some()).map(explaining::builtin);
        let (short, full, why): (Cow<'_, str>, Cow<'_, str>, Option<&str>) = match (builtin, code) {
            (Some((demand, why, _)), _) => (demand.into(), format!("{demand} {why}").into(), Some(why)),
            (None, Some(code)) => (code.meaning().into(), code.meaning().into(), Some(code.meaning())),
            (None, None) => {
                let called = format!("What credcheck calls {}", one.rule);
                (called.clone().into(), called.into(), None)
            }
        };
        Self {
            short,
            full,
            why,
            fix: code.map(|code| format!("Run `credcheck explain {}`.", code.number()).into()),
            see: None,
            demands: code.is_none_or(|code| code.severity() == Severity::Error),
        }
    }
}
