//! Lines of a terminal: wrapped at spaces, and never in the middle of an address or a name.

/// Breaks a line at spaces so that no row is wider than `width` characters, unless one word is. Words are never broken:
/// addresses and names must stay whole. A line that starts with two spaces is code, and stays as it is.
pub fn wrap(line: &str, width: usize) -> Vec<String> {
    if line.starts_with("  ") {
        return std::iter::once(line.to_owned()).collect();
    }
    let mut rows = Vec::new();
    let mut row = String::new();
    let mut columns = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if columns > 0 && columns + 1 + length > width {
            rows.push(std::mem::take(&mut row));
            columns = 0;
        }
        if columns > 0 {
            row.push(' ');
            columns += 1;
        }
        row.push_str(word);
        columns += length;
    }
    rows.push(row);
    rows
}

/// The line as rows of at most `width` columns, those after the first this far in; one row where there is no width.
pub fn hanging(line: &str, width: Option<usize>, indent: usize) -> String {
    let rows = match width {
        // The first row has more room than the others: it begins where they would.
        Some(width) => wrap(line, width.saturating_sub(indent).max(LEAST)),
        None => vec![line.to_owned()],
    };
    rows.join(&format!("\n{:indent$}", ""))
}

/// The least columns that a text gets, whatever stands before it.
pub(super) const LEAST: usize = 16;

/// A text that is a link in terminals that know links (OSC 8).
pub(super) fn linked(url: &str, text: &str) -> String {
    format!("\u{1b}]8;;{url}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}
