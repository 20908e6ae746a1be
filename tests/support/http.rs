//! Bare HTTP: exactly these bytes with exactly these headers, and what came back.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use api::client::Session;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, HeaderMap};
use reqwest::{Client, Method, RequestBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio_tungstenite::Connector;

/// A client without manners: it adds nothing and retries nothing.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    base: String,
    token: Option<String>,
    headers: Vec<(String, String)>,
    tls: Option<Arc<ClientConfig>>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Http {
    /// Nobody in particular.
    #[must_use]
    pub fn nobody(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            client: Client::builder().no_proxy().build().unwrap(),
            base: url.to_owned(),
            token: None,
            headers: Vec::new(),
            tls: None,
        }
    }

    /// The same, and it believes this authority and no other.
    #[must_use]
    pub fn trusting(self, authority: &Path) -> Self {
        let mut roots = RootCertStore::empty();
        let certificates = CertificateDer::pem_file_iter(authority).unwrap();
        certificates.for_each(|certificate| roots.add(certificate.unwrap()).unwrap());
        let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let mut offering = tls.clone();
        offering.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let client = Client::builder().no_proxy().tls_info(true).tls_backend_preconfigured(offering).build().unwrap();
        Self { client, tls: Some(Arc::new(tls)), ..self }
    }

    /// How its live connections are encrypted.
    pub(crate) fn connector(&self) -> Connector {
        self.tls.clone().map_or(Connector::Plain, Connector::Rustls)
    }

    /// A signed-in device.
    pub async fn of(session: &Session) -> Self {
        let token = session.access_token().await.unwrap();
        Self { token: Some(token), ..Self::nobody(session.server().url()) }
    }

    /// The same with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same with one more header on every request.
    #[must_use]
    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut with = self.clone();
        with.headers.push((name.to_owned(), value.to_owned()));
        with
    }

    /// The headers that it adds besides the token.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The access token.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// Where the server is.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request with nothing but the token and its own headers.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = self.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Reads a path.
    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    /// Deletes a path.
    pub async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Sends JSON text by any method, or nothing.
    pub async fn send(&self, method: Method, path: &str, body: Option<impl Into<Vec<u8>>>) -> Answer {
        let request = self.request(method, path);
        answer(match body {
            Some(body) => request.header("content-type", "application/json").body(body.into()),
            None => request,
        })
        .await
    }

    /// Posts JSON text as it is given, well-formed or not.
    pub async fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.post_as(path, &[("content-type", "application/json")], body).await
    }

    /// Posts bytes with these headers.
    pub async fn post_as(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        let mut request = self.request(Method::POST, path).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request).await
    }

    /// Posts a value to the transactions.
    pub async fn write(&self, body: &Value) -> Answer {
        self.post("/api/v2/transactions", body.to_string()).await
    }
}

/// Sends the request and reads all of the answer.
pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.expect("a whole answer").to_vec();
    Answer { status, body: without_name(&headers, body), headers }
}

/// The body of a problem without the name of its request, which tells any two refusals apart. It has to be the header's.
fn without_name(headers: &HeaderMap, body: Vec<u8>) -> Vec<u8> {
    let is_problem = headers.get("content-type").is_some_and(|kind| kind == "application/problem+json");
    let Some(mut problem) = is_problem.then(|| serde_json::from_slice::<Value>(&body).ok()).flatten() else {
        return body;
    };
    let named = problem.as_object_mut().and_then(|problem| problem.remove("request_id"));
    assert_eq!(named.as_ref().and_then(Value::as_str), headers.get("x-request-id").and_then(|id| id.to_str().ok()));
    problem.to_string().into_bytes()
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as CBOR.
    #[must_use]
    pub fn cbor(&self) -> Value {
        ciborium::from_reader(self.body.as_slice()).expect("a body in CBOR")
    }

    /// The body without its compression, as JSON.
    #[must_use]
    pub fn inflated(&self) -> Value {
        let mut bytes = Vec::new();
        match self.header(CONTENT_ENCODING.as_str()) {
            "gzip" => drop(flate2::read::GzDecoder::new(self.body.as_slice()).read_to_end(&mut bytes).unwrap()),
            "zstd" => bytes = zstd::decode_all(self.body.as_slice()).unwrap(),
            other => panic!("the answer is not compressed but {other:?}"),
        }
        serde_json::from_slice(&bytes).unwrap()
    }

    /// A header, empty when absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of the problem that this has to be, checked to be a problem as RFC 9457 has it.
    #[must_use]
    pub fn problem(&self) -> String {
        let problem = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json", "{problem}");
        assert_eq!(problem["status"], self.status, "{problem}");
        assert!(problem["title"].is_string() && problem["type"].is_string(), "{problem}");
        problem["code"].as_str().expect("a code").to_owned()
    }

    /// The receipts of an answer to transactions.
    #[must_use]
    pub fn receipts(&self) -> Vec<Value> {
        let body = self.json();
        assert_eq!(self.status, 200, "{body}");
        body["receipts"].as_array().expect("receipts").clone()
    }
}
