"""How somebody can have agreed to be shown in a picture, and how long one that no text shows is kept."""

from datetime import timedelta
from typing import Any

from choir_app.foundation.language import lazy_

WAYS_TO_AGREE: dict[str, Any] = {
    "paper": lazy_("På papper, med namnteckning"),
    "mail": lazy_("I mejl"),
    "message": lazy_("I ett meddelande"),
    "spoken": lazy_("Muntligt"),
}
"""By the words that the database keeps for them."""
UNUSED_IS_KEPT = timedelta(days=90)
"""After it was brought in, for whoever still means to write about it."""
