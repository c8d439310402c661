//! How output looks: colours, drawings and links, by what was asked for and where it goes.

use super::cli::When;
use super::edge::Terminal;
use crate::diagnostic::Style;
use crate::settings::Environment;

/// The widest and the narrowest that anything is drawn.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=140;
/// The width where nothing tells it.
const USUAL: usize = 100;

/// The style of a report. What goes to no terminal is drawn where colours are forced, and plain elsewhere.
pub(super) fn style(asked: When, terminal: &Terminal, to_terminal: bool, environment: &Environment) -> Style {
    let forced = forced(asked, environment);
    if !to_terminal && forced != Some(true) {
        return Style::Plain;
    }
    let dumb = environment.get("TERM") == Some("dumb");
    let color = forced.unwrap_or(to_terminal && !dumb);
    let language = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| environment.get(name)).unwrap_or("");
    let unicode = !cfg!(windows) && !matches!(language, "C" | "POSIX");
    let told = environment.get("COLUMNS").and_then(|columns| columns.trim().parse().ok());
    let width = terminal.width.filter(|_| to_terminal).or(told).or(terminal.width).unwrap_or(USUAL);
    Style::Graphical {
        color,
        unicode,
        width: width.clamp(*WIDTHS.start(), *WIDTHS.end()),
        links: links(terminal, to_terminal && !dumb, environment),
    }
}

/// Whether colours are asked for or forbidden, the first that says so: `--color`, `NO_COLOR`, `CLICOLOR_FORCE`,
/// `FORCE_COLOR`, `CLICOLOR`. An empty variable is as good as none.
fn forced(asked: When, environment: &Environment) -> Option<bool> {
    let variable = |name| environment.get(name).filter(|value| !value.is_empty());
    let forces = |name| variable(name).is_some_and(|value| !matches!(value, "0" | "false"));
    match asked {
        When::Always => Some(true),
        When::Never => Some(false),
        When::Auto if variable("NO_COLOR").is_some() => Some(false),
        When::Auto if forces("CLICOLOR_FORCE") || forces("FORCE_COLOR") => Some(true),
        When::Auto if variable("CLICOLOR") == Some("0") => Some(false),
        When::Auto => None,
    }
}

/// Whether links may be drawn: in a terminal that knows them, and not in the log of a CI system, unless `FORCE_HYPERLINK`
/// says so.
fn links(terminal: &Terminal, to_terminal: bool, environment: &Environment) -> bool {
    if let Some(forced) = environment.get("FORCE_HYPERLINK").filter(|value| !value.is_empty()) {
        return forced != "0";
    }
    to_terminal && terminal.links && environment.get("CI").is_none_or(|value| matches!(value, "" | "false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(asked: When, to_terminal: bool, variables: &[(&str, &str)]) -> Style {
        let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let terminal = Terminal { output: to_terminal, width: to_terminal.then_some(80), error: None, links: true };
        style(asked, &terminal, to_terminal, &environment)
    }

    fn color(asked: When, to_terminal: bool, variables: &[(&str, &str)]) -> bool {
        matches!(looks(asked, to_terminal, variables), Style::Graphical { color: true, .. })
    }

    #[test]
    fn colours_follow_one_order() {
        use When::{Always, Auto, Never};
        for (asked, to_terminal, variables, expected) in [
            (Auto, true, &[][..], true),
            (Auto, false, &[], false),
            (Auto, true, &[("NO_COLOR", "")], true),
            (Auto, true, &[("NO_COLOR", "1")], false),
            (Auto, true, &[("NO_COLOR", "0")], false),
            (Always, false, &[("NO_COLOR", "1")], true),
            (Never, true, &[("CLICOLOR_FORCE", "1")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "")], false),
            (Auto, false, &[("FORCE_COLOR", "1")], true),
            (Auto, false, &[("FORCE_COLOR", "0")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (Auto, true, &[("CLICOLOR", "0")], false),
            (Auto, true, &[("CLICOLOR", "0"), ("FORCE_COLOR", "3")], true),
            (Auto, true, &[("TERM", "dumb")], false),
            (Auto, true, &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
        ] {
            assert_eq!(color(asked, to_terminal, variables), expected, "{asked:?} {to_terminal} {variables:?}");
        }
        assert_eq!(looks(Auto, false, &[]), Style::Plain);
    }

    #[test]
    fn links_are_for_terminals_that_know_them() {
        let links = |to_terminal, variables: &[_]| {
            matches!(looks(When::Auto, to_terminal, variables), Style::Graphical { links: true, .. })
        };
        assert!(links(true, &[]) && links(true, &[("NO_COLOR", "1")]) && links(true, &[("CI", "false")]));
        for variables in [&[("CI", "true")][..], &[("TERM", "dumb")], &[("FORCE_HYPERLINK", "0")]] {
            assert!(!links(true, variables), "{variables:?}");
        }
        assert!(!links(false, &[]) && !links(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(links(false, &[("CLICOLOR_FORCE", "1"), ("FORCE_HYPERLINK", "1")]));
    }

    #[test]
    fn a_width_is_the_terminals_or_what_columns_says() {
        let width = |to_terminal, variables: &[_]| match looks(When::Always, to_terminal, variables) {
            Style::Graphical { width, .. } => width,
            style => panic!("{style:?}"),
        };
        assert_eq!(
            (width(true, &[("COLUMNS", "60")]), width(false, &[("COLUMNS", "60")]), width(false, &[])),
            (80, 60, 100)
        );
        assert_eq!((width(false, &[("COLUMNS", "7")]), width(false, &[("COLUMNS", "x")])), (40, 100));
    }
}
