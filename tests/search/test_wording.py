"""What a search is called in French."""

from sqlalchemy.orm import Session

from app.places.points import read_place
from app.search.criteria import Search
from app.search.wording import chips, heading


def test_a_title_and_a_chip_put_their_place_behind_de_as_french_does(session: Session) -> None:
    place = read_place(session, "62427")
    assert heading(session, Search(place=place)) == "Autour d’Hénin-Beaumont (62)"
    (chip,) = chips(session, Search(far=place, far_km=10))
    assert chip.label == "À plus de 10 km d’Hénin-Beaumont (62)"
