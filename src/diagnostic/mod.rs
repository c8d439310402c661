//! Diagnostics: a closed list of codes, one data type for everything credcheck tells a person, one bridge to miette.

#[cfg(feature = "cli")]
mod brief;
mod code;
#[cfg(feature = "cli")]
mod excerpt;
#[cfg(feature = "cli")]
mod lines;
#[cfg(feature = "cli")]
mod render;

#[cfg(feature = "cli")]
pub use brief::Length;
pub use code::{Code, Severity};
#[cfg(feature = "cli")]
pub use lines::{hanging, wrap};
#[cfg(feature = "cli")]
pub use render::{Renderer, Style, render_redacted};

use crate::text::source::Span;

/// One thing to tell the user: what is wrong (`message`), where (`labels`), what to do (`help`).
///
/// Messages are lower case without a full stop, user text in backticks; advice goes to `help`. Texts may hold
/// untrusted words: the bridge makes every one of them harmless for its sink, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of problem.
    pub code: Code,
    /// How bad; from the code, or from the policy's verb for verdicts.
    pub severity: Severity,
    /// The headline, one line.
    pub message: String,
    /// Places, the first being the primary one.
    pub labels: Vec<Label>,
    /// What to do, possibly several lines.
    pub help: Option<String>,
    /// Further facts below the excerpt: the policy's own words, the evidence, related places. One line each.
    pub notes: Vec<String>,
    /// A page to read.
    pub url: Option<String>,
}

/// A place and what to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; empty to underline only.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic with the code's own severity and no place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            labels: Vec::new(),
            help: None,
            notes: Vec::new(),
            url: None,
        }
    }

    /// A diagnostic that points at one place.
    pub fn at(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, message).label(span, "")
    }

    /// The same, with one more place; the first added is the primary one.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same, with the text of its primary place.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// The same, with what to do; a second call adds a line.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.help = Some(match self.help {
            Some(before) => format!("{before}\n{text}"),
            None => text,
        });
        self
    }

    /// The same, with one more note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// The same, with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same, with a page to read.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The primary place.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}
