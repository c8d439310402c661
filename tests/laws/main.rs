//! The laws of evaluation and planning through the public API: policies as text, facts as given, verdicts out.

#[cfg(test)]
mod builtin;
#[cfg(test)]
mod collecting;
#[cfg(test)]
mod explaining;
#[cfg(test)]
mod expressions;
#[cfg(test)]
mod linting;
#[cfg(test)]
mod planning;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod support;
#[cfg(test)]
mod verdicts;
