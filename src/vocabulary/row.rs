//! The rows: what a host, a credential kind, a fact, a request is in the tables.

use super::address::{Addresses, Product};
use super::declaring::Declaring;
use super::grounds::{Grounds, Outsider, RoleEnd};
use super::header::Header;
use super::holders::Holders;
use super::misnamed::Misnamed;
use super::naming::RepositoryNames;
use super::new_page::NewPage;
use super::place::Place;
use super::refusal::Mend;
use super::sending::{LimitHeaders, Scheme};
use super::start::Start;
use super::synonyms::Synonym;
use super::token_text::TokenText;
pub use super::types::{Alias, EVERY, EnumTable, Field, LevelTable, Permission, PermissionTable, RecordTable, Type};
use crate::text::token_shape::TokenShape;

/// A kind of Git host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HostKind {
    /// github.com, GHE.com and GitHub Enterprise Server.
    GitHub,
    /// gitlab.com, self-managed and Dedicated.
    GitLab,
    /// bitbucket.org.
    BitbucketCloud,
    /// Bitbucket Server and Data Center.
    BitbucketServer,
    /// Gitea, and Forgejo, which Codeberg is.
    Gitea,
}

/// Everything known of one host kind.
#[derive(Debug)]
pub struct Host {
    /// Which one.
    pub kind: HostKind,
    /// The word in policies, settings and JSON: `github`.
    pub word: &'static str,
    /// The name people say: "GitHub".
    pub title: &'static str,
    /// The public host's web address; `None` where there is only self-hosting.
    pub public_url: Option<&'static str>,
    /// Where it and its API are.
    pub addresses: Addresses,
    /// The products that are one kind of host with it and have words of their own.
    pub products: &'static [Product],
    /// How it names repositories.
    pub names: RepositoryNames,
    /// What operators can declare as its credentials.
    pub declaring: Declaring,
    /// What people call a repository there ("repository", "project").
    pub repository_word: &'static str,
    /// The fact that holds the name by which accounts are configured elsewhere; `None` where no answer tells that name.
    pub login: Option<&'static str>,
    /// How a credential is sent while several kinds are possible that are sent differently.
    pub sent: Scheme,
    /// The headers by which the host shows its rate limit.
    pub limit_headers: LimitHeaders,
    /// The kinds of credential.
    pub kinds: &'static [CredentialKind],
    /// How its tokens look; a prefix that begins another stands after it.
    pub shapes: &'static [TokenShape],
    /// The headers of its own in which a secret may be sent.
    pub secret_headers: &'static [&'static str],
    /// The facts; a [`FactIndex`] is a position here.
    pub facts: &'static [Fact],
    /// The read-only requests that reveal facts.
    pub requests: &'static [Request],
    /// The requests whose answers prove permissions of credentials that cannot list their own. None where all can.
    pub proofs: &'static [Proof],
    /// The requests about one repository whose answers prove something of the credential where no other road leads to it.
    pub once_proofs: &'static [OnceProof],
    /// What a bot may be able to do on a repository, and what each needs.
    pub abilities: &'static [Ability],
    /// What the text of a token tells, beside its prefix.
    pub token_text: TokenText,
    /// Which kinds can be given a scope, where not all can.
    pub holders: &'static [Holders],
    /// Pages on which tokens are made, filled in beforehand.
    pub new_pages: &'static [NewPage],
    /// What to do about those who do not accept a credential.
    pub mends: &'static [Mend],
    /// Whether writes under a repository's former path are refused, though reads are redirected: who still names that path
    /// is broken.
    pub moved_refuse_writes: bool,
    /// What lists the invitations to repositories that its account has not taken, where something does.
    pub invitations: Option<Invitations>,
    /// Words that people write where this host's belongs.
    pub misnamed: &'static [Misnamed],
    /// What people call facts that this host alone has.
    pub synonyms: &'static [Synonym],
}

/// A fact's position in its host's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactIndex(pub u16);

