//! Which product of which version answers, and what that settles.

use serde_json::Value as Json;

use super::tables::{index, word_of};
use crate::facts::{Evidence, FactSet, Knowledge, Unknown, Value, Version};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::vocabulary::field;

/// The products.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Gitea,
    Forgejo,
}

/// What answers.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) product: Product,
    pub(super) version: Version,
    /// Where that was read.
    pub(super) evidence: Vec<Evidence>,
}

impl Server {
    /// What a text of `/version` says. A Forgejo names the Gitea whose API it has after its own version: that number has
    /// stood still since Forgejo 7 and says nothing.
    pub(super) fn parse(text: &str) -> Option<(Product, Version)> {
        let (own, product) = match text.split_once("+gitea-") {
            Some((own, _)) => (own, Product::Forgejo),
            None => (text, Product::Gitea),
        };
        Some((product, Version::parse(own)?))
    }

    /// What is known of it so far.
    pub(super) fn known(facts: &FactSet) -> Option<Self> {
        let fact = |path: &str| facts.credential.get(index(path)?);
        let version = fact("host.version")?;
        let product = match fact("host.product")?.knowledge.value()? {
            Value::Word("forgejo") => Product::Forgejo,
            _ => Product::Gitea,
        };
        match version.knowledge.value()? {
            Value::Version(text) => Some(Self { product, version: text.clone(), evidence: version.evidence.clone() }),
            _ => None,
        }
    }

    /// Whether it is a Gitea of this version or later, or a Forgejo of that one; `None` for a product that never was.
    pub(super) fn is_since(&self, gitea: Option<&str>, forgejo: Option<&str>) -> bool {
        let since = match self.product {
            Product::Gitea => gitea,
            Product::Forgejo => forgejo,
        };
        since.and_then(Version::parse).is_some_and(|since| self.version >= since)
    }

    /// Whether its scopes are those of the tables: before, they were others.
    pub(super) fn has_scopes(&self) -> bool {
        self.is_since(Some("1.20.0"), Some("7.0.0"))
    }

    /// Whether it makes tokens for some repositories alone.
    pub(super) fn has_repository_tokens(&self) -> bool {
        self.is_since(None, Some("15.0.0"))
    }

    /// Whether a token may be asked about itself.
    pub(super) fn describes_tokens(&self) -> bool {
        self.is_since(Some("1.27.0"), None)
    }

    /// Whether the list of tokens is shown to a token that comes in the header.
    pub(super) fn lists_tokens(&self) -> bool {
        self.is_since(None, Some("10.0.1"))
    }

    /// Whether a refusal tells the scopes that the token holds.
    pub(super) fn refusals_tell(&self) -> bool {
        self.is_since(Some("1.23.0"), None)
    }

    /// Whether the scopes of an OAuth grant limit anything. Before, such a token has all of them.
    pub(super) fn limits_oauth(&self) -> bool {
        self.is_since(Some("1.23.0"), Some("9.0.0"))
    }

    /// Whether a token that may not read its account is told who it is on a page beside the API.
    pub(super) fn tells_anybody(&self) -> bool {
        !self.is_since(Some("1.27.0"), Some("15.0.2"))
    }

    /// Whether an account is told its own right on a repository.
    pub(super) fn tells_own_right(&self) -> bool {
        self.is_since(Some("1.24.0"), Some("11.0.0"))
    }

    /// Whether it can hide every repository from an account without a second factor. The other product refuses everything.
    pub(super) fn may_hide_repositories(&self) -> bool {
        self.is_since(Some("1.24.0"), None)
    }

    /// The name that people say, with the version.
    pub(super) fn title(&self) -> String {
        let product = match self.product {
            Product::Gitea => "Gitea",
            Product::Forgejo => "Forgejo",
        };
        format!("{product} {}", self.version)
    }
}

/// The version, answered.
pub(super) fn version(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let text = match reader.text(body, "/version") {
        Ok(text) => text,
        Err(unknown) => return unknown,
    };
    let Some((product, version)) = Server::parse(&text) else { return wrong_field("/version", "a version") };
    let word = match product {
        Product::Gitea => "gitea",
        Product::Forgejo => "forgejo",
    };
    if let Some(word) = word_of("host.product", word) {
        reader.tell("host.product", Knowledge::Known(Value::Word(word)), field("version"));
    }
    reader.tell("host.version", Knowledge::Known(Value::Version(version)), field("version"));
    malformed("the answer does not tell this")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_after_the_plus_is_never_the_version() {
        let parse = |text: &str| Server::parse(text).map(|(product, version)| (product, version.to_string()));
        assert_eq!(parse("1.27.0"), Some((Product::Gitea, "1.27.0".to_owned())));
        assert_eq!(parse("15.0.3+gitea-1.22.0"), Some((Product::Forgejo, "15.0.3".to_owned())));
        let (product, version) = Server::parse("11.0.0-dev-617-1d1e0ced3e+gitea-1.22.0").unwrap();
        assert_eq!(product, Product::Forgejo);
        assert!(version < Version::parse("11.0.0").unwrap() && version > Version::parse("10.0.1").unwrap());
        let (_, development) = Server::parse("1.26.0+dev-489-gd69389a6b4").unwrap();
        assert!(development >= Version::parse("1.26.0").unwrap());
        assert_eq!(parse("dev"), None);
        assert_eq!(parse("+gitea-1.22.0"), None);
    }

    #[test]
    fn boundaries_are_those_of_the_product_that_answers() {
        let server = |text: &str| {
            let (product, version) = Server::parse(text).unwrap();
            Server { product, version, evidence: Vec::new() }
        };
        assert!(server("1.27.0").describes_tokens() && !server("1.26.4").describes_tokens());
        assert!(!server("15.0.3+gitea-1.22.0").describes_tokens());
        assert!(server("10.0.1+gitea-1.22.0").lists_tokens() && !server("10.0.0+gitea-1.22.0").lists_tokens());
        assert!(!server("1.27.0").lists_tokens());
        assert!(server("1.23.0").refusals_tell() && !server("1.22.6").refusals_tell());
        assert!(!server("15.0.3+gitea-1.22.0").refusals_tell());
        assert!(server("15.0.0+gitea-1.22.0").has_repository_tokens() && !server("1.27.0").has_repository_tokens());
        assert!(
            !server("1.19.4").has_scopes()
                && server("1.20.0").has_scopes()
                && server("7.0.0+gitea-1.21.0").has_scopes()
        );
        assert!(server("15.0.1+gitea-1.22.0").tells_anybody() && !server("15.0.2+gitea-1.22.0").tells_anybody());
        assert!(server("1.24.0").may_hide_repositories() && !server("1.23.8").may_hide_repositories());
        assert!(!server("15.0.3+gitea-1.22.0").may_hide_repositories());
        assert!(server("1.26.4").tells_anybody() && !server("1.27.0").tells_anybody());
    }
}
