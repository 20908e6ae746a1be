//! A built web client beside the API.

use std::fs;
use std::path::Path;

use support::{Answer, DataDir, Database, Http, Setup, TestServer};

const PAGE: &str = "<!doctype html><title>Level Up</title>";
const SCRIPT: &str = "/assets/index-BbT3kq9x.js";

fn build(dir: &Path) {
    fs::create_dir_all(dir.join("assets")).unwrap();
    fs::write(dir.join("index.html"), PAGE).unwrap();
    fs::write(dir.join("favicon.ico"), "icon").unwrap();
    fs::write(dir.join(".env"), "SECRET=1").unwrap();
    fs::write(dir.join(&SCRIPT[1..]), "console.log('up')").unwrap();
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn the_client_comes_from_the_folder_and_the_api_stays_what_it_is() {
    let (database, dir) = (Database::fresh().await, DataDir::fresh());
    build(dir.path());
    let mut setup = Setup::of(&database);
    setup.serving.http.web = Some(dir.path().to_owned());
    let server = TestServer::start_with(setup);
    let http = Http::nobody(server.url());
    for page in ["/", "/index.html", "/tasks", "/goals/7", "/login?next=%2Ftasks"] {
        let answer = http.get(page).await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, PAGE.as_bytes()), "{page}");
        assert!(header(&answer, "content-type").starts_with("text/html"), "{page}");
        assert_eq!(header(&answer, "cache-control"), "no-cache", "{page}");
        assert!(header(&answer, "content-security-policy").contains("script-src 'self'"), "{page}");
    }
    let script = http.get(SCRIPT).await;
    assert_eq!((script.status, header(&script, "cache-control")), (200, "public, max-age=31536000, immutable"));
    let icon = http.get("/favicon.ico").await;
    assert_eq!((icon.status, header(&icon, "cache-control")), (200, "no-cache"));
    let again = http.with_header("if-none-match", header(&icon, "etag")).get("/favicon.ico").await;
    assert_eq!(again.status, 304);
    for missing in [
        "/assets/gone-12345678.js",
        "/.env",
        "/../Cargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd.txt",
        "/api/nothing",
        "/api/v2/nothing",
    ] {
        let answer = http.get(missing).await;
        assert!(matches!(answer.status, 400 | 404), "{missing}: {}", answer.status);
        assert!(!answer.body.windows(6).any(|part| part == b"SECRET" || part == b"root:x"), "{missing}");
    }
    // No way out of the folder: this is a page of the client like any other.
    assert_eq!(http.get("/%2e%2e/%2e%2e/etc/passwd").await.body, PAGE.as_bytes());
    assert_eq!(http.get("/api/v2/tasks").await.status, 401);
    assert_eq!(http.get("/healthz").await.status, 200);
    assert_eq!(http.post("/tasks", "{}").await.status, 404);
}

#[tokio::test]
async fn without_a_folder_there_are_no_pages() {
    let database = Database::fresh().await;
    let server = TestServer::start_with(Setup::of(&database));
    assert_eq!(Http::nobody(server.url()).get("/").await.status, 404);
}
