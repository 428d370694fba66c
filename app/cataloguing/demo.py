"""Invented resources of a demonstration, written, published and withdrawn as the desk does."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.publishing import publish
from app.cataloguing.versions import Saved, save
from app.cataloguing.withdrawing import withdraw
from app.models import (
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceOfSituation,
    ResourceRecord,
    Role,
)
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.resources.content import Content
from app.settings import ROOT
from app.vault.sealing import Vault
from app.visibility import Viewer

DEMO = ROOT / "demo" / "resources.json"
WRITER, READER = Author("os:démonstration"), Author("os:démonstration, seconde lecture")
CURATEUR = Viewer.staff(Role.CURATEUR)
WHY = "démonstration"
NOTHING = Saved(UUID(int=0), 0)


def load_demo_resources(session: Session, vault: Vault) -> int:
    """Write the resources of demo/; none where the database holds any. Returns how many."""
    # Before the journal's own lock, in the order of all who publish.
    hold(session, IMPORT_LOCK)
    if session.scalar(select(ResourceRecord.id).limit(1)):
        return 0
    given = json.loads(DEMO.read_text(encoding="utf-8"))
    ids: dict[str, str] = {}
    for each in given["resources"]:
        ids[f"@{each['key']}"] = _write(session, vault, each, ids)
    _arrange(session, given, ids)
    return len(ids)


def _write(session: Session, vault: Vault, given: dict[str, Any], ids: dict[str, str]) -> str:
    """Write one as far as it came, and return its public id; ids: those of the ones before it."""
    saved = NOTHING
    for said in filter(None, (given.get("former"), given["content"])):
        # A moment for each: their order is that of what was published.
        now = datetime.now(UTC)
        content = Content.model_validate(_named(said, ids))
        of = saved.id if saved.number else None
        saved = save(session, vault, WRITER, of, content, now, based_on=saved.number)
        if given["state"] != "draft":
            publish(session, vault, CURATEUR, READER, *saved, now)
    if given["state"] == "withdrawn":
        withdraw(session, vault, CURATEUR, READER, saved.id, datetime.now(UTC), WHY)
    return session.get_one(ResourceRecord, saved.id).public_id


def _arrange(session: Session, given: dict[str, Any], ids: dict[str, str]) -> None:
    for place, each in enumerate(given["collections"], 1):
        row = {name: each[name] for name in ("slug", "title", "summary")}
        session.execute(insert(ResourceCollection).values(**row, place=place, published=True))
        entries = _placed(each["entries"], ids)
        rows = [{"collection": each["slug"], **entry} for entry in entries]
        session.execute(insert(ResourceCollectionEntry), rows)
    for situation, resources in given["situations"].items():
        rows = [{"situation": int(situation), **each} for each in _placed(resources, ids)]
        session.execute(insert(ResourceOfSituation), rows)


def _placed(named: list[str], ids: dict[str, str]) -> list[dict[str, Any]]:
    return [{"place": place, "public_id": ids[each]} for place, each in enumerate(named, 1)]


def _named(value: Any, ids: dict[str, str]) -> Any:
    """Return a value with the ids of those that it calls by their keys."""
    if isinstance(value, dict):
        return {name: _named(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [_named(each, ids) for each in value]
    return ids.get(value, value) if isinstance(value, str) else value
