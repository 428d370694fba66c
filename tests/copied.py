"""What a database of a test's own takes from one that was filled once."""

import psycopg
from sqlalchemy import make_url


def copy_territories(source: str, target: str) -> None:
    """Copy territories and communes between databases at head, given by their addresses."""
    plain = [
        make_url(each).set(drivername="postgresql").render_as_string(hide_password=False)
        for each in (source, target)
    ]
    with psycopg.connect(plain[0]) as reading, psycopg.connect(plain[1]) as writing:
        for table in (b"territory", b"epci", b"commune"):
            with (
                reading.cursor().copy(b"COPY %s TO STDOUT (FORMAT BINARY)" % table) as out,
                writing.cursor().copy(b"COPY %s FROM STDIN (FORMAT BINARY)" % table) as taken,
            ):
                for data in out:
                    taken.write(data)
