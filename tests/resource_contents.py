"""Resources of each form and their contents, all invented."""

from datetime import UTC, date, datetime
from typing import Any

from app.resources.content import Content
from app.resources.resource import Resource

SITE = "https://carte.exemple.fr"


def published(content: Content, **others: Any) -> Resource:
    """Return a content as it is read once it is published."""
    fields: dict[str, Any] = {
        "public_id": "00112233445566aa",
        "slug": "exemple",
        "edition": 2,
        "published_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "changed_on": date(2026, 11, 20),
    }
    return Resource(content=content, **(fields | others))


def document(**fields: Any) -> Content:
    """Return a reference to an invented report; fields: of Content, or of its own part."""
    return _content(
        {
            "title": "Repérer une exploitation sexuelle",
            "subtitle": "Guide des signes",
            "bodies": ["Organisme d’exemple", "Observatoire d’exemple"],
            "year": 2021,
            "published_on": "2021-11-15",
            "type": "rapport",
            "nature": "etude-de-dossiers",
            "method": "étude de 101 dossiers",
            "themes": ["reperage", "fugue"],
            "publics": ["professionnels"],
            "situations": ["1"],
            "functions": ["ecoute"],
            "doi": "10.1234/exemple.5",
            "isbn": "9780306406157",
            "url": "https://exemple.fr/rapport?a=1&b=2",
            "pages": 78,
            "media": "pdf",
            "accessibility": "partly",
            "summary": "Ce rapport d’exemple dit quels signes inquiètent.",
        },
        {"form": "document"},
        fields,
    )


def sheet(**fields: Any) -> Content:
    """Return an invented sheet of two steps that nobody validated."""
    own = {
        "form": "fiche",
        "for_whom": "Éducateurs d’un foyer *et* d’un service de milieu ouvert.",
        "when": "Un mineur revient d’une fugue.",
        "steps": [
            {
                "text": "**Accueillir** sans reproche.",
                "who": "Qui ouvre la porte",
                "delay": "Tout de suite",
            },
            {
                "text": "Prévenir la cellule de recueil.",
                "who": "Chef de service",
                "delay": "Dans l’heure",
            },
        ],
        "numbers": ["119", "116000"],
        "now": ["Mettre à l’abri", "Prévenir"],
        "never": ["Fouiller son téléphone devant lui"],
        "calls": ["ecoute"],
        "more": "## Ensuite\n\n- Écouter\n- Noter",
        "sources": [{"title": "Guide d’exemple", "url": "https://exemple.fr/guide"}],
    }
    return _content(
        {"title": "Retour de fugue", "bodies": ["Organisme d’exemple"], "situations": ["2"]},
        own,
        fields,
    )


def practice(**fields: Any) -> Content:
    """Return an invented practice, evaluated without a comparison."""
    own = {
        "form": "pratique",
        "context": "Un territoire d’exemple.",
        "done": "Une équipe va vers les jeunes.",
        "results": "Trente jeunes rencontrés.",
        "mailbox": "contact@exemple.fr",
        "evaluation": {"proof": "prometteuse", "by": "Observatoire d’exemple", "on": "2024-05-02"},
    }
    return _content(
        {
            "title": "Maraude numérique",
            "reach": "territories",
            "territories": ["93", "974"],
            "actor_ids": ["0123456789abcdef"],
        },
        own,
        fields,
    )


def training(**fields: Any) -> Content:
    """Return an invented training."""
    own = {"form": "formation", "organiser": "École d’exemple", "mode": "distance", "length": "2 h"}
    return _content({"title": "Repérer, une formation d’exemple"}, own, fields)


def study(**fields: Any) -> Content:
    """Return an invented study under way, of one territory overseas."""
    own = {
        "form": "etude",
        "by": "Observatoire d’exemple",
        "state": "en-cours",
        "expected_on": "2027-06-30",
    }
    return _content(
        {"title": "Étude d’exemple", "reach": "territories", "territories": ["974"]}, own, fields
    )


def _content(common: dict[str, Any], own: dict[str, Any], fields: dict[str, Any]) -> Content:
    of_all = {name: value for name, value in fields.items() if name in Content.model_fields}
    of_own = {name: value for name, value in fields.items() if name not in of_all}
    return Content.model_validate(common | of_all | {"own": own | of_own})
