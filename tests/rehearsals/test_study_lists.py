"""Lists for the study association: begun, filled by the roll, handed in, corrected, taken out, and forgotten."""

import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from choir_app.accounts.models import Account
from choir_app.choirs.actions import erase_singer
from choir_app.choirs.models import Choir, Singer
from choir_app.foundation import clock
from choir_app.foundation.audit import AuditEntry
from choir_app.foundation.database import db
from choir_app.foundation.refusal import NotAllowed, Refusal
from choir_app.foundation.settings import PROJECT
from choir_app.rehearsals import actions, queries
from choir_app.rehearsals.models import (
    HandedInList,
    HandedInName,
    Rehearsal,
    StudyGathering,
    StudyList,
    StudyRule,
)
from tests import makers
from tests.conftest import TheClock
from tests.statements import at_most
from tests.visitor import Visitor

FIRST = datetime(2026, 4, 7, 16, 0, tzinfo=UTC)
"""Six in the evening on a Tuesday; ten weeks later it is the day on which the clock stands."""


@pytest.fixture
def choir(app: Flask) -> Choir:
    return makers.a_choir()


@pytest.fixture
def leader(choir: Choir) -> Account:
    return makers.a_leader(choir)


@pytest.fixture
def singers(choir: Choir) -> list[Singer]:
    return [
        makers.a_singer("Åsa", "Öberg", choir=choir, voice="Sopran"),
        makers.a_singer("Bo", "Ek", choir=choir, voice="Bas"),
        makers.a_singer("Yusuf", "يوسف", choir=choir, voice="Tenor"),
    ]


def weeks(
    choir: Choir, count: int, *present: Singer, first: datetime = FIRST, minutes: int = 120
) -> list[Rehearsal]:
    """So many weekly rehearsals with these singers."""
    return [
        with_length(makers.a_logged_rehearsal(choir, first + timedelta(weeks=number), *present), minutes)
        for number in range(count)
    ]


def with_length(rehearsal: Rehearsal, minutes: int) -> Rehearsal:
    rehearsal.minutes = minutes
    return rehearsal


def confirmed(one: StudyList, leader: Account) -> StudyList:
    actions.confirm_study_hours(one, by=leader)
    return one


def marks(rehearsal: Rehearsal, singer: Singer, is_here: bool, leader: Account) -> None:
    """The roll is corrected, as from the plain form."""
    receipt = uuid4()
    was, is_ = ([], [singer.id]) if is_here else ([singer.id], [])
    answers = actions.take_roll(rehearsal, was_here=was, is_here=is_, guests=None, receipt=receipt, by=leader)
    assert [answer.outcome for answer in answers] == ["applied"]
    db.session.flush()


