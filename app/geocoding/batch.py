"""Asks the geocoder for the addresses that lists left without coordinates, batch by batch."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.geocoding.answers import Judged, judge_batch, save
from app.geocoding.asking import still_waiting, waiting
from app.platform.database.sessions import read, write
from app.records.history import History
from app.records.writing import Writer
from app.settings import Settings
from app.vault.digests import index_key
from app.vault.sealing import Vault
from geo.geocoder import Geocoder, GeocoderBusy, GeocoderError, GeocoderUnreachable, Result

BATCH = 1_000
Down = GeocoderUnreachable | GeocoderBusy


@dataclass(slots=True)
class Geocoded:
    """What became of the addresses asked.

    failure: why some could not be asked, or None. down: the geocoder let a whole batch down, so
    that the rest was not tried.
    """

    accepted: int = 0
    review: int = 0
    rejected: int = 0
    failed: int = 0
    failure: str | None = None
    down: bool = False

    def add(self, answers: Sequence[Result], judged: Sequence[Judged]) -> None:
        """Count a batch."""
        failures = [str(each) for each in answers if isinstance(each, GeocoderError)]
        self.failed += len(failures)
        self.failure = failures[-1] if failures else self.failure
        self.down = bool(answers) and all(isinstance(each, Down) for each in answers)
        decisions = Counter(each.verdict.decision for each in judged)
        self.accepted += decisions["accepted"]
        self.review += decisions["review"]
        self.rejected += decisions["rejected"]


def geocode(
    staff: Engine,
    vault: Vault,
    settings: Settings,
    who: str,
    progress: Callable[[int, int], None] | None = None,
    only: Collection[UUID] | None = None,
) -> Geocoded:
    """Ask for every public address that has no answer yet; each batch is committed by itself.

    only: of these actors, and of no other.

    A geocoder that cannot be reached loses nothing: the actors stand at their commune's point, and
    the next call asks again.
    """
    outcome = Geocoded()
    with Geocoder(settings.geocoder_url, timeout=settings.geocoder_timeout) as geocoder:
        with write(staff) as session:
            key = index_key(session, vault)
            gazetteer = cached_gazetteer(session.connection())

        def writer(session: Session) -> Writer:
            return Writer(session, vault, key, gazetteer)

        with read(staff) as session:
            todo = list(waiting(session, key, writer(session), only))
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            if outcome.down:
                outcome.failed += len(batch)
            else:
                with read(staff) as session:
                    batch = still_waiting(writer(session), batch)
                # No transaction is open while the network is waited for.
                answers = geocoder.search_many([each.query for each in batch])
                judged = list(judge_batch(batch, answers, gazetteer))
                outcome.add(answers, judged)
                with write(staff) as session:
                    history = History(session, vault, who, "geocoding")
                    save(session, vault, key, writer(session), judged, history)
            if progress:
                progress(min(start + BATCH, len(todo)), len(todo))
    return outcome
