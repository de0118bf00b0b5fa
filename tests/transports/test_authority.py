"""The private authority of a desk: browsers get in by its name, and it can vouch for nothing else."""

from __future__ import annotations

import datetime
import ssl
import stat
from pathlib import Path

import pytest

from parley.errors import Refused
from parley.transports import authority
from parley.transports.authority import make_authority, renew_certificate

NOW = datetime.datetime.now(datetime.UTC)
HOST = "desk.north.example"


def handshake(folder: Path, trusted: Path, host: str) -> None:
    """Let a client that trusts one file meet the desk under a name; raises ssl.SSLError if it does not believe it."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(folder / authority.CERTIFICATE, folder / authority.CERTIFICATE_KEY)
    client = ssl.create_default_context(cafile=str(trusted))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(back, there, server_hostname=host)
    answering = server.wrap_bio(there, back, server_side=True)
    for _ in range(6):
        for end in (asking, answering):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert asking.version() == "TLSv1.3"


def test_a_browser_that_trusts_the_authority_reaches_the_desk_by_its_name(tmp_path: Path) -> None:
    """The microphone and passkeys need https, on a network that no public authority sees."""
    make_authority(tmp_path, HOST, "North", NOW)
    handshake(tmp_path, tmp_path / authority.AUTHORITY, HOST)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, tmp_path / authority.AUTHORITY, "desk.south.example")
    for name in (authority.AUTHORITY_KEY, authority.CERTIFICATE_KEY):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_the_authority_cannot_vouch_for_another_site(tmp_path: Path) -> None:
    """Whoever steals its key must not be able to read the organisation's mail with it."""
    make_authority(tmp_path, HOST, "North", NOW)
    renew_certificate(tmp_path, "mail.north.example", NOW)  # as a thief of the key would
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        handshake(tmp_path, tmp_path / authority.AUTHORITY, "mail.north.example")


def test_a_renewed_certificate_needs_no_new_trust(tmp_path: Path) -> None:
    """Nobody walks to thirty desks every two years."""
    make_authority(tmp_path, HOST, "North", NOW)
    before = (tmp_path / authority.AUTHORITY).read_bytes()
    ends = renew_certificate(tmp_path, HOST, NOW)
    assert ends > NOW + datetime.timedelta(days=800)
    assert (tmp_path / authority.AUTHORITY).read_bytes() == before
    handshake(tmp_path, tmp_path / authority.AUTHORITY, HOST)


def test_an_authority_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    """Every desk that trusts it would be locked out."""
    make_authority(tmp_path, HOST, "North", NOW)
    with pytest.raises(Refused, match=r"desk\.authority"):
        make_authority(tmp_path, HOST, "North", NOW)
    (tmp_path / authority.AUTHORITY_KEY).unlink()
    with pytest.raises(Refused, match=r"desk\.authority.*desk-authority\.key is not there: bring it back"):
        renew_certificate(tmp_path, HOST, NOW)  # it was moved offline, as the page says


def test_a_desk_may_be_named_by_an_address(tmp_path: Path) -> None:
    """Some sites have no names at all."""
    make_authority(tmp_path, "192.0.2.7", "North", NOW)
    handshake(tmp_path, tmp_path / authority.AUTHORITY, "192.0.2.7")
