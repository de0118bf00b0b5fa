"""Which receivers of our own a node listens to, and what it warns of: `[[feed]]` and `[live]` of config.toml.

Always true: an address is one host and one port. A listener for datagrams names one address of this machine, never all
of them: whoever reaches it can make up ships.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from parley import limits
from parley.errors import Refused
from parley.live import Rules
from parley.live.near import KINDS

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")
Form = Literal["ais", "sbs"]
By = Literal["tcp", "udp"]
Address = Callable[[str, str], tuple[str, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedSetting:
    """One receiver: what it speaks, and how we hear it. By tcp we dial it, by udp we listen at the address."""

    name: str
    form: Form
    by: By
    host: str
    port: int


def read_feeds(raw: object, read_address: Address) -> tuple[FeedSetting, ...]:
    """Read every `[[feed]]`; raises Refused `config.value`."""
    if not isinstance(raw, list) or len(raw) > limits.FEEDS_MAX:
        raise wrong("feed", f"[[feed]], at most {limits.FEEDS_MAX} of them", raw)
    return tuple(_feed(each, raw[:number], read_address) for number, each in enumerate(raw))


def _feed(each: object, before: list[Any], read_address: Address) -> FeedSetting:
    if not isinstance(each, dict) or set(each) != {"name", "form", "by", "address"}:
        raise wrong("feed", "[[feed]] with exactly name, form, by and address", each)
    if not all(isinstance(value, str) for value in each.values()):
        raise wrong("feed", "texts in quotes", each)
    if not _NAME.fullmatch(each["name"]) or each["name"] in {other["name"] for other in before}:
        raise wrong(
            "[[feed]] name", "a name of its own: a small letter, then small letters, digits or '-'", each["name"]
        )
    if each["form"] not in ("ais", "sbs"):
        raise wrong("[[feed]] form", "ais or sbs", each["form"])
    if each["by"] not in ("tcp", "udp"):
        raise wrong("[[feed]] by", "tcp or udp", each["by"])
    host, port = read_address(each["address"], "[[feed]] address")
    if port == 0:
        raise wrong("[[feed]] address", "a port", each["address"])
    if each["by"] == "udp" and not _one_address(host):
        raise wrong("[[feed]] address", "for udp, one address of this machine such as 127.0.0.1", each["address"])
    form, by = cast(Form, each["form"]), cast(By, each["by"])
    return FeedSetting(name=each["name"], form=form, by=by, host=host, port=port)


def _one_address(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_multicast)


def read_rules(raw: object) -> Rules:
    """Read `[live]`; raises Refused `config.value`."""
    plain = Rules()
    if not isinstance(raw, dict) or not set(raw) <= {"distance_m", "within_s", "height_m", "pairs"}:
        raise wrong("live", "[live] with distance_m, within_s, height_m or pairs", raw)
    pairs = raw.get("pairs", list(plain.pairs))
    if not isinstance(pairs, list) or not pairs or not all(pair in KINDS for pair in pairs):
        raise wrong("[live] pairs", f"a list of {', '.join(KINDS)}", pairs)
    return Rules(
        distance_m=_whole(raw, "distance_m", 10, 20_000, plain.distance_m),
        within_s=_whole(raw, "within_s", 10, 1_800, plain.within_s),
        height_m=_whole(raw, "height_m", 10, 20_000, plain.height_m),
        pairs=tuple(pairs),
    )


def _whole(raw: dict[str, Any], name: str, least: int, most: int, otherwise: int) -> int:
    value = raw.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise wrong(f"[live] {name}", f"a whole number from {least} to {most}", value)
    return value


def wrong(setting: str, expected: str, got: object) -> Refused:
    """Give the refusal of a setting, as config.py has it."""
    return Refused("config.value", f"config.toml: {setting}: expected {expected}, got {got!r}", setting=setting)
