//! API v1: the legacy contract, at both prefixes.

mod auth;
mod rollout;
mod versions;
