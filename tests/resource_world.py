"""A small resource centre, all of it invented: each form, and thirty reports that differ."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from app.models import (
    IssuingBody,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceEdition,
    ResourceRelation,
    ResourceWithdrawn,
)
from app.resources.content import Content
from app.resources.stored import columns_of
from tests.makers import add_resource
from tests.resource_contents import document, practice, sheet, study, training

REPORTS = 30
WITHDRAWN = "dddddddddddddddd"
THEMES = ("reperage", "accompagnement", "fugue", "numerique")


def put(connection: Connection, content: Content, **columns: Any) -> str:
    """Put a content in the open table; columns: what does not follow from it."""
    return add_resource(connection, **columns_of(content) | columns)


def fill(connection: Connection) -> dict[str, str]:
    """Write the centre; return the public ids of some by a word of our own."""
    bodies = {"exemple": "Organisme d’exemple", "observatoire": "Observatoire d’exemple"}
    rows = [{"code": code, "name": name, "variants": []} for code, name in bodies.items()]
    connection.execute(insert(IssuingBody), rows)
    ids = {
        "sheet": put(connection, sheet(summary="Que faire quand un mineur revient."), slug="fiche"),
        "validated": put(
            connection,
            sheet(
                title="Recueillir la parole", validations=[{"body": "Conseil", "day": "2026-01-02"}]
            ),
            review_on=date(2026, 12, 24),
        ),
        "document": put(connection, document(), slug="rapport", body_codes=["exemple"], edition=2),
        "practice": put(connection, practice(), slug="maraude"),
        "unproven": put(connection, practice(title="Café des parents", evaluation=None)),
        "training": put(connection, training(), slug="formation"),
        "study": put(connection, study(), slug="etude"),
        "without": put(connection, document(title="Rapport sans adresse", url=None)),
        "dead": put(
            connection, document(title="Rapport au lien mort"), link_dead_since=date(2026, 10, 1)
        ),
        "professional": put(
            connection, document(title="Réservé aux professionnels", audience="professionnel")
        ),
    }
    for number in range(REPORTS):
        content = document(
            title=f"Rapport numéro {number + 1}",
            year=1990 + number,
            published_on=None,
            themes=[THEMES[number % len(THEMES)]],
        )
        # The oldest was added last.
        added = datetime(2026, 1, 2 if number else 3, tzinfo=UTC)
        put(connection, content, body_codes=["observatoire"], published_at=added)
    connection.execute(
        insert(ResourceEdition).values(
            public_id=ids["document"],
            number=1,
            audience="public",
            content=document(title="Repérer, premier titre").model_dump(mode="json"),
            published_at=datetime(2025, 3, 1, 9, tzinfo=UTC),
            ended_at=datetime(2026, 1, 2, 9, tzinfo=UTC),
        )
    )
    connection.execute(
        insert(ResourceRelation).values(
            from_id=ids["sheet"], to_id=ids["document"], relation="synthese_de"
        )
    )
    collect(connection, ids)
    connection.execute(
        insert(ResourceWithdrawn).values(
            public_id=WITHDRAWN, title="Guide retiré", withdrawn_on=date(2026, 5, 4)
        )
    )
    return ids


def collect(connection: Connection, ids: dict[str, str]) -> None:
    """Write two collections of some of them, one of which is not published."""
    connection.execute(
        insert(ResourceCollection),
        [
            {
                "slug": slug,
                "title": title,
                "summary": "À lire dans cet ordre.",
                "place": 1,
                "published": is_published,
            }
            for slug, title, is_published in (
                ("retour-de-fugue", "Retour de fugue", True),
                ("en-travaux", "En travaux", False),
            )
        ],
    )
    connection.execute(
        insert(ResourceCollectionEntry),
        [
            {"collection": slug, "place": place, "public_id": ids[word], "note": note}
            for slug in ("retour-de-fugue", "en-travaux")
            for place, (word, note) in enumerate(
                [("validated", "À lire d’abord."), ("professional", ""), ("sheet", "")], 1
            )
        ],
    )
