"""Paper is set from data: no name becomes markup, every page is tagged, and letters that no face has stop nothing."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import typst

from choir_app.foundation import paper
from choir_app.rehearsals.queries import paper_of

AT = datetime(2026, 6, 16, 16, 0, tzinfo=UTC)
TEMPLATE = "rehearsals/study_list.typ"
NASTY = [
    '#panic("!")',
    "[Bo",
    "$x",
    "*Ek*",
    '"] #eval("1")',
    "\\",
    "`kod`",
    "<tagg>",
    "@bo",
    "// bort",
    "Bo_Ek",
    "{",
]


def a_list(names: list[str], gatherings: int = 3) -> dict[str, Any]:
    """The page's data for these people, all of them there every time."""
    ids = [str(UUID(int=number)) for number in range(len(names))]
    content = {
        "form": "circle",
        "choir": names[0],
        "town": "Boden",
        "association": "ABF",
        "title": names[-1],
        "number": names[0],
        "first_on": "2026-01-13",
        "last_on": "2026-06-16",
        "voice": None,
        "material": names[0],
        "audience_count": None,
        "women_count": None,
        "performer_count": None,
        "gatherings": [
            {
                "day": f"2026-{1 + number // 28:02}-{1 + number % 28:02}",
                "starts": "18.00",
                "ends": "20.00",
                "place": names[-1],
                "break_minutes": 15,
                "hours": 2,
                "people": len(names) + 1,
                "log": names[0],
                "present": ids,
            }
            for number in range(gatherings)
        ],
        "people": [{"singer_id": key, "gatherings": gatherings, "hours": 6, "counts": True} for key in ids],
        "participants": len(names) + 1,
        "hours": 6,
    }
    return paper_of(
        content, dict(zip(ids, names, strict=True)), leader=names[0], substitute=names[-1], state=names[0]
    )


def pages(data: dict[str, Any]) -> int:
    """How many pages it takes."""
    drawn = typst.compile(
        str(paper.TEMPLATES / TEMPLATE),
        root=str(paper.TEMPLATES),
        format="svg",
        sys_inputs={"data": json.dumps(data)},
    )
    return len(drawn) if isinstance(drawn, list) else 1


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_a_name_is_never_markup(name: str) -> None:
    body = paper.pdf(TEMPLATE, a_list([name, "Åsa Öberg"]), at=AT)
    assert body.startswith(b"%PDF-")


def test_a_name_with_signs_takes_the_room_of_its_letters() -> None:
    """Were «#v(1cm)» read, the page would be another: the same letters without the sign keep the same pages."""
    spreading = "#pagebreak()"
    assert pages(a_list([spreading] * 20)) == pages(a_list([spreading.replace("#", "%")] * 20))


def test_it_follows_the_standard_for_readers() -> None:
    body = paper.pdf(TEMPLATE, a_list(["Åsa Öberg", "يوسف محمد", "Олена Коваль", "Çağla Şahin"]), at=AT)
    assert b"pdfuaid" in body
    assert b"/StructTreeRoot" in body


def test_letters_that_no_face_has_stop_nothing() -> None:
    body = paper.pdf(TEMPLATE, a_list(["ሰላም ተስፋይ", "Bo"]), at=AT)
    assert body.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in body


def test_the_same_data_and_moment_give_the_same_bytes() -> None:
    data = a_list(["Åsa", "Bo"])
    assert paper.pdf(TEMPLATE, data, at=AT) == paper.pdf(TEMPLATE, data, at=AT)


def test_many_people_and_gatherings_go_over_several_pages() -> None:
    assert pages(a_list(["Bo", "Åsa", "Eva"])) <= 2
    data = a_list([f"Sångare {number}" for number in range(45)], gatherings=40)
    assert [len(part["days"]) for part in data["parts"]] == [13, 19, 8]
    assert [part["is-last"] for part in data["parts"]] == [False, False, True]
    assert pages(data) >= 8
    assert paper.pdf(TEMPLATE, data, at=AT).startswith(b"%PDF-")
