//! What asking with a kind of credential gives of a fact, read from the tables.

use super::knowledge::Cause;
use crate::vocabulary::{CredentialKind, Derivation, Fact, Grounds, Host, Origin, Place, Request, Told, Type};

/// What a kind of credential learns of a fact.
#[derive(Clone, Debug)]
pub enum Shown {
    /// This request tells it, in this place of the answer.
    Asked(&'static Request, &'static Place),
    /// This request of a minted token tells it: by a checker App where there is a reason why the credential cannot.
    Minted(&'static Request, &'static Place, Option<&'static str>),
    /// The text of the token tells it.
    TokenText,
    /// It is computed from other facts.
    Computed(&'static Derivation),
    /// This kind has no such thing; why.
    Inapplicable(String),
    /// This kind has it and cannot show it; why.
    Hidden(String),
}

impl Shown {
    /// The word in JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Asked(..) => "asked",
            Self::Minted(..) => "minted",
            Self::TokenText => "token-text",
            Self::Computed(_) => "computed",
            Self::Inapplicable(_) => Cause::Inapplicable.word(),
            Self::Hidden(_) => Cause::NotRevealable.word(),
        }
    }
}

/// What a kind learns of a fact. A request that tells it wins over the other rows, as in the plan.
pub fn shown(host: &'static Host, fact: &'static Fact, kind: &'static CredentialKind) -> Shown {
    let reveals = match &fact.origin {
        Origin::Derived(derivation) => return Shown::Computed(derivation),
        Origin::Asked(reveals) => reveals,
    };
    let mut found = None;
    for reveal in *reveals {
        let every = reveal.kinds.is_empty() && kind.first_request.is_some();
        if !every && !reveal.kinds.contains(&kind.word) {
            continue;
        }
        match &reveal.by {
            Told::Request { request, source } => {
                if let Some(request) = host.request(request) {
                    return Shown::Asked(request, source);
                }
            }
            Told::Minted { request, source } => {
                if let Some(request) = host.request(request) {
                    return Shown::Minted(request, source, None);
                }
            }
            Told::Checked { request, source, otherwise } => {
                if let Some(request) = host.request(request) {
                    return Shown::Minted(request, source, Some(otherwise));
                }
            }
            Told::TokenText => found = Some(Shown::TokenText),
            Told::Inapplicable(why) => found = Some(Shown::Inapplicable((*why).to_owned())),
            Told::NotRevealable(why) => found = Some(Shown::Hidden((*why).to_owned())),
        }
    }
    found.unwrap_or_else(|| Shown::Hidden(format!("no request shows it to a {}", kind.title)))
}

/// Whether something can come to be known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knowable {
    /// By asking.
    Always,
    /// In part, or only where something else decides; what stands in the way.
    Partly(Vec<Obstacle>),
    /// Never; what stands in the way.
    Never(Vec<Obstacle>),
}

/// Why a fact stays unknown for a kind of credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The fact that cannot be known.
    pub fact: &'static str,
    /// The cause.
    pub cause: Cause,
    /// In a sentence, without a full stop.
    pub reason: String,
}

impl Knowable {
    /// Both are needed.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, other) | (other, Self::Always) => other,
            (Self::Never(mut one), Self::Never(two) | Self::Partly(two))
            | (Self::Partly(mut one), Self::Never(two)) => {
                join(&mut one, two);
                Self::Never(one)
            }
            (Self::Partly(mut one), Self::Partly(two)) => {
                join(&mut one, two);
                Self::Partly(one)
            }
        }
    }

    /// Either may decide by itself.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, Self::Always) => Self::Always,
            (Self::Never(mut one), Self::Never(two)) => {
                join(&mut one, two);
                Self::Never(one)
            }
            (one, two) => {
                let mut all = one.obstacles().to_vec();
                join(&mut all, two.obstacles().to_vec());
                Self::Partly(all)
            }
        }
    }

    /// What stands in the way.
    pub fn obstacles(&self) -> &[Obstacle] {
        match self {
            Self::Always => &[],
            Self::Partly(obstacles) | Self::Never(obstacles) => obstacles,
        }
    }
}

fn join(into: &mut Vec<Obstacle>, more: Vec<Obstacle>) {
    for obstacle in more {
        if !into.contains(&obstacle) {
            into.push(obstacle);
        }
    }
}

