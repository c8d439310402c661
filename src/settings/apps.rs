//! Apps, as messages speak of them.

use crate::text::english;
use crate::vocabulary::HOSTS;

/// The hosts whose Apps have private keys.
pub(super) fn hosts_of_apps() -> String {
    let with_keys = HOSTS.iter().filter(|host| host.declaring.app_key.is_some());
    english::list(with_keys.map(|host| host.title), "or")
}