/// One kind of credential.
#[derive(Debug)]
pub struct CredentialKind {
    /// The word: `classic`.
    pub word: &'static str,
    /// For people: "classic personal access token".
    pub title: &'static str,
    /// How such a token's text begins; empty where its text tells nothing.
    pub prefixes: &'static [&'static str],
    /// How long such a credential lives, where the kind alone tells. `None` where the expiry tells: such a kind either
    /// never expires, or it expires within a day of being made.
    pub lifetime: Option<Lifetime>,
    /// Whether a user account stands behind it (false for installation and repository tokens).
    pub has_user: bool,
    /// Whether it may do everything that its user may (a password): it has neither scopes nor permissions of its own.
    pub unlimited: bool,
    /// How it is sent.
    pub sent: Scheme,
    /// The request that shows such a credential alive and tells most about it, by its name in [`Host::requests`];
    /// `None` for kinds that this build cannot ask with.
    pub first_request: Option<&'static str>,
    /// Where such a credential is made or edited, for `help`; with `{url}` for the host's address.
    pub settings_page: Option<&'static str>,
    /// What it is, and the source of what this row says.
    pub doc: &'static str,
}

/// How long a credential lives (`token.lifetime`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Stays until somebody revokes it or a chosen date comes.
    Standing,
    /// Minted or refreshed by a program within a day.
    ShortLived,
    /// Lives as long as a CI job.
    Job,
}

impl Lifetime {
    /// The word in policies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::ShortLived => "short_lived",
            Self::Job => "job",
        }
    }
}

/// One fact of a host.
#[derive(Debug)]
pub struct Fact {
    /// The path in policies: `token.scopes`.
    pub path: &'static str,
    /// What a starting policy demands because of it.
    pub start: Start,
    /// Whose fact it is.
    pub subject: Subject,
    /// Its type.
    pub ty: Type,
    /// How "the host says there is none" reads.
    pub absence: Absence,
    /// Where it comes from.
    pub origin: Origin,
    /// What it means, in a sentence or two, with what it does not mean.
    pub doc: &'static str,
}

/// Whose fact a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The credential (its token, its user, its app, its host).
    Credential,
    /// A repository (a project on GitLab).
    Repository,
    /// An organisation (group, workspace, project of repositories).
    Organization,
}

impl Subject {
    /// The word in JSON and messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Repository => "repository",
            Self::Organization => "organization",
        }
    }
}

/// How "the host says there is none" reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// Cannot be absent.
    Impossible,
    /// An expiry that never comes: later than every time, longer than every duration.
    Never,
    /// As this level.
    Level(&'static str),
    /// As the empty set or list.
    Empty,
    /// No such value: unequal to every literal, matched by no pattern, not ordered.
    NoValue,
}

/// Where a fact comes from.
#[derive(Debug)]
pub enum Origin {
    /// Answers of the host reveal it, by credential kind. A kind without a row here cannot reveal it.
    Asked(&'static [Reveal]),
    /// Computed from other facts of the same host.
    Derived(Derivation),
}

/// Which credential kinds reveal a fact by which request.
#[derive(Debug)]
pub struct Reveal {
    /// Credential kinds by word; empty means every kind that has a first request.
    pub kinds: &'static [&'static str],
    /// What these kinds get by asking.
    pub by: Told,
}

