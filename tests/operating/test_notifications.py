"""docs/operating/notifications.md, word by word: a target is added, tested, put into a ladder and taken away again."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.operating.story import Story, two_sides


@pytest.mark.long
@pytest.mark.processes
def test_somebody_outside_the_desk_is_told_by_following_the_page(tmp_path: Path) -> None:
    """The night on which nobody is at a desk is too late to find out that the SMS never worked."""
    heard: list[dict[str, str]] = []

    class Service(BaseHTTPRequestHandler):
        """Somebody's service on loopback."""

        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    service = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    story = Story("notifications.md", tmp_path)
    try:
        two_sides(story)
        address = story.folder / "duty-sms.address"
        address.write_text(f"json://duty:hunter2@127.0.0.1:{service.server_port}/s3cr3t\n")
        said = story.type("parley notify add duty-sms")
        address.unlink()
        said += story.type("parley notify test duty-sms")
        assert "taken" in said
        said += story.type("parley notify steps call")
        said += story.type("parley notify test call")
        assert [one["title"][:6] for one in heard] == ["[TEST]", "[TEST]"]
        said += story.type("parley notify --data north")
        assert "45 s notify duty-sms" in said and "json://…" in said
        said += story.run("parley notify remove duty-sms --data north", code=1)  # while a ladder names it
        said += story.type("parley notify reset call")
        said += story.type("parley notify remove duty-sms")
        log = (story.folder / "north.log").read_text()
        for secret in ("hunter2", "s3cr3t"):
            assert secret not in said and secret not in log
        story.end()
    finally:
        story.close()
        service.shutdown()
        service.server_close()
