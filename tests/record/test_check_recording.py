"""`parley check RECORD --recording FILE`: what was kept is proven frame by frame, what was done to it is named."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.record.shelf import LINE, talk
from tests.record.tampering import record

from parley.desk.pages.recordings import zipped
from parley.record import ogg
from parley.record.check import Report, check_file
from parley.record.recorded import Track, describe, root_of
from parley.record.wav import wav_head
from parley.storage.recordings import Recordings

NAME, SUBJECT = "leaders.north.0.43", "call/north/0/41"
Change = Callable[[dict[str, bytes]], None]


def voice(side: str, stream: int, codec: str = "opus") -> Track:
    person = {"north": "a.novak", "south": "w.lan"}[side]
    return Track(side=side, stream=stream, person=person, language="", codec=codec, starts_ms=0, frames=b"")


def kept(tmp_path: Path) -> tuple[Path, Path]:
    """Give a record in which North states what it keeps, and the recording file."""
    shelf, _, _ = talk()
    asked = shelf.write("north", "call.recording-asked", {}, subject=SUBJECT, person="a.novak")
    home = Recordings(tmp_path / "recordings", quota_bytes=1 << 24, reserve_bytes=0)
    about = {"line": LINE, "channel": "leaders", "subject": SUBJECT, "asked": asked.id, "side": "north",
             "began": "2026-11-23T10:00:00.000Z"}  # fmt: skip
    running = home.begin(NAME, about)
    for number in range(60):
        running.write(voice("north", 7), number, number, bytes((0x48, number)) * 40)
        running.write(voice("south", 9, "pcm"), number, number + (number > 30) * 20, bytes((number + 1,)) * 640)
    root, tracks = running.finish()
    assert tracks == describe(home.tracks(NAME)) and root == root_of(home.tracks(NAME)).hex()
    body = {"frames": 120, "root": root, "tracks": tracks}
    shelf.write("north", "call.recording-kept", body, subject=SUBJECT, refs=(asked,))
    for log in list(shelf.logs()):
        shelf.sign(log)
    (tmp_path / "record.parley").write_bytes(record(shelf))
    (tmp_path / "call.zip").write_bytes(b"".join(zipped(home.files(NAME))))
    return tmp_path / "record.parley", tmp_path / "call.zip"


def changed(tmp_path: Path, change: Change, method: int = zipfile.ZIP_STORED) -> Report:
    """Judge the recording after somebody took it apart and put it together again."""
    told, sound = kept(tmp_path)
    with zipfile.ZipFile(sound) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as whole:
        for name, data in files.items():
            whole.writestr(name, data)
    sound.write_bytes(made.getvalue())
    return check_file(told, recording=sound)


def cut(name: str, size: int) -> Change:
    def change(files: dict[str, bytes]) -> None:
        files[name] = files[name][:size]

    return change


def put(name: str, at: int, data: bytes) -> Change:
    def change(files: dict[str, bytes]) -> None:
        files[name] = files[name][:at] + data + files[name][at + len(data) :]

    return change


def renamed(files: dict[str, bytes]) -> None:
    """Say that Novak's voice was another person's, at another time."""
    told = files["north-00000007.json"].replace(b"a.novak", b"e.chief")
    files["north-00000007.json"] = told


def added(files: dict[str, bytes]) -> None:
    """Put a voice in for which there are no rows."""
    files["south-0000000a.wav"] = wav_head(1) + b"\x01" * 640


def reheaded(skip: int) -> Change:
    """Let a player skip so many samples at the beginning: the first words would be gone."""

    def change(files: dict[str, bytes]) -> None:
        head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, skip, 48_000, 0, 0)
        new = ogg.page(7, 0, 0, [head], flags=2)
        files[OPUS] = new + files[OPUS][len(new) :]

    return change


def cut_short(files: dict[str, bytes]) -> None:
    """Let the last page end before its frames do."""
    *_, page, last = (one for one in ogg.read_pages(io.BytesIO(files[OPUS]).read, 7))
    new = ogg.page(7, last.sequence, page.granule + 960, last.packets, flags=4)
    files[OPUS] = files[OPUS][: page.end] + new


OPUS, WAV = "north-00000007.opus", "south-00000009.wav"


def test_every_frame_of_a_recording_is_proven_by_the_record_alone(tmp_path: Path) -> None:
    """No node, no network, no trust in who made the file."""
    told, sound = kept(tmp_path)
    report = check_file(told, recording=sound)
    words = "\n".join(report.lines)
    assert (report.verdict, report.exit_code) == ("proven", 0), words
    assert "North's node states that it keeps these 120 frames" in words
    assert "a.novak (North), from 0.0 s on: 60 of 60 frames are here, as kept." in words
    assert "w.lan (South), from 0.0 s on: 60 of 60 frames are here, as kept." in words
    assert check_file(told).verdict == "proven"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut(OPUS, 2_000), "the last page is cut short"),
        (put(OPUS, 2_900, b"\xff\xff"), "is damaged"),
        (cut(WAV, 44 + 640 * 5 + 10), "5 of 60 frames are here, as kept; its sound ends before"),
        (lambda files: files.pop(WAV), "0 of 60 frames are here, as kept; its sound is not in the file"),
    ],
)
def test_of_a_recording_that_lost_a_part_the_rest_is_proven(tmp_path: Path, change: Change, said: str) -> None:
    """Leaves hold digests: who lost some of the sound still proves the rest."""
    report = changed(tmp_path, change)
    assert report.verdict == "proven" and said in "\n".join(report.lines), report.lines


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put(WAV, 44 + 640 * 3 + 7, b"\x99"), "evidence.altered"),  # one sample
        (put(WAV, 44 + 640 * 40, b"\x01"), "evidence.altered"),  # a sound in a pause
        (renamed, "evidence.altered"),
        (added, "evidence.altered"),
        (reheaded(48_000), "evidence.altered"),
        (cut_short, "evidence.altered"),
        (put(WAV, 24, struct.pack("<I", 8_000)), "evidence.altered"),  # half as fast
        (put(WAV, 40, struct.pack("<I", 640)), "evidence.altered"),  # one frame is played, and no more
        (lambda files: files.update({WAV: files[WAV] + b"\x01" * 640}), "evidence.altered"),  # words after the end
        (put("north-00000007.frames", 3, b"\x05"), "evidence.recording"),
        (lambda files: files.pop("north-00000007.json"), "evidence.recording"),
        (lambda files: files.update({"about.json": b"{}"}), "evidence.unreadable"),
        (lambda files: files.update({"about.json": files["about.json"].replace(b"/41", b"/42")}), "evidence.recording"),
        (lambda files: files.update({"../x": b""}), "evidence.unreadable"),
        (cut("about.json", 0), "evidence.unreadable"),
    ],
)
def test_what_was_done_to_a_recording_is_named(tmp_path: Path, change: Change, code: str) -> None:
    """One sample of another man's voice must not pass."""
    report = changed(tmp_path, change)
    assert report.code == code and report.exit_code in (1, 2), report.lines