class TestTheRulesTheHouseComesWith:
    def test_they_are_kept_once(self, app: Flask) -> None:
        assert actions.keep_first_study_rules() > 30
        assert actions.keep_first_study_rules() == 0
        names = [each.name for each in queries.study_associations()]
        assert len(names) == 10
        assert names[0] == "ABF"
        assert names[-1] == "Studiefrämjandet" or "Studieförbundet Vuxenskolan" in names

    def test_set_up_brings_them_and_may_be_repeated(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("choir_app.commands.fonts.make_fonts", lambda _folder: True)
        monkeypatch.setattr("choir_app.commands.upgrade", lambda: None)
        counts = []
        for _turn in range(2):
            assert app.test_cli_runner().invoke(args=["set-up"]).exit_code == 0
            db.session.rollback()
            counts.append(db.session.scalar(select(func.count()).select_from(StudyRule)))
        assert counts[0] == counts[1] > 20

    def test_an_association_that_ended_takes_no_list(
        self, choir: Choir, leader: Account, singers: list[Singer]
    ) -> None:
        ended = makers.the_association("Kulturens Bildningsverksamhet")
        assert ended.is_there_on(date(2023, 12, 31))
        with pytest.raises(Refusal, match="Kulturens"):
            begun(choir, leader, association=ended)

    def test_a_checked_row_is_not_brought_back(self, app: Flask) -> None:
        actions.keep_first_study_rules()
        row = db.session.scalars(select(StudyRule)).first()
        assert row
        actions.check_study_rule(row, by=makers.a_manager())
        assert actions.keep_first_study_rules() == 0
        assert row.checked_on == date(2026, 6, 16)

    def test_a_new_row_takes_over_from_its_day_and_changes_nothing_before(
        self, choir: Choir, leader: Account, singers: list[Singer]
    ) -> None:
        makers.the_association()
        weeks(choir, 5, *singers)
        spring = makers.a_study_list(choir)
        assert queries.sheet_of(spring).verdict.status == "met"
        before = db.session.scalar(select(func.count()).select_from(StudyRule))
        actions.add_study_rule(
            form="circle",
            key="min_hours",
            value=30,
            unit="hours",
            valid_from=date(2026, 7, 1),
            source="exempel.se",
            by=makers.a_manager(),
        )
        assert db.session.scalar(select(func.count()).select_from(StudyRule)) == (before or 0) + 1
        assert queries.sheet_of(spring).verdict.status == "met"
        autumn = makers.a_study_list(choir, first_on=date(2026, 8, 25), last_on=date(2026, 12, 15))
        needs = queries.sheet_of(autumn).verdict.needs
        assert next(need.number for need in needs if need.what == "hours") == 30

    def test_a_page_sent_twice_adds_one_row(self, app: Flask) -> None:
        given: dict[str, Any] = {"form": "circle", "key": "min_hours", "unit": "hours", "value": 12}
        manager = makers.a_manager()
        one = actions.add_study_rule(**given, valid_from=date(2027, 1, 1), source="x", by=manager)
        assert actions.add_study_rule(**given, valid_from=date(2027, 1, 1), source="x", by=manager) is one
        other = actions.add_study_rule(**given, valid_from=date(2027, 2, 1), source="x", by=manager)
        assert other is not one

    @pytest.mark.parametrize("field", ["form", "key", "unit"])
    def test_only_known_words(self, app: Flask, field: str) -> None:
        given: dict[str, Any] = {"form": "circle", "key": "min_hours", "unit": "hours", field: "annat"}
        with pytest.raises(Refusal):
            actions.add_study_rule(
                **given, value=1, valid_from=date(2026, 1, 1), source="x", by=makers.a_manager()
            )

    def test_only_managers(self, leader: Account) -> None:
        with pytest.raises(NotAllowed):
            actions.add_study_rule(
                form="circle",
                key="min_hours",
                value=1,
                unit="hours",
                valid_from=date(2026, 1, 1),
                source="x",
                by=leader,
            )


def begun(choir: Choir, leader: Account, **more: object) -> list[StudyList]:
    given = {
        "form": "circle",
        "title": "Sång i kör",
        "first_on": date(2026, 1, 7),
        "last_on": date(2026, 6, 30),
        "leader_name": "Elin Norberg",
        "material": "Egna noter",
        "by": leader,
        **more,
    }
    given.setdefault("association", makers.the_association())
    return actions.begin_study_list(choir, **given)  # type: ignore[arg-type]  # passed on


class TestBeginning:
    def test_over_new_year_it_becomes_two(self, choir: Choir, leader: Account) -> None:
        made = begun(choir, leader, first_on=date(2026, 12, 28), last_on=date(2027, 1, 12))
        assert [(each.first_on, each.last_on) for each in made] == [
            (date(2026, 12, 28), date(2026, 12, 31)),
            (date(2027, 1, 1), date(2027, 1, 12)),
        ]

    def test_a_gathering_stands_on_one_list(self, choir: Choir, leader: Account) -> None:
        (one,) = begun(choir, leader)
        assert begun(choir, leader) == [one], "a page sent twice makes one list"
        with pytest.raises(Refusal) as no:
            begun(choir, leader, title="En till", first_on=date(2026, 6, 30), last_on=date(2026, 7, 7))
        assert no.value.field == "first_on"
        begun(choir, leader, title="Hösten", first_on=date(2026, 7, 1), last_on=date(2026, 12, 1))

    def test_voices_may_have_a_list_each(self, choir: Choir, leader: Account) -> None:
        soprano, alto, *_rest = choir.voices
        begun(choir, leader, voice=soprano)
        begun(choir, leader, voice=alto)
        with pytest.raises(Refusal):
            begun(choir, leader, title="En till", voice=alto)
        with pytest.raises(Refusal):
            begun(choir, leader)

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"last_on": date(2026, 1, 6)}, "last_on"),
            ({"last_on": date(2027, 3, 1)}, "last_on"),
            ({"title": " "}, "title"),
            ({"leader_name": ""}, "leader_name"),
            ({"leader_name": "Elin 850709-9805"}, "leader_name"),
            ({"form": "annat"}, "form"),
            ({"form": "culture"}, "concert"),
            ({"break_minutes": 300}, "break_minutes"),
        ],
    )
    def test_what_cannot_be(self, choir: Choir, leader: Account, more: dict[str, object], field: str) -> None:
        with pytest.raises(Refusal) as no:
            begun(choir, leader, **more)
        assert no.value.field == field

    def test_only_who_leads_the_choir(self, choir: Choir) -> None:
        with pytest.raises(NotAllowed):
            begun(choir, makers.a_leader())

    def test_three_presses_make_one(self, visitor: Visitor, choir: Choir, leader: Account) -> None:
        makers.the_association()
        makers.a_series(choir, date(2026, 1, 13), last_on=date(2026, 6, 23))
        visitor.signs_in(leader).opens(f"/korer/{choir.slug}/studielista").sees("Ni har ingen lista än")
        visitor.opens(f"/korer/{choir.slug}/studielista/ny")
        fields = typed(visitor)
        assert fields["first_on"] == "2026-01-13"
        assert fields["last_on"] == "2026-06-23"
        assert fields["title"] == "Sång i kör"
        assert fields["leader_name"] == leader.name
        assert fields["break_minutes"] == "15"
        association = makers.the_association().id
        visitor.sends(f"/korer/{choir.slug}/studielista/ny", **{**fields, "association": association})
        visitor.sees("Sång i kör", "ABF", "Saknas")

    def test_the_next_one_remembers_the_association(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        makers.a_study_list(choir, material="Visboken", break_minutes=20)
        visitor.signs_in(leader).opens(f"/korer/{choir.slug}/studielista/ny")
        fields = typed(visitor)
        assert fields["association"] == str(makers.the_association().id)
        assert (fields["material"], fields["break_minutes"]) == ("Visboken", "20")

    def test_a_choir_of_more_than_twenty_is_proposed_as_other_education(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        makers.the_association()
        for number in range(21):
            makers.a_singer(f"Sångare {number}", choir=choir)
        visitor.signs_in(leader).opens(f"/korer/{choir.slug}/studielista/ny")
        assert typed(visitor)["form"] == "other"


def typed(visitor: Visitor) -> dict[str, str]:
    """What stands in the page's form."""
    form = next(each for each in visitor.tree.iter("form") if (each.get("class") or "").startswith("form"))
    found: dict[str, str] = {}
    for thing in form.iter():
        name = thing.get("name")
        if not name:
            continue
        if thing.tag == "select":
            chosen = [
                each.get("value") or "" for each in thing.iter("option") if each.get("selected") is not None
            ]
            found[name] = chosen[0] if chosen else ""
        elif thing.tag == "textarea":
            found[name] = "".join(thing.itertext())
        elif thing.get("type") in ("radio", "checkbox"):
            if thing.get("checked") is not None:
                found[name] = thing.get("value") or ""
        elif thing.get("value") is not None:
            found[name] = thing.get("value") or ""
    return found


class TestWhileTheTermRuns:
    def test_what_lacks_and_by_when(
        self, visitor: Visitor, choir: Choir, leader: Account, singers: list[Singer], the_clock: TheClock
    ) -> None:
        weeks(choir, 1, *singers)
        for number in range(1, 11):
            makers.a_rehearsal(choir, FIRST + timedelta(weeks=number))
        one = makers.a_study_list(choir)
        the_clock.set_to(FIRST + timedelta(days=1))
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}")
        visitor.sees(
            "Saknas",
            "2 träffar till, senast 16 juni.",
            "7 studietimmar till, senast 16 juni.",
            "2 deltagare till, senast 16 juni.",
        )
        visitor.opens(f"/korer/{choir.slug}/studielista").sees("2 träffar till, senast 16 juni")
        visitor.opens(f"/korer/{choir.slug}/repetitioner").sees("2 träffar till, senast 16 juni")

    def test_five_rehearsals_are_preliminarily_enough(
        self, visitor: Visitor, choir: Choir, leader: Account, singers: list[Singer]
    ) -> None:
        weeks(choir, 5, *singers)
        one = makers.a_study_list(choir)
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees(
            "Preliminärt uppfyllt", "10", "4 räknas nu, med ledaren."
        )

    def test_who_counts_and_why_not_yet(
        self, visitor: Visitor, choir: Choir, leader: Account, singers: list[Singer]
    ) -> None:
        weeks(choir, 4, *singers)
        late = makers.a_singer("Doris", choir=choir)
        makers.a_logged_rehearsal(choir, FIRST + timedelta(weeks=4), *singers, late)
        one = makers.a_study_list(choir)
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees(
            "Räknas inte: var inte med på någon av de 3 första"
        )

    def test_under_18_is_asked_about(
        self, visitor: Visitor, choir: Choir, leader: Account, singers: list[Singer]
    ) -> None:
        singers[0].is_under_18 = True
        weeks(choir, 5, *singers)
        one = makers.a_study_list(choir)
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees(
            "Fråga förbundet", "1 sångare är under 18. Den som fyller 13 under 2026 räknas."
        )

    def test_more_than_twenty_shows_both_readings(
        self, visitor: Visitor, choir: Choir, leader: Account
    ) -> None:
        many = [
            makers.a_singer(f"Sångare {number}", choir=choir, voice=choir.voices[number % 4].name)
            for number in range(24)
        ]
        weeks(choir, 5, *many)
        one = makers.a_study_list(choir)
        readings = queries.sheet_of(one).readings
        assert [(each.form, each.voice, each.participants) for each in readings] == [
            ("other", None, 25),
            ("circle", "Sopran", 7),
            ("circle", "Alt", 7),
            ("circle", "Tenor", 7),
            ("circle", "Bas", 7),
        ]
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees(
            "Två sätt att läsa listan", "ni är 25, och en studiecirkel har högst 20".capitalize()
        )
        one.form = "other"
        assert queries.sheet_of(one).verdict.status == "met"

    def test_a_list_of_a_voice_holds_that_voice(self, choir: Choir, singers: list[Singer]) -> None:
        weeks(choir, 3, *singers)
        one = makers.a_study_list(choir, voice=choir.voices[0])
        assert [person.name for person in queries.sheet_of(one).people] == ["Åsa Öberg"]

    def test_hours_of_all_choirs_are_added_for_a_person(
        self, choir: Choir, singers: list[Singer], leader: Account
    ) -> None:
        other = makers.a_choir(town="Östersund")
        makers.a_membership(singers[0], other)
        makers.a_study_list(other, form="other")
        days = [datetime(2026, 1, 8, 7, 0, tzinfo=UTC) + timedelta(days=number) for number in range(60)]
        for day in days:
            with_length(makers.a_logged_rehearsal(other, day, singers[0]), 370)
        weeks(choir, 5, *singers)
        one = makers.a_study_list(choir)
        sheet = queries.sheet_of(one)
        found = next(each for each in sheet.people if each.name == "Åsa Öberg")
        assert found.counted.hours_in_year == 60 * 8 + 5 * 2
        assert [each.what for each in sheet.verdict.questions] == ["year_over"]
        near, start = sheet.near_year_limit
        assert ([each.id for each in near], start) == ([singers[0].id], 400)

    def test_rules_not_looked_up_for_half_a_year_are_warned_of(
        self, visitor: Visitor, choir: Choir, leader: Account, the_clock: TheClock
    ) -> None:
        one = makers.a_study_list(choir)
        manager = makers.a_manager()
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").misses("inte kontrollerade på ett halvår")
        the_clock.set_to(datetime(2027, 6, 1, tzinfo=UTC))
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees("inte kontrollerade på ett halvår")
        visitor.signs_in(manager).opens("/installningar/studieregler").sees(
            "regler är inte kontrollerade på ett halvår"
        )
        row = db.session.scalars(select(StudyRule).where(StudyRule.key == "min_age")).first()
        assert row
        visitor.sends(f"/installningar/studieregler/{row.id}/kontroll").sees("Regeln är kontrollerad i dag.")
        db.session.expire_all()
        assert row.checked_on == date(2027, 6, 1)

    def test_the_page_costs_the_same_with_many_rehearsals(
        self, visitor: Visitor, choir: Choir, leader: Account, singers: list[Singer]
    ) -> None:
        one = makers.a_study_list(choir)
        weeks(choir, 5, *singers)
        path = f"/studielistor/{one.id}"
        visitor.signs_in(leader).opens(path)
        with at_most(PAGE_STATEMENTS):
            visitor.opens(path)
        weeks(choir, 20, *singers, first=FIRST - timedelta(weeks=12, days=1))
        visitor.opens("/")
        with at_most(PAGE_STATEMENTS):
            visitor.opens(path)


PAGE_STATEMENTS = 13


class TestGatheringByGathering:
    @pytest.fixture
    def one(self, choir: Choir, singers: list[Singer]) -> StudyList:
        weeks(choir, 5, *singers)
        return makers.a_study_list(choir)

    def test_the_leader_says_hours_break_and_log(
        self, visitor: Visitor, one: StudyList, leader: Account
    ) -> None:
        rehearsal = queries.sheet_of(one).lines[0].rehearsal_id
        path = f"/studielistor/{one.id}/traffar/{rehearsal}"
        visitor.signs_in(leader).opens(path).sees("Tiden räcker till 2 studietimmar.", "Åsa Öberg")
        visitor.sends(path, hours=1, break_minutes=45, log="Vi övade kanon.").sees("Träffen är sparad.")
        db.session.expire_all()
        line = queries.sheet_of(one).lines[0]
        assert (line.counted.hours, line.counted.is_confirmed, line.log) == (1, True, "Vi övade kanon.")

    def test_no_more_hours_than_the_time_allows(
        self, visitor: Visitor, one: StudyList, leader: Account
    ) -> None:
        path = f"/studielistor/{one.id}/traffar/{queries.sheet_of(one).lines[0].rehearsal_id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, hours=3).sees("Träffen räcker till 2 studietimmar.")
        visitor.sends(path, 422, hours=2, break_minutes=45).sees("Träffen räcker till 1 studietimme.")

    def test_no_identity_number_in_the_log(self, visitor: Visitor, one: StudyList, leader: Account) -> None:
        path = f"/studielistor/{one.id}/traffar/{queries.sheet_of(one).lines[0].rehearsal_id}"
        visitor.signs_in(leader).opens(path)
        visitor.sends(path, 422, log="Ring 850709-9805").sees("personnummer")

    def test_one_that_is_left_out_counts_nowhere(self, one: StudyList, leader: Account) -> None:
        line = queries.sheet_of(one).lines[0]
        actions.describe_study_gathering(
            one, line, hours=None, break_minutes=None, log=None, is_left_out=True, by=leader
        )
        db.session.expire(one, ["gatherings"])
        verdict = queries.sheet_of(one).verdict
        assert (verdict.counted, verdict.hours) == (4, 8)

    def test_all_at_once(self, visitor: Visitor, one: StudyList, leader: Account) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees("Föreslagen")
        visitor.sends(f"/studielistor/{one.id}/timmar").sees(
            "Timmarna är bekräftade för 5 träffar.", "Bekräftad"
        )
        assert db.session.scalar(select(func.count()).select_from(StudyGathering)) == 5
        visitor.sends(f"/studielistor/{one.id}/timmar").sees("Timmarna är bekräftade för 0 träffar.")

    def test_a_gathering_of_another_list_is_not_found(
        self, visitor: Visitor, one: StudyList, leader: Account
    ) -> None:
        elsewhere = makers.a_rehearsal(makers.a_choir(town="Östersund"))
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}/traffar/{elsewhere.id}", 404)


