//! The commands of an import to any kind: created with what it keeps, and fields taken over where nobody has written.

use serde_json::{Map, Value};

use super::context::Context;
use super::core::Core;
use super::fields::{Edit, Fields, references};
use super::kept::Import;
use super::lifecycle::Lifecycle;
use super::recorded::Decision;
use crate::limits::INSTANT_MS_MIN;
use crate::merge;
use crate::rejection::Rejection;

impl<F: Fields> Core<F> {
    /// Creates it as any other, at the moment at which it was created elsewhere.
    pub(super) fn import(
        &self,
        import: Import,
        required: &[&str],
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        let decision = self.create(import.id, import.data, required, context)?;
        let (now, zone) = (context.mark.at, &context.hero.time_zone);
        Ok(decision.map(|event| match event {
            Lifecycle::Created(mut created) => {
                created.moment = import.created_at.clamp(INSTANT_MS_MIN, now);
                created.kept = Some(Box::new(import.kept.settled(zone, now)));
                created.legacy_id = created.legacy_id.map(|next| import.legacy_id.unwrap_or(next));
                Lifecycle::Created(created)
            }
            other => other,
        }))
    }

    /// Edits what nobody has written since the creation; what somebody has stays.
    pub(super) fn adopt(
        &self,
        mut values: Map<String, Value>,
        required: &[&str],
        context: &Context,
    ) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if !self.meta.is_live() {
            return Ok(Decision::superseded());
        }
        let closing: Vec<&str> = references::<F>(&values)
            .into_iter()
            .filter(|reference| self.would_close_a_cycle(reference.field, reference.target.id, context))
            .map(|reference| reference.field)
            .collect();
        values.retain(|field, _| !self.meta.stamps.fields.contains_key(field) && !closing.contains(&field.as_str()));
        if values.is_empty() {
            return Ok(Decision::unchanged(None));
        }
        let edit = Edit { set: values, ..Edit::default() };
        Ok(merge::edit((&self.meta, &self.fields), &edit, required, context)?.map(Lifecycle::Edited))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::Import;
    use crate::completion::Completion;
    use crate::entity::{Command, Context, Entity, Event, Kept, Kind, LifecycleCommand, Mark};
    use crate::follow_up::life;
    use crate::hero::{HeroCommand, HeroImport, Tally};
    use crate::id::{DeviceId, EntityId, SpaceId};
    use crate::rejection::Rejection;
    use crate::stamp::{Seen, Stamp};
    use crate::task::{DaysImport, ImportedDay, TaskCommand};

    const NOW: i64 = 1_792_886_400_000;

    fn object(value: Value) -> serde_json::Map<String, Value> {
        if let Value::Object(map) = value { map } else { panic!("no object") }
    }

    /// The entity after the command; what was stored folds to the same.
    fn after(entity: &Entity, command: Command) -> Result<Entity, Rejection> {
        let position = entity.meta().position + 1;
        let device = DeviceId(Uuid::from_u128(7));
        let (stamp, seen) = (Stamp { ms: NOW, counter: 0, device }, Seen { base: None, device });
        let context = Context { mark: Mark { position, at: NOW, stamp }, moment: NOW, seen, ..Context::default() };
        let mut decided = entity.clone();
        let events = decided.handle(command, &context).now_or_never().unwrap()?;
        let mut folded = entity.clone();
        for event in events {
            let stored = serde_json::from_str(&event.payload().to_string()).unwrap();
            folded.apply(Event::from_payload(event.kind(), stored).unwrap());
        }
        assert_eq!(folded, decided);
        Ok(decided)
    }

    fn import(kind: Kind, data: Value, kept: Kept) -> Command {
        let import =
            Import { id: EntityId(Uuid::from_u128(5)), created_at: 1_000, data: object(data), kept, legacy_id: None };
        life(kind, LifecycleCommand::Import(Box::new(import)))
    }

    #[test]
    fn an_imported_task_is_as_old_and_as_done_as_it_was() {
        let day = "2026-01-05".parse().unwrap();
        let completion = Completion { moment: 2_000, day, xp: 20, skill_id: None, balls: 2 };
        let kept = Kept { completion: Some(completion.clone()), focus_minutes: 25, ..Kept::default() };
        let made = after(&Entity::absent(Kind::Task), import(Kind::Task, json!({ "title": "Read" }), kept)).unwrap();
        let row = made.row();
        assert_eq!(
            (&row["created_at"], &row["completed_at"], &row["focus_minutes"]),
            (&json!(1_000), &json!(2_000), &json!(25))
        );
        assert_eq!(row["completion"], serde_json::to_value(completion).unwrap());
        assert_eq!((made.meta().version, made.meta().legacy_id), (1, Some(0)));
    }

