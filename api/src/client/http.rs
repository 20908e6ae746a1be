//! One HTTP request and its answer: an object, or a problem with its code.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use rustls::ClientConfig;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_tungstenite::Connector;

use super::error::{ClientError, Problem};
use super::trust;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than the longest long poll (30 s).
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Where a server is, and the connections to it.
#[derive(Clone, Debug)]
pub struct Server {
    base: Url,
    http: Client,
    tls: Option<Arc<ClientConfig>>,
}

impl Server {
    /// A server at an address such as `http://127.0.0.1:8080`. Nothing is sent yet.
    pub fn at(url: &str) -> Result<Self, ClientError> {
        Self::trusting(url, None)
    }

    /// The same, and certificates that those in the PEM file `ca` vouch for are believed too.
    pub fn trusting(url: &str, ca: Option<&Path>) -> Result<Self, ClientError> {
        // reqwest wants a TLS provider even for plain HTTP; installing it a second time changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let refused = |why: String| ClientError::Address { url: url.to_owned(), why };
        let base = Url::parse(url.trim_end_matches('/')).map_err(|error| refused(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(refused("it must start with http:// or https:// and name a host".into()));
        }
        let mut client = Client::builder().connect_timeout(CONNECT_TIMEOUT).timeout(REQUEST_TIMEOUT).tcp_nodelay(true);
        if matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")) {
            client = client.no_proxy();
        }
        let tls = (base.scheme() == "https").then(|| trust::tls(ca)).transpose();
        let tls = tls.map_err(|why| ClientError::Trust { why })?.map(Arc::new);
        if let Some(tls) = &tls {
            let mut tls = tls.as_ref().clone();
            tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
            client = client.tls_backend_preconfigured(tls);
        }
        Ok(Self { http: client.build().map_err(|error| refused(cause(&error)))?, base, tls })
    }

    /// The address, for people.
    #[must_use]
    pub fn url(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// How a live connection is encrypted, if this address asks for it.
    pub(super) fn connector(&self) -> Connector {
        // A WebSocket is HTTP/1.1, so nothing else is offered.
        self.tls.clone().map_or(Connector::Plain, Connector::Rustls)
    }

    /// The address of the live connection.
    pub(super) fn stream_url(&self) -> String {
        // `http` becomes `ws` and `https` becomes `wss`.
        format!("{}/api/v2/stream", self.url().replacen("http", "ws", 1))
    }

    /// Reads `path`, which starts with a slash.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&str>) -> Result<T, ClientError> {
        self.answer(self.request(Method::GET, path, token), &format!("GET {path}")).await
    }

    /// Posts `body` to `path`, which starts with a slash.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        self.answer(self.request(Method::POST, path, token).json(body), &format!("POST {path}")).await
    }

    fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url()));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn answer<T: DeserializeOwned>(&self, request: RequestBuilder, asked: &str) -> Result<T, ClientError> {
        let unreachable = |error: reqwest::Error| ClientError::Unreachable {
            url: self.url().to_owned(),
            why: cause(&error.without_url()),
        };
        let response = request.send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(ClientError::Problem(Box::new(problem(response).await)));
        }
        let body = response.bytes().await.map_err(unreachable)?;
        // An answer without a body, such as 204, is null.
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(body)
            .map_err(|error| ClientError::Unreadable { asked: asked.to_owned(), why: error.to_string() })
    }
}

async fn problem(response: Response) -> Problem {
    let status = response.status();
    let header = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let header_ms = header.and_then(|text| text.trim().parse::<u64>().ok()).map(|seconds| seconds * 1000);
    let body = response.bytes().await.unwrap_or_default();
    let mut problem: Problem = serde_json::from_slice(&body).unwrap_or_default();
    problem.status = status.as_u16();
    problem.retry_after_ms = problem.retry_after_ms.or(header_ms);
    if problem.code.is_empty() {
        problem.code = format!("http_{}", status.as_u16());
        problem.title = problem.title.or_else(|| Some(format!("The server answered {status}")));
    }
    problem
}

/// The innermost cause, which says what happened ("Connection refused") where the outer ones only say that something did.
pub(super) fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
