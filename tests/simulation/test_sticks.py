"""A file carried by hand is a route like any other: also where it is the only one."""

from __future__ import annotations

from parley.sim.trouble import Plan
from parley.sim.world import World

_CUT_S, _DARK_S = 10.0, 40.0


def _theirs(world: World) -> int:
    """Give how many of North's entries South holds."""
    store = world.nodes["south"].store
    return sum(store.size(log) for log in store.logs() if log.side == "north")


def dark(sticks: int) -> tuple[World, list[int], bool]:
    """A world whose links are cut from 10 s on; gives what South held of North's words then and 38 s later."""
    seen: list[int] = []

    def script(world: World) -> None:
        for link in world.links:
            world.schedule.at(_CUT_S, lambda link=link: world.cut(link, True, _DARK_S))  # type: ignore[misc]
        for at in (_CUT_S + 1.0, _CUT_S + _DARK_S - 1.0):
            world.schedule.at(at, lambda: seen.append(_theirs(world)))

    plan = Plan(
        lasts_s=_CUT_S + _DARK_S, cuts=(0, 0), blackouts=(0, 0), stalls=(0, 0), restore=0.0, sticks=(sticks, sticks),
        script=script, entries_min=20,
    )  # fmt: skip
    world = World(11, plan)
    result = world.run()
    return world, seen, result.held


def test_with_every_link_cut_what_a_stick_brings_is_there_and_what_it_does_not_is_not() -> None:
    """Otherwise a world with files would show no more than one without."""
    world, (before, after), held = dark(12)
    assert held and world.meter.count("trouble", "stick taken in") >= 4
    assert after > before

    _, (before, after), held = dark(0)
    assert held and after == before


def test_what_a_stick_brings_comes_to_rest_with_what_the_links_bring() -> None:
    """Interleaved with live links, taken in twice, late and out of turn: both sides hold the same in the end."""
    world = World(11, Plan(lasts_s=20.0, sticks=(15, 15), entries_min=30, restore=1.0))
    result = world.run()

    assert result.held, result.sentence
    assert world.meter.count("trouble", "stick taken in") >= 5
