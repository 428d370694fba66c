"""Members with alerts, what appears, and the mails of a round."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from app.alerting import keeping
from app.alerting.searches import read_address
from app.jobs import alerting
from app.models import Alert, Role
from app.platform.database.sessions import read, write
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Bureau
from tests.mailbox import mail_server
from tests.makers import add_actor
from tests.networked import joins

PUBLIC = "https://carte.exemple.fr"
ALL = "/table?territoire=93"


def member(bureau: Bureau, address: str = ALL, rhythm: str = "aussitot") -> Any:
    """Somebody who joined, with an alert."""
    person = bureau.enrolled(Role.PROFESSIONNEL)
    joins(runtime_of(bureau), person.id, bureau.clock.at)
    wants(bureau, person.id, address, rhythm)
    return person


def wants(bureau: Bureau, account: Any, address: str, rhythm: str = "aussitot") -> None:
    with write(bureau.databases.staff) as session:
        wanted = read_address(session, address)
        keeping.create(session, bureau.vault, account, wanted, rhythm, bureau.clock.at)


def round_of(
    bureau: Bureau,
    during: Callable[[], None] | None = None,
    public: str = PUBLIC,
    **how: Any,
) -> list[EmailMessage]:
    """The mails of a round, five minutes later."""
    bureau.clock.pass_by(minutes=5)
    with mail_server(during, **how) as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), "public_url": public}
        alerting.tell_all(runtime_of(bureau, **given), bureau.clock.at)
    return box.received


def appears(bureau: Bureau, name: str, **columns: Any) -> None:
    with bureau.databases.staff.begin() as connection:
        add_actor(connection, name=name, **columns)


def rows(bureau: Bureau) -> list[Alert]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(Alert).order_by(Alert.made_at)))


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())
