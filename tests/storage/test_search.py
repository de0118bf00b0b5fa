"""Full text in three scripts: the index on disk and the scan in memory find the same; a broken index is made anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.record.names import LogId
from parley.statements.terms import excerpt, fold, terms, texts_of, wanted
from parley.storage.search import Doc, MemorySearch, Search, SqliteSearch

TEXTS = {
    0: "North said that export controls on chips stay in force.",
    1: "南方表示,台湾问题是两国关系中最重要的问题。",
    2: "双方就人权问题交换了意见,北方提及台北。",
    3: "أَكَّدَ الوزيرُ أنَّ حُقوقَ الإنسانِ مهمّة",
    4: "Le contrôle des exportations reste en vigueur.",
}


def log(channel: str = "leaders", side: str = "south") -> LogId:
    return LogId(channel, side, 0)


def fill(index: Search) -> Search:
    for channel in ("leaders", "talks-ai"):
        docs = [
            (
                Doc(f"{channel}/south/0", n, channel, "south", f"202{n}-11-23T10:00:00.000Z", "message.sent", f"m/{n}"),
                text,
            )
            for n, text in TEXTS.items()
        ]
        index.add(log(channel), len(TEXTS), docs)
    return index


@pytest.fixture(params=["disk", "memory"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Search]:
    made = SqliteSearch(tmp_path / "search.db", "s" * 32) if request.param == "disk" else MemorySearch()
    yield fill(made)
    made.close()


def found(index: Search, query: str, **more: str) -> list[int]:
    return [doc.number for doc in index.find(wanted(query), ["leaders"], **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("台湾", [1]), ("人权", [2]), ("台", [2, 1]), ("湾台", []), ("台湾问题", [1]), ("台湾 重要", [1]),
        ("台湾 人权", []),
        ("export controls", [0]), ("EXPORT", [4, 0]), ("control", [4, 0]), ("controle", [4]),
        ('"controls on chips"', [0]),
        ('"chips on controls"', []), ("chips export", [0]),
        ("حقوق الانسان", [3]), ("أكد", [3]), ("اكد", [3]), ("إنسان", []), ("الإنسان", [3]),
        ("nothing", []),
    ],
)  # fmt: skip
def test_a_text_is_found_by_its_words_in_each_script(index: Search, query: str, numbers: list[int]) -> None:
    """Issue D, 6: Han as overlapping pairs and single signs, Arabic without vowel marks and with one alef."""
    assert found(index, query) == numbers


def test_only_the_channels_that_are_asked_for_are_looked_at(index: Search) -> None:
    """Rights are part of the question, so nothing of another channel is even counted."""
    assert index.find(wanted("台湾"), []) == []
    assert [doc.channel for doc in index.find(wanted("台湾"), ["talks-ai"])] == ["talks-ai"]
    assert [doc.channel for doc in index.find(wanted("台湾"), ["talks"])] == []
    assert len(index.find(wanted("台湾"), ["talks-ai", "leaders"])) == 2


def test_a_search_is_bounded_by_side_and_time(index: Search) -> None:
    """ "What have they said about export controls since 2022" is one search."""
    assert found(index, "export") == [4, 0]
    assert found(index, "export", since="2022") == [4]
    assert found(index, "export", until="2022") == [0]
    assert found(index, "export", side="north") == []


@pytest.mark.parametrize(
    "query", ['" OR body:x', "place : c6c65", "NEAR(a b)", "a* b*", "''; DROP TABLE docs", "台*", "*", '"']
)
def test_nothing_that_is_asked_for_is_a_command(index: Search, query: str) -> None:
    """The query language of the engine is no door."""
    assert isinstance(found(index, query), list)
    assert found(index, "台湾") == [1]


def test_an_index_that_is_broken_or_of_another_record_is_begun_anew(tmp_path: Path) -> None:
    """It can always be thrown away; the record is the truth."""
    path = tmp_path / "search.db"
    fill(SqliteSearch(path, "a" * 32)).close()
    assert path.stat().st_mode & 0o077 == 0  # as private as the record
    again = SqliteSearch(path, "a" * 32)
    assert again.size(log()) == len(TEXTS)
    again.close()
    other = SqliteSearch(path, "b" * 32)
    assert other.size(log()) == 0
    other.close()
    path.write_bytes(b"not a database at all" * 100)
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    broken = SqliteSearch(path, "b" * 32)
    assert fill(broken).size(log()) == len(TEXTS)
    assert found(broken, "人权") == [2]
    broken.close()


def test_every_text_of_a_body_is_taken_and_no_digest() -> None:
    """Subjects to come are searched without a word about them here."""
    body = {"title": "A", "digest": "ab" * 32, "at": "2026-11-23T10:00:00.000Z", "parts": [{"text": "B"}, 7, None]}
    assert texts_of(body) == ["A", "B"]
    assert fold("Öffnung") == "offnung"
    assert terms("台湾海峡").body == ["台湾", "湾海", "海峡"]
    assert excerpt("x" * 300 + " export controls", "controls").endswith("export controls")
    assert excerpt("أَكَّدَ الوزير", "اكد") == "أَكَّدَ الوزير"


def test_one_asks_while_another_thread_indexes(tmp_path: Path) -> None:
    """The index is kept by a thread of its own: who searches meanwhile waits for nothing and sees whole adds."""
    index = fill(SqliteSearch(tmp_path / "search.db", "s" * 32))
    doc = Doc(log().text, 0, "leaders", "north", "2026-11-23T10:00:00.000Z", "message.sent", "message/north/0/0")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for number in range(1, 40):
                index.add(log("other"), 5 * number, [(doc, f"buoy {number}")] * 5)
        except BaseException as error:
            failures.append(error)

    adding = threading.Thread(target=work)
    adding.start()
    while adding.is_alive():
        assert index.size(log("other")) % 5 == 0
        assert len(index.find(wanted("buoy"), ["leaders"], count=1000)) % 5 == 0
    adding.join()
    assert not failures
    assert len(index.find(wanted("buoy"), ["leaders"], count=1000)) == 195
    index.close()
