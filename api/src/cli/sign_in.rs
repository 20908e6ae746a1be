//! What the subcommands that speak to a server share: which server, who signs in, and how its refusals read.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::client::retry::patiently;
use crate::client::{ClientError, Credentials, Device, Server, Session};

use super::error::{CliError, Exit};

/// How long to wait for a server that is busy or starting before a sign-in gives up.
const SIGN_IN_PATIENCE: Duration = Duration::from_secs(15);

/// Which server.
#[derive(Clone, Debug, clap::Args)]
pub struct ServerArgs {
    /// The server's address
    #[arg(long, env = "LEVELUP_URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,

    /// PEM file of a certificate authority to believe beside those of the system, for private certificates
    #[arg(long, env = "LEVELUP_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
}

impl ServerArgs {
    /// The server. Nothing is sent yet.
    pub fn server(&self) -> Result<Server, CliError> {
        Ok(Server::trusting(&self.url, self.ca.as_deref())?)
    }
}

/// The password, which is better given by the environment: a flag shows in the list of processes.
#[derive(Clone, clap::Args)]
pub struct PasswordArgs {
    /// The account's password; better set LEVELUP_PASSWORD, since a flag shows in the list of processes
    #[arg(long, env = "LEVELUP_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
}

impl PasswordArgs {
    /// Who signs in, once there is a password.
    pub fn credentials(&self, email: &str) -> Result<Credentials, CliError> {
        match &self.password {
            Some(password) => Ok(Credentials { email: email.to_owned(), password: password.clone() }),
            None => Err(CliError::new(
                Exit::Usage,
                format!("A password is needed to sign in as {email}."),
                "Set LEVELUP_PASSWORD, or pass --password.",
            )),
        }
    }
}

/// Signs a device in, and makes the account when nobody has that address and `or_register` is set.
pub async fn sign_in(
    server: &Server,
    credentials: &Credentials,
    device: &Device,
    or_register: bool,
) -> Result<Arc<Session>, CliError> {
    enter(server, credentials, device, or_register).await.map_err(|error| match error.status() {
        Some(401) => wrong_password(&credentials.email),
        _ => error.into(),
    })
}

/// The same, and why it failed as the client says it.
pub async fn enter(
    server: &Server,
    credentials: &Credentials,
    device: &Device,
    or_register: bool,
) -> Result<Arc<Session>, ClientError> {
    let enter = async || match or_register {
        true => Session::login_or_register(server, credentials, device).await,
        false => Session::login(server, credentials, device).await,
    };
    let outcome = match enter().await {
        // A server that is not there at the first word is most likely not started: say so at once.
        Err(error @ ClientError::Unreachable { .. }) => Err(error),
        Err(error) if error.is_transient() => patiently(SIGN_IN_PATIENCE, |_, _| (), enter).await,
        outcome => outcome,
    };
    outcome.map(Arc::new)
}

fn wrong_password(email: &str) -> CliError {
    CliError::new(
        Exit::Failed,
        format!("The server does not let {email} in with this password."),
        "Check --email and LEVELUP_PASSWORD.",
    )
}

impl From<ClientError> for CliError {
    fn from(error: ClientError) -> Self {
        let next = match &error {
            ClientError::Unreachable { why, .. } if why.contains("certificate") => {
                Some("Name the PEM file of the authority that issued it with --ca or LEVELUP_CA.".to_owned())
            }
            ClientError::Unreachable { .. } | ClientError::GaveUp { .. } => {
                Some("Start one with `levelup serve`, or name another with --url.".to_owned())
            }
            ClientError::Address { .. } => Some("Pass an address such as --url http://127.0.0.1:8080.".to_owned()),
            ClientError::Trust { .. } => {
                Some("Name a PEM file of certificates with --ca or LEVELUP_CA, or none.".to_owned())
            }
            ClientError::Problem(problem) if problem.status == 426 => {
                Some("Install a newer `levelup`: the server no longer speaks to this one.".to_owned())
            }
            ClientError::Problem(problem) if problem.status >= 500 => {
                Some("Look at the server's log; /readyz says what it waits for.".to_owned())
            }
            ClientError::ProofAwaited { .. } => Some(
                "Open the link in that mail, then run the same command again; an account that is there has another password."
                    .to_owned(),
            ),
            ClientError::Unreadable { .. } => Some("Check that --url names a Level Up server of version 2.".to_owned()),
            ClientError::Diverged(_) => {
                Some("This is a defect: keep the server's log and run `levelup rebuild --check` to compare.".to_owned())
            }
            ClientError::Problem(problem) => faults(&problem.errors),
        };
        let exit = match &error {
            ClientError::Address { .. } | ClientError::Trust { .. } => Exit::Usage,
            ClientError::Unreachable { .. } | ClientError::GaveUp { .. } => Exit::Environment,
            ClientError::Diverged(_) => Exit::Difference,
            ClientError::Problem(_) | ClientError::ProofAwaited { .. } | ClientError::Unreadable { .. } => Exit::Failed,
        };
        Self { sentence: error.to_string(), next, exit_code: exit as u8 }
    }
}

/// The fields that a problem names, each with its fault.
fn faults(errors: &[Value]) -> Option<String> {
    let words = |error: &Value| {
        let message = error["message"].as_str().or(error["code"].as_str())?;
        Some(format!("{}: {message}", error["pointer"].as_str().unwrap_or("/")))
    };
    let lines: Vec<String> = errors.iter().filter_map(words).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}
