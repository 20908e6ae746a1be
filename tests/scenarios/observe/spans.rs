//! The spans of one write, from the request to its delivery, as a collector gets them.

use api::client::{Credentials, Device, Session};
use serde_json::json;
use support::commands::new_task;
use support::process::{Place, ServerProcess};
use support::{CollectedSpan, Collector, Database, Http, Socket};

/// As another program would send it (W3C Trace Context).
const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const UNSAMPLED: &str = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn started(place: &Place, database: &Database, told: &[(&str, &str)]) -> (ServerProcess, Http) {
    let server = ServerProcess::start_told(place.path(), Some(database.url()), told).await;
    let credentials =
        Credentials { email: "ada@example.test".to_owned(), password: "correct horse battery".to_owned() };
    let session = Session::register(&server.server(), &credentials, &Device::fresh("ios", "phone")).await.unwrap();
    let http = Http::of(&session).await;
    (server, http)
}

/// The spans of a trace, and one of them by its name.
struct Trace(Vec<CollectedSpan>);

impl Trace {
    fn of(collector: &Collector, trace: &str) -> Self {
        Self(collector.spans().into_iter().filter(|span| hex(&span.trace) == trace).collect())
    }

    fn one(&self, name: &str) -> &CollectedSpan {
        let named: Vec<&CollectedSpan> = self.0.iter().filter(|span| span.name == name).collect();
        assert_eq!(named.len(), 1, "{name}: {:?}", self.0);
        named[0]
    }

    fn assert_in(&self, inner: &str, outer: &str) {
        let (inner, outer) = (self.one(inner), self.one(outer));
        assert_eq!(inner.parent, outer.id, "{} lies in {}", inner.name, outer.name);
        assert!(outer.start <= inner.start && inner.start <= inner.end, "{} and {}", inner.name, outer.name);
    }
}

#[tokio::test]
async fn a_write_is_one_trace_from_the_caller_to_the_reader() {
    let (collector, place, database) = (Collector::open().await, Place::fresh(), Database::fresh().await);
    let url = collector.url();
    let told = [("LEVELUP_OTLP_ENDPOINT", &*url), ("LEVELUP_OTLP_ATTRIBUTES", "deployment.environment.name=test,x=y")];
    let (mut server, http) = started(&place, &database, &told).await;
    let mut reader = Socket::open(&http).await;
    reader.subscribe(None).await;
    assert_eq!(reader.hear_type("changes").await["caught_up"], true);
    let writer = http.with_header("traceparent", TRACEPARENT).with_header("x-request-id", "a-life-of-its-own");
    assert_eq!(writer.write(&json!({ "transactions": [new_task("Read")] })).await.status, 200);
    reader.hear_type("changes").await;
    // The last of them are sent when it stops.
    server.stop().await;

    let trace = Trace::of(&collector, "0af7651916cd43dd8448eb211c80319c");
    let request = trace.one("request");
    assert_eq!(hex(&request.parent), "b7ad6b7169203331");
    assert_eq!(request.attributes["request.id"], "a-life-of-its-own");
    assert_eq!(request.attributes["http.route"], "/api/v2/transactions");
    assert_eq!(request.attributes["http.status"], "200");
    assert_eq!(request.resource["service.name"], "levelup");
    assert_eq!(request.resource["deployment.environment.name"], "test");
    assert!(!request.resource["service.instance.id"].is_empty() && request.resource["x"] == "y");
    for (inner, outer) in [
        ("queue", "request"),
        ("flight", "request"),
        ("load", "flight"),
        ("decide", "flight"),
        ("append", "flight"),
        ("commit", "append"),
        ("landing", "flight"),
        ("hub", "landing"),
        ("delivery", "hub"),
    ] {
        trace.assert_in(inner, outer);
    }
    let ends = |name| trace.one(name).end;
    assert!(ends("queue") <= ends("load") && ends("load") <= ends("decide") && ends("decide") <= ends("append"));
    assert!(
        collector.spans().iter().any(|span| span.name == "message" && span.attributes["message.kind"] == "subscribe")
    );
}

