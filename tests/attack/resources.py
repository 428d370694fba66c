"""Resources full of secrets in every state, some of them published before anybody was hidden.

Whatever visitors must not read says so: a draft, a text that waits or is held, one for
professionals, what a withdrawal or an erasure took, a former edition that names a hidden place.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.cataloguing import withdrawing
from app.cataloguing.importing import plan
from app.cataloguing.publishing import ask
from app.models import (
    Resource,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceImport,
    ResourceOfSituation,
    ResourceProposal,
    ResourceRecord,
    ResourceRelation,
    Role,
)
from app.platform.database.sessions import write
from app.reports.receiving import LINKS
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.attack.places import MARKER, OPEN_MARKER, InventedPlace
from tests.makers_resources import (
    CURATEUR,
    READER,
    WRITER,
    again,
    draft_resource,
    public_id_of,
    publish_version,
)

COLLECTION, UNPUBLISHED = "reunion-d-exemple", "projet-d-exemple"
SECRET_TITLE = f"{MARKER}itre"
# What a letter says that nobody is sent.
LETTER = f"{MARKER}lettre"


@dataclass(slots=True)
class PlantedResources:
    """What was written. published: public id -> slug; withdrawn: ids that leave a title.

    hidden_ids: those of what visitors must not know of. before: what names places that were still
    public, each with how it is to end.
    """

    published: dict[str, str] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    hidden_ids: set[str] = field(default_factory=set)
    before: dict[str, UUID] = field(default_factory=dict)


def secret(form: Form, **fields: Any) -> dict[str, Any]:
    """Return fields of a form that are secrets, wherever it has words."""
    said: dict[str, Any] = {
        "title": SECRET_TITLE,
        "subtitle": f"{MARKER}ousitre",
        "summary": f"Résumé {MARKER}ume.",
        "bodies": [f"Organisme {MARKER}orga"],
        "persons": [f"{MARKER}auteur"],
        "url": f"https://exemple.fr/{MARKER}lien",
    }
    if form is Form.SHEET:
        said |= {
            "steps": [{"text": f"**{MARKER}etape**", "who": f"{MARKER}qui"}],
            "now": [f"{MARKER}ligne"],
            "never": [f"{MARKER}jamais"],
            "more": f"## {MARKER}suite",
            "sources": [{"title": f"{MARKER}source"}],
        }
    if form is Form.PRACTICE:
        said |= {name: f"{MARKER}{name}" for name in ("context", "done", "means", "results")}
    return said | fields


def words_of(*forms: Form) -> set[str]:
    """Return the words by which texts of some forms are secrets, for whoever works on them."""
    said = "\n".join(str(secret(form)) for form in forms) + f"{MARKER}collection {MARKER}note"
    return {each.lower() for each in re.findall(rf"{MARKER}\w*", said)}


def words_for(role: Role) -> set[str]:
    """Return the words of resources that nobody but staff reads: of a curateur all, and what waits
    for them, a catalogue and a link that is proposed; of others a sheet of professionals.
    """
    if role is Role.ADMINISTRATEUR:
        # They approve letters.
        return {LETTER.lower()}
    if role is not Role.CURATEUR:
        return words_of(Form.SHEET)
    sent = (
        MARKER,
        SECRET_TITLE,
        LETTER,
        *(f"{MARKER}{each}" for each in ("import", "brouillon", "visio")),
    )
    return words_of(*Form) | {each.lower() for each in sent}


def sent_of(runtime: Runtime) -> tuple[UUID, UUID]:
    """Return the ids of the catalogue and of the link."""
    with Session(runtime.staff) as session:
        catalogue = select(ResourceImport.id).order_by(ResourceImport.made_at).limit(1)
        link = select(ResourceProposal.id).order_by(ResourceProposal.received_at).limit(1)
        return session.scalars(catalogue).one(), session.scalars(link).one()


def write_before(runtime: Runtime, places: Sequence[InventedPlace]) -> PlantedResources:
    """Publish what names places of which nobody knows yet that they are to be hidden."""
    planted, homes = PlantedResources(), _homes(places)
    last, former, both = next(homes), next(homes), next(homes)
    planted.before["held"] = _published(
        runtime, Form.DOCUMENT, title=SECRET_TITLE, summary=f"Voir {last.street}."
    )
    resource = _published(runtime, Form.SHEET, title=SECRET_TITLE, more=f"SIRET {former.siret}.")
    again(runtime, resource, Form.SHEET, title=f"{OPEN_MARKER}actuelle")
    planted.before["published"] = resource
    resource = _published(runtime, Form.PRACTICE, title=f"Au {both.street}", done=both.siret)
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, READER, resource, _now())
        withdrawing.withdraw(*given)
    planted.before["withdrawn"] = resource
    return planted


def write_after(
    runtime: Runtime, places: Sequence[InventedPlace], planted: PlantedResources
) -> None:
    """Write what nobody may read once places are hidden, and what everybody may."""
    for form in Form:
        _open(runtime, planted, form)
        write_sealed(runtime, places, form)
    professional = {"audience": "professionnel"}
    own = _published(runtime, Form.SHEET, **secret(Form.SHEET, **professional))
    former = _published(runtime, Form.DOCUMENT, **secret(Form.DOCUMENT, **professional))
    again(runtime, former, title=f"{OPEN_MARKER}ouvert")
    for act in (withdrawing.withdraw, withdrawing.erase):
        resource = _published(runtime, Form.PRACTICE, **secret(Form.PRACTICE, title="Ôté"))
        with write(runtime.staff) as session:
            act(session, runtime.vault, CURATEUR, READER, resource, _now())
    _arrange(runtime, own)
    _send(runtime)
    _read(runtime, planted)


def write_sealed(runtime: Runtime, places: Sequence[InventedPlace], form: Form) -> None:
    """Write a draft, one that waits, and one that is held: nothing of them was ever open."""
    home = next(_homes(places))
    with write(runtime.staff) as session:
        draft_resource(session, runtime.vault, form, **secret(form))
        saved = draft_resource(session, runtime.vault, form, **secret(form))
        ask(session, runtime.vault, WRITER, saved.id, _now())
        named = secret(form, summary=f"Au {home.street}, {home.phone}.")
        saved = draft_resource(session, runtime.vault, form, **named)
        assert publish_version(session, runtime.vault, saved.id, saved.number)


def _homes(places: Sequence[InventedPlace]) -> Iterator[InventedPlace]:
    """Yield places that a list hides, of which each has a street and a phone of its own."""
    return (place for place in places if place.case == "sealed")


def _open(runtime: Runtime, planted: PlantedResources, form: Form) -> None:
    _published(runtime, form, title=f"{OPEN_MARKER}titre", summary=f"{OPEN_MARKER}resume")


def _published(runtime: Runtime, form: Form, **fields: Any) -> UUID:
    with write(runtime.staff) as session:
        saved = draft_resource(session, runtime.vault, form, **fields)
        assert not publish_version(session, runtime.vault, saved.id, saved.number)
        return saved.id


def _arrange(runtime: Runtime, professional: UUID) -> None:
    """Put one for professionals wherever others stand, and keep a collection unpublished."""
    with write(runtime.staff) as session:
        wanted = select(Resource.public_id).where(Resource.audience == "public")
        shown = session.scalars(wanted.order_by(Resource.public_id).limit(2)).all()
        hidden = public_id_of(session, professional)
        collections = [
            {"slug": COLLECTION, "title": f"{OPEN_MARKER}collection", "published": True},
            {"slug": UNPUBLISHED, "title": f"{MARKER}collection", "published": False},
        ]
        for place, each in enumerate(collections):
            session.execute(insert(ResourceCollection).values(**each, place=place))
            entries = [
                {"collection": each["slug"], "place": at, "public_id": public_id, "note": note}
                for at, (public_id, note) in enumerate(((shown[0], ""), (hidden, f"{MARKER}note")))
            ]
            session.execute(insert(ResourceCollectionEntry), entries)
        beside = [
            {"situation": 2, "place": place, "public_id": public_id}
            for place, public_id in enumerate((hidden, shown[0]), 1)
        ]
        session.execute(insert(ResourceOfSituation), beside)
        pairs = ((shown[0], hidden), (hidden, shown[1]), (shown[1], shown[0]))
        rows = [{"from_id": a, "to_id": b, "relation": "suite_de"} for a, b in pairs]
        session.execute(insert(ResourceRelation), rows)


def _send(runtime: Runtime) -> None:
    """Leave a catalogue and a proposed link that a curateur is to decide about."""
    said = [{"titre": SECRET_TITLE, "type": "guide", "resume": f"{MARKER}import", "annee": 1987}]
    with write(runtime.staff) as session:
        by = (session, runtime.vault, CURATEUR, WRITER)
        plan(*by, json.dumps(said).encode(), f"{MARKER}.json", _now(), max_bytes=10_000)
        number, link = uuid4(), {"url": f"https://{MARKER}.exemple.fr", "title": SECRET_TITLE}
        content = runtime.vault.seal_json(LINKS, number, "content", link | {"why": MARKER})
        session.add(ResourceProposal(id=number, content=content, received_at=_now()))


def _read(runtime: Runtime, planted: PlantedResources) -> None:
    """Note which ids answer, and which must not."""
    with Session(runtime.staff) as session:
        shown = select(Resource.public_id, Resource.slug).where(Resource.audience == "public")
        planted.published = {row.public_id: row.slug for row in session.execute(shown)}
        for record in session.scalars(select(ResourceRecord)):
            if record.status == "withdrawn":
                planted.withdrawn.append(record.public_id)
            elif record.public_id not in planted.published:
                planted.hidden_ids.add(record.public_id)


def _now() -> datetime:
    return datetime.now(UTC)
