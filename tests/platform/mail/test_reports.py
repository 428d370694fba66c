"""What a delivery report says of a mail of ours, as servers write it and as strangers forge it."""

import pytest

from app.platform.mail.reports import failed, is_of_a_mailbox, split
from tests.delivery_reports import MARK, report


def test_the_message_that_came_back_is_known_by_its_id() -> None:
    assert failed(report()) == MARK


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_brings_the_mail_or_its_headers(newline: str, original: str) -> None:
    given = report(original=original).replace(b"\n", newline.encode())
    assert failed(given) == MARK


@pytest.mark.parametrize(
    "status", ["5.1.1", "5.1.2", "5.1.6", "5.2.1", "5.2.2", "5.0.0", "5.1.1 (x)"]
)
def test_what_is_of_a_mailbox_for_good_counts(status: str) -> None:
    assert failed(report(status=status)) == MARK


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("4.2.2", "failed"),
        ("4.4.7", "failed"),
        ("5.1.1", "delayed"),
        ("5.1.1", "relayed"),
        ("2.0.0", "delivered"),
        ("5.7.1", "failed"),
        ("5.4.6", "failed"),
        ("5.1.10", "failed"),
        ("5.1.1000", "failed"),
        ("", "failed"),
        ("cinq", "failed"),
    ],
)
def test_what_may_pass_or_is_of_who_sends_does_not(status: str, action: str) -> None:
    assert failed(report(status=status, action=action)) is None


def test_one_of_several_recipients_is_enough() -> None:
    more = "Final-Recipient: rfc822; b@example.org\nAction: failed\nStatus: 5.1.1\n"
    assert failed(report(status="2.0.0", action="relayed", more=more)) == MARK


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"Subject: Bonjour\n\nAbsente jusqu'au 3.",
        b"Message-ID: <" + MARK.encode() + b"@x>\n\nNon.",
        report().replace(b"multipart/report", b"multipart/mixed"),
        report().replace(MARK.encode(), b""),
        report().replace(b"Message-ID", b"X-ID"),
        report()[:400],
        report().replace(b"message/delivery-status", b"text/plain"),
        bytes(range(256)) * 40,
        b"Content-Type: multipart/report; boundary=\n\n--\n",
        b"Content-Type: " + b"multipart/report;" * 5_000,
        b"Content-Type: message/rfc822\n\n" * 5_000,
    ],
)
def test_anything_else_says_nothing(mail: bytes) -> None:
    assert failed(mail) is None


def test_a_box_holds_several() -> None:
    box = b"From x Wed Dec  2 08:00:00 2026\n" + report() + b"\nFrom x Thu\n" + report()
    assert [failed(each) for each in split(box)] == [MARK, MARK]
    assert split(report()) == [report()]
    assert split(b" \n") == []


def test_an_exact_answer_is_of_a_mailbox_or_of_who_sends() -> None:
    assert [
        code for code in ("5.1.1", "5.1.7", "5.2.2", "5.7.1", "4.2.2", "x") if is_of_a_mailbox(code)
    ] == [
        "5.1.1",
        "5.2.2",
    ]
