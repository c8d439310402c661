//! Where a family's token goes: what its variables say, and who says so.

use super::address::{self, AddressError, Place};
use super::claims::Rank;
use super::families::{Address, Endpoint, Family};
use super::variables::Variables;
use super::{placeholder, plain};
use crate::text::english;
use crate::vocabulary::{self, HostKind, RunBy};

/// Where a family's token goes, and who says so.
pub(super) struct Located {
    pub(super) place: Place,
    /// The variable that says so.
    pub(super) by: Option<&'static str>,
    pub(super) rank: Rank,
}

/// Why a family's token goes nowhere.
pub(super) enum Lost {
    /// Nothing says where.
    Nowhere { host: String, reason: String },
    /// This variable's address is refused.
    Address(HostKind, &'static str, AddressError),
}

/// Where the token goes that stands in the variable `token` of a family.
pub(super) fn locate(family: &Family, token: &'static str, environment: &Variables<'_>) -> Result<Located, Lost> {
    let rank = if family.proof.is_some() { Rank::Job } else { Rank::Named };
    let said_by = |variable: &'static str, place: Place| Located { place, by: Some(variable), rank };
    let by_default = |kind: HostKind| {
        let nowhere =
            || Lost::Nowhere { host: kind.word().to_owned(), reason: "nothing says which host it is for".into() };
        address::public(kind).map(|place| Located { place, by: None, rank: Rank::Default }).ok_or_else(nowhere)
    };
    let host_or_url = |kind: HostKind, variable: &'static str, value: &str| {
        let whole = value.contains("://");
        let place = if whole { address::place(kind, value, None, false) } else { address::place_at(kind, value) };
        place.map(|place| said_by(variable, place)).map_err(|error| Lost::Address(kind, variable, error))
    };
    match family.address {
        Address::Host(kind, variable) => match environment.get(variable) {
            None => by_default(kind),
            Some(value) => address::place_at(kind, value)
                .map(|place| said_by(variable, place))
                .map_err(|error| Lost::Address(kind, variable, error)),
        },
        Address::HostOrUrl(kind, variable) => match environment.get(variable) {
            None => by_default(kind),
            Some(value) => host_or_url(kind, variable, value),
        },
        Address::NamedHostOrUrl(kind, variables) => {
            match variables.iter().find_map(|name| Some((*name, environment.get(name)?))) {
                Some((variable, value)) => host_or_url(kind, variable, value),
                None => Err(unnamed(kind, variables, environment)),
            }
        }
        Address::Service(kind, variable) => {
            let named = environment.get(variable).and_then(|value| address::bare_authority(value).ok());
            match named.and_then(|authority| address::place_of_customer(kind, &authority)) {
                Some(place) => {
                    place.map(|place| said_by(variable, place)).map_err(|error| Lost::Address(kind, variable, error))
                }
                None => by_default(kind),
            }
        }
        Address::OwnServer(kind, variable, tool) => {
            own_server(kind, variable, tool, environment).map(|place| said_by(variable, place))
        }
        Address::Api(kind, api, web) => {
            let Some(value) = environment.get(api) else {
                return Err(Lost::Nowhere {
                    host: kind.word().to_owned(),
                    reason: format!("{}, so nothing says which host it is for", environment.unset(api)),
                });
            };
            let place = match environment.get(web) {
                None => address::place_of_api(kind, value).map_err(|error| Lost::Address(kind, api, error))?,
                Some(url) => {
                    let base = address::api(value, false).map_err(|error| Lost::Address(kind, api, error))?;
                    address::place(kind, url, Some(&base), false).map_err(|error| Lost::Address(kind, web, error))?
                }
            };
            Ok(said_by(api, place))
        }
        Address::ServiceOrServer(service, server, variable) => match environment.get(variable) {
            None => by_default(service),
            Some(value) => match address::place_of_api(service, value) {
                Ok(_) => by_default(service),
                Err(_) => address::place(server, value, None, false)
                    .map(|place| said_by(variable, place))
                    .map_err(|error| Lost::Address(server, variable, error)),
            },
        },
        Address::Platform(platform, endpoint, words) => {
            let text = environment.get(token).unwrap_or("");
            let before = family.wrapped.as_ref().map_or("", |wrapped| wrapped.before);
            let text = text.trim().strip_prefix(before).unwrap_or(text);
            let names = Platform { platform, endpoint, words };
            match names.locate(text, family, environment)? {
                (place, Some(by)) => Ok(said_by(by, place)),
                (place, None) => Ok(Located { place, by: None, rank: Rank::Default }),
            }
        }
        Address::Public(kind) => by_default(kind),
        Address::Endpoint(Endpoint { kind, variables, ref job, public }) => {
            if let Some((variable, value)) = variables.iter().find_map(|name| Some((*name, environment.get(name)?))) {
                return match address::place_of_api(kind, value) {
                    Ok(place) => Ok(said_by(variable, place)),
                    Err(_) => host_or_url(kind, variable, value),
                };
            }
            let in_job = job.as_ref().filter(|job| environment.get(job.proof.0) == Some(job.proof.1));
            if let Some((server, value)) = in_job.and_then(|job| Some((job.server, environment.get(job.server)?))) {
                return Ok(Located { rank: Rank::Job, ..host_or_url(kind, server, value)? });
            }
            if public { by_default(kind) } else { Err(unnamed(kind, variables, environment)) }
        }
    }
}

