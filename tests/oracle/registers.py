"""Pairs of done and undone: what a row of repeated completes and uncompletes really changed."""

from collections import defaultdict
from itertools import groupby, zip_longest
from typing import Any, NamedTuple

from rows import Row


class Span(NamedTuple):
    """A completion that counted, and what undid it, if anything did."""

    key: Any
    done: Row
    undone: Row | None


def spans(rows, done, undone, key):
    """All spans of the registers that `key` tells apart, in the order of their completions."""
    registers = defaultdict(list)
    for row in rows:
        if row.verb in (done, undone):
            registers[key(row)].append(row)
    found = [Span(name, *pair) for name, group in registers.items() for pair in _pairs(group, undone)]
    return sorted(found, key=lambda span: span.done.seq)


def _pairs(group, undone):
    # Repeats change nothing, so the first row of every run of equal verbs is the one that counted.
    turns = [next(run) for _, run in groupby(group, lambda row: row.verb)]
    if turns[0].verb == undone:
        turns = turns[1:]
    return zip_longest(turns[::2], turns[1::2])
