"""The standing facts of the line channel: rosters, rules, tests, gaps, keys, fallback, release policy, epochs."""

from parley.subjects.standing.facts import ROLES
from parley.subjects.standing.view import (
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
    "FallbackView",
    "GapView",
    "KeysView",
    "OpenedView",
    "PersonView",
    "ReleaseView",
    "RulesView",
    "TestView",
]
