//! A browser, as far as signing in goes: it keeps cookies, sends each where it belongs, and says from which page it asks.
//!
//! It is an old one that knows no `SameSite`: what has to hold without it is seen.

use std::collections::BTreeMap;

use api::client::Credentials;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, SET_COOKIE};
use serde_json::{Value, json};

use crate::{Answer, Http, TestServer, answer};

/// A cookie, as the server set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// What it holds.
    pub value: String,
    /// Its attributes, by name in lower case; those without a value have an empty one.
    pub attributes: BTreeMap<String, String>,
}

/// A browser with a page open. Clones are other pages of it, as long as neither gets a new cookie.
#[derive(Clone, Debug)]
pub struct Browser {
    base: String,
    jar: BTreeMap<String, Cookie>,
    page: Option<String>,
    secret: Option<String>,
    host: Option<String>,
}

impl Browser {
    /// One with a page of the server's own origin.
    #[must_use]
    pub fn at(server: &TestServer) -> Self {
        let (base, page) = (server.url().to_owned(), Some(server.url().to_owned()));
        Self { base, jar: BTreeMap::new(), page, secret: None, host: None }
    }

    /// The same with a page of another origin, or one that does not say where it is from.
    #[must_use]
    pub fn page(&self, origin: Option<&str>) -> Self {
        Self { page: origin.map(str::to_owned), ..self.clone() }
    }

    /// The same with this in the header `X-CSRF-Token`, or without the header.
    #[must_use]
    pub fn secret(&self, secret: Option<&str>) -> Self {
        Self { secret: secret.map(str::to_owned), ..self.clone() }
    }

    /// The same, that reaches the server under another name.
    #[must_use]
    pub fn host(&self, host: &str) -> Self {
        Self { host: Some(host.to_owned()), ..self.clone() }
    }

    /// The same with a cookie that somebody planted, or without it.
    #[must_use]
    pub fn planted(&self, name: &str, value: Option<&str>) -> Self {
        let mut browser = self.clone();
        browser.jar.remove(name);
        if let Some(value) = value {
            let path = BTreeMap::from([("path".to_owned(), "/".to_owned())]);
            browser.jar.insert(name.to_owned(), Cookie { value: value.to_owned(), attributes: path });
        }
        browser
    }

    /// A cookie that it has.
    #[must_use]
    pub fn cookie(&self, name: &str) -> &Cookie {
        self.jar.get(name).unwrap_or_else(|| panic!("there is no cookie {name} among {:?}", self.jar.keys()))
    }

    /// The names of the cookies that it has.
    #[must_use]
    pub fn cookies(&self) -> Vec<&str> {
        self.jar.keys().map(String::as_str).collect()
    }

    /// What its page puts into `X-CSRF-Token`.
    #[must_use]
    pub fn said(&self) -> &str {
        self.secret.as_deref().expect("a secret")
    }

    /// Registers somebody new.
    pub async fn register(server: &TestServer) -> (Self, Credentials) {
        let email = format!("{}@example.test", infrastructure::clock::uuid_v7().simple());
        let credentials = Credentials { email, password: "correct horse battery".to_owned() };
        let mut browser = Self::at(server);
        let registered = browser.sign_in("register", &credentials).await;
        assert_eq!(registered.status, 201, "{}", registered.json());
        (browser, credentials)
    }

    /// Signs in to a known account.
    pub async fn login(server: &TestServer, credentials: &Credentials) -> Self {
        let mut browser = Self::at(server);
        let signed_in = browser.sign_in("login", credentials).await;
        assert_eq!(signed_in.status, 200, "{}", signed_in.json());
        browser
    }

    /// Asks for a session with cookies, by `login` or `register`.
    pub async fn sign_in(&mut self, act: &str, credentials: &Credentials) -> Answer {
        let body = json!({ "email": credentials.email, "password": credentials.password, "cookies": true });
        let answer = self.send(Method::POST, &format!("/api/v2/auth/{act}"), Some(&body)).await;
        if answer.status < 300 {
            self.secret = answer.json()["csrf_token"].as_str().map(str::to_owned);
        }
        answer
    }

    /// Gets new cookies for the old.
    pub async fn refresh(&mut self) -> Answer {
        self.send(Method::POST, "/api/v2/auth/refresh", None).await
    }

    /// Reads a path.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Writes one transaction.
    pub async fn write(&mut self, transaction: &Value) -> Answer {
        self.send(Method::POST, "/api/v2/transactions", Some(&json!({ "transactions": [transaction] }))).await
    }

    /// Sends a request as the page's script would, and keeps what cookies come back.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.http(path).request(method, path);
        if let Some(secret) = &self.secret {
            request = request.header("x-csrf-token", secret);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let answer = answer(request).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            self.keep(set.to_str().unwrap());
        }
        answer
    }

    /// What it sends by itself to this path: cookies, and from which page.
    #[must_use]
    pub fn http(&self, path: &str) -> Http {
        let belongs = |cookie: &Cookie| path.starts_with(&cookie.attributes["path"]);
        let sent = self.jar.iter().filter(|(_, cookie)| belongs(cookie));
        let sent: Vec<String> = sent.map(|(name, cookie)| format!("{name}={}", cookie.value)).collect();
        let mut http = Http::nobody(&self.base);
        if !sent.is_empty() {
            http = http.with_header("cookie", &sent.join("; "));
        }
        for (name, value) in [("origin", &self.page), ("host", &self.host)] {
            if let Some(value) = value {
                http = http.with_header(name, value);
            }
        }
        http
    }

    fn keep(&mut self, set: &str) {
        let mut parts = set.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a name and a value");
        let attributes = parts.map(|part| part.split_once('=').unwrap_or((part, "")));
        let attributes: BTreeMap<_, _> =
            attributes.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        if attributes["max-age"] == "0" {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), Cookie { value: value.to_owned(), attributes });
        }
    }
}
