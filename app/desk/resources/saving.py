"""What a form sent becomes a version, which is asked for or published with the same button."""

from uuid import UUID

from app.accounts.sessions import SignedIn
from app.cataloguing import drafts, opening, publishing, versions
from app.cataloguing.publishing import AnotherNeeded, NotYourDecision
from app.cataloguing.versions import Saved
from app.desk.shell import gate
from app.desk.shell.gate import Desk
from app.platform.database.sessions import write
from app.resources.content import Content

ASK, PUBLISH = "demander", "publier"


def save(
    desk: Desk,
    signed: SignedIn,
    resource: UUID | None,
    content: Content,
    based_on: int = 0,
    note: str = "",
    what: str = "",
    *,
    new_id: UUID | None = None,
    drafted: bool = True,
) -> tuple[str, str]:
    """Save a version, and do what its button says; return the public id and what was done.

    new_id: by which the form of a new one is known once it is sent again. drafted: by a form that
    may be put aside. Raises NotYourDecision, ResourceUnknown or
    ResourceOutdated.
    """
    if what == PUBLISH and not gate.viewer_of(signed).publishes_resources:
        raise NotYourDecision
    author, now = gate.author_of(signed), desk.now()
    with write(desk.engine) as session:
        given = (session, desk.vault, author, resource, content, now)
        saved = versions.save(*given, based_on=based_on, note=note, new_id=new_id)
        if drafted:
            drafts.forget(session, signed.account_id, resource)
        if what == ASK:
            publishing.ask(session, desk.vault, author, saved.id, now)
        public_id = opening.public_id_of(session, saved.id)
    if what == PUBLISH:
        return public_id, put_out(desk, signed, saved)
    return public_id, "demande" if what == ASK else "enregistre"


def put_out(desk: Desk, signed: SignedIn, version: Saved) -> str:
    """Publish a version by a curateur, and return what came of it.

    In a transaction of its own, since it takes the lock of whoever hides actors before all else.
    A sheet that its curateur wrote waits for another one. Raises NotYourDecision.
    """
    author, now, viewer = gate.author_of(signed), desk.now(), gate.viewer_of(signed)
    try:
        with write(desk.engine) as session:
            given = (session, desk.vault, viewer, author, *version, now)
            return "retenue" if publishing.publish(*given) else "publie"
    except AnotherNeeded:
        with write(desk.engine) as session:
            publishing.ask(session, desk.vault, author, version.id, now)
        return "demande"
