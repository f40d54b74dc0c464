"""The three later answers and what it takes, in whole sentences; see sentences.py for the first."""

from datetime import date
from typing import Literal
from uuid import UUID

from choir_app.foundation.language import _, full_day, listed, ngettext, short_month
from choir_app.funding import rules
from choir_app.funding.queries.answers import Answers, Gain, Takes, With
from choir_app.funding.queries.forecast import Outlook
from choir_app.funding.queries.sentences import MOST_TOLD, answer_sentence, whole_kronor
from choir_app.funding.rules.closes import Closes

Pot = Literal["cash", "free"]
"""What is in the bank, or the part of it that may be used for anything."""


def counted_with_sentence(outlook: Outlook, counted_with: With) -> str:
    """The answer for the network when more than agreements is counted with."""
    if counted_with == "agreed":
        return answer_sentence(outlook)
    with_what = _("Med löften") if counted_with == "pledged" else _("Med löften och ansökningar")
    match outlook.state:
        case "ends":
            return _("%(with_what)s räcker pengarna till %(day)s.", with_what=with_what, day=_day(outlook.to))
        case "beyond":
            return _(
                "%(with_what)s räcker pengarna längre än till %(day)s.",
                with_what=with_what,
                day=_day(outlook.beyond),
            )
        case "not_next":
            return _(
                "%(with_what)s räcker pengarna inte till nästa gång, %(day)s.",
                with_what=with_what,
                day=_day(outlook.first_unpaid_on),
            )
        case _:
            return answer_sentence(outlook)


def date_told(outlook: Outlook) -> str:
    """An answer as a day alone, as short as it can be said."""
    match outlook.state:
        case "ends":
            return _short(outlook.to)
        case "beyond":
            return _("längre än %(day)s", day=_short(outlook.beyond))
        case "not_next" | "ended":
            return _("före %(day)s", day=_short(outlook.first_unpaid_on))
        case _:
            return _("Okänt")


# --- cash and free money --------------------------------------------------------------------------------------


def cash_sentence(found: Answers, pot: Pot = "cash") -> str:
    """Until when the cash lasts, or the free money alone: the day of the last cost it reaches to."""
    course = found.cash if pot == "cash" else found.free
    if course is None:
        return (
            _("Vi vet inte hur länge kassan räcker.")
            if pot == "cash"
            else _("Vi vet inte hur länge de fria pengarna räcker.")
        )
    end = ending(found, course)
    as_of = found.facts.as_of
    if end is None:
        limit = full_day(min(found.known_to, course.horizon))
        if pot == "cash":
            return _("Kassan räcker längre än till %(day)s.", day=limit)
        return _("De fria pengarna räcker längre än till %(day)s.", day=limit)
    if end.first_on <= as_of:
        if pot == "cash" and course.floor_ore:
            floor = whole_kronor(course.floor_ore)
            return _("Kassan är under %(floor)s sedan %(day)s.", floor=floor, day=full_day(end.first_on))
        if pot == "cash":
            return _("Kassan är under noll sedan %(day)s.", day=full_day(end.first_on))
        if course.floor_ore:
            return _("De fria pengarna är mindre än det som alltid ska finnas kvar.")
        return _("Det finns inga fria pengar kvar.")
    if end.paid_to is None or end.paid_to < as_of:
        if pot == "cash":
            return _("Kassan räcker inte till nästa kostnad, %(day)s.", day=full_day(end.first_on))
        return _("De fria pengarna räcker inte till nästa kostnad, %(day)s.", day=full_day(end.first_on))
    if pot == "cash":
        return _("Kassan räcker till %(day)s.", day=full_day(end.paid_to))
    return _("De fria pengarna räcker till %(day)s.", day=full_day(end.paid_to))


def cash_day(found: Answers, pot: Pot) -> str:
    """The same as a day alone, as short as it can be said."""
    course = found.cash if pot == "cash" else found.free
    if course is None:
        return _("Okänt")
    end = ending(found, course)
    if end is None:
        return _("längre än %(day)s", day=full_day(min(found.known_to, course.horizon)))
    if end.first_on <= found.facts.as_of:
        return _("Slut")
    if end.paid_to is None or end.paid_to < found.facts.as_of:
        return _("före %(day)s", day=full_day(end.first_on))
    return full_day(end.paid_to)


def ending(found: Answers, course: rules.Cash) -> rules.Dip | None:
    """The dip from which it does not recover; none when it begins after the plans end, where nothing is known."""
    end = course.end
    return end if end and end.first_on <= found.known_to else None


