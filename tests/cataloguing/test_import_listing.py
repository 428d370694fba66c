"""The list of catalogues says what each is called, and builds no plan for that."""

from app.cataloguing.importing import COLUMN, TABLE, read_imports
from app.models import ResourceImport
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.cataloguing.catalogues import REPORT, catalogue, planned
from tests.makers_resources import CURATEUR


def test_a_list_of_catalogues_builds_no_plan(runtime: Runtime) -> None:
    import_id = planned(runtime, catalogue(REPORT))
    with write(runtime.staff) as session:
        row = session.get_one(ResourceImport, import_id)
        # Lines that no plan takes.
        given = {"name": "catalogue.json", "lines": [{}, {}]}
        row.plan = runtime.vault.seal_json(TABLE, row.id, COLUMN, given)
    with read(runtime.staff) as session:
        (found,) = read_imports(session, runtime.vault, CURATEUR)
    assert (found.name, found.lines) == ("catalogue.json", 2)
