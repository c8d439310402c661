//! `GET /user/repository_invitations`: why a repository may not be visible. A hint, and never a verdict: whatever else is
//! answered, a refusal too, says nothing.

use serde_json::Value as Json;

use super::repository::full_name;
use super::requests;
use crate::facts::{Incident, RepositoryName};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::{Seen, Walk, alike};
use crate::vocabulary::field;

const FULL_NAME: Column = required("repository.full_name");
/// Old servers do not send it.
const EXPIRED: Column = required("expired").missing(Gap::Nothing);

/// The invitations to repositories that were not visible.
pub(super) async fn invitations(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    walk.turn().await;
    let Some(answer) = exchange.result.as_ref().ok().filter(|answer| answer.status == 200) else { return };
    let Ok(Json::Array(items)) = alike::json(answer) else { return };
    let hidden: Vec<RepositoryName> = walk
        .question()
        .so_far
        .incidents
        .iter()
        .filter_map(|incident| match incident {
            Incident::NotVisible { repository, .. } => Some(repository.clone()),
            _ => None,
        })
        .collect();
    for item in &items {
        let Some(name) = FULL_NAME.text(item).value().ok().and_then(full_name) else { continue };
        let is_it = |hidden: &&RepositoryName| hidden.as_str().eq_ignore_ascii_case(name.as_str());
        let expired = match EXPIRED.flag(item) {
            Held::Value(expired) => expired,
            Held::Nothing => false,
            Held::Open(_) => continue,
        };
        if let Some(repository) = hidden.iter().find(is_it) {
            let invited = Incident::Invited {
                repository: repository.clone(),
                expired,
                link: format!("{}/{repository}/invitations", walk.credential().url.trim_end_matches('/')),
                evidence: vec![Seen::of(&exchange).evidence(field("repository.full_name").of_each(""))],
            };
            walk.decoded.incidents.push(invited);
        }
    }
}
