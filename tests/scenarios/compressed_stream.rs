//! Live connections whose subprotocol is compressed: they say what the others say in fewer bytes, and what is no zstd, or
//! hides too much, ends them.

use std::io::Write;

use api::client::wire::ChangesPage;
use api::client::{Device, Heard, Live, Replica, Session};
use infrastructure::clock::now_ms;
use serde_json::{Value, json};
use support::commands::{command_with, create_task, id, new_task, transaction};
use support::patience::GUARD;
use support::{Socket, tables};
use tokio_tungstenite::tungstenite::Message;
use zstd::stream::write::Encoder;

use crate::stage::{Stage, code};

const MIB: usize = 1_048_576;
const PACKED: [&str; 2] = ["levelup.v2.json.zstd", "levelup.v2.cbor.zstd"];

async fn catch_up(socket: &mut Socket, replica: &mut Replica) {
    loop {
        let heard: ChangesPage = serde_json::from_value(socket.hear_type("changes").await).unwrap();
        replica.apply(&heard).unwrap();
        if heard.caught_up {
            return;
        }
    }
}

#[tokio::test]
async fn compressed_connections_hear_what_the_others_hear_in_far_fewer_bytes() {
    let stage = Stage::set().await;
    let mut sockets = Vec::new();
    for name in ["levelup.v2.json", "levelup.v2.cbor", PACKED[0], PACKED[1]] {
        let mut socket = Socket::open_as(&stage.http, name).await;
        socket.subscribe(None).await;
        sockets.push((socket, Replica::default()));
    }
    for round in 0..20 {
        for (socket, replica) in &mut sockets {
            catch_up(socket, replica).await;
        }
        let commands: Vec<Value> = (0..=round % 3 * 70).map(|n| create_task(id(), &format!("Task {n}"))).collect();
        stage.account.commit(&commands).await;
    }
    let mut bytes = Vec::new();
    for (socket, replica) in &mut sockets {
        catch_up(socket, replica).await;
        tables::assert_equal(&stage.sql, stage.account.space(), replica).await;
        bytes.push(socket.received_bytes());
    }
    assert!(bytes[2] * 3 < bytes[0] && bytes[3] * 3 < bytes[1], "{bytes:?}");
}

#[tokio::test]
async fn a_compressed_write_is_answered() {
    let stage = Stage::set().await;
    for name in PACKED {
        let mut socket = Socket::open_as(&stage.http, name).await;
        let receipts = socket.write(&[new_task("Read"), transaction(&[create_task(id(), "R")])]).await;
        assert_eq!(receipts[0]["status"], "committed", "{name}");
        assert_eq!(code(&receipts[1]), "too_short", "{name}");
        socket.say(&json!({ "type": "explode" })).await;
        assert_eq!(socket.hear().await["code"], "message_invalid", "{name}: what can be read is answered");
        socket.assert_usable().await;
    }
}

#[tokio::test]
async fn the_command_lines_client_follows_and_writes_compressed() {
    let stage = Stage::set().await;
    let device = Device::fresh("web", "follower");
    let session = Session::login(stage.server.server(), &stage.account.credentials, &device).await.unwrap();
    let mut live = Live::from(session.into(), None).compressed(true).with_patience(GUARD);
    let mut replica = Replica::default();
    let mut receipts = None;
    while receipts.is_none() || replica.position() < replica.head() {
        match live.next().await.unwrap() {
            Heard::Connected { .. } => live.send(7, now_ms(), &[new_task("Read")]).await.unwrap(),
            Heard::Changes(page) => drop(replica.apply(&page).unwrap()),
            Heard::Receipts { receipts: heard, .. } => receipts = Some(heard),
            _ => {}
        }
    }
    assert_eq!(receipts.unwrap().receipts[0]["status"], "committed");
}

