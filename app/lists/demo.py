"""The demonstration lists, through the same importer as any other list, and some decisions."""

import tomllib

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.lists.importing import import_list
from app.lists.summary import Summary
from app.lists.uploads import Upload
from app.models import Actor, ActorProtected
from app.platform.database.sessions import read, write
from app.records.acts import show_phone, unprotect
from app.records.sealed import open_record
from app.settings import ROOT, Settings
from app.vault.sealing import Vault

DEMO = ROOT / "demo"
ENDINGS = {".csv", ".xlsx", ".ods"}
WHO, WHY = "os:démonstration", "démonstration"


def load_demo(staff: Engine, vault: Vault, settings: Settings) -> list[Summary]:
    """Import every list of demo/; nothing where the database already holds an actor."""
    with read(staff) as session:
        if session.scalar(select(Actor.id).limit(1)):
            return []
    lists = sorted(path for path in DEMO.iterdir() if path.suffix in ENDINGS)
    done = [
        import_list(staff, vault, settings, Upload(path.name, path.read_bytes(), WHO))
        for path in lists
    ]
    with write(staff) as session:
        _decide(session, vault)
    return done


def _decide(session: Session, vault: Vault) -> None:
    """Do what demo/decisions.toml says, as a person would."""
    decisions = tomllib.loads((DEMO / "decisions.toml").read_text(encoding="utf-8"))
    ids = _protected(session, vault)
    for each in decisions["publish"]:
        actor, consent = ids[each["name"]], each["consent"]
        unprotect(session, vault, actor, who=WHO, consent=consent, why=WHY)
    for each in decisions["show_phone"]:
        show_phone(session, vault, ids[each["name"]], each["phone"], who=WHO, why=WHY)


def _protected(session: Session, vault: Vault) -> dict[str, str]:
    """Return true name -> public id of the protected actors."""
    statement = (
        select(Actor.public_id, ActorProtected.actor_id, ActorProtected.record)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(Actor.protected)
    )
    return {
        open_record(vault, actor_id, record).name: public_id
        for public_id, actor_id, record in session.execute(statement)
    }