/// What asking gives.
#[derive(Debug)]
pub enum Told {
    /// The named request tells it, in this place of the answer.
    Request {
        /// The request, by its name in [`Host::requests`].
        request: &'static str,
        /// Where in its answer.
        source: &'static Place,
    },
    /// The named request tells it, asked with a token that is minted for the repository's App installation: only where
    /// the operator allows that (`--mint`).
    Minted {
        /// The request, by its name in [`Host::requests`].
        request: &'static str,
        /// Where in its answer.
        source: &'static Place,
    },
    /// The named request tells it, asked by an organisation's checker App with a token minted for it: only where the
    /// operator names one (`checker`) and allows that (`--mint`).
    Checked {
        /// The request, by its name in [`Host::requests`].
        request: &'static str,
        /// Where in its answer.
        source: &'static Place,
        /// Why the credential itself cannot show it, for people.
        otherwise: &'static str,
    },
    /// The text of the token tells it (its prefix), without a request.
    TokenText,
    /// This kind has no such thing: scopes of a fine-grained token.
    Inapplicable(&'static str),
    /// This kind has it and cannot show it; why, for people.
    NotRevealable(&'static str),
}

/// How a derived fact is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// The time from now until this fact; negative when past.
    Until(&'static str),
    /// The time from this fact until now.
    Since(&'static str),
    /// From the credential kind's row; where that says nothing, from whether and when the credential expires.
    Lifetime,
    /// The role named by this fact, through [`LevelTable::access`].
    Access(&'static str),
    /// Whether the user has a role on a repository without being a member of the organisation that owns it.
    Outsider(&'static Outsider),
    /// When a role ends: when the membership does that gives it.
    RoleEnd(&'static RoleEnd),
    /// From [`Host::abilities`]: what the credential grants and the identity may do.
    Abilities(&'static Grounds),
}

impl Derivation {
    /// The facts that the derivation reads directly, by path. Those that a host does not have count for nothing there.
    pub fn reads(&self) -> Vec<&'static str> {
        match self {
            Self::Until(path) | Self::Since(path) | Self::Access(path) => vec![path],
            Self::Lifetime => vec!["token.kind", "token.expires_at"],
            Self::Outsider(outsider) => outsider.reads(),
            Self::RoleEnd(end) => end.reads(),
            Self::Abilities(grounds) => grounds.reads(),
        }
    }
}

/// A request that reveals facts. Read-only, but for the write probes among the [`Proof`]s.
#[derive(Debug)]
pub struct Request {
    /// Its name in these tables: `user`.
    pub name: &'static str,
    /// How it is sent.
    pub method: Method,
    /// Its path below the API's base, or from `{url}` on; what it is about stands as [`Request::PLACEHOLDERS`].
    pub path: &'static str,
    /// Whose facts it reveals; a repository's request is sent once a repository.
    pub subject: Subject,
    /// The headers that decoders read, besides those every host sends. A record keeps only these.
    pub headers: &'static [Header],
    /// The JSON pointers that decoders read ([`FieldPath::pointer`](super::FieldPath::pointer)); `*` stands for every element of a list. A record keeps only these.
    pub fields: &'static [&'static str],
    /// The bodies that are no JSON and that decoders know, whole: a record keeps these.
    pub words: &'static [&'static str],
    /// Where a list of repositories comes in pages: what globs are matched against.
    pub listing: Option<Listing>,
    /// Where one request asks about many repositories at once.
    pub batch: Option<Batch>,
    /// The addresses in its list that may be secrets whole: a record keeps the host alone.
    pub secret_addresses: Option<SecretAddresses>,
    /// The credential's facts that the path or body needs (`user`), asked for first. Where one stays unknown, so does
    /// what this request would have told.
    pub needs: &'static [&'static str],
    /// The page that documents it.
    pub see: &'static str,
}

/// The addresses of a list that are secrets but for their host, unless a word beside them says that they are none.
#[derive(Clone, Copy, Debug)]
pub struct SecretAddresses {
    /// The JSON pointer of the address in an element of the list.
    pub address: &'static str,
    /// The JSON pointer of the word in the same element.
    pub kind: &'static str,
    /// The words of which the address is no secret. Of any other, and of none, it is.
    pub plain: &'static [&'static str],
}

impl SecretAddresses {
    /// Whether the address is a secret beside this word.
    pub fn is_secret(&self, kind: Option<&str>) -> bool {
        kind.is_none_or(|kind| !self.plain.contains(&kind))
    }
}

impl Request {
    /// What may stand in a path, with its meaning. Each becomes text percent-encoded, its slashes too.
    pub const PLACEHOLDERS: [(&'static str, &'static str); 8] = [
        ("url", "the host's web address, for requests outside of the API's base"),
        ("owner", "what the repository's full name has before its last slash"),
        ("name", "what it has after it"),
        ("organization", "the organisation, group, workspace or project of repositories"),
        ("user", "the identity's own number or name, as an earlier answer gave it"),
        ("token_id", "the number of the token's record, which the token's text gives; never the token"),
        ("branch", "the repository's default branch, as an earlier answer named it"),
        ("level", "a level of permission, asked for from the highest down until the answer is yes"),
    ];
}

/// How a request is sent. `Query` is a GraphQL query: a POST that reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A plain GET.
    Get,
    /// A read-only GraphQL query, with its text.
    Query(&'static str),
    /// A write that cannot change anything: its body fails validation, and what it names cannot exist. Sent only with
    /// `--probe`, and never twice.
    Probe {
        /// The HTTP method.
        method: &'static str,
        /// The body, which is never valid.
        body: &'static str,
    },
}

impl Method {
    /// The HTTP method.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Query(_) => "POST",
            Self::Probe { method, .. } => method,
        }
    }
}

