//! What a client is, as far as it says so: by `X-App-Version`, else by its `User-Agent`. Nothing is decided by it; it names
//! devices of clients that do not name themselves, and counts who still speaks which version.

use actix_web::http::header::{HeaderMap, USER_AGENT};
use application::identity::Platform;

use super::X_APP_VERSION;
use crate::v1::behind_prefix;

/// Browsers by the word that gives each away, in the order in which the words have to be looked for: most of them also say
/// that they are others.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Version/", "Safari"),
    ("Safari", "Safari"),
];
/// What browsers run on, in the same way.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
    ("X11", "Unix"),
];
/// What requests of apps on iPhones and iPads say that are not made by a browser.
const APPLE: [&str; 2] = ["CFNetwork", "Darwin"];
/// Where only the app asks.
const APP_ROUTES: &str = "/mobile/";

/// What a client is, without its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// What it runs on.
    pub platform: Platform,
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

impl Client {
    /// What a request to this path with these headers says.
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (agent, said) = (text(USER_AGENT), text(X_APP_VERSION));
        let found =
            |table: &[(&str, &'static str)]| table.iter().find(|(word, _)| agent.contains(word)).map(|(_, is)| *is);
        let platform = named(said).unwrap_or_else(|| guessed(path, agent));
        let is_browser = platform == Platform::Web;
        Self { platform, browser: found(&BROWSERS).filter(|_| is_browser), system: found(&SYSTEMS) }
    }

    /// What a person calls it, such as `Firefox on Windows`.
    pub fn name(&self) -> String {
        match (self.platform, self.browser, self.system) {
            (Platform::Web, Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Platform::Web, Some(browser), None) => browser.to_owned(),
            (Platform::Web, None, _) => "Web client".to_owned(),
            (Platform::Ios, _, Some(device @ "iPad")) => format!("{device} app"),
            (Platform::Ios, ..) => "iPhone app".to_owned(),
            (Platform::Other, ..) => "Other client".to_owned(),
        }
    }
}

/// The platform that `ios/4.1.0` or `web/2` names.
fn named(app_version: &str) -> Option<Platform> {
    let name = app_version.split(['/', ' ']).next().unwrap_or_default().to_ascii_lowercase();
    Platform::from_name(&name)
}

fn guessed(path: &str, agent: &str) -> Platform {
    let is_app = behind_prefix(path).is_some_and(|rest| rest.starts_with(APP_ROUTES));
    if is_app || APPLE.iter().any(|word| agent.contains(word)) {
        Platform::Ios
    } else if agent.starts_with("Mozilla/") {
        Platform::Web
    } else {
        Platform::Other
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const CHROME: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";

    fn client(path: &str, agent: &str, said: Option<&'static str>) -> Client {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_str(agent).unwrap());
        if let Some(said) = said {
            headers.insert(X_APP_VERSION, HeaderValue::from_static(said));
        }
        Client::of(path, &headers)
    }

    #[test]
    fn clients_are_told_apart_by_what_they_say() {
        for (path, agent, said, platform, name) in [
            ("/api/tasks", FIREFOX, None, Platform::Web, "Firefox on Windows"),
            ("/api/tasks", CHROME, None, Platform::Web, "Chrome on Mac"),
            ("/api/tasks", SAFARI, None, Platform::Web, "Safari on iPhone"),
            ("/api/tasks", "Mozilla/5.0", None, Platform::Web, "Web client"),
            ("/api/tasks", "LevelUp/41 CFNetwork/1410 Darwin/22.6", None, Platform::Ios, "iPhone app"),
            ("/api/mobile/tasks", "okhttp/4", None, Platform::Ios, "iPhone app"),
            ("/api/v1/mobile/tasks", "", None, Platform::Ios, "iPhone app"),
            ("/api/tasks", "curl/8.5", None, Platform::Other, "Other client"),
            ("/api/tasks", "", None, Platform::Other, "Other client"),
            ("/api/tasks", CHROME, Some("ios/4.1.0"), Platform::Ios, "iPhone app"),
            ("/api/tasks", "", Some("WEB"), Platform::Web, "Web client"),
            ("/api/tasks", FIREFOX, Some("beta"), Platform::Web, "Firefox on Windows"),
        ] {
            let client = client(path, agent, said);
            assert_eq!((client.platform, client.name().as_str()), (platform, name), "{path} {agent} {said:?}");
        }
    }

    #[test]
    fn another_version_is_the_same_client() {
        let newer = FIREFOX.replace("128.0", "131.0");
        assert_eq!(client("/api/tasks", FIREFOX, None), client("/api/tasks", &newer, None));
        assert_ne!(client("/api/tasks", FIREFOX, None), client("/api/tasks", CHROME, None));
    }
}