/// Whether a fact can be known with a kind of credential, derived ones through what they rest on.
pub fn knowable(host: &'static Host, fact: &'static Fact, kind: &'static CredentialKind) -> Knowable {
    let obstacle = |cause: Cause, reason: &str| Obstacle { fact: fact.path, cause, reason: reason.to_owned() };
    let of = |path: &str| host.fact(path).map(|index| knowable(host, host.row(index), kind));
    match shown(host, fact, kind) {
        Shown::Asked(..) | Shown::TokenText => Knowable::Always,
        Shown::Minted(_, _, Some(why)) => {
            Knowable::Partly(vec![obstacle(Cause::NotRevealable, &format!("{why}; a checker App can, with `--mint`"))])
        }
        Shown::Minted(_, _, None) => Knowable::Partly(vec![obstacle(
            Cause::NotRevealable,
            "only a minted token can read it: `--mint` decides this",
        )]),
        Shown::Inapplicable(why) => Knowable::Never(vec![obstacle(Cause::Inapplicable, &why)]),
        // What other answers prove of a permission map counts, whatever the map's own row says.
        Shown::Hidden(why) if matches!(fact.ty, Type::Permissions(_)) && fact.path == "token.permissions" => {
            Knowable::Partly(vec![obstacle(Cause::NotRevealable, &why)])
        }
        Shown::Hidden(why) => Knowable::Never(vec![obstacle(Cause::NotRevealable, &why)]),
        Shown::Computed(Derivation::Lifetime) if kind.lifetime.is_some() => Knowable::Always,
        Shown::Computed(Derivation::Lifetime) => of("token.expires_at").unwrap_or(Knowable::Always),
        Shown::Computed(Derivation::Until(path) | Derivation::Since(path) | Derivation::Access(path)) => {
            of(path).unwrap_or(Knowable::Always)
        }
        Shown::Computed(Derivation::Outsider(outsider)) => {
            outsider.reads().into_iter().filter_map(of).reduce(Knowable::and).unwrap_or(Knowable::Always)
        }
        Shown::Computed(Derivation::RoleEnd(end)) => {
            end.reads().into_iter().filter_map(of).reduce(Knowable::and).unwrap_or(Knowable::Always)
        }
        Shown::Computed(Derivation::Abilities(grounds)) => abilities(host, kind, grounds),
    }
}

/// Abilities take a grant, scopes or permissions, and what the identity may do.
fn abilities(host: &'static Host, kind: &'static CredentialKind, grounds: &'static Grounds) -> Knowable {
    let mut all = Knowable::Always;
    let mut grants: Vec<Knowable> = Vec::new();
    for row in grounds.reads().into_iter().filter_map(|path| host.fact(path)).map(|index| host.row(index)) {
        let own = knowable(host, row, kind);
        // An installation matters to those that can see one.
        if grounds.is_of_installation(row.path) && own != Knowable::Always {
            continue;
        }
        if ["token.scopes", "token.permissions"].contains(&row.path) {
            // A kind that has only one of both is judged by that one.
            if !own.obstacles().iter().any(|obstacle| obstacle.cause == Cause::Inapplicable) {
                grants.push(own);
            }
        } else {
            all = all.and(own);
        }
    }
    let grants = grants.into_iter().reduce(Knowable::or).unwrap_or(Knowable::Always);
    // A part that is open leaves abilities open one by one, and others decided.
    match all.and(grants) {
        Knowable::Always => Knowable::Always,
        Knowable::Partly(obstacles) | Knowable::Never(obstacles) if kind.first_request.is_some() => {
            Knowable::Partly(obstacles)
        }
        never => never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{HOSTS, HostKind, host};

    fn of(path: &str, kind: &str) -> Knowable {
        let github = host(HostKind::GitHub);
        knowable(github, github.row(github.fact(path).unwrap()), github.credential_kind(kind).unwrap())
    }

    #[test]
    fn derived_facts_are_as_knowable_as_what_they_rest_on() {
        assert_eq!(of("token.expires_in", "classic"), Knowable::Always);
        assert_eq!(of("token.lifetime", "app_key"), Knowable::Always, "the kind's row tells");
        assert_eq!(of("repository.can", "classic"), Knowable::Always);
        let Knowable::Never(why) = of("token.expires_in", "app_installation") else { panic!() };
        assert_eq!((why[0].fact, why[0].cause), ("token.expires_at", Cause::NotRevealable));
        assert!(matches!(of("repository.can", "fine_grained"), Knowable::Partly(_)));
        assert!(matches!(of("repository.can", "app_key"), Knowable::Partly(_)));
        assert_eq!(of("token.permissions", "app_key"), Knowable::Always);
        assert!(matches!(of("repository.visibility", "app_key"), Knowable::Partly(_)));
        assert!(matches!(of("token.permissions", "fine_grained"), Knowable::Partly(_)));
        let Knowable::Never(why) = of("token.scopes", "fine_grained") else { panic!() };
        assert_eq!(why[0].cause, Cause::Inapplicable);
    }

    #[test]
    fn every_fact_of_every_kind_has_an_answer() {
        for host in HOSTS {
            for fact in host.facts {
                for kind in host.kinds {
                    let knowable = knowable(host, fact, kind);
                    let reasons = knowable.obstacles().iter();
                    assert!(reasons.clone().all(|obstacle| !obstacle.reason.is_empty()), "{} {}", fact.path, kind.word);
                    assert_eq!(knowable == Knowable::Always, reasons.count() == 0);
                }
            }
        }
    }

    #[test]
    fn either_decides_and_both_are_needed() {
        let obstacle = Obstacle { fact: "x", cause: Cause::NotRevealable, reason: "y".into() };
        let never = Knowable::Never(vec![obstacle.clone()]);
        let partly = Knowable::Partly(vec![obstacle]);
        assert_eq!(Knowable::Always.or(never.clone()), partly);
        assert_eq!(Knowable::Always.and(never.clone()), never);
        assert_eq!(never.clone().or(never.clone()), never);
        assert_eq!(partly.clone().and(never.clone()), never);
        assert_eq!(partly.clone().or(partly.clone()), partly);
    }
}
