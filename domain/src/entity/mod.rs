//! What every entity shares, and the registry. What only one kind has lives with that kind.

pub(crate) mod aggregate;
pub mod context;
pub mod core;
mod deletion;
pub mod event_names;
pub mod fields;
mod fold;
pub mod hidden;
mod import;
pub mod kept;
pub mod kind;
pub mod lifecycle;
mod linking;
pub mod meta;
pub mod outcome;
pub mod recorded;
pub mod registry;
mod resolve;
pub mod text;
pub mod upcast;

pub use self::context::{Context, HeroView, Referrer};
pub use self::core::Core;
pub use self::deletion::reaffirmed;
pub use self::fields::{Edit, Fields, Policy, Reference};
pub use self::kept::{Import, Kept, legacy_next};
pub use self::kind::{EntityRef, Kind};
pub use self::lifecycle::{Choice, Lifecycle, LifecycleCommand};
pub use self::meta::{Deletion, Gone, Meta, Register, Took};
pub use self::outcome::{Outcome, OutcomeKind};
pub use self::recorded::{Decision, Mark, Recorded};
pub use self::registry::{Command, Entity, Event};
