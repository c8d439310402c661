//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Arg, Args, Parser, Subcommand, ValueEnum};

use super::offers;
use super::reports::{About, FindingReports, JsonOutcomes, Report, ReportReports, RunReports, TestReports, words};

pub(super) use super::reports::Format;

/// Checks the live credentials of Git-host bots against a policy.
#[derive(Debug, Parser)]
#[command(
    name = "credcheck",
    version,
    about = "Checks the live credentials of Git-host bots against a policy",
    long_about = "credcheck asks a Git host, with a bot's own credential, what that credential is and can do, and reports \
                  every violation of a policy under the policy line that demands it.\n\n\
                  `credcheck POLICY...` is the main job; `credcheck demo` shows it on simulated hosts.",
    after_help = "Exit codes: 0 everything demanded holds; 1 a violation; 2 wrong command line; 3 undetermined or nothing \
                  decided; 4 invalid policy or settings; 5 a report could not be written; 130 \
                  and 143 interrupted",
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) check: CheckArguments,
}

impl Cli {
    /// Which outcomes JSON reports have.
    pub(super) fn json_outcomes(&self) -> JsonOutcomes {
        match &self.command {
            None => self.check.reports.json_outcomes,
            Some(Command::Check(check)) => check.reports.json_outcomes,
            #[cfg(feature = "demo")]
            Some(Command::Demo(demo)) => demo.reports.json_outcomes,
            Some(_) => JsonOutcomes::All,
        }
    }

    /// The reports that are asked for beside the one of `--format`.
    pub(super) fn reports(&self) -> &[Report] {
        match &self.command {
            None => &self.check.reports.reports,
            Some(Command::Check(check)) => &check.reports.reports,
            #[cfg(feature = "demo")]
            Some(Command::Demo(demo)) => &demo.reports.reports,
            Some(Command::Convert(convert)) => &convert.reports.reports,
            Some(Command::Merge(merge)) => &merge.reports.reports,
            Some(Command::Test(test)) => &test.reports.reports,
            Some(Command::Lint(lint)) => &lint.reports.reports,
            Some(Command::Fmt(fmt)) => &fmt.reports.reports,
            Some(Command::Watch(watch)) => &watch.reports.reports,
            Some(_) => &[],
        }
    }

    /// The most bytes that a Markdown report may have.
    pub(super) fn max_bytes(&self) -> Option<usize> {
        match &self.command {
            None => self.check.reports.max_bytes,
            Some(Command::Check(check)) => check.reports.max_bytes,
            #[cfg(feature = "demo")]
            Some(Command::Demo(demo)) => demo.reports.max_bytes,
            Some(Command::Convert(convert)) => convert.reports.max_bytes,
            Some(Command::Merge(merge)) => merge.reports.max_bytes,
            Some(Command::Watch(watch)) => watch.reports.max_bytes,
            Some(_) => None,
        }
    }
}

/// The formats of what a command's report is about.
fn formats(about: About) -> impl Fn(Arg) -> Arg {
    move |format| format.value_parser(words(about))
}

