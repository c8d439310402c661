//! Runners and servers read back what was meant, and nothing else.

use credcheck::report::Machine;
use credcheck::text::untrusted::{Sink, is_dangerous, render};

use super::data::{ALL, HOSTILE, Run};

/// The properties of a workflow command, by their names.
type Properties<'a> = Vec<(&'a str, String)>;

/// The parts of a workflow command, as a runner reads them: its name, its properties, its message.
fn workflow_command(line: &str) -> Option<(&str, Properties<'_>, String)> {
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    };
    let properties = properties.split(',').filter_map(|one| one.split_once('='));
    Some((name, properties.map(|(key, value)| (key, property(value))).collect(), data(message)))
}

#[test]
fn a_runner_reads_workflow_commands_that_are_ours_alone() {
    let report = Run::of_each(HOSTILE).report(Machine::Github);
    let commands: Vec<_> = report.lines().filter_map(workflow_command).collect();
    let names: Vec<&str> = commands.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, ["error", "error", "error", "error", "warning", "warning", "warning"]);
    let calm = render(HOSTILE, Sink::CiLog);
    for (_, properties, message) in &commands {
        let keys: Vec<&str> = properties.iter().map(|(key, _)| *key).collect();
        assert!(["file,line,col,endColumn,title", "file,line,title"].contains(&keys.join(",").as_str()), "{keys:?}");
        assert!(message.starts_with(&format!("{calm}\n{calm}")), "{message:?}");
        assert!(!properties.iter().any(|(_, value)| value.contains('\n')), "{properties:?}");
    }
    // The old form is found anywhere in a line.
    assert!(!report.contains("##["));
    // What is read once must not be a command when it is read again from the log.
    for (_, properties, message) in &commands {
        let texts = properties.iter().map(|(_, value)| value).chain([message]);
        for line in texts.flat_map(|text| text.lines()) {
            assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
        }
    }
}

#[test]
fn an_agent_reads_logging_commands_that_are_ours_alone() {
    let report = Run::of_each(HOSTILE).in_pipeline("").report(Machine::Azure);
    let lines: Vec<&str> = report.lines().filter(|line| line.contains("##vso[")).collect();
    assert_eq!(lines.len(), 7, "{report}");
    for line in lines {
        let rest = line.strip_prefix("##vso[task.logissue type=").unwrap_or_else(|| panic!("{line}"));
        assert!(!rest.contains("##vso[") && !rest.contains("##["), "{rest}");
        // The first bracket ends the properties, and each of them is one of ours.
        let (properties, message) = rest.split_once(']').unwrap();
        let keys: Vec<&str> = properties.split(';').skip(1).filter_map(|one| Some(one.split_once('=')?.0)).collect();
        assert_eq!(keys, ["sourcepath", "linenumber", "columnnumber", "code"], "{properties}");
        assert!(properties.contains("sourcepath=/home/bot/infra/"), "{properties}");
        let calm = render(HOSTILE, Sink::CiLog);
        assert!(message.replace("%0A", "\n").replace("%AZP25", "%").starts_with(&calm), "{message}");
    }
}

#[test]
fn a_server_reads_service_messages_that_are_ours_alone() {
    let report = Run::of_each(HOSTILE).report(Machine::Teamcity);
    let lines: Vec<&str> = report.lines().filter(|line| line.contains("##teamcity[")).collect();
    let named = |name: &str| lines.iter().filter(|line| line.starts_with(&format!("##teamcity[{name} "))).count();
    assert_eq!((named("inspectionType"), named("inspection"), named("buildProblem")), (6, 7, 1), "{report}");
    assert_eq!(lines.len(), 14);
    for line in lines {
        let inner = line.strip_prefix("##teamcity[").unwrap().strip_suffix(']').unwrap();
        assert!(inner.is_ascii() && !inner.contains("##teamcity["), "{inner}");
        let (mut quoted, mut escaped) = (false, false);
        for character in inner.chars() {
            match character {
                _ if escaped => escaped = false,
                '|' => escaped = true,
                '\'' => quoted = !quoted,
                '[' | ']' => panic!("{character} in {inner}"),
                _ => {}
            }
        }
        assert!(!quoted && !escaped, "{inner}");
    }
}

#[test]
fn nothing_is_unfit_for_a_log_whatever_the_format() {
    for machine in ALL {
        for run in [Run::of_each(HOSTILE), Run::of_each(HOSTILE).interrupted().in_pipeline(HOSTILE)] {
            let report = run.report(machine);
            let bad = report.chars().find(|character| is_dangerous(*character));
            assert_eq!(bad, None, "{machine:?}");
            for line in report.lines() {
                let ours = match machine {
                    Machine::Github => line.starts_with("::error ") || line.starts_with("::warning "),
                    _ => false,
                };
                assert!(ours || !line.trim_start().starts_with("::"), "{machine:?}: {line}");
                let commands = ["##[", "##vso[", "##teamcity["].iter().map(|start| line.matches(start).count());
                let most = usize::from(matches!(machine, Machine::Azure | Machine::Teamcity));
                assert!(commands.sum::<usize>() <= most, "{machine:?}: {line}");
            }
        }
    }
}
