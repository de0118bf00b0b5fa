"""Tracks as GPX 1.0 and 1.1: track points with their times, read as they come in, in constant memory.

Owns: which elements hold what. Does not own: XML (the reader of defusedxml, which refuses every DTD and entity).
Always true: nothing is fetched, no entity is expanded; a tag and the depth of tags are bounded; a fault names its line.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from xml.sax import SAXException, handler
from xml.sax.xmlreader import AttributesImpl

from parley import limits
from parley.errors import PeerError
from parley.tracks.collecting import Collector, number_of
from parley.tracks.forms import fault, read_time
from parley.tracks.seen import Seen
from parley.tracks.track import Fix

_TEXTS: Final = frozenset({"time", "ele", "name", "course", "speed", "src"})
_POINTS: Final = frozenset({"trkpt", "rtept"})
_TEXT_CHARS_MAX: Final = 400


def read_gpx(pieces: Iterable[bytes], into: Collector, name: str) -> None:
    """Read all of a file into a collector; raises PeerError with the line."""
    from defusedxml import DefusedXmlException
    from defusedxml.sax import make_parser

    parser: Any = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(handler.feature_external_ges, False)
    parser.setContentHandler(_Heard(into, name, parser))
    fed = 0
    try:
        for piece in pieces:
            parser.feed(piece)
            fed += len(piece)
            inner = parser._parser  # expat itself: how far it has understood; the rest it holds
            if inner is not None and fed - inner.CurrentByteIndex > limits.TRACK_XML_TOKEN_BYTES_MAX + len(piece):
                most = limits.TRACK_XML_TOKEN_BYTES_MAX
                raise PeerError("tracks.xml", f"line {parser.getLineNumber()}: expected tags of at most {most} bytes")
        parser.close()
    except DefusedXmlException as error:
        name = type(error).__name__
        raise PeerError(
            "tracks.xml", f"line {parser.getLineNumber()}: expected no DTD and no entity ({name})"
        ) from None
    except SAXException as error:
        line = parser.getLineNumber()
        raise PeerError("tracks.xml", f"line {line}: expected XML: {error.getMessage()[:80]}", line=line) from None


class _Heard(handler.ContentHandler):
    """What the reader tells, tag by tag. The names are those of xml.sax."""

    def __init__(self, into: Collector, file: str, place: Any) -> None:
        super().__init__()
        self._into, self._file = into, file
        self._path: list[str] = []
        self._text: list[str] = []
        self._chars = 0
        self._told: dict[str, str] = {}  # of the point that is open
        self._name, self._tracks = "", 0
        self._place = place  # who knows the line

    def skippedEntity(self, name: str) -> None:  # noqa: N802
        """Refuse what the reader could not expand."""
        raise fault("tracks.xml", self._where, "no entity", name)

    @property
    def _where(self) -> str:
        return f"line {self._place.getLineNumber()}"

    def startElement(self, tag: str, attributes: AttributesImpl) -> None:  # noqa: N802
        """Go one tag deeper."""
        tag = tag.rpartition(":")[2]
        if not self._path and tag != "gpx":
            raise fault("tracks.xml", self._where, "a file that begins with <gpx>", tag)
        self._path.append(tag)
        if len(self._path) > limits.TRACK_XML_DEPTH_MAX:
            raise fault("tracks.xml", self._where, f"tags at most {limits.TRACK_XML_DEPTH_MAX} deep", "more")
        self._text, self._chars = [], 0
        if tag in ("trk", "rte"):
            self._name, self._tracks = "", self._tracks + 1
        elif tag in _POINTS:
            self._told = {name: attributes[name] for name in ("lat", "lon") if name in attributes}

    def characters(self, text: str) -> None:
        """Keep the text of the few tags that have one for us."""
        if self._path and self._path[-1] in _TEXTS:
            self._chars += len(text)
            if self._chars > _TEXT_CHARS_MAX:
                raise fault("tracks.xml", self._where, f"at most {_TEXT_CHARS_MAX} characters", "more")
            self._text.append(text)

    def endElement(self, tag: str) -> None:  # noqa: N802
        """Take what a tag held."""
        tag = self._path.pop()
        text = "".join(self._text).strip()
        self._text, self._chars = [], 0
        inside = self._path[-1] if self._path else ""
        if tag in _POINTS:
            self._point()
        elif tag in _TEXTS and any(each in _POINTS for each in self._path):
            self._told.setdefault(tag, text)  # speed and course stand in extensions since GPX 1.1
        elif tag == "name" and inside in ("trk", "rte"):
            self._name = text[: limits.TRACK_NAME_CHARS_MAX]
        elif tag == "src" and inside in ("trk", "rte"):
            self._into.source = self._into.source or text[: limits.TRACK_NAME_CHARS_MAX]

    def _point(self) -> None:
        where, told = self._where, self._told
        lat, lon = (number_of(told.get(name, ""), f"{where}, {name}") for name in ("lat", "lon"))
        if lat is None or lon is None:
            raise fault("tracks.xml", where, "a point with lat and lon", told)
        course, speed = (number_of(told.get(name, ""), f"{where}, {name}") for name in ("course", "speed"))
        fix = Fix(
            read_time(told.get("time", ""), where), lat, lon, number_of(told.get("ele", ""), f"{where}, ele"),
            course, speed,
        )  # fmt: skip
        name = self._name or (self._file if self._tracks <= 1 else f"{self._file} {self._tracks}")
        self._into.take(Seen("name", name, "surface", fix, name), where)
