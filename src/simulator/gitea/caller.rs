//! Who calls, and whether anything at all is answered.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::people::User;
use super::refusal::Refusal;
use super::release::Difference;
use super::scopes::{Category, Half, Scopes, word};
use super::token::{Kind, Token};
use super::world::World;
use crate::simulator::Request;

/// Who calls.
#[derive(Clone, Copy)]
pub(super) enum Caller<'a> {
    /// Nobody.
    Anonymous,
    /// An account, by a token.
    User(&'a User, &'a Token, Way),
    /// A job.
    Job(&'a Token),
}

/// How a token came, or what came instead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// In the header for tokens.
    Header,
    /// As a password, or as the name with no password.
    Basic,
    /// In the address.
    Query,
    /// It is no token: the account's password came, with its name.
    Password,
}

/// Why a credential is not taken. It never holds more of it than the server shows.
pub(super) enum Rejected {
    /// A token that is nobody's.
    Token(String),
    /// A name and a secret that do not fit.
    Password(String),
    /// Passwords are switched off.
    NoPasswords,
}

/// What was sent.
enum Sent {
    Nothing,
    Token(String, Way),
    Password(String, String),
}

fn sent(world: &World, request: &Request) -> Sent {
    let query = ["token", "access_token"].iter().find_map(|name| request.parameter(name));
    let query = query.map(|text| Sent::Token(text.to_owned(), Way::Query));
    let Some((scheme, value)) = request.header("authorization").and_then(|header| header.split_once(' ')) else {
        return query.unwrap_or(Sent::Nothing);
    };
    let value = value.trim();
    let any_case = world.release.has(Difference::AnyCase);
    let is_token = if any_case { scheme.eq_ignore_ascii_case("token") } else { scheme == "token" };
    if (is_token || scheme.eq_ignore_ascii_case("bearer")) && !value.is_empty() {
        return Sent::Token(value.to_owned(), Way::Header);
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let pair = STANDARD.decode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((name, secret)) = pair.as_deref().and_then(|pair| pair.split_once(':')) {
            return match secret {
                "" | "x-oauth-basic" => Sent::Token(name.to_owned(), Way::Basic),
                _ => Sent::Password(name.to_owned(), secret.to_owned()),
            };
        }
    }
    query.unwrap_or(Sent::Nothing)
}

/// Who a request comes from.
pub(super) fn identify<'a>(world: &'a World, request: &Request) -> Result<Caller<'a>, Rejected> {
    let (text, way) = match sent(world, request) {
        Sent::Nothing => return Ok(Caller::Anonymous),
        Sent::Token(text, way) => (text, way),
        Sent::Password(name, secret) => {
            return match of_token(world, &secret, Way::Basic) {
                Some(caller) => Ok(caller),
                None if let Some(caller) = of_password(world, &name, &secret) => Ok(caller),
                None if !world.no_passwords => Err(Rejected::Password(name)),
                None if world.release.has(Difference::TellsNoPasswords) => Err(Rejected::NoPasswords),
                None => Ok(Caller::Anonymous),
            };
        }
    };
    // A token in the place of a name is tried as a name, too.
    of_token(world, &text, way)
        .ok_or_else(|| if way == Way::Basic { Rejected::Password(text) } else { Rejected::Token(text) })
}

/// An account by its password, where that is a way to sign in.
fn of_password<'a>(world: &'a World, name: &str, secret: &str) -> Option<Caller<'a>> {
    let user = world.find_user(name).filter(|_| !world.no_passwords)?;
    let password = user.password.as_ref()?;
    password.is(&Token::digest(secret)).then_some(Caller::User(user, password, Way::Password))
}

fn of_token<'a>(world: &'a World, text: &str, way: Way) -> Option<Caller<'a>> {
    let token = world.find_token(text)?;
    match token.kind {
        Kind::Job(..) => Some(Caller::Job(token)),
        Kind::Refresh => None,
        // A server that does not know of such tokens never made one.
        Kind::Repository(_) if !world.release.has(Difference::RepositoryTokens) => None,
        _ => Some(Caller::User(world.find_user(&token.owner)?, token, way)),
    }
}

impl Rejected {
    /// The 401 of the API.
    pub(super) fn of_api(&self, world: &World) -> Refusal {
        let nobody = |name: &str| format!("user does not exist [uid: 0, name: {name}]");
        let message = match self {
            _ if world.release.has(Difference::NeutralRefusal) => "invalid username, password or token".to_owned(),
            Self::Token(text) if world.release.has(Difference::EchoesToken) && !is_jwt(text) => {
                format!("access token does not exist [sha: {text}]")
            }
            Self::Token(_) => nobody(""),
            Self::Password(name) => match world.find_user(name) {
                Some(user) => format!("user's password is invalid [uid: {}, name: {}]", user.id, user.login),
                None => nobody(name),
            },
            Self::NoPasswords => "basic authentication by username & password is disabled".to_owned(),
        };
        Refusal::message(401, message)
    }

