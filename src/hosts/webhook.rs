//! What the hosts' webhooks have in common.

use url::Url;

/// The address without what may hold a secret: user information, query and fragment.
pub(super) fn bare_url(text: &str) -> String {
    match Url::parse(text) {
        Ok(mut url) => {
            // Addresses that cannot have them have none to remove.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.set_query(None);
            url.set_fragment(None);
            url.to_string()
        }
        Err(_) => {
            let path = text.split(['?', '#']).next().unwrap_or_default();
            path.rsplit_once('@').map_or(path, |(_, rest)| rest).to_owned()
        }
    }
}
