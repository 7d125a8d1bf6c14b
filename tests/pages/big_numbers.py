"""The big numbers of a page, as a reader has them."""

import re
from html import unescape

from streamlit.testing.v1 import AppTest


def big_numbers(page: AppTest) -> dict[str, str]:
    """Number by label, of the key results of a page."""
    drawn = next(element.value for element in page.get("html") if 'class="results"' in element.value)
    return {
        unescape(label): unescape(number) for label, number in re.findall(r"<dt>(.*?)</dt><dd><b.*?>(.*?)</b>", drawn)
    }