def dip_sentences(found: Answers, course: rules.Cash) -> list[str]:
    """The dips that recover, one sentence each; when there are many, the first and the deepest are told."""
    passing = [dip for dip in course.dips if dip.recovers_on and dip.first_on <= found.known_to]
    said = [_dip_sentence(dip, course.floor_ore) for dip in passing[:MOST_TOLD]]
    if len(passing) > MOST_TOLD:
        said.append(ngettext("Och %(num)s gång till.", "Och %(num)s gånger till.", len(passing) - MOST_TOLD))
    return said


def _dip_sentence(dip: rules.Dip, floor_ore: int) -> str:
    days = {"first": full_day(dip.first_on), "last": full_day(dip.last_on)}
    depth = whole_kronor(dip.depth_ore)
    if floor_ore:
        floor = whole_kronor(floor_ore)
        return _(
            "Den är under %(floor)s från %(first)s till %(last)s, som mest %(depth)s under.",
            floor=floor,
            depth=depth,
            **days,
        )
    return _("Den är under noll från %(first)s till %(last)s, som mest %(depth)s.", depth=depth, **days)


def cash_lacking_sentence(found: Answers, course: rules.Cash) -> str:
    """What lacks at the target day; nothing when nothing does."""
    until = min(found.target, found.known_to)
    below = course.floor_ore - balance_on(course, found, until)
    if below <= 0 or ending(found, course) is None:
        return ""
    return _("%(day)s fattas %(sum)s.", day=full_day(until), sum=whole_kronor(below))


def balance_on(course: rules.Cash, found: Answers, day: date) -> int:
    """What is left when a day is over, in öre; it starts with the balance, or with the free part of it."""
    start = found.facts.balance_ore if course is found.cash else found.facts.free_ore
    before = [moved for moved in course.course if moved.on <= day]
    return before[-1].balance_ore if before else start or 0


# --- the chance -----------------------------------------------------------------------------------------------


def chance_told(bp: int) -> str:
    """«50 %» of basis points. What is not certain is never told as none or all."""
    if 0 < bp < 100:
        return _("under 1 %")
    if 9_900 < bp < 10_000:
        return _("över 99 %")
    return f"{(bp + 50) // 100}\u00a0%"


def gap_chance_title(chance: rules.GapChance, until: date) -> str:
    """The answer as the title of a page: the chance that the gap closes."""
    if not chance.gap_ore:
        return _("Inget fattas till och med %(day)s.", day=full_day(until))
    return _("Chansen att det som fattas kommer i tid är %(chance)s.", chance=chance_told(chance.closes_bp))


def gap_chance_sentence(chance: rules.GapChance | Closes, until: date, choir: str | None = None) -> str:
    """The chance that what lacks up to a day comes in time, for one choir or for all."""
    day = full_day(until)
    if not chance.gap_ore:
        if choir:
            return _("Inget fattas för %(choir)s till och med %(day)s.", choir=choir, day=day)
        return _("Inget fattas till och med %(day)s.", day=day)
    lacking = whole_kronor(chance.gap_ore)
    if not chance.helping:
        if choir:
            return _(
                "%(sum)s fattas för %(choir)s till och med %(day)s, och inget som är öppet kan täcka det i tid.",
                choir=choir,
                sum=lacking,
                day=day,
            )
        return _(
            "%(sum)s fattas till och med %(day)s, och inget som är öppet kan täcka det i tid.",
            sum=lacking,
            day=day,
        )
    if choir:
        return _(
            "%(sum)s fattas för %(choir)s till och med %(day)s. Chansen att allt kommer i tid är %(chance)s.",
            choir=choir,
            sum=lacking,
            day=day,
            chance=chance_told(chance.closes_bp),
        )
    return _(
        "%(sum)s fattas till och med %(day)s. Chansen att allt kommer i tid är %(chance)s.",
        sum=lacking,
        day=day,
        chance=chance_told(chance.closes_bp),
    )


def chance_notes(chance: rules.GapChance, lent: rules.GapChance | None = None) -> list[str]:
    """What belongs to a chance: what to expect, how sure the figure is, what is late, and what others would say."""
    if not chance.gap_ore or not (chance.helping or chance.late):
        return []
    notes = []
    if chance.helping:
        notes.append(
            _(
                "I snitt täcks %(cover)s av de %(gap)s som fattas.",
                cover=whole_kronor(chance.cover_ore),
                gap=whole_kronor(chance.gap_ore),
            )
        )
    if chance.weighted_ore >= chance.gap_ore:
        notes.append(
            _(
                "Summa gånger chans blir %(weighted)s. Det ser ut att räcka, men säger inget om chansen.",
                weighted=whole_kronor(chance.weighted_ore),
            )
        )
    if chance.draws:
        notes.append(
            _(
                "Räknat på 20 000 dragningar. Chansen kan vara fel på ± %(error)s procentenheter.",
                error=f"{-(-chance.closes_error_bp // 10) / 10:.1f}".replace(".", ","),
            )
        )
    if chance.late and lent is not None and lent.closes_bp > chance.closes_bp:
        notes.append(
            _(
                "Lånar någon ut pengarna tills de kommer är chansen %(chance)s.",
                chance=chance_told(lent.closes_bp),
            )
        )
    return notes


