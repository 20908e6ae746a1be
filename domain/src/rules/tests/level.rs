use proptest::prelude::*;

use crate::rules::level::{Standing, hero_reach, hero_standing, skill_standing};

#[test]
fn a_hero_reaches_levels_at_100_350_750_and_1300_xp() {
    assert_eq!([1, 2, 3, 4, 5, 6].map(hero_reach), [0, 100, 350, 750, 1300, 2000]);
    let levels = [0, 99, 100, 349, 350, 749, 750, 1299, 1300].map(|xp| hero_standing(xp).level);
    assert_eq!(levels, [1, 1, 2, 2, 3, 3, 4, 4, 5]);
    assert_eq!(hero_standing(400), Standing { level: 3, xp_in_level: 50, xp_to_next: 400 });
}

#[test]
fn a_skill_level_takes_half_as_much_again_as_the_one_before() {
    let mut xp = 0;
    let mut sizes = Vec::new();
    for level in 1..=10 {
        let standing = skill_standing(xp);
        assert_eq!((standing.level, standing.xp_in_level), (level, 0));
        sizes.push(standing.xp_to_next);
        xp += standing.xp_to_next;
    }
    assert_eq!(sizes, [100, 150, 225, 337, 505, 757, 1135, 1702, 2553, 3829]);
}

#[test]
fn no_amount_of_xp_breaks_a_curve() {
    for xp in [i64::MIN, -1, 0, i64::MAX - 1, i64::MAX] {
        let (hero, skill) = (hero_standing(xp), skill_standing(xp));
        assert!(hero.level >= 1 && (0..hero.xp_to_next).contains(&hero.xp_in_level), "{hero:?}");
        assert!(skill.level >= 1 && (0..skill.xp_to_next).contains(&skill.xp_in_level), "{skill:?}");
    }
    assert_eq!(hero_standing(-5), hero_standing(0));
    assert_eq!((hero_reach(0), hero_reach(-3), hero_reach(i64::MAX)), (0, 0, i64::MAX));
}

/// Small amounts and large, and those next to where a level begins.
fn any_xp() -> impl Strategy<Value = i64> {
    let edge = (1_i64..350_000_000, -1_i64..=1).prop_map(|(level, off)| hero_reach(level).saturating_add(off).max(0));
    prop_oneof![0_i64..10_000, 0_i64..=i64::MAX, edge]
}

proptest! {
    #[test]
    fn the_level_is_the_inverse_of_its_reach(xp in any_xp()) {
        let hero = hero_standing(xp);
        prop_assert!(hero_reach(hero.level) <= xp);
        prop_assert!(xp < hero_reach(hero.level + 1) || hero_reach(hero.level + 1) == i64::MAX);
        prop_assert_eq!(hero.xp_in_level, xp - hero_reach(hero.level));
        prop_assert_eq!(hero.xp_to_next, 150 * hero.level - 50);
        prop_assert_eq!(hero_standing(hero_reach(hero.level)).level, hero.level);
    }

    #[test]
    fn more_xp_is_never_a_lower_level(one in any_xp(), other in any_xp()) {
        let (less, more) = (one.min(other), one.max(other));
        prop_assert!(hero_standing(less).level <= hero_standing(more).level);
        prop_assert!(skill_standing(less).level <= skill_standing(more).level);
    }

    #[test]
    fn the_skill_curve_equals_counting_point_by_point(xp in 0_i64..20_000) {
        let (mut level, mut inside, mut size) = (1, 0, 100_i64);
        for _ in 0..xp {
            inside += 1;
            if inside == size {
                (level, inside, size) = (level + 1, 0, size * 3 / 2);
            }
        }
        prop_assert_eq!(skill_standing(xp), Standing { level, xp_in_level: inside, xp_to_next: size });
    }
}