class TestHandingIn:
    @pytest.fixture
    def held(self, choir: Choir, singers: list[Singer]) -> list[Rehearsal]:
        return weeks(choir, 10, *singers)

    @pytest.fixture
    def one(self, choir: Choir, held: list[Rehearsal], leader: Account) -> StudyList:
        return confirmed(makers.a_study_list(choir), leader)

    def test_a_version_is_frozen(self, one: StudyList, leader: Account, held: list[Rehearsal]) -> None:
        version = actions.hand_in(one, by=leader)
        assert version.number == 1
        assert version.digest == sha256(version.content.encode()).hexdigest()
        assert queries.handed_in_at([each.id for each in held]) == {
            each.id: version.handed_in_at for each in held
        }
        assert actions.hand_in(one, by=leader) is version, "the same list is not handed in twice"

    def test_no_name_stands_in_the_frozen_content(self, one: StudyList, leader: Account) -> None:
        version = actions.hand_in(one, by=leader)
        assert not re.search("Åsa|Öberg|Bo Ek|Yusuf|Elin", version.content)
        assert sorted(queries.names_on(version).values()) == ["Bo Ek", "Yusuf يوسف", "Åsa Öberg"]

    def test_hours_are_confirmed_first(self, choir: Choir, held: list[Rehearsal], leader: Account) -> None:
        with pytest.raises(Refusal, match="Bekräfta"):
            actions.hand_in(makers.a_study_list(choir), by=leader)

    def test_not_before_the_last_gathering(self, choir: Choir, one: StudyList, leader: Account) -> None:
        makers.a_rehearsal(choir, FIRST + timedelta(weeks=11))
        with pytest.raises(Refusal, match="23 juni"):
            actions.hand_in(one, by=leader)

    def test_what_lacks_stands_line_by_line_before_one_hands_in(
        self, choir: Choir, leader: Account, visitor: Visitor
    ) -> None:
        day = clock.today() - timedelta(days=7)
        makers.a_logged_rehearsal(choir, clock.now() - timedelta(days=7), guests=3)
        one = makers.a_study_list(choir, first_on=day, last_on=day)
        db.session.commit()
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}/inlamning").sees("Saknas")
        assert '<ul class="study-points"><li>' in visitor.html, "each lack is a line"
        visitor.misses("Saknas:", "9 juni–9 juni")

    def test_an_empty_list_is_nothing_to_hand_in(self, choir: Choir, leader: Account) -> None:
        with pytest.raises(Refusal, match="Ingen träff"):
            actions.hand_in(makers.a_study_list(choir), by=leader)

    def test_what_changed_is_said_from_what_to_what(
        self,
        visitor: Visitor,
        one: StudyList,
        leader: Account,
        held: list[Rehearsal],
        singers: list[Singer],
        the_clock: TheClock,
    ) -> None:
        version = actions.hand_in(one, by=leader)
        before = version.content
        the_clock.set_to(the_clock.now + timedelta(hours=1))
        marks(held[-1], singers[1], is_here=False, leader=leader)
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees(
            "Rättelse behövs: 1 ändring efter att listan lämnades in", "9 juni: Bo Ek: här → inte här"
        )
        visitor.opens(f"/korer/{one.choir.slug}/studielista").sees("Rättelse behövs")
        db.session.expire_all()
        assert version.content == before, "later marks change nothing of what was handed in"
        path = f"/studielistor/{one.id}/inlamning"
        visitor.opens(path).sees("Ändrat sedan sist", "Varför en ny version?")
        visitor.sends(path, 422).sees("Skriv varför det blir en ny version.")
        visitor.sends(path, reason="Bo hade gått hem.").sees("Version 2", "Bo hade gått hem.")
        visitor.misses("Rättelse behövs")
        db.session.expire_all()
        assert [each.number for each in one.handed_in] == [1, 2]
        assert one.handed_in[0].digest != one.handed_in[1].digest
        assert one.handed_in[0].content == before

    def test_a_moved_or_cancelled_rehearsal_is_a_change_too(
        self, one: StudyList, leader: Account, held: list[Rehearsal]
    ) -> None:
        actions.hand_in(one, by=leader)
        held[0].minutes = 90
        held[1].starts_at += timedelta(days=1)
        db.session.flush()
        said = [queries.change_said(change, {}) for change in queries.sheet_of(one).changes]
        assert said == ["Slutar: 20.00 → 19.30", "Dag: 2026-04-14 → 2026-04-15"]

    def test_a_version_is_never_rewritten(self, one: StudyList, leader: Account) -> None:
        version = actions.hand_in(one, by=leader)
        with pytest.raises(ValueError, match="never rewritten"):
            version.content = "{}"
        db.session.rollback()

    def test_a_version_prints_the_same_bytes_whatever_happens_later(
        self,
        visitor: Visitor,
        one: StudyList,
        leader: Account,
        held: list[Rehearsal],
        singers: list[Singer],
        the_clock: TheClock,
    ) -> None:
        actions.hand_in(one, by=leader)
        path = f"/studielistor/{one.id}/versioner/1"
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}")
        first = pdf_of(visitor.sends(path, 200))
        the_clock.set_to(the_clock.now + timedelta(hours=3))
        marks(held[-1], singers[0], is_here=False, leader=leader)
        singers[0].first_name, one.title = "Annika", "Något annat"
        assert pdf_of(visitor.sends(path, 200)) == first
        visitor.sends(f"/studielistor/{one.id}/versioner/2", 404)

    def test_erasing_blanks_the_name_and_the_digest_holds(
        self, visitor: Visitor, one: StudyList, leader: Account, singers: list[Singer]
    ) -> None:
        version = actions.hand_in(one, by=leader)
        digest = version.digest
        erase_singer(singers[0], by=makers.a_manager())
        db.session.expire_all()
        assert version.digest == digest == sha256(version.content.encode()).hexdigest()
        assert str(singers[0].id) in version.content
        assert sorted(queries.names_on(version).values()) == ["Bo Ek", "Yusuf يوسف"]
        paper = queries.paper_of(
            json.loads(version.content),
            queries.names_on(version),
            leader=version.leader_name,
            substitute=None,
            state="",
        )
        assert "Raderad sångare" in [person["name"] for person in paper["people"]]
        assert queries.sheet_of(one).changes == ()

    def test_a_leader_among_the_singers_is_forgotten_too(
        self, choir: Choir, held: list[Rehearsal], leader: Account, singers: list[Singer]
    ) -> None:
        one = makers.a_study_list(choir, leader_name="Åsa Öberg", leader_singer_id=singers[0].id)
        version = actions.hand_in(confirmed(one, leader), by=leader)
        erase_singer(singers[0], by=makers.a_manager())
        db.session.expire_all()
        assert (one.leader_name, version.leader_name) == ("Raderad sångare", "Raderad sångare")

    def test_it_is_not_taken_away_any_more(self, visitor: Visitor, one: StudyList, leader: Account) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}").sees("Ta bort listan")
        actions.hand_in(one, by=leader)
        visitor.opens(f"/studielistor/{one.id}").misses("Ta bort listan")
        visitor.sends(f"/studielistor/{one.id}/ta-bort", 422).sees("Listan är inlämnad och finns kvar.")

    def test_one_that_was_never_handed_in_can_go(
        self, visitor: Visitor, one: StudyList, leader: Account, choir: Choir
    ) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}")
        visitor.sends(f"/studielistor/{one.id}/ta-bort").sees("Listan är borta. Närvaron finns kvar.")
        assert db.session.scalar(select(func.count()).select_from(StudyList)) == 0
        assert db.session.scalar(select(func.count()).select_from(Rehearsal)) == 10

    def test_a_merged_singer_is_no_change(
        self, one: StudyList, leader: Account, singers: list[Singer]
    ) -> None:
        old = json.loads(actions.hand_in(one, by=leader).content)
        new = json.loads(json.dumps(old).replace(str(singers[1].id), str(UUID(int=7))))
        assert len(queries.changes_between(old, new)) == 20
        assert queries.changes_between(old, new, {singers[1].id: UUID(int=7)}) == []


