//! What is fuzzed of credcheck. See `docs/fuzzing.md`.

pub mod targets;