#[tokio::test]
async fn a_browser_introduces_itself_compressed() {
    let stage = Stage::set().await;
    let mut socket = Socket::try_open(&stage.http, Some(PACKED[0]), false).await.unwrap();
    socket.say(&json!({ "type": "auth", "token": stage.http.token() })).await;
    socket.assert_usable().await;
    let mut other = Socket::try_open(&stage.http, Some(PACKED[0]), false).await.unwrap();
    other.send(Message::binary(b"garbage".to_vec())).await;
    assert_eq!(other.hear().await["code"], "encoding_malformed");
    assert_eq!(other.next().await, Err(Some(1007)));
}

/// A frame of one byte that asks for a window of so many bytes, in powers of two.
fn wide(window_log: u32) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(window_log).unwrap();
    encoder.write_all(b" ").unwrap();
    // Flushed before its end: a frame that is made at once asks for no more than it holds.
    encoder.flush().unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn what_is_no_zstd_or_hides_too_much_is_told_and_ends_the_connection() {
    let stage = Stage::set().await;
    let before = tables::footprint(&stage.sql).await;
    let whole = zstd::bulk::compress(json!({ "type": "ping" }).to_string().as_bytes(), 3).unwrap();
    let bomb = zstd::bulk::compress(&vec![b' '; 200 * MIB], 3).unwrap();
    let many = zstd::bulk::compress(&vec![b' '; MIB], 3).unwrap().repeat(2);
    let cases = [
        ("garbage", Message::binary(vec![0xff; 100]), "encoding_malformed", 1007),
        ("text", Message::text(json!({ "type": "ping" }).to_string()), "encoding_malformed", 1007),
        ("half a frame", Message::binary(whole[..whole.len() / 2].to_vec()), "encoding_malformed", 1007),
        ("a frame and garbage", Message::binary([whole.as_slice(), b"more"].concat()), "encoding_malformed", 1007),
        ("a window of 128 MiB", Message::binary(wide(27)), "encoding_malformed", 1007),
        ("a bomb", Message::binary(bomb), "body_too_large", 1009),
        ("two frames of a mebibyte", Message::binary(many), "body_too_large", 1009),
    ];
    for (name, message, expected, close) in cases {
        for protocol in PACKED {
            let mut socket = Socket::open_as(&stage.http, protocol).await;
            socket.send(message.clone()).await;
            let heard = socket.hear().await;
            assert_eq!((&heard["type"], &heard["code"]), (&json!("error"), &json!(expected)), "{name}: {heard}");
            assert_eq!(socket.next().await, Err(Some(close)), "{name}");
        }
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn a_message_of_exactly_a_mebibyte_is_read() {
    let stage = Stage::set().await;
    let mut socket = Socket::open_as(&stage.http, PACKED[0]).await;
    let mut text = json!({ "type": "transactions", "id": 1, "transactions": [new_task("Read")] }).to_string();
    text.push_str(&" ".repeat(MIB - text.len()));
    socket.send(Message::binary(zstd::bulk::compress(text.as_bytes(), 3).unwrap())).await;
    assert_eq!(socket.hear().await["receipts"][0]["status"], "committed");
}

#[tokio::test]
async fn a_slow_reader_of_a_compressed_connection_loses_nothing() {
    let stage = Stage::set().await;
    let (mut slow, mut replica) = (Socket::open_as(&stage.http, PACKED[0]).await, Replica::default());
    slow.subscribe(None).await;
    catch_up(&mut slow, &mut replica).await;
    // Text that no compressor makes shorter, far more than a socket and the hub's ring hold, while nothing is read.
    let noise = |n: usize| (0..55).map(|_| id().simple().to_string()).collect::<String>() + &n.to_string();
    for _ in 0..10 {
        let data = |n: usize| json!({ "title": "Heavy", "description": noise(n) });
        let commands: Vec<Value> = (0..300).map(|n| command_with("task.create", id(), data(n))).collect();
        stage.account.commit(&commands).await;
    }
    let head = tables::count(&stage.sql, "SELECT position FROM heads WHERE space_id = $1", stage.account.space()).await;
    while replica.position() < head {
        let heard: ChangesPage = serde_json::from_value(slow.hear_type("changes").await).unwrap();
        replica.apply(&heard).unwrap();
    }
    tables::assert_equal(&stage.sql, stage.account.space(), &replica).await;
}