/// What chooses credentials and scope: a record has its own.
const LIVE_ONLY: [&str; 6] = ["credential", "repository", "host", "config", "trust_config", "mint"];

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check credentials against policies (the same as `credcheck POLICY...`)
    Check(CheckArguments),
    #[cfg(feature = "demo")]
    /// Run the main job against simulated hosts: works on a fresh machine, and talks to nobody
    Demo(DemoArguments),
    /// Show what the credentials reveal, with evidence
    #[command(mut_arg("format", formats(About::Other)))]
    Facts(FactsArguments),
    /// Write a JSON report in another format; asks no host
    #[command(
        mut_arg("format", |format| formats(About::Report)(format).required(true).default_value(None::<&str>)),
        after_help = "Exit codes: 0 written; 2 wrong command line; 4 no report, or one that lacks what the format tells; 5 a \
                      file could not be written"
    )]
    Convert(ConvertArguments),
    /// Make one report of the JSON reports of all shards, or of several teams; asks no host
    #[command(
        mut_arg("format", |format| formats(About::Report)(format).default_value("json")),
        after_help = "Exit codes: those of one check of all credentials; 3 where a shard is missing; 4 reports that are none, \
                      or of unlike runs; 5 a file could not be written"
    )]
    Merge(MergeArguments),
    /// Show the requests that a check would make, and which rule asks for each; sends nothing
    ///
    /// Secrets are looked for as a check does it, because a token's text tells its kind: commands in the settings are run.
    /// They are listed first.
    #[command(mut_arg("format", formats(About::Other)))]
    Plan(PlanArguments),
    /// Say of policies what can be said without asking a host: mistakes, gaps, what is never decided
    #[command(
        mut_arg("format", formats(About::Findings)),
        after_help = "Exit codes: 0 no error; 1 an error, or with `--strict` a warning; 2 wrong command line; 4 \
                            invalid policy; 5 a file or the report could not be written"
    )]
    Lint(LintArguments),
    /// Write policies in the one style: comments kept, nothing else changed
    #[command(mut_arg("format", formats(About::Findings)))]
    Fmt(FmtArguments),
    /// Write a starting policy: for a bot and its hosts, or from what credentials have today
    #[command(
        mut_arg("host", |host| host.help("A host kind of the policy; with `--from-live`, ask only hosts of this kind")),
        mut_arg("format", formats(About::Other)),
        mut_arg("output", |output| output.help("Write the policy to FILE instead of standard output; a file that is there stays")),
        after_help = "Exit codes: 0 a policy was written; 2 wrong command line; 3 nothing was learnt of any credential; 4 \
                      invalid settings; 5 the file is there already, or could not be written"
    )]
    Init(InitArguments),
    /// Explain a diagnostic by its code or name, or a rule in plain English
    #[command(mut_arg("format", formats(About::Other)))]
    Explain(ExplainArguments),
    /// List the ready-made policies: for which bots, on which hosts, and the inputs of one
    #[command(mut_arg("format", formats(About::Other)))]
    Builtins(BuiltinsArguments),
    /// Show what policies can speak of: hosts, facts, scopes, permissions, and which request reveals what
    #[command(mut_arg("format", formats(About::Other)))]
    Vocab(VocabArguments),
    /// Print completions for a shell
    Completions(CompletionsArguments),
    /// Print the manual page, in roff
    Man(ManArguments),
    /// Check again and again, and serve metrics: each round reads policy, settings and secrets anew
    #[command(
        after_help = "SIGHUP begins a round, SIGTERM and SIGINT end the watch.\n\nExit codes: 0 it was ended; 2 wrong command \
                            line; 5 it cannot listen"
    )]
    Watch(WatchArguments),
    /// Run the tests of policies: no network, no secret
    #[command(
        mut_arg("format", formats(About::Tests)),
        mut_arg("quiet", |quiet| quiet.help("Only findings")),
        mut_arg("verbose", |verbose| verbose.help("Also each test that passed")),
        after_help = "Exit codes: 0 every test passes; 1 a test fails, there is none, less is covered than `--min` \
                            asks for, or a change goes unnoticed; 2 wrong command line; 4 invalid policy; 5 the report \
                            could not be written"
    )]
    Test(TestArguments),
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct CheckArguments {
    /// Policy files, ready-made ones as `builtin:NAME` (`credcheck builtins` lists them), or `-` for standard input
    #[arg(value_name = "POLICY", required = true, value_parser = offers::policies(), hide_possible_values = true)]
    pub(super) policies: Vec<String>,
    #[command(flatten)]
    pub(super) policy: PolicyArguments,
    #[command(flatten)]
    pub(super) credentials: CredentialArguments,
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    /// Write facts and trimmed exchanges to FILE, for `--replay` and bug reports (mode 0600)
    #[arg(long, value_name = "FILE", conflicts_with = "replay", help_heading = "Records")]
    pub(super) record: Option<PathBuf>,
    /// Evaluate on a record instead of live hosts
    #[arg(long, value_name = "FILE", conflicts_with = "probe", conflicts_with_all = LIVE_ONLY, help_heading = "Records")]
    pub(super) replay: Option<PathBuf>,
    /// Check only the N-th of M parts of the credentials, for `credcheck merge`; `auto` is what the engine says
    #[arg(long, value_name = "N/M|auto[/M]", conflicts_with = "replay", help_heading = "Credentials and scope")]
    pub(super) shard: Option<String>,
    #[command(flatten)]
    pub(super) verdicts: VerdictArguments,
    #[command(flatten)]
    pub(super) reports: RunReports,
}

