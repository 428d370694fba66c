"""How an actor is reached: what a list wrote in the column of something else goes to its own."""

from importers.contacts import find_website, read_emails, read_url, wrong_emails
from importers.line import Line
from importers.phones import find_phones

_NO_EMAIL = "Cette adresse électronique n'est pas valable. Corrigez-la ou effacez-la."


def read_mailboxes(line: Line) -> tuple[str, ...]:
    """Return the mailboxes of a line: of its column, then of those of telephone and web site."""
    own = line.limited("email") or ""
    emails = read_emails(own)
    if wrong := wrong_emails(own):
        line.report("email", _NO_EMAIL, " ".join(wrong) if emails else None)
    elif own and not emails and not find_website(own) and not find_phones(own)[0]:
        line.report("email", _NO_EMAIL)
    # A table of columns where somebody wrote in the wrong one.
    strays = " ".join(line.text(field) for field in ("phone_front_gate", "phone", "website"))
    if "@" not in strays:
        return emails
    known = {email.lower() for email in emails}
    return (*emails, *(each for each in read_emails(strays) if each.lower() not in known))


def read_website(line: Line) -> str | None:
    """Return the web address of a line, else one that stands in its column of mailboxes."""
    text = line.text("website")
    if text and not ("@" in text and read_emails(text)):
        return line.parsed("website", read_url)
    return find_website(text) or find_website(line.text("email"))


def holds_phone(text: str) -> bool:
    """Return whether a number to call stands in a column of mailboxes."""
    return sum(map(str.isdigit, text)) > 8 and any(n.startswith("+") for n in find_phones(text)[0])
