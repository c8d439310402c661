//! Which server it is: the product, its version, and what is different from one to the next.

/// The two products that speak this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Gitea.
    Gitea,
    /// Forgejo, and so Codeberg.
    Forgejo,
}

/// A number as versions are compared by.
type Number = [u32; 3];

/// A product in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Release {
    product: Product,
    version: String,
    number: Number,
}

impl Release {
    /// A product's version, by its own number: `1.27.0` of Gitea, `15.0.3` of Forgejo.
    pub(super) fn new(product: Product, version: &str) -> Self {
        let mut number = [0; 3];
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        for (place, part) in number.iter_mut().zip(version.split('.')) {
            *place = digits(part).parse().unwrap_or(0);
        }
        Self { product, version: version.to_owned(), number }
    }

    pub(super) fn is_forgejo(&self) -> bool {
        self.product == Product::Forgejo
    }

    /// The version as the API spells it: a Forgejo adds the Gitea that it says to be like.
    pub(super) fn text(&self) -> String {
        match self.product {
            Product::Gitea => self.version.clone(),
            Product::Forgejo => format!("{}+gitea-1.22.0", self.version),
        }
    }

    /// Whether it is different in this way.
    pub(super) fn has(&self, difference: Difference) -> bool {
        let row = DIFFERENCES.iter().find(|(one, ..)| *one == difference);
        let span = row.and_then(|(_, gitea, forgejo)| if self.is_forgejo() { *forgejo } else { *gitea });
        span.is_some_and(|(from, before)| self.number >= from && self.number < before)
    }
}

/// What one version does and another does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// `GET /token` describes the token.
    DescribesToken,
    /// A refusal for want of a scope names the scopes that are held.
    NamesHeldScopes,
    /// The list of tokens asks for no password.
    ListsTokensPlainly,
    /// The list of tokens keeps to `limit`.
    PagesTokens,
    /// An entry of that list says when the token was made.
    DatesTokens,
    /// It also says when it was last used.
    DatesUse,
    /// Tokens may be for some repositories only.
    RepositoryTokens,
    /// The scopes of an OAuth grant count.
    OauthScopes,
    /// They do not count where the token is sent as a password.
    OauthPasswordUnscoped,
    /// One 401 text for every bad credential.
    NeutralRefusal,
    /// The 401 text has the token in it.
    EchoesToken,
    /// A public-only token is kept from everything that is not public, not from repositories and organizations alone.
    PublicOnlyEverywhere,
    /// What is hidden from a public-only token is not found, rather than forbidden.
    HidesFromPublicOnly,
    /// A repository is public only where its owner is.
    PublicOwnerToo,
    /// A demand for a second factor can be made.
    TwoFactorDemand,
    /// User information by web wants `read:user`.
    UserinfoWantsScope,
    /// User information by web is for OAuth tokens alone.
    UserinfoOauthOnly,
    /// User information by web has the login where the full name is empty.
    UserinfoNamesLogin,
    /// User information by web asks for credentials of a named realm.
    UserinfoNamesRealm,
    /// A webhook's authorization header is not shown.
    HidesHookHeader,
    /// A webhook has a name.
    NamesHooks,
    /// A renamed repository is 301, not 307.
    RenamedForGood,
    /// A redirect is shown only to who may see where it leads.
    HidesRenamed,
    /// Accounts may ask for their own role.
    OwnRole,
    /// A route that does not exist is told before the credential is looked at.
    RoutesFirst,
    /// What is not found is `not found`, in English.
    PlainNotFound,
    /// And that is all, whatever was looked for.
    BareNotFound,
    /// The API answers HEAD.
    Head,
    /// The word `token` before a token is read in any case.
    AnyCase,
    /// A restricted account sees public repositories of public owners.
    RestrictedSeesPublic,
    /// A job's token sees public repositories by the API.
    JobSeesPublic,
    /// A job's token reads public repositories by Git.
    JobClonesPublic,
    /// The general right of a team with different rights is none, not the lowest.
    MixedTeamIsNone,
    /// A branch that does not exist is named in the answer.
    NamesBranch,
    /// Passwords that are switched off are told so.
    TellsNoPasswords,
    /// The list of scheduled tasks keeps to `limit`.
    PagesTasks,
    /// A key to verify signatures that does not exist is not found, rather than empty.
    SigningKeyMissing,
    /// Its own version is `application/json`.
    VersionIsJson,
    /// There is an administrator's list of an account's tokens.
    AdminListsTokens,
    /// A team says who sees it.
    TeamsAreSeen,
    /// A repository's object counts its branches.
    CountsBranches,
    /// Settings of the API have a limit on answers.
    LimitsResponses,
    /// Pages for tokens say when the query parameter will go away, in Forgejo's own words.
    WarnsAsForgejo,
}

