//! Texts of hosts, made fit to be kept: messages cut to a length, lists by commas.

/// The most characters of a host's own words that are passed on.
const LONGEST_MESSAGE: usize = 300;

/// A host's own words, shortened.
pub(super) fn shortened(words: &str) -> String {
    let Some((end, _)) = words.char_indices().nth(LONGEST_MESSAGE) else { return words.to_owned() };
    // Only between words: a secret that is cut in two would no longer be known as one.
    let kept = words.get(..end).and_then(|kept| kept.rfind(char::is_whitespace).and_then(|at| kept.get(..at)));
    format!("{} …", kept.unwrap_or("").trim_end())
}

/// The names of a header that lists them by commas.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
