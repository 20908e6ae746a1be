//! Making a failing run smaller: fewer acts, fewer devices, fewer kinds of trouble, as long as it still fails.

use crate::plan::{Plan, Trouble};
use crate::run::{Failure, run};
use crate::store::memory;

/// The smallest failing run that is found from this failure, in memory, with its trace. A failure that does not come again in
/// memory is returned as it is.
pub async fn shrink(failure: Failure) -> Failure {
    let mut smallest = match run(&failure.plan, memory(), true).await {
        Err(again) => *again,
        Ok(_) => return failure,
    };
    loop {
        let mut smaller = None;
        for plan in smaller_than(&smallest.plan) {
            if let Err(found) = run(&plan, memory(), true).await {
                smaller = Some(*found);
                break;
            }
        }
        match smaller {
            Some(found) => smallest = found,
            None => return smallest,
        }
    }
}

fn smaller_than(plan: &Plan) -> Vec<Plan> {
    let mut plans = Vec::new();
    for acts in [plan.acts / 2, plan.acts.saturating_sub(4), plan.acts.saturating_sub(1)] {
        if acts < plan.acts && acts > 0 {
            plans.push(Plan { acts, ..plan.clone() });
        }
    }
    if plan.devices > 1 {
        plans.push(Plan { devices: plan.devices - 1, ..plan.clone() });
    }
    for trouble in Trouble::ALL.iter().filter(|trouble| plan.has(**trouble)) {
        let mut troubles = plan.troubles.clone();
        troubles.remove(trouble);
        plans.push(Plan { troubles, ..plan.clone() });
    }
    plans
}
