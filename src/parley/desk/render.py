"""Turning shown values into pages: the template environment and the few words of formatting it knows.

Every value is escaped by the environment; the only Markup made by hand is in this file and in words.py, from parts
that were escaped there.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket, bc_magic
from jinja2.runtime import Context
from markupsafe import Markup, escape

from parley.desk import shown
from parley.desk.words import LANGUAGES, Words
from parley.errors import ParleyError, ensure
from parley.times import read_moment

# Each language by its own name; a tag we have no name for is shown as it is.
LANGUAGE_NAMES: Final = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "ja": "日本語",
    "ko": "한국어",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
}
# What a browser paints before a style has come, and around the page: no white flash at a desk in the dark.
_SCREENS: Final = {
    "auto": ("light dark", (("(prefers-color-scheme: light)", "#e9e7e0"), ("(prefers-color-scheme: dark)", "#0d1013"))),
    "light": ("only light", (("all", "#e9e7e0"),)),
    "dark": ("dark", (("all", "#0d1013"),)),
    "night": ("dark", (("all", "#000000"),)),
}
STATIC_TYPES: Final = {
    ".flac": "audio/flac",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".bin": "application/octet-stream",  # the coastline
}

# The sheets of the desk's pages and of those that stand alone, in the order in which one rule overrules another. A page
# asks for all of its sheets at once: each request more takes time on a thin link, and of the browser.
SHEETS: Final = {
    "desk.css": (
        "tokens", "layout", "parts", "thread", "acts", "handset", "stops", "text", "watch", "notices", "chart",
        "readouts", "texts", "talks", "wall", "incidents", "commitments", "night", "media",
    ),
    "alone.css": ("tokens", "layout", "parts", "acts", "night", "media"),
}  # fmt: skip


def duration(whole_s: int) -> str:
    """Give a span as 00:04:10; whole days stand before it as `3:00:04:10`."""
    days, rest = divmod(max(whole_s, 0), 86_400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return f"{days}:{clock}" if days else clock


def span_s(earlier: str, later: str) -> int:
    """Give the whole seconds from one moment's text to another's; 0 where either cannot be read."""
    try:
        return (read_moment(later) - read_moment(earlier)) // 1000
    except ParleyError:
        return 0


def when(at: str | None, now: str) -> Markup:
    """Give a moment in UTC: the time of day today, with its date before that."""
    return _when_on(at, now[:10]) if at else Markup("–")


@lru_cache(maxsize=8192)  # a long list names the same moments again and again, and each time it is drawn
def _when_on(at: str, today: str) -> Markup:
    day = "" if at[:10] == today else at[:10] + " "
    return Markup('<time datetime="{0}" title="{1} UTC">{2}{3}Z</time>').format(
        at, at[:19].replace("T", " "), day, at[11:19]
    )


def up(at: str, now: str) -> Markup:
    """Give a clock that counts up from a moment; the script keeps it going."""
    return Markup('<b class="num" data-since="{0}">{1}</b>').format(at, duration(span_s(at, now)))


def short(subject: str) -> str:
    """Give a subject's id without its kind: message/north/0/12 is north/0/12."""
    return subject.partition("/")[2] or subject


def sized(count: int) -> Markup:
    """Give a size in bytes as people read it."""
    value, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024 or unit == "GiB":
            break
        value /= 1024
    return Markup('<span class="num">{0} {1}</span>').format(f"{value:.0f}" if unit == "B" else f"{value:.1f}", unit)


class Static:
    """The files a browser loads, read once; their digest is in their address so that they can be kept for ever."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}
        total = hashlib.sha256()
        folders = (files("parley.desk").joinpath("static"), files("parley.land"))
        for entry in sorted((each for folder in folders for each in folder.iterdir()), key=lambda found: found.name):
            kind = STATIC_TYPES.get("." + entry.name.rpartition(".")[2])
            if kind is not None:
                content = entry.read_bytes()
                self.files[entry.name] = (kind, content)
                total.update(entry.name.encode() + b"\0" + content + b"\0")
        for name, parts in SHEETS.items():
            joined = b"".join(self.files[f"{part}.css"][1] for part in parts)
            self.files[name] = ("text/css", joined)
            total.update(name.encode() + b"\0" + joined + b"\0")
        self.base = f"/static/{total.hexdigest()[:16]}"


class Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled once, where Python keeps the modules that it compiled.

    To compile all takes seconds of a core, which a call may need. Where the folder cannot be written, or is full, they
    are compiled at each start.
    """

    def __init__(self, folder: Path) -> None:
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
        super().__init__(str(folder))
        self.keeps = True
        self._folder = folder

    def mark(self, sources: Iterable[str]) -> Path:
        """Give the file that says that all of these were compiled by this Python; a part that is bad is done again."""
        whole = hashlib.sha256(bc_magic)  # which Python and which Jinja
        for source in sources:
            whole.update(hashlib.sha256(source.encode()).digest())
        return self._folder / f"pages-{whole.hexdigest()[:32]}"

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, UnpicklingError):  # a power cut left a part of it, or nothing reads it
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        try:
            super().dump_bytecode(bucket)
        except OSError:
            self.keeps = False


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("parley.desk", "templates"),
        bytecode_cache=Compiled(Path(__file__).with_name("__pycache__")),
        autoescape=True,
        auto_reload=False,  # a file of ours does not change under a running node: nobody need look at each page
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(short=short, bytes=sized, language_name=language_name, screen=screen, **_TIMED)
    made.globals.update(shown_at=shown_at, seconds=seconds, milliseconds=milliseconds, rate=rate)
    made.globals.update(languages=[(tag, LANGUAGE_NAMES[tag]) for tag in LANGUAGES])
    return made