# --- what it takes --------------------------------------------------------------------------------------------


def takes_sentence(told: Takes, choir: str | None) -> str:
    """The answer of «what it takes»: the sum that is needed."""
    day = full_day(told.until)
    if told.extra.ore:
        sum_told = whole_up(told.extra.ore)
        if choir:
            return _(
                "Det krävs %(sum)s till för %(choir)s till och med %(day)s.",
                sum=sum_told,
                choir=choir,
                day=day,
            )
        return _("Det krävs %(sum)s till för alla körer till och med %(day)s.", sum=sum_told, day=day)
    if choir:
        return _("%(choir)s är finansierad till och med %(day)s.", choir=choir, day=day)
    return _("Alla körer är finansierade till och med %(day)s.", day=day)


def needed_sentence(told: Takes) -> str:
    """Which open asks make it likely, or that not even all of them do."""
    if not told.gap_ore:
        return ""
    if told.needed.asks is None:
        if not told.chance.helping:
            return _("Inget öppet samtal kan täcka det i tid.")
        return _(
            "Inte ens alla öppna samtal räcker till 80 %%. Tillsammans ger de %(chance)s.",
            chance=chance_told(told.needed.closes_bp),
        )
    count = len(told.asks)
    said = ngettext(
        "Det räcker med %(num)s samtal för %(chance)s chans.",
        "Det räcker med %(num)s samtal för %(chance)s chans.",
        count,
        chance=chance_told(told.needed.closes_bp),
    )
    if not told.needed.is_proven:
        said += " " + _("Kanske finns det ännu färre som räcker.")
    return said


def last_day_sentence(last: rules.LastDay, as_of: date) -> str:
    """The last day to apply so that the money comes in time, or that it does not."""
    if last.on is None:
        return _("För sent")
    if last.on == as_of:
        return _("Sista dagen är i dag")
    return _("Sök senast %(day)s", day=full_day(last.on))


# --- the talks that give most time ----------------------------------------------------------------------------


def gain_told(gain: Gain, choir: UUID | None = None) -> str:
    """«+16 dagar»: of one choir when asked, else of the network, or of the choir that gets most."""
    if choir is None and gain.network_days:
        return _at_least(gain.network_days, is_beyond=gain.network_is_beyond)
    most = next((one for one in gain.choirs if choir in (None, one.choir_id)), None)
    return _at_least(most.days, is_beyond=most.is_beyond) if most else _("ingen tid")


def _at_least(days: int, *, is_beyond: bool) -> str:
    return _("minst %(days)s", days=_days(days)) if is_beyond else _days(days)


def gain_sentence(gain: Gain, all_choirs: int) -> str:
    """For whom an ask gives time, and whether the money comes before it is needed."""
    if not gain.choirs:
        return _("Flyttar inget datum ensamt.")
    most = gain.choirs[0]
    if len(gain.choirs) == 1:
        said = _("För %(choir)s.", choir=most.choir)
    elif gain.network_days:
        said = _(
            "För alla tillsammans. Mest för %(choir)s, %(days)s.", choir=most.choir, days=_days(most.days)
        )
    elif len(gain.choirs) == all_choirs:
        said = _("För alla körer, mest för %(choir)s.", choir=most.choir)
    elif len(gain.choirs) <= MOST_TOLD:
        said = _(
            "Mest för %(choir)s, också för %(choirs)s.",
            choir=most.choir,
            choirs=listed(one.choir for one in gain.choirs[1:]),
        )
    else:
        said = _("Mest för %(choir)s.", choir=most.choir)
    if gain.is_late:
        said += " " + _("Pengarna kommer först %(day)s, efter att de behövs.", day=_day(gain.ask.money_on))
    return said


def _days(number: int) -> str:
    return ngettext("+%(num)s dag", "+%(num)s dagar", number)


def whole_up(ore: int) -> str:
    """A sum that is needed, rounded up to whole kronor: one krona too little is too little."""
    return whole_kronor(-(-ore // 100) * 100)


def _short(day: date | None) -> str:
    return f"{day.day}\u00a0{short_month(day)} {day.year}" if day else "–"


def _day(day: date | None) -> str:
    return full_day(day) if day else "–"