#[derive(Args, Clone, Debug)]
pub(super) struct WatchArguments {
    /// Policy files, or `builtin:atlantis`
    #[arg(value_name = "POLICY", required = true)]
    pub(super) policies: Vec<String>,
    /// From the beginning of a round to that of the next, a tenth more or less: 10 seconds to a year
    #[arg(long, value_name = "DURATION", default_value = "15m", help_heading = "Watch")]
    pub(super) every: String,
    /// Where `/metrics`, `/healthz` and `/readyz` are answered
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9184", help_heading = "Watch")]
    pub(super) listen: SocketAddr,
    /// How long a round has to end after SIGTERM; ten seconds of it are kept to revoke tokens
    #[arg(long, value_name = "DURATION", default_value = "25s", help_heading = "Watch")]
    pub(super) grace: String,
    #[command(flatten)]
    pub(super) policy: PolicyArguments,
    #[command(flatten)]
    pub(super) credentials: CredentialArguments,
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    #[command(flatten)]
    pub(super) verdicts: VerdictArguments,
    /// Colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, help_heading = "Output")]
    pub(super) color: When,
    /// Say nothing but what is wrong
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(super) quiet: bool,
    /// Also what passed, and where each setting comes from
    #[arg(short, long, help_heading = "Output")]
    pub(super) verbose: bool,
    #[command(flatten)]
    pub(super) reports: RunReports,
}

impl WatchArguments {
    /// Findings come a line each: they stand in a log.
    pub(super) fn output(&self) -> OutputArguments {
        OutputArguments {
            format: Format::Concise,
            output: None,
            color: self.color,
            quiet: self.quiet,
            verbose: self.verbose,
        }
    }

    /// What each round checks.
    pub(super) fn check(&self) -> CheckArguments {
        CheckArguments {
            policies: self.policies.clone(),
            policy: self.policy.clone(),
            credentials: self.credentials.clone(),
            network: self.network.clone(),
            output: self.output(),
            verdicts: self.verdicts.clone(),
            reports: self.reports.clone(),
            ..CheckArguments::default()
        }
    }
}

/// What verdicts come to.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct VerdictArguments {
    /// An earlier JSON report: violations and warnings that stand in it are known, and do not fail the run
    #[arg(long, value_name = "FILE", help_heading = "Verdicts")]
    pub(super) baseline: Option<PathBuf>,
    /// Warnings fail the run, and so do accepted and soft unknowns
    #[arg(long, help_heading = "Verdicts")]
    pub(super) strict: bool,
    /// Ignore all waivers
    #[arg(long, help_heading = "Verdicts")]
    pub(super) no_waivers: bool,
    /// Fail (exit 3) unless a credential of this host kind was checked
    #[arg(long, value_name = "KIND", value_parser = offers::hosts(), help_heading = "Verdicts")]
    pub(super) require_host: Vec<String>,
    /// Also send write probes, made so that they cannot change anything: what a fine-grained token may write (see `plan`)
    #[arg(long, help_heading = "Permissions")]
    pub(super) probe: bool,
}

