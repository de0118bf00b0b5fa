"""Every route of the API in one table; the application and its description are both made from it.

Owns: the order of the groups. Does not own: a route's method, path, body and answer (each subject's own file), rights
and rules (inside the actions).
"""

from __future__ import annotations

from typing import Final

from parley.api.call_routes import CALLS
from parley.api.channel_routes import CHANNELS
from parley.api.commitment_routes import COMMITMENTS
from parley.api.incident_routes import INCIDENTS
from parley.api.line_routes import LINE
from parley.api.meeting_routes import MEETINGS
from parley.api.message_routes import MESSAGES
from parley.api.notice_routes import NOTICES
from parley.api.notify_routes import NOTIFY
from parley.api.people_routes import PEOPLE
from parley.api.readout_routes import READOUTS
from parley.api.record_routes import RECORD
from parley.api.route import Route
from parley.api.rulebook_routes import RULEBOOK
from parley.api.stop_routes import STOPS
from parley.api.talk_routes import BODIES
from parley.api.text_routes import TEXTS
from parley.api.track_routes import TRACKS
from parley.api.watch_routes import WATCHES

ROUTES: Final[tuple[Route, ...]] = (
    *LINE,
    *CHANNELS,
    *MESSAGES,
    *CALLS,
    *STOPS,
    *INCIDENTS,
    *TRACKS,
    *TEXTS,
    *BODIES,
    *COMMITMENTS,
    *MEETINGS,
    *WATCHES,
    *NOTICES,
    *RULEBOOK,
    *NOTIFY,
    *READOUTS,
    *PEOPLE,
    *RECORD,
)
