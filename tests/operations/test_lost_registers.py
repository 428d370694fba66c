"""A register that was lost is written anew from a complete database, and believed of no other."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.accounts import people
from app.audit.journal import Author
from app.models import Role
from app.operations.deleted_accounts import delete_for_good
from app.operations.deleted_resources import erase_for_good
from app.operations.erasure_register import deleted_accounts, erased_resources, register_path
from app.operations.lost_erasures import note_again
from app.platform.database.origin import RestoredNotReplayed, refuse_restored
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.vault.withdrawals import make_register
from tests.makers_resources import CURATEUR, READER, made, now
from tests.operations.test_withdrawals import again, forget


def deleted(runtime: Runtime) -> UUID:
    """Delete an enabled account for good, which no trigger notes; return its id."""
    given = {"mail": "camille@example.org", "name": "Camille Exemple", "by": "os:essai"}
    with write(runtime.staff) as session:
        account = people.create(session, runtime.vault, role=Role.CURATEUR, **given)
        of = (runtime.vault, runtime.settings, people.get(session, account.id), Author("os:essai"))
        delete_for_good(session, *of, datetime.now(UTC))
    return account.id


def erased(runtime: Runtime) -> UUID:
    resource = made(runtime, title="Sentinelle")
    with write(runtime.staff) as session:
        given = (runtime.vault, runtime.settings, CURATEUR, READER, resource)
        erase_for_good(session, *given, now())
    return resource


def test_deleted_accounts_and_erased_resources_are_written_anew_from_their_database(
    noting: Runtime,
) -> None:
    account, resource = deleted(noting), erased(noting)
    path = register_path(noting.settings)
    path.unlink()
    with read(noting.staff) as session:
        for _ in range(2):
            note_again(session, noting.vault, noting.settings)
    assert deleted_accounts(path) == {account}
    assert erased_resources(path) == {resource}
    assert sum(map(bool, path.read_text().splitlines())) == 2


@pytest.mark.parametrize("end", [deleted, erased])
def test_a_register_that_lacks_what_a_restored_database_knows_is_not_believed(
    noting: Runtime, end: Callable[[Runtime], UUID]
) -> None:
    end(noting)
    register_path(noting.settings).unlink()
    make_register(register_path(noting.settings))
    forget(noting)
    assert "plus ancien" in again(noting).why_not
    with pytest.raises(RestoredNotReplayed):
        refuse_restored(noting.databases.public)
