//! The program as its users run it: the real binary with an environment of its own, against hosts on loopback.
//!
//! Every run in here also proves that no secret is printed or written, that nothing unfit for a terminal or a CI log
//! is printed, that the program ends in bounded time without a panic, and that no simulated host was asked to change.

#[cfg(test)]
#[path = "../keys/authority.rs"]
mod authority;
#[cfg(test)]
mod bench;
#[cfg(test)]
mod hostile;
mod matrix;

#[cfg(test)]
mod above;
#[cfg(test)]
mod apps;
#[cfg(test)]
mod bad_hosts;
#[cfg(test)]
mod baselines;
#[cfg(test)]
mod bitbucket_cloud;
#[cfg(test)]
mod bitbucket_server;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod briefly;
#[cfg(test)]
mod causes;
#[cfg(test)]
mod ci_formats;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod converting;
#[cfg(test)]
mod default_branch;
#[cfg(test)]
mod disagreeing;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod echoes;
#[cfg(test)]
mod exit_codes;
#[cfg(test)]
mod families;
#[cfg(test)]
mod files;
#[cfg(test)]
mod formatting;
#[cfg(test)]
mod gitea;
#[cfg(test)]
mod gitlab;
#[cfg(test)]
mod interrupts;
#[cfg(test)]
mod linting;
#[cfg(test)]
mod probes;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod raw_hosts;
#[cfg(test)]
mod records;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod said;
#[cfg(test)]
#[cfg(unix)]
mod secrets;
#[cfg(test)]
mod secure;
#[cfg(test)]
mod shards;
#[cfg(test)]
mod starting;
#[cfg(test)]
mod trust;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod watching;
mod webhooks;
