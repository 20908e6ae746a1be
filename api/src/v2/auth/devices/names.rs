//! Refusals of a device's fields, at the places where the two shapes of the body have them.

use application::identity::{Failure, Refusal};

use crate::problem::{Code, Problem, camel};
use crate::v2::auth::refusal::field;

/// How the fields of a body are called.
#[derive(Clone, Copy)]
pub(super) enum Names {
    /// `device_name`
    Snake,
    /// `deviceName`
    Camel,
}

impl Names {
    /// The problem of a failure, with pointers into a body whose top level is the device.
    pub(super) fn problem(self, failure: Failure) -> Problem {
        match failure {
            Failure::Refused(Refusal::Fields(fields)) => {
                let placed = fields.into_iter().map(|refused| field(refused, self.place(refused.pointer())));
                placed.fold(Problem::new(Code::FieldsInvalid), Problem::field)
            }
            other => other.into(),
        }
    }

    /// The last segment of the pointer, at the top level.
    fn place(self, pointer: &str) -> String {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        match self {
            Self::Snake => format!("/{name}"),
            Self::Camel => format!("/{}", camel(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_pointed_at_by_the_name_it_was_sent_with() {
        assert_eq!(Names::Snake.place("/device/push_token"), "/push_token");
        assert_eq!(Names::Camel.place("/device/push_token"), "/pushToken");
        assert_eq!(Names::Camel.place("/public_key"), "/publicKey");
    }
}
