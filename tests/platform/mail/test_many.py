"""A mail to many is what the library of mails reads back, whatever it says and to whom it goes."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.platform.mail.many import TOKEN, Made, Mail, ascii_address

AT = datetime(2027, 3, 1, 8, tzinfo=UTC)
GIVEN = ("camille@example.org", "0a" * 16, "J" * 115, AT)


def mail(**fields: str) -> Mail:
    given = {
        "sender": "envoi@carte.example.org",
        "sender_name": "Service d’information",
        "subject": "Votre lettre d’août",
        "text": f"Bonjour.\n\n.\n..\nUn lien :\nhttps://x.example/{TOKEN}\n",
        "html": f'<p>Bonjour.</p>\n<a href="https://x.example/{TOKEN}">ici</a>\n',
    } | fields
    return Mail(**given, headers={"List-Unsubscribe": f"<https://x.example/{TOKEN}>"})


def read_back(sent: bytes) -> EmailMessage:
    """As a server keeps it: points are single again."""
    plain = sent.replace(b"\r\n..", b"\r\n.")
    return message_from_bytes(plain, policy=policy.default)


def half(message: EmailMessage, name: str) -> str:
    part = message.get_body((name,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").rstrip("\n")


def test_it_is_read_back_as_it_was_meant() -> None:
    message = read_back(Made(mail()).to(*GIVEN))
    assert str(message["To"]) == "camille@example.org"
    assert str(message["From"]) == "Service d’information <envoi@carte.example.org>"
    assert str(message["Subject"]) == "Votre lettre d’août"
    assert message["Message-ID"] == f"<{'0a' * 16}@carte.example.org>"
    assert message["Date"].datetime == AT
    assert message["List-Unsubscribe"] == f"<https://x.example/{'J' * 115}>"
    assert half(message, "plain") == mail().text.replace(TOKEN, "J" * 115).rstrip("\n")
    assert half(message, "html") == mail().html.replace(TOKEN, "J" * 115).rstrip("\n")
    assert message.defects == []


@pytest.mark.parametrize(
    "text",
    ["", "é" * 3_000, "a" * 5_000, ".\n" * 30, "x=\n=3D\n", "🙂" * 200, "a  \nb\t\n", "\0x", "fin"],
)
def test_any_text_comes_through(text: str) -> None:
    message = read_back(Made(mail(text=text)).to(*GIVEN))
    assert half(message, "plain") == text.rstrip("\n")


def test_no_line_is_longer_than_servers_take() -> None:
    sent = Made(mail(text="mot " * 3_000, html="<p>" + "é" * 3_000)).to(*GIVEN)
    assert max(map(len, sent.split(b"\r\n"))) < 998
    assert b"\n" not in sent.replace(b"\r\n", b"")


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("bad", ["a\r\nBcc: b@example.org", "a\nX: y", "a\0b", "a\r.\r\n"])
def test_nothing_that_is_put_in_adds_a_header(place: int, bad: str) -> None:
    given = [*GIVEN[:3]]
    given[place] = bad
    with pytest.raises(ValueError, match="line break"):
        Made(mail()).to(given[0], given[1], given[2], AT)


@pytest.mark.parametrize("bad", ["a\nBcc: b@example.org", "x\r\n\r\ny"])
def test_no_subject_adds_one(bad: str) -> None:
    message = read_back(Made(mail(subject=f"é{bad}")).to(*GIVEN))
    assert message["Bcc"] is None
    assert message.is_multipart()


def test_an_address_is_written_as_any_server_knows_it() -> None:
    assert ascii_address("camille@café.example") == "camille@xn--caf-dma.example"
    # The older rule writes to "strasse.example", which is somebody else's.
    assert ascii_address("camille@straße.example") == "camille@xn--strae-oqa.example"
    assert ascii_address("camille@École.example") == "camille@xn--cole-9oa.example"
    with pytest.raises(UnicodeError):
        ascii_address("camille@" + "é" * 80 + ".example").encode("ascii")
