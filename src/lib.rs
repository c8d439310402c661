//! credcheck checks what a Git host's credential is and can do against a policy.
//!
//! The data flows one way, and the folders are its rooms:
//!
//! ```text
//! argv ─▶ settings ─────────────────────────────┐
//! policy text ─▶ language ─▶ checked policy ─▶ plan ─▶ collecting (asks by hosts' scripts) ─▶ facts
//!                                                │                                   │
//!                                                └──────────▶ evaluation ◀───────────┘
//!                                                                 │
//!                                                              verdicts ─▶ report
//! ```
//!
//! [`text`] and [`diagnostic`] serve every room, [`vocabulary`] holds the tables of what hosts know, [`simulator`]
//! plays the hosts for the demo and the tests, and [`commands`] wires the rooms together.

pub mod collecting;
pub mod commands;
pub mod diagnostic;
pub mod evaluation;
pub mod facts;
pub mod hosts;
pub mod language;
pub mod plan;
pub mod report;
pub mod settings;
pub mod simulator;
pub mod text;
pub mod transport;
pub mod vocabulary;
