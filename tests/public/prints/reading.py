"""A PDF as other programs than ours read it."""

import io
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import pypdf
from numpy.typing import NDArray


@dataclass(frozen=True)
class Printed:
    """A PDF as another program than ours reads it."""

    answer: httpx.Response

    @property
    def pdf(self) -> pypdf.PdfReader:
        """The document."""
        assert self.answer.status_code == 200, self.answer.text[:500]
        assert self.answer.headers["content-type"] == "application/pdf"
        return pypdf.PdfReader(io.BytesIO(self.answer.content))

    @property
    def lines(self) -> list[str]:
        """What each line says."""
        return self._run("pdftotext", "-raw", "-", "-").decode().splitlines()

    @property
    def pages(self) -> list[str]:
        """What each page says, its spaces and line breaks as one space each."""
        *pages, rest = self._run("pdftotext", "-raw", "-", "-").decode().split("\f")
        assert rest == ""
        return [" ".join(page.split()) for page in pages]

    @property
    def text(self) -> str:
        """All that it says."""
        return " ".join(self.pages)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """Its first page as one sees it: 0 is black, 50 points an inch."""
        picture = self._run("pdftoppm", "-gray", "-r", "50", "-singlefile", "-")
        _, size, _, pixels = picture.split(b"\n", 3)
        width, height = map(int, size.split())
        return np.frombuffer(pixels, np.uint8).reshape(height, width)

    def _run(self, *command: str) -> bytes:
        assert self.answer.status_code == 200, self.answer.text[:500]
        return subprocess.run(
            command, input=self.answer.content, capture_output=True, check=True
        ).stdout


def printed(client: httpx.Client, address: str) -> Printed:
    """Ask for a PDF."""
    return Printed(client.get(address))


def squeezed(text: str) -> str:
    """Return a text without its spaces: where a line breaks is no part of it."""
    return "".join(text.split())


def tagged(document: pypdf.PdfReader, tag: str, within: Any = None) -> Iterator[dict[str, Any]]:
    """Yield what has a tag in the structure that readers of the screen go by, or in a part."""
    root: Any = document.trailer["/Root"]
    waiting = [(within or root["/StructTreeRoot"])["/K"]]
    while waiting:
        element = waiting.pop()
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            waiting += element
        elif isinstance(element, dict) and "/S" in element:
            if element["/S"] == tag:
                yield element
            waiting.append(element.get("/K", []))


def figures(document: pypdf.PdfReader) -> Iterator[dict[str, Any]]:
    """Yield its images."""
    return tagged(document, "/Figure")
