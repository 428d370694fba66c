"""The demonstration lists, through the same importer as any other list, and two decisions."""

import tomllib

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.importing import Options, import_list
from app.lists.summary import Summary
from app.models import Actor, ActorProtected
from app.platform.database.sessions import write
from app.records.acts import show_phone, unprotect
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.settings import ROOT

DEMO = ROOT / "demo"
ENDINGS = {".csv", ".xlsx", ".ods"}
WHO = "démonstration"


def load_demo(runtime: Runtime) -> list[Summary]:
    """Import every list of demo/; nothing where the database already holds an actor."""
    with Session(runtime.staff) as session:
        if session.scalar(select(Actor.id).limit(1)):
            return []
    lists = sorted(path for path in DEMO.iterdir() if path.suffix in ENDINGS)
    options = Options(who=WHO)
    done = [import_list(runtime, path.read_bytes(), path.name, options) for path in lists]
    _decide(runtime)
    return done


def _decide(runtime: Runtime) -> None:
    """Do what demo/decisions.toml says, as a person would."""
    decisions = tomllib.loads((DEMO / "decisions.toml").read_text(encoding="utf-8"))
    ids = _protected(runtime)
    with write(runtime.staff) as session:
        for each in decisions["publish"]:
            actor, consent = ids[each["name"]], each["consent"]
            unprotect(session, runtime.vault, actor, who=WHO, consent=consent, why=WHO)
        for each in decisions["show_phone"]:
            actor = ids[each["name"]]
            show_phone(session, runtime.vault, actor, each["phone"], who=WHO, why=WHO)


def _protected(runtime: Runtime) -> dict[str, str]:
    """Return true name -> public id of the protected actors."""
    statement = (
        select(Actor.public_id, ActorProtected.actor_id, ActorProtected.record)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(Actor.protected)
    )
    with Session(runtime.staff) as session:
        return {
            open_record(runtime.vault, actor_id, record).name: public_id
            for public_id, actor_id, record in session.execute(statement)
        }
