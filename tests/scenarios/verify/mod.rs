//! Verify and repair from outside: over HTTP by an admin, and by the command line.

mod command;
mod http;
