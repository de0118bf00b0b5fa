"""Where something really was near a moment, and how sure that is: its fixes, smoothed by how it moves.

Owns: a filter over few fixes (a velocity that wanders, fixes with errors of their own), how much it wanders by the
fixes themselves. Does not own: which fixes, what follows for a distance (band.py).
Always true: the work grows with the number of fixes alone; equal fixes give equal answers on every machine.
Source: Rauch, Tung, Striebel, AIAA Journal 3 (1965); the model is that of cubic smoothing splines (Wahba 1978).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_STEPS_MAX: Final = 12  # half powers of ten above or below the usual
_DOUBT: Final = 2.0  # standard deviation of the guess before any fix is seen, in powers of ten
_ANY_MPS2: Final = 90_000.0  # variance of the velocity before any fix is seen: 300 m/s
Values = tuple[float, ...]  # one an axis


@dataclass(frozen=True, slots=True)
class Knot:
    """A moment in seconds, and what was seen then; None where only the answer is wanted."""

    at_s: float
    seen: Values | None


@dataclass(frozen=True, slots=True)
class State:
    """Place and velocity on each axis, and their covariance, which is the same on every axis."""

    at_s: float
    place: Values
    speed: Values
    pp: float
    pv: float
    vv: float


def smooth(knots: Sequence[Knot], error: float, wander: float) -> list[State]:
    """Give the state at each knot as all fixes tell it.

    Args:
        knots: In order of time; the first one was seen.
        error: Variance of what is seen, m².
        wander: How fast the variance of the velocity grows, m²/s³.
    """
    place = knots[0].seen or (0.0,)
    speed: Values = (0.0,) * len(place)
    pp, pv, vv = error, 0.0, _ANY_MPS2
    before: list[State] = []
    after = [State(knots[0].at_s, place, speed, pp, pv, vv)]
    for last, knot in pairwise(knots):
        h = knot.at_s - last.at_s
        place = tuple([p + h * v for p, v in zip(place, speed, strict=True)])
        pp, pv, vv = _ahead(pp, pv, vv, h, wander)
        before.append(State(knot.at_s, place, speed, pp, pv, vv))
        if knot.seen is not None:
            total = pp + error
            gain, turn = pp / total, pv / total
            off = [z - p for z, p in zip(knot.seen, place, strict=True)]
            place = tuple([p + gain * o for p, o in zip(place, off, strict=True)])
            speed = tuple([v + turn * o for v, o in zip(speed, off, strict=True)])
            pp, pv, vv = pp * error / total, pv * error / total, vv - turn * pv
        after.append(State(knot.at_s, place, speed, pp, pv, vv))
    found = [after[-1]]
    for now, ahead in zip(reversed(after[:-1]), reversed(before), strict=True):
        found.append(_back(now, ahead, found[-1]))
    return found[::-1]


def wander_of(knots: Sequence[Knot], error: float, usual: float) -> float:
    """Give how much the velocity wanders: likeliest by the fixes, and near the usual where they say little."""

    def likely(step: int) -> float:
        doubt = 0.5 * (step / 2 / _DOUBT) ** 2
        return _likelihood(knots, error, usual * math.pow(10.0, step / 2)) - doubt

    best, most = 0, likely(0)
    for way in (1, -1):
        step = way
        while abs(step) <= _STEPS_MAX and (value := likely(step)) > most:
            best, most, step = step, value, step + way
        if best:
            break
    return usual * math.pow(10.0, best / 2)


def between(one: State, two: State, at_s: float) -> tuple[Values, Values]:
    """Give place and velocity between two smoothed states: the cubic on which both lie."""
    h = two.at_s - one.at_s
    s = (at_s - one.at_s) / h
    r = 1 - s
    a, b, c, d = (1 + 2 * s) * r * r, s * r * r * h, s * s * (3 - 2 * s), -s * s * r * h
    e, f, g = 6 * s * r / h, r * (1 - 3 * s), s * (3 * s - 2)
    axes = list(zip(one.place, one.speed, two.place, two.speed, strict=True))
    place = tuple([a * p + b * v + c * q + d * w for p, v, q, w in axes])
    return place, tuple([e * (q - p) + f * v + g * w for p, v, q, w in axes])


def _ahead(pp: float, pv: float, vv: float, h: float, wander: float) -> tuple[float, float, float]:
    """Give the covariance after `h` seconds unseen."""
    return (
        pp + h * (2 * pv + h * vv) + wander * h * h * h / 3,
        pv + h * vv + wander * h * h / 2,
        vv + wander * h,
    )


def _likelihood(knots: Sequence[Knot], error: float, wander: float) -> float:
    """Give the logarithm of how likely the fixes are, but for a constant."""
    fixes = [knot.seen for knot in knots if knot.seen is not None]
    axes = len(fixes[0])
    last, pp, pv, vv = knots[0].at_s, error, 0.0, _ANY_MPS2
    gains: list[tuple[float, float, float, float]] = []
    for knot in knots[1:]:
        h, last = knot.at_s - last, knot.at_s
        pp, pv, vv = _ahead(pp, pv, vv, h, wander)
        total = pp + error
        gains.append((h, total, pp / total, pv / total))
        pp, pv, vv = pp * error / total, pv * error / total, vv - pv * pv / total
    found = -0.5 * axes * sum(math.log(total) for _, total, _, _ in gains)
    for axis in range(axes):
        place, speed = fixes[0][axis], 0.0
        for fix, (h, total, gain, turn) in zip(fixes[1:], gains, strict=True):
            place += h * speed
            off = fix[axis] - place
            found -= 0.5 * off * off / total
            place, speed = place + gain * off, speed + turn * off
    return found


def _back(now: State, ahead: State, later: State) -> State:
    """Correct a state by what was seen after it."""
    h = ahead.at_s - now.at_s
    a, b = now.pp + h * now.pv, now.pv
    c, d = now.pv + h * now.vv, now.vv
    det = ahead.pp * ahead.vv - ahead.pv * ahead.pv
    if det <= 0:
        return now
    c11, c12 = (a * ahead.vv - b * ahead.pv) / det, (b * ahead.pp - a * ahead.pv) / det
    c21, c22 = (c * ahead.vv - d * ahead.pv) / det, (d * ahead.pp - c * ahead.pv) / det
    moved = [late - soon for late, soon in zip(later.place, ahead.place, strict=True)]
    turned = [late - soon for late, soon in zip(later.speed, ahead.speed, strict=True)]
    place = [p + c11 * m + c12 * t for p, m, t in zip(now.place, moved, turned, strict=True)]
    speed = [v + c21 * m + c22 * t for v, m, t in zip(now.speed, moved, turned, strict=True)]
    pp, pv, vv = later.pp - ahead.pp, later.pv - ahead.pv, later.vv - ahead.vv
    return State(
        now.at_s, tuple(place), tuple(speed),
        max(0.0, now.pp + c11 * c11 * pp + 2 * c11 * c12 * pv + c12 * c12 * vv),
        now.pv + c11 * c21 * pp + (c11 * c22 + c12 * c21) * pv + c12 * c22 * vv,
        max(0.0, now.vv + c21 * c21 * pp + 2 * c21 * c22 * pv + c22 * c22 * vv),
    )  # fmt: skip
