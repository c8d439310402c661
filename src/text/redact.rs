//! Redaction.
/// Redactor.
#[derive(Clone, Debug, Default)]
pub struct Redactor(Vec<String>);
impl Redactor {
    /// Adds.
    pub fn add(&mut self, text: &str) {
        self.0.push(text.to_owned());
    }
    /// Redacts.
    pub fn redact(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |t, s| t.replace(s.as_str(), "[redacted]"))
    }
}