#[tokio::test]
async fn a_message_on_a_live_connection_is_a_trace_of_its_own_under_the_name_of_its_handshake() {
    let (collector, place, database) = (Collector::open().await, Place::fresh(), Database::fresh().await);
    let url = collector.url();
    let (mut server, http) = started(&place, &database, &[("LEVELUP_OTLP_ENDPOINT", &url)]).await;
    let mut socket = Socket::open(&http.with_header("x-request-id", "the-handshake")).await;
    socket.write(&[new_task("Read")]).await;
    server.stop().await;
    let spans = collector.spans();
    let message = spans.iter().find(|span| span.name == "message").expect("the message's span");
    assert_eq!(message.attributes["message.kind"], "transactions");
    assert_eq!(message.attributes["request.id"], "the-handshake");
    assert!(message.parent.is_empty());
    let trace = Trace::of(&collector, &hex(&message.trace));
    trace.assert_in("queue", "message");
    trace.assert_in("flight", "message");
    let sql = database.connect().await;
    let named = "SELECT count(*) FROM events WHERE metadata ->> 'request' = 'the-handshake'";
    assert_eq!(sql.query_one(named, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test]
async fn what_is_not_sampled_is_not_sent_unless_the_caller_asks_for_it() {
    let (collector, place, database) = (Collector::open().await, Place::fresh(), Database::fresh().await);
    let url = collector.url();
    let told = [("LEVELUP_OTLP_ENDPOINT", &*url), ("LEVELUP_OTLP_SAMPLING", "0")];
    let (mut server, http) = started(&place, &database, &told).await;
    for http in [&http, &http.with_header("traceparent", UNSAMPLED), &http.with_header("traceparent", "garbage")] {
        assert_eq!(http.write(&json!({ "transactions": [new_task("Read")] })).await.status, 200);
    }
    let followed = http.with_header("traceparent", TRACEPARENT);
    assert_eq!(followed.write(&json!({ "transactions": [new_task("Read")] })).await.status, 200);
    server.stop().await;
    let traces: std::collections::BTreeSet<String> = collector.spans().iter().map(|span| hex(&span.trace)).collect();
    assert_eq!(Vec::from_iter(traces), ["0af7651916cd43dd8448eb211c80319c"]);
}

#[tokio::test]
async fn a_collector_that_is_not_there_costs_its_spans_and_nothing_else() {
    let (place, database) = (Place::fresh(), Database::fresh().await);
    let (mut server, http) = started(&place, &database, &[("LEVELUP_OTLP_ENDPOINT", "http://127.0.0.1:1")]).await;
    assert_eq!(http.write(&json!({ "transactions": [new_task("Read")] })).await.status, 200);
    let lost = async || {
        let text = http.get("/metrics").await;
        let text = String::from_utf8(text.body).unwrap();
        let line = text.lines().find(|line| line.starts_with("levelup_dropped_spans_total{because=\"not_taken\"}"));
        line.is_some_and(|line| !line.ends_with(" 0")).then_some(())
    };
    support::patience::until("spans that are counted as lost", lost).await;
    server.stop().await;
    assert_eq!(server.log_text().matches("spans are not taken by the collector").count(), 1, "{}", server.log_end());
}

#[tokio::test]
async fn a_wrong_setting_ends_the_start_with_one_sentence() {
    for (name, value, said) in [
        ("LEVELUP_OTLP_ENDPOINT", "ftp://127.0.0.1", "LEVELUP_OTLP_ENDPOINT is not an address"),
        ("LEVELUP_OTLP_ENDPOINT", "collector", "LEVELUP_OTLP_ENDPOINT is not an address"),
        ("LEVELUP_OTLP_SAMPLING", "2", "give a number from 0 to 1"),
        ("LEVELUP_LOG", "info,=", "LEVELUP_LOG is not a log filter"),
    ] {
        let place = Place::fresh();
        let mut command = support::process::command("", place.path(), &["merge", "--stdin"]);
        let output = command.env(name, value).output().await.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && text.contains(said), "{name}={value}: {text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}
