//! What to do about refusals, in the words of GitHub's pages.

use crate::vocabulary::new_page::NewPage;
use crate::vocabulary::refusal::{Mend, Refusal};

pub(super) static MENDS: &[Mend] = &[
    Mend {
        refusal: Refusal::SingleSignOn,
        mend: "authorise the token for the organisation: on its settings page, `Configure SSO`",
    },
    Mend {
        refusal: Refusal::KindForbidden,
        mend: "use a kind of credential that `{by}` allows: a fine-grained token or an App",
    },
    Mend { refusal: Refusal::LifetimeTooLong, mend: "make a token with a shorter lifetime" },
    Mend {
        refusal: Refusal::AppNotApproved,
        mend: "ask an owner of `{by}` to approve the app, or use another kind of credential",
    },
    Mend { refusal: Refusal::AddressNotAllowed, mend: "run credcheck from where the bot runs" },
    Mend { refusal: Refusal::Suspended, mend: "unsuspend the installation in `{by}`" },
];

/// Source: "Managing your personal access tokens", section on pre-filling: `name` (at most 40 characters),
/// `target_name`, and a parameter for each permission.
pub(super) static NEW_PAGES: &[NewPage] = &[NewPage {
    kind: "fine_grained",
    address: "{url}/settings/personal-access-tokens/new",
    name: ("name", 40),
    owner: "target_name",
}];
