"""Setting pages with typst, with the fonts of this machine looked for once: each look reads every font file.

Owns: the fonts found, and the one call of the compiler.
Does not own: what stands on a page (text_pdf.py, desk/incident_sheet.py, …).
Always true:
  1. A page is the same bytes, whether it is set with fonts just looked for or with those kept from a page before.
  2. A font that is installed or taken away while the node runs is seen at the next page.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    import typst

_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts",
                   "/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts")  # fmt: skip


def fonts(folders: tuple[str, ...] = _FOLDERS) -> typst.Fonts:
    """Give the fonts of this machine; they are looked for again if one of the folders has changed."""
    return _found(tuple(_changed(folders)))


@lru_cache(maxsize=1)
def _found(_: tuple[tuple[str, int], ...]) -> typst.Fonts:
    import typst  # heavy, and seldom needed

    return typst.Fonts()


def _changed(folders: tuple[str, ...]) -> list[tuple[str, int]]:
    """Give each folder of fonts, those within as well, with when something last came into it or left it."""
    found = []
    for folder in (one for name in folders for one, _, _ in os.walk(Path(name).expanduser())):
        with contextlib.suppress(FileNotFoundError):  # taken away meanwhile
            found.append((folder, Path(folder).stat().st_mtime_ns))
    return found


def set_pdf(source: bytes | Mapping[str, bytes], *, inputs: Mapping[str, str] | None = None) -> bytes:
    """Give the PDF of a template: the file itself, or several by name with the template in `main.typ`."""
    import typst

    compiler = cast("Any", typst)  # its stubs leave out that files may be given as a dictionary
    given = source if isinstance(source, bytes) else dict(source)
    return bytes(compiler.compile(given, format="pdf", font_paths=fonts(), sys_inputs=dict(inputs or {})))
