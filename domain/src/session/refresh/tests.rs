//! Given a token in some state, when it is presented, then this follows.

use proptest::prelude::*;

use super::*;

const ISSUED: i64 = 1_000_000;
const EXPIRES: i64 = 9_000_000;
/// What the successor was made with, and what another one would be made with.
const OLD: u8 = 1;
const NEW: u8 = 2;

fn valid() -> Refresh<u8> {
    Refresh::Valid(Valid { expires_at: EXPIRES })
}

fn consumed(at: i64) -> Consumed<u8> {
    Consumed { at, salt: OLD, expires_at: EXPIRES }
}

#[test]
fn a_valid_token_is_rotated() {
    let then = valid().present(ISSUED, NEW);
    assert_eq!(then, Presented::Rotate(Consumed { at: ISSUED, salt: NEW, expires_at: EXPIRES }));
    assert!(then.is_granted());
}

#[test]
fn a_valid_token_is_refused_from_its_end_on() {
    assert!(valid().present(EXPIRES - 1, NEW).is_granted());
    assert_eq!(valid().present(EXPIRES, NEW), Presented::Refuse(Refused::Expired));
}

#[test]
fn a_token_used_within_the_grace_gets_the_same_successor() {
    for later in [0, 1, REFRESH_GRACE_MS] {
        let then = Refresh::Consumed(consumed(ISSUED)).present(ISSUED + later, NEW);
        assert_eq!(then, Presented::Repeat(consumed(ISSUED)), "{later} ms later");
        assert!(then.is_granted());
    }
}

#[test]
fn a_token_used_by_a_node_whose_clock_is_ahead_gets_the_same_successor() {
    let then = Refresh::Consumed(consumed(ISSUED)).present(ISSUED - 5_000, NEW);
    assert_eq!(then, Presented::Repeat(consumed(ISSUED)));
}

#[test]
fn the_grace_is_kept_even_when_the_token_ends_meanwhile() {
    let then = Refresh::Consumed(consumed(EXPIRES - 1)).present(EXPIRES + 10, NEW);
    assert_eq!(then, Presented::Repeat(consumed(EXPIRES - 1)));
}

#[test]
fn a_token_used_before_the_grace_revokes_its_session() {
    let then = Refresh::Consumed(consumed(ISSUED)).present(ISSUED + REFRESH_GRACE_MS + 1, NEW);
    assert_eq!(then, Presented::Revoke(Revoked { because: Because::Replayed }));
    assert!(!then.is_granted());
}

#[test]
fn a_used_token_past_its_end_is_only_refused() {
    let then = Refresh::Consumed(consumed(ISSUED)).present(EXPIRES, NEW);
    assert_eq!(then, Presented::Refuse(Refused::Expired));
}

#[test]
fn a_token_of_an_ended_session_is_refused_with_the_reason() {
    for because in Because::ALL {
        let then = Refresh::Revoked(Revoked { because: *because }).present(ISSUED, NEW);
        assert_eq!(then, Presented::Refuse(Refused::Revoked(*because)));
    }
}

/// The state after a presentation, as the directory keeps it.
fn after(before: Refresh<u8>, then: &Presented<u8>) -> Refresh<u8> {
    match then {
        Presented::Rotate(consumed) | Presented::Repeat(consumed) => Refresh::Consumed(*consumed),
        Presented::Revoke(revoked) => Refresh::Revoked(*revoked),
        Presented::Refuse(_) => before,
    }
}

proptest! {
    /// Whoever presents one token however often and whenever: it is rotated at most once, every grant names the
    /// successor of that one time and comes within the grace, and nothing is granted after the session was ended.
    #[test]
    fn however_often_a_token_comes_it_has_one_successor(
        moments in prop::collection::vec(ISSUED..EXPIRES + 100_000, 1..40),
        close in prop::collection::vec(0..2 * REFRESH_GRACE_MS, 0..10),
    ) {
        let mut moments = moments;
        let first = moments[0];
        moments.extend(close.iter().map(|later| first + later));
        moments.sort_unstable();
        let (mut state, mut rotation, mut ended) = (valid(), None, false);
        for (salt, now) in (0_u8..).zip(moments) {
            let then = state.clone().present(now, salt);
            match &then {
                Presented::Rotate(consumed) => {
                    prop_assert_eq!(rotation, None);
                    prop_assert!(now < EXPIRES);
                    rotation = Some((consumed.at, consumed.salt));
                }
                Presented::Repeat(consumed) => {
                    prop_assert_eq!(rotation, Some((consumed.at, consumed.salt)));
                    prop_assert!(now - consumed.at <= REFRESH_GRACE_MS);
                }
                Presented::Revoke(_) => {
                    prop_assert!(rotation.is_some_and(|(at, _)| now - at > REFRESH_GRACE_MS));
                    prop_assert!(!ended);
                    ended = true;
                }
                Presented::Refuse(refused) => prop_assert_eq!(ended, matches!(refused, Refused::Revoked(_))),
            }
            prop_assert!(!(ended && then.is_granted()));
            state = after(state, &then);
        }
    }
}
