"""A geocoder of its own process's making: speaks the API, answers by street, remembers all it saw.

A street "N rue de X" is found at its number, "rue Étendue" without it, "rue Douteuse" in another
commune, "rue Perdue" only as the commune, and "rue Inconnue" not at all.
"""

import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

FIELDS = ("score", "type", "citycode", "postcode", "city", "name", "housenumber", "label")
LON = 2.45


def latitude(number: int) -> float:
    """Return where the peer places a number of any street."""
    return round(48.91 + number / 10_000, 6)


def answer(street: str, narrow: str) -> dict[str, Any] | None:
    """Return the properties of an answer, with lon and lat, or None."""
    number, _, way = street.partition(" ")
    found = {
        "score": 0.97,
        "type": "housenumber",
        "citycode": narrow or "93008",
        "postcode": "93000",
        "city": "Bobigny",
        "name": way,
        "housenumber": number,
        "label": f"{street} 93000 Bobigny",
        "lon": LON,
        "lat": latitude(int(number) if number.isdigit() else 0),
    }
    if "Inconnue" in street:
        return None
    if "Perdue" in street:
        return found | {"type": "municipality", "name": "Bobigny", "housenumber": ""}
    if "Étendue" in street:
        return found | {"type": "street", "housenumber": "", "label": f"{way} 93000 Bobigny"}
    if "Douteuse" in street:
        return found | {"citycode": "59350", "city": "Lille"}
    return found


class Peer:
    """url: its address. seen: every request, decoded. before: called before each answer."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.asked: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.status: Callable[[], int] = lambda: 200
        self.url = ""


class Handler(BaseHTTPRequestHandler):
    """Answers by street, as the real API does."""

    protocol_version = "HTTP/1.1"
    peer: Peer

    def do_GET(self) -> None:
        self.peer.seen.append(unquote_plus(self.path))
        given = parse_qs(urlsplit(self.path).query)
        street = given["q"][0].removesuffix(" Bobigny")
        found = self._answer([(street, given.get("citycode", [""])[0])])[0]
        features = []
        if found:
            point = {"type": "Point", "coordinates": [found["lon"], found["lat"]]}
            features = [{"type": "Feature", "geometry": point, "properties": found}]
        self._send(json.dumps({"type": "FeatureCollection", "features": features}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.peer.seen.append(body.decode())
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = message_from_bytes(head + body).get_payload()
        assert isinstance(parts, list)
        sent = next(
            part.get_payload(decode=True)
            for part in parts
            if isinstance(part, Message) and part.get_filename() is not None
        )
        assert isinstance(sent, bytes)
        rows = list(csv.DictReader(io.StringIO(sent.decode())))
        answers = self._answer([(row["street"], row["narrow"]) for row in rows])
        out = io.StringIO()
        names = [f"result_{name}" for name in FIELDS]
        writer = csv.DictWriter(out, [*rows[0], "longitude", "latitude", *names])
        writer.writeheader()
        for row, found in zip(rows, answers, strict=True):
            more = {f"result_{name}": found[name] for name in FIELDS} if found else {}
            place = {"longitude": found["lon"], "latitude": found["lat"]} if found else {}
            writer.writerow(row | more | place)
        self._send("\ufeff" + out.getvalue())

    def _answer(self, streets: list[tuple[str, str]]) -> list[dict[str, Any] | None]:
        self.peer.asked += [street for street, _ in streets]
        self.peer.before()
        return [answer(*each) for each in streets]

    def _send(self, text: str) -> None:
        body = text.encode()
        self.send_response(self.peer.status())
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: pytest reads stderr."""


@contextmanager
def geocoder_peer(protocol: str = "HTTP/1.1") -> Iterator[Peer]:
    """Serve on a free port of the loopback while the block lasts.

    protocol: by "HTTP/1.0" no connection outlives its answer, whoever asked.
    """
    peer = Peer()
    handler = type("HandlerOfPeer", (Handler,), {"peer": peer, "protocol_version": protocol})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        peer.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield peer
        finally:
            server.shutdown()
            thread.join()
