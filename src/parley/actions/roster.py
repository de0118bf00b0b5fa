"""The people of a channel, as each side publishes its own: who, in which office, how addressed, which keys.

Owns: which of a side's roster belong to a channel, and the row that shows one. Does not own: the roster itself
(subjects/standing), accounts (people.py), the sides' keys (keys.py).
"""

from __future__ import annotations

import hashlib

from parley.actions.keys import keys_state
from parley.actions.ports import NodePort
from parley.actions.watch_rows import ChannelPeopleRow, ListedRow
from parley.actions.who import Who, need_in
from parley.codec import unb64
from parley.subjects.channels import ChannelView
from parley.subjects.standing import PersonView


def channel_people(node: NodePort, who: Who, channel: str) -> ChannelPeopleRow:
    """Give both sides' people of a channel as listed; of a side that named no members, everybody it lists."""
    room = need_in(node, who, "read", channel)
    us, them = node.identity.ours.side, node.identity.theirs.side
    keys = keys_state(node, who)
    return ChannelPeopleRow(
        channel=channel,
        title=room.title,
        theirs=_of(node, room, them),
        ours=_of(node, room, us),
        theirs_named=bool(room.members.get(them)),
        ours_named=bool(room.members.get(us)),
        their_key=keys.theirs.digest,
        our_key=keys.ours.digest,
        their_key_words=keys.theirs.words,
        our_key_words=keys.ours.words,
    )


def _of(node: NodePort, room: ChannelView, side: str) -> tuple[ListedRow, ...]:
    members = room.members.get(side, ())
    watch = node.watches.now(side, room.id)
    listed = [one for one in node.book.line_view().roster(side) if not members or one.person in members]
    has = watch.person if watch is not None and watch.there else ""
    rows = [_row(one, watch.person_since if watch is not None and one.person == has else None) for one in listed]
    return tuple(sorted(rows, key=lambda row: (row.on_watch_since is None, row.name)))


def _row(view: PersonView, on_watch_since: str | None) -> ListedRow:
    passkeys = view.passkeys
    return ListedRow(
        person=view.person, name=view.name, office=view.office, address=view.address, languages=view.languages,
        role=view.role, roles=view.roles, binds=view.binds, keys_by=view.keys_by,
        since=view.since, on_watch_since=on_watch_since,
        keys=() if passkeys is None else tuple(hashlib.sha256(unb64(key)).hexdigest() for key in passkeys.keys),
    )  # fmt: skip
