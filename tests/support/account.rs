//! A person with devices.

use std::sync::Arc;

use api::client::retry::patiently;
use api::client::{Credentials, Device, Session};
use infrastructure::clock::uuid_v7;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::patience::GUARD;
use crate::{Http, TestServer};

/// A registered account with its first device signed in.
pub struct Account {
    /// Address and password.
    pub credentials: Credentials,
    /// The first device.
    pub session: Arc<Session>,
}

impl Account {
    /// Registers somebody new on this server.
    pub async fn register(server: &TestServer) -> Self {
        let email = format!("{}@example.test", uuid_v7().simple());
        let credentials = Credentials { email, password: "correct horse battery".to_owned() };
        let device = Device::fresh("ios", "phone");
        let session =
            patiently(GUARD, |_, _| (), async || Session::register(server.server(), &credentials, &device).await);
        Self { session: Arc::new(session.await.expect("a new account")), credentials }
    }

    /// Signs another device in, on this server or another node of the same service.
    pub async fn device(&self, server: &TestServer, name: &str) -> Arc<Session> {
        let device = Device::fresh("web", name);
        let session =
            patiently(GUARD, |_, _| (), async || Session::login(server.server(), &self.credentials, &device).await);
        Arc::new(session.await.expect("another device"))
    }

    /// Another device's bare requests.
    pub async fn device_http(&self, server: &TestServer, name: &str) -> Http {
        let session = self.device(server, name).await;
        Http::of(&session).await
    }

    /// The account's id, which is also its space's and its hero's.
    #[must_use]
    pub fn space(&self) -> Uuid {
        self.session.account_id()
    }

    /// The first device's bare requests.
    pub async fn http(&self) -> Http {
        Http::of(&self.session).await
    }

    /// Sends one transaction from the first device; its receipt.
    pub async fn send(&self, transaction: Value) -> Value {
        send(&self.session, transaction).await
    }

    /// Sends one transaction of these commands that has to be committed; its receipt.
    pub async fn commit(&self, commands: &[Value]) -> Value {
        let receipt = self.send(crate::commands::transaction(commands)).await;
        assert_eq!(receipt["status"], "committed", "{receipt}");
        receipt
    }
}

/// Sends one transaction; its receipt.
async fn send(session: &Session, transaction: Value) -> Value {
    let mut answer: Value =
        session.post("/api/v2/transactions", &json!({ "transactions": [transaction] })).await.expect("a receipt");
    answer["receipts"][0].take()
}
