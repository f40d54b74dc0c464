"""The frame around every page: the bars with their words."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_login import current_user

from choir_app.choirs.permissions import leads_any_choir
from choir_app.overview import rules
from choir_app.overview.views import room


@dataclass(frozen=True)
class Way:
    """One link in a bar."""

    label: str
    short: str
    url: str
    icon: str
    is_current: bool


@room.app_context_processor
def bars() -> dict[str, Any]:
    """The bars of this person: `navigation` has every place, `tab_bar` those that a phone shows."""
    visitor_links = [_way(place) for place in rules.FOR_VISITORS]
    footer_links = [_way(place) for place in rules.FOR_FOOTER]
    if not current_user.is_authenticated:
        return {
            "navigation": [],
            "tab_bar": [],
            "visitor_links": visitor_links,
            "footer_links": [*footer_links, _way(rules.SIGN_IN)],
        }
    places = rules.places_for(
        manages=current_user.manages, leads=leads_any_choir(current_user), edits=current_user.edits
    )
    return {
        "navigation": [_way(place) for place in places],
        "tab_bar": [_way(place) for place in rules.bar_of(places)],
        "visitor_links": visitor_links,
        "footer_links": footer_links,
    }


def _way(place: rules.Place) -> Way:
    here = request.endpoint or ""
    is_in_room = here.startswith(place.rooms) and not here.startswith(place.elsewhere)
    is_current = here == place.endpoint or is_in_room
    label = str(place.label)
    return Way(label, str(place.short) or label, url_for(place.endpoint), place.icon, is_current)