/// A request whose answer proves a permission for a repository, or that it is missing.
#[derive(Debug)]
pub struct Proof {
    /// The request: a GET, or a write probe ([`Method::Probe`]).
    pub request: Request,
    /// The permission.
    pub permission: &'static str,
    /// The level that the request takes.
    pub level: &'static str,
    /// Credential kinds by word, of those that cannot list their permissions.
    pub kinds: &'static [&'static str],
    /// The least role with which only a missing permission explains a refusal, in the levels of `repository.permission`.
    /// With less, nothing is asked: a refusal would prove nothing.
    pub role: &'static str,
    /// The statuses of answers that come only after the permission was checked.
    pub passes: &'static [u16],
}

impl Proof {
    /// Whether it is a write probe: sent only where the operator allows that (`--probe`).
    pub const fn is_probe(&self) -> bool {
        matches!(self.request.method, Method::Probe { .. })
    }
}

/// A request about a repository that is made once at most, whatever many there are: its answer proves something of the
/// credential.
#[derive(Debug)]
pub struct OnceProof {
    /// The request: a GET. What it needs decides whether its answer can prove anything about a repository.
    pub request: Request,
    /// What is proved.
    pub proves: Proves,
}

/// What the answer to a [`OnceProof`] proves.
#[derive(Clone, Copy, Debug)]
pub enum Proves {
    /// That the credential holds a name of `token.scopes`, or that it does not.
    Name(&'static str),
    /// That it is the account's that the operator named, or that it is not: asked where nothing else tells whose it is.
    Login {
        /// Those whom the repository's own answer shows this level, or a higher one, are told of others, too.
        tells_others_from: &'static str,
    },
    /// Why no repository is shown at all.
    AllHidden,
}

/// What a listing request lists, and for which credential kinds it is the one to ask.
#[derive(Debug)]
pub struct Listing {
    /// Credential kinds by word.
    pub kinds: &'static [&'static str],
    /// Where the list is in an answer.
    pub shape: ListingShape,
    /// The most pages to read.
    pub pages: usize,
}

/// A request that stands in for many: each about one repository.
#[derive(Debug)]
pub struct Batch {
    /// Credential kinds by word, of those that the host lets ask so.
    pub kinds: &'static [&'static str],
    /// The requests that it stands in for, by name.
    pub instead_of: &'static [&'static str],
    /// The facts that it tells, by path. A repository of which more is wanted is asked about by itself.
    pub tells: &'static [&'static str],
    /// From how many replaced requests on it is worth its own cost.
    pub from: usize,
    /// The most repositories of one request.
    pub most: usize,
}

/// A request that lists the invitations to repositories which an account has not taken: a reason why one is not visible. It
/// tells no fact, and is sent once a credential, after a repository was not visible.
#[derive(Debug)]
pub struct Invitations {
    /// The request, by its name in [`Host::requests`].
    pub request: &'static str,
    /// The credential kinds by word that it is for.
    pub kinds: &'static [&'static str],
}

/// Where a list is in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListingShape {
    /// The answer is the list.
    Bare,
    /// The list is in this field.
    In(&'static str),
    /// The answer lists App installations; the repositories of each are asked for with a token minted for it.
    OfInstallations,
}

