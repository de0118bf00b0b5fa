"""How far the truth may be from a closest approach, by the stated errors of place, height and clock alone.

Always true: the band is no narrower for a clock that errs along the line between the two.
Does not hold yet: what may have happened between fixes (the sampling gap), and that it holds the truth in 95 of 100.
"""

from __future__ import annotations

from parley.tracks.motion import Moving


def band(
    a: Moving, b: Moving, spans: list[tuple[int, int]], at: float, distance: float, *, heights: bool
) -> tuple[float, float]:
    """Give the least and the greatest distance that the stated errors allow."""
    reach = 0.0
    for moving in (a, b):
        error, velocity = moving.track.error, moving.velocity_at(at)
        moved = error.clock_s * (velocity.speed_mps if velocity else 0.0)
        reach += error.position_m**2 + moved**2 + (error.vertical_m**2 if heights else 0.0)
    return max(0.0, distance - reach**0.5), distance + reach**0.5