    /// The 401 of everything else.
    pub(super) fn of_web(world: &World) -> &'static str {
        if world.release.is_forgejo() {
            "Credentials are incorrect or have expired. Retry your command or see \
             https://codeberg.org/forgejo/forgejo/issues/2809 for more information\n"
        } else if world.release.has(Difference::NamesHeldScopes) {
            "Failed to authenticate user\n"
        } else {
            "Verify\n"
        }
    }
}

fn is_jwt(text: &str) -> bool {
    text.split('.').count() == 3
}

/// What is the matter with an account, so that it is answered nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    Unconfirmed,
    Prohibited,
    StalePassword,
    NoSecondFactor,
}

impl<'a> Caller<'a> {
    /// The account.
    pub(super) fn user(&self) -> Option<&'a User> {
        match self {
            Self::User(user, ..) => Some(user),
            Self::Anonymous | Self::Job(_) => None,
        }
    }

    pub(super) fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    /// What is the matter with the account.
    pub(super) fn trouble(&self, world: &World) -> Option<Trouble> {
        let user = self.user()?;
        // Only one of the two products asks this of every request; the other hides repositories.
        let demands = world.demands_two_factor && world.release.is_forgejo();
        if !user.active && world.confirms_addresses {
            Some(Trouble::Unconfirmed)
        } else if !user.active || user.prohibited {
            Some(Trouble::Prohibited)
        } else if user.stale_password {
            Some(Trouble::StalePassword)
        } else if demands && world.release.has(Difference::TwoFactorDemand) && !user.two_factor {
            Some(Trouble::NoSecondFactor)
        } else {
            None
        }
    }

    /// The scopes that count; none where nothing is checked.
    pub(super) fn scopes(&self, world: &World) -> Option<Scopes> {
        let Self::User(_, token, way) = self else { return None };
        match token.kind {
            Kind::Oauth if !world.release.has(Difference::OauthScopes) => Some(Scopes::all()),
            Kind::Oauth if *way == Way::Basic && world.release.has(Difference::OauthPasswordUnscoped) => None,
            Kind::Oauth => Some(granted(world, token)),
            _ => Some(Scopes::of(&token.words)),
        }
    }

    /// Whether it sees public things only.
    pub(super) fn is_public_only(&self, world: &World) -> bool {
        self.scopes(world).is_some_and(|scopes| scopes.public_only)
    }

    /// The repositories that the token is for, where it is for some.
    pub(super) fn only_repositories(&self) -> Option<&'a [String]> {
        match self {
            Self::User(_, Token { kind: Kind::Repository(names), .. }, _) => Some(names),
            _ => None,
        }
    }

    /// Whether the scopes let through what needs all of these categories.
    pub(super) fn check(&self, world: &World, categories: &[Category], half: Half) -> Result<(), Refusal> {
        let Some(scopes) = self.scopes(world) else { return Ok(()) };
        if let Some(unknown) = &scopes.unknown {
            let message = format!("checking scope failed: invalid access token scope: {unknown}");
            return Err(Refusal::message(403, message));
        }
        if categories.iter().all(|category| scopes.has(*category, half)) {
            return Ok(());
        }
        let wanted: Vec<String> = categories.iter().map(|category| word(*category, half)).collect();
        let wanted = wanted.join(" ");
        let lacks = "token does not have at least one of required scope(s)";
        Err(Refusal::message(
            403,
            if world.release.has(Difference::NamesHeldScopes) {
                format!("{lacks}, required=[{wanted}], token scope={}", scopes.words().join(","))
            } else {
                format!("{lacks}: [{wanted}]")
            },
        ))
    }
}

/// What an OAuth grant lets through. Words of sign-in are no scopes; without any other word it is everything.
fn granted(world: &World, token: &Token) -> Scopes {
    let is_scope = |word: &&String| !["openid", "profile", "email", "groups"].contains(&word.as_str());
    let words: Vec<&String> = token.words.iter().filter(is_scope).collect();
    if words.is_empty() {
        return Scopes::all();
    }
    if world.release.is_forgejo() {
        return Scopes::of(words.into_iter().filter(|word| Scopes::of([word]).unknown.is_none()));
    }
    let scopes = Scopes::of(words);
    if scopes.unknown.is_some() { Scopes::all() } else { scopes }
}
