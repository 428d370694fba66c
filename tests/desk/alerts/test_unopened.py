"""An alert, or a member, that does not open keeps nobody else from being told, and is said."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select

from app.models import Account, Alert, NetworkMember
from app.platform.database.sessions import write
from tests.desk.alerts.rounds import appears, member, round_of
from tests.desk.bureau import Bureau
from tests.makers_agenda import by_a_lost_key, written_otherwise


@pytest.mark.parametrize("damaged", [written_otherwise, by_a_lost_key])
@pytest.mark.parametrize(("of", "column"), [(Alert, "content"), (Account, "person")])
def test_one_that_does_not_open(
    bureau: Bureau,
    capsys: pytest.CaptureFixture[str],
    damaged: Callable[[bytes], bytes],
    of: type[Alert | Account],
    column: str,
) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkMember))
        session.execute(delete(Alert))
    lost, other = member(bureau), member(bureau)
    with write(bureau.databases.staff) as session:
        own = Alert.account_id == lost.id if of is Alert else Account.id == lost.id
        row = session.scalars(select(of).where(own)).one()
        setattr(row, column, damaged(getattr(row, column)))
    appears(bureau, "Antenne nouvelle")
    assert [each["To"] for each in round_of(bureau)] == [other.mail]
    assert '"mails not written"' in capsys.readouterr().out
