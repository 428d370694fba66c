"""One mail to many, each in a message of its own: made once, with gaps for what is of one alone.

To make it anew for each takes as long as to hand it over.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from quopri import encodestring
from secrets import token_hex

import idna

# What stands where the address of one's own link comes.
TOKEN = "TOKENTOKENTOKEN"  # noqa: S105 # no secret: a gap
_AS_TEXT = re.compile(rb"(?m)^\.")
_WORD_BYTES = 39


@dataclass(frozen=True, slots=True)
class Mail:
    """What all are sent alike. headers: by name, in ASCII, of one line each; TOKEN may stand in
    them and in both bodies.
    """

    sender: str
    sender_name: str
    subject: str
    headers: Mapping[str, str]
    text: str
    html: str


class Made:
    """A mail as it is handed over, but for what is of one recipient."""

    def __init__(self, mail: Mail) -> None:
        boundary = token_hex(16)
        head = [
            f"From: {_words(mail.sender_name)} <{mail.sender}>",
            "To: \0to\0",
            f"Subject: {_words(mail.subject)}",
            "Date: \0date\0",
            f"Message-ID: <\0id\0@{mail.sender.partition('@')[2]}>",
            "MIME-Version: 1.0",
            *(f"{name}: {value}" for name, value in mail.headers.items()),
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        whole = "\r\n".join(head).replace(TOKEN, "\0token\0").encode("ascii")
        for half, body in (("plain", mail.text), ("html", mail.html)):
            whole += (
                f"\r\n\r\n--{boundary}\r\nContent-Type: text/{half}; charset=utf-8\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
            ).encode()
            whole += _quoted(body)
        whole += f"\r\n--{boundary}--\r\n".encode()
        if any(len(line) > 900 for line in whole.split(b"\r\n")):
            raise ValueError("a line that no server takes")
        # As it goes over the line: none of what is put into the gaps begins with a point.
        self._parts = _AS_TEXT.sub(b"..", whole).split(b"\0")

    def to(self, address: str, message_id: str, token: str, at: datetime) -> bytes:
        """Return the message to one recipient, points doubled; raise ValueError or UnicodeError.

        token: what stands for TOKEN.
        """
        given = {"to": address, "date": format_datetime(at), "id": message_id, "token": token}
        for each in given.values():
            if not each.isprintable():
                raise ValueError("a line break in a header")
        known = {name.encode(): value.encode("ascii") for name, value in given.items()}
        return b"".join(known[part] if n % 2 else part for n, part in enumerate(self._parts))


def ascii_address(mail: str) -> str:
    """Return an address as any server knows it; raise UnicodeError."""
    if mail.isascii():
        return mail
    local, _, domain = mail.rpartition("@")
    # Not by the codec of that name: its rule makes "ss" of "ß", which is the domain of another.
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def _words(text: str) -> str:
    """Return words of a header as ASCII."""
    if text.isascii():
        return f'"{text}"' if "," in text else text
    raw, words = text, []
    while raw:
        size = len(raw)
        while len(raw[:size].encode()) > _WORD_BYTES:
            size -= 1
        words.append(f"=?utf-8?b?{b64encode(raw[:size].encode()).decode()}?=")
        raw = raw[size:]
    return " ".join(words)


def _quoted(text: str) -> bytes:
    """Return a body as quoted-printable; what is put into its gaps needs none."""
    pieces = [
        encodestring(each.encode()).replace(b"\n", b"\r\n")
        for each in text.replace("\r\n", "\n").split(TOKEN)
    ]
    # A gap has lines of its own, so that none becomes too long.
    return b"=\r\n\0token\0=\r\n".join(pieces)
