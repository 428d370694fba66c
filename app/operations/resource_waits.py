"""What waits of resources for a curateur: first what may give somebody away."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.cataloguing.terms import count_each
from app.operations.task import Task
from app.visibility import Viewer
from geo.zones import paris_day

HERE = "/gestion/ressources"


def for_curateurs(session: Session, viewer: Viewer, now: datetime) -> list[Task]:
    """Return what waits, the most harmful first; nothing for whoever decides none of it."""
    if not viewer.publishes_resources:
        return []
    found = count_each(session, paris_day(now))
    return [
        Task(
            found.held,
            "ressource est retenue",
            "ressources sont retenues",
            "Elle nomme un lieu ou un contact caché, ou pourrait le faire : deux curateurs en "
            "décident.",
            page=f"{HERE}/retenues",
        ),
        Task(
            found.to_read,
            "ressource est à relire",
            "ressources sont à relire",
            "Quelqu’un en demande la publication.",
            page=f"{HERE}?onglet=a-relire",
        ),
        Task(
            found.dead,
            "ressource mène à une page qui n’est plus",
            "ressources mènent à une page qui n’est plus",
            "Son adresse ne répond plus : quelqu’un cherche la nouvelle.",
            page=f"{HERE}/liens-morts",
        ),
        Task(
            found.proposed,
            "page est proposée par un visiteur",
            "pages sont proposées par des visiteurs",
            "Un curateur en fait un brouillon, ou l’écarte.",
            page=f"{HERE}/proposees",
        ),
        Task(
            found.due,
            "ressource arrive à son terme",
            "ressources arrivent à leur terme",
            "Quelqu’un la relit, puis dit qu’elle est encore juste, ou la corrige.",
            page=f"{HERE}?onglet=a-revoir",
        ),
    ]
