//! From one device of a person to another, quiet and beside others who write.

use super::{Shape, seats};
use crate::failure::Failure;
use crate::latency::{Latency, Pair, WARM_UP, Way, over_socket_io};
use crate::peers::{Figures, Round, Stage, figures};
use crate::request::Script;
use crate::statistics::Series;
use crate::targets::http_peer::token;
use crate::targets::{Running, Target};

/// The space of the person on a server of node.
const PERSON: usize = 800_000_000;
/// A writer and a listener.
const DEVICES: usize = 2;

/// All rounds, of each way of writing.
pub(crate) async fn measure(stage: &mut Stage<'_>, shape: Shape) -> Result<(), Failure> {
    let account = stage.levelup()?.pair().await?;
    let mut pair = Pair::new(stage.levelup()?.server.address, account).await?;
    let mut players = stage.players(shape);
    for round in 1..=stage.sizes.rounds {
        let mut left = Vec::new();
        for place in players {
            let target = stage.player(place)?.target();
            let ways: &[Way] = if target == Target::Levelup { &[Way::Http, Way::WebSocket] } else { &[Way::Http] };
            let mut fine = true;
            for way in ways {
                match one(stage, place, shape, &mut pair, *way).await {
                    Ok((connections, figures)) => stage.keep(Round {
                        run: String::new(),
                        shape,
                        target,
                        variant: way.name().to_owned(),
                        connections,
                        round,
                        figures,
                    })?,
                    Err(failure) => {
                        fine = false;
                        stage.fail(shape, target, &failure)?;
                        break;
                    }
                }
            }
            left.extend(fine.then_some(place));
        }
        players = left;
    }
    Ok(())
}

/// One round of one target: how many devices were at work beside, and what was found.
async fn one(
    stage: &mut Stage<'_>,
    place: usize,
    shape: Shape,
    pair: &mut Pair,
    way: Way,
) -> Result<(usize, Figures), Failure> {
    stage.checkpoint().await?;
    let samples = stage.sizes.samples;
    let (devices, per_s) = stage.sizes.background;
    let before = stage.stored(place).await?.receipts;
    let (arrived, figures) = match (stage.player(place)?, shape) {
        (Running::Levelup(levelup), Shape::DeviceLoad) => {
            let seats = seats::seats(Shape::Single, devices, 0);
            let mut others = levelup.seat(&seats).await?;
            let latency = pair.measure_beside(way, samples, &mut others, per_s).await;
            levelup.give_back(&seats, others)?;
            return Ok((devices, found(&latency?)));
        }
        (Running::Levelup(_), _) => counted(&pair.measure(way, samples).await?),
        (Running::Peer(peer), _) => {
            let mut script = Script::uncounted(String::new());
            counted(&over_socket_io(peer.server.address, &token(PERSON), &mut script, samples).await?)
        }
        (Running::Zero(zero), _) => {
            let arrived = zero.measure(samples).await?;
            (arrived.count(), arrivals(&arrived))
        }
        (Running::BareSql(_), _) => return Err(Failure::new("it tells nobody")),
    };
    let stored = stage.stored(place).await?.receipts - before;
    let sent = arrived + WARM_UP;
    match usize::try_from(stored) == Ok(sent) {
        true => Ok((DEVICES, figures)),
        false => Err(Failure::new(format!("{sent} commands arrived, {stored} are stored"))),
    }
}

fn counted(latency: &Latency) -> (usize, Figures) {
    (latency.sent_to_arrived.count(), found(latency))
}

fn found(latency: &Latency) -> Figures {
    let receipt = &latency.sent_to_receipt;
    let receipts = figures([("receipt_p50_ms", receipt.percentile(50)), ("receipt_p99_ms", receipt.percentile(99))]);
    arrivals(&latency.sent_to_arrived).into_iter().chain(receipts).collect()
}

fn arrivals(arrived: &Series) -> Figures {
    figures([
        ("p50_ms", arrived.percentile(50)),
        ("p99_ms", arrived.percentile(99)),
        ("max_ms", arrived.max()),
        ("samples", arrived.count() as f64),
    ])
}
