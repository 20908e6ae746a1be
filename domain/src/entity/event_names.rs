//! The names of events: one line each, from which their type in the log follows and the list of all that can be read. The
//! compiler holds the lines against the events.

use super::recorded::Recorded;

/// What the events of a kind are called, without the kind.
pub trait EventNames {
    /// Those that only this kind has.
    const OWN: &'static [&'static str];
    /// Those of the shared life.
    const SHARED: &'static [&'static str];
}

impl<E: EventNames> EventNames for Recorded<E> {
    const OWN: &'static [&'static str] = E::OWN;
    const SHARED: &'static [&'static str] = E::SHARED;
}

/// Names the events of a kind, and those of the shared life where it has one. The version of each is that which the
/// upcasters lead to.
macro_rules! event_names {
    ($change:ty, $kind:ident { $($variant:ident = $name:literal;)* } $($shared:ident)?) => {
        impl $crate::entity::event_names::EventNames for $change {
            const OWN: &'static [&'static str] = &[$($name),*];
            const SHARED: &'static [&'static str] = event_names!(@shared $($shared)?);
        }

        impl $change {
            fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                    $(Self::$shared(life) => life.name(),)?
                }
            }
        }

        impl cqrs_es::DomainEvent for $change {
            fn event_type(&self) -> String {
                format!("{}.{}", $crate::entity::Kind::$kind.name(), self.name())
            }

            fn event_version(&self) -> String {
                $crate::entity::upcast::present_version($crate::entity::Kind::$kind, self.name()).to_owned()
            }
        }
    };
    (@shared) => { &[] };
    (@shared $shared:ident) => { $crate::entity::lifecycle::NAMES };
}

pub(crate) use event_names;
