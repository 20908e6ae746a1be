//! Takes the port before anything else is started: a port in use is the commonest reason not to serve.

use std::{
    io::ErrorKind,
    net::{SocketAddr, TcpListener},
};

use tokio::net::{TcpSocket, lookup_host};

use super::{CliError, Exit};

/// Connections that the system keeps waiting while all workers are busy; a fleet that comes back at once needs many.
const BACKLOG_CONNECTIONS_MAX: u32 = 4_096;

pub(super) async fn bind(address: &str) -> Result<TcpListener, CliError> {
    let resolved = lookup_host(address).await.ok().and_then(|mut found| found.next()).ok_or_else(|| {
        let sentence = format!("LEVELUP_LISTEN is `{address}`, which is no address of this machine with a port");
        CliError::new(Exit::Environment, sentence, "Write it like 127.0.0.1:8080 or [::]:8080.")
    })?;
    listen(resolved).map_err(|error| refused(address, &error))
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not wait for the connections of the process before it to fade away.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG_CONNECTIONS_MAX)?.into_std()
}

fn refused(address: &str, error: &std::io::Error) -> CliError {
    let (sentence, next) = match error.kind() {
        ErrorKind::AddrInUse => (
            format!("{address} is in use by another process"),
            "Stop that process, or set LEVELUP_LISTEN to another port (port 0 picks a free one).",
        ),
        ErrorKind::PermissionDenied => {
            (format!("this account may not listen on {address}"), "Set LEVELUP_LISTEN to a port of 1024 or above.")
        }
        _ => (format!("listening on {address} failed: {error}"), "Set LEVELUP_LISTEN to an address of this machine."),
    };
    CliError::new(Exit::Environment, sentence, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_said_in_one_sentence() {
        let taken = bind("127.0.0.1:0").await.unwrap();
        let error = bind(&taken.local_addr().unwrap().to_string()).await.unwrap_err();
        assert!(error.sentence.ends_with("is in use by another process"), "{error}");
        assert!(error.to_string().contains("LEVELUP_LISTEN"));
    }

    #[tokio::test]
    async fn what_is_no_address_is_refused() {
        assert!(bind("not an address").await.is_err());
    }
}
