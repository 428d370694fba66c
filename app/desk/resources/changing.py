"""What a button of a form does with its lines: one more, or one of them higher."""

from app.cataloguing.drafts import Sent
from app.desk.resources.controls import OWN
from app.desk.resources.entered import grown, raised
from app.resources.forms import Form

MORE, HIGHER = "plus", "monter"


def changed(form: Form, sent: Sent, what: str) -> Sent:
    """Return what a form shows after a button: "plus:steps", or "monter:steps:2"."""
    deed, _, rest = what.partition(":")
    name, _, place = rest.partition(":")
    control = next((each for each in OWN[form] if each.name == name and each.columns), None)
    if control is None:
        return sent
    if deed == MORE:
        return grown(sent, control)
    if deed == HIGHER and place.isdecimal() and len(place) < 4:
        return raised(sent, control, int(place))
    return sent
