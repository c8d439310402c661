//! What an answer that is not what was asked for says, in Gitea's own words.
//!
//! Only fixed texts are read: some others follow the language of the account. The words of a 401 may hold the token, and
//! are never passed on.

use serde_json::Value as Json;

use crate::text::strict_json;

/// What an error answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Gitea's sentence. `None` where the body is no JSON of Gitea's: a proxy's page, or a route that is not there.
    pub(super) message: Option<String>,
}

/// A refusal for want of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lacking {
    /// The scopes that the route takes, all of them.
    pub(super) required: Vec<String>,
    /// Every scope that the token holds, where the version tells.
    pub(super) held: Option<Vec<String>>,
}

/// Why the account itself is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// It may not sign in, or was never activated: both say the same.
    Prohibited,
    /// Its e-mail was never confirmed.
    NotActivated,
    /// It has to change its password first.
    MustChangePassword,
    /// It has to set up a second factor first.
    SecondFactor,
}

impl Told {
    pub(super) fn read(body: &[u8]) -> Self {
        let body = strict_json::parse(body).unwrap_or(Json::Null);
        Self { message: body.get("message").and_then(Json::as_str).map(str::to_owned) }
    }

    fn text(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }

    /// Whether it is Gitea's, and no proxy's.
    pub(super) const fn is_giteas(&self) -> bool {
        self.message.is_some()
    }

    /// The scopes that are missing, where that is why.
    pub(super) fn lacking(&self) -> Option<Lacking> {
        let rest = self.text().strip_prefix("token does not have at least one of required scope(s)")?;
        let list = |text: &str, by: char| -> Vec<String> {
            text.split(by).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
        };
        if let Some(rest) = rest.strip_prefix(": [") {
            let required = list(rest.strip_suffix(']')?, ' ');
            return (!required.is_empty()).then_some(Lacking { required, held: None });
        }
        let rest = rest.strip_prefix(", required=[")?;
        let (required, held) = rest.rsplit_once("], token scope=")?;
        let required: Vec<String> =
            required.split([' ', ',']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        (!required.is_empty()).then(|| Lacking { required, held: Some(list(held, ',')) })
    }

    /// Whether the token is limited to what is public, where that is why: the scope was there.
    pub(super) fn is_public_only(&self) -> bool {
        const OF: [&str; 7] = ["repos", "issues", "orgs", "users", "activitypub", "notifications", "packages"];
        let of = self.text().strip_prefix("token scope is limited to public ");
        of.is_some_and(|of| OF.contains(&of)) || self.text() == "this endpoint is not available for public-only tokens"
    }

    /// Whether the route is for site administrators, where that is why: the scope was there.
    pub(super) fn wants_site_admin(&self) -> bool {
        self.text() == "user should be the site admin"
    }

    /// The scopes that the host has stored for the token make no sense to it.
    pub(super) fn is_broken_scope(&self) -> bool {
        self.text().starts_with("checking scope failed: ")
    }

    /// Whether only others may ask for an account's permission.
    pub(super) fn is_not_ones_own(&self) -> bool {
        self.text().starts_with("Only admins can query all permissions")
    }

    /// Whether there is no account of the name that was asked about.
    pub(super) fn is_no_account(&self) -> bool {
        self.text().starts_with("user does not exist")
    }

    /// Whether webhooks are switched off.
    pub(super) fn has_no_webhooks(&self) -> bool {
        self.text() == "webhooks disabled by administrator"
    }

    /// Whether the instance wants everybody to sign in, and did not take this for it.
    pub(super) fn wants_sign_in(&self) -> bool {
        self.text() == "Only signed in user is allowed to call APIs."
    }

    /// Why the account itself is refused, where that is why. The demand for a second factor follows the account's language:
    /// its link does not.
    pub(super) fn account(&self) -> Option<Account> {
        let text = self.text();
        if text.starts_with("This account is prohibited from signing in") {
            Some(Account::Prohibited)
        } else if text == "This account is not activated." {
            Some(Account::NotActivated)
        } else if text.starts_with("You must change your password.") {
            Some(Account::MustChangePassword)
        } else if text.contains("/user/settings/security") {
            Some(Account::SecondFactor)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(message: &str) -> Told {
        Told { message: Some(message.to_owned()) }
    }

    #[test]
    fn a_refusal_for_want_of_scopes_says_which_and_perhaps_those_held() {
        let older = told("token does not have at least one of required scope(s): [read:user read:repository]");
        let wanted = Lacking { required: vec!["read:user".into(), "read:repository".into()], held: None };
        assert_eq!(older.lacking(), Some(wanted));
        let newer = told(
            "token does not have at least one of required scope(s), required=[read:admin], token scope=public-only,write:issue",
        );
        let held = Some(vec!["public-only".to_owned(), "write:issue".to_owned()]);
        assert_eq!(newer.lacking(), Some(Lacking { required: vec!["read:admin".into()], held }));
        let empty = told("token does not have at least one of required scope(s), required=[read:admin], token scope=");
        assert_eq!(empty.lacking().and_then(|lacking| lacking.held), Some(Vec::new()));
        for other in [
            "token does not have at least one of required scope(s)",
            "token does not have at least one of required scope(s): [read:user",
            "token does not have at least one of required scope(s): []",
            "token does not have at least one of required scope(s), required=[read:user",
            "token does not have required scope: repo",
        ] {
            assert_eq!(told(other).lacking(), None, "{other}");
        }
    }

    #[test]
    fn what_follows_the_last_words_is_held() {
        let twice = told(
            "token does not have at least one of required scope(s), required=[x], token scope=y], token scope=read:issue",
        );
        assert_eq!(twice.lacking().and_then(|lacking| lacking.held), Some(vec!["read:issue".to_owned()]));
    }

    #[test]
    fn a_demand_is_known_in_every_language() {
        let link = "https://git.acme.dev/user/settings/security";
        for text in [
            format!("This Forgejo instance requires users to enable two-factor authentication. Enable it at: {link}"),
            format!("Diese Forgejo-Instanz verlangt die Zwei-Faktor-Authentifizierung: {link}"),
        ] {
            assert_eq!(told(&text).account(), Some(Account::SecondFactor));
        }
        assert_eq!(told("user should be the site admin").account(), None);
        assert_eq!(Told::read(b"404 page not found\n"), Told::default());
        assert_eq!(Told::read(b"{\"message\": 1}"), Told::default());
    }
}
