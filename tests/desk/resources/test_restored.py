"""What the desk says of a resource that was corrected after the backup that was restored."""

from sqlalchemy import select

from app.models import ResourceRecord
from app.platform.database.sessions import write
from app.records.unpublishing import take_down_restored
from tests.desk.resources.room import HELD, Room, held_of, id_of, words
from tests.resource_contents import document

TITLE = "Corrigée depuis"


def test_one_curateur_lets_it_out_as_it_was(room: Room) -> None:
    page = room.published(document(title=TITLE))
    with write(room.runtime.staff) as session:
        wanted = ResourceRecord.public_id == id_of(page)
        resource = session.scalars(select(ResourceRecord.id).where(wanted)).one()
        take_down_restored(session, room.runtime.vault, resource)
    assert not room.is_read(page)
    curateur = room.curateur()
    assert "Un de ses textes est retenu" in words(curateur.get(page))
    said = words(curateur.get(HELD))
    assert "Ce texte a été corrigé après la sauvegarde qui a été restaurée" in said
    assert f"Publier tel quel : {TITLE}" in said
    answer = curateur.post(held_of(curateur, TITLE), {"reponse": "accorder"})
    assert "fait=sortie" in answer.headers["location"]
    assert room.is_read(page)
