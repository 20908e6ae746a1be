//! A signed-in device: it has an access token when one is needed, and refreshes it without being told.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use super::device::Device;
use super::error::ClientError;
use super::http::Server;

/// A token this close to its end is refreshed before it is used, unless that is more than half of its life.
const REFRESH_AHEAD: Duration = Duration::from_secs(30);

/// Who signs in. Not `Debug`: it holds a password.
#[derive(Clone)]
pub struct Credentials {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

/// One device of one account, signed in. Not `Debug`: it holds tokens.
pub struct Session {
    server: Server,
    credentials: Credentials,
    device: Device,
    account_id: Uuid,
    session_id: Uuid,
    tokens: Mutex<Tokens>,
}

struct Tokens {
    access: String,
    refresh: String,
    /// From then on it is refreshed before it is used.
    due: Instant,
}

#[derive(Serialize)]
struct SignIn<'a> {
    email: &'a str,
    password: &'a str,
    device: &'a Device,
}

#[derive(Deserialize)]
struct SignedIn {
    account: Account,
    device_id: Uuid,
    session_id: Uuid,
    access_token: String,
    expires_in: u64,
    refresh_token: String,
}

/// What a registration is answered with: 201, or 202 where addresses must be proven.
#[derive(Deserialize)]
#[serde(untagged)]
enum Registered {
    SignedIn(Box<SignedIn>),
    ProofAwaited {
        #[serde(rename = "verification")]
        _verification: String,
    },
}

#[derive(Deserialize)]
struct Account {
    id: Uuid,
}

impl Session {
    /// Signs a known account in.
    pub async fn login(server: &Server, credentials: &Credentials, device: &Device) -> Result<Self, ClientError> {
        Ok(Self::entered(server, credentials, device, sign_in(server, credentials, device).await?))
    }

    /// Makes an account and signs it in; [`ClientError::ProofAwaited`] where the server wants the address proven first.
    pub async fn register(server: &Server, credentials: &Credentials, device: &Device) -> Result<Self, ClientError> {
        let body = SignIn { email: &credentials.email, password: &credentials.password, device };
        match server.post("/api/v2/auth/register", None, &body).await? {
            Registered::SignedIn(signed_in) => Ok(Self::entered(server, credentials, device, *signed_in)),
            Registered::ProofAwaited { .. } => Err(ClientError::ProofAwaited { email: credentials.email.clone() }),
        }
    }

    /// Signs in, and makes the account if nobody has that address yet. A wrong password is the login's own problem.
    pub async fn login_or_register(
        server: &Server,
        credentials: &Credentials,
        device: &Device,
    ) -> Result<Self, ClientError> {
        match Self::login(server, credentials, device).await {
            Err(refused) if refused.status() == Some(401) => match Self::register(server, credentials, device).await {
                Err(taken) if taken.status() == Some(409) => Err(refused),
                outcome => outcome,
            },
            outcome => outcome,
        }
    }

    fn entered(server: &Server, credentials: &Credentials, device: &Device, signed_in: SignedIn) -> Self {
        Self {
            server: server.clone(),
            credentials: credentials.clone(),
            device: Device { device_id: signed_in.device_id, ..device.clone() },
            account_id: signed_in.account.id,
            session_id: signed_in.session_id,
            tokens: Mutex::new(signed_in.into()),
        }
    }

    /// The account, whose id is also its personal space's and its hero's.
    #[must_use]
    pub fn account_id(&self) -> Uuid {
        self.account_id
    }

    /// The device that the server knows this session by.
    #[must_use]
    pub fn device_id(&self) -> Uuid {
        self.device.device_id
    }

    /// The session that was opened first; a later sign-in after a lost refresh token has another.
    #[must_use]
    pub fn session_id(&self) -> Uuid {
        self.session_id
    }

    /// The server.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// A token that is good for the next half minute at least, or for half of a shorter life.
    pub async fn access_token(&self) -> Result<String, ClientError> {
        let mut tokens = self.tokens.lock().await;
        if tokens.due <= Instant::now() {
            self.refresh(&mut tokens).await?;
        }
        Ok(tokens.access.clone())
    }

    /// Another token than `stale`, which the server refused or will soon. Tasks that were refused together refresh once.
    pub async fn renewed(&self, stale: &str) -> Result<String, ClientError> {
        let mut tokens = self.tokens.lock().await;
        if tokens.access == stale || tokens.due <= Instant::now() {
            self.refresh(&mut tokens).await?;
        }
        Ok(tokens.access.clone())
    }

    /// Reads `path` as this session.
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.authorised(async |token| self.server.get(path, Some(token)).await).await
    }

    /// Posts `body` to `path` as this session.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        self.authorised(async |token| self.server.post(path, Some(token), body).await).await
    }

    /// Asks once more with a new token after a 401, and only once: a loop would hammer the server.
    async fn authorised<T>(&self, ask: impl AsyncFn(&str) -> Result<T, ClientError>) -> Result<T, ClientError> {
        let token = self.access_token().await?;
        match ask(&token).await {
            Err(refused) if refused.status() == Some(401) => ask(&self.renewed(&token).await?).await,
            outcome => outcome,
        }
    }

    /// A refresh token that the server no longer takes is not the end: the password still is known. A session that was
    /// ended on purpose is: signing in again by itself would make nothing of that purpose.
    async fn refresh(&self, tokens: &mut Tokens) -> Result<(), ClientError> {
        let body = serde_json::json!({ "refresh_token": tokens.refresh });
        let renewed = match self.server.post::<SignedIn>("/api/v2/auth/refresh", None, &body).await {
            Err(refused) if refused.status() == Some(401) && !refused.is_end_of_session() => {
                sign_in(&self.server, &self.credentials, &self.device).await?
            }
            outcome => outcome?,
        };
        *tokens = renewed.into();
        Ok(())
    }
}

impl From<SignedIn> for Tokens {
    fn from(signed_in: SignedIn) -> Self {
        let life = Duration::from_secs(signed_in.expires_in);
        Self {
            due: Instant::now() + life - REFRESH_AHEAD.min(life / 2),
            access: signed_in.access_token,
            refresh: signed_in.refresh_token,
        }
    }
}

async fn sign_in(server: &Server, credentials: &Credentials, device: &Device) -> Result<SignedIn, ClientError> {
    let body = SignIn { email: &credentials.email, password: &credentials.password, device };
    server.post("/api/v2/auth/login", None, &body).await
}