    #[test]
    fn an_integer_that_clients_know_stays_and_what_has_no_field_is_in_the_event_alone() {
        let extras = object(json!({ "progress": 0.5 }));
        let kept = Kept { extras: extras.clone(), ..Kept::default() };
        let data = object(json!({ "title": "Read" }));
        let import = Import { id: EntityId(Uuid::from_u128(5)), created_at: 1_000, data, kept, legacy_id: Some(41) };
        let command = life(Kind::Task, LifecycleCommand::Import(Box::new(import)));
        let made = after(&Entity::absent(Kind::Task), command).unwrap();
        assert_eq!(made.meta().legacy_id, Some(41));
        assert!(!made.row().contains_key("extras"));
    }

    #[test]
    fn what_was_completed_without_a_trace_can_still_be_undone() {
        let kept = Kept { completed_at: Some(i64::MAX), ..Kept::default() };
        let made = after(&Entity::absent(Kind::Task), import(Kind::Task, json!({ "title": "Read" }), kept)).unwrap();
        assert_eq!(made.row()["completed_at"], NOW, "nothing is completed in the future");
        let undone = after(&made, Command::Task(TaskCommand::Uncomplete)).unwrap();
        assert_eq!(undone.row()["completed_at"], Value::Null);
    }

    #[test]
    fn an_import_is_refused_as_a_creation_is() {
        let none = Entity::absent(Kind::Task);
        let refused = after(&none, import(Kind::Task, json!({ "title": "x" }), Kept::default())).unwrap_err();
        assert_eq!(refused.code(), "too_short");
        let made = after(&none, import(Kind::Task, json!({ "title": "Read" }), Kept::default())).unwrap();
        let again = after(&made, import(Kind::Task, json!({ "title": "Read" }), Kept::default())).unwrap_err();
        assert_eq!(again, Rejection::AlreadyExists);
    }

    #[test]
    fn a_day_that_comes_twice_counts_one_completion() {
        let habit = json!({ "title": "Run", "category": "habit" });
        let made = after(&Entity::absent(Kind::Task), import(Kind::Task, habit, Kept::default())).unwrap();
        let day = "2026-01-05".parse().unwrap();
        let completion = Some(Completion { moment: 2_000, day, xp: 20, skill_id: None, balls: 2 });
        let days = DaysImport { days: vec![ImportedDay { day, minutes: 0, balls: 2, xp: 20, completion }] };
        let once = after(&made, Command::Task(TaskCommand::ImportDays(days.clone()))).unwrap();
        let twice = after(&once, Command::Task(TaskCommand::ImportDays(days))).unwrap();
        assert_eq!((&once.row()["completion_count"], &twice.row()["completion_count"]), (&json!(1), &json!(1)));
    }

    #[test]
    fn settings_that_somebody_wrote_stay_and_the_rest_is_taken_over() {
        let space = SpaceId(Uuid::from_u128(5));
        let create = LifecycleCommand::Create(space.into(), object(json!({ "time_zone": "UTC" })));
        let hero = after(&Entity::absent(Kind::Hero), life(Kind::Hero, create)).unwrap();
        let edit = |set: Value| super::Edit { set: object(set), ..super::Edit::default() };
        let named = after(&hero, life(Kind::Hero, LifecycleCommand::Edit(edit(json!({ "name": "Ada" }))))).unwrap();
        let brought = object(json!({ "name": "Grace", "mission": "Rise" }));
        let adopted = after(&named, life(Kind::Hero, LifecycleCommand::Adopt(brought))).unwrap();
        assert_eq!((&adopted.row()["name"], &adopted.row()["mission"]), (&json!("Ada"), &json!("Rise")));
    }

    #[test]
    fn a_hero_adds_up_and_one_that_is_not_there_does_not() {
        let day = "2026-01-05".parse().unwrap();
        let tally = Tally { day, completions: 2, minutes: 5, balls: 3, xp: 150 };
        let brought = HeroImport { xp: 150, tasks_completed: 2, days: vec![tally], ..HeroImport::default() };
        let command = || Command::Hero(HeroCommand::Import(Box::new(brought.clone())));
        assert_eq!(after(&Entity::absent(Kind::Hero), command()), Err(Rejection::NotFound));
        let create = LifecycleCommand::Create(EntityId(Uuid::from_u128(5)), object(json!({ "time_zone": "UTC" })));
        let hero = after(&Entity::absent(Kind::Hero), life(Kind::Hero, create)).unwrap();
        let twice = after(&after(&hero, command()).unwrap(), command()).unwrap();
        let row = twice.row();
        assert_eq!(json!([row["xp"], row["level"], row["tasks_completed"], row["streak"]]), json!([300, 2, 4, 1]));
        assert_eq!(twice.days()[&day].completions, 4);
    }

    #[test]
    fn no_client_can_ask_for_an_import() {
        for kind in ["task", "goal", "hero", "skill"] {
            let command = json!({ "command_id": Uuid::nil(), "type": format!("{kind}.import"), "at": 1, "data": {} });
            let sent = json!({ "transaction_id": Uuid::nil(), "commands": [command] });
            let read = crate::transaction::read(sent, SpaceId::default()).unwrap();
            assert_eq!(read.commands.unwrap_err().rejection, Rejection::CommandUnknown);
        }
    }
}
