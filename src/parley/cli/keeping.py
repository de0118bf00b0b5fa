"""`export`, `carry`, `backup`, `restore`: files that leave a node, and what comes back from them."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from parley.cli.client import Client, message_path
from parley.cli.founding import read_passphrase
from parley.cli.incidenting import incident_path
from parley.cli.output import Progress, print_done, print_json, safe
from parley.cli.reading import read_bytes
from parley.cli.writing import new_file
from parley.errors import PeerError, Refused, Unavailable
from parley.node.config import Config, read_config


def export(chosen: Namespace) -> int:
    """Write evidence of one message or incident, or the whole record, to a file that is not there yet."""
    if (chosen.channel is None) != (chosen.subject is None):
        raise Refused("cli.usage", "evidence of one thing needs both --channel and --subject")
    if chosen.fork is not None and chosen.subject is not None:
        raise Refused("cli.usage", "export: either --fork or --channel and --subject")
    client = Client.of(chosen)
    path = "/record.parley" if chosen.fork is None else f"/record/forks/{quote(chosen.fork, safe='')}/evidence"
    if chosen.subject is not None:
        path = _evidence_path(chosen.channel, chosen.subject)
    size = client.download(path, chosen.file)
    return print_done(
        chosen,
        {"file": str(chosen.file), "bytes": size},
        f"{chosen.file}: {size} bytes. Anybody can verify it: parley check {chosen.file}",
    )


def _evidence_path(channel: str, subject: str) -> str:
    if subject.startswith("incident/"):
        return f"{incident_path(channel, subject)}/evidence.parley"
    return message_path(channel, subject) + "/evidence"


def forks(chosen: Namespace) -> int:
    """List the other side's logs of which it signed two histories."""
    rows = Client.of(chosen).get("/record/forks")
    if chosen.json:
        print_json(rows)
        return 0
    for row in rows:
        proof = f"proof: parley export FILE --fork {row['id']}" if row["provable"] else "it is shown to us alone"
        print(f"{row['log']} at {row['number']}: {row['reason']}; {proof}")
    if not rows:
        print("No log of the other side was signed twice.")
    return 0


def epochs(chosen: Namespace) -> int:
    """List frozen logs; say how far we hold one of theirs, or go on in the next epoch of one of ours."""
    if (chosen.log is None) != (chosen.act == "list"):
        raise Refused("cli.usage", "epochs: end and renew need a LOG, list takes none")
    client = Client.of(chosen)
    done = None if chosen.act == "list" else client.post(f"/record/frozen/{chosen.act}", log=chosen.log)
    rows = client.get("/record/frozen")
    if chosen.json:
        print_json(rows if done is None else done)
        return 0
    for row in rows if done is None else [row for row in rows if row["log"] == chosen.log]:
        print(_frozen_words(row))
    if not rows:
        print("No log is frozen.")
    return 0


def _frozen_words(row: dict[str, Any]) -> str:
    whose = "ours; they hold" if row["ours"] else "theirs; we hold"
    said = [f"{row['log']} ({whose} {row['size']} entries)"]
    if row["reason"]:
        said.append(safe(row["reason"]))
    if row["ended_at"]:
        said.append(f"ended {row['ended_at']}" + (f" by {row['ended_by']}" if row["ended_by"] else ""))
    if row["next"]:
        said.append(f"goes on in {row['next']}")
    if row["step"]:
        said.append(f"next: parley epochs {row['step']} {row['log']}")
    elif not row["next"]:
        said.append("next: its author's operator goes on with `parley epochs renew`")
    return "; ".join(said)


def carry(chosen: Namespace) -> int:
    """Write a file for the other side's node, or take theirs in; both while links are up or down."""
    if chosen.whole and chosen.act == "in":
        raise Refused("cli.usage", "carry: --whole belongs to out")
    client = Client.of(chosen)
    if chosen.act == "out":
        size = client.download("/carry?whole=1" if chosen.whole else "/carry", chosen.file)
        answer = {"file": str(chosen.file), "bytes": size}
        words = f"{chosen.file}: {size} bytes, sealed to the other side. There: parley carry in {chosen.file.name}"
    else:
        answer = client.upload("/carry", chosen.file)
        words = f"Taken in: {answer['frames']} frames of {answer['side']}, written {answer['at']}."
    return print_done(chosen, answer, words)


