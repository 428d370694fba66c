"""What a list refuses since somebody else touched it leads back to it, as its advice says."""

from fastapi import Request
from fastapi.responses import Response

from app.desk.imports.narrowing import way_back
from app.desk.imports.routes import HERE
from app.errors import Mesure23Error
from app.lists.chosen import ChosenMeanwhile
from app.lists.deposits import DepositMoved
from app.lists.review import AppliedMeanwhile, DepositReread, LineUnknown
from app.lists.review_moves import DecidedMeanwhile
from app.lists.review_tally import AcceptedOtherwise
from app.platform.web.problems import answer

TO_LINES = (DecidedMeanwhile, DepositReread)
TO_LIST = (AcceptedOtherwise, AppliedMeanwhile, DepositMoved, LineUnknown)
HANDLED = (*TO_LINES, *TO_LIST, ChosenMeanwhile)


def lead_back(request: Request, error: Exception) -> Response:
    """Answer an error of a list with a link to its lines, narrowed as they were, or to its page."""
    if not isinstance(error, Mesure23Error):
        raise error
    if not (found := request.path_params.get("deposit_id")):
        return answer(request, error)
    page = f"{HERE}/{found}"
    if isinstance(error, TO_LINES):
        return answer(request, error, onward=("Revenir aux lignes", _lines(request, page)))
    if isinstance(error, ChosenMeanwhile):
        return answer(request, error, onward=("Revenir aux colonnes", f"{page}/colonnes"))
    beside = error.changed if isinstance(error, AcceptedOtherwise) else ""
    return answer(request, error, onward=("Revenir à la liste", page), beside=beside)


def _lines(request: Request, page: str) -> str:
    way = way_back(request, "page", "remarque")
    return f"{page}/relire?{way}" if way else f"{page}/relire"
