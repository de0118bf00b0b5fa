"""The standing facts of the line channel: rosters, rules, tests, gaps, keys, fallback, release policy, epochs."""

from parley.subjects.standing.facts import ROLES
from parley.subjects.standing.view import (
    ContinuedView,
    EndedView,
    FallbackView,
    GapView,
    KeysView,
    OpenedView,
    PersonView,
    ReleaseView,
    RulesView,
    TestView,
)

__all__ = [
    "ROLES",
    "ContinuedView",
    "EndedView",
    "FallbackView",
    "GapView",
    "KeysView",
    "OpenedView",
    "PersonView",
    "ReleaseView",
    "RulesView",
    "TestView",
]
