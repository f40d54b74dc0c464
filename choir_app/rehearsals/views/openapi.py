"""The wire described in OpenAPI 3.1, as data: served at /api/v1/openapi.json and held against the real answers."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from choir_app.foundation.audience import for_everyone
from choir_app.foundation.kept_pages import same_for_all_visitors
from choir_app.rehearsals import rules
from choir_app.rehearsals.views import room

VERSION = "1.1"
"""Of the description. The first number stays 1 as long as the address says v1."""

Schema = dict[str, Any]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _object(properties: dict[str, Schema], *optional: str, is_open: bool = False) -> Schema:
    """An object; what is not among `optional` is always there. Answers may gain fields, so readers ignore others."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": is_open,
    }


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


UUID_TEXT: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {
    "type": "string",
    "format": "date-time",
    "description": "ISO 8601 with its distance to UTC.",
    "examples": ["2026-06-16T16:00:00.000Z"],
}
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
STATUS: Schema = {"type": "string", "enum": list(rules.STATUSES)}
OUTCOME: Schema = {"type": "string", "enum": list(rules.OUTCOMES)}


def _act(kind: str, what: dict[str, Schema], *optional: str) -> Schema:
    common: dict[str, Schema] = {
        "id": {**UUID_TEXT, "description": "Made on the device; the same act keeps it for ever."},
        "kind": {"const": kind},
        "rehearsal_id": UUID_TEXT,
        "at": {**MOMENT, "description": "When it was done, by the device's own clock."},
        "seen": {
            **_or_null(UUID_TEXT),
            "description": "The act that the device last knew of for the same thing.",
        },
        "settles": {
            **_or_null(UUID_TEXT),
            "description": "The other act of a disagreement that this one ends.",
        },
        "why": {
            **_or_null(TEXT),
            "maxLength": rules.LONGEST_REASON,
            "description": "Said when a list that was handed in is corrected.",
        },
    }
    return _object(common | what, "seen", "settles", "why", *optional, is_open=True)