/// An ability of `repository.can` and what it takes: a group of scopes *or* of permissions, *and* a role.
#[derive(Debug)]
pub struct Ability {
    /// The word: `set_status`.
    pub word: &'static str,
    /// Each group of scopes grants it on any repository by itself, all of a group together (for kinds with scopes).
    pub scopes: &'static [&'static [&'static str]],
    /// The same, on public repositories only.
    pub public_scopes: &'static [&'static [&'static str]],
    /// Each group of permissions grants it by itself, all of a group together (for kinds with permissions).
    pub permissions: &'static [&'static [(&'static str, &'static str)]],
    /// Whether nothing but these scopes, permissions and roles grants it. Where that is not documented, a credential
    /// without them is not known to lack the ability.
    pub only_way: bool,
    /// The least roles of the identity, in the levels of the fact that `repository.access` is derived from. Any suffices.
    pub roles: &'static [&'static str],
    /// The rights of the identity, all together: where the host tells these instead of a role that stands for them, or beside
    /// it, as the default branch's rules are.
    pub rights: &'static [Right],
    /// What a public repository waives.
    pub on_public: OnPublic,
    /// Whether it changes the repository, so that an archived one denies it to everybody.
    pub writes: bool,
    /// Credential kinds that never have it, whatever they are granted: a project's token that cannot merge.
    pub never_on: &'static [&'static str],
    /// The source of the row.
    pub doc: &'static str,
}

/// A right of the identity on a repository, as a fact of it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// The fact is known: the host shows it to those who have the right alone.
    Known(&'static str),
    /// The fact is true.
    Holds(&'static str),
    /// The fact has this level, or one above it.
    AtLeast(&'static str, &'static str),
    /// The fact is true: the default branch's rules let the identity, where its role does.
    Rules(&'static str),
    /// The fact is true, as it is of those alone whose role suffices: that decides it, whatever is known of the role.
    Own(&'static str),
}

impl Right {
    /// The fact that tells it.
    pub const fn fact(self) -> &'static str {
        match self {
            Self::Known(path) | Self::Holds(path) | Self::AtLeast(path, _) | Self::Rules(path) | Self::Own(path) => {
                path
            }
        }
    }
}

/// What a public repository waives of an ability's conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPublic {
    /// Nothing.
    Nothing,
    /// The role: everybody with an account may, if the credential grants it.
    Role,
    /// Everything: everybody may.
    Everything,
}

impl OnPublic {
    /// The word in JSON: what is waived.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Role => "role",
            Self::Everything => "everything",
        }
    }
}

impl Host {
    /// The row of a fact of this host.
    ///
    /// # Panics
    /// Never. An index of another host may be out of range, and then gives a row without a path, which no fact has.
    pub fn row(&self, index: FactIndex) -> &'static Fact {
        static MISSING: Fact = Fact {
            path: "",
            start: Start::LeftOut("no fact"),
            subject: Subject::Credential,
            ty: Type::Bool,
            absence: Absence::NoValue,
            origin: Origin::Asked(&[]),
            doc: "",
        };
        self.facts.get(usize::from(index.0)).unwrap_or(&MISSING)
    }

    /// What abilities rest on here; `None` where none are derived.
    pub fn grounds(&self) -> Option<&'static Grounds> {
        self.facts.iter().find_map(|fact| match &fact.origin {
            Origin::Derived(Derivation::Abilities(grounds)) => Some(*grounds),
            _ => None,
        })
    }

    /// A request's row by its name.
    pub fn request(&self, name: &str) -> Option<&'static Request> {
        self.requests.iter().find(|request| request.name == name)
    }

    /// The proof that a request is for; `None` for requests that tell facts.
    pub fn proof(&self, request: &str) -> Option<&'static Proof> {
        self.proofs.iter().find(|proof| proof.request.name == request)
    }

    /// The kinds that a token may be of whose text tells nothing: each that can be asked with. A private key is no token.
    pub fn token_kinds(&self) -> impl Iterator<Item = &'static CredentialKind> + use<> {
        self.kinds.iter().filter(|kind| kind.first_request.is_some() && kind.sent != Scheme::Signed)
    }

    /// The kind that the private key of an App is, where the host has Apps.
    pub fn key_kind(&self) -> Option<&'static CredentialKind> {
        self.kinds.iter().find(|kind| kind.sent == Scheme::Signed)
    }

    /// A credential kind's row by its word.
    pub fn credential_kind(&self, word: &str) -> Option<&'static CredentialKind> {
        self.kinds.iter().find(|kind| kind.word == word)
    }
}
