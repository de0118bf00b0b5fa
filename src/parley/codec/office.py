"""Documents of Office Open XML and OpenDocument: who wrote them, and the copy without that.

Owns: the parts of the archive that tell of the file and not of its words; pictures within, by picture.py.
Does not own: the words themselves: names in comments and in changes that are tracked are words, and stay.
Always true:
  1. The copy holds the same parts in the same order, those of the file's own story emptied, without dates or remarks of
     the archive.
  2. An archive that unpacks to more than `_UNPACKED_MAX`, or that is not what its directory says, is refused.
Source: ECMA-376 part 2 (packages, core properties); ISO/IEC 26300 part 3 (meta.xml); PKWARE APPNOTE.
"""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from typing import Final

from parley.codec import picture
from parley.codec.exif import Hidden
from parley.errors import PeerError

MAGIC: Final = b"PK\x03\x04"
_UNPACKED_MAX: Final = 268_435_456
_PARTS_MAX: Final = 4_096
_TOLD_MAX: Final = 16
_STORY_BYTES_MAX: Final = 65_536  # of one part, looked into for words: it is emptied whole all the same
_WORDS_MAX: Final = 64
_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE: Final = _HEAD + (
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_EXTENDED: Final = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
_CUSTOM: Final = b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
_META: Final = _HEAD.replace(b' standalone="yes"', b"") + (
    b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>'
)
_EMPTY: Final = {
    "docprops/core.xml": _CORE, "docprops/app.xml": _HEAD + _EXTENDED, "docprops/custom.xml": _HEAD + _CUSTOM,
    "meta.xml": _META,
}  # fmt: skip
_TEXTS: Final = re.compile(rb">([^<>]{2,200})<")
_IDLE: Final = re.compile(r"|true|false|[0-9.,:TZ-]+")
_MOMENT: Final = re.compile(rb"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)")


def is_office(data: bytes) -> bool:
    """Say whether an archive is a document of one of the two kinds, by the parts its directory names."""
    names = set(re.findall(rb"\[Content_Types\]\.xml|META-INF/manifest\.xml|content\.xml", data))
    return b"[Content_Types].xml" in names or {b"META-INF/manifest.xml", b"content.xml"} <= names


def strip(data: bytes) -> tuple[bytes, Hidden]:
    """Give the document without its own story, and what that was. Raises PeerError `codec.office`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given:
            return _copied(data, given)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        OverflowError,
        struct.error,
    ) as wrong:
        raise PeerError("codec.office", f"the archive cannot be read: {str(wrong)[:80]}") from None


def _copied(data: bytes, given: zipfile.ZipFile) -> tuple[bytes, Hidden]:
    parts = given.infolist()
    if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > _UNPACKED_MAX:
        raise PeerError("codec.office", f"it unpacks to more than {_PARTS_MAX} parts or {_UNPACKED_MAX} bytes")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise PeerError("codec.office", "a part is packed in a way that documents do not know")
    if len({part.filename for part in parts}) != len(parts):
        raise PeerError("codec.office", "two parts have one name")
    told: list[tuple[str, str]] = []
    taken = ""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as copy:
        for part in parts:
            body = given.read(part)  # no more than the directory says: else it is not the part, and raises
            clean = _empty(part.filename.lower(), body)
            if clean is not body:
                if len(told) < _TOLD_MAX:
                    told += [("words", words) for words in _words(body) if ("words", words) not in told]
                moment = _MOMENT.search(body, 0, _STORY_BYTES_MAX)
                taken = taken or (b" ".join(moment.groups()).decode() if moment else "")
            elif picture.kind(body[: picture.HEAD_BYTES]):
                clean, hidden = _picture(body)
                if len(told) < _TOLD_MAX:
                    told += [one for one in hidden if one not in told]
            fresh = zipfile.ZipInfo(part.filename)  # of 1980, by nobody, without a remark
            fresh.compress_type = part.compress_type
            copy.writestr(fresh, clean)
    whole = made.getvalue()
    if whole != data:
        told.append(("bytes", str(max(0, len(data) - len(whole)))))
    return whole, Hidden(told=tuple(told[:_TOLD_MAX]), taken=taken)


def _empty(name: str, body: bytes) -> bytes:
    """Give a part that tells of the file as one that tells nothing; some programs name theirs by a number."""
    return _CORE if name.endswith(".psmdcp") else _EMPTY.get(name, body)


def _picture(body: bytes) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    try:
        clean, hidden = picture.strip(body)
    except PeerError:
        return body, (("unreadable", ""),)
    return clean, tuple(one for one in hidden.told if one[0] != "bytes")


def _words(body: bytes) -> list[str]:
    texts = itertools.islice(_TEXTS.finditer(body, 0, _STORY_BYTES_MAX), _WORDS_MAX)
    found = [text[1].decode("utf-8", "replace").strip() for text in texts]
    return [
        "".join(char for char in words if char.isprintable())[:60] for words in found if not _IDLE.fullmatch(words)
    ][:6]