COUNTS: dict[str, Schema] = {
    "id": UUID_TEXT,
    "present_count": COUNT,
    "mark_count": COUNT,
    "guest_count": COUNT,
    "guests_act_id": _or_null(UUID_TEXT),
    "headcount": {**_or_null(COUNT), "description": "Null: nobody has said who came."},
    "done_at": _or_null(MOMENT),
}
SHARED: dict[str, Schema] = {
    "merged": {
        "type": "object",
        "additionalProperties": UUID_TEXT,
        "description": "Singers who turned out to be somebody known: the old id and the one that stands.",
    },
    "conflicts": _list(_ref("Conflict")),
}
SCHEMAS: dict[str, Schema] = {
    "Error": _object(
        {"error": {"type": "integer"}, "reason": {**TEXT, "description": "For people."}}, is_open=True
    ),
    "Act": {
        "oneOf": [
            _ref(name)
            for name in ("Mark", "Guests", "Newcomer", "Done", "Note", "Outcome", "OutcomeTakenBack")
        ]
    },
    "Mark": _act("mark", {"singer_id": UUID_TEXT, "status": STATUS}),
    "Guests": _act("guests", {"number": {**COUNT, "maximum": rules.MOST_GUESTS, "description": "In all."}}),
    "Newcomer": _act(
        "newcomer",
        {
            "singer_id": {**UUID_TEXT, "description": "Made on the device; marks may name it at once."},
            "name": {**TEXT, "minLength": 1, "maxLength": rules.LONGEST_NAME},
            "voice_id": _or_null(UUID_TEXT),
            "phone": {**_or_null(TEXT), "maxLength": 40},
            "reads": {**_or_null(TEXT), "description": "A language code; unknown ones are left out."},
            "may_write": _or_null(YES_OR_NO),
            "buddy_id": {**_or_null(UUID_TEXT), "description": "The singer of the choir who helps along."},
        },
        "voice_id",
        "phone",
        "reads",
        "may_write",
        "buddy_id",
    ),
    "Done": _act("done", {}),
    "Note": _act("note", {"words": {**TEXT, "maxLength": rules.LONGEST_NOTE}}),
    "Outcome": _act(
        "outcome",
        {
            "outcome": OUTCOME,
            "words": {**_or_null(TEXT), "maxLength": rules.LONGEST_HAPPENING},
            "may_be_told": YES_OR_NO,
            "singer_id": {**_or_null(UUID_TEXT), "description": "Never with health."},
        },
        "words",
        "may_be_told",
        "singer_id",
    ),
    "OutcomeTakenBack": {
        **_act("outcome", {"outcome": {"type": "null"}, "seen": UUID_TEXT}),
        "required": ["id", "kind", "rehearsal_id", "at", "seen"],
    },
    "Batch": _object(
        {
            "sent_at": {**MOMENT, "description": "The device's clock when it sends; it corrects every `at`."},
            "device_id": {
                **_or_null(TEXT),
                "pattern": f"^[A-Za-z0-9_-]{{1,{rules.LONGEST_DEVICE}}}$",
                "description": "The same for all that one device sends.",
            },
            "acts": _list(
                {
                    "description": "Should be an Act. Anything else is refused by itself and stops no other.",
                    "anyOf": [_ref("Act"), {"type": "object"}],
                },
                maxItems=rules.MOST_ACTS,
            ),
        },
        "device_id",
        is_open=True,
    ),
    "Result": _object(
        {
            "id": {**_or_null(TEXT), "description": "As it was sent, when it can be said back."},
            "outcome": {"type": "string", "enum": ["applied", "superseded", "refused"]},
            "reason": {**_or_null(TEXT), "description": "For people; only when refused."},
        }
    ),
    "Side": _object({"act_id": UUID_TEXT, "status": STATUS, "by": TEXT, "at": MOMENT}),
    "Conflict": _object({"singer_id": UUID_TEXT, "counts": _ref("Side"), "other": _ref("Side")}),
    "Truth": _object(
        {
            **COUNTS,
            "marks": {
                "type": "object",
                "additionalProperties": _object(
                    {"status": {"type": "string", "enum": ["present", "absent"]}, "act_id": UUID_TEXT}
                ),
                "description": "By singer; who is not among them was not seen.",
            },
            **SHARED,
        },
        is_open=True,
    ),
    "Answer": _object(
        {
            "received_at": MOMENT,
            "results": _list(
                _ref("Result"), description="One for each act, in the order in which they were sent."
            ),
            "rehearsals": _list(
                _ref("Truth"), description="How each roll stands now that the sender may take."
            ),
        },
        is_open=True,
    ),
    "RollSinger": _object(
        {
            "id": UUID_TEXT,
            "first_name": TEXT,
            "surname": _or_null(TEXT),
            "voice_id": _or_null(UUID_TEXT),
            "is_new": YES_OR_NO,
            "is_expected": YES_OR_NO,
            "has_said": {
                "enum": ["coming", "not_coming", None],
                "description": "A hint; never an attendance.",
            },
            "status": {"enum": ["present", "absent", None], "description": "Null: not seen."},
            "act_id": _or_null(UUID_TEXT),
        },
        is_open=True,
    ),
    "Snapshot": _object(
        {
            **COUNTS,
            "choir": _object({"id": UUID_TEXT, "name": TEXT, "slug": TEXT}, is_open=True),
            "kind": {"type": "string", "enum": ["rehearsal", "concert", "social"]},
            "starts_at": MOMENT,
            "ends_at": MOMENT,
            "sung_on": {"type": "string", "format": "date"},
            "place": TEXT,
            "is_cancelled": YES_OR_NO,
            "is_open": YES_OR_NO,
            "closes_at": {**MOMENT, "description": "From then on only a manager may change it."},
            "handed_in_at": _or_null(MOMENT),
            "elsewhere": {**COUNT, "description": "Present, but erased: no name any more."},
            "voices": _list(_object({"id": UUID_TEXT, "name": TEXT, "pot": COUNT}, is_open=True)),
            "singers": _list(_ref("RollSinger")),
            **SHARED,
            "outcomes": _list(_object({"act_id": UUID_TEXT, "outcome": OUTCOME}, is_open=True)),
            "also_marking": _list(
                TEXT, description="Others whose acts came in during the last five minutes."
            ),
            "arrivals": _list(
                _object({"id": UUID_TEXT, "first_name": TEXT, "at": MOMENT}, is_open=True),
                description="Who waits at the door; only of one roll, never kept on a phone.",
            ),
        },
        "arrivals",
        is_open=True,
    ),
    "Evenings": _object(
        {
            "fetched_at": MOMENT,
            "account": _object({"id": _or_null(UUID_TEXT), "name": TEXT}, is_open=True),
            "rehearsals": _list(_ref("Snapshot")),
        },
        is_open=True,
    ),
    "Seal": {
        "type": "object",
        "description": "What a phone seals unsent acts with at sign-out: the key of the house and a ticket.",
        "required": ["key_id", "public_key", "ticket"],
        "additionalProperties": True,
    },
    "Envelopes": _object(
        {"sent_at": _or_null(MOMENT), "envelopes": _list({"type": "object"})}, "sent_at", is_open=True
    ),
    "Deliveries": _object(
        {"received_at": MOMENT, "results": _list({"type": "object", "additionalProperties": True})},
        is_open=True,
    ),
}

