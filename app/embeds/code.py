"""The code that a site pastes to show an embed, and what its frame is called."""

from collections.abc import Mapping

from markupsafe import Markup

from app.search.criteria import Search
from app.search.wording import listed
from geo.names import behind_de

# px. A list of cards and a map can be read from about this height on.
HEIGHT, HEIGHT_MIN, HEIGHT_MAX = 640, 320, 1600
FULL_WIDTH = "100%"


def frame_title(search: Search, names: Mapping[str, str]) -> str:
    """Return what a screen reader says of the frame; never a word of the situation or the text.

    names: of territories by code.
    """
    return f"Carte : {_where(search, names)} – Mesure 23"


def _where(search: Search, names: Mapping[str, str]) -> str:
    if search.place and search.place.is_position:
        # "Position près de Lyon (69M)" says "près de" already.
        return search.place.label.replace("Position p", "p", 1)
    if search.place:
        return f"autour {behind_de(search.place.label)}"
    if search.territories:
        return listed([names[code] for code in search.territories])
    return "toute la France"


def iframe(address: str, title: str, height: int, width: str = FULL_WIDTH) -> str:
    """Return the HTML of a frame. address: absolute; height: px; width: px or a percentage.

    Width and height are attributes, since the filters of some CMS remove styles. The border is a
    style, since RGAA 10.1.2 forbids frameborder; where styles are removed, a thin line appears.
    It is a block, since themes of WordPress align nothing else with the text around it. No
    referrer is sent: the address of the page around may say what somebody is looking for.
    """
    frame = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
        ' referrerpolicy="no-referrer" style="border:0;display:block"></iframe>'
    ).format(address, title, width, height)
    # A str and no Markup: it is shown as a text to copy, so pages must escape it.
    return str(frame)


def height_script(base: str) -> str:
    """Return what a page adds, once, so that frames are as high as what they show.

    base: the address of the service. A frame says its height in a message; static/js/embed.js.
    """
    return f"""<script>
addEventListener("message", ({{ data, source }}) => {{
  for (const frame of document.querySelectorAll('iframe[src^="{base}/integration/"]'))
    if (frame.contentWindow === source && data?.mesure23 === "hauteur") frame.height = data.hauteur;
}});
</script>"""
