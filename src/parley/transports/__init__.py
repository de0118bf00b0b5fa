"""The sockets that links travel over. Reasons: DESIGN.md beside this file."""

from parley.transports.host import LinkHost
from parley.transports.port import LinkListener, LinkState, Route, SideView
from parley.transports.proxy import CutProxy

__all__ = ["CutProxy", "LinkHost", "LinkListener", "LinkState", "Route", "SideView"]
