//! Near names for "did you mean": only where one is near, and only from names that are valid there.

/// Longer names, in bytes, are near to nothing.
const LONGEST: usize = 100;

/// The candidate nearest to `name`, at most a third of the length of its last part away (at most 2 for short words).
///
/// A limit matters: always offering something sends people to a name that has nothing to do with theirs.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing takes the product of the lengths, and no name of ours is this long.
    if name.len() > LONGEST {
        return None;
    }
    let lower = name.to_lowercase();
    // The parts of a path that are right would make room for any other last part.
    let last = lower.rsplit('.').next().unwrap_or("");
    let length = last.chars().count();
    let limit = if length <= 3 { 1 } else { (length / 3).max(2) };
    // Half a word is another word, unless it begins alike.
    let begins_alike = |candidate: &str| {
        candidate.rsplit('.').next().and_then(|part| part.chars().next()).map(|first| first.to_ascii_lowercase())
            == last.chars().next()
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= 2 * LONGEST)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .filter(|(distance, candidate)| {
            *distance * 2 < length || *distance == 1 && length > 1 || begins_alike(candidate)
        })
        .min_by_key(|(distance, candidate)| (*distance, candidate.len()))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_offered() {
        let names = ["token.scopes", "token.kind", "user.username"];
        assert_eq!(nearest("token.scope", names), Some("token.scopes"));
        assert_eq!(nearest("Token.Kind", names), Some("token.kind"));
        assert_eq!(nearest("webhooks", names), None);
        for far in ["token.ttl", "token.type", "user.login", "ttl"] {
            assert_eq!(nearest(far, ["token.age", "token.name", "user.admin", "user.name", "let"]), None, "{far}");
        }
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), names), None);
    }
}