def test_a_file_with_one_member_twice_or_within_another_is_not_read(tmp_path: Path) -> None:
    """One program would play what another had judged; and a few bytes could stand for many gigabytes."""
    told, sound = kept(tmp_path)
    whole = sound.read_bytes()
    with zipfile.ZipFile(sound) as opened:
        data = opened.read(WAV)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(sound, "a") as opened:
        opened.writestr(WAV, data.replace(b"\x05", b"\x06"))
    assert check_file(told, recording=sound).code == "evidence.unreadable"
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        opened.filelist += [one for one in opened.filelist if one.filename == WAV]
        rows = [(one, one.header_offset) for one in opened.filelist]
    made = io.BytesIO(whole)
    with zipfile.ZipFile(made, "a") as opened:
        for number in range(8):
            one = zipfile.ZipInfo(f"south-{number:08x}.wav")
            source = next(info for info, _ in rows if info.filename == WAV)
            one.header_offset, one.CRC = source.header_offset, source.CRC
            one.file_size = one.compress_size = source.file_size
            opened.filelist.append(one)
            opened.NameToInfo[one.filename] = one
            opened._didModify = True
    sound.write_bytes(made.getvalue())
    assert check_file(told, recording=sound).code == "evidence.unreadable"


def test_a_directory_of_a_million_files_is_not_read(tmp_path: Path) -> None:
    """Ten bytes of memory for each of the file's: what looks like a long recording would take them all."""
    told, sound = kept(tmp_path)
    count = 200_000
    row = struct.pack("<4sBBBBHHHHIIIHHHHHII", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, *[0] * 6) + b"a"
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, count * len(row), 0, 0)
    sound.write_bytes(row * count + end)
    tracemalloc.start()
    report = check_file(told, recording=sound)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.code == "evidence.unreadable" and peak < 5_000_000


def test_only_a_whole_record_judges_and_only_a_plain_file_is_read(tmp_path: Path) -> None:
    """A compressed file may unfold to anything; a file that is none is said to be none."""
    assert changed(tmp_path, lambda files: None, zipfile.ZIP_DEFLATED).code == "evidence.unreadable"
    told, _ = kept(tmp_path / "other")
    (tmp_path / "none.zip").write_bytes(b"PK\x05\x06 no such thing")
    assert check_file(told, recording=tmp_path / "none.zip").verdict == "unreadable"
    assert check_file(told, recording=tmp_path / "missing").verdict == "unreadable"
