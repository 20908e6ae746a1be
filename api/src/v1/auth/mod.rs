//! Signing in as clients of API v1 do it: the use cases of identity, with the bodies and the longer tokens of the old
//! contract.

pub mod account;
mod entrance;
pub mod login;
pub mod logout;
pub mod mobile;
mod old_clients;
pub mod password;
pub mod refresh;
pub mod register;
pub mod user;
mod wire;
