"""docs/operating/install.md, word by word: from a folder on a stick to a node that runs, without a network."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from tests.operating.story import Story, free_port

from parley.cli.bundle import write_sums

SITE = Path(str(resources.files("parley.cli") / "site"))


def hollow_bundle(folder: Path) -> Path:
    """Make a bundle with no wheels in it: enough for everything before the environment is made."""
    folder.mkdir()
    for name in ("install.sh", "parley.service", "README.txt"):
        (folder / name).write_text((SITE / name).read_text().replace("@VERSION@", "0"))
    (folder / "requirements.txt").write_text("")
    for name in ("wheels", "docs"):
        (folder / name).mkdir()
    write_sums(folder)
    return folder


def install(bundle: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(bundle / "install.sh"), *arguments],
        capture_output=True, text=True, timeout=60, env=os.environ | environment,
    )  # fmt: skip


def test_a_dry_run_says_every_step_and_does_none(tmp_path: Path) -> None:
    """Whoever installs as root wants to know beforehand what will be where."""
    bundle, prefix = hollow_bundle(tmp_path / "bundle"), tmp_path / "opt"
    more = [] if os.geteuid() == 0 else ["--no-system"]
    done = install(bundle, "--dry-run", "--prefix", str(prefix), "--data", str(tmp_path / "data"), *more)
    assert done.returncode == 0, done.stderr
    assert f"would make the environment {prefix}/0-" in done.stdout
    assert "Nothing was done" in done.stdout
    if not more:
        assert "would make the user parley" in done.stdout
        assert "would write /etc/systemd/system/parley.service" in done.stdout
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bundle"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data"], "--data needs a folder"),
        (["--prefix", "/opt/a b"], "does not fit a systemd unit"),
        (["--prefix", "/opt/$(reboot)"], "does not fit a systemd unit"),
        (["--sytem"], "unknown option --sytem"),
    ],
)
def test_a_mistyped_option_installs_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    """As root, a slip of the hand must not end in another folder than the one that was meant."""
    done = install(hollow_bundle(tmp_path / "bundle"), *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_a_bundle_without_its_wheels_leaves_nothing_half_made(tmp_path: Path) -> None:
    """The next try, with a whole folder, must not meet the remains of this one."""
    bundle, prefix = hollow_bundle(tmp_path / "bundle"), tmp_path / "opt"
    (bundle / "requirements.txt").write_text(f"parley-line==0 --hash=sha256:{'0' * 64}\n")
    write_sums(bundle)
    done = install(bundle, "--no-system", "--prefix", str(prefix))
    assert done.returncode == 3
    assert "the wheels do not fit this machine" in done.stderr
    assert list(prefix.iterdir()) == []


def made_before(bundle: Path, prefix: Path) -> None:
    """Put a program where the installer would have made it from this bundle, so that none has to be made."""
    sums = (bundle / "SHA256SUMS").read_bytes()
    place = prefix / f"0-{hashlib.sha256(sums).hexdigest()[:8]}"
    (place / "bin").mkdir(parents=True)
    (place / "SHA256SUMS").write_bytes(sums)
    (place / "bin" / "parley").write_text("#!/bin/sh\necho parley 0\n")
    (place / "bin" / "parley").chmod(0o755)


def test_an_upgrade_says_how_the_new_program_comes_into_use(tmp_path: Path) -> None:
    """It told whoever upgraded to make the side and found the line, and not that the old program still runs."""
    bundle, prefix, data = hollow_bundle(tmp_path / "bundle"), tmp_path / "opt", tmp_path / "data"
    made_before(bundle, prefix)
    given = ("--no-system", "--prefix", str(prefix), "--data", str(data))
    first = install(bundle, *given)
    assert first.returncode == 0, first.stderr
    assert f"{prefix}/current/bin/parley init {data}/node" in first.stdout

    (data / "node").mkdir(parents=True)
    (data / "node" / "config.toml").touch()
    again = install(bundle, *given)
    assert again.returncode == 0, again.stderr
    assert " init " not in again.stdout and "founding" not in again.stdout
    assert f"in place of {prefix}/0-" in again.stdout and f"{data} is as it was" in again.stdout
    assert "start the node again" in again.stdout and "To go back: install.sh of the older bundle" in again.stdout


def test_a_disk_without_room_is_named_before_anything_is_made(tmp_path: Path) -> None:
    """It failed in the middle in the words of whatever wrote then, and left what filled the disk."""
    bundle, prefix, tools = hollow_bundle(tmp_path / "bundle"), tmp_path / "opt" / "parley", tmp_path / "tools"
    tools.mkdir()
    (tools / "df").write_text("#!/bin/sh\necho Head\necho disk 100000 90000 10000 90% /\n")
    (tools / "df").chmod(0o755)
    done = install(bundle, "--no-system", "--prefix", str(prefix), PATH=f"{tools}:{os.environ['PATH']}")
    assert done.returncode == 3
    assert f"needs 300000 KiB free at {tmp_path}, got 10000. Nothing was installed." in done.stderr
    assert not prefix.parent.exists()


KEPT = """
set -eu
mount -t tmpfs none /etc/systemd/system
cd "$1"
sed -e "s|@PREFIX@|/srv/program|g" -e "s|@DATA@|/srv/parley-data|g" parley.service >/etc/systemd/system/parley.service
sh install.sh --dry-run
echo ---
sh install.sh --dry-run --data /srv/other
"""


@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="a systemd unit of one's own needs root")
def test_an_upgrade_without_its_options_keeps_the_places_that_the_unit_has(tmp_path: Path) -> None:
    """It wrote the unit anew with other folders: the node that started from it next found no side there, for ever."""
    bundle = hollow_bundle(tmp_path / "bundle")
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", KEPT, "sh", str(bundle)], capture_output=True, text=True, timeout=60
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip("this machine lets nobody mount in a namespace")
    assert done.returncode == 0, done.stderr
    plain, chosen = done.stdout.split("---")
    assert "would make the environment /srv/program/0-" in plain and "would make /srv/parley-data," in plain
    assert "/srv/program/0-" in chosen and "would make /srv/other," in chosen


def without_network() -> str:
    """Give the words that run a program in a network of its own, with nothing in it; "" where the system forbids it."""
    try:
        done = subprocess.run(["unshare", "--map-root-user", "--net", "true"], capture_output=True)
    except FileNotFoundError:
        return ""
    return "unshare --map-root-user --net " if done.returncode == 0 else ""


@pytest.mark.long
@pytest.mark.processes
def test_a_node_is_installed_by_following_the_page(tmp_path: Path) -> None:
    """The real thing, with every wheel: it asks the package index, so it runs only where much time is given."""
    story = Story("install.md", tmp_path)
    # Neither root nor systemd is needed to try it: the same steps in a folder of the test.
    story.exchange("parley-bundle/install.sh", f"{without_network()}parley-bundle/install.sh --no-system "
                   f"--prefix {tmp_path}/opt-parley --data {tmp_path}/var-parley")  # fmt: skip
    story.exchange("runuser -u parley -- ", "")
    story.exchange("/opt/parley", f"{tmp_path}/opt-parley")
    story.exchange("/var/lib/parley", f"{tmp_path}/var-parley")
    story.exchange("192.0.2.10:7871", f"127.0.0.1:{free_port()}")
    story.exchange("--language en", f"--language en --status exercise --desk 127.0.0.1:{free_port()}")
    try:
        made = story.type("parley bundle", either=(0, 3))
        if "bundle.fetch" in made:
            pytest.skip("the package index is not in reach")
        digest = story.type("sha256sum").split()[0]
        assert digest in made
        assert "Nothing was done" in story.type("parley-bundle/install.sh --dry-run")
        story.type("parley-bundle/install.sh")
        (tmp_path / "var-parley").mkdir(mode=0o700)  # with root, the installer makes it
        story.type("runuser -u parley -- /opt/parley/current/bin/parley init")

        installed = "/opt/parley/current/bin/parley"
        story.run(f"{installed} init south --side south --name South --status exercise")
        for ours, theirs in (("/var/lib/parley/node", "south"), ("south", "/var/lib/parley/node")):
            story.run(f"{installed} found {ours} {theirs}/own.card --yes-i-compared")
        story.type("runuser -u parley -- /opt/parley/current/bin/parley doctor")
        line = next(each for each in (tmp_path / "parley-bundle" / "parley.service").read_text().splitlines()
                    if each.startswith("ExecStart="))  # fmt: skip
        place = {"@PREFIX@": f"{tmp_path}/opt-parley", "@DATA@": f"{tmp_path}/var-parley"}
        for mark, folder in place.items():
            line = line.replace(mark, folder)
        story.instead_of("systemctl enable --now parley", shlex.split(line.removeprefix("ExecStart=")))
        assert story.node("var-parley/node").get("/line")["ours"]["id"] == "north"
        assert (tmp_path / "opt-parley/current/share/doc/parley/operating/install.md").exists()
        story.end()
    finally:
        story.close()


# Everything the installer may change lies over the machine's own folders, in a mount namespace that ends with the test.
AS_ROOT = """
set -eu
mount -t tmpfs none "$1"
for folder in etc opt var/lib; do
    over="$1/$(echo $folder | tr / _)"
    mkdir "$over" "$over.work"
    mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$over,workdir=$over.work" "/$folder"
