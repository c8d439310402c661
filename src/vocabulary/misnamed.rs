//! What people write where the word of a host kind belongs.

/// Words that mean a host, or one of several, without being its word.
#[derive(Debug)]
pub struct Misnamed {
    /// What people write.
    pub words: &'static [&'static str],
    /// What to write instead, for `help`.
    pub instead: &'static str,
}

/// Products that this build does not know and that are named like ones it knows: the nearest word would mislead.
pub static OTHER_PRODUCTS: [&str; 4] = ["gitea", "forgejo", "gogs", "gitee"];

/// What to write instead of a word that names no host kind, where it is known.
pub fn instead_of(word: &str) -> Option<&'static str> {
    let mut rows = super::HOSTS.iter().flat_map(|host| host.misnamed);
    rows.find(|row| row.words.contains(&word)).map(|row| row.instead)
}
