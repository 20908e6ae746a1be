//! API v1: the legacy contract, for clients in the field, at `/api/v1` and at the bare `/api`. It is a translation into the
//! same transactions as API v2, through the same write path, and has no rules of its own: what it answers is read from the
//! same tables. `docs/API_V1.md` lists its routes.

mod body;
mod clamp;
pub mod energy;
pub mod failure;
pub mod focus;
mod idempotency;
mod moment;
mod order;
mod path;
mod reading;
mod routes;
pub mod shape;
pub mod tasks;
mod told;
mod translate;
mod writing;

pub use path::{behind_prefix, is_v1};
pub use routes::routes;
