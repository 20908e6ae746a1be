//! The result of a case: its end in every order that it asks for, and what the devices were told where there is one.

use domain::transaction::{CommandResult, Receipt, Verdict};
use serde_json::{Map, Value, json};

use super::{Case, CaseError, End, Played};

/// Plays a case in all its orders. `{name, orders, entities, conflicts}`, with `outcomes` where there is one order, and
/// `differs` where two orders end differently.
///
/// # Errors
/// The case cannot be played.
pub async fn merge(case: &Case) -> Result<Value, CaseError> {
    let orders = case.orders()?;
    let start = Played::given(case).await?;
    let mut first: Option<(Vec<String>, End)> = None;
    let mut result = json!({ "name": case.name, "orders": orders.len() });
    for order in orders.iter().cloned() {
        let mut played = start.fork();
        for name in &order {
            played.next(case, name).await?;
        }
        let end = End::of(&played)?;
        match &first {
            None if orders.len() == 1 => {
                result["outcomes"] = outcomes_of(&played);
                first = Some((order, end));
            }
            None => first = Some((order, end.converging())),
            Some((_, expected)) if *expected == end.converging() => {}
            Some((earlier, expected)) => {
                let ends = [(earlier, expected.to_value()), (&order, end.converging().to_value())];
                result["differs"] = ends.map(|(order, end)| json!({ "order": order, "end": end })).into();
                return Ok(result);
            }
        }
    }
    if let (Value::Object(end), Some(result)) = (first.unwrap_or_default().1.to_value(), result.as_object_mut()) {
        result.extend(end);
    }
    Ok(result)
}

/// What each device was told of its transactions: a list of outcomes, or the code of the refusal.
pub fn outcomes_of(played: &Played) -> Value {
    let told = |receipts: &Vec<Receipt>| -> Value { receipts.iter().map(told).collect() };
    let all = played.receipts().iter().map(|(name, receipts)| (name.clone(), told(receipts)));
    Value::Object(all.collect())
}

fn told(receipt: &Receipt) -> Value {
    match &receipt.verdict {
        Verdict::Committed { results, .. } => results.iter().map(outcome).collect(),
        Verdict::Rejected { problem } => json!({ "rejected": problem.code }),
        Verdict::Deferred { problem } => json!({ "deferred": problem.code }),
    }
}

fn outcome(result: &CommandResult) -> Value {
    match serde_json::to_value(&result.outcome) {
        Ok(Value::Object(outcome)) => Value::Object(outcome),
        _ => Value::Object(Map::new()),
    }
}
