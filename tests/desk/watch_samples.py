"""The watches of a night, for the desk over samples."""

from __future__ import annotations

from tests.desk.sample import ago

from parley.desk import shown


def channel_people(channel: str) -> shown.ChannelPeopleShown:
    """Give both sides' people of a channel."""

    def listed(person: str, name: str, **more: object) -> shown.ListedShown:
        plain: dict[str, object] = {
            "office": "", "address": "", "languages": ("zh", "en"), "role": "duty-officer",
            "roles": ("duty-officer", "interpreter"), "binds": False, "keys": (),
            "keys_by": "", "since": ago(800_000), "on_watch_since": None,
        }  # fmt: skip
        return shown.ListedShown(person=person, name=name, **(plain | more))  # type: ignore[arg-type]

    return shown.ChannelPeopleShown(
        channel=channel, title="Duty officers",
        theirs=(
            listed("w.lan", "蓝巍 (Wei Lan)", office="值班室", address="蓝参谋", on_watch_since=ago(900), binds=True,
                   keys=("9f2c" * 16,), keys_by="identity"),
            listed("s.karim", "سلمى كريم", office="وزارة الخارجية", address="سعادة السفيرة", languages=("ar",)),
        ),
        ours=(listed("d.marsh", "D. Marsh", languages=("en",)),), theirs_named=True, ours_named=False,
        their_key="c4" * 32, our_key="5e" * 32, their_key_words=("anchor", "lemon"), our_key_words=("orbit", "castle"),
    )  # fmt: skip


def watches() -> tuple[shown.WatchShown, ...]:
    """Give the watches of a night: one that ends soon with a note that waits, one that nobody has."""
    there = shown.HeldShown(
        there=True, since=ago(22_000), person="w.lan", name="蓝巍 (Wei Lan)", office="值班室", address="Officer Lan",
        handed_over_at=ago(900),
    )  # fmt: skip
    ours = shown.HeldShown(there=True, since=ago(28_300), person="j.cole", name="J. Cole", office="Duty office")
    empty = shown.HeldShown(there=False, since=ago(5_000), lapsed=True)
    rolls = tuple(
        shown.RollShown(
            subject=f"roll/{'north' if mine else 'south'}/0/{number}", channel="duty", ours=mine, at=ago(600 * number),
            asked_by="" if state == "late" else "D. Marsh", answer_by=ago(600 * number - 120), state=state,
            answered_at=ago(600 * number - 20) if state in ("answered", "late") else None,
            answered_by="سلمى كريم" if state in ("answered", "late") else "", office="", status="actual", rings=rings,
        )
        for number, (mine, state, rings) in enumerate(
            ((False, "open", True), (True, "unanswered", True), (True, "answered", False), (False, "late", False))
        )
    )  # fmt: skip
    note = shown.NoteOfWatchShown(
        id="n1", channel="duty", at=ago(700), by="j.cole", by_name="J. Cole", read=(), ours=False,
        text="Aurora is still at Cape Hann.\nTheir 217 has no light on its stern.",
    )  # fmt: skip
    shift = shown.ShiftShown(
        id="s1", channel="duty", person="d.marsh", name="D. Marsh", since=ago(-400), until=ago(-29_200), now=False
    )
    every = frozenset({"take", "note", "ask", "answer", "plan"})
    return (
        shown.WatchShown(
            channel="duty", title="Duty officers", ours=ours, theirs=there, mine=False, until=ago(-400), alarm="ends",
            shifts=(shift,), notes=(note,), rolls=rolls, roll_every_minutes=480, may=every,
        ),
        shown.WatchShown(
            channel="leaders", title="Leaders", ours=empty, theirs=empty, mine=False, until=None, alarm="lapsed",
            shifts=(), notes=(), rolls=(), roll_every_minutes=0, may=every,
        ),
    )  # fmt: skip
