//! Plain requests of one device, and how many bytes came: answers are taken as they are on the wire.

use api::client::session::Session;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::failure::Failure;

/// A form that an answer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// The form, for people.
    pub(super) name: &'static str,
    accept: &'static str,
    encoding: &'static str,
}

const fn form(name: &'static str, accept: &'static str, encoding: &'static str) -> Form {
    Form { name, accept, encoding }
}

const JSON: &str = "application/json";
const CBOR: &str = "application/cbor";

/// Every form.
pub(super) const FORMS: [Form; 6] = [
    form("JSON", JSON, "identity"),
    form("JSON gzip", JSON, "gzip"),
    form("JSON zstd", JSON, "zstd"),
    form("CBOR", CBOR, "identity"),
    form("CBOR gzip", CBOR, "gzip"),
    form("CBOR zstd", CBOR, "zstd"),
];

/// One device.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    client: Client,
    base: String,
    pub(super) token: String,
    pub(super) space: Uuid,
}

/// A page of the snapshot or the log, read.
pub(super) struct Page {
    pub(super) body: Value,
    /// Bytes of the body as it came.
    pub(super) bytes: usize,
}

impl Reader {
    /// The device of this session.
    pub(super) async fn of(session: &Session) -> Result<Self, Failure> {
        let client =
            Client::builder().no_proxy().tcp_nodelay(true).build().map_err(Failure::during("making a client"))?;
        let (base, token) = (session.server().url().to_owned(), session.access_token().await?);
        Ok(Self { client, base, token, space: session.account_id() })
    }

    /// The same device at another server of the same service.
    pub(super) fn moved_to(&self, url: &str) -> Self {
        Self { base: url.to_owned(), ..self.clone() }
    }

    /// The address of its live connection.
    pub(super) fn stream_url(&self) -> String {
        format!("{}/api/v2/stream", self.base.replacen("http", "ws", 1))
    }

    /// Reads a path in a form; the bytes of the body as they came.
    pub(super) async fn bytes(&self, path: &str, form: Form) -> Result<Vec<u8>, Failure> {
        let request = self.client.get(format!("{}{path}", self.base));
        let request = request.header(ACCEPT, form.accept).header(ACCEPT_ENCODING, form.encoding);
        let answer = self.answer(request).await?;
        let encoding = answer.headers().get(CONTENT_ENCODING).and_then(|name| name.to_str().ok()).map(str::to_owned);
        let body = answer.bytes().await.map_err(Failure::during("reading an answer"))?;
        // Short answers are not compressed.
        if encoding.is_none() && form.encoding != "identity" && body.len() > 2_000 {
            return Err(Failure::new(format!("{path} came without {}", form.encoding)));
        }
        Ok(body.to_vec())
    }

    /// Reads a path in JSON.
    pub(super) async fn page(&self, path: &str) -> Result<Page, Failure> {
        let bytes = self.bytes(path, FORMS[0]).await?;
        let body = serde_json::from_slice(&bytes).map_err(Failure::during("reading a page"))?;
        Ok(Page { body, bytes: bytes.len() })
    }

    /// Writes transactions, each of which has to be committed.
    pub(super) async fn write(&self, transactions: &[Value]) -> Result<(), Failure> {
        let request = self.client.post(format!("{}/api/v2/transactions", self.base));
        let answer = self.answer(request.json(&json!({ "transactions": transactions }))).await?;
        let body: Value = answer.json().await.map_err(Failure::during("reading receipts"))?;
        let receipts = body["receipts"].as_array().map(Vec::as_slice).unwrap_or_default();
        match receipts.iter().find(|receipt| receipt["status"] != "committed") {
            None if receipts.len() == transactions.len() => Ok(()),
            refused => Err(Failure::new(format!("a transaction was not committed: {refused:?}"))),
        }
    }

    /// The cursor of the whole space as it is now, by its snapshot: a feed from the beginning of a long log answers with a
    /// reset.
    pub(super) async fn end(&self) -> Result<String, Failure> {
        let mut path = "/api/v2/snapshot".to_owned();
        loop {
            let page = self.page(&path).await?.body;
            if page["next"].is_null() {
                return text(&page["cursor"]);
            }
            path = format!("/api/v2/snapshot?page={}", text(&page["next"])?);
        }
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let answer = request.bearer_auth(&self.token).send().await.map_err(Failure::during("sending a request"))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body = answer.text().await.unwrap_or_default();
        Err(Failure::new(format!("the server answered {status}: {body}")))
    }
}

/// A member that has to be text.
pub(super) fn text(value: &Value) -> Result<String, Failure> {
    value.as_str().map(str::to_owned).ok_or_else(|| Failure::new(format!("{value} is no text")))
}
