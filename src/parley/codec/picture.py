"""Pictures by their first bytes: which of them we can look into, and the copy without what is hidden.

Always true: what a file is called decides nothing. A browser shows a JPEG named .png as the JPEG that it is.
"""

from __future__ import annotations

from parley.codec import jpeg, png, webp
from parley.codec.exif import Hidden

HEAD_BYTES = 12  # enough to tell them apart


def kind(head: bytes) -> str:
    """Give the media type of a picture that we can look into, or "" of any other file."""
    if head[:2] == b"\xff\xd8":
        return "image/jpeg"
    if head[:8] == png.SIGNATURE:
        return "image/png"
    return "image/webp" if webp.is_webp(head) else ""


def strip(data: bytes) -> tuple[bytes, Hidden]:
    """Give the picture without hidden data, and what was hidden. Raises PeerError `codec.jpeg`, `.png`, `.webp`."""
    return {"image/png": png.strip, "image/webp": webp.strip}.get(kind(data), jpeg.strip)(data)
