"""The game's arithmetic that needs only numbers: levels and runs of days."""

from bisect import bisect_right
from itertools import accumulate, groupby
from math import isqrt


def hero_level(xp):
    """The hero's level from lifetime XP, by solving 25(L-1)(3L-2) <= xp for the greatest whole L."""
    level = (125 + isqrt(625 + 300 * xp)) // 150
    reached = 25 * (level - 1) * (3 * level - 2)
    return {"xp": xp, "level": level, "xp_in_level": xp - reached, "xp_to_next": 150 * level - 50}


def _skill_sizes(count):
    """Sizes of the first skill levels: 100, then each the floor of one and a half times the one before."""
    return list(accumulate(range(count - 1), lambda size, _: size * 3 // 2, initial=100))


SKILL_SIZES = _skill_sizes(90)
SKILL_STARTS = list(accumulate(SKILL_SIZES, initial=0))


def skill_level(xp):
    """A skill's level from lifetime XP, looked up in the table of what each level starts at."""
    level = bisect_right(SKILL_STARTS, xp)
    return {
        "xp": xp,
        "level": level,
        "xp_in_level": xp - SKILL_STARTS[level - 1],
        "xp_to_next": SKILL_SIZES[level - 1],
    }


def last_run(days):
    """(length of the run of neighbouring days that ends on the last day, that day), or (0, None)."""
    # In a run, a day's number minus its rank is constant, so each run is one group.
    ordered = enumerate(sorted(set(days)))
    runs = [[day for _, day in run] for _, run in groupby(ordered, lambda pair: pair[1].toordinal() - pair[0])]
    return (len(runs[-1]), runs[-1][-1]) if runs else (0, None)
