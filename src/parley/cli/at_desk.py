"""What a person does at a desk in a browser, done by a program: come in by a link, take the watch, lift, let go.

Owns: pressing what is on the page, and when the page itself says that it was pressed. Does not own: the browser
(chromium.py), what was heard (sounding.py).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

from parley.cli.chromium import Page

TAKE: Final = "document.querySelector('form.watch button[value=on]')"
STATE: Final = "document.getElementById('handset')?.dataset.state"
# Echo and noise are left in: noise is what the microphone's file holds, and the far loudspeaker is not in this room.
_PLAIN: Final = "localStorage.setItem('parley-sound', JSON.stringify({echo: false, quiet: false}))"
_KEY: Final = {"key": "F8", "code": "F8", "windowsVirtualKeyCode": 119}
# When the page was told of the key, on the machine's calendar clock: `timeStamp` is when the browser had it.
_NOTE_KEYS: Final = """
window.pressed = [];
for (const kind of ['keydown', 'keyup']) addEventListener(kind, (event) => {
  if (event.key === 'F8' && !event.repeat) window.pressed.push(Date.now() - performance.now() + event.timeStamp);
}, true);
"""


@dataclass(frozen=True, slots=True)
class Press:
    """One time the handset's key was held, in milliseconds of the machine's calendar clock."""

    down_ms: float
    up_ms: float


async def prepare(page: Page) -> None:
    """Set a page up to be measured, before anything of the desk is opened in it."""
    await page.do("Page.addScriptToEvaluateOnNewDocument", source=f"{_PLAIN};{_NOTE_KEYS}")


async def come_in(page: Page, path: str) -> None:
    """Come in by a one-time link, as a newcomer at a side for exercise does."""
    await page.go(path)
    await submit(page, "document.querySelector('form[action=\"/sign-in\"] button')", "location.pathname === '/'")
    await page.until("document.documentElement.dataset.ready === 'yes'")


async def take_watch(page: Page, path: str = "/") -> None:
    """Take the watch from the page at `path`, and wait until the handset is ready."""
    await page.go(path)
    await submit(page, TAKE, "document.getElementById('handset')")
    await until_state(page, "ready")


async def submit(page: Page, button: str, then: str) -> None:
    """Press a button of a form by the script of the page itself, and wait for what comes then."""
    await page.until(f"!!({button})")
    await page.run(f"{button}.click()")
    await page.until(f"!!({then})")


async def until_state(page: Page, state: str) -> None:
    """Wait until the handset says so."""
    await page.until(f"{STATE} === {json.dumps(state)}")


async def press(page: Page, hold_s: float) -> Press:
    """Hold the handset's key for so long; gives when the page had it down, and up again."""
    await key(page, "rawKeyDown")
    await until_state(page, "open")
    await asyncio.sleep(hold_s)
    await key(page, "keyUp")
    await until_state(page, "ready")
    down, up = await page.run("window.pressed.splice(0)")
    return Press(float(down), float(up))


async def key(page: Page, kind: str) -> None:
    """Put the handset's key down ("rawKeyDown") or up ("keyUp")."""
    given: dict[str, Any] = {"type": kind, **_KEY}
    await page.do("Input.dispatchKeyEvent", **given)


async def hang_up(page: Page) -> None:
    """End the call and wait until the page shows none."""
    await submit(page, "document.getElementById('handset-hang-up')", "true")
    await page.until("document.getElementById('handset-call').textContent === ''")
