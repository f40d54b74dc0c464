"""What the figures say, in whole sentences. Page, table, notices and leaders' pages all take their words here."""

from collections.abc import Sequence
from datetime import date, timedelta

from choir_app.foundation.language import _, full_day, kronor, listed, long_day, month, ngettext
from choir_app.funding import rules
from choir_app.funding.models import InKind
from choir_app.funding.queries.books import AgreementRow
from choir_app.funding.queries.forecast import ChoirOutlook, Forecast, Outlook

MOST_TOLD = 3
"""Choirs or sums told one by one; of more only the number is told."""
ENDS_SOON = timedelta(days=60)


def answer_sentence(outlook: Outlook) -> str:
    """The answer for the network: the title of the page."""
    match outlook.state:
        case "ends":
            return _("Pengarna räcker till %(day)s.", day=_full(outlook.to))
        case "not_next":
            return _("Pengarna räcker inte till nästa gång, %(day)s.", day=_full(outlook.first_unpaid_on))
        case "ended":
            return _("Pengarna tog slut %(day)s.", day=_full(outlook.first_unpaid_on))
        case "beyond":
            return _("Pengarna räcker längre än till %(day)s.", day=_full(outlook.beyond))
        case _:
            return _("Vi vet inte hur länge pengarna räcker.")


def lead_sentences(told: Forecast, *, until: date) -> list[str]:
    """What follows the answer: what is lacking, why, and what is not known. Nothing is told twice."""
    sentences = []
    if told.network.missing == "balance":
        sentences.append(_("Det finns inget saldo för kassan. Skriv in det, så räknar vi."))
    elif told.network.missing:
        sentences.append(_("Det finns inga kostnader. Skriv in dem, så räknar vi."))
    elif told.network.first_unpaid_on:
        lacking = whole_kronor(told.lacking_until(until))
        sentences.append(_("Sedan fattas %(sum)s till och med %(day)s.", sum=lacking, day=full_day(until)))
        if len(told.ends_first_together) < len(told.choirs):
            names = listed(choir.name for choir in told.ends_first_together)
            sentences.append(_("Först tar de slut för %(choirs)s.", choirs=names))
        if why := told.weighty_end:
            end = full_day(why.usable_to or until)
            sentences.append(_("Avtalet med %(partner)s slutar %(day)s.", partner=why.partner, day=end))
    if told.unknown and not told.network.missing:
        names = listed(choir.name for choir in told.unknown)
        sentences.append(_("Det saknas uppgifter för %(choirs)s, som inte är med i svaret.", choirs=names))
    return sentences


def choir_sentence(choir: ChoirOutlook) -> str:
    """Until when one choir is financed."""
    outlook = choir.financed
    match outlook.state:
        case "ends":
            return _("%(choir)s är finansierad till %(day)s.", choir=choir.name, day=_full(outlook.to))
        case "not_next":
            return _(
                "%(choir)s har inte pengar till nästa gång, %(day)s.",
                choir=choir.name,
                day=_full(outlook.first_unpaid_on),
            )
        case "ended":
            return _(
                "Pengarna för %(choir)s tog slut %(day)s.",
                choir=choir.name,
                day=_full(outlook.first_unpaid_on),
            )
        case "beyond":
            return _(
                "%(choir)s är finansierad längre än till %(day)s.",
                choir=choir.name,
                day=_full(outlook.beyond),
            )
        case _:
            return missing_sentence(choir)


def rehearsals_sentence(outlook: Outlook) -> str:
    """The same in rehearsals: how many more, the last one, the first that nobody pays; nothing when none is told."""
    if outlook.state not in ("ends", "not_next"):
        return ""
    if not outlook.rehearsals_left or outlook.last_rehearsal_on is None:
        return _("Inga fler repetitioner är betalda.")
    return ngettext(
        "%(num)s repetition till är betald, %(last)s.",
        "%(num)s repetitioner till är betalda, den sista %(last)s.",
        outlook.rehearsals_left,
        last=long_day(outlook.last_rehearsal_on),
    )


def missing_sentence(choir: ChoirOutlook) -> str:
    """What must be written down before there is a date for a choir."""
    match choir.financed.missing:
        case "balance":
            return _("Det finns inget saldo för kassan. Skriv in det, så räknar vi.")
        case "rehearsals":
            return _("%(choir)s har inga planerade repetitioner.", choir=choir.name)
        case _:
            return _("%(choir)s har inga kostnader. Skriv in dem, så räknar vi.", choir=choir.name)


def range_sentence(choir: ChoirOutlook) -> str:
    """The range around a choir's date: what is sure whatever the others do, and what is possible at best."""
    sure, best = choir.guaranteed, choir.best
    if choir.financed.missing or (sure.to, sure.beyond) == (best.to, best.beyond):
        return ""
    if best.state == "beyond":
        if sure.to is None:
            return _("Som mest längre än %(best)s.", best=_full(best.beyond))
        return _(
            "Säkert till %(sure)s, som mest längre än %(best)s.", sure=_full(sure.to), best=_full(best.beyond)
        )
    if sure.to is None:
        return _("Som mest till %(best)s.", best=_full(best.to))
    return _("Säkert till %(sure)s, som mest till %(best)s.", sure=_full(sure.to), best=_full(best.to))


def explanation(choir: ChoirOutlook, told: Forecast) -> list[str]:
    """Why a choir's money ends while there is money left: the saturated cut in words; nothing when none is left."""
    why = choir.shortage
    if why is None or choir.financed.missing or not why.left:
        return []
    when = month(why.first_unpaid_on)
    lacking = whole_kronor(why.lacking_ore)
    said = [_("%(sum)s fattas för %(choir)s i %(month)s.", choir=choir.name, sum=lacking, month=when)]
    return said + [_leftover_sentence(money, told) for money in why.left[:MOST_TOLD]]


