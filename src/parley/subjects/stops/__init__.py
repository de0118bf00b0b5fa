"""Emergency stops: raised in one form, taken by whoever answers, read back, confirmed, effected. Never suspended."""

from parley.subjects.stops.view import Due, Step, StopView

__all__ = ["Due", "Step", "StopView"]
