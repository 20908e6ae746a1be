//! postgres-es as a server: its whole path behind the HTTP server that this project uses. It decides by this project's own
//! rules of a task, so that what differs is the store.
//!
//! To its advantage nobody is authenticated, no receipt is kept, no hero is rewarded (a hero's stream would have to be read
//! whole at every completion) and nobody is told.

use std::sync::Arc;

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{GenericQuery, PersistedEventStore};
use cqrs_es::{Aggregate, CqrsFramework, EventEnvelope, View};
use domain::entity::{Command, Context, Mark, Recorded};
use domain::id::{DeviceId, SpaceId};
use domain::rejection::Rejection;
use domain::stamp::Stamp;
use domain::task::{Task, TaskCommand, TaskEvent};
use domain::transaction::{Request, Sent, read};
use infrastructure::clock::now_ms;
use postgres_es::{PostgresEventRepository, PostgresViewRepository, default_postgress_pool};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::failure::Failure;

/// A task that knows of each command when it was given.
#[derive(Debug, Default, Serialize, Deserialize)]
struct PeerTask(Task);

struct Asked {
    command: TaskCommand,
    context: Context,
}

impl Aggregate for PeerTask {
    const TYPE: &'static str = Task::TYPE;
    type Command = Asked;
    type Event = TaskEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(&mut self, asked: Asked, _none: &(), sink: &EventSink<Self>) -> Result<(), Rejection> {
        if let Some(change) = self.0.decide(asked.command, &asked.context)?.event {
            sink.write(Recorded { mark: asked.context.mark, change }, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: TaskEvent) {
        self.0.apply(event);
    }
}

/// The row that is read.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Shown(Task);

impl View<PeerTask> for Shown {
    fn update(&mut self, event: &EventEnvelope<PeerTask>) {
        self.0.apply(event.payload.clone());
    }
}

type Framework = CqrsFramework<PeerTask, PersistedEventStore<PostgresEventRepository, PeerTask>>;
type Views = PostgresViewRepository<Shown, PeerTask>;

/// Serves on a free port until the process is ended, on a database that has its tables.
pub async fn serve(url: &str) -> Result<(), Failure> {
    let pool = default_postgress_pool(url).await;
    let store = PersistedEventStore::new_event_store(PostgresEventRepository::new(pool.clone()));
    let mut query = GenericQuery::new(Arc::new(Views::new("task_views", pool)));
    query.use_error_handler(Box::new(|error| eprintln!("a view was not stored: {error}")));
    let framework: Data<Framework> = Data::new(CqrsFramework::new(store, vec![Box::new(query)], ()));
    let server = HttpServer::new(move || {
        App::new().app_data(framework.clone()).route("/api/v2/transactions", web::post().to(transactions))
    });
    let server = server.bind(("127.0.0.1", 0))?;
    for address in server.addrs() {
        println!("listening on http://{address}");
    }
    Ok(server.run().await?)
}

async fn transactions(request: HttpRequest, body: Bytes, framework: Data<Framework>) -> HttpResponse {
    match commit(&request, &body, &framework).await {
        Ok(receipts) => HttpResponse::Ok().json(json!({ "receipts": receipts })),
        Err(failure) => HttpResponse::InternalServerError().body(failure.to_string()),
    }
}

#[derive(Deserialize)]
struct Envelope {
    transactions: Vec<Value>,
}

async fn commit(request: &HttpRequest, body: &[u8], framework: &Framework) -> Result<Vec<Value>, Failure> {
    let space = space(request).ok_or_else(|| Failure::new("the request names no space"))?;
    let envelope: Envelope = serde_json::from_slice(body).map_err(Failure::during("reading the request"))?;
    let mut receipts = Vec::new();
    for transaction in envelope.transactions {
        let sent = read(transaction, space).map_err(Failure::during("reading a transaction"))?;
        receipts.push(execute(space, sent, framework).await?);
    }
    Ok(receipts)
}

/// One command after the other: the framework commits one aggregate at a time.
async fn execute(space: SpaceId, sent: Sent, framework: &Framework) -> Result<Value, Failure> {
    let commands = sent.commands.map_err(|refusal| Failure::new(format!("{refusal:?}")))?;
    let mut results = Vec::new();
    for Request { command_id, at, target, command } in commands {
        let Command::Task(command) = command else { return Err(Failure::new("only tasks are kept here")) };
        let stamp = Stamp { ms: now_ms(), counter: 0, device: DeviceId::default() };
        let mark = Mark { position: 0, at: stamp.ms, stamp };
        let context = Context { space, mark, moment: at, ..Context::default() };
        let done = framework.execute(&target.id.to_string(), Asked { command, context }).await;
        done.map_err(Failure::during("executing a command"))?;
        results.push(json!({ "command_id": command_id, "outcome": "applied" }));
    }
    Ok(json!({ "transaction_id": sent.id, "status": "committed", "results": results }))
}

fn space(request: &HttpRequest) -> Option<SpaceId> {
    let bearer = request.headers().get("authorization")?.to_str().ok()?;
    Some(SpaceId(Uuid::parse_str(bearer.strip_prefix("Bearer ")?).ok()?))
}
