"""What our own receiver hears now: its sentences, the tracks they make, and which of them come close.

Always true: no clock, no socket (node/feeds.py has both); nothing of it is ever put into an entry by itself.
"""

from parley.live.heard import Ears, Report
from parley.live.near import Near, Pair, Rules
from parley.live.tracks import LiveTrack, Tracks

__all__ = ["Ears", "LiveTrack", "Near", "Pair", "Report", "Rules", "Tracks"]
