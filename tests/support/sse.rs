//! Server-Sent Events as the HTML standard reads them (section 9.2.6), as far as the server uses them.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use reqwest::{Method, Response};
use serde_json::Value;

use crate::Http;
use crate::patience::within;

/// One event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SseEvent {
    /// Its name.
    pub event: String,
    /// Its id, which a client brings back as `Last-Event-ID`.
    pub id: Option<String>,
    /// Its data.
    pub data: Value,
}

/// An open event stream.
pub struct Sse {
    chunks: BoxStream<'static, Option<Vec<u8>>>,
    buffer: Vec<u8>,
}

impl Sse {
    /// Opens the stream, from the last event that was seen.
    pub async fn open(http: &Http, last_event_id: Option<&str>) -> Self {
        Self::try_open(http, last_event_id).await.expect("an event stream")
    }

    /// Opens another stream of events than that of changes.
    pub async fn open_at(http: &Http, path: &str) -> Self {
        let response = within("an answer", http.request(Method::GET, path).send()).await.expect("an answer");
        assert_eq!(response.status(), 200);
        Self::of(response)
    }

    fn of(response: Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let chunks = response.bytes_stream().map(|chunk| chunk.ok().map(|bytes| bytes.to_vec())).boxed();
        Self { chunks, buffer: Vec::new() }
    }

    /// Opens the stream, unless too many are open.
    pub async fn try_open(http: &Http, last_event_id: Option<&str>) -> Option<Self> {
        let response = Self::ask(http, last_event_id).await;
        if response.status() == 429 {
            return None;
        }
        assert_eq!(response.status(), 200);
        Some(Self::of(response))
    }

    /// Asks for the stream; the answer may be a refusal.
    pub async fn ask(http: &Http, last_event_id: Option<&str>) -> Response {
        let mut request = http.request(Method::GET, "/api/v2/events");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        within("an answer", request.send()).await.expect("an answer")
    }

    /// The next event; none at the stream's end. Comments are passed over.
    pub async fn next(&mut self) -> Option<SseEvent> {
        loop {
            while let Some(block) = self.block() {
                if let Some(event) = parse(&block) {
                    return Some(event);
                }
            }
            let chunk = within("an event", self.chunks.next()).await.flatten()?;
            self.buffer.extend(chunk);
        }
    }

    fn block(&mut self) -> Option<String> {
        let end = self.buffer.windows(2).position(|pair| pair == b"\n\n")?;
        let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
        Some(String::from_utf8(block).expect("events are UTF-8"))
    }
}

fn parse(block: &str) -> Option<SseEvent> {
    let mut event = SseEvent::default();
    let mut data = String::new();
    for line in block.lines().filter(|line| !line.is_empty() && !line.starts_with(':')) {
        let (name, value) = line.split_once(": ").expect("a field of an event");
        match name {
            "event" => value.clone_into(&mut event.event),
            "id" => event.id = Some(value.to_owned()),
            "data" => data.push_str(value),
            other => panic!("an event has a field {other}"),
        }
    }
    if data.is_empty() {
        return None;
    }
    event.data = serde_json::from_str(&data).expect("data in JSON");
    Some(event)
}
