//! Where something is said: the place in an answer, in a token's text, in the settings.
//!
//! Rows, decoders, records and reports share this value; its text is what people and programs see of it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::field_path::FieldPath;
use super::header::Header;
use crate::text::english;

/// A place. Tables hold it as `&Place::Header(X_OAUTH_SCOPES)`, `&Place::Field(field("login"))`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A header: `header X-OAuth-Scopes`.
    Header(Header),
    /// Headers that tell it together: `headers X-OAuth-Scopes and X-OAuth-Client-Id`.
    Headers(&'static [Header]),
    /// A field: `field owner.type`.
    Field(FieldPath),
    /// Fields that tell it together: `fields bot and username`.
    Fields(&'static [FieldPath]),
    /// That the answer has the status it has: `status of the answer`.
    Status,
    /// The status, said: `status 401`.
    StatusCode(u16),
    /// The list that the answer is: `the list`.
    List,
    /// A list of this: `the list of repositories`.
    ListOf(Cow<'static, str>),
    /// Lists of this, together: `the lists of those where the caller has REPO_WRITE or REPO_READ`.
    ListsOf(Cow<'static, str>),
    /// A list that lacks what was looked for, and what that is: `the repository is not in the list`.
    NotListed(&'static str),
    /// No place, for want of an answer: `no usable answer`.
    NoAnswer,
    /// The prefix of the token's text: `prefix ghp_ of the token`.
    TokenText(&'static str),
    /// What the token's whole text looks like, as it stands: `64 hexadecimal digits, as OAuth access tokens are`.
    TokenShape(Cow<'static, str>),
    /// The settings: `how the credential was configured`.
    Settings,
    /// The kind of the credential, however that is known: `kind of the credential`.
    Kind,
    /// The fact of a policy's test: `given token.scopes`.
    Given(&'static str),
    /// What a record says of its credential, as it stands.
    Recorded(Arc<str>),
    /// Several places of one answer: `status 401, field message`.
    Several(Arc<[Self]>),
    /// A place with a remark: `field state: the invitation is pending`.
    Remarked(Arc<Self>, Remark),
}

/// What is to be said of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// There is no such header or field: `header X-OAuth-Scopes, missing`.
    Missing,
    /// There is no such field before this version: `field archived, missing before 8.0`.
    MissingBefore(&'static str),
    /// Another header stands beside it: `status 401, with X-AUSERNAME`.
    With(Header),
    /// Another header is missing: `header X-OAuth-Scopes, without X-OAuth-Client-Id`.
    Without(Header),
    /// What it says: `field state: the invitation is pending`.
    Says(&'static str),
    /// Which of its kind it is: `status 200 for a repository that is not public`.
    Which(&'static str),
}

/// The status of an answer, said: `status 401`.
pub const fn status(code: u16) -> Place {
    Place::StatusCode(code)
}

impl Place {
    /// This place and another of the same answer: `status 401, field message`.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        let other = other.into();
        match self {
            Self::Several(places) => Self::Several(places.iter().cloned().chain([other]).collect()),
            first => Self::Several([first, other].into()),
        }
    }

    /// This place, of which there is something to say.
    #[must_use]
    pub fn remarked(self, remark: Remark) -> Self {
        Self::Remarked(Arc::new(self), remark)
    }

    /// This place, which is not there: `header X-OAuth-Scopes, missing`.
    #[must_use]
    pub fn missing(self) -> Self {
        self.remarked(Remark::Missing)
    }

    /// The place itself without remarks; of several the first.
    pub fn first(&self) -> &Self {
        match self {
            Self::Several(places) => places.first().map_or(self, Self::first),
            Self::Remarked(place, _) => place.first(),
            place => place,
        }
    }

    /// Whether the status says it, by itself or before anything else.
    pub fn is_status(&self) -> bool {
        matches!(self.first(), Self::Status | Self::StatusCode(_))
    }

    /// The text without the word for what it is: `X-OAuth-Scopes, missing` of a header, `login` of a field.
    pub fn name(&self) -> impl fmt::Display + '_ {
        Bare(self)
    }

    fn write(&self, formatter: &mut fmt::Formatter<'_>, bare: bool) -> fmt::Result {
        let word = |word: &'static str| if bare { "" } else { word };
        match self {
            Self::Header(header) => {
                formatter.write_str(word("header "))?;
                fmt::Display::fmt(header, formatter)
            }
            Self::Headers(headers) => {
                write!(formatter, "headers {}", english::list(headers.iter().map(ToString::to_string), "and"))
            }
            Self::Field(path) => {
                formatter.write_str(word("field "))?;
                fmt::Display::fmt(path, formatter)
            }
            Self::Fields(paths) => {
                write!(formatter, "fields {}", english::list(paths.iter().map(ToString::to_string), "and"))
            }
            Self::Status => formatter.write_str("status of the answer"),
            Self::StatusCode(status) => write!(formatter, "status {status}"),
            Self::List => formatter.write_str("the list"),
            Self::ListOf(what) => write!(formatter, "the list of {what}"),
            Self::ListsOf(what) => write!(formatter, "the lists of {what}"),
            Self::NotListed(what) => write!(formatter, "the {what} is not in the list"),
            Self::NoAnswer => formatter.write_str("no usable answer"),
            Self::TokenText(prefix) => write!(formatter, "prefix {prefix} of the token"),
            Self::TokenShape(text) => formatter.write_str(text),
            Self::Settings => formatter.write_str("how the credential was configured"),
            Self::Kind => formatter.write_str("kind of the credential"),
            Self::Given(path) => write!(formatter, "given {path}"),
            Self::Recorded(text) => formatter.write_str(text),
            Self::Several(places) => {
                for (at, place) in places.iter().enumerate() {
                    formatter.write_str(if at == 0 { "" } else { ", " })?;
                    place.write(formatter, bare && at == 0)?;
                }
                Ok(())
            }
            Self::Remarked(place, remark) => {
                place.write(formatter, bare)?;
                fmt::Display::fmt(remark, formatter)
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, false)
    }
}

/// A place whose text lacks the word for what it is.
struct Bare<'a>(&'a Place);

impl fmt::Display for Bare<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write(formatter, true)
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str(", missing"),
            Self::MissingBefore(version) => write!(formatter, ", missing before {version}"),
            Self::With(header) => write!(formatter, ", with {header}"),
            Self::Without(header) => write!(formatter, ", without {header}"),
            Self::Says(what) => write!(formatter, ": {what}"),
            Self::Which(which) => write!(formatter, " {which}"),
        }
    }
}

impl From<Header> for Place {
    fn from(header: Header) -> Self {
        Self::Header(header)
    }
}

impl From<FieldPath> for Place {
    fn from(path: FieldPath) -> Self {
        Self::Field(path)
    }
}

impl From<&Self> for Place {
    fn from(place: &Self) -> Self {
        place.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::field;
    use crate::vocabulary::headers::{DATE, LINK, LOCATION};

    #[test]
    fn every_place_is_shown_as_its_documentation_says() {
        let message = || status(401).and(field("message"));
        for (place, text) in [
            (Place::from(DATE), "header Date"),
            (Place::Headers(&[DATE, LINK]), "headers Date and Link"),
            (Place::from(field("owner.type")), "field owner.type"),
            (Place::Fields(const { &[field("bot"), field("username")] }), "fields bot and username"),
            (Place::Status, "status of the answer"),
            (status(401), "status 401"),
            (Place::List, "the list"),
            (Place::ListOf("repositories".into()), "the list of repositories"),
            (Place::ListsOf("those that it may read".into()), "the lists of those that it may read"),
            (Place::NotListed("repository"), "the repository is not in the list"),
            (Place::NoAnswer, "no usable answer"),
            (Place::TokenText("ghp_"), "prefix ghp_ of the token"),
            (Place::TokenShape("64 hexadecimal digits".into()), "64 hexadecimal digits"),
            (Place::Settings, "how the credential was configured"),
            (Place::Kind, "kind of the credential"),
            (Place::Given("token.scopes"), "given token.scopes"),
            (Place::Recorded("header of old".into()), "header of old"),
            (message(), "status 401, field message"),
            (message().and(DATE), "status 401, field message, header Date"),
            (Place::from(DATE).missing(), "header Date, missing"),
            (
                Place::from(field("archived")).remarked(Remark::MissingBefore("8.0")),
                "field archived, missing before 8.0",
            ),
            (status(401).remarked(Remark::With(LINK)), "status 401, with Link"),
            (Place::from(DATE).remarked(Remark::Without(LINK)), "header Date, without Link"),
            (message().remarked(Remark::Says("no member")), "status 401, field message: no member"),
            (status(200).remarked(Remark::Which("for a repository")), "status 200 for a repository"),
        ] {
            assert_eq!(place.to_string(), text);
        }
    }

    #[test]
    fn the_name_of_a_place_lacks_the_word_for_it() {
        for (place, name, first) in [
            (Place::from(DATE).missing(), "Date, missing", Place::from(DATE)),
            (Place::from(field("login")).and(DATE), "login, header Date", field("login").into()),
            (
                status(404).and(field("message")).remarked(Remark::Says("x")),
                "status 404, field message: x",
                status(404),
            ),
            (Place::Headers(&[DATE, LINK]), "headers Date and Link", Place::Headers(&[DATE, LINK])),
        ] {
            assert_eq!((place.name().to_string().as_str(), place.first()), (name, &first));
            assert_eq!(place.is_status(), place.to_string().starts_with("status"));
        }
    }

    #[test]
    fn a_header_is_the_same_in_every_case() {
        assert_eq!(LOCATION, Header::new("location"));
        assert_ne!(LOCATION, LINK);
        assert!(LOCATION.is("LOCATION") && !LOCATION.is("Location "));
    }
}
