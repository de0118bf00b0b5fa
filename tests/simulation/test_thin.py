"""A thin link is a route like any other: also where it is the only one."""

from __future__ import annotations

import pytest

from parley.sim.run import plan_of, run_seed
from parley.sim.trouble import Plan
from parley.sim.world import World


@pytest.mark.parametrize("seed", [1, 3, 6])
def test_two_nodes_with_nothing_but_a_ships_radio_come_to_rest(seed: int) -> None:
    """Cut, crashed and put back; in the end every head is held and signed by all four keys, without another link."""
    plan = Plan(
        links=("satellite",), thin=("satellite",), heal_s=3_000.0, cuts=(3, 5), crashes=(1, 2), stalls=(0, 1),
        entries_min=40, wishes_per_s=0.5, restore=0.2,
    )  # fmt: skip
    result = World(seed, plan).run()

    assert result.held, result.sentence
    assert result.healed_s > 60.0  # it did not cheat: what is put off takes its ten minutes


def test_a_thin_satellite_beside_two_cables_holds_every_promise() -> None:
    """What goes by it comes minutes late, out of turn with all the rest."""
    seed = next(seed for seed in range(100, 200) if plan_of(seed).thin)

    result = run_seed(seed)

    assert result.held, result.sentence
    assert result.counts["trouble", "a thin link"] == 1
