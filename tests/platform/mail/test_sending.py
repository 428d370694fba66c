"""A mail reaches a real server, or a file that its owner alone reads."""

import email
import smtplib
from collections.abc import Callable, Coroutine, Iterator
from email import policy
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from pydantic import SecretStr, ValidationError

from app.platform.mail.conversation import InDoubt
from app.platform.mail.sending import send
from app.settings import Settings
from tests.mailbox import Box, mail_server

Answer = Callable[..., Coroutine[None, None, str]]


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    with mail_server() as found:
        yield found


def settings(tmp_path: Path, url: str | None = None) -> Settings:
    return Settings(
        data_dir=tmp_path,
        smtp_url=SecretStr(url) if url else None,
        mail_from="bureau@example.org",
    )


def test_a_mail_reaches_a_server_as_it_was_written(tmp_path: Path, box: tuple[Box, int]) -> None:
    received, port = box
    text = "Bonjour Zoé,\n\nVoici : https://bureau.example.org/" + "a" * 120 + "\n"
    assert (
        send(settings(tmp_path, f"smtp://127.0.0.1:{port}"), "zoe@example.org", "Accès", text)
        is None
    )
    (message,) = received.received
    assert (message["To"], message["From"], message["Subject"]) == (
        "zoe@example.org", "bureau@example.org", "Accès",
    )  # fmt: skip
    assert message.get_content().replace("\r\n", "\n") == text
    assert not (tmp_path / "mail").exists()


def test_an_address_that_programs_read_stands_in_a_header_as_it_is(
    tmp_path: Path, box: tuple[Box, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []

    async def note(_box: Box, _server: SMTP, _session: object, envelope: Envelope) -> str:
        sent.append(envelope.content)
        return "250 OK"

    monkeypatch.setattr(Box, "handle_DATA", note)
    leave = f"<https://carte.example.org/alertes/quitter/{'a' * 120}>"
    send(
        settings(tmp_path, f"smtp://127.0.0.1:{box[1]}"),
        "zoe@example.org",
        "Du nouveau",
        "é" * 200,
        sender="Service d’information",
        headers={"List-Unsubscribe": leave},
    )
    (content,) = sent
    assert isinstance(content, bytes)
    assert f"\r\nList-Unsubscribe: {leave}\r\n".encode() in content
    assert content.isascii()
    assert max(map(len, content.splitlines())) < 300


async def drop(_box: Box, server: SMTP, *_: object) -> str:
    """Leave without a word."""
    assert server.transport is not None
    server.transport.close()
    return "250 OK"


async def refuse(*_: object) -> str:
    return "451 later"


@pytest.mark.parametrize(
    ("step", "answer", "is_doubtful"),
    [
        ("handle_DATA", drop, True),
        ("handle_DATA", refuse, False),
        ("handle_RCPT", drop, False),
        ("handle_MAIL", drop, False),
    ],
)
def test_a_mail_is_in_doubt_once_a_server_has_all_of_it_and_says_nothing(
    tmp_path: Path,
    box: tuple[Box, int],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    answer: Answer,
    is_doubtful: bool,
) -> None:
    monkeypatch.setattr(Box, step, answer, raising=False)
    with pytest.raises(OSError) as error:  # noqa: PT011
        send(
            settings(tmp_path, f"smtp://127.0.0.1:{box[1]}"), "zoe@example.org", "Accès", "Bonjour"
        )
    assert isinstance(error.value, InDoubt) == is_doubtful


def test_what_a_server_took_is_sent_however_it_takes_leave(
    tmp_path: Path, box: tuple[Box, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    received, port = box

    async def leave(*_: object) -> str:
        return "451 occupé"

    monkeypatch.setattr(Box, "handle_QUIT", leave, raising=False)
    given = settings(tmp_path, f"smtp://127.0.0.1:{port}")
    assert send(given, "zoe@example.org", "Accès", "Bonjour\n") is None
    assert len(received.received) == 1


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_what_a_server_refuses_or_leaves_half_done_is_an_error(
    tmp_path: Path, box: tuple[Box, int], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    received, port = box

    async def refuse(server: SMTP, *_: object) -> str:
        if at == "DATA":
            assert server.transport is not None
            server.transport.close()
        return "550 non"

    monkeypatch.setattr(Box, f"handle_{at}", refuse, raising=False)
    with pytest.raises(OSError):  # noqa: PT011 - of any kind
        send(settings(tmp_path, f"smtp://127.0.0.1:{port}"), "zoe@example.org", "Accès", "x\n")
    assert received.received == []


def test_without_a_server_it_is_a_file(tmp_path: Path) -> None:
    file = send(settings(tmp_path), "zoe@example.org", "Accès", "Bonjour\n")
    assert file is not None
    assert file.stat().st_mode & 0o077 == 0
    message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"] == "zoe@example.org"


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="refused"):
        send(settings(tmp_path, "smtp://127.0.0.1:9"), "zoe@example.org", "Accès", "Bonjour\n")


def test_no_line_is_added_to_the_head_of_a_mail(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="may not contain linefeed"):
        send(settings(tmp_path), "zoe@example.org", "Accès\nBcc: x@example.net", "Bonjour\n")


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://host/path", "smtp"])
def test_an_address_that_is_none_of_a_server_is_refused_unquoted(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValidationError):
        settings(tmp_path, url)


def test_errors_of_smtp_are_of_one_kind() -> None:
    assert issubclass(smtplib.SMTPException, OSError)
