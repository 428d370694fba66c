"""The directory of the network."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.network.charter_routes import CHARTER, NETWORK
from app.desk.network.viewing import viewer_of
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.gazetteer.territories import canonical_code, read_names
from app.models import Role
from app.network import directory
from app.network.errors import NotMember
from app.network.words import FUNCTIONS, themes
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to

router = APIRouter(prefix=NETWORK)
Code = Annotated[str, Query(max_length=30)]


@router.get("")
@open_to(Role.PROFESSIONNEL)
def members(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    q: Annotated[str, Query(max_length=100)] = "",
    fonction: Code = "",
    territoire: Code = "",
    theme: Code = "",
    former: Code = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    """Show who is in the network, by words and filters; whoever is no member reads its charter."""
    with read(desk.engine) as session:
        names = read_names(session)
        code = canonical_code(territoire) if territoire else ""
        trains = former == "oui"
        query = directory.read_query(
            q, fonction, code if code in names else "", theme, trains=trains
        )
        try:
            given = (viewer_of(desk, signed), names, query, page)
            found = directory.search(session, desk.vault, *given)
        except NotMember:
            return RedirectResponse(CHARTER, 303)
    asked = {"q": q.strip(), "fonction": query.function, "territoire": query.territory}
    asked |= {"theme": query.theme, "former": "oui" * query.trains}
    return render(
        request,
        "desk/network/members.html",
        signed,
        found=found,
        asked=asked,
        filters=_filters(found.counts, names),
        address=f"{NETWORK}?{_address(asked)}",
        functions=FUNCTIONS,
        themes=themes(),
        names=names,
        path=NETWORK,
    )


def _filters(
    counts: Mapping[str, Counter[str]], names: Mapping[str, str]
) -> dict[str, list[tuple[str, str, int]]]:
    """Return of each filter the values that somebody has: code, words, and how many."""
    words = {"function": FUNCTIONS, "territory": names, "theme": themes(), "trains": {"oui": "oui"}}
    return {
        name: [(code, label, each) for code, label in known.items() if (each := counts[name][code])]
        for name, known in words.items()
    }


def _address(asked: Mapping[str, str]) -> str:
    said = urlencode({name: value for name, value in asked.items() if value})
    return f"{said}&" if said else ""
