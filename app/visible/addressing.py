"""Whether somebody may be written to as a member, in the statement that reads for their mail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement

from app.models import NetworkMember
from app.visible.members import members

# What a member may be sent, and nothing of a closed group.
FOR_MEMBERS = ("public", "professionnel", "reseau")


@dataclass(frozen=True, slots=True)
class Addressee:
    """A member who is written to, without a session, and the moment. account: None: any of them."""

    account: UUID | None
    at: datetime


def is_written_to(addressee: Addressee) -> ColumnElement[bool]:
    """Return whether they are a member, in the statement that reads."""
    own = members(addressee.at)
    if addressee.account is not None:
        own = own.where(NetworkMember.account_id == addressee.account)
    # It has the tables of the statement around it, of somebody else.
    return own.correlate(None).exists()
