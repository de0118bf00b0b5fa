"""Key files, backups and sealed things: nobody else reads them, and what is wrong with them is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.record.shelf import KEYS

from parley.errors import ParleyError, PeerError, Refused, Unavailable
from parley.identity import (
    SideKeys,
    open_backup,
    open_sealed,
    open_stream,
    seal_backup,
    seal_public,
    seal_stream,
    seal_to,
)
from parley.identity.keyfiles import NAMES, pack, unpack
from parley.identity.sealing import PIECE_BYTES

NORTH = KEYS["north"]
PASSPHRASE = "correct horse battery"


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_saved_keys_come_back_the_same(tmp_path: Path, passphrase: str | None) -> None:
    """A node that cannot read its keys after a restart cannot speak."""
    folder = tmp_path / "keys"
    NORTH.save(folder, passphrase)
    assert pack(SideKeys.load(folder, passphrase)) == pack(NORTH)
    assert {path.name for path in folder.iterdir()} == set(NAMES)
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in folder.iterdir())
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_passphrase_hides_every_secret(tmp_path: Path) -> None:
    """The disk of a stolen machine must give nothing away."""
    NORTH.save(tmp_path / "keys", PASSPHRASE)
    written = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert b"PRIVATE KEY" not in written and b'"secret"' not in written
    for wrong in ("correct horse", None):
        with pytest.raises(Refused) as refused:
            SideKeys.load(tmp_path / "keys", wrong)
        assert refused.value.code == "identity.passphrase"


def test_keys_are_never_written_over(tmp_path: Path) -> None:
    """`parley init` run twice must not make the first line unreadable for ever."""
    NORTH.save(tmp_path, None)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(Refused) as refused:
        KEYS["south"].save(tmp_path, None)
    assert refused.value.code == "identity.keys-exist"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_identity_may_be_kept_elsewhere_but_no_other_key(tmp_path: Path) -> None:
    """A running node needs the identity for nothing; taking it away must stop nothing."""
    NORTH.save(tmp_path, None)
    (tmp_path / "identity.key").unlink()
    assert SideKeys.load(tmp_path, None).identity is None
    (tmp_path / "log.key").unlink()
    with pytest.raises(Unavailable) as missing:
        SideKeys.load(tmp_path, None)
    assert missing.value.code == "identity.keys-missing"


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """It may have been read already: repairing the mode would hide that."""
    NORTH.save(tmp_path, None)
    (tmp_path / "log.key").chmod(0o640)
    with pytest.raises(Refused) as refused:
        SideKeys.load(tmp_path, None)
    assert refused.value.code == "identity.keys-open"


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff" * 40, b'{"format":"parley-key/2"}\n'])
def test_a_damaged_key_file_is_named(tmp_path: Path, damage: bytes) -> None:
    """An operator at night needs the file's name, not a traceback."""
    NORTH.save(tmp_path, None)
    (tmp_path / "seal.key").write_bytes(damage)
    with pytest.raises(Refused) as refused:
        SideKeys.load(tmp_path, None)
    assert refused.value.code == "identity.keys-form" and "seal.key" in refused.value.sentence


def test_a_key_file_under_another_name_is_refused(tmp_path: Path) -> None:
    """Cosigning with the log key by a slip of `cp` would give signatures a second meaning."""
    NORTH.save(tmp_path, None)
    (tmp_path / "cosign.key").write_bytes((tmp_path / "log.key").read_bytes())
    with pytest.raises(Refused):
        SideKeys.load(tmp_path, None)


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """It would look like protection and be none."""
    with pytest.raises(Refused):
        NORTH.save(tmp_path / "keys", "short")
    assert not (tmp_path / "keys").exists()


def test_a_key_backup_opens_with_its_passphrase_only() -> None:
    """The backup lies in a safe for years; it must open then, and for nobody else."""
    sealed = seal_backup(pack(NORTH), PASSPHRASE)
    assert pack(unpack(open_backup(sealed, PASSPHRASE))) == pack(NORTH)
    with pytest.raises(Refused):
        open_backup(sealed, PASSPHRASE + "!")
    with pytest.raises(PeerError):
        open_backup(b"something else", PASSPHRASE)
    with pytest.raises(PeerError):
        unpack(b"{}")


def test_a_sealed_stream_is_whole_in_order_and_unchanged_or_refused() -> None:
    """A backup that came back shorter without a word would be worse than none."""
    data = bytes(range(256)) * 8200  # just over two pieces
    pieces = list(seal_stream((data[:100], data[100:]), PASSPHRASE))
    assert b"".join(open_stream(pieces, PASSPHRASE)) == data
    head, first, second, last = pieces
    assert len(first) == PIECE_BYTES + 16
    for changed in (
        [head, first, second],
        [head, second, first, last],
        [head, first, second, last[:-1]],
        [head, first, second, last, b"x"],
        [head, first, first, last],
        [head[:-1] + bytes([head[-1] ^ 1]), first, second, last],
    ):
        with pytest.raises(ParleyError):
            b"".join(open_stream(changed, PASSPHRASE))


def test_what_is_sealed_to_a_side_opens_there_for_its_purpose_only() -> None:
    """A stick lost on the way must tell its finder nothing, and a carried file must not pass for a backup."""
    sealed = seal_to(seal_public(NORTH.seal), b"entries", purpose="carry")
    assert open_sealed(NORTH.seal, sealed, purpose="carry") == b"entries"
    for key, bytes_, purpose in (
        (KEYS["south"].seal, sealed, "carry"),
        (NORTH.seal, sealed, "backup"),
        (NORTH.seal, sealed[:-1], "carry"),
        (NORTH.seal, b"", "carry"),
    ):
        with pytest.raises(PeerError) as refused:
            open_sealed(key, bytes_, purpose=purpose)
        assert refused.value.code == "identity.sealed"
    with pytest.raises(PeerError):
        seal_to(b"no key", b"entries")


def test_keys_do_not_show_in_print() -> None:
    """A dataclass prints its fields unless told not to; these must never be printed."""
    assert NORTH.log.to_bytes().hex()[:16] not in repr(NORTH) and repr(NORTH) == "SideKeys(…)"
