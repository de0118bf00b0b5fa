"""Stops as samples: one in each state and of each side, for pages that are drawn without a node."""

from __future__ import annotations

from typing import Any

from parley.desk import shown
from parley.desk.shown.stops import StopReadBackRow, StopSaid, StopStepRow

AT = "2026-11-23T03:11:34.000Z"  # a minute and ten before the samples' now
STATES = ("raised", "taken", "read-back", "confirmed", "effected", "not-possible", "withdrawn")
_DUE = {"taken": ("03:11:49", 15_000), "read-back": ("03:12:19", 45_000), "confirmed": ("03:12:34", 60_000),
        "effected": ("03:16:34", 300_000)}  # fmt: skip


def moment(clock: str) -> str:
    return f"2026-11-23T{clock}.000Z"


def said(clock: str, name: str, text: str = "") -> StopSaid:
    return StopSaid(at=moment(clock), name=name, office="Duty room", text=text)


def stop(state: str = "raised", *, ours: bool = False, status: str = "actual", number: int = 5, **more: Any) -> Any:
    """Give a stop in a state; the words are of the samples' two sides."""
    far = "Li Wen" if ours else "D. Marsh"
    order = STATES.index(state)
    done = {"taken": order >= 1, "read-back": order >= 2, "confirmed": 3 <= order <= 4, "effected": order == 4}
    needs = {"read-back": "confirm", "effected": "see", "not-possible": "see"} if ours else {
        "raised": "take", "taken": "read-back", "confirmed": "effect", "withdrawn": "see"}  # fmt: skip
    fields: dict[str, Any] = {
        "subject": f"stop/{'north' if ours else 'south'}/0/{number}", "channel": "line", "ours": ours,
        "person": "l.wen", "person_name": "D. Marsh" if ours else "Li Wen", "office": "Duty officer",
        "what": "Live firing into the lane of our ferry", "where": "Lane 4, off the north buoy",
        "since": moment("03:10:30"),
        "language": "en", "about": "", "status": status, "at": AT, "words_at": AT, "version": 0, "state": state,
        "on_their_disk": moment("03:11:34"), "rings_at": moment("03:11:35"),
        "taken": said("03:11:44", far) if done["taken"] else None,
        "reached": said("03:12:01", far, "The commander, by telephone") if order >= 2 else None,
        "confirmed": said("03:12:20", "Li Wen") if done["confirmed"] else None,
        "effected": said("03:12:30", far, moment("03:12:28")) if done["effected"] else None,
        "note": "All guns." if done["effected"] else "",
        "not_possible": said("03:12:30", far, "The battery does not answer.") if state == "not-possible" else None,
        "withdrawn": said("03:12:30", "Li Wen", "Sent in error.") if state == "withdrawn" else None,
        "read_backs": (
            StopReadBackRow(
                at=moment("03:12:09"), name=far, text="Stop the firing at lane 4.", waits=state == "read-back",
                earlier=False,
            ),
        ) if order >= 2 else (),
        "corrections": (),
        "steps": tuple(
            StopStepRow(
                step=step, due=moment(due), within_ms=within, done_at=moment("03:12:20") if done[step] else None,
                took_ms=10_400 if done[step] else None, late=False, by_us=(step == "confirmed") is ours,
                overdue=not done[step] and order < 4 and due < "03:12:44",
            )
            for step, (due, within) in _DUE.items()
        ),
        "overdue": "", "overdue_by_us": False, "clock_offset_ms": -12, "open": order < 4,
        "needs": needs.get(state, ""),
        "may": frozenset(
            ("confirm", "correct", "withdraw", "clear") if ours
            else (*(("take",) if order == 0 else ()), "read-back", "reach", "effect", "not-possible", "clear")
        ),
    }  # fmt: skip
    return shown.StopShown(**(fields | more))


def every() -> tuple[shown.StopShown, ...]:
    """Give one of each, real and drill, of both sides."""
    kinds = [(state, ours, status) for status in ("actual", "exercise") for ours in (True, False) for state in STATES]
    return tuple(stop(state, ours=ours, status=status, number=n) for n, (state, ours, status) in enumerate(kinds))
