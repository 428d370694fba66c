"""The space of a professional says whom to call where they work, by what is public alone."""

from app.models import Role
from tests.desk.actors.conftest import Desk


def test_numbers_are_those_of_their_territories_as_visitors_read_them(desk: Desk) -> None:
    page = desk.signed_in(Role.PROFESSIONNEL).get("/pro").text
    for phone in ("tel:+33199000001", "tel:+33199000002"):
        assert f'href="{phone}"' in page
    assert "CRIP, Seine-Saint-Denis" in page
    # Of a home, and of whom it hides or who does something else, nothing is said there.
    for name in desk.ids():
        assert name not in page
    for phone in ("0199000010", "0199000020", "0199000030"):
        assert phone[1:] not in page.replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
