"""Who sits in the closed place of a CDLP, and what is written there, as its pages do it."""

import re
from datetime import timedelta

from geo.zones import paris_day
from tests.desk.bureau import Browser


def sits(convener: Browser, professional: Browser, code: str = "93") -> None:
    """Have a professional invited, and accept."""
    mail = re.search(r"<dt>Adresse électronique</dt><dd>([^<]+)", professional.get("/pro").text)
    assert mail
    sent = {"courriel": mail[1], "fonction": "Parquet"}
    assert convener.post(f"/gestion/cdlp/{code}/inviter", sent).status_code == 303
    assert professional.post(f"/pro/reseau/cdlp/{code}/accepter").status_code == 303


def decides(convener: Browser, text: str, code: str = "93") -> None:
    """Have a decision of today written down."""
    sent = {"jour": paris_day().isoformat(), "texte": text}
    assert convener.post(f"/gestion/cdlp/{code}/decisions", sent).status_code == 303


def with_meetings(convener: Browser, professional: Browser) -> tuple[str, str]:
    """The days of a meeting that is confirmed, and of one that is to come; in the place of its
    CDLP somebody sits, and something was decided.
    """
    today = paris_day()
    days = (today.isoformat(), (today + timedelta(days=180)).isoformat())
    for day in days:
        assert convener.post("/gestion/etat-des-lieux/93", {"jour": day}).status_code == 303
    assert convener.post(f"/gestion/etat-des-lieux/93/{days[0]}/confirmer").status_code == 303
    sits(convener, professional)
    decides(convener, "Former les équipes.")
    return days
