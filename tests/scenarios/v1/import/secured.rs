//! A legacy database that is far away: connections to it are as secure as its URL says.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use support::{Certificates, Database};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_postgres::Config;
use tokio_postgres::config::Host;
use tokio_rustls::TlsAcceptor;

use super::source::Source;
use crate::log_copy::{count, levelup, text};

/// What a client of PostgreSQL asks first that wants TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn postgres(config: &Config) -> Box<dyn Stream> {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match config.get_hosts().first() {
        Some(Host::Unix(dir)) => Box::new(UnixStream::connect(dir.join(format!(".s.PGSQL.{port}"))).await.unwrap()),
        Some(Host::Tcp(host)) => Box::new(TcpStream::connect((host.as_str(), port)).await.unwrap()),
        None => panic!("no host"),
    }
}

/// Speaks TLS before a PostgreSQL that does not, and refuses whoever does not want it; its port.
async fn in_front_of(database: &Database, certificates: &Certificates) -> u16 {
    let http = certificates.serving().http;
    let chain: Vec<_> = CertificateDer::pem_file_iter(http.tls_cert.unwrap()).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(http.tls_key.unwrap()).unwrap();
    let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let (acceptor, config) = (TlsAcceptor::from(Arc::new(server)), database.config());
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (acceptor, config) = (acceptor.clone(), config.clone());
            tokio::spawn(async move {
                let mut asked = [0; 8];
                if client.read_exact(&mut asked).await.is_err() || asked != SSL_REQUEST {
                    return;
                }
                client.write_all(b"S").await.unwrap();
                let Ok(mut client) = acceptor.accept(client).await else { return };
                copy_bidirectional(&mut client, &mut postgres(&config).await).await.ok();
            });
        }
    });
    port
}

#[tokio::test]
async fn a_connection_to_the_legacy_database_is_as_secure_as_its_url_says() {
    let (source, target, certificates) = (Source::sample().await, Database::fresh().await, Certificates::fresh());
    let port = in_front_of(&source.database, &certificates).await;
    let config = source.database.config();
    let secret = config.get_password().map(|secret| format!(":{}", String::from_utf8_lossy(secret)));
    let who = format!("{}{}", config.get_user().unwrap_or("postgres"), secret.unwrap_or_default());
    let base = format!("postgres://{who}@localhost:{port}/{}", config.get_dbname().unwrap());
    let authority = certificates.authority();
    let known = format!("sslmode=verify-full&sslrootcert={}", text(&authority));
    for (mode, exit) in
        [("sslmode=disable", 4), ("sslmode=verify-full", 4), (known.as_str(), 0), ("sslmode=require", 0), ("", 0)]
    {
        let url = format!("{base}?{mode}");
        let dry = ["import-legacy", "--dry-run", "--from", &url, "--account", "light@example.test"];
        let (found, said, error) = levelup(&target, &dry).await;
        assert_eq!(found, exit, "{mode}: {said}{error}");
    }
    // A name that the certificate does not have is somebody else's.
    let other = format!("{}?{known}", base.replace("@localhost:", "@127.0.0.2:"));
    let (found, _, error) = levelup(&target, &["import-legacy", "--dry-run", "--from", &other]).await;
    assert_eq!((found, error.contains("certificate")), (4, true), "{error}");
    let url = format!("{base}?{known}");
    let (found, _, error) = levelup(&target, &["export-legacy", "--load", "--to", &url]).await;
    assert_eq!(found, 0, "{error}");
    assert_eq!(count(&source.sql, "SELECT count(*) FROM levelup_exported").await, 0);
}
