"""Delivery reports, as servers write them (RFC 3464)."""

MARK = "0123456789abcdef" * 2
MAIL = "camille@example.org"


def report(
    mark: str = MARK,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    original: str = "message/rfc822",
    more: str = "",
) -> bytes:
    """What comes back of a mail to one recipient. more: what it says of another one."""
    headers = f"From: <envoi@carte.example.org>\nTo: {MAIL}\n"
    headers += f"Message-ID:\n <{mark}@carte.example.org>\n"
    whole = headers + ("" if original == "text/rfc822-headers" else "\nBonjour.\n")
    return f"""Return-Path: <>
From: MAILER-DAEMON@relais.example.org
To: envoi@carte.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
    boundary="part/of.relais"

This is a MIME-encapsulated message.

--part/of.relais
Content-Type: text/plain; charset=us-ascii

<{MAIL}>: said: 550 5.1.1 unknown

--part/of.relais
Content-Type: message/delivery-status

Reporting-MTA: dns; relais.example.org
Arrival-Date: Wed,  2 Dec 2026 08:00:00 +0000

Final-Recipient: rfc822; {MAIL}
Original-Recipient: rfc822;{MAIL}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 unknown

{more}
--part/of.relais
Content-Type: {original}

{whole}
--part/of.relais--
""".encode()
