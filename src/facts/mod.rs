//! Facts: what is known of a credential, how well, and by which evidence.

mod abilities;
mod address;
mod agree;
mod as_json;
mod credential;
mod derive;
mod evidence;
mod exchange;
mod given;
mod incident;
mod json;
mod kind;
mod knowledge;
mod origin;
pub mod record;
mod recorded;
mod repository;
pub mod reveal;
mod scope;
mod set;
mod subjects;
mod target;
mod trim;
mod value;
mod wanted;

pub use abilities::{Half, Lack, lacks};
pub use address::WebAddress;
pub use as_json::{as_json, certain_as_json, records_as_json};
pub use credential::{AppUse, Credential, NotChecked, NotRead};
pub use derive::{base_facts, derive, derive_read, hidden};
pub use evidence::{Evidence, RequestLabel};
pub use exchange::{Answer, Attempt, Exchange, ExchangeSummary, Failure, HttpRequest};
pub use given::{GivenInput, InputText};
pub use incident::{Incident, Withheld};
pub use kind::{kind_of, known_kind};
pub use knowledge::{Bounds, Cause, Causes, Knowledge, Unknown};
pub use origin::Origin;
pub use repository::{RepositoryName, RepositoryNameError};
pub use scope::{Named, ScopeEntry};
pub use set::{Fact, FactSet, Listed, SubjectFacts, SubjectRef};
pub use subjects::{Subjects, compare_names};
pub use target::Target;
pub use value::{PermissionMap, RecordValue, Value, Version};
pub use wanted::Wanted;

pub use crate::vocabulary::{Refusal, headers};
