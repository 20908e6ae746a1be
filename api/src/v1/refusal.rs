//! What the rules refuse, in the words of v1: its clients know no commands, transactions and ids of v2, and a field by their
//! own name for it.

use domain::entity::Kind;
use domain::rejection::FieldError;
use domain::transaction;
use serde_json::{Value, json};

use super::failure::REFUSED;
use crate::problem::{Code, Problem, camel};

/// What is said of a code. The codes are those of v2.
const SENTENCES: [(&str, &str); 13] = [
    ("already_exists", "It exists already."),
    ("command_count", "This is more than one request may write. Send less at once."),
    ("conflict_closed", "This was decided already."),
    ("deleted", "It was deleted."),
    ("milestones_open", "The goal has open milestones. Complete them first."),
    ("not_found", "There is no such thing."),
    ("receipt_expired", "This was refused long ago. Send it under another Idempotency-Key."),
    ("reference_cycle", "It cannot be below itself."),
    ("reference_deleted", "What it belongs to was deleted."),
    ("reference_missing", "What it belongs to is not there."),
    ("space_full", "The account holds as much as it may. Delete something first."),
    ("transaction_reused", "This Idempotency-Key was used for another request."),
    ("use_complete", "Whether it is completed is said by `completed`."),
];
const OTHERWISE: &str = "This cannot be done.";
/// Fields whose name in v1 is not theirs of v2 in other letters; of every kind where none is named.
const NAMES: [(Option<Kind>, &str, &str); 18] = [
    (Some(Kind::Task), "category", "taskCategory"),
    (Some(Kind::Task), "kind", "taskType"),
    (Some(Kind::Skill), "kind", "skillType"),
    (Some(Kind::Goal), "parent_id", "parentGoalId"),
    (None, "parent_id", "parentTaskId"),
    (None, "energy_cost", "requiredEnergyBalls"),
    (None, "estimated_minutes", "estimatedDuration"),
    (None, "due_at", "dueDate"),
    (None, "target_at", "targetDate"),
    (None, "rank", "order"),
    (None, "minutes", "sessionDuration"),
    (None, "balls", "actualEnergyBalls"),
    (None, "energy_max", "maxEnergyBalls"),
    (None, "ball_minutes", "energyBallDuration"),
    (None, "peak_start", "energyPeakStart"),
    (None, "peak_end", "energyPeakEnd"),
    (None, "onboarded", "hasCompletedOnboarding"),
    (None, "tutorial_done", "hasCompletedTutorial"),
];

/// A refusal of commands to entities of these kinds, in their order, with its own code.
pub(super) fn refused(problem: &transaction::Problem, kinds: &[Kind]) -> Problem {
    let sentence = sentence(&problem.code).unwrap_or(OTHERWISE);
    let errors: Vec<Value> = problem.errors.iter().filter_map(|error| field(error, kinds)).collect();
    let mut said = json!({ "code": problem.code, "detail": sentence });
    if !errors.is_empty() {
        said["errors"] = errors.into();
    }
    Problem::new(Code::CommandRefused).detail(sentence).with(REFUSED, said)
}

fn sentence(code: &str) -> Option<&'static str> {
    SENTENCES.iter().find(|(known, _)| *known == code).map(|(_, sentence)| *sentence)
}

/// The field of an error, under its name in v1. `None`: it is about the command, which v1 does not know of.
fn field(error: &FieldError, kinds: &[Kind]) -> Option<Value> {
    let mut steps = error.pointer.split('/').skip(1).peekable();
    let number = if steps.next_if_eq(&"commands").is_some() { steps.next()?.parse().ok()? } else { 0 };
    let kind = kinds.get(number).or(kinds.first()).copied();
    let name = match steps.next()? {
        "data" | "set" | "add" | "remove" => steps.next()?,
        "type" | "at" | "command_id" => return None,
        name => name,
    };
    let message = sentence(&error.code).unwrap_or(&error.message);
    let mut said = json!({ "pointer": format!("/{}", named(kind, name)), "code": error.code, "message": message });
    for (limit, value) in &error.limits {
        said[limit] = value.clone();
    }
    Some(said)
}

fn named(kind: Option<Kind>, field: &str) -> String {
    let is_meant = |of: &Option<Kind>| of.is_none() || *of == kind;
    let known = NAMES.iter().find(|(of, name, _)| *name == field && is_meant(of));
    known.map_or_else(|| camel(field), |(_, _, name)| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use domain::id::{CommandId, EntityId};
    use domain::rejection::Rejection;
    use domain::transaction::Refusal;
    use uuid::Uuid;

    use super::*;

    /// What a client of v1 is told of a rejection of its first command.
    fn told(rejection: Rejection, kind: Kind) -> Value {
        let command_id = Some(CommandId(Uuid::from_u128(7)));
        let problem = transaction::Problem::from(&Refusal { index: Some(0), command_id, rejection });
        serde_json::to_value(refused(&problem, &[kind]).content()).unwrap()[REFUSED].clone()
    }

    #[test]
    fn a_field_has_the_name_that_the_client_sent() {
        let cycle = || Rejection::ReferenceCycle { pointer: "/set/parent_id".into(), field: "parent_id".into() };
        for (kind, name) in [(Kind::Task, "/parentTaskId"), (Kind::Goal, "/parentGoalId")] {
            let told = told(cycle(), kind);
            assert_eq!((&told["code"], &told["errors"][0]["pointer"]), (&json!("reference_cycle"), &json!(name)));
            assert_eq!(told["errors"][0]["message"], told["detail"]);
        }
        let short = told(Rejection::field("/data/exp_reward", "out_of_range", "5 at least"), Kind::Task);
        let expected = json!({ "pointer": "/expReward", "code": "out_of_range", "message": "5 at least" });
        assert_eq!(short["errors"], json!([expected]));
    }

    #[test]
    fn nothing_is_told_that_only_v2_knows() {
        let open = Rejection::MilestonesOpen { milestones: vec![EntityId(Uuid::from_u128(9))] };
        for rejection in [
            open,
            Rejection::Deleted,
            Rejection::CommandUnknown,
            Rejection::CommandRepeated,
            Rejection::TransactionReused,
            Rejection::UseComplete { pointer: "/set/status".into() },
            Rejection::ReferenceMissing {
                pointer: "/data/goal_id".into(),
                field: "goal_id".into(),
                id: EntityId::default(),
            },
        ] {
            let told = told(rejection, Kind::Goal);
            let said = told.to_string();
            for word in ["command_id", "commands/", "transaction_id", "-0000-", "goal_id", "goal.complete"] {
                assert!(!said.contains(word), "{word}: {said}");
            }
            assert!(told["detail"].as_str().is_some_and(|sentence| sentence.ends_with('.')), "{said}");
        }
    }
}
