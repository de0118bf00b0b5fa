"""`places`: load the names of places that our own charts show, list them, or take them away."""

from __future__ import annotations

from argparse import Namespace

from parley.cli.client import Client
from parley.cli.output import print_done, print_json, print_table
from parley.cli.reading import read_text


def places(chosen: Namespace) -> int:
    """Load a file of names, list those that are loaded, or take them away."""
    client = Client.of(chosen)
    if chosen.file is None and not chosen.clear:
        rows = client.get("/place-names")
        if chosen.json:
            print_json(rows)
        else:
            print_table(("name", "latitude", "longitude"), ((name, str(lat), str(lon)) for name, lat, lon in rows))
        return 0
    text = "" if chosen.clear else read_text(chosen.file)
    count = client.post("/place-names", geojson=text)
    return print_done(chosen, {"names": count}, f"{count} names are on our charts. They are told to nobody.")
