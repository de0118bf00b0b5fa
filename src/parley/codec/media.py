"""Sound and video by their first bytes: what is hidden in one, and where the copy that may cross differs from it.

Owns: following a file of any length as its bytes come in, in constant memory; the places to be made blank.
Does not own: the forms (mp4.py, riff.py, sound.py, matroska.py), the file itself: a copy is as long as its original, so
    no offset within it changes and a player plays it as before.
Always true:
  1. Nothing is decoded. What a form does not say how to blank stays as it is, and limits.md says so.
  2. Any bytes give a `Traces` or PeerError `codec.media`, in time linear in their number.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from parley.errors import PeerError

SEEN_MAX: Final = 65_536  # bytes of one part that are looked into; longer ones are blanked unread
_PATCHES_MAX: Final = 200_000  # a track of places has some for each second of a day
_TEXT_MAX: Final = 60


@dataclass(frozen=True, slots=True, order=True)
class Blank:
    """`size` bytes at a place: first `head`, then zeros."""

    at: int
    size: int
    head: bytes = b""


@dataclass(frozen=True, slots=True)
class Traces:
    """What was found, as (name, value) for people; the file's own moment ("" for none); what to blank, in order."""

    told: tuple[tuple[str, str], ...]
    taken: str
    blanks: tuple[Blank, ...]


@dataclass(slots=True)
class Trail:
    """Where a form stands in its file, and what it has found so far."""

    at: int = 0
    told: list[tuple[str, str]] = field(default_factory=list)
    taken: str = ""
    blanks: list[Blank] = field(default_factory=list)
    removed: int = 0

    def blank(self, at: int, size: int, head: bytes = b"") -> None:
        """Have a stretch made blank."""
        if len(self.blanks) >= _PATCHES_MAX:
            raise fault(at, f"more than {_PATCHES_MAX} parts that may tell something")
        if size > 0:
            self.blanks.append(Blank(at, size, head))
            self.removed += size - len(head)

    def leave(self) -> None:
        """Note that something may tell of place or device, and cannot be taken out; a person decides."""
        if ("left", "") not in self.told:
            self.told.append(("left", ""))

    def tell(self, name: str, value: str) -> None:
        """Note what people should see, once, in a line of its own."""
        plain = " ".join("".join(char if char.isprintable() else " " for char in value).split())[:_TEXT_MAX]
        if plain and (name, plain) not in self.told and len(self.told) < 12:
            self.told.append((name, plain))


# A form asks for bytes: a positive number to see so many, a negative one to pass over so many. At the end of the file
# it is thrown an EOFError that holds what is left; one that it does not expect is a file that ends too early.
Steps = Generator[int, bytes, None]
Form = Callable[[Trail], Steps]


class Scan:
    """Follows one file."""

    def __init__(self, form: Form) -> None:
        self._trail = Trail()
        self._steps = form(self._trail)
        self._held = bytearray()
        self._wanted = 0
        self._over = False
        self._length = 0
        self._go(None)

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises PeerError `codec.media`."""
        self._length += len(data)
        if self._over:
            return
        self._held += data
        while not self._over and self._held and self._step():
            pass

    def end(self) -> Traces:
        """Say what was found, now that the file is whole. Raises PeerError `codec.media` if it is not."""
        trail = self._trail
        if not self._over and self._wanted >= 0:
            try:
                self._steps.throw(EOFError(bytes(self._held)))
            except StopIteration:
                self._over = True
            except EOFError:
                pass
        if not self._over:
            raise fault(trail.at, "it ends before its parts do")
        if trail.removed:
            trail.tell("bytes", str(trail.removed))
        blanks = sorted(trail.blanks)
        for one, two in pairwise(blanks):
            if one.at + one.size > two.at:
                raise fault(two.at, "two parts lie in one place")
        if blanks and blanks[-1].at + blanks[-1].size > self._length:
            raise fault(blanks[-1].at, "a part lies beyond the end")
        return Traces(tuple(trail.told), trail.taken, tuple(blanks))

    def _step(self) -> bool:
        """Do what is wanted next, if enough is here; says whether anything was done."""
        if self._wanted < 0:
            gone = min(-self._wanted, len(self._held))
            del self._held[:gone]
            self._trail.at += gone
            self._wanted += gone
            if self._wanted == 0:
                self._go(b"")
            return True
        if len(self._held) < self._wanted:
            return False
        seen = bytes(self._held[: self._wanted])
        del self._held[: self._wanted]
        self._trail.at += self._wanted
        self._go(seen)
        return True

    def _go(self, seen: bytes | None) -> None:
        try:
            wanted = next(self._steps) if seen is None else self._steps.send(seen)
            while wanted == 0:
                wanted = self._steps.send(b"")
            self._wanted = wanted
        except StopIteration:
            self._over = True
            self._held.clear()


def blanked(pieces: Iterable[bytes], blanks: Iterable[Blank], start: int = 0) -> Iterator[bytes]:
    """Give the copy of a file, piece by piece, from its pieces."""
    painter = Painter(blanks, start)
    for piece in pieces:
        yield painter.paint(piece)


class Painter:
    """Makes a file's places blank as its pieces go by."""

    def __init__(self, blanks: Iterable[Blank], start: int = 0) -> None:
        self._left = list(blanks)[::-1]
        self._at = start

    def paint(self, piece: bytes) -> bytes:
        """Give the next piece as it may cross."""
        begin, end = self._at, self._at + len(piece)
        self._at = end
        made: bytearray | None = None
        while self._left and self._left[-1].at < end:
            one = self._left[-1]
            low, high = max(one.at, begin), min(one.at + one.size, end)
            if low < high:
                made = bytearray(piece) if made is None else made
                filled = one.head[low - one.at : high - one.at]
                made[low - begin : high - begin] = filled + bytes(high - low - len(filled))
            if one.at + one.size > end:
                break
            self._left.pop()
        return piece if made is None else bytes(made)


def form_of(head: bytes) -> Form | None:
    """Give how a file is followed that begins with these bytes (HEAD_BYTES of them), or None if nobody knows."""
    from parley.codec import matroska, mp4, riff, sound

    if mp4.is_mp4(head):
        return mp4.follow
    if riff.is_riff(head):
        return riff.follow
    if head[:4] == matroska.MAGIC:
        return matroska.follow
    if head[:4] in (b"fLaC", b"OggS"):
        return sound.follow_flac if head[:4] == b"fLaC" else sound.follow_ogg
    return sound.follow_mp3 if sound.is_mp3(head) else None


def fault(at: int, sentence: str) -> PeerError:
    """Give the error of a file that cannot be followed."""
    return PeerError("codec.media", f"byte {at}: {sentence}")


def void(trail: Trail, size: int) -> Steps:
    """Pass over a part that is there to be empty, and see to it that it is."""
    at = trail.at
    body = yield from look(trail, size)
    if size > SEEN_MAX or body.strip(b"\0"):
        trail.blank(at, size)


def look(trail: Trail, size: int) -> Generator[int, bytes, bytes]:
    """See a part of `size` bytes if it is short enough, else pass over it and give nothing."""
    if size <= SEEN_MAX:
        return (yield size)
    yield -size
    return b""
