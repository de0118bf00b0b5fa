"""The second judge's reading of docs/protocol/codec.md and of names: one byte form of JSON, base64, hex, moments."""

# fmt: off
# ruff: noqa: E701
import base64
import hashlib
import json

DIGITS, NAMES = "0123456789", "abcdefghijklmnopqrstuvwxyz0123456789"
PRIME, EIGHT = 2**255 - 19, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
SMALL_ORDER = {0, 1, PRIME - 1, EIGHT, PRIME - EIGHT}  # the y of every Ed25519 point whose order divides 8

class NotProven(Exception): """The reason, in words."""
def need(condition, why):
    if not condition: raise NotProven(why)
def sha(data): return hashlib.sha256(data).digest()
def b64(text, size=None):
    text = text.encode("utf-8", "replace") if isinstance(text, str) else text
    try: data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError): raise NotProven("not base64") from None
    need(base64.b64encode(data) == text and size in (None, len(data)), "not the one form of base64")
    return data
def canonical(data, most):
    """codec.md: parse, check, write again, compare."""
    def pairs(items):
        need(len(dict(items)) == len(items) and all(k.isascii() and k.isprintable() for k, _ in items), "a key")
        return dict(items)
    def refuse(_): need(False, "a number that is no integer")
    def count(value, left):
        need(left > 0 and (type(value) is not int or abs(value) < 2**53), "nested too deep, or a number too large")
        below = value.values() if type(value) is dict else value if type(value) is list else ()
        return len(below) + sum(count(each, left - 1) for each in below)
    try:
        value = json.loads(data.decode(), object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse)
        need(len(data) <= most and count(value, 17) <= 4096, "too long, or too many members")
        again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        raise NotProven("not JSON in UTF-8") from None
    need(again == data, "not canonical")
    return value
def word(text, most, more="-", first=NAMES[:26]):
    return type(text) is str and 0 < len(text) <= most and text[0] in first and all(c in NAMES + more for c in text)
def whole(value, least=0): return type(value) is int and value >= least
def hexes(text, count):
    return type(text) is str and len(text) == count and all(c in "0123456789abcdef" for c in text)
def log_name(text):
    p = text.split("/") if type(text) is str else []
    if len(p) != 3 or not word(p[0], 48) or not word(p[1], 32) or len(p[2]) > 12: return False
    return p[2].isascii() and p[2].isdigit() and str(int(p[2])) == p[2]
def milliseconds(at):
    """codec.md: the one form of a moment, as milliseconds since 1970."""
    need(type(at) is str and "".join("0" if c in DIGITS else c for c in at) == "0000-00-00T00:00:00.000Z", "a moment")
    year, month, day, hour, minute, second = (int(at[x : x + (2 if x else 4)]) for x in (0, 5, 8, 11, 14, 17))
    leap, y = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0), year - 1
    months = [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    need(year and 0 < month < 13 and 0 < day <= months[month - 1], "a day")
    need(hour < 24 and minute < 60 and second < 60, "a time of day")
    days = y * 365 + y // 4 - y // 100 + y // 400 + sum(months[: month - 1]) + day - 719163
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + int(at[20:23])
