"""A logo and a draft of an embed, as good as any."""

from io import BytesIO

from PIL import Image

from app.embeds.look import Look
from app.embeds.registration import Draft
from app.search.criteria import Search

SITE = "https://www.exemple.fr"
HERE = Search(territory="93")
DRAFT = Draft(search=HERE, look=Look(), origins=(SITE,), name="Exemple")


def image(image_format: str, size: tuple[int, int] = (120, 48), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "#14508c").save(file, image_format, **options)
    return file.getvalue()
