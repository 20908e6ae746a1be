//! API v1: the legacy contract, for clients in the field, at `/api/v1` and at the bare `/api`. It is a translation into the
//! same transactions as API v2, through the same write path, and has no rules of its own: what it answers is read from the
//! same tables. `docs/API_V1.md` lists its routes.

pub mod acting;
mod as_meant;
pub mod auth;
mod between;
pub mod body;
pub mod clamp;
pub mod crud;
pub mod energy;
pub mod failure;
pub mod focus;
pub mod goals;
pub mod hero;
pub mod idempotency;
pub mod milestones;
pub mod moment;
pub mod order;
mod path;
pub mod place;
pub mod reading;
mod refusal;
pub mod rollout;
mod routes;
pub mod shape;
pub mod show;
pub mod skills;
mod surrogates;
pub mod tasks;
pub mod told;
pub mod translate;
pub mod writing;

pub use as_meant::as_meant;
pub use path::{behind_prefix, is_v1};
pub use routes::routes;
