//! The filters by which a bot picks repositories from those that it finds: turned into a scope's globs.
//!
//! Renovate's are globs as `minimatch` has them, where a star stops at a slash and two do not, and regular expressions
//! between slashes; a repository that any of them matches is picked, in capitals or small. A scope's globs know one kind
//! of star, so what cannot be said with them is refused rather than widened.

use crate::vocabulary::RepositoryNames;

/// A filter that a scope's globs cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsayable;

/// What is in scope and what is not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Picked {
    pub(super) included: Vec<String>,
    pub(super) excluded: Vec<String>,
}

/// The most globs that braces may stand for.
const MOST: usize = 256;

/// The scope of these filters, among names of this form.
pub(super) fn picked(filters: &[String], names: &RepositoryNames) -> Result<Picked, Unsayable> {
    let mut globs = Vec::new();
    let mut picked = Picked::default();
    for filter in filters {
        match filter.strip_prefix('!') {
            // It picks everything but this; beside others, those too that it leaves out.
            Some(rest) if filters.len() == 1 => {
                globs.push("**".to_owned());
                picked.excluded = expanded(rest)?;
            }
            Some(_) => return Err(Unsayable),
            None => globs.extend(expanded(filter)?),
        }
        if globs.len() > MOST {
            return Err(Unsayable);
        }
    }
    if picked.excluded.iter().any(|glob| stops(glob, names)) {
        return Err(Unsayable);
    }
    // Where names nest, a star that stops at slashes leaves out what lies deeper.
    let stopping: Vec<String> = globs.iter().filter(|glob| stops(glob, names)).cloned().collect();
    if let Some(first) = stopping.first() {
        if globs.iter().any(|glob| glob.contains("**") || parts(glob) != parts(first)) {
            return Err(Unsayable);
        }
        picked.excluded.extend(stopping.iter().flat_map(|glob| {
            glob.match_indices('*').map(|(at, _)| {
                let (before, after) = glob.split_at_checked(at).unwrap_or((glob, ""));
                format!("{before}*/{after}")
            })
        }));
    }
    picked.included = globs.iter().map(|glob| one_star(glob)).collect();
    picked.excluded = picked.excluded.iter().map(|glob| one_star(glob)).collect();
    Ok(picked)
}

fn parts(glob: &str) -> usize {
    glob.split('/').count()
}

/// Whether a star of the glob stops at slashes that names can have.
fn stops(glob: &str, names: &RepositoryNames) -> bool {
    // Beside as many slashes as a name can have, a star has no further one to stop at.
    let whole = parts(glob) >= names.least && names.most > parts(glob);
    whole && glob.contains('*') && !glob.contains("**")
}

/// `**` as the scope's star.
fn one_star(glob: &str) -> String {
    let mut text = glob.replace("/**/", "/*").replace("**", "*");
    while text.contains("**") {
        text = text.replace("**", "*");
    }
    text
}

/// The globs that one with braces stands for.
fn expanded(filter: &str) -> Result<Vec<String>, Unsayable> {
    let filter = filter.trim();
    let is_expression = filter.starts_with('/') && filter.get(1..).is_some_and(|rest| rest.contains('/'));
    let special = ['[', ']', '(', ')', '\\', '!', '|', '^', '$'];
    // Of two parts only `**` crosses the slash, so a lone star picks nothing that a scope could hold.
    if filter.is_empty() || is_expression || filter.contains(special) || filter == "*" {
        return Err(Unsayable);
    }
    let mut open = vec![filter.to_owned()];
    let mut done = Vec::new();
    while let Some(glob) = open.pop() {
        if open.len() + done.len() > MOST {
            return Err(Unsayable);
        }
        let Some((before, rest)) = glob.split_once('{') else {
            if glob.contains('}') {
                return Err(Unsayable);
            }
            done.push(glob);
            continue;
        };
        let Some((inside, after)) = rest.split_once('}') else { return Err(Unsayable) };
        if inside.contains('{') || !inside.contains(',') {
            return Err(Unsayable);
        }
        // The last is taken first.
        open.extend(inside.rsplit(',').map(|choice| format!("{before}{choice}{after}")));
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: RepositoryNames = RepositoryNames::OWNER_AND_NAME;
    const NESTED: RepositoryNames = RepositoryNames { most: 20, ..FLAT };

    fn of(filters: &[&str], names: &RepositoryNames) -> Result<(Vec<String>, Vec<String>), Unsayable> {
        let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
        picked(&filters, names).map(|picked| (picked.included, picked.excluded))
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn globs_become_the_scopes() {
        for (filters, included) in [
            (&["acme/*"][..], &["acme/*"][..]),
            (&["acme/infra", "ops/live-?"], &["acme/infra", "ops/live-?"]),
            (&["acme/**"], &["acme/*"]),
            (&["**/infra"], &["*/infra"]),
            (&["{acme,ops}/{a,b}-*"], &["acme/a-*", "acme/b-*", "ops/a-*", "ops/b-*"]),
        ] {
            assert_eq!(of(filters, &FLAT), Ok((words(included), Vec::new())), "{filters:?}");
        }
        assert_eq!(of(&["!acme/secret"], &FLAT), Ok((words(&["*"]), words(&["acme/secret"]))));
    }

    #[test]
    fn a_star_stops_at_the_slashes_of_nested_names() {
        assert_eq!(of(&["acme/*"], &NESTED), Ok((words(&["acme/*"]), words(&["acme/*/*"]))));
        assert_eq!(of(&["acme/**"], &NESTED), Ok((words(&["acme/*"]), Vec::new())));
        assert_eq!(of(&["acme/a-*", "ops/b"], &NESTED), Ok((words(&["acme/a-*", "ops/b"]), words(&["acme/a-*/*"]))));
        for filters in [&["acme/*", "ops/**"][..], &["acme/*", "acme/group/name"], &["!acme/*"]] {
            assert_eq!(of(filters, &NESTED), Err(Unsayable), "{filters:?}");
        }
    }

    #[test]
    fn what_globs_cannot_say_is_refused() {
        for filter in [
            "/^acme\\/.*/",
            "/acme/i",
            "!/acme/",
            "acme/[ab]",
            "acme/@(a|b)",
            "{acme",
            "acme}",
            "{a,{b,c}}/d",
            "*",
            "",
            "a/{b}",
        ] {
            assert_eq!(of(&[filter], &FLAT), Err(Unsayable), "{filter}");
        }
        assert_eq!(of(&["acme/*", "!acme/secret"], &FLAT), Err(Unsayable));
        assert_eq!(of(&[&"{a,b}".repeat(12)], &FLAT), Err(Unsayable));
    }
}
