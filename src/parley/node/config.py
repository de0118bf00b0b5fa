"""The dozen lines a site writes about its node, read strictly: an unknown or wrong setting stops the start.

Owns: `config.toml` in the data folder, its defaults and its error texts.
Does not own: keys, cards (identity/), anything the two sides agree on (that stands in the record).
Always true:
  1. A setting that is not known is refused by name; nothing is ignored.
  2. Relative paths are read from the data folder.
"""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parley import limits
from parley.errors import Refused
from parley.live import Rules
from parley.node.feed_settings import FeedSetting, read_feeds, read_rules

CONFIG_NAME: Final = "config.toml"
STATUSES: Final = ("actual", "exercise", "test")
_SIDE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_ROUTE = re.compile(r"[a-z][a-z0-9-]{0,31}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SETTINGS: Final = frozenset(
    (
        "side",
        "name",
        "languages",
        "status",
        "illustration",
        "listen",
        "desk",
        "origin",
        "anchor",
        "certificate",
        "certificate_key",
        "quota_gib",
        "recordings_gib",
        "route",
        "feed",
        "live",
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteSetting:
    """One way to reach the other side's node. Its name is the link's name on both desks."""

    name: str
    host: str  # empty where only they dial, and the route is here to say that it is thin
    port: int
    bits_s: int = 0  # what the route carries, if that is little; 0: enough


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Everything a node is told by its site."""

    data: Path
    side: str
    name: str
    languages: tuple[str, ...]
    status: str = "actual"  # what entries are marked with here: actual, exercise or test
    illustration: bool = False  # an example after public sources: every page says so
    listen: tuple[tuple[str, int], ...] = ()
    routes: tuple[RouteSetting, ...] = ()
    desk: tuple[str, int] = ("127.0.0.1", 7880)
    origin: str = ""  # the desk's address as browsers know it; "" means http://<side>.localhost:<port>
    anchor: Path = field(default_factory=Path)  # the second place of the last signed heads
    certificate: Path | None = None
    certificate_key: Path | None = None
    quota_gib: int = 64
    recordings_gib: int = 16
    feeds: tuple[FeedSetting, ...] = ()  # receivers of our own
    live: Rules = field(default_factory=Rules)  # what the live watch warns of

    @property
    def cards(self) -> Path:
        """Where cards are kept that came into force after the founding."""
        return self.data / "cards"

    @property
    def keys(self) -> Path:
        """Where the side's private keys are."""
        return self.data / "keys"

    @property
    def record(self) -> Path:
        """The database with the record and the private spaces."""
        return self.data / "record.db"

    @property
    def chunks(self) -> Path:
        """Where attachments are kept."""
        return self.data / "chunks"

    @property
    def own_card(self) -> Path:
        """Our card, as `parley card` hands it out."""
        return self.data / "own.card"

    @property
    def peer_card(self) -> Path:
        """The other side's card, once `parley found` has pinned it."""
        return self.data / "peer.card"

    @property
    def ready_file(self) -> Path:
        """Addresses of the running node; there only while it runs."""
        return self.data / "run.json"

    @property
    def tokens(self) -> Path:
        """Tokens of the terminal, one file a person, mode 0600."""
        return self.data / "tokens"


def read_config(data: Path) -> Config:
    """Read `config.toml` in a data folder; raises Refused `config.…` naming the setting and what is wrong with it."""
    path = data / CONFIG_NAME
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(
            "config.missing",
            f"{path} is not there: is its disk mounted? `parley init {data} --side … --name …` makes a new side",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise Refused("config.form", f"{path} cannot be read as TOML: {wrong}") from None
    except OSError as failed:
        raise Refused("config.missing", f"{path} cannot be read: {failed.strerror}") from None
    return _checked(data, raw)


def _checked(data: Path, raw: dict[str, Any]) -> Config:
    unknown = sorted(set(raw) - _SETTINGS)
    if unknown:
        raise Refused("config.unknown", f"{CONFIG_NAME}: no such setting: {', '.join(unknown)}")
    side = _text(raw, "side")
    if not _SIDE.fullmatch(side):
        raise _wrong("side", "a small letter, then small letters, digits or '-', at most 32", side)
    languages = tuple(_texts(raw, "languages", ("en",)))
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise _wrong("languages", 'language tags such as "en" or "zh-Hans"', language)
    status = _text(raw, "status", "actual")
    if status not in STATUSES:
        raise _wrong("status", "actual, exercise or test", status)
    illustration = raw.get("illustration", False)
    if not isinstance(illustration, bool) or (illustration and status == "actual"):
        raise _wrong("illustration", "true or false, and true only where status is exercise or test", illustration)
    quota, recordings = _gib(raw, "quota_gib", 64), _gib(raw, "recordings_gib", 16)
    desk = read_address(_text(raw, "desk", "127.0.0.1:7880"), "desk")
    origin = _text(raw, "origin", "")
    if origin and not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+", origin):
        raise _wrong("origin", '"https://" and a host name, without a path', origin)
    certificate, key = _path(data, raw, "certificate"), _path(data, raw, "certificate_key")
    if (certificate is None) != (key is None):
        raise Refused("config.certificate", f"{CONFIG_NAME}: certificate and certificate_key only make sense together")
    if certificate is None and not _loopback(desk[0]):
        raise Refused(
            "config.plain-desk",
            f"{CONFIG_NAME}: desk {desk[0]} can be reached from other machines, so it needs certificate and"
            " certificate_key; or set desk to 127.0.0.1",
        )
    anchor = _path(data, raw, "anchor") or data.parent / f"{data.name}.anchor"
    if anchor.resolve().is_relative_to(data.resolve()):
        raise Refused("config.anchor", f"{CONFIG_NAME}: anchor lies inside the data folder, so one backup holds both")
    return Config(
        data=data,
        side=side,
        name=_text(raw, "name", side),
        languages=languages,
        status=status,
        illustration=illustration,
        listen=tuple(read_address(each, "listen") for each in _texts(raw, "listen", ())),
        routes=_routes(raw.get("route", [])),
        desk=desk,
        origin=origin,
        anchor=anchor,
        certificate=certificate,
        certificate_key=key,
        quota_gib=quota,
        recordings_gib=recordings,
        feeds=read_feeds(raw.get("feed", []), read_address),
        live=read_rules(raw.get("live", {})),
    )


def _gib(raw: dict[str, object], name: str, otherwise: int) -> int:
    value = raw.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1_048_576:
        raise _wrong(name, "a whole number from 1 to 1048576", value)
    return value


def _routes(raw: object) -> tuple[RouteSetting, ...]:
    if not isinstance(raw, list):
        raise _wrong("route", "[[route]] with name and address", raw)
    routes: list[RouteSetting] = []
    for each in raw:
        if not isinstance(each, dict) or not {"name"} < set(each) <= {"name", "address", "bits_per_second"}:
            raise _wrong("route", "[[route]] with name and address, and bits_per_second if it is thin", each)
        name = each["name"]
        if not isinstance(name, str) or not _ROUTE.fullmatch(name):
            raise _wrong("route.name", "a small letter, then small letters, digits or '-'", name)
        if name in {route.name for route in routes}:
            raise _wrong("route.name", "a name of its own for each route", name)
        bits_s = each.get("bits_per_second", 0)
        thin = isinstance(bits_s, int) and limits.THIN_BITS_S_MIN <= bits_s <= limits.THIN_BITS_S_MAX
        if "bits_per_second" in each and not thin:
            expected = f"a whole number from {limits.THIN_BITS_S_MIN} to {limits.THIN_BITS_S_MAX}"
            raise _wrong("route.bits_per_second", expected, bits_s)
        host, port = _route_address(each["address"]) if "address" in each else ("", 0)
        routes.append(RouteSetting(name=name, host=host, port=port, bits_s=bits_s))
    return tuple(routes)


def _route_address(text: object) -> tuple[str, int]:
    if not isinstance(text, str):
        raise _wrong("route.address", '"host:port"', text)
    host, port = read_address(text, "route.address")
    if port == 0:
        raise _wrong("route.address", "a port", text)
    return host, port


def read_host(text: str) -> bool:
    """Say whether a text is a host name or an address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return bool(_HOST.fullmatch(text))
    return True


def read_address(text: str, setting: str) -> tuple[str, int]:
    """Read "host:port" or "[v6]:port"; port 0 means any free one."""
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise _wrong(setting, '"host:port" or "[v6]:port"', text) from None
    elif not _HOST.fullmatch(host):
        raise _wrong(setting, '"host:port" or "[v6]:port"', text)
    if not colon or not re.fullmatch(r"0|[1-9][0-9]{0,4}", port) or int(port) > 65_535:
        raise _wrong(setting, "a port from 0 to 65535 after the last ':'", text)
    return host, int(port)


def write_config(config: Config) -> None:
    """Write a first `config.toml`; never over one that is there."""
    path = config.data / CONFIG_NAME
    if path.exists():
        raise Refused("config.exists", f"{path} is there already; edit it by hand")
    lines = [
        f"side = {quoted(config.side)}",
        f"name = {quoted(config.name)}",
        f"languages = [{', '.join(quoted(each) for each in config.languages)}]",
        f"status = {quoted(config.status)}            # what entries here are marked with: actual, exercise or test",
        f"listen = [{', '.join(quoted(address_text(*each)) for each in config.listen)}]   # for the other side's node",
        f"desk = {quoted(address_text(*config.desk))}    # for browsers and programs of our own side",
        f"origin = {quoted(config.origin)}               # the desk's address as browsers know it",
        f"anchor = {quoted(str(config.anchor))}   # the second place of the last signed heads; keep it out of backups",
        f"quota_gib = {config.quota_gib}",
        f"recordings_gib = {config.recordings_gib}",
    ]
    if config.illustration:
        lines.append("illustration = true   # an example after public sources: every page says so")
    if config.certificate is not None and config.certificate_key is not None:
        lines += [
            f"certificate = {quoted(str(config.certificate))}",
            f"certificate_key = {quoted(str(config.certificate_key))}",
        ]
    for route in config.routes:
        lines += ["", "[[route]]", f"name = {quoted(route.name)}"]
        if route.host:
            lines += [f"address = {quoted(address_text(route.host, route.port))}"]
        if route.bits_s:
            lines += [f"bits_per_second = {route.bits_s}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def quoted(text: str) -> str:
    """Give a TOML basic string; JSON's form is one."""
    return json.dumps(text, ensure_ascii=False)


def address_text(host: str, port: int) -> str:
    """Give "host:port", or "[v6]:port"."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _text(raw: dict[str, Any], setting: str, default: str | None = None) -> str:
    value = raw.get(setting, default)
    if value is None:
        raise Refused("config.missing-setting", f"{CONFIG_NAME}: {setting} is missing")
    if not isinstance(value, str) or len(value) > 500 or "\n" in value:
        raise _wrong(setting, "one line of text in quotes", value)
    return value


def _texts(raw: dict[str, Any], setting: str, default: tuple[str, ...]) -> list[str]:
    value = raw.get(setting, list(default))
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value) or len(value) > 32:
        raise _wrong(setting, "a list of texts in quotes", value)
    return value


def _path(data: Path, raw: dict[str, Any], setting: str) -> Path | None:
    text = _text(raw, setting, "")
    return data / Path(text).expanduser() if text else None


def _wrong(setting: str, expected: str, got: object) -> Refused:
    return Refused("config.value", f"{CONFIG_NAME}: {setting}: expected {expected}, got {got!r}", setting=setting)