/// The address of a bot that is told the kind of its host.
struct Platform {
    platform: &'static str,
    endpoint: &'static str,
    words: &'static [(&'static str, HostKind)],
}

impl Platform {
    /// Where a token goes, and the variable that says so.
    ///
    /// Bot and host may be told in a file that is not read. So a public host is taken only where nothing can say another
    /// one: of its kind there is no other, or the kind is named and there is no such file, or the token's shape is that
    /// of the kind that the bot takes where it is told nothing.
    fn locate(
        &self,
        token: &str,
        family: &Family,
        variables: &Variables<'_>,
    ) -> Result<(Place, Option<&'static str>), Lost> {
        let Self { platform, endpoint, words } = self;
        let usual = words.first().map(|(_, kind)| *kind);
        let shape = vocabulary::token_shapes().of(token).and_then(vocabulary::host_of_shape).map(|host| host.kind);
        let shaped = shape.filter(|shape| words.iter().any(|(_, kind)| kind == shape));
        let named = match variables.get(platform) {
            None => None,
            Some(named) => match words.iter().find(|(word, _)| *word == named) {
                Some((_, kind)) => Some(*kind),
                None => {
                    let reason = format!("credcheck does not know the host kind that `{platform}` names");
                    let host = Some(named).filter(|word| plain::key(word)).unwrap_or("unknown").to_owned();
                    return Err(Lost::Nowhere { host, reason });
                }
            },
        };
        let endpoint_said = variables.get(endpoint);
        // Nothing is sent of a placeholder, so any host does to say so.
        let is_placeholder = placeholder::found(token, false).is_some();
        let guessed = usual.filter(|_| endpoint_said.is_some() || is_placeholder);
        let nowhere = |kind: Option<HostKind>, reason: String| Lost::Nowhere {
            host: kind.map_or("unknown", HostKind::word).to_owned(),
            reason,
        };
        let Some(kind) = named.or(shaped).or(guessed) else {
            let unset = variables.unset(platform);
            let reason = format!("{unset}, so nothing says which host it is for; set it, and `{endpoint}`");
            return Err(nowhere(None, reason));
        };
        if let Some(value) = endpoint_said {
            return match address::place_of_api(kind, value) {
                Ok(place) => Ok((place, Some(endpoint))),
                Err(_) if named.or(shaped).is_none() && address::api(value, false).is_ok() => {
                    let unset = variables.unset(platform);
                    let reason = format!("{unset}, so nothing says of which kind the host in `{endpoint}` is");
                    Err(nowhere(None, reason))
                }
                Err(error) => Err(Lost::Address(kind, endpoint, error)),
            };
        }
        let alone = vocabulary::host(kind).addresses.elsewhere.run_by == RunBy::Nobody;
        let file = family.beside.as_ref().map(|beside| beside.file).filter(|file| variables.get(file).is_some());
        let settled =
            alone || is_placeholder || (named.is_some() && file.is_none()) || (shaped == usual && shaped == Some(kind));
        let public = address::public(kind).filter(|_| settled);
        let by = named.map(|_| *platform);
        public.map(|place| (place, by)).ok_or_else(|| {
            let reason = match file {
                Some(file) if named.is_some() => {
                    let unset = variables.unset(endpoint);
                    format!("{unset}, and the file in `{file}`, which is not read, may say which host it is for")
                }
                _ => format!("nothing says which host it is for; set `{platform}` and `{endpoint}`"),
            };
            nowhere(Some(kind), reason)
        })
    }
}

/// That a token goes nowhere, and what to set.
fn unnamed(kind: HostKind, variables: &[&'static str], environment: &Variables<'_>) -> Lost {
    let empty = variables.iter().map(|name| (name, environment.unset(name))).find(|(_, how)| how.ends_with("empty"));
    let set = empty.as_ref().map(|(name, _)| *name).or(variables.first());
    let how = empty.as_ref().map_or_else(String::new, |(_, how)| format!("{how}, so "));
    Lost::Nowhere {
        host: kind.word().to_owned(),
        reason: format!(
            "{how}nothing says which host it is for; set {}, or declare it in the settings",
            english::quoted_list(set, "or")
        ),
    }
}

/// The server that a tool's variable names: never the vendor's own service, whose tokens are another family's.
fn own_server(kind: HostKind, variable: &'static str, tool: &str, environment: &Variables<'_>) -> Result<Place, Lost> {
    let nowhere = |reason: String| Lost::Nowhere { host: kind.word().to_owned(), reason };
    let Some(value) = environment.get(variable) else {
        return Err(unnamed(kind, &[variable], environment));
    };
    let authority = address::bare_authority(value).map_err(|error| Lost::Address(kind, variable, error))?;
    if address::is_of_service(kind, &authority) {
        let reason = format!("`{variable}` is not an enterprise server; {tool} would not send this token there");
        return Err(nowhere(reason));
    }
    address::place_at(kind, &authority).map_err(|error| Lost::Address(kind, variable, error))
}
