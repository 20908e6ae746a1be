//! The template: one migrated database for each state of the migrations, made by whoever comes first. A clone of it
//! costs a few hundredths of a second; migrating each test's database would cost ten times that.

use infrastructure::postgres::migrations;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Config};

/// Only test code takes this lock, on the database that the tests are given, never on one that a server uses.
const LOCK: i64 = 0x6c65_7665_6c75_7001;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// The template's name. Several test programs may ask at once; one makes it.
pub(crate) async fn name(admin: &Client, config: &Config) -> &'static str {
    TEMPLATE.get_or_init(async || make(admin, config).await).await
}

async fn make(admin: &Client, config: &Config) -> String {
    let name = format!("levelup_template_{}", hash_of_migrations());
    admin.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.unwrap();
    let known = admin.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await.unwrap();
    if known.is_none() {
        // Under another name until it is whole: a run that is interrupted here leaves no half template.
        let draft = format!("{name}_draft");
        admin.batch_execute(&format!("DROP DATABASE IF EXISTS {draft}")).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {draft}")).await.unwrap();
        let mut draft_config = config.clone();
        draft_config.dbname(&draft);
        migrations::run(&draft_config).await.expect("the migrations apply to an empty database");
        admin
            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", &[&draft])
            .await
            .unwrap();
        rename(admin, &draft, &name).await;
    }
    admin.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.unwrap();
    name
}

/// The migrations' connection takes a moment to be gone.
async fn rename(admin: &Client, draft: &str, name: &str) {
    super::patience::until("the template", async || {
        admin.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}")).await.ok()
    })
    .await;
}

fn hash_of_migrations() -> String {
    let mut files: Vec<_> = std::fs::read_dir(MIGRATIONS).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.file_name().unwrap().as_encoded_bytes());
        hash.update(std::fs::read(file).unwrap());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