def backup(chosen: Namespace) -> int:
    """Write everything the other side cannot give back to one sealed file; works while the node runs."""
    config = read_config(chosen.dir)
    if not chosen.keys_only and not config.record.exists():
        raise Unavailable(
            "backup.file",
            f"{config.record} is not there: a node makes it when it first runs (`parley run {chosen.dir}`). "
            "Nothing was written; --keys-only backs up the keys now",
        )
    passphrase = read_passphrase(chosen, ask=True, twice=True, what="the backup") or ""
    if chosen.file.resolve().is_relative_to(config.data.resolve()):
        raise Refused("backup.place", "a backup inside the data folder is lost with it; choose another place")
    if chosen.keys_only:
        names, size = _backup_keys(config, chosen.file, passphrase)
    else:
        from parley.storage.backup import write_backup

        with Progress(f"Writing {chosen.file.name}", 1, on=not chosen.json) as bar:
            report = write_backup(config.record, backed_up(config.data), chosen.file, passphrase, progress=bar.to)
        names, size = report.names, report.size_bytes
    return print_done(
        chosen,
        {"file": str(chosen.file), "bytes": size, "files": names},
        f"{chosen.file}: {size} bytes, {len(names)} files, sealed. Without the passphrase nobody can open it.",
    )


def backed_up(data: Path) -> dict[str, Path]:
    """Give what goes into a whole backup beside the record: name in it -> file or folder of the data folder."""
    return {name: data / name for name in (*_SMALL, "cards", "keys", "tokens", "chunks", "recordings")}


def restore(chosen: Namespace) -> int:
    """Set up a data folder from a backup; the node then asks the other side before it signs anything."""
    passphrase = read_passphrase(chosen, ask=True, what="the backup") or ""
    names = _restore_keys(chosen.file, chosen.dir, passphrase)
    if names is None:
        from parley.storage.backup import restore_backup

        with Progress(f"Restoring {chosen.dir.name}", 1, on=not chosen.json) as bar:
            names = restore_backup(chosen.file, chosen.dir, passphrase, progress=bar.to).names
    read_config(chosen.dir)
    if chosen.json:
        print_json({"data": str(chosen.dir), "files": names})
    else:
        print(f"{len(names)} files are back in {chosen.dir}. Next: parley run {chosen.dir}")
        print("It takes back from the other side what is missing, and opens a new epoch before it signs anything.")
    return 0


_SMALL: Final = ("config.toml", "own.card", "peer.card", "administrator")
_KEYS_BYTES_MAX: Final = 1_048_576  # a sealed set of keys, cards and settings is some 50 KiB


def _backup_keys(config: Config, file: Path, passphrase: str) -> tuple[tuple[str, ...], int]:
    from parley.codec import b64, encode
    from parley.identity import seal_backup

    paths = [config.data / name for name in _SMALL]
    paths += sorted((*config.keys.glob("*.key"), *config.keys.glob("*.pem"), *config.cards.glob("*.json")))
    files = {path.relative_to(config.data).as_posix(): b64(path.read_bytes()) for path in paths if path.exists()}
    sealed = seal_backup(encode({"files": {**files}, "format": _KEYS_FORMAT}), passphrase)
    with new_file(file) as out:
        out.write(sealed)
    return tuple(files), len(sealed)


def _restore_keys(file: Path, folder: Path, passphrase: str) -> tuple[str, ...] | None:
    """Unpack a backup of keys; None if the file is a backup of everything."""
    from parley.codec import Reader, decode, unb64
    from parley.identity import open_backup
    from parley.storage.backup import check_empty

    try:
        if file.stat().st_size > _KEYS_BYTES_MAX:
            return None
    except OSError as failed:
        raise Refused("cli.unreadable", f"{file} cannot be read: {failed.strerror}; nothing was done") from None
    opened = open_backup(read_bytes(file, _KEYS_BYTES_MAX), passphrase)
    if not opened.startswith(b"{"):
        return None
    check_empty(folder)
    top = Reader(decode(opened, bytes_max=_KEYS_BYTES_MAX), "backup")
    top.choice("format", (_KEYS_FORMAT,))
    files = top.take("files")
    top.done()
    if not isinstance(files, dict) or not all(_NAME.fullmatch(name) for name in files):
        raise PeerError("backup.form", "a file in the backup has a name that no backup gives")
    _unpack(folder, {name: unb64(str(content)) for name, content in files.items()})
    return tuple(files)


def _unpack(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files of a data folder beside it, then put the whole in its place: half of it would never start."""
    work = folder.with_name(f"{folder.name}.restoring-{secrets.token_hex(4)}")
    try:
        work.mkdir(mode=0o700, parents=True)
        for name, content in files.items():
            (work / name).parent.mkdir(mode=0o700, exist_ok=True)
            (work / name).touch(mode=0o600)
            with (work / name).open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except OSError as failed:
        raise Unavailable(
            "backup.file", f"{folder} cannot be written: {failed.strerror}; nothing was left there"
        ) from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


_KEYS_FORMAT: Final = "parley-keys/1"
_NAME: Final = re.compile(r"(keys/|cards/(?=[0-9a-f]{32}\.json$))?[a-z0-9][a-z0-9-]{0,40}(\.[a-z]{1,8})?")
