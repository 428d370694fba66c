"""Deletes accounts so that no restored backup brings them back: the register names their ids."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, union
from sqlalchemy.orm import Session

from app.accounts import people, rights
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import AccessRequest, Account
from app.network.asked import forget
from app.operations.erasure_register import append_account, register_path
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.settings import Settings
from app.vault.sealing import Vault


def delete_for_good(
    session: Session,
    vault: Vault,
    settings: Settings,
    account: Account,
    author: Author,
    now: datetime,
) -> None:
    """Delete an account, noted in the journal and in the register.

    Raises LastAdministrator or RegisterNotWritten.
    """
    # The register is not written anew meanwhile.
    hold(session, IMPORT_LOCK)
    forget(session, vault, people.read_person(vault, account).mail)
    rights.delete_account(session, account, now)
    add(session, vault, author, Action.ACCOUNT_DELETED, str(account.id))
    append_account(register_path(settings), account.id)


def brought_back(session: Session, gone: Collection[UUID]) -> list[UUID]:
    """Return which of the accounts that the register calls deleted are back by a backup, also as
    the request that one was made of.
    """
    if not gone:
        return []
    found = (select(each.id).where(among(each.id, gone)) for each in (Account, AccessRequest))
    return list(session.scalars(union(*found)))


def delete_again(session: Session, vault: Vault, gone: Collection[UUID], who: str) -> None:
    """Delete accounts that were deleted before, the last administrateur's too.

    A command makes another one.
    """
    found = select(Account).where(among(Account.id, gone)).with_for_update()
    for account in session.scalars(found).all():
        rights.remove(session, account)
        add(session, vault, Author(who), Action.ACCOUNT_DELETED, str(account.id))
    session.execute(delete(AccessRequest).where(among(AccessRequest.id, gone)))
