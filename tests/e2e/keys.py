"""What fingers do, as WebDriver and WebDriver BiDi have it alike."""

from typing import Any

CONTROL, ENTER, DOWN = "\ue009", "\ue007", "\ue015"
Actions = list[dict[str, Any]]


def press(x: int, y: int) -> Actions:
    """Press the main button of the mouse at a point of the viewport."""
    steps = [
        {"type": "pointerMove", "x": x, "y": y},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerUp", "button": 0},
    ]
    return [{"type": "pointer", "id": "mouse", "actions": steps}]


def keys(text: str) -> Actions:
    """Press keys one after the other."""
    return _keyboard([step for each in text for step in (_down(each), _up(each))])


def rewrite(text: str) -> Actions:
    """Select all that a field holds, and write in place of it."""
    select = [_down(CONTROL), _down("a"), _up("a"), _up(CONTROL)]
    return _keyboard([*select, *keys(text)[0]["actions"]])


def _keyboard(steps: list[dict[str, str]]) -> Actions:
    return [{"type": "key", "id": "keyboard", "actions": steps}]


def _down(key: str) -> dict[str, str]:
    return {"type": "keyDown", "value": key}


def _up(key: str) -> dict[str, str]:
    return {"type": "keyUp", "value": key}