#[cfg(feature = "demo")]
#[derive(Args, Clone, Debug, Default)]
pub(super) struct DemoArguments {
    #[command(flatten)]
    pub(super) output: OutputArguments,
    #[command(flatten)]
    pub(super) reports: RunReports,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct FactsArguments {
    #[command(flatten)]
    pub(super) credentials: CredentialArguments,
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    /// Write facts and trimmed exchanges to FILE, for `--replay` and bug reports (mode 0600)
    #[arg(long, value_name = "FILE", conflicts_with = "replay", help_heading = "Records")]
    pub(super) record: Option<PathBuf>,
    /// Show the facts of a record instead of live hosts
    #[arg(long, value_name = "FILE", conflicts_with_all = LIVE_ONLY, help_heading = "Records")]
    pub(super) replay: Option<PathBuf>,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct ConvertArguments {
    /// The JSON report of a check, or `-` for standard input
    #[arg(value_name = "REPORT")]
    pub(super) report: PathBuf,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    #[command(flatten)]
    pub(super) reports: ReportReports,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct MergeArguments {
    /// The JSON reports of checks by the same policy
    #[arg(value_name = "REPORT", required = true)]
    pub(super) merged: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    #[command(flatten)]
    pub(super) reports: ReportReports,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct InitArguments {
    /// The bot: one that there is a ready-made policy for (else the general one)
    #[arg(long, value_name = "BOT", value_parser = offers::bots(), conflicts_with = "from_live")]
    pub(super) bot: Option<String>,
    /// Ask the hosts, and write the least policy that today's credentials satisfy. Without it, `--config FILE` is a settings
    /// file to write, commented
    #[arg(long)]
    pub(super) from_live: bool,
    /// Write over the file of `--output`, or that of `--config`
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) credentials: CredentialArguments,
    #[command(flatten)]
    pub(super) network: NetworkArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct PlanArguments {
    /// Policy files, ready-made ones as `builtin:NAME` (`credcheck builtins` lists them), or `-` for standard input
    #[arg(value_name = "POLICY", required = true, value_parser = offers::policies(), hide_possible_values = true)]
    pub(super) policies: Vec<String>,
    #[command(flatten)]
    pub(super) policy: PolicyArguments,
    #[command(flatten)]
    pub(super) credentials: CredentialArguments,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    /// List the write probes too that `credcheck --probe` sends
    #[arg(long, help_heading = "Permissions")]
    pub(super) probe: bool,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct TestArguments {
    /// Policy files or `-`, each tested by itself (else every `.pol` below the current folder)
    #[arg(value_name = "FILE", value_parser = offers::policies(), hide_possible_values = true)]
    pub(super) files: Vec<String>,
    /// Run only tests whose whole name matches
    #[arg(long, value_name = "GLOB")]
    pub(super) filter: Option<String>,
    /// Show which outcomes of each statement the tests expect, and which are missing
    #[arg(long)]
    pub(super) coverage: bool,
    /// Fail where less than PERCENT of a file's outcomes are covered (implies `--coverage`)
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(super) min: Option<u8>,
    /// Change the policy in one place after the other, and show which changes no test notices
    #[arg(long)]
    pub(super) mutate: bool,
    /// Scopes and permissions that are not in the tables are warnings instead of errors
    #[arg(long, help_heading = "Policy")]
    pub(super) allow_unknown_names: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    #[command(flatten)]
    pub(super) reports: TestReports,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct ExplainArguments {
    /// A code (`C0601`) or its name (`violation`), a built-in rule, a rule of the policies, or a fact (`token.scopes`)
    #[arg(value_name = "CODE|RULE|FACT")]
    pub(super) name: String,
    /// The policies that have the rule, `builtin:NAME`, or `-` for standard input
    #[arg(value_name = "POLICY", value_parser = offers::policies(), hide_possible_values = true)]
    pub(super) policies: Vec<String>,
    /// Scopes and permissions that are not in the tables are warnings instead of errors
    #[arg(long, help_heading = "Policy")]
    pub(super) allow_unknown_names: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct VocabArguments {
    /// A host kind (`github`), or a fact, of every host that has it; `any` with a word asks all hosts
    #[arg(value_name = "HOST", value_parser = offers::hosts(), hide_possible_values = true)]
    pub(super) host: Option<String>,
    /// One of its facts (`token.scopes`), whole, or a scope, permission, ability or value (`delete_repo`)
    #[arg(value_name = "FACT|WORD")]
    pub(super) fact: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct BuiltinsArguments {
    /// One of them (`renovate`): its rules and inputs
    #[arg(value_name = "NAME", value_parser = offers::bots(), hide_possible_values = true)]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArguments,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct LintArguments {
    /// Policy files or `-`, each linted by itself (else every `.pol` below the current folder)
    #[arg(value_name = "POLICY", value_parser = offers::policies(), hide_possible_values = true)]
    pub(super) policies: Vec<String>,
    /// Mend what can be mended for certain, and write the files
    #[arg(long)]
    pub(super) fix: bool,
    /// Warnings fail the run
    #[arg(long)]
    pub(super) strict: bool,
    /// Scopes and permissions that are not in the tables are warnings instead of errors
    #[arg(long, help_heading = "Policy")]
    pub(super) allow_unknown_names: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    #[command(flatten)]
    pub(super) reports: FindingReports,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct FmtArguments {
    /// Policy files (else every `.pol` below the current folder), or `-` for standard input, which goes to standard output
    #[arg(value_name = "POLICY")]
    pub(super) policies: Vec<String>,
    /// Write nothing: show as a diff what would change, and exit with 1 if anything would
    #[arg(long)]
    pub(super) check: bool,
    #[command(flatten)]
    pub(super) output: OutputArguments,
    #[command(flatten)]
    pub(super) reports: FindingReports,
}

#[derive(Args, Clone, Debug)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: clap_complete::Shell,
    #[command(flatten)]
    pub(super) output: PlainOutput,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct ManArguments {
    #[command(flatten)]
    pub(super) output: PlainOutput,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct PolicyArguments {
    /// Give an input its value (lists by commas)
    #[arg(long, value_name = "NAME=VALUE", help_heading = "Policy")]
    pub(super) set: Vec<String>,
    /// Scopes and permissions that are not in the tables are warnings instead of errors
    #[arg(long, help_heading = "Policy")]
    pub(super) allow_unknown_names: bool,
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct CredentialArguments {
    /// Check only credentials with this name; several by commas
    #[arg(long, value_name = "GLOB", value_delimiter = ',', value_parser = offers::trimmed(), help_heading = "Credentials and scope")]
    pub(super) credential: Vec<String>,
    /// The repositories in scope
    #[arg(long, value_name = "[CRED=][HOST/]OWNER/NAME", help_heading = "Credentials and scope")]
    pub(super) repository: Vec<String>,
    /// Check only hosts of this kind
    #[arg(long, value_name = "KIND", value_parser = offers::hosts(), help_heading = "Credentials and scope")]
    pub(super) host: Vec<String>,
    /// The settings file (else CREDCHECK_CONFIG, else the user's configuration folder)
    #[arg(long, value_name = "FILE", help_heading = "Credentials and scope")]
    pub(super) config: Option<PathBuf>,
    /// Take credentials also from a settings file inside the policy's own tree
    #[arg(long, help_heading = "Credentials and scope")]
    pub(super) trust_config: bool,
    /// Also mint installation tokens with an App's key where only they can tell: read-only, revoked afterwards
    #[arg(long, help_heading = "Permissions")]
    pub(super) mint: bool,
}

#[derive(Args, Clone, Debug)]
pub(super) struct NetworkArguments {
    /// Send at most N requests in all
    #[arg(long, value_name = "N", help_heading = "Network")]
    pub(super) max_requests: Option<u64>,
    /// Requests on the way to one host at once
    #[arg(long, value_name = "N", default_value_t = 8, help_heading = "Network")]
    pub(super) concurrency: usize,
    /// How long to wait for a connection and for each part of an answer. What a host asks to wait comes on top: at most a
    /// minute at a time, and two minutes for a host in all, with what it does not answer
    #[arg(long, value_name = "DURATION", default_value = "10s", help_heading = "Network")]
    pub(super) timeout: String,
    /// Send nothing after so long, and report what is known until then (no limit by default)
    #[arg(long, value_name = "DURATION", help_heading = "Network")]
    pub(super) deadline: Option<String>,
    /// A PEM file with further certificate authorities
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub(super) ca_cert: Option<PathBuf>,
    /// Do not show on standard error what a long run is doing
    #[arg(long, help_heading = "Output")]
    pub(super) no_progress: bool,
}

impl Default for NetworkArguments {
    fn default() -> Self {
        Self {
            max_requests: None,
            concurrency: 8,
            timeout: "10s".into(),
            deadline: None,
            ca_cert: None,
            no_progress: false,
        }
    }
}

#[derive(Args, Clone, Debug, Default)]
pub(super) struct OutputArguments {
    /// The report's format
    #[arg(long, value_parser = words(About::Run), default_value = "human", help_heading = "Output")]
    pub(super) format: Format,
    /// Write the report to FILE instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, help_heading = "Output")]
    pub(super) color: When,
    /// Only the headlines of findings
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub(super) quiet: bool,
    /// Every finding whole, what passed, and where each setting comes from
    #[arg(short, long, help_heading = "Output")]
    pub(super) verbose: bool,
}

/// Output that has one format only.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct PlainOutput {
    /// Write to FILE instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