def _leftover_sentence(money: rules.Leftover, told: Forecast) -> str:
    payer = told.payers.get(money.supply)
    who = payer.partner if payer else _("kassan")
    left = whole_kronor(money.ore)
    if money.only_until:
        end = full_day(money.only_until)
        return _("%(sum)s är kvar från %(payer)s, men bara till %(day)s.", sum=left, payer=who, day=end)
    if money.only_from:
        start = full_day(money.only_from)
        return _("%(sum)s är kvar från %(payer)s, men först från %(day)s.", sum=left, payer=who, day=start)
    names = sorted(told.names[choir] for choir in money.only_for or () if choir in told.names)
    if not names:
        return _("%(sum)s är kvar från %(payer)s, men för en kör som inte sjunger nu.", sum=left, payer=who)
    return _(
        "%(sum)s är kvar från %(payer)s, men bara för %(choirs)s.", sum=left, payer=who, choirs=listed(names)
    )


def what_moved(before: Forecast, after: Forecast) -> list[str]:
    """Which dates are other than before, as sentences for a notice."""
    known = {choir.id: choir for choir in before.choirs}
    moved = [choir for choir in after.choirs if choir.id in known and _date(choir) != _date(known[choir.id])]
    if not moved:
        return [_("Datumen är desamma som förut.")]
    if len(moved) > MOST_TOLD:
        sentences = [
            ngettext("%(num)s kör har fått ett nytt datum.", "%(num)s körer har fått nya datum.", len(moved))
        ]
        if before.network != after.network:
            sentences.append(answer_sentence(after.network))
        return sentences
    return [_moved_sentence(choir, known[choir.id].financed) for choir in moved]


def _moved_sentence(choir: ChoirOutlook, before: Outlook) -> str:
    now = choir.financed
    if now.missing:
        return missing_sentence(choir)
    if before.missing:
        return choir_sentence(choir)
    if now.state == "beyond":
        return _(
            "%(choir)s är nu finansierad längre än till %(day)s, förut till %(before)s.",
            choir=choir.name,
            day=_full(now.beyond),
            before=_short_answer(before),
        )
    return _(
        "%(choir)s är nu finansierad till %(day)s, förut till %(before)s.",
        choir=choir.name,
        day=_short_answer(now),
        before=_short_answer(before),
    )


def _date(choir: ChoirOutlook) -> tuple[object, ...]:
    one = choir.financed
    return (one.missing, one.first_unpaid_on, one.beyond)


def _short_answer(outlook: Outlook) -> str:
    """The answer as a day alone, for a range or a comparison."""
    if outlook.state == "beyond":
        return _("längre än %(day)s", day=_full(outlook.beyond))
    if outlook.to is None and outlook.first_unpaid_on is not None:
        return _("före %(day)s", day=full_day(outlook.first_unpaid_on))
    return _full(outlook.to)


def partner_sentence(
    agreements: Sequence[AgreementRow], gifts: Sequence[InKind], *, has_log: bool, today: date
) -> str:
    """What a partner does for us now, from its agreements: the first line of its page."""
    running = [one for one in agreements if one.usable_from <= today and not one.is_over_on(today)]
    coming = [one for one in agreements if one.usable_from > today]
    over = [one for one in agreements if one.is_over_on(today)]
    if running:
        ore = sum(one.effective_ore for one in running)
        ends = [one.usable_to for one in running]
        last = max((day for day in ends if day), default=None)
        if None in ends or last is None:
            return _("Betalar %(sum)s, utan slutdatum.", sum=kronor(ore))
        return _("Betalar %(sum)s till %(day)s.", sum=kronor(ore), day=full_day(last))
    if coming:
        first = min(coming, key=lambda one: one.usable_from)
        return _("Börjar betala %(day)s.", day=full_day(first.usable_from))
    if gifts:
        return _("Hjälper till utan pengar: %(what)s.", what=listed(sorted({gift.what for gift in gifts})))
    if over:
        last = max(one.usable_to for one in over if one.usable_to)
        return _("Betalar inget nu. Det senaste avtalet slutade %(day)s.", day=full_day(last))
    return _("Betalar inget än.") if has_log else _("Ingen har pratat med dem än. Vem ringer först?")


def ending_soon(agreements: Sequence[AgreementRow], today: date) -> AgreementRow | None:
    """The running agreement that ends within 60 days, if one does; the first to end."""
    soon = [one for one in agreements if one.usable_to and today <= one.usable_to <= today + ENDS_SOON]
    return min(soon, key=lambda one: one.usable_to or today, default=None)


def for_whom_sentence(row: AgreementRow) -> str:
    """Which choirs an agreement may pay for."""
    return listed(row.for_whom) if row.for_whom else _("Alla körer")


def period_of(row: AgreementRow) -> str:
    """From when to when an agreement's money may be used."""
    if row.usable_to is None:
        return _("från %(first)s, utan slut", first=full_day(row.usable_from))
    return _("%(first)s till %(last)s", first=full_day(row.usable_from), last=full_day(row.usable_to))


def whole_kronor(ore: int) -> str:
    """A sum of a forecast: to the nearest krona, since nobody can foresee öre."""
    return kronor((ore + 50) // 100 * 100)


def _full(day: date | None) -> str:
    return full_day(day) if day else "–"
