//! `levelup demo`: two devices of a fresh account talk to each other through the server, and prove at the end that
//! everybody knows the same.

mod describe;
mod device;
mod proof;
mod stage;
mod story;

use infrastructure::clock::{random_bytes, uuid_v7};

use crate::client::{ClientError, Credentials, Device as Installation, Server};

use super::error::{CliError, Exit};
use super::sign_in::{ServerArgs, enter, sign_in};
use super::terminal::paint::{Paint, Tone};
use device::Device;
use stage::Stage;

/// Watch two devices of a fresh account talk through the server
#[derive(clap::Args)]
pub struct DemoArgs {
    #[command(flatten)]
    server: ServerArgs,
}

/// Runs `levelup demo`.
pub async fn run(args: DemoArgs) -> Result<(), CliError> {
    let server = args.server.server()?;
    let paint = Paint::for_stdout();
    let mut stage = open(&server, paint).await?;
    println!();
    story::play(&mut stage).await?;
    println!("\nWhat each of them knows now:");
    let differences = proof::prove(&stage).await?;
    stage.phone.leave().await;
    stage.browser.leave().await;
    if differences.is_empty() {
        println!("{}", paint.paint(Tone::New, "All are equal, by checksum and by value."));
        return Ok(());
    }
    for difference in &differences {
        println!("{}", paint.paint(Tone::Gone, &format!("  {difference}")));
    }
    Err(CliError::new(
        Exit::Difference,
        format!("The proof failed: {} differences.", differences.len()),
        "This is a defect: keep the server's log and run `levelup rebuild --check` to compare.",
    ))
}

/// A fresh account with two devices that have both read everything there is.
async fn open(server: &Server, paint: Paint) -> Result<Stage, CliError> {
    let email = format!("demo-{}@example.test", uuid_v7().simple());
    // Nobody needs to know it: the account is looked at once.
    let password: String = random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let credentials = Credentials { email, password };
    let phone = enter(server, &credentials, &Installation::fresh("ios", "phone"), true).await.map_err(not_at_once)?;
    let browser = sign_in(server, &credentials, &Installation::fresh("web", "browser"), true).await?;
    println!("{} of {}", paint.paint(Tone::Title, "A phone and a browser"), credentials.email);
    let (phone, browser) = (Device::listening("phone", phone).await?, Device::listening("browser", browser).await?);
    let (position, count) = (phone.replica.position(), phone.replica.live().count());
    println!("Both listen from position {position}: a hero and {} core skills.", count.saturating_sub(1));
    Ok(Stage { phone, browser, paint })
}

/// Nobody can read the mail of an account that was made up.
fn not_at_once(error: ClientError) -> CliError {
    match error {
        ClientError::ProofAwaited { .. } => CliError::new(
            Exit::Failed,
            "This server signs nobody in before the e-mail address is proven, and the demo's is made up",
            "Run the demo against a server without LEVELUP_EMAIL_VERIFICATION=required.",
        ),
        other => other.into(),
    }
}
