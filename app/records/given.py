"""Which numbers that a line withholds stay public, since another source gives them to anybody."""

from app.records.edits import Edit
from app.records.record import Origin
from importers.row import ActorRow


def without_given(row: ActorRow, edit: Edit, origin: Origin) -> ActorRow:
    """Return a line that does not withhold what another source, or a person, has made public.

    Only where nothing but a person's name beside the number withholds it, and nothing of the actor
    is hidden: the name is never shown, and it says nothing of the number that was not known.
    """
    by = edit.provenance.get("phones")
    is_open = (edit.former_level, edit.former_status) == (None, "published")
    if not row.beside_names or not is_open or by is None or by.source == origin.source:
        return row
    # Of a lower rank it would take the number over, and who gave it could take it back no more.
    if by.rank < origin.rank:
        return row
    public = set(edit.record.phones) - set(edit.record.unpublished)
    given = public.intersection(row.beside_names)
    left = tuple(each for each in row.unpublished if each not in given)
    return row.model_copy(update={"unpublished": left}) if given else row
