//! Untrusted text, rendered per sink.
/// Where a text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sink {
    /// A terminal or CI log.
    Terminal,
}
fn bad(c: char) -> bool {
    c.is_control() && c != '\t' || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}
/// Harmless text.
pub fn render(text: &str, _sink: Sink) -> String {
    let t: String = text.chars().map(|c| if bad(c) { '\u{fffd}' } else { c }).collect();
    t.replace("##", "# #")
}
/// Same.
pub fn same_length(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if bad(c) && c != '\n' && c != '\r' { out.push_str(&"?".repeat(c.len_utf8())) } else { out.push(c) }
    }
    out.replace("##", "#?")
}
