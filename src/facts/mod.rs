//! Facts: what is known of a credential, how well, and by which evidence.

mod abilities;
mod credential;
mod derive;
mod evidence;
mod exchange;
mod incident;
mod kind;
mod knowledge;
pub mod record;
pub mod reveal;
mod set;
mod trim;
mod value;

pub use abilities::{Half, Lack, lacks};
pub use credential::{AppUse, Credential, ScopePattern, Target};
pub use derive::{base_facts, derive, hidden};
pub use evidence::{Evidence, RequestLabel};
pub use exchange::{Answer, Attempt, Exchange, ExchangeSummary, Failure, HttpRequest};
pub use incident::{Incident, Refusal};
pub use kind::kind_of;
pub use knowledge::{Bounds, Cause, Causes, Knowledge, Unknown};
pub use set::{Fact, FactSet, Listed, RepositoryName, RepositoryNameError, SubjectFacts, SubjectRef};
pub use value::{PermissionMap, RecordValue, Value, Version};

pub use crate::vocabulary::headers;
