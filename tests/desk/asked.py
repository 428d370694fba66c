"""Actors of a desk whose terms end in a month, and the mails of a night."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select, text, update

from app.freshness import asking
from app.jobs.asking import ask_actors
from app.models import Actor, ActorProtected, ActorQuestion
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.desk.bureau import ORIGIN, Bureau
from tests.mailbox import mail_server
from tests.short_lists import CRIP, SHELTER, csv, ids, run

LINK = re.compile(rf"{ORIGIN}(/connexion/fiche/[\w-]{{43}})")
NAME = "CRIP d'exemple"
MUTE = "Sans courriel;Association;3 rue de l'Exemple;93000;Bobigny;01 99 00 00 03;"
SECRET = ("Foyer", "Cachée", "Bobigny", "MECS", "01 99 00 00 10", "foyer@example.org")
MONTH = timedelta(days=31)


def runtime(bureau: Bureau, **settings: Any) -> Runtime:
    return Runtime(
        bureau.settings.model_copy(update=settings), bureau.databases, bureau.vault, "", None
    )


def night(bureau: Bureau, **settings: Any) -> list[EmailMessage]:
    """The mails of a night."""
    with mail_server() as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), **settings}
        ask_actors(runtime(bureau, **given), bureau.clock.at)
    return box.received


def due_actors(bureau: Bureau) -> dict[str, str]:
    """Public ids by name of three actors that are to be confirmed in a month."""
    run(runtime(bureau), csv(CRIP, SHELTER, MUTE))
    with write(bureau.databases.staff) as session:
        session.execute(text("DELETE FROM actor_question"))
        session.execute(text("DELETE FROM report"))
        session.execute(text("UPDATE actor_protected SET due_on = '2100-01-01'"))
    due_in_a_month(bureau, NAME, "Sans courriel", "Lieu d'accueil – Seine-Saint-Denis")
    return ids(runtime(bureau))


def due_in_a_month(bureau: Bureau, *names: str) -> None:
    with write(bureau.databases.staff) as session:
        actors = select(Actor.id).where(Actor.name.in_(names))
        given = update(ActorProtected).where(ActorProtected.actor_id.in_(actors))
        session.execute(given.values(due_on=paris_day(bureau.clock.at) + asking.AHEAD))


def link_to(mails: list[EmailMessage], address: str) -> str:
    (mail,) = (each for each in mails if each["To"] == address)
    (found,) = LINK.findall(mail.get_content())
    return str(found)


def outcomes(bureau: Bureau) -> dict[str | None, int]:
    with read(bureau.databases.staff) as session:
        columns = (ActorQuestion.outcome, func.count())
        return dict(session.execute(select(*columns).group_by(ActorQuestion.outcome)).all())
