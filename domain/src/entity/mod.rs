//! What every entity shares, and the registry. What only one kind has lives with that kind.

pub(crate) mod aggregate;
pub mod context;
pub mod core;
pub mod fields;
mod import;
pub mod kept;
pub mod kind;
pub mod lifecycle;
pub mod meta;
pub mod outcome;
pub mod recorded;
pub mod registry;
pub mod text;

pub use self::context::{Context, HeroView, Referrer};
pub use self::core::Core;
pub use self::fields::{Edit, Fields, Policy, Reference};
pub use self::kept::{Import, Kept};
pub use self::kind::{EntityRef, Kind};
pub use self::lifecycle::{Lifecycle, LifecycleCommand};
pub use self::meta::{Meta, Register, Took};
pub use self::outcome::{Outcome, OutcomeKind};
pub use self::recorded::{Decision, Mark, Recorded};
pub use self::registry::{Command, Entity, Event};
