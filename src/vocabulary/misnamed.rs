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
pub static OTHER_PRODUCTS: [&str; 2] = ["gogs", "gitee"];
