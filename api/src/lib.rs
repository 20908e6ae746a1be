//! The outermost ring: HTTP and the command line. The only ring that knows actix-web; it holds no rules.

pub mod admin;
pub mod body;
pub mod caller;
pub mod cli;
pub mod client;
mod connections;
pub mod exports;
pub mod feeds;
pub mod limits;
pub mod negotiate;
pub mod openapi;
pub mod place;
pub mod problem;
mod rollout;
pub mod routes;
pub mod server;
pub mod state;
pub mod system;
mod tasks;
pub mod tls;
pub mod v1;
pub mod v2;
pub mod web;
