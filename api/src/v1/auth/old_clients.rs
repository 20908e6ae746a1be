//! The ports of identity as clients of v1 are served by them: all is as it is for others, but access tokens live as long as
//! those clients need, which refresh when a page is loaded and at no other time.

use application::identity::limits::OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S;
use application::identity::{Policy, Ports};

use crate::state::App;

/// The ports of a server, for clients of v1.
pub(super) struct OldClients<'a> {
    app: &'a App,
    policy: Policy,
}

impl<'a> OldClients<'a> {
    /// The ports of this server.
    pub(super) fn of(app: &'a App) -> Self {
        let policy = Policy { access_token_lifetime_s: OLD_CLIENT_ACCESS_TOKEN_LIFETIME_S, ..app.policy().clone() };
        Self { app, policy }
    }
}

impl Ports for OldClients<'_> {
    type Directory = <App as Ports>::Directory;
    type KeySignature = <App as Ports>::KeySignature;
    type PasswordHash = <App as Ports>::PasswordHash;
    type TokenIssuer = <App as Ports>::TokenIssuer;
    type Spaces = <App as Ports>::Spaces;
    type LiveSessions = <App as Ports>::LiveSessions;

    fn directory(&self) -> &Self::Directory {
        self.app.directory()
    }

    fn key_signature(&self) -> &Self::KeySignature {
        self.app.key_signature()
    }

    fn password_hash(&self) -> &Self::PasswordHash {
        self.app.password_hash()
    }

    fn token_issuer(&self) -> &Self::TokenIssuer {
        self.app.token_issuer()
    }

    fn spaces(&self) -> &Self::Spaces {
        self.app.spaces()
    }

    fn live_sessions(&self) -> &Self::LiveSessions {
        self.app.live_sessions()
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }
}
