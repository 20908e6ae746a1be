//! API v1: the legacy contract over HTTP, at both prefixes, with v2 beside it.

mod auth;
mod every_route;
mod first_look;
mod goals;
mod golden;
mod import;
mod read;
mod read_long;
mod rollout;
mod shadow;
mod side_by_side;
mod table;
mod tasks;
mod user;
mod versions;
