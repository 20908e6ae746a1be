//! The registry: every step from an older shape of an event to the next, in the order in which they were taken. The last one
//! of an event leads to the version that is written now; an event without one has version 1.

use serde_json::Value;

use super::super::kind::Kind;
use super::step::Step;

/// Every step there is.
pub const STEPS: &[Step] = &[Step {
    kind: Kind::Hero,
    event: "energy_restored",
    from: "1",
    to: "2",
    change: energy_restored_says_what_was_spent,
}];

/// The first shape did not say what had been spent on the day, so taking it back gives nothing back. Between the two, some
/// of version 1 said it already.
fn energy_restored_says_what_was_spent(mut payload: Value) -> Value {
    if let Some(rested) = payload.pointer_mut("/change/energy_restored").and_then(Value::as_object_mut) {
        rested.entry("spent").or_insert(Value::from(0));
    }
    payload
}
