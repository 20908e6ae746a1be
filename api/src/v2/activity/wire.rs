//! The activity as it is sent.

use application::activity::Shown;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of the activity.
#[derive(Serialize, ToSchema)]
#[schema(as = ActivityPage)]
pub struct ActivityBody {
    /// The newest first.
    pub(super) items: Vec<ItemBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    pub(super) next: Option<String>,
}

/// Something that was done.
#[derive(Serialize, ToSchema)]
#[schema(as = ActivityItem)]
pub struct ItemBody {
    /// Position of the event in the space's log.
    position: i64,
    /// When the user acted, by the device's clock as far as that was believed, Unix ms.
    at: i64,
    /// When the server recorded it, Unix ms.
    recorded_at: i64,
    /// The local day that it counts on; what takes something back counts on the day of that.
    #[schema(example = "2026-10-24")]
    day: String,
    /// `completed`, `uncompleted`, `reopened`, `focused`, `unfocused`, `level_up`, `level_down`, `energy_restored`,
    /// `energy_adjusted`, `imported` or `past`.
    action: String,
    /// `task`, `goal`, `milestone`, `skill` or `hero`.
    entity: String,
    /// Which.
    id: Uuid,
    /// What it was called then.
    title: String,
    /// Of a task: `todo`, `goal` or `habit`, as it was then.
    #[schema(required)]
    category: Option<String>,
    /// Of a task, as it was then.
    #[schema(required)]
    difficulty: Option<String>,
    /// The skill that the XP went to, beside the hero.
    #[schema(required)]
    skill_id: Option<Uuid>,
    /// XP granted.
    xp: i64,
    /// Balls of energy taken.
    balls: i64,
    /// Minutes of focus.
    minutes: i64,
    /// Finished focus cycles.
    cycles: i64,
    /// The level now, where it has changed.
    #[schema(required)]
    level: Option<i64>,
    /// What else there is to say, by action: `before` of a level, `goal_id` of a milestone, `of` (the position of what is taken
    /// back), `tasks_completed` and `days` of an import.
    #[schema(value_type = Object)]
    details: Value,
    /// The transaction.
    transaction_id: Uuid,
    /// From which device.
    device_id: Uuid,
    /// The position of the event that it followed from; null: somebody asked for it.
    #[schema(required)]
    cause: Option<i64>,
}

impl From<Shown> for ItemBody {
    fn from(shown: Shown) -> Self {
        Self {
            position: shown.position,
            at: shown.at,
            recorded_at: shown.recorded_at,
            day: shown.day.to_string(),
            action: shown.action,
            entity: shown.entity,
            id: shown.id.0,
            title: shown.title,
            category: shown.category,
            difficulty: shown.difficulty,
            skill_id: shown.skill_id.map(|skill| skill.0),
            xp: shown.xp,
            balls: shown.balls,
            minutes: shown.minutes,
            cycles: shown.cycles,
            level: shown.level,
            details: shown.details,
            transaction_id: shown.transaction.0,
            device_id: shown.device.0,
            cause: shown.cause,
        }
    }
}
