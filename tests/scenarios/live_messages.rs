//! Messages on a live connection that cannot be read: each is answered, and the connection stays usable.

use serde_json::{Value, json};
use support::commands::new_task;
use support::{Socket, tables};
use tokio_tungstenite::tungstenite::Message;

use crate::stage::Stage;

const MIB: usize = 1_048_576;

fn bad_messages() -> Vec<(&'static str, Message)> {
    let text = |text: &str| Message::text(text.to_owned());
    vec![
        ("no JSON", text("{")),
        ("nothing", text("")),
        ("a list", text("[]")),
        ("no type", text("{}")),
        ("a type of a number", text(r#"{"type":7}"#)),
        ("an unknown type", text(r#"{"type":"explode"}"#)),
        ("a space that is no id", text(r#"{"type":"subscribe","space":"mine"}"#)),
        ("a cursor of a number", text(r#"{"type":"subscribe","cursor":7}"#)),
        ("a cursor with a slip", text(r#"{"type":"subscribe","cursr":"x"}"#)),
        ("no transactions", text(r#"{"type":"transactions","id":1}"#)),
        ("transactions in an object", text(r#"{"type":"transactions","id":1,"transactions":{}}"#)),
        ("an unknown field", text(r#"{"type":"transactions","id":1,"transactions":[],"more":1}"#)),
        ("no cursor", text(r#"{"type":"ack"}"#)),
        ("no token", text(r#"{"type":"auth"}"#)),
        ("bytes", Message::binary(vec![0xff, 0x00])),
        ("no bytes", Message::binary(Vec::new())),
    ]
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_answered_and_the_connection_stays_usable() {
    let stage = Stage::set().await;
    let before = tables::footprint(&stage.sql).await;
    let mut socket = Socket::open(&stage.http).await;
    for (name, message) in bad_messages() {
        socket.send(message).await;
        let heard = socket.hear().await;
        assert_eq!((&heard["type"], &heard["code"]), (&json!("error"), &json!("message_invalid")), "{name}: {heard}");
        socket.assert_usable().await;
    }
    assert_eq!(tables::footprint(&stage.sql).await, before);
}

#[tokio::test]
async fn bytes_that_are_no_cbor_are_answered_too() {
    let stage = Stage::set().await;
    let mut socket = Socket::open_cbor(&stage.http).await;
    for bytes in [vec![0xff], vec![0xa1], vec![0x81; 70_000], b"{\"type\":\"ping\"}".to_vec()] {
        socket.send(Message::binary(bytes)).await;
        assert_eq!(socket.hear().await["code"], "message_invalid");
    }
    socket.assert_usable().await;
}

#[tokio::test]
async fn a_bad_fresh_token_leaves_the_old_one_in_force() {
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    socket.say(&json!({ "type": "auth", "token": "garbage" })).await;
    assert_eq!(socket.hear().await["code"], "token_invalid");
    socket.say(&json!({ "type": "auth", "token": stage.http.token() })).await;
    socket.assert_usable().await;
}

#[tokio::test]
async fn the_token_of_somebody_else_ends_the_connection() {
    let stage = Stage::set().await;
    let other = support::Account::register(&stage.server).await.http().await;
    let mut socket = Socket::open(&stage.http).await;
    socket.say(&json!({ "type": "auth", "token": other.token() })).await;
    assert_eq!(socket.hear().await["code"], "token_invalid");
    assert_eq!(socket.next().await, Err(Some(4401)));
}

#[tokio::test]
async fn a_message_over_one_mebibyte_is_told_before_the_connection_closes() {
    let stage = Stage::set().await;
    for mebibytes in [1, 20] {
        let mut socket = Socket::open(&stage.http).await;
        let mut text = json!({ "type": "transactions", "id": 1, "transactions": [new_task("Read")] }).to_string();
        text.push_str(&" ".repeat(mebibytes * MIB));
        socket.send(Message::text(text)).await;
        let heard = socket.next().await;
        let code = heard.as_ref().map(|heard| heard["code"].clone());
        assert_eq!(code, Ok(Value::from("body_too_large")), "{mebibytes} MiB: {heard:?}");
        assert_eq!(socket.next().await, Err(Some(1009)));
    }
}

#[tokio::test]
async fn a_frame_that_only_announces_too_much_is_refused_by_its_head() {
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    // The first half of a message, then the head of a second that would make it too long.
    for last in [false, true] {
        let kind = if last { Data::Continue } else { Data::Text };
        let header = FrameHeader { is_final: last, opcode: OpCode::Data(kind), ..FrameHeader::default() };
        socket.send(Message::Frame(Frame::from_payload(header, vec![b' '; MIB / 2 + 1].into()))).await;
    }
    assert_eq!(socket.hear().await["code"], "body_too_large");
    assert_eq!(socket.next().await, Err(Some(1009)));
}

#[tokio::test]
async fn a_message_of_nearly_one_mebibyte_in_many_frames_is_one_message() {
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;
    use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
    let stage = Stage::set().await;
    let mut socket = Socket::open(&stage.http).await;
    let mut text = json!({ "type": "transactions", "id": 1, "transactions": [new_task("Read")] }).to_string();
    text.push_str(&" ".repeat(MIB - text.len()));
    let chunks: Vec<&[u8]> = text.as_bytes().chunks(100_000).collect();
    for (index, chunk) in chunks.iter().enumerate() {
        let kind = if index == 0 { Data::Text } else { Data::Continue };
        let frame = Frame::message(chunk.to_vec(), OpCode::Data(kind), index + 1 == chunks.len());
        socket.send(Message::Frame(frame)).await;
    }
    assert_eq!(socket.hear().await["receipts"][0]["status"], "committed");
}
