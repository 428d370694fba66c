"""Delivery reports (RFC 3464): which of our mails a server took and could not deliver for good.

Nothing of a report is believed but the Message-ID that it brings back; whoever gave that a name
nobody guesses knows by it whom the mail was to, whatever address the report says.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

# What a server says more exactly of a mailbox (RFC 3463); all else is of who sends: their address,
# their rights, how much they send.
_OF_A_MAILBOX = re.compile(r"5\.(1\.[0-6]|2\.\d)")
# What is said where no server said it exactly.
_PERMANENT = "5.0.0"
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\d)")
_MESSAGE_ID = re.compile(r"<\s*([^<>@\s]{1,200})@")
_HEADERS = ("text/rfc822-headers", "message/global-headers")
# How a box of many mails begins each of them.
_NEXT = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]*\r?\n")


def is_of_a_mailbox(code: str) -> bool:
    """Say whether an exact answer, as "5.1.1", is of a mailbox and for good."""
    return _OF_A_MAILBOX.fullmatch(code) is not None


def split(given: bytes) -> list[bytes]:
    """Return the mails of a box, or the one that was given."""
    if not given.startswith(b"From "):
        return [given] if given.strip() else []
    return [each for each in _NEXT.split(given) if each.strip()]


def failed(mail: bytes) -> str | None:
    """Return how the Message-ID begins, before its "@", of a mail of ours that a report says is
    refused for good; None of all other mails.
    """
    try:
        # By the older policy, which reads whatever stands there.
        report = message_from_bytes(mail)
    except RecursionError:
        # Mails in mails, deeper than any server writes them.
        return None
    if report.get_content_type() != "multipart/report" or not any(map(_is_final, _blocks(report))):
        return None
    found = _MESSAGE_ID.search(_text(_original(report), "Message-ID"))
    return found[1] if found else None


def _blocks(report: Message) -> Iterator[Message]:
    """Yield what a report says of each recipient."""
    for part in report.walk():
        if part.get_content_type().endswith("delivery-status") and part.is_multipart():
            yield from (each for each in part.get_payload() if isinstance(each, Message))


def _is_final(block: Message) -> bool:
    status = _STATUS.match(_text(block, "Status"))
    if _text(block, "Action").strip().casefold() != "failed" or status is None:
        return False
    return status[1] == _PERMANENT or is_of_a_mailbox(status[1])


def _original(report: Message) -> Message | None:
    """Return the mail that a report is about, or its headers alone."""
    for part in report.walk():
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            return next((each for each in part.get_payload() if isinstance(each, Message)), None)
        if part.get_content_type() in _HEADERS:
            given = part.get_payload(decode=True)
            return message_from_bytes(given) if isinstance(given, bytes) else None
    return None


def _text(part: Message | None, name: str) -> str:
    return str(part.get(name, "")) if part is not None else ""