class Renderer:
    """Draws templates; one for the whole desk."""

    def __init__(self) -> None:
        self.static = Static()
        self._environment = _environment()

    async def get_ready(self) -> None:
        """Compile every template, on another thread: neither that nor the first page after a lift may hold up sound."""
        if not _mark().exists():
            await asyncio.to_thread(compile_all)

    def page(self, template: str, words: Words, values: dict[str, Any]) -> str:
        """Draw one template; `values` must hold everything it uses, or it is a mistake of ours."""
        return self._environment.get_template(template).render(
            t=words.html,
            ta=words.plain,
            knows=words.knows,
            told=_told(words),
            language=words.language,
            page_language=words.tag,
            direction=words.dir,
            comma=words.comma,
            static=self.static.base,
            **values,
        )


def _mark() -> Path:
    """Give the file that says that all templates, as they are now, were compiled and kept."""
    made = _environment()
    loader = made.loader
    ensure(loader is not None, "the pages have no place to come from")
    assert loader is not None
    sources = (f"{name} {loader.get_source(made, name)[0]}" for name in made.list_templates(["html"]))
    return cast(Compiled, made.bytecode_cache).mark(sources)


@cache
def compile_all() -> None:
    """Compile every template and keep it, once in a process and, where the disk keeps it, once for all.

    In memory stays only what no disk keeps. The rest is read when its page is first asked for, in less than a
    millisecond: a node at whose desk nobody sits need not hold 4 MB of pages. An installer calls this where the node
    may not write.
    """
    made = _environment()
    names = made.list_templates(["html"])
    for name in names:
        made.overlay(cache_size=0).get_template(name)
    if cast(Compiled, made.bytecode_cache).keeps:
        with contextlib.suppress(OSError):
            _mark().touch()
    else:
        for name in names:
            made.get_template(name)


def _told(words: Words) -> Callable[[str, str], Markup]:
    def told(code: str, sentence: str) -> Markup:
        """Give an error in the person's language where the catalogue has it, else as it was raised, in English."""
        if words.knows(f"error.{code}"):
            told = words.html(f"error.{code}")
            if "expected" in sentence or any(char.isdigit() for char in sentence):  # what was expected, what was got
                told += Markup(' <span class="quiet small" lang="en" dir="ltr">({0})</span>').format(sentence)
            return told
        return Markup('<span lang="en" dir="ltr">{0}</span>').format(sentence)

    return told


def screen(theme: str) -> Markup:
    """Give what the head of a page says of its colours."""
    scheme, edges = _SCREENS[theme]
    told = Markup('<meta name="color-scheme" content="{0}">').format(scheme)
    for media, colour in edges:
        told += Markup('<meta name="theme-color" media="{0}" content="{1}">').format(media, colour)
    return told


def language_name(tag: str) -> Markup:
    """Give a language's own name for itself."""
    return Markup('<span lang="{0}">{1}</span>').format(tag, LANGUAGE_NAMES.get(tag, tag))


def seconds(count: float) -> str:
    """Give how long ago something was heard."""
    return f"{count:.1f} s" if count < 100 else duration(int(count))


def milliseconds(count: float) -> str:
    """Give a round trip."""
    return f"{count:.1f} ms" if count < 10 else f"{count:.0f} ms"


def rate(bits_s: int) -> str:
    """Give what a link carries, with narrow spaces between the thousands: commas and points differ by language."""
    return f"{bits_s:,} bit/s".replace(",", "\u202f")


def shown_at(message: shown.MessageShown) -> str | None:
    """Give when a message was shown, if it was."""
    return next((fact.at for fact in message.facts if fact.key == "shown"), None)


@pass_context
def _listed(context: Context, names: Iterable[str]) -> Markup:
    """Give names as a list, in the way of the language, each set apart from its neighbours."""
    return escape(context["comma"]).join(Markup("<bdi>{0}</bdi>").format(name) for name in names)


@pass_context
def _when(context: Context, at: str | None) -> Markup:
    return when(at, str(context["now"]))


@pass_context
def _up(context: Context, at: str) -> Markup:
    return up(at, str(context["now"]))


@pass_context
def _due(context: Context, at: str, words: str) -> Markup:
    """Give a due time: counting down to it, then counting up from it, with other words."""
    now, sentences = str(context["now"]), context["t"]
    left_s = span_s(now, at)
    count = Markup('<b class="num" data-count>{0}</b>').format(duration(abs(left_s)))
    over = left_s < 0
    return Markup(
        '<span data-until="{at}"><span data-left{h1}>{left}</span><span class="over" data-over{h2}>{over}</span>'
        ' <span class="quiet">{when}</span></span>'
    ).format(
        at=escape(at),
        h1=Markup(" hidden") if over else "",
        h2="" if over else Markup(" hidden"),
        left=sentences(words, age=count),
        over=sentences("due.over", age=count),
        when=when(at, now),
    )


_TIMED: Final[dict[str, Any]] = {"listed": _listed, "when": _when, "up": _up, "due": _due}