BAD = {
    "400": "It is no JSON.",
    "401": "Sign in, then send the same again: keep what waits.",
    "403": "Sent from a page of another site.",
    "404": "Not there, or not yours.",
    "413": "Too much at once. Split it and send the parts.",
    "415": "Not sent as application/json.",
    "422": "JSON, but not in this form.",
}


def _answers(good: Schema, *bad: str) -> dict[str, Any]:
    return {"200": good} | {
        code: {"description": BAD[code], "content": {"application/json": {"schema": _ref("Error")}}}
        for code in bad
    }


def _json(name: str, description: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _ref(name)}}}


def _with_mark(name: str, description: str) -> dict[str, Any]:
    mark = {"ETag": {"schema": TEXT, "description": "Send it back in If-None-Match."}}
    return _answers({**_json(name, description), "headers": mark}, "401", "404") | {
        "304": {"description": "Nothing has changed since."}
    }


def _sent(name: str) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": _ref(name)}}}


IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "schema": TEXT,
    "description": "The ETag of the answer that one has.",
}


def _in_path(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": UUID_TEXT}


PATHS: dict[str, Any] = {
    "/api/v1/acts": {
        "post": {
            "operationId": "sendActs",
            "summary": "Send acts of the roll: any order, any splitting, any number of times.",
            "requestBody": _sent("Batch"),
            "responses": _answers(
                _json("Answer", "Each act has its result; forget on the device those that have one."),
                "400",
                "401",
                "403",
                "413",
                "415",
                "422",
            ),
        }
    },
    "/api/v1/roll/{rehearsal_id}": {
        "get": {
            "operationId": "roll",
            "summary": "One roll as it stands.",
            "parameters": [_in_path("rehearsal_id"), IF_NONE_MATCH],
            "responses": _with_mark("Snapshot", "The roll. No phone numbers and no notes."),
        }
    },
    "/api/v1/evenings": {
        "get": {
            "operationId": "evenings",
            "summary": "All rolls of one's choirs, fourteen days back and ahead.",
            "parameters": [IF_NONE_MATCH],
            "responses": _with_mark("Evenings", "What a phone keeps for when it has no contact."),
        }
    },
    "/api/v1/seal": {
        "get": {
            "operationId": "seal",
            "summary": "What unsent acts are sealed with before somebody signs out.",
            "parameters": [{"name": "device", "in": "query", "schema": TEXT}],
            "responses": _answers(_json("Seal", "A public key and a ticket."), "401", "404", "422"),
        }
    },
    "/api/v1/sealed": {
        "post": {
            "operationId": "sendSealed",
            "summary": "Bring sealed acts; nobody needs to be signed in, and they count for who made them.",
            "requestBody": _sent("Envelopes"),
            "responses": _answers(
                _json("Deliveries", "One result for each envelope."), "400", "403", "413", "415", "422"
            ),
        }
    },
    "/api/v1/arrivals/{rehearsal_id}/{arrival_id}": {
        "post": {
            "operationId": "answerArrival",
            "summary": "Say who somebody at the door is.",
            "parameters": [_in_path("rehearsal_id"), _in_path("arrival_id")],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "responses": _answers(
                {"description": "Done.", "content": {"application/json": {"schema": {"type": "object"}}}},
                "400",
                "401",
                "403",
                "404",
                "413",
                "415",
                "422",
            ),
        }
    },
    "/api/v1/sign-out": {
        "post": {
            "operationId": "signOut",
            "summary": "Sign out on this device.",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            "responses": _answers(
                {"description": "Done.", "content": {"application/json": {"schema": {"type": "object"}}}},
                "400",
                "403",
                "413",
                "415",
            ),
        }
    },
    "/api/v1/openapi.json": {
        "get": {
            "operationId": "description",
            "summary": "This description.",
            "responses": _answers(
                {
                    "description": "OpenAPI 3.1.",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                }
            ),
        }
    },
}

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Roll call",
        "version": VERSION,
        "description": (
            "How phones send who came and get the rolls. Explained in docs/wire.md. Fields may be added to "
            "answers and optional fields to acts; nothing is taken away or changes its meaning while it is v1."
        ),
        "license": {"name": "MIT", "identifier": "MIT"},
    },
    "paths": PATHS,
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "kor",
                "description": "__Host-kor over https.",
            }
        },
    },
    "security": [{"session": []}, {}],
}


@room.get("/api/v1/openapi.json")
@same_for_all_visitors
@for_everyone
def openapi() -> ResponseReturnValue:
    """The description of the wire, for whoever builds on it."""
    return jsonify(DESCRIPTION)
