"""What a form that asks for an address alone sends, and what is to be said of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.public.inbox.asked_access import MAIL_WRONG
from app.public.inbox.sent import TRAP_FILLED, is_mail
from app.resources import texts

_FIELDS = ("courriel", "site", "vu")


@dataclass(frozen=True, slots=True)
class Address:
    """What was entered. trap: a field that nobody sees; stamp: when the form was shown."""

    mail: str = ""
    trap: str = ""
    stamp: str = ""

    @property
    def said(self) -> str:
        """Return nothing: an address tells of nobody."""
        return ""

    def problems(self) -> dict[str, str]:
        """Return field -> what is to be said of it."""
        found = {}
        if not is_mail(self.mail):
            found["courriel"] = MAIL_WRONG
        if self.trap:
            found["site"] = TRAP_FILLED
        return found


async def _address(request: Request) -> Address:
    given = await request.form()
    mail, trap, stamp = (
        found if isinstance(found := given.get(each, ""), str) else "" for each in _FIELDS
    )
    return Address(texts.line(mail), trap, stamp)


AddressOf = Annotated[Address, Depends(_address)]
