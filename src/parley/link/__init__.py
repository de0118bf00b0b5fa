"""One path between the nodes: framing, hello, heartbeat, back-off. Plain decisions; sockets are in transports/."""

from parley.link.brake import Brake
from parley.link.core import LinkCore, check_hello
from parley.link.door import AlarmBell, Door
from parley.link.frames import FIRST_UPPER_TYPE, HEADER_BYTES, FrameSplitter, header
from parley.link.lanes import Lane
from parley.link.messages import BEAT, BYE, ECHO, Hello, check_link_name, read_hello, write_bye, write_hello
from parley.link.parts import PART, PART_HEADER_BYTES, Parts, write_part
from parley.link.pulse import Pulse
from parley.link.states import MOVES, Alarm, Attach, Dial, Effect, Fall, Hang, Move, Rise, State, Write, moved
from parley.link.thin import Pace, Thin

__all__ = [
    "BEAT",
    "BYE",
    "ECHO",
    "FIRST_UPPER_TYPE",
    "HEADER_BYTES",
    "MOVES",
    "PART",
    "PART_HEADER_BYTES",
    "Alarm",
    "AlarmBell",
    "Attach",
    "Brake",
    "Dial",
    "Door",
    "Effect",
    "Fall",
    "FrameSplitter",
    "Hang",
    "Hello",
    "Lane",
    "LinkCore",
    "Move",
    "Pace",
    "Parts",
    "Pulse",
    "Rise",
    "State",
    "Thin",
    "Write",
    "check_hello",
    "check_link_name",
    "header",
    "moved",
    "read_hello",
    "write_bye",
    "write_hello",
    "write_part",
]
