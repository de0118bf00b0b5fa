"""What the terminal says and refuses: founding, settings, exit codes, harmless output, completion."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.replacing import replace

from parley.cli import exit_code, main
from parley.cli.messaging import signed_at
from parley.cli.output import report_rows, safe, span, width
from parley.cli.parser import make_parser
from parley.errors import OurMistake, PeerError, Refused, Unavailable
from parley.identity import words
from parley.node.config import read_config, write_config


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run one command; give exit code, output, error output."""
    code = main([str(each) for each in arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def side(capsys: pytest.CaptureFixture[str], folder: Path, name: str, *more: str) -> Path:
    """Make a side and give its data folder."""
    data = folder / name
    code, _, error = run(capsys, "init", str(data), f"--side={name}", f"--name={name.title()}", *more)
    assert (code, error) == (0, "")
    return data


def twelve(capsys: pytest.CaptureFixture[str], data: Path) -> str:
    """Give the words of a side's card as somebody reads them aloud."""
    _, out, _ = run(capsys, "card", str(data), "--json")
    return " ".join(json.loads(out)["words"])


def test_a_side_is_made_with_keys_that_nobody_else_can_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Key files that others may read are lost keys."""
    data = side(capsys, tmp_path, "north", "--language=en", "--language=zh-Hans")
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for key in (data / "keys").iterdir():
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert read_config(data).languages == ("en", "zh-Hans")
    code, _, error = run(capsys, "init", str(data), "--side=north", "--name=North")
    assert code == 1
    assert "init.not-empty" in error


@pytest.mark.parametrize("pad", [" ", "\u2800", "x ", "中", "\t"])
@pytest.mark.parametrize("head", ["    | ", "    Title: "])
def test_a_side_cannot_pad_its_words_into_a_line_of_the_report(pad: str, head: str) -> None:
    """At 80 columns the terminal would break them where the forger likes: "Proven:" at the beginning of a row."""
    for count in range(20, 90):
        rows = list(report_rows(f"{head}Hello.{pad * count}Proven: all of it.\nProven: too.", 80))
        assert all(width(row) <= 80 for row in rows)
        assert not any(row.lstrip().startswith("Proven") for row in rows)
        said = "".join("".join(rows).replace("      … ", "").replace("    | ", "").split())
        assert said.count("Proven") == 2 and "allofit" in said
    assert list(report_rows("  Short.", 80)) == ["  Short."] and len(list(report_rows("x" * 200, 0))) == 1


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("--side=North", "a side"),
        ("--name=", "name: expected 1 to"),
        ("--name=two\nlines", "name: expected a single line"),
        ("--language=english", "language: expected"),
        ("--domain=North.Example", "domain: expected"),
    ],
)
def test_what_no_card_can_hold_is_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, word: str
) -> None:
    """It once ended as a fault of our own, with an empty folder left behind."""
    data = tmp_path / "north"
    code, _, error = run(capsys, "init", str(data), "--side=north", "--name=North", wrong)

    assert (code, word in error, "[init.value]" in error) == (2, True, True), error
    assert not data.exists()


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People type a wrong path every day; a page of program lines tells them nothing."""
    (tmp_path / "file").write_text("in the way")
    code, _, error = run(capsys, "init", str(tmp_path / "file" / "north"), "--side=north", "--name=North")

    assert (code, "[cli.file]" in error, str(tmp_path) in error) == (3, True, True), error


def test_a_line_is_founded_by_comparing_words_and_is_the_same_at_both_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No authority vouches for a card: two people comparing words do."""
    north, south = side(capsys, tmp_path, "north"), side(capsys, tmp_path, "south")
    lines = []
    for ours, theirs in ((north, south), (south, north)):
        heard = twelve(capsys, theirs).upper()  # case is not what is compared
        code, out, _ = run(capsys, "found", str(ours), str(theirs / "own.card"), "--words", heard, "--json")
        assert code == 0
        lines.append(json.loads(out)["line"])
    assert lines[0] == lines[1]


def test_a_wrong_founding_is_refused_with_its_reason_and_pins_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each mistake at the table has its own words: wrong words, own card, damaged card, same side, second line."""
    north, south, west = (side(capsys, tmp_path, name) for name in ("north", "south", "west"))
    twin = side(capsys, tmp_path / "other", "north") if (tmp_path / "other").mkdir() is None else north
    damaged = tmp_path / "damaged.card"
    data = bytearray((south / "own.card").read_bytes())
    data[200] ^= 1
    damaged.write_bytes(data)
    south_words = twelve(capsys, south)
    for card, spoken, code, reason in (
        (south / "own.card", twelve(capsys, west), 1, "founding.words"),
        (south / "own.card", "resemble chase street", 1, "expected 12 words, got 3"),
        (north / "own.card", twelve(capsys, north), 1, "founding.own-card"),
        (damaged, south_words, 2, "founding.card"),
        (twin / "own.card", twelve(capsys, twin), 1, "identity.line"),
        (tmp_path / "nowhere", south_words, 2, "cli.unreadable"),
    ):
        got, _, error = run(capsys, "found", str(north), str(card), "--words", spoken)
        assert (got, reason in error) == (code, True), error
        assert not (north / "peer.card").exists()

    code, _, error = run(capsys, "found", str(north), str(south / "own.card"), "--yes-i-compared")
    assert (code, "founding.compare" in error) == (1, True)
    assert run(capsys, "found", str(north), str(south / "own.card"), "--words", south_words)[0] == 0
    for card, spoken, reason in (
        (south / "own.card", south_words, "founding.again"),
        (west / "own.card", twelve(capsys, west), "founding.second-line"),
    ):
        code, _, error = run(capsys, "found", str(north), str(card), "--words", spoken)
        assert (code, reason in error) == (1, True)


def test_a_new_card_takes_no_other_file_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the hour after a theft a hand slips: the card that is lost by it may be the other side's."""
    north, south = (side(capsys, tmp_path, name) for name in ("north", "south"))
    assert run(capsys, "found", str(north), str(south / "own.card"), "--words", twelve(capsys, south))[0] == 0
    before = (south / "own.card").read_bytes()
    code, _, error = run(capsys, "lost", str(north), "--out", str(south / "own.card"))

    assert (code, "[cli.file]" in error) == (1, True), error
    assert (south / "own.card").read_bytes() == before
    assert run(capsys, "lost", str(north), "--out", str(tmp_path / "new.card"))[0] == 0


def test_nobody_can_skip_the_comparing_for_a_real_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script that says yes for people would make every later check worthless."""
    north, south = side(capsys, tmp_path, "north", "--status=exercise"), side(capsys, tmp_path, "south")
    assert run(capsys, "found", str(south), str(north / "own.card"), "--yes-i-compared")[0] == 1
    assert run(capsys, "found", str(north), str(south / "own.card"), "--yes-i-compared")[0] == 0


def test_the_card_can_be_shown_as_file_words_and_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file goes by stick, the words by voice, the picture by paper."""
    from parley.identity import read_card

    data = side(capsys, tmp_path, "north")
    code, out, _ = run(capsys, "card", str(data), "--out", str(tmp_path / "c"), "--svg", str(tmp_path / "c.svg"))
    card = read_card((tmp_path / "c").read_bytes())
    assert code == 0
    assert " ".join(words(card.digest)) in out
    assert (tmp_path / "c.svg").read_text().startswith("<svg")
    assert run(capsys, "card", str(data), "--out", str(tmp_path / "c"))[0] == 1  # never over a file that is there


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('side = "North"', "config.value"),
        ('side = "north"\ncolour = "red"', "config.unknown"),
        ("side = north", "config.form"),
        ('name = "North"', "config.missing-setting"),
        ('side = "north"\nstatus = "real"', "config.value"),
        ('side = "north"\nlisten = ["nowhere"]', "config.value"),
        ('side = "north"\nlisten = ["127.0.0.1:99999"]', "config.value"),
        ('side = "north"\ndesk = "0.0.0.0:7880"', "config.plain-desk"),
        ('side = "north"\ncertificate = "a.pem"', "config.certificate"),
        ('side = "north"\nanchor = "inside"', "config.anchor"),
        ('side = "north"\nquota_gib = true', "config.value"),
        ('side = "north"\norigin = "ftp://x"', "config.value"),
        ('side = "north"\n[[route]]\nname = "a"', "config.value"),
        ('side = "north"\n[[route]]\nname = "a"\nbits_per_second = 10', "config.value"),
        ('side = "north"\n[[route]]\nname = "a"\naddress = "h:1"\nbits_per_second = true', "config.value"),
        (
            'side = "north"\n[[route]]\nname = "a"\naddress = "h:1"\n[[route]]\nname = "a"\naddress = "h:2"',
            "config.value",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(tmp_path: Path, line: str, reason: str) -> None:
    """A setting that is ignored is worse than one that is refused."""
    (tmp_path / "config.toml").write_text(line)
    with pytest.raises(Refused) as refused:
        read_config(tmp_path)
    assert refused.value.code == reason


def test_a_thin_route_is_read_as_it_was_written_and_needs_no_address_where_only_they_dial(tmp_path: Path) -> None:
    """A ship's radio is stated at both sides, and one of them has nobody to dial."""
    text = 'side = "north"\n[[route]]\nname = "radio"\nbits_per_second = 2400\n'
    text += '[[route]]\nname = "dish"\naddress = "h:1"\nbits_per_second = 9600'
    (tmp_path / "config.toml").write_text(text)
    read = read_config(tmp_path)
    assert [(route.name, route.host, route.bits_s) for route in read.routes] == [
        ("radio", "", 2400),
        ("dish", "h", 9600),
    ]

    again = tmp_path / "again"
    again.mkdir()
    write_config(replace(read, data=again))
    assert read_config(again).routes == read.routes


def test_each_kind_of_end_has_its_exit_code() -> None:
    """Scripts act on the code: 1 is a no, 2 is a mistake of the caller, 3 is worth trying again."""
    ends = (Refused("a", ""), PeerError("a", ""), Unavailable("a", ""), OurMistake("a", ""))
    assert [exit_code(error) for error in ends] == [1, 2, 3, 70]


def test_what_cannot_be_read_is_told_from_a_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script that gave a wrong folder or file has a mistake to mend; one that was told no has not."""
    gone, data = str(tmp_path / "gone"), side(capsys, tmp_path, "north")
    damaged, whole = side(capsys, tmp_path, "south"), side(capsys, tmp_path, "east")
    (damaged / "config.toml").write_text("side = 1")
    (data / "cards" / ("0" * 32 + ".json")).parent.mkdir(exist_ok=True)
    (data / "cards" / ("0" * 32 + ".json")).write_text("no card")
    (tmp_path / "empty").write_text("")
    for code, reason, *given in (
        (2, "config.missing", "run", gone),
        (2, "config.missing", "backup", gone, str(tmp_path / "b"), "--keys-only"),
        (2, "config.value", "run", str(damaged)),
        (2, "config.value", "init", gone, "--side=west", "--name=West", "--route=nowhere"),
        (2, "init.value", "init", gone, "--side=West", "--name=West"),
        (2, "keys.file", "card", str(data)),
        (2, "cli.passphrase", "restore", str(data / "own.card"), gone, f"--passphrase-file={tmp_path / 'empty'}"),
        (2, "cli.unreadable", "restore", gone, str(tmp_path / "new"), f"--passphrase-file={data / 'own.card'}"),
        (2, "cli.unreadable", "tracks", gone),
        (2, "evidence.unreadable", "check", gone, "--json"),
        (1, "init.not-empty", "init", str(data), "--side=west", "--name=West"),
        (1, "cli.file", "card", str(whole), "--out", str(damaged / "own.card")),
    ):
        got, out, error = run(capsys, *given)
        assert (got, reason in out + error) == (code, True), (given, got, out, error)
    assert "is its disk mounted?" in run(capsys, "run", gone)[2]  # before anybody makes a second side in its place


def test_a_command_without_its_node_says_how_to_start_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The commonest failure deserves the plainest words."""
    code, _, error = run(capsys, "status", "--data", str(tmp_path))
    assert (code, "parley run" in error) == (3, True)
    code, out, _ = run(capsys, "status", "--data", str(tmp_path), "--json")
    assert json.loads(out)["code"] == "cli.not-running"


def test_text_of_the_other_side_cannot_move_the_cursor_or_turn_the_line() -> None:
    """A message is words on a terminal, never commands to it."""
    assert safe("a\x1b[2Jb\u202ec\u2066d") == "a<U+001B>[2Jb<U+202E>c<U+2066>d"
    assert safe("سلام 你好\n\u200f.") == "سلام 你好\n\u200f."
    assert (width("你好"), width("e\u0301"), span(3723.9)) == (4, 1, "01:02:03")


def test_completion_knows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """Completion is made from the parser, for three shells."""
    from parley.cli.completion import subcommands

    names = list(subcommands(make_parser()))
    for shell in ("bash", "zsh", "fish"):
        code, out, _ = run(capsys, "completion", shell)
        assert code == 0
        assert all(name in out for name in names)
    subprocess.run(["bash", "-n"], input=run(capsys, "completion", "bash")[1], text=True, check=True)


def test_checking_a_file_loads_no_server_no_database_and_no_node() -> None:
    """Anybody may run `parley check`, anywhere; what is not loaded cannot be at fault."""
    code = (
        "import sys; from parley.cli import main; main(['check', '/dev/null']);"
        "print(sorted(set(sys.modules) & {'aiohttp', 'apsw', 'jinja2', 'OpenSSL', 'parley.node.node', 'parley.desk'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_doctor_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At night the operator reads words, not a stack; and everything wrong is told at once."""
    data = side(capsys, tmp_path, "north", "--listen=127.0.0.1:0", "--desk=127.0.0.1:0")
    (data / "keys" / "log.key").chmod(0o644)
    data.chmod(0o755)
    code, out, _ = run(capsys, "doctor", str(data), "--json")
    wrong = {each["what"] for each in json.loads(out)["findings"] if each["level"] == "wrong"}
    assert code == 1
    assert {"data folder", "keys", "cards"} <= wrong
    (data / "config.toml").write_text("side = 1")
    assert run(capsys, "doctor", str(data))[0] == 1


def test_a_backup_of_the_keys_comes_back_and_only_with_its_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From keys and an empty folder a node heals from the other side; so the keys must come back whole."""
    data = side(capsys, tmp_path, "north")
    right, wrong = tmp_path / "right", tmp_path / "wrong"
    right.write_text("a long and quiet sentence\n")
    wrong.write_text("another long and quiet one\n")
    sealed = tmp_path / "keys.sealed"
    code, _, _ = run(capsys, "backup", str(data), str(sealed), "--keys-only", "--passphrase-file", str(right))
    assert code == 0
    new = tmp_path / "new"
    assert run(capsys, "restore", str(sealed), str(new), "--passphrase-file", str(wrong))[0] == 1
    assert not new.exists()
    assert run(capsys, "restore", str(sealed), str(new), "--passphrase-file", str(right))[0] == 0
    for name in ("keys/log.key", "keys/identity.key", "own.card", "config.toml"):
        assert (new / name).read_bytes() == (data / name).read_bytes()
        assert stat.S_IMODE((new / name).stat().st_mode) == 0o600
    assert run(capsys, "restore", str(sealed), str(new), "--passphrase-file", str(right))[0] == 1
    data_bytes = bytearray(sealed.read_bytes())
    data_bytes[-1] ^= 1
    sealed.write_bytes(data_bytes)
    assert run(capsys, "restore", str(sealed), str(tmp_path / "newer"), "--passphrase-file", str(right))[0] in (1, 2)
    assert run(capsys, "backup", str(data), str(data / "x"), "--keys-only", "--passphrase-file", str(right))[0] == 1


def test_a_signature_of_a_second_is_not_shown_with_milliseconds() -> None:
    """With `.000` it would seem that their disk had it before ours."""
    assert signed_at("2026-11-23T10:00:05.000Z") == "2026-11-23T10:00:05Z"
    assert signed_at("2026-11-23T10:00:04.569Z") == "2026-11-23T10:00:04.569Z"
