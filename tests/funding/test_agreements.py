"""An agreement from day to day: its parts, what pays them, deadlines and reminders, papers, promises, two editors."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from choir_app.accounts.models import Account
from choir_app.foundation import caretaker, clock, filing
from choir_app.foundation.database import commit, db
from choir_app.foundation.mail import Letter
from choir_app.foundation.refusal import Refusal
from choir_app.funding import actions, queries
from choir_app.funding.actions.reminders import remind_owners
from choir_app.funding.actions.rows import ChangedMeanwhile
from choir_app.funding.models import Agreement, Deadline, Document, Instalment, Payment, Promise, ReminderSent
from tests import makers
from tests.conftest import TheClock
from tests.funding.made import A_PDF, a_deadline, a_document, a_payment, a_promise, an_instalment
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir
from tests.visitor import Visitor

AUTUMN = date(2026, 9, 1)


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def manager(visitor: Visitor) -> Account:
    account = makers.a_manager("Karin Lövgren")
    visitor.signs_in(account)
    return account


@pytest.fixture
def agreement(app: Flask) -> Agreement:
    return makers.an_agreement(1_000 * KR, partner=makers.a_partner("Bodenbo"), name="Kören i Boden")


def at(agreement: Agreement, rest: str = "") -> str:
    return f"/finansiering/avtal/{agreement.id}{rest}"


class TestItsParts:
    def test_a_part_waits_for_a_new_report(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        visitor.opens(at(agreement, "/utbetalning")).sees("1 000 kr av avtalet har ingen dag än.")
        visitor.sends(
            at(agreement, "/utbetalning"),
            sum="400",
            due_on=AUTUMN,
            condition="report",
            deadline="",
            deadline_on="2026-08-15",
            lag_days="21",
            receipt=uuid4(),
        )
        visitor.sees(
            "Nästa utbetalning är 400 kr. Vi räknar med den 22 september 2026.",
            "600 kr har ingen dag än",
            "Väntar på delrapport, senast 15 augusti 2026",
        )
        part, report = db.session.query(Instalment).one(), db.session.query(Deadline).one()
        assert (part.ore, part.condition, part.deadline_id) == (400 * KR, "report", report.id)
        assert (report.kind, report.due_on, report.owner_id) == (
            "interim_report",
            date(2026, 8, 15),
            manager.id,
        )

    def test_an_invoice_is_to_be_sent_in_time_for_the_money(self, app: Flask, agreement: Agreement) -> None:
        part = actions.add_instalment(
            agreement, ore=1, due_on=AUTUMN, condition="invoice", lag_days=30, by=makers.a_manager()
        )
        assert part.deadline is not None
        assert (part.deadline.kind, part.deadline.due_on) == ("requisition", AUTUMN - days(30))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"ore": 0}, "sum"),
            ({"ore": 1_001 * KR}, "sum"),
            ({"condition": "moon"}, "condition"),
            ({"condition": "report"}, "deadline_on"),
            ({"lag_days": -1}, "lag_days"),
        ],
    )
    def test_what_is_refused(
        self, app: Flask, agreement: Agreement, wrong: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_instalment(agreement, **{"ore": 1, "due_on": AUTUMN, **wrong}, by=makers.a_manager())
        assert no.value.field == field
        assert db.session.query(Instalment).count() == 0

    def test_a_report_of_another_agreement_is_not_waited_for(self, app: Flask, agreement: Agreement) -> None:
        other = a_deadline(makers.an_agreement(1), AUTUMN)
        own = a_deadline(agreement, AUTUMN)
        for deadline, condition in ((other, "report"), (own, "invoice")):
            with pytest.raises(Refusal):
                actions.add_instalment(
                    agreement,
                    ore=1,
                    due_on=AUTUMN,
                    condition=condition,
                    deadline=deadline,
                    by=makers.a_manager(),
                )

    def test_all_parts_together_are_never_more_than_the_agreement(
        self, app: Flask, agreement: Agreement
    ) -> None:
        manager = makers.a_manager()
        actions.add_instalment(agreement, ore=900 * KR, due_on=AUTUMN, by=manager)
        with pytest.raises(Refusal, match="Högst 100"):
            actions.add_instalment(agreement, ore=101 * KR, due_on=AUTUMN, by=manager)
        actions.amend(agreement, on=TODAY, delta_ore=1 * KR, by=manager)
        assert actions.add_instalment(agreement, ore=101 * KR, due_on=AUTUMN, by=manager)

    def test_a_paid_part_is_not_struck(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        part = an_instalment(agreement, 5, AUTUMN)
        payment = a_payment(agreement, 5, TODAY, (part, 5))
        visitor.opens(at(agreement)).sees("Betald")
        visitor.sends(at(agreement, f"/utbetalning/{part.id}/stryk")).sees("Ta isär inbetalningen först.")
        visitor.sends(at(agreement, f"/inbetalning/{payment.id}/isar"))
        visitor.sends(at(agreement, f"/utbetalning/{part.id}/stryk")).sees("Utbetalningen är struken.")
        assert queries.instalments_due(TODAY) == ()


class TestWhatPaysThem:
    def test_a_payment_pays_the_chosen_parts_in_order(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        parts = [an_instalment(agreement, 100 * KR, AUTUMN + days(number)) for number in range(3)]
        visitor.opens(at(agreement, "/inbetalning")).sees("100 kr den 1 september 2026")
        visitor.sends(
            at(agreement, "/inbetalning"),
            sum="150",
            on=TODAY,
            pays=[str(parts[1].id), str(parts[0].id)],
            receipt=uuid4(),
        )
        paid = queries.paid_of_instalments(agreement=agreement)
        assert [paid.get(part.id, 0) for part in parts] == [100 * KR, 50 * KR, 0]
        visitor.sees("50 kr har kommit", "Betald", "Nästa utbetalning är 50 kr.")

    def test_what_pays_no_part_is_told_and_can_be_shared_out(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        first = an_instalment(agreement, 100 * KR, AUTUMN)
        second = an_instalment(agreement, 50 * KR, AUTUMN + days(1))
        payment = a_payment(agreement, 120 * KR, TODAY)
        visitor.opens(at(agreement)).sees("120 kr hör inte till någon utbetalning än")
        page = at(agreement, f"/inbetalning/{payment.id}/utbetalningar")
        visitor.opens(page).sees("120 kr kom 16 juni 2026.")
        assert visitor.tree.find(f".//input[@name='share_{first.id}']").get("value") == "100"  # type: ignore[union-attr]
        visitor.sends(page, 422, **{f"share_{first.id}": "100,01"}).sees("Högst 100 kr är kvar")
        visitor.sends(page, 422, **{f"share_{first.id}": "90", f"share_{second.id}": "31"})
        visitor.sees("Det blir mer än inbetalningen.")
        visitor.sends(page, **{f"share_{first.id}": "90", f"share_{second.id}": "30"})
        assert queries.paid_of_instalments(agreement=agreement) == {first.id: 90 * KR, second.id: 30 * KR}
        visitor.misses("hör inte till någon utbetalning än")

    def test_sent_twice_it_pays_once(self, visitor: Visitor, manager: Account, agreement: Agreement) -> None:
        part = an_instalment(agreement, 100 * KR, AUTUMN)
        fields = {"sum": "60", "on": TODAY, "pays": [str(part.id)], "receipt": uuid4()}
        visitor.opens(at(agreement, "/inbetalning"))
        for _time in range(2):
            visitor.sends(at(agreement, "/inbetalning"), **fields)
        assert queries.paid_of_instalments(agreement=agreement) == {part.id: 60 * KR}

    def test_money_paid_back_pays_nothing(self, app: Flask, agreement: Agreement) -> None:
        part = an_instalment(agreement, 100, AUTUMN)
        back = a_payment(agreement, -40, TODAY)
        assert actions.match_in_order(back, {part.id}, by=makers.a_manager()) == []
        with pytest.raises(Refusal):
            actions.match_payment(back, {part.id: 1}, by=makers.a_manager())

    def test_what_was_paid_back_is_neither_left_nor_to_come(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        worth = queries.agreement_row(agreement).effective_ore
        part = an_instalment(agreement, worth, AUTUMN)
        a_payment(agreement, worth, TODAY, (part, worth))
        a_payment(agreement, -40 * KR, TODAY)
        row = queries.agreement_row(agreement)
        assert (row.effective_ore, row.returned_ore) == (worth, 40 * KR)
        assert row.left_ore == worth - 40 * KR
        assert queries.unplanned_ore(agreement) == 0
        known = queries.facts(TODAY)
        [supply] = [one for one in known.supplies if one.id == agreement.id]
        assert supply.ore == worth - 40 * KR
        assert queries.answers(known).unplanned == ()
        visitor.opens(at(agreement)).sees("Har gått tillbaka")

    def test_an_amendment_says_that_the_parts_are_more_than_it_leaves(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        worth = queries.agreement_row(agreement).effective_ore
        an_instalment(agreement, worth, AUTUMN)
        visitor.opens(at(agreement, "/andring"))
        visitor.sends(at(agreement, "/andring"), on=TODAY, delta="-30")
        visitor.sees("Utbetalningarna är nu 30 kr mer än avtalet ger.")
        visitor.opens(at(agreement)).sees("Utbetalningarna är 30 kr mer än avtalet ger.")

    def test_another_agreements_part_is_not_paid(self, app: Flask, agreement: Agreement) -> None:
        stranger = an_instalment(makers.an_agreement(100), 100, AUTUMN)
        payment = a_payment(agreement, 100, TODAY)
        with pytest.raises(Refusal):
            actions.match_payment(payment, {stranger.id: 1}, by=makers.a_manager())


class TestTwoAtOnce:
    """Two managers on one agreement: the second sees both versions, and nothing is overwritten unseen."""

    def facts(self, **more: Any) -> dict[str, Any]:
        return {"name": "Kören i Boden", "grantee": "", "reference": "", "owner": "", "note": "", **more}

    def kept(self, visitor: Visitor, *names: str) -> dict[str, str]:
        return {
            name: visitor.tree.find(f".//input[@name='{name}']").get("value") or ""  # type: ignore[union-attr]
            for name in ("version", "opened", *names)
        }

    def test_the_second_sees_both_and_nothing_is_lost(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        page = at(agreement, "/uppgifter")
        opened = self.kept(visitor.opens(page))
        actions.change_agreement(
            agreement,
            name="Körerna i Boden",
            grantee=None,
            reference="KS 7",
            owner=None,
            note=None,
            version=1,
            by=makers.a_manager("Ellen Ek"),
        )
        commit()
        mine = self.facts(name="Bodens kör", note="Ring Anna.")
        visitor.sends(page, 422, **mine, **opened)
        visitor.sees(
            "Ellen Ek sparade ändringar medan du skrev.", "Båda versionerna", "Körerna i Boden", "KS 7"
        )
        assert (agreement.name, agreement.note) == ("Körerna i Boden", None), "nothing is overwritten"
        fields = self.kept(visitor, "name", "reference")
        assert fields["name"] == "Bodens kör", "what both changed stays as it was typed, beside the other"
        assert fields["reference"] == "KS 7", "what only the other changed is taken over"
        visitor.sends(page, **{**mine, **fields})
        assert (agreement.name, agreement.reference, agreement.note) == ("Bodens kör", "KS 7", "Ring Anna.")

    def test_sent_twice_is_one_change(self, visitor: Visitor, manager: Account, agreement: Agreement) -> None:
        page = at(agreement, "/uppgifter")
        opened = self.kept(visitor.opens(page))
        for _time in range(2):
            visitor.sends(page, **self.facts(note="Ring Anna."), **opened)
        assert (agreement.version, agreement.note) == (2, "Ring Anna.")

    def test_an_older_version_is_refused_by_the_action_itself(self, app: Flask, agreement: Agreement) -> None:
        manager, report = makers.a_manager(), a_deadline(agreement, AUTUMN)
        same: dict[str, Any] = {"kind": "interim_report", "owner": None, "note": None}
        actions.change_deadline(report, **same, due_on=AUTUMN + days(1), version=1, by=manager)
        with pytest.raises(ChangedMeanwhile):
            actions.change_deadline(report, **same, due_on=AUTUMN + days(2), version=1, by=manager)
        assert report.due_on == AUTUMN + days(1)

    def test_a_deadline_too(self, visitor: Visitor, manager: Account, agreement: Agreement) -> None:
        report = a_deadline(agreement, AUTUMN)
        page = at(agreement, f"/sista-dag/{report.id}")
        opened = self.kept(visitor.opens(page))
        actions.change_deadline(
            report,
            kind="interim_report",
            due_on=AUTUMN + days(9),
            owner=None,
            note=None,
            version=1,
            by=makers.a_manager("Ellen Ek"),
        )
        commit()
        mine = {"kind": "interim_report", "due_on": AUTUMN, "owner": "", "note": "Mallen finns"}
        visitor.sends(page, 422, **mine, **opened).sees("Ellen Ek sparade", "2026-09-10", "2026-09-01")
        visitor.sends(page, **{**mine, **self.kept(visitor, "due_on")})
        assert (report.due_on, report.note) == (AUTUMN + days(9), "Mallen finns")

    @pytest.mark.parametrize("what", ["inbetalning", "anvant", "andring", "utbetalning"])
    def test_money_that_the_other_wrote_meanwhile_is_told_first(
        self, visitor: Visitor, manager: Account, agreement: Agreement, what: str
    ) -> None:
        page = at(agreement, f"/{what}")
        visitor.opens(page)
        seen = visitor.tree.find(".//input[@name='seen']").get("value")  # type: ignore[union-attr]
        actions.note_payment(agreement, on=TODAY, ore=500 * KR, by=makers.a_manager("Ellen Ek"))
        commit()
        fields = {
            "inbetalning": {"sum": "500", "on": TODAY},
            "anvant": {"sum": "500", "as_of": TODAY},
            "andring": {"delta": "500", "on": TODAY},
            "utbetalning": {"sum": "500", "due_on": AUTUMN, "condition": "date", "lag_days": "0"},
        }[what]
        sent = {**fields, "receipt": uuid4()}
        visitor.sends(page, 422, **sent, seen=seen)
        visitor.sees("Ellen Ek skrev in en inbetalning på 500 kr medan du skrev.")
        assert db.session.query(Payment).count() == 1
        newer = visitor.tree.find(".//input[@name='seen']").get("value")  # type: ignore[union-attr]
        visitor.sends(page, **sent, seen=newer)


class TestDeadlines:
    def test_one_is_put_right_and_taken_away(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        report = a_deadline(agreement, AUTUMN)
        page = at(agreement, f"/sista-dag/{report.id}")
        visitor.opens(page).sees("Bodenbo vill ha den senast 1 september 2026.")
        visitor.sends(
            page, kind="final_report", due_on=AUTUMN, owner=manager.id, note="Mallen finns", version=1
        ).sees("Slutrapport", "Karin Lövgren", "Mallen finns")
        assert report.day_said_on is None, "its day is the same"
        visitor.opens(page)
        visitor.sends(f"{page}/ta-bort").sees("Inga rapporter är inskrivna.")

    def test_one_that_money_waits_for_stays(self, app: Flask, agreement: Agreement) -> None:
        report, manager = a_deadline(agreement, AUTUMN), makers.a_manager()
        an_instalment(agreement, 1, AUTUMN, condition="report", deadline_id=report.id)
        with pytest.raises(Refusal):
            actions.remove_deadline(report, by=manager)
        with pytest.raises(Refusal):
            actions.change_deadline(
                report, kind="requisition", due_on=AUTUMN, owner=None, note=None, version=1, by=manager
            )


class TestReminders:
    @pytest.fixture
    def owner(self, app: Flask) -> Account:
        return makers.a_manager("Ellen Ek")

    def letters(self) -> list[tuple[str, str]]:
        rows = db.session.execute(select(Letter.recipient, Letter.subject).order_by(Letter.written_at))
        return [(row.recipient, row.subject) for row in rows]

    def test_each_is_written_once_on_its_day(
        self,
        app: Flask,
        the_clock: TheClock,
        agreement: Agreement,
        owner: Account,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        report = a_deadline(agreement, TODAY + days(70), owner_id=owner.id)
        an_instalment(agreement, 400 * KR, AUTUMN + days(30), condition="report", deadline_id=report.id)
        commit()
        told: list[int] = []
        for number in range(85):
            with clock.set_to(clock.now() + days(number)):
                for _time in range(2):
                    before = len(self.letters())
                    remind_owners()
                    commit()
                    if len(self.letters()) > before:
                        told.append((report.due_on - clock.today()).days)
        assert told == [60, 30, 14, 7, 1, 0, -3]
        assert not [one for one in caplog.records if one.levelname == "ERROR"]
        recipients, subjects = zip(*self.letters(), strict=True)
        assert set(recipients) == {owner.email}
        assert sorted(subjects) == sorted(
            [
                "Delrapport – Bodenbo: 60 dagar kvar",
                "Delrapport – Bodenbo: 30 dagar kvar",
                "Delrapport – Bodenbo: 14 dagar kvar",
                "Delrapport – Bodenbo: 7 dagar kvar",
                "Delrapport – Bodenbo: 1 dag kvar",
                "Delrapport – Bodenbo: sista dagen är i dag",
                "Delrapport – Bodenbo: 3 dagar sen",
            ]
        )

    def test_it_says_what_waits_and_where_to_go(
        self, app: Flask, agreement: Agreement, owner: Account
    ) -> None:
        report = a_deadline(agreement, TODAY, owner_id=owner.id, created_at=clock.now() - days(90))
        an_instalment(agreement, 400 * KR, AUTUMN, condition="report", deadline_id=report.id)
        remind_owners()
        (letter,) = db.session.scalars(select(Letter))
        assert "400 kr betalas inte förrän den är inskickad." in letter.body.replace("\u00a0", " ")
        assert at(agreement) in letter.body

    def test_what_is_done_is_not_reminded_of(self, app: Flask, agreement: Agreement, owner: Account) -> None:
        long_ago = {"owner_id": owner.id, "created_at": clock.now() - days(90)}
        a_deadline(agreement, TODAY, submitted_on=TODAY - days(1), **long_ago)
        struck = makers.an_agreement(1)
        a_deadline(struck, TODAY, **long_ago)
        actions.reverse_agreement(struck, by=owner)
        remind_owners()
        assert self.letters() == []

    def test_without_an_owner_everybody_who_could_is_told(
        self, app: Flask, agreement: Agreement, owner: Account
    ) -> None:
        other, gone = makers.a_manager("Ali"), makers.a_manager("Borta")
        gone.disabled_at = clock.now()
        long_ago = clock.now() - days(90)
        a_deadline(agreement, TODAY, created_at=long_ago)
        a_deadline(agreement, TODAY, owner_id=gone.id, created_at=long_ago)
        remind_owners()
        assert sorted(to for to, _subject in self.letters()) == sorted([owner.email, other.email] * 2)

    def test_a_new_day_is_reminded_of_anew(
        self, app: Flask, the_clock: TheClock, agreement: Agreement, owner: Account
    ) -> None:
        report = a_deadline(agreement, TODAY + days(1), owner_id=owner.id, created_at=clock.now() - days(90))
        remind_owners()
        actions.change_deadline(
            report,
            kind="interim_report",
            due_on=TODAY + days(8),
            owner=owner,
            note=None,
            version=1,
            by=owner,
        )
        remind_owners()
        assert len(self.letters()) == 1, "seven days before is tomorrow"
        with clock.set_to(clock.now() + days(1)):
            remind_owners()
        assert len(self.letters()) == 2

    def test_it_is_a_chore_that_goes_on_after_a_fault(
        self, app: Flask, agreement: Agreement, owner: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = clock.now() - days(90)
        first = a_deadline(agreement, TODAY, owner_id=owner.id, created_at=old)
        a_deadline(agreement, TODAY + days(1), kind="final_report", owner_id=owner.id, created_at=old)
        commit()
        from choir_app.funding.actions import reminders

        sound = reminders.reminder

        def stumbling(one: Any) -> tuple[str, str]:
            if one.id == first.id:
                raise OSError("no paper")
            return sound(one)

        monkeypatch.setattr(reminders, "reminder", stumbling)
        assert caretaker.do_chores()["reminders of deadlines"]
        assert [subject for _to, subject in self.letters()] == ["Slutrapport – Bodenbo: 1 dag kvar"]
        assert db.session.query(ReminderSent).count() == 1
        monkeypatch.setattr(reminders, "reminder", sound)
        with clock.set_to(clock.now() + days(1)):
            assert caretaker.do_chores()["reminders of deadlines"]
        assert len(self.letters()) == 3


class TestWhatALateReportCosts:
    """Case of DOMAIN.md: 55,000 kr, 3,500 kr each Thursday; here the money that waits fills the dip."""

    def known(self, agreement: Agreement) -> queries.Facts:
        return queries.facts(TODAY)

    @pytest.fixture
    def report(self, app: Flask) -> Deadline:
        choir = a_singing_choir(cost=1_000)
        makers.a_balance(3_000 * KR, TODAY - days(1))
        agreement = makers.an_agreement(60_000 * KR, choir, partner=makers.a_partner("Bodenbo"))
        report = a_deadline(agreement, TODAY + days(10))
        an_instalment(agreement, 60_000 * KR, TODAY, condition="report", deadline_id=report.id, lag_days=5)
        return report

    def test_the_money_that_waits_and_the_dip_it_makes(self, report: Deadline) -> None:
        cost = queries.late_cost(report, days=30, known=queries.facts(TODAY))
        assert cost is not None
        assert (cost.waiting_ore, cost.on_time, cost.days) == (60_000 * KR, TODAY + days(15), 30)
        assert cost.delay is not None
        assert cost.delay.dip is not None
        short = queries.late_cost(report, days=1, known=queries.facts(TODAY))
        assert short is not None
        assert short.delay is not None
        assert cost.delay.deeper_ore > short.delay.deeper_ore >= 0
        told = " ".join(queries.late_sentences(cost)).replace("\u00a0", " ")
        assert "Blir den 30 dagar sen kommer 60 000 kr senare än 1 juli 2026." in told
        assert "i kassan som mest" in told

    def test_one_that_is_late_tells_what_it_has_cost(
        self, visitor: Visitor, manager: Account, report: Deadline
    ) -> None:
        (part,) = db.session.query(Instalment)
        report.due_on, part.due_on = TODAY - days(20), TODAY - days(15)
        commit()
        cost = queries.late_cost(report, days=0, known=queries.facts(TODAY))
        assert cost is not None
        assert (cost.is_late_now, cost.is_delayed, cost.days) == (True, True, 15)
        assert cost.on_time == TODAY - days(10)
        visitor.opens(at(report.agreement)).sees("Delrapport: 20 dagar sen", "60 000 kr väntar på den.")
        visitor.opens(at(report.agreement, f"/sista-dag/{report.id}")).sees("Vad det kostar att den är sen")

    def test_one_so_late_that_nobody_counts_on_the_money(self, report: Deadline) -> None:
        report.due_on = TODAY - days(31)
        db.session.flush()
        cost = queries.late_cost(report, days=0, known=queries.facts(TODAY))
        assert cost is not None
        assert cost.is_given_up
        assert "vi räknar inte längre med dem" in " ".join(queries.late_sentences(cost))

    def test_one_that_is_late_long_before_its_money_has_cost_nothing(self, report: Deadline) -> None:
        (part,) = db.session.query(Instalment)
        report.due_on, part.due_on = TODAY - days(3), TODAY + days(60)
        db.session.flush()
        cost = queries.late_cost(report, days=0, known=queries.facts(TODAY))
        assert cost is not None
        assert not cost.is_delayed
        assert "än har ingen tid gått förlorad" in queries.late_sentences(cost)[0]

    def test_the_page_asks_how_late(self, visitor: Visitor, manager: Account, report: Deadline) -> None:
        page = at(report.agreement, f"/sista-dag/{report.id}")
        visitor.opens(f"{page}?dagar=7").sees("Blir den 7 dagar sen")
        for typed in ("-5", "0", "x", "99999999", "٣"):
            visitor.opens(f"{page}?dagar={typed}").sees("Blir den")

    def test_without_waiting_money_or_once_sent_there_is_nothing_to_tell(self, report: Deadline) -> None:
        other = a_deadline(report.agreement, TODAY)
        known = queries.facts(TODAY)
        assert queries.late_cost(other, days=30, known=known) is None
        report.submitted_on = TODAY
        assert queries.late_cost(report, days=30, known=known) is None


def a_zip(*names: str, **said: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
        for name, content in said.items():
            archive.writestr(name, content)
    return out.getvalue()


WORD = a_zip("[Content_Types].xml", "word/document.xml")


class TestPapers:
    @pytest.mark.parametrize(
        ("upload", "kind"),
        [
            (A_PDF, "pdf"),
            (b"\xff\xd8\xff\xe0rest", "jpg"),
            (b"\x89PNG\r\n\x1a\nrest", "png"),
            (b"RIFF0000WEBPrest", "webp"),
            (WORD, "docx"),
            (a_zip("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
            (a_zip("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
            (a_zip(mimetype=b"application/vnd.oasis.opendocument.text"), "odt"),
            (a_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        ],
    )
    def test_what_a_file_is_follows_from_its_content(self, app: Flask, upload: bytes, kind: str) -> None:
        assert filing.kind_of(upload) == kind

    @pytest.mark.parametrize(
        "upload",
        [
            b"",
            b"MZ\x90\x00",
            b"<html><script>alert(1)</script></html>",
            b"%PDF-1.7 cut off",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
            a_zip("word/document.xml"),
            a_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            a_zip("[Content_Types].xml", "other.xml"),
            a_zip(mimetype=b"application/epub+zip"),
            b"PK\x03\x04broken",
            b"GIF89a",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ],
    )
    def test_everything_else_is_refused(self, app: Flask, upload: bytes) -> None:
        with pytest.raises(Refusal) as no:
            filing.kind_of(upload)
        assert no.value.field == "file"

    def test_what_is_too_large_is_refused(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(filing, "MOST_BYTES", 40)
        with pytest.raises(Refusal, match="MB"):
            filing.kind_of(A_PDF)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("Avtal 2026.pdf", "Avtal 2026"),
            ("../../etc/passwd", "passwd"),
            ("C:\\papper\\Avtal.PDF", "Avtal"),
            ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x"),
            ("...", "PDF"),
            ("", "PDF"),
            ("å" * 400 + ".pdf", "å" * 150),
        ],
    )
    def test_its_name_is_no_path(self, app: Flask, tmp_path: Path, given: str, kept: str) -> None:
        filed = filing.take_in(A_PDF, name=given, data_folder=tmp_path)
        assert filed.name == kept
        (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
        assert file.name == filed.digest
        assert file.stat().st_mode & 0o077 == 0

    def test_a_name_with_an_identity_number_is_refused(self, app: Flask, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="personnummer"):
            filing.take_in(A_PDF, name="Avtal 19121212-1212.pdf", data_folder=tmp_path)

    def test_it_is_kept_and_handed_out_as_a_file(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        visitor.opens(at(agreement, "/handlingar/ny"))
        visitor.sends(
            at(agreement, "/handlingar/ny"),
            file=(io.BytesIO(A_PDF), "Avtal påskrivet.pdf"),
            name="",
            deadline="",
            receipt=uuid4(),
        )
        visitor.sees("Avtal påskrivet", "PDF")
        paper = db.session.query(Document).one()
        with visitor.client.get(at(agreement, f"/handlingar/{paper.id}")) as answer:
            assert answer.data == A_PDF
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "sandbox" in answer.headers["Content-Security-Policy"]

    def test_a_web_page_dressed_up_is_refused_with_words(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        visitor.opens(at(agreement, "/handlingar/ny"))
        page = (io.BytesIO(b"<html><script>1</script>"), "Avtal.pdf")
        visitor.sends(at(agreement, "/handlingar/ny"), 422, file=page, receipt=uuid4())
        visitor.sees("Vi tar emot PDF")
        assert db.session.query(Document).count() == 0

    def test_nobody_else_gets_it(self, visitor: Visitor, agreement: Agreement) -> None:
        paper = a_document(agreement)
        commit()
        choir = makers.a_choir()
        for stranger in (makers.an_account("Medlem"), makers.a_leader(choir), makers.an_editor()):
            visitor.signs_in(stranger).opens(at(agreement, f"/handlingar/{paper.id}"), 403)
            visitor.leaves()

    def test_it_is_no_paper_of_another_agreement(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        paper = a_document(agreement)
        visitor.opens(at(makers.an_agreement(1), f"/handlingar/{paper.id}"), 404)

    def test_once_taken_away_its_file_goes_at_night(
        self,
        visitor: Visitor,
        manager: Account,
        agreement: Agreement,
        app: Flask,
        backdate: Callable[[], None],
    ) -> None:
        paper, kept = a_document(agreement), a_document(agreement, WORD)
        digest, number = paper.digest, paper.id
        commit()
        visitor.opens(at(agreement)).sends(at(agreement, f"/handlingar/{number}/ta-bort"))
        visitor.sees("Handlingen är borttagen.").opens(at(agreement, f"/handlingar/{number}"), 404)
        folder = app.config["DATA_FOLDER"]
        caretaker.do_chores()
        assert filing.path_of(digest, data_folder=folder), "what was just there may be on its way in again"
        backdate()
        caretaker.do_chores()
        assert filing.path_of(digest, data_folder=folder) is None
        assert filing.path_of(kept.digest, data_folder=folder)

    @pytest.fixture
    def backdate(self, app: Flask) -> Callable[[], None]:
        def make_old() -> None:
            import os

            for path in (Path(app.config["DATA_FOLDER"]) / "documents").rglob("*"):
                if path.is_file():
                    os.utime(path, (1, 1))

        return make_old


class TestPromises:
    def test_one_is_made_kept_and_undone(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        visitor.opens(at(agreement, "/lofte")).sees("Det som Bodenbo får av oss.")
        visitor.sends(
            at(agreement, "/lofte"),
            kind="concert",
            what="Kören sjunger på gårdsfesten",
            due_on=TODAY - days(1),
            owner=manager.id,
            receipt=uuid4(),
        ).sees("Kören sjunger på gårdsfesten", "Försenat", "Karin Lövgren")
        promise = db.session.query(Promise).one()
        page = at(agreement, f"/lofte/{promise.id}")
        visitor.sends(f"{page}/klart").sees("Klart 16 juni 2026").misses("Försenat")
        visitor.sends(f"{page}/bort").sees("De har redan fått det.")
        visitor.sends(f"{page}/angra")
        visitor.sends(f"{page}/bort").misses("gårdsfesten")

    @pytest.mark.parametrize(("wrong", "field"), [({"kind": "gold"}, "kind"), ({"what": " "}, "what")])
    def test_what_is_refused(
        self, app: Flask, agreement: Agreement, wrong: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(Refusal) as no:
            actions.add_promise(agreement, **{"kind": "logo", "what": "x", **wrong}, by=makers.a_manager())
        assert no.value.field == field

    def test_what_is_still_to_do_stands_first(self, app: Flask, agreement: Agreement) -> None:
        done = a_promise(agreement, "logo", delivered_on=TODAY)
        later, sooner = a_promise(agreement, due_on=AUTUMN), a_promise(agreement, due_on=TODAY)
        whenever = a_promise(agreement)
        assert queries.promises_of(agreement) == [sooner, later, whenever, done]
        assert queries.promises_to(agreement.partner) == [sooner, later, whenever, done]

    def test_it_stands_on_the_partners_page_and_among_what_is_to_be_done(
        self, visitor: Visitor, manager: Account, agreement: Agreement
    ) -> None:
        a_promise(agreement, due_on=TODAY + days(3), owner_id=manager.id)
        a_promise(agreement, due_on=TODAY + days(30))
        a_promise(agreement, "logo", due_on=TODAY, delivered_on=TODAY)
        visitor.opens("/partner/bodenbo").sees("Det de får", "En konsert", "Senast 19 juni 2026")
        (due,) = queries.due_next(viewer=manager, until=TODAY + days(7))
        assert (due.kind, due.what, due.partner, due.owner) == (
            "promise",
            "En konsert",
            "Bodenbo",
            "Karin Lövgren",
        )
        assert queries.due_next(viewer=makers.an_editor(), until=TODAY + days(7)) == []
