//! The port to what knows of ended sessions on this node, before every read and write.

use domain::id::SessionId;
use domain::session::Because;

/// Where this node looks whether a session has ended.
pub trait LiveSessions {
    /// These sessions have ended; their access tokens are no longer good here from now on, and their live connections
    /// are told and closed. Other nodes find it in the directory by themselves.
    fn ended(&self, sessions: &[SessionId], because: Because);
}
