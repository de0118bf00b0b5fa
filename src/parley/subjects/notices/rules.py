"""When a fact about a notice is allowed; raises Refused.

Owns: one rule a kind. Does not own: lead times: what is given late is flagged beside the view, and never refused.
Always true: a side speaks of its own notices alone; the other side only says that it has read them.
"""

from __future__ import annotations

from typing import cast

from parley import limits
from parley.subjects.acts import Act
from parley.subjects.kinds import Standing, need
from parley.subjects.notices.view import NoticeView


def allow(act: Act, view: object, standing: Standing) -> None:
    """Raise Refused unless the act is allowed on the notice as its own past shows it."""
    entry, kind = act.entry, act.entry.kind
    if kind == "notice.given":
        need(not entry.refs, "notices.follows", "the first form of a notice follows no other")
        return
    need(isinstance(view, NoticeView), "notices.unknown", "the notice it speaks of is not in its past")
    notice = cast(NoticeView, view)
    need(entry.status == notice.status, "notices.status", f"the notice is {notice.status}, so its facts must be")
    if kind == "notice.acknowledged":
        _allow_acknowledged(act, notice)
        return
    need(entry.side == notice.side, "notices.side", "only the side that gave the notice can say this")
    need(notice.state == "given", "notices.over", f"the notice was {notice.state} before")
    need(entry.refs == (notice.forms[-1].ref,), "notices.follows", "it must name the form it follows: the latest one")
    form = len(notice.forms) + 1
    need(form <= limits.NOTICE_FORMS_MAX, "notices.full", "it was changed too often: give another notice")
    need(entry.body["form"] == form, "notices.follows", f"it must be form {form} of its notice")
    if kind == "notice.extended":
        need(cast(str, entry.body["to"]) > notice.until, "notices.period", "an extension ends later than before")
    if kind == "notice.ended":
        need(cast(str, entry.body["ended"]) >= notice.since, "notices.period", "it cannot end before it begins")


def _allow_acknowledged(act: Act, notice: NoticeView) -> None:
    entry = act.entry
    need(entry.side != notice.side, "notices.side", "only the other side can say that it has read it")
    named = next((one for one in notice.forms if (one.ref,) == entry.refs), None)
    need(named is not None, "notices.names-one", "it must name exactly one form of the notice that is in its past")
    told = [one for one in notice.acknowledged if named and one.form == named.form]
    need(all(one.person != entry.person for one in told), "notices.again", "the same person said so before")
    need(len(notice.acknowledged) < limits.MESSAGE_FACTS_MAX, "notices.full", "it was acknowledged too often")
