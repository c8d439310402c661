//! Scopes: what a token lets through.

use std::collections::BTreeMap;

/// What a route is about. The order is that in which a server stores and lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    ActivityPub,
    Admin,
    Misc,
    Notification,
    Organization,
    Package,
    Issue,
    Repository,
    User,
}

const CATEGORIES: [(Category, &str); 9] = [
    (Category::ActivityPub, "activitypub"),
    (Category::Admin, "admin"),
    (Category::Misc, "misc"),
    (Category::Notification, "notification"),
    (Category::Organization, "organization"),
    (Category::Package, "package"),
    (Category::Issue, "issue"),
    (Category::Repository, "repository"),
    (Category::User, "user"),
];

/// How much of a category. Writing includes reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Half {
    Read,
    Write,
}

impl Half {
    fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// The scopes of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scopes {
    held: BTreeMap<Category, Half>,
    pub(super) public_only: bool,
    /// A word that no server knows: with it every check fails.
    pub(super) unknown: Option<String>,
}

impl Scopes {
    /// Everything.
    pub(super) fn all() -> Self {
        Self { held: CATEGORIES.map(|(category, _)| (category, Half::Write)).into(), ..Self::default() }
    }

    /// What the words mean together.
    pub(super) fn of<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        let mut scopes = Self::default();
        for word in words {
            scopes.add(word.as_ref());
        }
        scopes
    }

    fn add(&mut self, word: &str) {
        match word {
            "" | "sudo" => {}
            "all" => self.held = Self::all().held,
            "public-only" => self.public_only = true,
            _ => {
                let half = [Half::Read, Half::Write].into_iter().find_map(|half| {
                    let name = word.strip_prefix(half.word())?.strip_prefix(':')?;
                    CATEGORIES.iter().find(|(_, known)| *known == name).map(|(category, _)| (*category, half))
                });
                match half {
                    Some((category, half)) => {
                        let held = self.held.entry(category).or_insert(half);
                        *held = half.max(*held);
                    }
                    None => self.unknown = Some(word.to_owned()),
                }
            }
        }
    }

    pub(super) fn has(&self, category: Category, half: Half) -> bool {
        self.held.get(&category).is_some_and(|held| *held >= half)
    }

    /// The words in the stored form: the restriction first, then the stronger half of each category.
    pub(super) fn words(&self) -> Vec<String> {
        let restriction = self.public_only.then(|| "public-only".to_owned());
        let unknown = self.unknown.clone();
        let held: Vec<String> = if self.held == Self::all().held {
            vec!["all".to_owned()]
        } else {
            self.held.iter().map(|(category, half)| word(*category, *half)).collect()
        };
        restriction.into_iter().chain(held).chain(unknown).collect()
    }
}

/// `read:user`.
pub(super) fn word(category: Category, half: Half) -> String {
    let name = CATEGORIES.iter().find(|(one, _)| *one == category).map_or("", |(_, name)| *name);
    format!("{}:{name}", half.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_has_the_restriction_first_and_stronger_halves_only() {
        let scopes = Scopes::of(["read:repository", "write:issue", "read:issue", "public-only"]);
        assert_eq!(scopes.words(), ["public-only", "write:issue", "read:repository"]);
        assert!(scopes.has(Category::Issue, Half::Read) && !scopes.has(Category::Repository, Half::Write));
        assert_eq!(Scopes::of(["all"]).words(), ["all"]);
    }

    #[test]
    fn a_word_of_another_age_is_kept_and_known_for_none() {
        let scopes = Scopes::of(["repo", "read:user"]);
        assert_eq!(scopes.unknown.as_deref(), Some("repo"));
    }
}
