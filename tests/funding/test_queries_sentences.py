"""Every kind of answer has its sentence, and it is the one that the table tells."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from choir_app.funding import actions, queries
from choir_app.funding.queries import Outlook
from tests import makers
from tests.funding.test_queries_forecast import KR, TODAY, a_singing_choir

ENDS = Outlook(
    "ends",
    to=date(2020, 11, 19),
    first_unpaid_on=date(2020, 11, 26),
    rehearsals_left=12,
    last_rehearsal_on=date(2020, 11, 19),
)


class TestTheAnswerSentence:
    @pytest.mark.parametrize(
        ("outlook", "sentence"),
        [
            (ENDS, "Pengarna räcker till 19 november 2020."),
            (Outlook("beyond", beyond=date(2021, 6, 30)), "Pengarna räcker längre än till 30 juni 2021."),
            (Outlook("ended", first_unpaid_on=date(2020, 5, 3)), "Pengarna tog slut 3 maj 2020."),
            (
                Outlook("not_next", first_unpaid_on=date(2020, 8, 20)),
                "Pengarna räcker inte till nästa gång, 20 augusti 2020.",
            ),
            (Outlook("unknown", "balance"), "Vi vet inte hur länge pengarna räcker."),
        ],
    )
    def test_every_state_has_one(self, app: Flask, outlook: Outlook, sentence: str) -> None:
        assert queries.answer_sentence(outlook) == sentence

    @pytest.mark.parametrize(
        ("outlook", "sentence"),
        [
            (ENDS, "12 repetitioner till är betalda, den sista torsdag 19 november 2020."),
            (replace(ENDS, rehearsals_left=1), "1 repetition till är betald, torsdag 19 november 2020."),
            (replace(ENDS, rehearsals_left=0, last_rehearsal_on=None), "Inga fler repetitioner är betalda."),
            (Outlook("beyond", beyond=date(2021, 6, 30)), ""),
            (Outlook("unknown", "cost_line"), ""),
        ],
    )
    def test_the_same_in_rehearsals(self, app: Flask, outlook: Outlook, sentence: str) -> None:
        assert queries.rehearsals_sentence(outlook) == sentence


class TestAChoirsSentence:
    def test_every_state_has_one(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(2_000 * KR, TODAY)
        choir = queries.forecast(TODAY).choirs[0]

        def said(outlook: Outlook) -> str:
            return queries.choir_sentence(replace(choir, financed=outlook))

        assert queries.choir_sentence(choir) == "Boden är finansierad till 25 juni 2026."
        assert said(Outlook("beyond", beyond=TODAY)) == "Boden är finansierad längre än till 16 juni 2026."
        assert said(Outlook("ended", first_unpaid_on=TODAY)) == "Pengarna för Boden tog slut 16 juni 2026."
        assert (
            said(Outlook("not_next", first_unpaid_on=TODAY))
            == "Boden har inte pengar till nästa gång, 16 juni 2026."
        )
        assert (
            said(Outlook("unknown", "cost_line")) == "Boden har inga kostnader. Skriv in dem, så räknar vi."
        )
        assert said(Outlook("unknown", "rehearsals")) == "Boden har inga planerade repetitioner."
        assert (
            said(Outlook("unknown", "balance"))
            == "Det finns inget saldo för kassan. Skriv in det, så räknar vi."
        )


class TestTheExplanation:
    def test_money_that_is_left_but_for_others_or_only_until_a_day(self, app: Flask) -> None:
        boden, ostersund = a_singing_choir(cost=1_000), a_singing_choir("Östersund", cost=1)
        makers.a_balance(0, TODAY)
        makers.an_agreement(
            80_000 * KR, ostersund, partner=makers.a_partner("Bostadsbolaget"), usable_to=date(2026, 9, 30)
        )
        makers.an_agreement(
            30_000 * KR, boden, partner=makers.a_partner("Bodenbo"), usable_to=date(2026, 6, 30)
        )
        told = queries.forecast(TODAY)
        choir = next(one for one in told.choirs if one.id == boden.id)
        assert queries.explanation(choir, told) == [
            "5\u00a0000\u00a0kr fattas för Boden i juli 2026.",
            "79\u00a0985\u00a0kr är kvar från Bostadsbolaget, men bara för Östersund.",
            "28\u00a0000\u00a0kr är kvar från Bodenbo, men bara till 30 juni 2026.",
        ]

    def test_nothing_is_explained_when_all_money_is_used(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(2_500 * KR, TODAY)
        told = queries.forecast(TODAY)
        assert queries.explanation(told.choirs[0], told) == []

    def test_the_lead_says_what_is_lacking_who_is_first_and_why(self, app: Flask) -> None:
        boden, _ostersund = a_singing_choir(), a_singing_choir("Östersund")
        makers.a_balance(10_000 * KR, TODAY)
        makers.an_agreement(
            500_000 * KR, boden, partner=makers.a_partner("Stiftelsen"), usable_to=date(2026, 7, 31)
        )
        told = queries.forecast(TODAY)
        lead = queries.lead_sentences(told, until=date(2026, 12, 31))
        lacking = sum(choir.lacking_until(date(2026, 12, 31)) for choir in told.choirs)
        assert lead[0] == f"Sedan fattas {queries.whole_kronor(lacking)} till och med 31 december 2026."
        assert lead[-1] == "Avtalet med Stiftelsen slutar 31 juli 2026."

    def test_the_lead_names_those_of_whom_nothing_is_known(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_choir(town="Göteborg")
        makers.a_balance(10_000 * KR, TODAY)
        lead = queries.lead_sentences(queries.forecast(TODAY), until=date(2026, 12, 31))
        assert "Det saknas uppgifter för Göteborg, som inte är med i svaret." in lead


class TestWhatMoved:
    def test_a_date_that_moves_is_told_with_the_old_one(self, app: Flask) -> None:
        boden, manager = a_singing_choir(), makers.a_manager()
        makers.a_balance(1_000 * KR, TODAY)
        before = queries.forecast(TODAY)
        agreement = makers.an_agreement(3_000 * KR, boden)
        after = queries.forecast(TODAY)
        assert queries.what_moved(before, after) == [
            "Boden är nu finansierad till 9 juli 2026, förut till 18 juni 2026."
        ]
        actions.amend(agreement, on=TODAY, delta_ore=9_000_000 * KR, by=manager)
        assert queries.what_moved(after, queries.forecast(TODAY)) == [
            "Boden är nu finansierad längre än till 16 juni 2029, förut till 9 juli 2026."
        ]

    def test_from_not_known_to_known_and_back(self, app: Flask) -> None:
        a_singing_choir()
        before = queries.forecast(TODAY)
        makers.a_balance(1_000 * KR, TODAY)
        after = queries.forecast(TODAY)
        assert queries.what_moved(before, after) == ["Boden är finansierad till 18 juni 2026."]
        assert queries.what_moved(after, before) == [
            "Det finns inget saldo för kassan. Skriv in det, så räknar vi."
        ]

    def test_nothing_moved(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(1_000 * KR, TODAY)
        told = queries.forecast(TODAY)
        assert queries.what_moved(told, told) == ["Datumen är desamma som förut."]

    def test_many_are_counted(self, app: Flask) -> None:
        for number in range(4):
            a_singing_choir(f"Ort {number}")
        makers.a_balance(0, TODAY)
        before = queries.forecast(TODAY)
        makers.an_agreement(8_000 * KR)
        assert queries.what_moved(before, queries.forecast(TODAY)) == [
            "4 körer har fått nya datum.",
            "Pengarna räcker till 25 juni 2026.",
        ]


class TestTheRange:
    def test_it_is_told_when_it_is_one(self, app: Flask) -> None:
        a_singing_choir()
        a_singing_choir("Östersund")
        makers.a_balance(4_000 * KR, TODAY)
        boden = queries.forecast(TODAY).choirs[0]
        assert boden.financed.rehearsals_left == 2
        assert queries.range_sentence(boden) == "Som mest till 9 juli 2026."

    def test_it_is_left_out_when_it_is_a_day(self, app: Flask) -> None:
        a_singing_choir()
        makers.a_balance(4_000 * KR, TODAY)
        assert queries.range_sentence(queries.forecast(TODAY).choirs[0]) == ""


class TestAPartnersSentence:
    def test_from_what_it_has_signed(self, app: Flask) -> None:
        manager, bodenbo, choir = makers.a_manager(), makers.a_partner(), makers.a_choir()

        def said(has_log: bool = True) -> str:
            agreements = queries.agreement_rows(viewer=manager, partner=bodenbo)
            gifts = queries.in_kind_rows(viewer=manager, partner=bodenbo)
            return queries.partner_sentence(agreements, gifts, has_log=has_log, today=TODAY)

        assert said(has_log=False) == "Ingen har pratat med dem än. Vem ringer först?"
        assert said() == "Betalar inget än."
        makers.an_agreement(1_000 * KR, partner=bodenbo, usable_to=date(2026, 5, 31))
        assert said() == "Betalar inget nu. Det senaste avtalet slutade 31 maj 2026."
        actions.add_in_kind(bodenbo, choir, what="lånar ut lokalen", valid_from=TODAY, by=manager)
        assert said() == "Hjälper till utan pengar: lånar ut lokalen."
        makers.an_agreement(1_000 * KR, partner=bodenbo, signed_on=TODAY, usable_from=date(2026, 9, 1))
        assert said() == "Börjar betala 1 september 2026."
        makers.an_agreement(60_000 * KR, partner=bodenbo, usable_to=date(2026, 7, 31))
        assert said() == "Betalar 60\u00a0000\u00a0kr till 31 juli 2026."
        soon = queries.ending_soon(queries.agreement_rows(viewer=manager, partner=bodenbo), TODAY)
        assert soon is not None
        assert soon.usable_to == date(2026, 7, 31)
        makers.an_agreement(40_000 * KR, partner=bodenbo)
        assert said() == "Betalar 100\u00a0000\u00a0kr, utan slutdatum."
