//! What v1 shows: every route that only reads. Most answers are put together of pieces, each a list or the hero, in the
//! envelope of its route; `answer` reads them and sends long lists while they are read.

mod activity_logs;
mod answer;
mod available_tasks;
mod battle_reports;
mod data;
mod health;
mod lists;
mod micro_tasks;
mod milestones;
mod mobile;
mod piece;
mod sent;

pub use activity_logs::activity_logs;
pub use answer::answer;
pub use available_tasks::available_tasks;
pub use battle_reports::{daily_report, report_summary};
pub use data::{batch, data};
pub use health::health;
pub use lists::{goals, profile, skills, stats};
pub use micro_tasks::micro_tasks;
pub use milestones::milestones;
pub use mobile::{mobile_goals, mobile_profile, mobile_skills, mobile_stats, mobile_tasks};
pub use piece::{GOALS, PROFILE, Piece, SKILLS, STATS, TASKS};