/// From a version on, and before another.
type Span = Option<(Number, Number)>;

const EVER: Number = [u32::MAX; 3];

const fn since(major: u32, minor: u32, patch: u32) -> Span {
    Some(([major, minor, patch], EVER))
}

/// In which versions of Gitea, and in which of Forgejo. Read in the sources of both; those that recorded answers show
/// are held against them in `tests/recorded`.
const DIFFERENCES: &[(Difference, Span, Span)] = &[
    (Difference::DescribesToken, since(1, 27, 0), None),
    (Difference::NamesHeldScopes, since(1, 23, 0), None),
    (Difference::ListsTokensPlainly, None, since(10, 0, 1)),
    (Difference::PagesTokens, since(1, 26, 0), None),
    (Difference::DatesTokens, since(1, 24, 0), since(16, 0, 0)),
    (Difference::DatesUse, since(1, 24, 0), None),
    (Difference::RepositoryTokens, None, since(15, 0, 0)),
    (Difference::OauthScopes, since(1, 23, 0), since(9, 0, 0)),
    (Difference::OauthPasswordUnscoped, Some(([1, 23, 0], [1, 26, 2])), None),
    (Difference::NeutralRefusal, since(1, 25, 2), None),
    (Difference::EchoesToken, None, since(15, 0, 0)),
    (Difference::PublicOnlyEverywhere, since(1, 22, 3), since(9, 0, 0)),
    (Difference::HidesFromPublicOnly, since(1, 26, 2), None),
    (Difference::PublicOwnerToo, since(1, 27, 0), since(15, 0, 0)),
    (Difference::TwoFactorDemand, since(1, 24, 0), since(13, 0, 0)),
    (Difference::UserinfoWantsScope, since(1, 27, 0), None),
    (Difference::UserinfoOauthOnly, None, since(15, 0, 2)),
    (Difference::UserinfoNamesLogin, since(1, 24, 0), since(11, 0, 0)),
    (Difference::UserinfoNamesRealm, since(1, 24, 0), None),
    (Difference::HidesHookHeader, since(1, 27, 0), None),
    (Difference::NamesHooks, since(1, 26, 0), None),
    (Difference::RenamedForGood, since(1, 24, 0), since(15, 0, 0)),
    (Difference::HidesRenamed, None, since(11, 0, 4)),
    (Difference::OwnRole, since(1, 24, 0), since(11, 0, 0)),
    (Difference::RoutesFirst, since(1, 26, 0), None),
    (Difference::PlainNotFound, since(1, 26, 0), None),
    (Difference::BareNotFound, since(1, 27, 0), None),
    (Difference::Head, since(1, 27, 0), None),
    (Difference::AnyCase, since(1, 25, 0), since(15, 0, 0)),
    (Difference::RestrictedSeesPublic, since(1, 26, 0), None),
    (Difference::JobSeesPublic, since(1, 26, 0), None),
    (Difference::JobClonesPublic, since(1, 26, 0), since(15, 0, 0)),
    (Difference::MixedTeamIsNone, since(1, 24, 0), None),
    (Difference::NamesBranch, Some(([0, 0, 0], [1, 24, 0])), since(0, 0, 0)),
    (Difference::TellsNoPasswords, None, since(13, 0, 0)),
    (Difference::PagesTasks, since(1, 27, 0), None),
    (Difference::SigningKeyMissing, since(1, 27, 0), None),
    (Difference::VersionIsJson, None, since(13, 0, 0)),
    (Difference::AdminListsTokens, None, since(16, 0, 0)),
    (Difference::TeamsAreSeen, since(1, 27, 0), None),
    (Difference::CountsBranches, since(1, 25, 0), None),
    (Difference::LimitsResponses, since(1, 24, 0), None),
    (Difference::WarnsAsForgejo, None, since(13, 0, 0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgejo_is_known_by_its_own_number() {
        let forgejo = Release::new(Product::Forgejo, "11.0.15");
        assert_eq!(forgejo.text(), "11.0.15+gitea-1.22.0");
        assert!(forgejo.has(Difference::OwnRole) && !forgejo.has(Difference::EchoesToken));
        let gitea = Release::new(Product::Gitea, "1.26.0+dev-489-g1234567");
        assert!(gitea.has(Difference::PagesTokens) && !gitea.has(Difference::HidesFromPublicOnly));
    }

    #[test]
    fn a_difference_that_was_mended_ends() {
        let unscoped = |version| Release::new(Product::Gitea, version).has(Difference::OauthPasswordUnscoped);
        assert_eq!(["1.22.6", "1.24.7", "1.26.1", "1.26.2"].map(unscoped), [false, true, true, false]);
    }
}