def pdf_of(visitor: Visitor) -> bytes:
    assert visitor.answer is not None
    assert visitor.answer.mimetype == "application/pdf"
    return visitor.answer.get_data()


class TestTakingOut:
    @pytest.fixture
    def one(self, choir: Choir, singers: list[Singer], leader: Account) -> StudyList:
        weeks(choir, 5, *singers)
        return confirmed(makers.a_study_list(choir), leader)

    def test_paper_for_ink_is_a_tagged_pdf(self, visitor: Visitor, one: StudyList, leader: Account) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}")
        body = pdf_of(visitor.sends(f"/studielistor/{one.id}/fil/pdf", 200))
        assert body.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in body
        assert b"pdfuaid" in body, "it says that it follows PDF/UA"

    def test_excel_and_csv(self, visitor: Visitor, one: StudyList, leader: Account) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}")
        visitor.sends(f"/studielistor/{one.id}/fil/xlsx", 200)
        assert visitor.answer
        book = openpyxl.load_workbook(io.BytesIO(visitor.answer.get_data()))
        rows = list(book["Närvaro"].iter_rows(values_only=True))
        assert rows[0][:2] == ("Namn", "2026-04-07")
        assert [row[0] for row in rows[1:]] == ["Bo Ek", "Yusuf يوسف", "Åsa Öberg"]
        assert rows[1][-3:] == (5, 10, "ja")
        assert book["Träffar"].max_row == 6
        visitor.sends(f"/studielistor/{one.id}/fil/csv", 200)
        assert "Åsa Öberg" in visitor.answer.get_data().decode("utf-8-sig")

    def test_that_it_was_taken_out_is_written_down(
        self, visitor: Visitor, one: StudyList, leader: Account
    ) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}")
        for kind in ("pdf", "xlsx", "csv"):
            visitor.sends(f"/studielistor/{one.id}/fil/{kind}", 200)
        taken = select(func.count()).where(
            AuditEntry.verb == "study_list.taken_out", AuditEntry.subject_id == one.id
        )
        assert db.session.scalar(taken) == 3

    def test_the_copy_view_goes_gathering_by_gathering(
        self, visitor: Visitor, one: StudyList, leader: Account
    ) -> None:
        visitor.signs_in(leader).opens(f"/studielistor/{one.id}/kopiera")
        text = visitor.text
        order = ["Datum", "2026-04-07", "Börjar", "18.00", "Slutar", "20.00", "Studietimmar", "Närvarande"]
        places = [text.index(word, text.index("1. Tisdag 7 april")) for word in order]
        assert places == sorted(places)
        assert "Bo Ek Yusuf يوسف Åsa Öberg" in text

    def test_the_list_never_says_that_it_is_approved(self) -> None:
        files = [
            *(PROJECT / "templates" / "rehearsals").glob("*study*"),
            *(PROJECT / "choir_app" / "rehearsals").rglob("*study*.py"),
        ]
        assert len(files) > 10
        for path in files:
            assert "godkän" not in path.read_text().casefold(), path


