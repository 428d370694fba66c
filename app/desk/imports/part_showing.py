"""Whose a deposited list is to apply and to undo, and what of it is left to a curateur."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.lists import other, rest
from app.lists.deposits import Deposited
from app.models import Role


@dataclass(frozen=True, slots=True)
class Part:
    """applies_own: its reader applies their own part alone. is_rest: it is what a référent left.

    handed: lines of it that its référent left, as its reader may know. waits: they are not decided
    of yet. may_be_another: its reader may say that its name was taken for that of a known one.
    """

    applies_own: bool
    is_rest: bool
    handed: int
    waits: bool
    may_undo: bool
    may_be_another: bool

    @property
    def may_apply(self) -> bool:
        """Say whether its reader applies it, or their part of it."""
        return not (self.applies_own and self.is_rest)


def part_of(session: Session, signed: SignedIn, found: Deposited) -> Part:
    """Return what somebody may do to a list, and what of it is left."""
    whole = signed.role is Role.CURATEUR
    left: Mapping[str, int] = found.page.get("handed", {})
    return Part(
        not whole,
        rest.is_left_to_a_curateur(session, found.id),
        sum(number for code, number in left.items() if whole or code in signed.territories),
        rest.is_waiting(session, found),
        may_undo(signed, found),
        may_choose(signed, found) and other.may_be_another(session, found),
    )


def may_choose(signed: SignedIn, found: Deposited) -> bool:
    """Return whether somebody may say how a list is read: read otherwise, others' lines open."""
    return signed.role is Role.CURATEUR or found.sender == str(signed.account_id)


def may_undo(signed: SignedIn, found: Deposited) -> bool:
    """Say whether somebody may undo a list: a curateur, or the référent who applied their part."""
    if signed.role is Role.CURATEUR:
        return True
    own = found.page.get("own_part", ())
    mine = found.applied.who == str(signed.account_id)
    return bool(own) and mine and set(own) <= set(signed.territories)
