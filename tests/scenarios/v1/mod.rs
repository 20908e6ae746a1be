//! API v1: the legacy contract, at both prefixes.

mod auth;
mod rollout;
mod versions;
//! API v1: the legacy contract over HTTP, with v2 beside it.
mod golden;
mod read;
mod read_long;