done
ip link set lo up 2>/dev/null || true
"$2/install.sh"
"$2/install.sh" # once more: an upgrade to the same is no accident
test ! -e /etc/systemd/system/parley.service.before
echo "Environment=PARLEY_PASSPHRASE_FILE=/etc/word" >>/etc/systemd/system/parley.service
"$2/install.sh" | grep "is kept as"
grep -q PASSPHRASE /etc/systemd/system/parley.service.before && echo "own lines are kept"
stat -c 'folder %U:%G %a' /var/lib/parley
getent passwd parley | cut -d: -f6,7
! command -v systemd-analyze >/dev/null || systemd-analyze verify /etc/systemd/system/parley.service
parley="runuser -u parley -- /opt/parley/current/bin/parley"
$parley init /var/lib/parley/node --side north --name North --status exercise
stat -c 'keys %U %a' /var/lib/parley/node/keys
! runuser -u parley -- touch /opt/parley/current/bin/parley 2>/dev/null && echo "the node may not change its program"
$parley doctor /var/lib/parley/node || echo "doctor: $?"
"""


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.skipif(os.geteuid() != 0, reason="making a user and a systemd unit needs root")
def test_the_installer_makes_user_folder_and_unit_as_root(tmp_path: Path) -> None:
    """What only root can do is tried as root: user, folder, unit, and a program that the node may not change."""
    bundle, over = tmp_path / "bundle", tmp_path / "over"
    over.mkdir()
    made = subprocess.run([sys.executable, "-m", "parley.cli", "bundle", str(bundle)], capture_output=True, text=True)
    if "bundle.fetch" in made.stderr:
        pytest.skip("the package index is not in reach")
    assert made.returncode == 0, made.stderr
    script = ["unshare", "--mount", "--net", "sh", "-c", AS_ROOT, "sh", str(over), str(bundle)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=300)
    if "mount:" in done.stderr:
        pytest.skip("this machine lets nobody lay one file system over another")
    assert done.returncode == 0, done.stderr
    for words in (
        "own lines are kept",
        "folder parley:parley 700",
        "/var/lib/parley:/usr/sbin/nologin",
        "keys parley 700",
        "the node may not change its program",
    ):
        assert words in done.stdout, done.stdout + done.stderr
