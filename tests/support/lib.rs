//! What the scenarios stand on: a database for each test, servers in the test's own process, signed-in devices, and
//! eyes that look at the wire and at the tables. Nothing here knows a rule of the game.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in here fails the test")]

mod account;
mod browser;
mod certificates;
mod collector;
pub mod commands;
mod data_dir;
mod database;
pub mod fault_proxy;
mod forger;
mod gate;
mod http;
mod mailbox;
pub mod merge_cases;
mod nats;
pub mod operations;
pub mod patience;
pub mod process;
mod server;
mod smtp_sink;
mod socket;
mod sse;
pub mod tables;
mod template;

pub use account::Account;
pub use browser::{Browser, Cookie};
pub use certificates::Certificates;
pub use collector::{CollectedSpan, Collector};
pub use data_dir::DataDir;
pub use database::Database;
pub use forger::Forger;
pub use gate::Gate;
pub use http::{Answer, Http, answer};
pub use mailbox::{Mail, Mailbox};
pub use nats::NatsServer;
pub use server::{Setup, TestServer};
pub use smtp_sink::{Mood, SmtpSink};
pub use socket::Socket;
pub use sse::{Sse, SseEvent};
