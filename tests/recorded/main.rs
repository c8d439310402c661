//! What real servers answered, held against what stands here of them.

#[cfg(test)]
mod files;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod simulator;
#[cfg(test)]
mod world;

#[cfg(test)]
mod tests {
    use super::files::{SERVERS, read};

    /// Every question has an answer, and every credential a description.
    #[test]
    fn the_files_are_whole() {
        let mut asked = 0;
        for server in SERVERS {
            let recorded = read(server);
            asked += recorded.exchanges.len();
            assert!(server.ends_with(&recorded.version));
            for exchange in &recorded.exchanges {
                let answer = &recorded.answers[exchange.answer];
                assert!(answer["status"].as_u64().is_some(), "{server}: {exchange:?}");
                // Tokens of nobody, refresh tokens, and one token put in oddly are described in README.md only.
                let odd =
                    |name: &String| name.starts_with("wrong") || name.contains("refresh") || name.contains("asic");
                let known = |name: &String| recorded.credentials.contains_key(name) || odd(name);
                assert!(exchange.credential.as_ref().is_none_or(known), "{server}: {exchange:?}");
            }
        }
        assert_eq!(asked, 6238);
    }
}
