//! A small client of the sync protocol, for the command line and for the scenario tests: it signs in, writes, listens
//! and keeps a replica. It knows the wire only. No rule of the game and nothing of the server's inside may enter.

pub mod canonical;
pub mod checksum;
pub mod device;
pub mod error;
pub mod feed;
pub mod heard;
pub mod http;
pub mod installation;
pub mod live;
pub mod outbox;
pub mod packed;
pub mod repair;
pub mod replica;
pub mod retry;
pub mod session;
mod socket;
mod trust;
pub mod wire;

pub use device::Device;
pub use error::{ClientError, Problem};
pub use heard::Heard;
pub use http::Server;
pub use installation::Installation;
pub use live::Live;
pub use outbox::Outbox;
pub use repair::{Mended, Mender};
pub use replica::{Applied, Divergence, Replica, Row};
pub use session::{Credentials, Session};
