"""Read what was shown: pixels, and the descriptions of a page."""

import base64
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
from PIL import Image


def pixels(shown):
    return np.asarray(Image.open(BytesIO(base64.b64decode(shown.data["image/png"]))).convert("RGB"))


def area(shown, colour):
    """Count pixels of nearly one colour, given as #rrggbb."""
    wanted = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
    return int((np.abs(pixels(shown).astype(int) - wanted) <= 8).all(axis=2).sum())


class AltTexts(HTMLParser):
    """Collect the descriptions of all pictures of a page."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs).get("alt"))
