"""Who could pay next: each hindrance alone, and all days tried one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choir_app.funding.rules import Caution, Hindrance, May, Reason, Terms, Warned, may_apply, own_share_ore

DAY = date(2026, 6, 16)
TOMORROW = DAY + timedelta(1)
YESTERDAY = DAY - timedelta(1)


def terms(**given_else: object) -> Terms:
    plain: dict[str, object] = {
        "opens_on": None,
        "closes_on": None,
        "towns": frozenset(),
        "min_ore": None,
        "max_ore": None,
        "own_share_bp": 0,
        "wants_new": False,
        "wants_no_other": False,
        "checked_on": DAY,
    }
    return Terms(**{**plain, **given_else})  # type: ignore[arg-type]  # the plain ones are of the right kinds


def told(of: Terms, **given_else: object) -> May:
    plain: dict[str, object] = {"town": "Boden", "as_of": DAY, "sings_already": True}
    return may_apply(of, **{**plain, **given_else})  # type: ignore[arg-type]  # likewise


class TestEach:
    def test_nothing_hinders(self) -> None:
        assert told(terms()) == May(DAY, now=True, reasons=(), warnings=())
        assert not told(terms()).later

    def test_the_first_and_the_last_day_are_days_to_apply(self) -> None:
        assert told(terms(opens_on=DAY, closes_on=DAY)).now

    def test_closed(self) -> None:
        assert told(terms(closes_on=YESTERDAY)) == May(
            None, now=False, reasons=(Reason(Hindrance.CLOSED, on=YESTERDAY),), warnings=()
        )

    def test_not_open_yet(self) -> None:
        may = told(terms(opens_on=TOMORROW))
        assert (may.from_on, may.later) == (TOMORROW, True)
        assert may.reasons == (Reason(Hindrance.NOT_OPEN_YET, on=TOMORROW),)

    def test_for_other_towns(self) -> None:
        assert told(terms(towns=frozenset(["Kalix"]))).reasons == (Reason(Hindrance.OTHER_TOWNS),)
        assert told(terms(towns=frozenset(["Kalix", "Boden"]))).now

    def test_sums(self) -> None:
        narrow = terms(min_ore=100, max_ore=200)
        assert told(narrow, ore=99).reasons == (Reason(Hindrance.SUM_UNDER, ore=100),)
        assert told(narrow, ore=201).reasons == (Reason(Hindrance.SUM_OVER, ore=200),)
        assert all(told(narrow, ore=ore).now for ore in (100, 200, None))

    def test_an_agreement_goes_on(self) -> None:
        alone = terms(wants_no_other=True)
        may = told(alone, agreements_until=[YESTERDAY, DAY, TOMORROW])
        assert may.reasons == (Reason(Hindrance.ONGOING_AGREEMENT, on=TOMORROW),)
        assert may.from_on == TOMORROW + timedelta(1)
        assert told(alone, agreements_until=[YESTERDAY]).now
        assert told(terms(), agreements_until=[TOMORROW]).now

    def test_an_agreement_without_an_end(self) -> None:
        may = told(terms(wants_no_other=True), agreements_until=[TOMORROW, None])
        assert (may.from_on, may.reasons) == (None, (Reason(Hindrance.ONGOING_AGREEMENT),))

    def test_it_closes_before_the_agreement_is_over(self) -> None:
        may = told(terms(wants_no_other=True, closes_on=TOMORROW), agreements_until=[TOMORROW])
        assert may.from_on is None
        assert {reason.code for reason in may.reasons} == {Hindrance.CLOSED, Hindrance.ONGOING_AGREEMENT}

    def test_wants_new(self) -> None:
        assert told(terms(wants_new=True)).reasons == (Reason(Hindrance.WANTS_NEW),)
        assert told(terms(wants_new=True), sings_already=False).now

    def test_own_share(self) -> None:
        fifth = terms(own_share_bp=2_000)
        assert told(fifth, ore=80_000, others_ore=20_000).now
        assert told(fifth, ore=80_000, others_ore=19_999).reasons == (
            Reason(Hindrance.OWN_SHARE, ore=20_000, share_bp=2_000),
        )
        unknown = told(fifth, ore=80_000)
        assert unknown.now
        assert unknown.warnings == (Warned(Caution.OWN_SHARE_NEEDED, ore=20_000, share_bp=2_000),)
        assert told(fifth).warnings == (Warned(Caution.OWN_SHARE_NEEDED, share_bp=2_000),)
        assert told(terms(own_share_bp=10_000), ore=1, others_ore=10**9).reasons[0].ore is None

    def test_rules_older_than_180_days_are_warned_of(self) -> None:
        old = DAY - timedelta(181)
        assert told(terms(checked_on=old)).warnings == (Warned(Caution.RULES_NOT_CHECKED, on=old),)
        assert told(terms(checked_on=DAY - timedelta(180))).warnings == ()

    def test_everything_that_hinders_is_told_in_one_order(self) -> None:
        may = told(terms(opens_on=TOMORROW, towns=frozenset(["Kalix"]), wants_new=True, min_ore=100), ore=1)
        assert [reason.code.value for reason in may.reasons] == [
            "not_open_yet",
            "other_towns",
            "sum_under",
            "wants_new",
        ]
        assert may.from_on is None


class TestOwnShare:
    @given(st.integers(1, 10**9), st.integers(1, 9_999))
    @settings(max_examples=80)
    def test_is_the_least_that_makes_the_share(self, ore: int, share_bp: int) -> None:
        needed = own_share_ore(ore, share_bp)
        assert needed is not None
        assert needed * 10_000 >= share_bp * (ore + needed)
        assert (needed - 1) * 10_000 < share_bp * (ore + needed - 1)

    @pytest.mark.parametrize("share_bp", [10_000])
    def test_everything_leaves_nothing_to_apply_for(self, share_bp: int) -> None:
        assert own_share_ore(100, share_bp) is None


near = st.integers(-6, 12).map(lambda day: DAY + timedelta(day))


class TestByTryingEveryDay:
    @given(st.none() | near, st.none() | near, st.lists(near, max_size=3), st.booleans(), st.booleans())
    @settings(max_examples=150)
    def test_from_when_is_the_first_day_on_which_it_may(
        self,
        opens: date | None,
        closes: date | None,
        until: list[date],
        alone: bool,
        for_others: bool,
    ) -> None:
        one = terms(
            opens_on=opens,
            closes_on=closes,
            wants_no_other=alone,
            towns=frozenset(["Kalix"] if for_others else []),
        )
        days = [DAY + timedelta(count) for count in range(30)]
        good = [
            on
            for on in days
            if not for_others
            and (opens is None or opens <= on)
            and (closes is None or on <= closes)
            and not (alone and any(on <= last for last in until))
        ]
        may = told(one, agreements_until=until)
        assert may.from_on == min(good, default=None)
        assert may.now == (DAY in good) == (not may.reasons)
        for on in days[:15]:
            assert told(one, as_of=on, agreements_until=until).now == (on in good)