class TestACulturalProgramme:
    @pytest.fixture
    def concert(self, choir: Choir) -> Rehearsal:
        return makers.a_rehearsal(choir, FIRST, kind="concert", minutes=60, note="Vårkonsert")

    def test_from_the_concert_to_the_report(
        self, visitor: Visitor, choir: Choir, leader: Account, concert: Rehearsal
    ) -> None:
        association = makers.the_association().id
        path = f"/korer/{choir.slug}/studielista/kulturprogram"
        visitor.signs_in(leader).opens(path).sees("Vårkonsert")
        assert typed(visitor)["concert"] == str(concert.id), "the only one is chosen already"
        visitor.sends(path, **{**typed(visitor), "association": association})
        visitor.sees("Kulturprogram", "Hur många som lyssnade.")
        one = db.session.scalars(select(StudyList)).one()
        change = f"/studielistor/{one.id}/andra"
        visitor.opens(change)
        visitor.sends(change, 422, **{**typed(visitor), "audience_count": 4, "women_count": 5}).sees(
            "kan inte vara fler"
        )
        visitor.sends(change, **{**typed(visitor), "audience_count": 4, "women_count": ""}).sees(
            "1 person till i publiken"
        )
        visitor.opens(change)
        visitor.sends(
            change, **{**typed(visitor), "audience_count": 80, "women_count": 45, "performer_count": 25}
        )
        visitor.sees("Preliminärt uppfyllt", "Publik: 80, varav kvinnor: 45. Medverkande: 25.")
        assert pdf_of(visitor.sends(f"/studielistor/{one.id}/fil/pdf", 200)).startswith(b"%PDF-")
        visitor.opens(f"/studielistor/{one.id}/inlamning")
        visitor.sends(f"/studielistor/{one.id}/inlamning").sees("Version 1")
        assert db.session.scalar(select(func.count()).select_from(HandedInName)) == 0

    def test_a_concert_stands_in_one_report(self, choir: Choir, leader: Account, concert: Rehearsal) -> None:
        begun(choir, leader, form="culture", concert=concert)
        with pytest.raises(Refusal) as no:
            begun(choir, leader, title="En till", form="culture", concert=concert)
        assert no.value.field == "concert"

    def test_a_concert_of_another_choir_is_none(self, choir: Choir, leader: Account) -> None:
        elsewhere = makers.a_rehearsal(makers.a_choir(town="Östersund"), FIRST, kind="concert")
        with pytest.raises(Refusal):
            begun(choir, leader, form="culture", concert=elsewhere)

    def test_a_report_does_not_become_a_circle(
        self, choir: Choir, leader: Account, concert: Rehearsal
    ) -> None:
        (one,) = begun(choir, leader, form="culture", concert=concert)
        with pytest.raises(Refusal, match="kulturprogram"):
            actions.change_study_list(
                one,
                association=one.association,
                form="circle",
                title="x",
                first_on=one.first_on,
                last_on=one.last_on,
                leader_name="x",
                by=leader,
            )


