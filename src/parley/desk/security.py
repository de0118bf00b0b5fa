"""What a browser is told and what is refused before any page runs.

Always true:
  1. Nothing is loaded from anywhere but this node, and no script or style stands inside a page.
  2. A request that changes something comes from a page of this very origin: the browser says so (`Sec-Fetch-Site`)
     and, where it names an origin, it is ours. There is no setting that turns this off.
  3. The session cookie never leaves this host, is never sent from another site, and no script can read it.

Source: W3C Fetch Metadata; RFC 6265bis sections 4.1.2 and 4.1.3; OWASP ASVS 5.0 chapters 3 and 7.
Under `Referrer-Policy: no-referrer` a browser sends `Origin: null` with a form of our own page (Fetch standard,
"append a request Origin header"); so null is let through where Sec-Fetch-Site says same-origin, and only there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from parley.errors import Refused

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
# A downloaded attachment is the other side's bytes: it may do nothing at all if a browser shows it after all.
FILE_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(self), display-capture=(self), microphone=(self), speaker-selection=(self), "
    "screen-wake-lock=(self), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
# A year and every name below, as ASVS 3.4.1 asks at level 2; only ever sent over https.
STRICT_TRANSPORT: Final = "max-age=31536000; includeSubDomains"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where this desk lives: scheme, host and port, exactly as a browser writes them."""

    text: str

    @property
    def secure(self) -> bool:
        """Tell whether it is https."""
        return urlsplit(self.text).scheme == "https"

    @property
    def host(self) -> str:
        """Give host and port as a Host header has them."""
        return urlsplit(self.text).netloc

    @property
    def cookie(self) -> str:
        """Give the name of the session cookie; `__Host-` where the browser enforces what it promises."""
        return "__Host-parley" if self.secure else "parley"


def add_headers(response: web.StreamResponse, origin: Origin) -> None:
    """Put the fixed headers on an answer; a stricter policy already there stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if origin.secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)


def check_request(request: web.Request, origin: Origin) -> None:
    """Raise Refused unless this request may come from where it says it comes from."""
    if request.host != origin.host:
        raise Refused("desk.host", f"This desk answers at {origin.text} only. Nothing was changed.")
    site = request.headers.get("Sec-Fetch-Site", "")
    named = request.headers.get("Origin")
    if request.headers.get("Upgrade", "").lower() == "websocket":
        if named != origin.text:
            raise Refused("desk.origin", "A live connection may only be opened by a page of this desk.")
        return
    if request.method in ("GET", "HEAD"):
        foreign = site not in ("", "same-origin", "none")
        if foreign and request.headers.get("Sec-Fetch-Mode", "") not in ("", "navigate"):
            raise Refused("desk.cross-site", "Another site may link to this desk but not read from it.")
        return
    if site != "same-origin":
        raise Refused(
            "desk.cross-site",
            "A change must come from a page of this desk, and the browser has to say so (Sec-Fetch-Site); "
            f"expected same-origin, got {site or 'nothing'}. Nothing was changed.",
        )
    if named is not None and named not in (origin.text, "null"):
        raise Refused("desk.origin", "The request names another origin than this desk. Nothing was changed.")


def set_session(response: web.StreamResponse, origin: Origin, secret: str, lasts_s: int) -> None:
    """Give the browser its session."""
    response.set_cookie(
        origin.cookie, secret, max_age=lasts_s, path="/", httponly=True, samesite="Strict", secure=origin.secure
    )


def end_session(response: web.StreamResponse, origin: Origin) -> None:
    """Take the session away, with everything else the browser keeps of this desk."""
    response.del_cookie(origin.cookie, path="/", httponly=True, samesite="Strict", secure=origin.secure)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def local_path(path: str, otherwise: str = "/") -> str:
    """Give a path to go back to, if it stays on this desk."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain else otherwise
