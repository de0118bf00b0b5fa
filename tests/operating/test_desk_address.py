"""docs/operating/desk-address.md, word by word: a browser elsewhere reaches the desk and can trust it."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from pathlib import Path

import pytest
from tests.operating.story import Story, free_port

HOST = "desk.north.example"


def ask(port: int, host: str, trusted: Path) -> int:
    """Open the sign-in page as a browser that trusts one authority; give the HTTP status."""
    context = ssl.create_default_context(cafile=str(trusted))
    connection = http.client.HTTPSConnection(host, port, timeout=10, context=context)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)  # the name leads to the node
    try:
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        connection.request("GET", "/sign-in")
        return connection.getresponse().status
    finally:
        connection.close()
        plain.close()


@pytest.mark.long
@pytest.mark.processes
def test_a_desk_elsewhere_is_reached_by_following_the_page(tmp_path: Path) -> None:
    """No microphone, no passkey and no safe cookie without it; and no public authority sees these networks."""
    port, other = free_port(), free_port()
    story = Story("desk-address.md", tmp_path)
    story.exchange("0.0.0.0:7880", f"127.0.0.1:{port}")
    story.exchange("--side north", f"--side north --listen 127.0.0.1:{free_port()}")
    try:
        assert f"it can vouch for {HOST} and nothing else" in story.type("parley init north")
        story.run(f"parley init south --side south --name South --desk 127.0.0.1:{other} --listen 127.0.0.1:0")
        said = story.type("parley certificate south --host desk.south.example")
        lines = re.findall(r'^(?:origin|certificate|certificate_key) = ".*"$', said, re.MULTILINE)
        settings = tmp_path / "south" / "config.toml"
        kept = re.sub(r"^(origin|certificate|certificate_key) = .*\n", "", settings.read_text(), flags=re.MULTILINE)
        settings.write_text("\n".join(lines) + "\n" + kept)

        authority = tmp_path / "north" / "keys" / "desk-authority.pem"
        assert re.search(r"sha256 Fingerprint=(..:){31}", story.type("openssl x509"), re.IGNORECASE)
        for ours, theirs in (("north", "south"), ("south", "north")):
            card = f"parley found {ours} {theirs}/own.card --words"
            words = story.run(f"parley card {theirs}").strip().splitlines()[-1]
            story.run(f'{card} "{words}"')

        (tmp_path / "north" / "keys" / "desk-authority.key").rename(tmp_path / "offline.key")
        assert f"https://{HOST}:{port}" in story.launch("parley run north")
        assert ask(port, HOST, authority) == 200
        assert f"https://desk.south.example:{other}" in story.launch("parley run south")
        assert ask(other, "desk.south.example", tmp_path / "south" / "keys" / "desk-authority.pem") == 200
        with pytest.raises(ssl.SSLCertVerificationError):  # another side's authority vouches for nothing here
            ask(port, HOST, tmp_path / "south" / "keys" / "desk-authority.pem")
        with pytest.raises(ssl.SSLCertVerificationError):
            ask(port, "mail.north.example", authority)
        assert story.node("north").get("/line")["ours"]["id"] == "north"  # the terminal gets in too

        before = (tmp_path / "north" / "keys" / "desk.pem").read_bytes()
        assert "desk.authority" in story.run("parley certificate north", code=1)
        assert (tmp_path / "north" / "keys" / "desk.pem").read_bytes() == before
        (tmp_path / "offline.key").rename(tmp_path / "north" / "keys" / "desk-authority.key")
        story.type("parley certificate north")
        assert (tmp_path / "north" / "keys" / "desk.pem").read_bytes() != before
        story.stop("north")

        # What a backup of the keys brings back starts, with the same trust (backup.md).
        story.run("parley backup north keys.sealed --keys-only")
        story.run("parley restore keys.sealed again")
        story.launch("parley run again")
        assert ask(port, HOST, authority) == 200
        story.end()
    finally:
        story.close()
