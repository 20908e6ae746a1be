//! What every entity shares, and the registry. What only one kind has lives with that kind.

pub(crate) mod aggregate;
pub mod context;
pub mod core;
pub mod fields;
pub mod meta;
pub mod recorded;
pub mod registry;
pub mod text;

pub use self::context::{Context, HeroView, Outcome, OutcomeKind, Referrer};
pub use self::core::{Core, Lifecycle, LifecycleCommand};
pub use self::fields::{Edit, Fields, Policy, Reference};
pub use self::meta::{Meta, Register, Took};
pub use self::recorded::{Decision, Mark, Recorded};
pub use self::registry::{Command, Entity, EntityRef, Event, Kind};
