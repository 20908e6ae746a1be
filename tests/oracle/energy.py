"""Energy balls: how many each completion or focus session took, and which came back."""

from bisect import bisect_left
from datetime import date
from itertools import accumulate
from typing import NamedTuple

BALLS_MAX = 18


class Draw(NamedTuple):
    """A wish for balls on a day; `undone_seq` is the place of the uncomplete that hands them back."""

    seq: int
    day: date
    wanted: int
    undone_seq: int | None


class Settled(NamedTuple):
    """Per draw (by seq) the balls taken and given back; the last energy day and what is spent on it."""

    taken: dict
    given: dict
    day: date | None
    spent: int


def settle(draws):
    """Settle all draws of one hero, each energy day by itself."""
    draws = sorted(draws)
    places = [draw.seq for draw in draws]
    # The energy day after each draw is the latest day seen so far: it never goes back.
    fronts = list(accumulate((draw.day for draw in draws), max))
    taken, given, spent = dict.fromkeys(places, 0), dict.fromkeys(places, 0), 0
    for day in sorted(set(fronts)):
        spent = _settle_day(_steps(day, draws, places, fronts), taken, given)
    return Settled(taken, given, fronts[-1] if fronts else None, spent)


def _steps(day, draws, places, fronts):
    """(place, +1 or -1, draw) of everything that moves that day's balls while it is the energy day."""
    todays = [draw for draw, front in zip(draws, fronts) if draw.day == front == day]
    takes = [(draw.seq, 1, draw) for draw in todays]
    undone = [draw for draw in todays if draw.undone_seq is not None]
    gives = [(d.undone_seq, -1, d) for d in undone if fronts[bisect_left(places, d.undone_seq) - 1] == day]
    return sorted(takes + gives)


def _settle_day(steps, taken, given):
    """Walk one day: a take is clamped at what is left, a give hands back exactly what was taken."""
    spent = 0
    for _, sign, draw in steps:
        if sign > 0:
            taken[draw.seq] = min(draw.wanted, BALLS_MAX - spent)
        else:
            given[draw.seq] = taken[draw.seq]
        spent += sign * taken[draw.seq]
    return spent
