//! Formats of findings: what they say, that nothing hostile gets out of them, and how large they may become.

mod data;
mod escapes;
mod golden;
mod limits;
mod sarif;
mod schemas;
