"""Two thousand alerts over five thousand actors that are all new."""

import resource
import time
from functools import partial

import pytest
from sqlalchemy import text

from app.alerting import keeping, news
from app.alerting.searches import read_wanted
from app.models import Role
from app.platform.database.sessions import write
from app.resources.index import read_index
from app.visibility import Viewer
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Bureau
from tests.networked import joins
from tests.statements import statements

ACTORS, MEMBERS, OF_EACH, DIFFERENT = 5_000, 40, 50, 500
MOST_SECONDS, MOST_KILOBYTES = 60, 200_000
NEW = f"""
INSERT INTO actor (id, public_id, slug, status, protected, category, name, territory_code)
SELECT gen_random_uuid(), substr(md5(n::text), 1, 16), 'acteur', 'published', false, 'association',
    'Antenne mot' || n % {DIFFERENT}, '93'
FROM generate_series(1, {ACTORS}) n
"""


@pytest.mark.long
def test_two_thousand_alerts_are_computed_in_a_minute_and_equal_ones_once(bureau: Bureau) -> None:
    before = bureau.clock.at
    for member in range(MEMBERS):
        person = bureau.enrolled(Role.PROFESSIONNEL)
        joins(runtime_of(bureau), person.id, before)
        with write(bureau.databases.staff) as session:
            for number in range(OF_EACH):
                query = f"territoire=93&q=mot{(member * OF_EACH + number) % DIFFERENT}"
                wanted = read_wanted(session, "acteurs", query)
                given = (session, bureau.vault, person.id, wanted, "aussitot", before)
                keeping.create(*given)
    bureau.clock.pass_by(minutes=5)
    now = bureau.clock.at
    with write(bureau.databases.staff) as session:
        session.execute(text(NEW))
        news.note(session, now)
    index = partial(read_index, viewer=Viewer.written_to(None, now))
    size, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with statements(bureau.databases.staff) as sent, write(bureau.databases.staff) as session:
        found, failed = news.due(session, bureau.vault, now, index)
    took = time.perf_counter() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size
    assert (len(found), failed) == (MEMBERS * OF_EACH, 0)
    assert len(sent) < 10 * DIFFERENT
    assert took < MOST_SECONDS
    assert grown < MOST_KILOBYTES
