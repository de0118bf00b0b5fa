"""What is hidden in a film, a recording or a document stays here, by every door, and no file is lost over it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import docx
from tests.actions.pair import Side, talking
from tests.actions.test_incidents import FORM, first
from tests.codec.test_media import FOLDER, SECRETS

from parley import limits
from parley.actions import evidence_copies, files, incidents
from parley.actions.incident_evidence import Put

FILM = (FOLDER / "film.mp4").read_bytes()


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 1000):
        yield data[start : start + 1000]


async def taken(side: Side, data: bytes, media: str = "video/mp4") -> evidence_copies.TakenIn:
    person = next(name for name in side.people if name != "admin")
    return await evidence_copies.take_in(side.node, side[person], name="deck", media=media, content=pieces(data))


async def held(side: Side, root: str) -> bytes:
    return b"".join([piece async for piece in side.node.read_attachment(root)])


def test_a_film_crosses_without_place_and_device_unless_a_person_says_otherwise() -> None:
    """Also one that a program handed in: the entry names the copy, and the other side's disk has nothing else."""

    async def story() -> None:
        async with talking() as (north, south):
            edda = north["edda"]
            row = await files.attach(north.node, edda, name="deck.mp4", media="video/mp4", content=pieces(FILM))
            sent = await incidents.report_incident(
                north.node, edda, FORM, channel="leaders", evidence=[Put(root=row.root)]
            )
            at = (sent.channel, sent.subject)
            await incidents.add_evidence(north.node, edda, *at, evidence=[Put(root=row.root, keep=True)])
            whole = await first(south, "samira", lambda one: [f for f in one.evidence if f.file.here][1:])
            clean, kept = [await held(south, each.file.root) for each in whole.evidence]
            assert kept == FILM
            assert len(clean) == len(FILM)
            assert [secret for secret in SECRETS if secret in clean] == []

    asyncio.run(story())


def test_what_was_found_is_kept_and_the_copy_of_the_copy_is_itself() -> None:
    """A film of a gigabyte is not gone through again each time a page is drawn."""

    async def story() -> None:
        async with talking() as (north, _):
            found = await taken(north, FILM)
            assert found.read
            assert found.clean != found.root
            assert found.taken == "2026-11-20 10:00:00"
            assert ("place", "+54.5000+018.2500/") in found.found
            assert await evidence_copies.taken_again(north.node, north["edda"], found.root) == found
            again = await evidence_copies.taken_again(north.node, north["edda"], found.clean)
            assert (again.root, again.clean, again.found) == (found.clean, found.clean, ())

    asyncio.run(story())


def test_a_film_that_breaks_off_is_kept_and_said_to_be_unread() -> None:
    """The camera fell into the sea: what it recorded is evidence all the same."""

    async def story() -> None:
        async with talking() as (north, _):
            found = await taken(north, FILM[:-50])
            assert (found.read, found.clean, found.found) == (False, found.root, ())
            assert await held(north, found.root) == FILM[:-50]
            assert await evidence_copies.taken_again(north.node, north["edda"], found.root) == found

    asyncio.run(story())


def test_a_document_loses_its_author_and_a_long_or_broken_one_is_kept_as_it_is() -> None:
    async def story() -> None:
        async with talking() as (north, _):
            made = docx.Document()
            made.core_properties.author = "Name Person"
            made.add_paragraph("Our words.")
            made.save(data := io.BytesIO())
            found = await taken(north, data.getvalue(), "application/octet-stream")
            assert ("words", "Name Person") in found.found
            opened = docx.Document(io.BytesIO(await held(north, found.clean)))
            assert [part.text for part in opened.paragraphs] == ["Our words."]
            assert opened.core_properties.author == ""
            for other in (data.getvalue()[:-30], b"%PDF-1.7\n" + bytes(limits.EVIDENCE_PICTURE_BYTES_MAX)):
                unread = await taken(north, other, "application/octet-stream")
                assert (unread.read, unread.clean) == (False, unread.root)
                assert await held(north, unread.root) == other

    asyncio.run(story())