class TestWhoMay:
    def test_another_leader_finds_nothing(
        self, visitor: Visitor, choir: Choir, singers: list[Singer], leader: Account
    ) -> None:
        rehearsal = weeks(choir, 1, *singers)[0]
        one = makers.a_study_list(choir)
        version = HandedInList(list_id=one.id, number=1, content="{}", digest="x", leader_name="x")
        db.session.add(version)
        visitor.signs_in(makers.a_leader())
        for path in (
            f"/korer/{choir.slug}/studielista",
            f"/korer/{choir.slug}/studielista/ny",
            f"/korer/{choir.slug}/narvaro-tabell",
            f"/studielistor/{one.id}",
            f"/studielistor/{one.id}/andra",
            f"/studielistor/{one.id}/kopiera",
            f"/studielistor/{one.id}/inlamning",
            f"/studielistor/{one.id}/traffar/{rehearsal.id}",
        ):
            visitor.opens(path, 404)
        for path in (
            f"/studielistor/{one.id}/fil/pdf",
            f"/studielistor/{one.id}/versioner/1",
            f"/studielistor/{one.id}/timmar",
            f"/studielistor/{one.id}/ta-bort",
            f"/korer/{choir.slug}/narvaro-tabell/csv",
        ):
            visitor.sends(path, 404)

    def test_the_rules_are_the_managers(self, visitor: Visitor, leader: Account) -> None:
        visitor.signs_in(leader).opens("/installningar/studieregler", 403)
        makers.the_association()
        visitor.signs_in(makers.a_manager()).opens("/installningar/studieregler").sees(
            "Minst antal studietimmar", "Studieförbundet Vuxenskolan", "till 31 december 2023"
        )
        visitor.opens("/installningar/studieregler/ny")
        visitor.sends(
            "/installningar/studieregler/ny",
            key="min_hours",
            form="circle",
            value=12,
            unit="hours",
            valid_from=date(2027, 1, 1),
            source="abf.se, samtal 16 juni",
        ).sees("Regeln är sparad.", "abf.se, samtal 16 juni")
