//! `credcheck vocab`, `explain`, `completions` and `man`, as people and programs get them.

#![expect(clippy::disallowed_methods, reason = "these tests run the program on files of their own")]

#[cfg(test)]
mod explain;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod shell;
#[cfg(test)]
mod vocab;
