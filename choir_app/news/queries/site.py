"""The house's own address, and what stands before a path for the language of its page."""

import re
from typing import Any

from flask import current_app

from choir_app.foundation.language import TONGUES

_ADDRESS_OF_OURS = re.compile(r'(href|src)="/(?!/)')


def site() -> str:
    """The house's own address, without a slash at its end."""
    return str(current_app.config["SETTINGS"].url).rstrip("/")


def prefix_of(language: str) -> str:
    """What stands before an address whose page is in this language."""
    is_own = language in TONGUES and language != current_app.config["SETTINGS"].language
    return f"/{language}" if is_own else ""


def whole_address(endpoint: str, language: str, **values: Any) -> str:
    """The whole address of a page in a language, for a letter that no request writes."""
    return site() + prefix_of(language) + current_app.url_map.bind("house").build(endpoint, values)


def with_whole_addresses(html: str) -> str:
    """HTML of ours whose links and pictures lead here from wherever it is read, such as a letter or a feed."""
    return _ADDRESS_OF_OURS.sub(rf'\1="{site()}/', html)
