"""Recordings on disk: what a killed node keeps, what a torn end costs, and that the disk is bounded."""

from __future__ import annotations

import io
import resource
import shutil
import wave
from pathlib import Path

import pytest

from parley.cli.keeping import backed_up
from parley.errors import Unavailable
from parley.record import ogg
from parley.record.recorded import Track, digest, root_of
from parley.storage.backup import restore_backup, write_backup
from parley.storage.recordings import Recordings, read_tracks
from parley.storage.sqlite import SqliteStore

NAME = "leaders.north.0.43"
ABOUT = {"line": "l", "channel": "leaders", "subject": "call/north/0/41", "asked": "aa", "side": "north", "began": "x"}


def track(stream: int = 7, codec: str = "opus") -> Track:
    return Track(side="south", stream=stream, person="lin", language="", codec=codec, starts_ms=0, frames=b"")


def opus(number: int) -> bytes:
    return bytes((0x48, number % 256)) * 40


def home(tmp_path: Path, quota: int = 1 << 20) -> Recordings:
    return Recordings(tmp_path / "recordings", quota_bytes=quota, reserve_bytes=0)


def packets(tmp_path: Path, file: str = "south-00000007.opus") -> list[bytes]:
    data = io.BytesIO((tmp_path / "recordings" / NAME / file).read_bytes())
    return [packet for page in ogg.read_pages(data.read, 7) if page.sequence > 1 for packet in page.packets]


def test_frames_stand_at_their_time_and_the_root_knows_only_frames(tmp_path: Path) -> None:
    """A pause is filled with silence for the player; nobody said silence, so no leaf stands for it."""
    running = home(tmp_path).begin(NAME, ABOUT)
    for number, position in ((0, 100), (1, 101), (3, 103), (4, 150), (4, 151), (2, 160)):
        running.write(track(), number, position, opus(number))
    root, tracks = running.finish()
    assert len(root) == 64
    (told,) = tracks
    assert (told["starts_ms"], told["frames"], told["which"]) == (2_000, 4, "2")
    sound = packets(tmp_path)
    assert sound[:4] == [opus(0), opus(1), b"\x48", opus(3)]  # one lost frame: the decoder conceals it
    assert sound[4:50] == [ogg.SILENCE] * 46 and sound[50:] == [opus(4)]
    (read,) = read_tracks(tmp_path / "recordings" / NAME)
    assert [(number, at) for number, at, _ in read.each()] == [(0, 0), (1, 1), (3, 3), (4, 50)]
    assert all(digest(sound[at]) == hashed for _, at, hashed in read.each())


def test_a_recording_comes_back_from_a_backup_and_proves_the_same_root(tmp_path: Path) -> None:
    """The record names its root for ever; the sound is on our disk alone."""
    SqliteStore(tmp_path / "record.db").close()
    running = home(tmp_path).begin(NAME, ABOUT)
    for number in range(60):
        running.write(track(), number, number, opus(number))
    root, _ = running.finish()
    files = backed_up(tmp_path)
    write_backup(tmp_path / "record.db", files, tmp_path / "b.sealed", "four words are enough")
    restore_backup(tmp_path / "b.sealed", tmp_path / "again", "four words are enough")
    assert root_of(read_tracks(tmp_path / "again" / "recordings" / NAME)).hex() == root


def test_a_killed_node_keeps_what_was_flushed_and_goes_on(tmp_path: Path) -> None:
    """Nothing is closed, as with kill -9; the page half written and the row without its sound are cut off."""
    first = home(tmp_path)
    running = first.begin(NAME, ABOUT)
    for number in range(60):
        running.write(track(), number, number, opus(number))
        running.write(track(9, "pcm"), number, number, bytes((number,)) * 640)
    running.flush()
    folder = tmp_path / "recordings" / NAME
    before = (folder / "south-00000007.opus").read_bytes()
    with (folder / "south-00000007.opus").open("ab") as file:
        file.write(ogg.frame_page(7, 5, 85, [opus(9)] * 25)[:500])
    with (folder / "south-00000007.frames").open("ab") as file:
        file.write(b"\0\0\0\x3c\0\0\0\x3c" + bytes(32) + b"torn")
    with (folder / "south-00000009.wav").open("ab") as file:
        file.write(bytes(100))
    again = home(tmp_path).begin(NAME, {})
    assert (folder / "south-00000007.opus").read_bytes() == before
    for number in range(55, 80):  # the voice goes on; what is there already is not written twice
        again.write(track(), number, number + 50, opus(number))
    _, tracks = again.finish()
    assert [(one["codec"], one["frames"], one["missed"]) for one in tracks] == [("opus", 80, 0), ("pcm", 60, 0)]
    assert [one for one in packets(tmp_path) if one != ogg.SILENCE] == [opus(number) for number in range(80)]
    with wave.open(str(folder / "south-00000009.wav")) as file:
        assert (file.getframerate(), file.getnframes()) == (16_000, 60 * 320)


def test_a_head_that_was_lost_with_the_power_is_written_again(tmp_path: Path) -> None:
    """Names may outlive the bytes of a new file."""
    running = home(tmp_path).begin(NAME, ABOUT)
    running.write(track(), 0, 0, opus(0))
    running.close()
    file = tmp_path / "recordings" / NAME / "south-00000007.opus"
    file.write_bytes(b"")
    again = home(tmp_path).begin(NAME, ABOUT)
    again.write(track(), 1, 1, opus(1))
    assert again.finish()[1][0]["frames"] == 1
    assert packets(tmp_path)[-1] == opus(1)


def test_recordings_are_bounded_and_leave_room_for_the_record(tmp_path: Path) -> None:
    """A call that lasts for days must not fill the disk that the record needs."""
    small = home(tmp_path, quota=3_000)
    running = small.begin(NAME, ABOUT)
    for number in range(50):
        running.write(track(), number, number, opus(number))
    with pytest.raises(Unavailable, match="no room"):
        running.flush()
    running.finish()
    with pytest.raises(Unavailable, match="no room"):
        small.begin("leaders.north.0.44", ABOUT)
    with pytest.raises(Unavailable, match="no room"):
        Recordings(tmp_path / "other", quota_bytes=1 << 40, reserve_bytes=shutil.disk_usage("/").total).begin(NAME, {})
    small.delete(NAME)
    assert small.used == 0 and small.names() == []
    many = home(tmp_path / "many", quota=1 << 24).begin(NAME, ABOUT)
    for stream in range(64):
        many.write(track(stream), 0, 0, opus(0))
    with pytest.raises(Unavailable, match="no room for more voices"):
        many.write(track(64), 0, 0, opus(0))
    many.close()


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    """What a browser asks for by name is never a path."""
    store = home(tmp_path)
    store.begin(NAME, ABOUT).close()
    (tmp_path / "secret").write_text("x")
    assert store.path(NAME, "about.json") is not None
    for name, file in ((NAME, "../../secret"), ("..", "secret"), (NAME, ".."), (NAME, ""), ("../x", "about.json")):
        assert store.path(name, file) is None
    assert store.names() == [NAME] and store.about(NAME) == ABOUT and store.about("leaders.north.0.1") is None


def test_no_root_is_given_for_what_the_disk_did_not_take(tmp_path: Path) -> None:
    """A root in the record says that every frame under it is safe here (promise 2)."""
    running = home(tmp_path).begin(NAME, ABOUT)
    for number in range(3):
        running.write(track(), number, number, opus(number))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        with pytest.raises(Unavailable, match=r"recording\.failed"):
            running.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
