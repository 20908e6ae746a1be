//! A smaller case that fails in the same way of thinking: commands and transactions are taken out while it still fails.

use infrastructure::merge_cases::{Case, Orders};

/// Takes out what is not needed for the failure.
pub(crate) fn shrink(case: &Case, fails: impl Fn(&Case) -> bool) -> Case {
    let mut smallest = Case { orders: Orders::All, ..case.clone() };
    if !fails(&smallest) {
        smallest = case.clone();
    }
    while let Some(smaller) = smaller(&smallest).into_iter().find(&fails) {
        smallest = smaller;
    }
    smallest
}

/// The case without one transaction, or without one command of the first.
fn smaller(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for (name, device) in &case.devices {
        for index in 0..device.transactions.len() {
            let mut less = case.clone();
            if let Some(device) = less.devices.get_mut(name) {
                device.transactions.remove(index);
            }
            if let Orders::These(orders) = &mut less.orders {
                orders.iter_mut().for_each(|order| leave_out(order, name, index));
            }
            found.push(less);
        }
        let writes = case.given.iter().any(|one| one.device.as_ref() == Some(name));
        if device.transactions.is_empty() && !writes && case.devices.len() > 1 {
            let mut less = case.clone();
            less.devices.remove(name);
            found.push(less);
        }
    }
    for index in 0..case.given.len() {
        for command in 0..case.given[index].commands.len() {
            if case.given[index].commands.len() > 1 {
                let mut less = case.clone();
                less.given[index].commands.remove(command);
                found.push(less);
            }
        }
        let named = |point: &String| {
            let of_given =
                case.given.iter().any(|one| one.base.as_ref().is_some_and(|base| base.as_ref() == Some(point)));
            of_given || case.devices.values().any(|device| device.base.as_ref() == Some(point))
        };
        if index > 0 && !case.given[index].point.as_ref().is_some_and(named) {
            let mut less = case.clone();
            less.given.remove(index);
            found.push(less);
        }
    }
    found
}

fn leave_out(order: &mut Vec<String>, name: &str, index: usize) {
    let turns = order.iter().enumerate().filter(|(_, turn)| *turn == name);
    if let Some(place) = turns.map(|(place, _)| place).nth(index) {
        order.remove(place);
    }
}
