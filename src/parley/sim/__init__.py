"""A whole world from one seed: world, trouble, people, liars, checkers, report. Reasons: DESIGN.md beside this file."""

from parley.sim.report import Report
from parley.sim.run import explain, run_seed, simulate
from parley.sim.trouble import Plan
from parley.sim.world import Result, World

__all__ = ["Plan", "Report", "Result", "World", "explain", "run_seed", "simulate"]
