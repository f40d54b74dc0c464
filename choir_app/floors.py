"""The plan of the house: which room stands on which floor. A room may import from any floor below its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """One part of the choir network's domain and the floor it stands on."""

    name: str
    floor: int
    purpose: str


ROOMS: tuple[Room, ...] = (
    Room("foundation", 0, "database, clock, money, language, forms, doors, refusals, mail, pictures"),
    Room("accounts", 1, "people who sign in, their roles, invitations and sessions"),
    Room("choirs", 2, "towns, choirs, venues, singers and their memberships"),
    Room("rehearsals", 3, "when we sing, who came (offline too), replies, calendars, study lists"),
    Room("partners", 3, "organisations, the people there, what was said and what comes next"),
    Room("news", 3, "posts in their languages, pictures and who is in them, feeds, letters, tips, readings"),
    Room("funding", 5, "agreements, costs, and until when each choir is paid for"),
    Room("overview", 7, "start pages, public choir pages; reads from all, known by none"),
    Room("demo", 8, "the demo network, made by one seeded function"),
)

FLOOR_OF: dict[str, int] = {room.name: room.floor for room in ROOMS}

FURNITURE: tuple[str, ...] = ("rules", "models", "permissions", "queries", "actions", "forms", "views")
"""What stands in a room, in the order in which one piece may lean on those before it."""

OPEN_TO_OTHERS: frozenset[str] = frozenset({"rules", "models", "permissions", "queries", "actions"})
"""The furniture that a room higher up may use."""

ROOMS_WITH_PAGES: tuple[str, ...] = (
    "accounts",
    "choirs",
    "rehearsals",
    "partners",
    "news",
    "funding",
    "overview",
)
"""The rooms whose `views` the factory opens, in this order."""
