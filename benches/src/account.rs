//! The people of a run: each has an account, a space and one or two devices. Made before anything is timed.

use api::client::device::Device;
use api::client::feed;
use api::client::http::Server as Remote;
use api::client::session::{Credentials, Session};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::failure::Failure;
use crate::load::Writer;
use crate::request::Script;

/// A password costs the server a good part of a second of one core.
const REGISTRATIONS_MAX: usize = 2;
const PAGE_ROWS: u32 = 1_000;

/// One account and its writing device.
pub struct Account {
    credentials: Credentials,
    /// The device that writes.
    pub session: Session,
    /// What it writes.
    pub script: Script,
}

/// Registers `count` accounts whose addresses begin with `name`.
pub async fn register(remote: &Remote, name: &str, count: usize) -> Result<Vec<Account>, Failure> {
    stream::iter(0..count).map(|number| one(remote, name, number)).buffered(REGISTRATIONS_MAX).try_collect().await
}

async fn one(remote: &Remote, name: &str, number: usize) -> Result<Account, Failure> {
    let email = format!("{name}-{number}@example.test");
    let credentials = Credentials { password: format!("bench password {number}"), email };
    let session = Session::register(remote, &credentials, &Device::fresh("other", "writer")).await?;
    let script = Script::new(cursor(&session).await?);
    Ok(Account { credentials, session, script })
}

impl Account {
    /// Signs in another device.
    pub async fn another_device(&self) -> Result<Session, Failure> {
        let remote = self.session.server();
        Ok(Session::login(remote, &self.credentials, &Device::fresh("web", "listener")).await?)
    }
}

impl Writer for Account {
    async fn token(&self) -> Result<String, Failure> {
        Ok(self.session.access_token().await?)
    }

    fn script(&mut self) -> &mut Script {
        &mut self.script
    }
}

/// The end of the space's log, found by reading it.
pub async fn cursor(session: &Session) -> Result<String, Failure> {
    let mut page = feed::changes(session, None, PAGE_ROWS, 0).await?;
    while !page.caught_up {
        page = feed::changes(session, Some(&page.cursor), PAGE_ROWS, 0).await?;
    }
    Ok(page.cursor)
}
