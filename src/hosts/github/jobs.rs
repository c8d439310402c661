//! What the tokens of GitHub Actions jobs may do on a repository by default.

use serde_json::Value as Json;

use super::repository::proven_by_answer;
use super::tables::word_of;
use crate::facts::{Unknown, Value};
use crate::hosts::column::{Column, required};
use crate::hosts::reader::{Reader, malformed, strange_word};
use crate::vocabulary::field;

const DEFAULT: Column = required("default_workflow_permissions");
const PULL_REQUESTS: Column = required("can_approve_pull_request_reviews");

/// `GET /repos/OWNER/NAME/actions/permissions/workflow`, answered.
pub(super) fn permissions(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let strange = || strange_word("/default_workflow_permissions", &["read", "write"]);
    let level = DEFAULT.text(body).or_strange(|text| word_of("repository.job_permissions", text), strange);
    reader.tell("repository.job_permissions", level.known(Value::Word), field("default_workflow_permissions"));
    let flag = PULL_REQUESTS.flag(body).is();
    reader.tell("repository.job_pull_requests", flag, field("can_approve_pull_request_reviews"));
    proven_by_answer(reader);
    malformed("the answer does not tell this")
}
