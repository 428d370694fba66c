"""The searches that alerts stand for, read from addresses of ours by the parsers of their pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from app.agenda import criteria as agenda
from app.agenda.event import FORMS
from app.agenda.event import PATH as AGENDA
from app.alerting.errors import SearchUnknown
from app.errors import TerritoryUnknown
from app.gazetteer.territories import canonical_code, read_names
from app.models.alert import Domain
from app.resources import criteria as resources
from app.resources.choices import THEMES
from app.resources.parameters import read_at_once
from app.search.criteria import Search
from app.search.newest import lasting
from app.search.parameters import read_pairs
from app.search.rows import place_in_words
from app.search.wording import chips

LONGEST = 2_000
TERRITORY = "territoire"
_TABLE, _AROUND, _OF_TERRITORY = "/table", "/autour", "/departements/"
Asked = Search | resources.Query | agenda.Query
DOMAINS: Mapping[Domain, str] = {
    "acteurs": "Acteurs",
    "ressources": "Ressources",
    "agenda": "Agenda",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search. query: its parameters as one address has them; asked: what they say."""

    domain: Domain
    query: str
    asked: Asked

    @property
    def path(self) -> str:
        """Return the address of its public page."""
        return self.asked.url()


def read_address(session: Session, address: str) -> Wanted:
    """Return the search of an address of a page of ours; raise SearchUnknown, or what is wrong."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise SearchUnknown from None
    path = parts.path
    if path in (_TABLE, _AROUND):
        return read_wanted(session, "acteurs", parts.query)
    if path.startswith(_OF_TERRITORY):
        code = canonical_code(path.removeprefix(_OF_TERRITORY))
        query = urlencode([(TERRITORY, code)]) + f"&{parts.query}"
        return read_wanted(session, "acteurs", query)
    if path == resources.PATH:
        return read_wanted(session, "ressources", parts.query)
    if path == AGENDA:
        return read_wanted(session, "agenda", parts.query)
    raise SearchUnknown


def read_wanted(session: Session, domain: Domain, query: str) -> Wanted:
    """Return the search that some parameters say: without its page, its order and the hour, of
    which nobody is told anything. Raises what is wrong with it.
    """
    if domain == "acteurs":
        search = _search(session, query)
        return Wanted(domain, urlencode(search.pairs(of_territory=True)), search)
    if domain == "ressources":
        try:
            wide = read_at_once(QueryParams(query)).but(order=None)
        except RequestValidationError:
            raise SearchUnknown from None
        return Wanted(domain, urlencode(wide.pairs()), wide)
    given = dict(parse_qsl(query))
    code = given.get(TERRITORY, "")
    events = agenda.read_query(
        code and canonical_code(code), given.get("type", ""), given.get("theme", "")
    )
    if events.territory and events.territory not in read_names(session):
        raise TerritoryUnknown(code=events.territory)
    return Wanted(domain, events.url("").removeprefix("?"), events)


def words_of(session: Session, wanted: Wanted) -> str:
    """Return a search as its page words it; a situation by its number: mails lie in mailboxes."""
    asked = wanted.asked
    if isinstance(asked, Search):
        said = [place_in_words(session, asked)]
        if asked.situation:
            said.append(f"situation n° {asked.situation.number}")
        said += [chip.label for chip in chips(session, asked.but(situation=None))]
    elif isinstance(asked, resources.Query):
        said = [f"« {asked.text} »"] if asked.text else []
        names = read_names(session)
        for offered, values in asked.asked:
            known = names if offered.choices is None else offered.choices
            said += [known.get(value, value) for value in values]
        if asked.nationwide and asked.values(resources.TERRITORY):
            said.append("ou national")
    else:
        themes = {code: each.label for code, each in THEMES().items()}
        names = read_names(session)
        said = [
            names.get(asked.territory, ""),
            FORMS.get(asked.form, ""),
            themes.get(asked.theme, ""),
        ]
    return ", ".join(filter(None, said)) or "Tout"


def _search(session: Session, query: str) -> Search:
    pairs = parse_qsl(query)
    code = dict(pairs).get(TERRITORY, "")
    return lasting(read_pairs(session, pairs, code and canonical_code(code)))
