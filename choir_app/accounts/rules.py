"""What is true of signing in, whatever is stored: lifetimes, limits, addresses, devices and passwords."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from urllib.parse import urlsplit

from choir_app.accounts.passwords import is_common
from choir_app.foundation import clock
from choir_app.foundation.language import _, day, hour, lazy_, ngettext
from choir_app.foundation.refusal import Refusal
from choir_app.foundation.text import folded

# --- lifetimes ------------------------------------------------------------------------------------------------

MEMBER_STAYS = timedelta(days=365)
"""How long a device of somebody who is a member and nothing else stays signed in."""
STAFF_STAYS = timedelta(days=30)
"""How long a device of somebody with a role, or who leads a choir, stays signed in."""
SEEN_TO = timedelta(minutes=15)
"""How exactly it is kept when a device was last used."""
INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=1)
SAME_ANSWER_AFTER = 0.12
"""Seconds after which a request for a new password is answered, whether or not the address has an account."""


# --- limits ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """So many tries within a time; the one after that has to wait."""

    tries: int
    within: timedelta

    def wait_after(self, past: list[datetime], now: datetime) -> timedelta:
        """How long to wait, given the moments of the latest tries, newest first; nothing when one may try."""
        if len(past) < self.tries:
            return timedelta(0)
        return max(timedelta(0), past[self.tries - 1] + self.within - now)


PER_ACCOUNT = Limit(10, timedelta(minutes=15))
"""Wrong passwords for one e-mail address, from wherever they come."""
PER_NETWORK = Limit(60, timedelta(minutes=15))
"""Wrong passwords from one network address; a whole choir may sit behind the same one."""
RESETS_PER_ACCOUNT = Limit(5, timedelta(hours=1))
RESETS_PER_NETWORK = Limit(20, timedelta(hours=1))
LONGEST_WINDOW = timedelta(hours=1)


class TooManyTries(Refusal):
    """A limit is reached; `seconds` is how long to wait."""

    def __init__(self, wait: timedelta, *, field: str | None = None) -> None:
        self.seconds = max(1, ceil(wait.total_seconds()))
        minutes = ceil(self.seconds / 60)
        super().__init__(
            ngettext(
                "Det blev många försök. Vänta %(num)s minut och prova igen.",
                "Det blev många försök. Vänta %(num)s minuter och prova igen.",
                minutes,
            ),
            field=field,
        )


# --- addresses ------------------------------------------------------------------------------------------------


def folded_email(typed: str) -> str:
    """An e-mail address as it is kept and compared: capitals do not matter."""
    return unicodedata.normalize("NFC", typed).strip().lower()


def network_of(address: str | None) -> str:
    """The network address that tries are counted by: an IPv6 line is given a whole /64, so that one is counted."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def path_of_ours(typed: str | None) -> str | None:
    """The path to go on to after signing in, if it leads to a page of this house and nowhere else."""
    if not typed or len(typed) > 2000 or not typed.startswith("/") or typed.startswith(("//", "/\\")):
        return None
    if "\\" in typed or not typed.isprintable() or re.search(r"\s", typed):
        return None
    try:
        parts = urlsplit(typed)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("/logga-", "/lank/")):
        return None
    return typed


# --- devices --------------------------------------------------------------------------------------------------

_BROWSERS = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "Iphone"),
    ("iPad", "Ipad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """A browser's own description in plain words, such as «Chrome på Android»."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    if browser and system:
        return _("%(browser)s på %(system)s", browser=browser, system=system)
    return browser or system or _("Okänd enhet")


def moment_in_words(moment: datetime, today: date) -> str:
    """«i dag kl. 18.12», «i går kl. 9.05» or «tisdag 16 juni kl. 18.12»."""
    days = (today - clock.local(moment).date()).days
    if days == 0:
        return _("i dag kl. %(clock)s", clock=hour(moment))
    if days == 1:
        return _("i går kl. %(clock)s", clock=hour(moment))
    return _("%(day)s kl. %(clock)s", day=day(moment), clock=hour(moment))


# --- passwords ------------------------------------------------------------------------------------------------

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_GUESSED_HERE = ("rockinpots", "losenord", "password", "sangkor", "korsang", "qwerty", "administrator")


def as_hashed(password: str) -> str:
    """A password as it is hashed: the same letters typed on two keyboards are the same password."""
    return unicodedata.normalize("NFC", password)


def refuse_weak(password: str, *, about: tuple[str, ...] = (), field: str = "password") -> None:
    """Refuse a password that is short or that somebody would try first.

    `about` are words of the person: name and e-mail address. There are no rules about signs and digits.
    """
    plain = as_hashed(password)
    if len(plain) < SHORTEST_PASSWORD:
        raise Refusal(
            _("Lösenordet är för kort. Skriv minst %(number)s tecken.", number=SHORTEST_PASSWORD), field=field
        )
    if len(plain) > LONGEST_PASSWORD:
        raise Refusal(
            _("Lösenordet är för långt. Skriv högst %(number)s tecken.", number=LONGEST_PASSWORD), field=field
        )
    core = re.sub(r"[^a-z]", "", folded(plain))
    own = {
        re.sub(r"[^a-z]", "", folded(word)) for text in about for word in (*re.split(r"[\s@.]+", text), text)
    }
    guessed = {*_GUESSED_HERE, *(word for word in own if len(word) > 2)}
    is_own = core in guessed or core in {a + b for a in guessed for b in guessed}
    if is_common(plain) or len(set(plain)) < 5 or is_own:
        raise Refusal(_("Lösenordet är lätt att gissa. Välj ett annat."), field=field)


# --- roles ----------------------------------------------------------------------------------------------------

ROLE_NAMES: dict[str, object] = {
    "editor": lazy_("Redaktör"),
    "manager": lazy_("Projektledare"),
    "administrator": lazy_("Administratör"),
}
"""What each role of the whole network is called."""


def role_names(roles: frozenset[str]) -> list[str]:
    """The names of these roles, the one that reaches furthest first."""
    return [str(ROLE_NAMES[role]) for role in ("administrator", "manager", "editor") if role in roles]


# --- the log --------------------------------------------------------------------------------------------------

_DEEDS: dict[str, object] = {
    "account.signed_in": lazy_("loggade in"),
    "letters.sent_again": lazy_("skickade mejl igen om"),
    "account.signed_out": lazy_("loggade ut"),
    "account.signed_out_everywhere": lazy_("loggade ut alla enheter för"),
    "account.name_changed": lazy_("ändrade namnet på"),
    "account.password_changed": lazy_("bytte lösenord"),
    "account.invited": lazy_("bjöd in"),
    "account.joined": lazy_("tog emot sin inbjudan"),
    "account.disabled": lazy_("stängde av"),
    "account.enabled": lazy_("öppnade kontot för"),
    "account.became_editor": lazy_("gjorde till redaktör:"),
    "account.became_manager": lazy_("gjorde till projektledare:"),
    "account.became_administrator": lazy_("gjorde till administratör:"),
    "account.no_longer_editor": lazy_("tog bort rollen redaktör från"),
    "account.no_longer_manager": lazy_("tog bort rollen projektledare från"),
    "account.no_longer_administrator": lazy_("tog bort rollen administratör från"),
    "tip.made_into_post": lazy_("gjorde ett utkast av ett tips"),
    "tip.put_aside": lazy_("lade ett tips åt sidan"),
    "tip.taken_up": lazy_("tog fram ett tips igen"),
    "tip.removed": lazy_("tog bort ett tips"),
    "person_in_picture.withdrew": lazy_("skrev att någon inte vill vara med längre:"),
    "person_in_picture.is_somebody_else": lazy_("svarade att det inte är den som är raderad:"),
    "person_in_picture.agreed_again": lazy_("ångrade att någon inte vill vara med:"),
    "leader.appointed": lazy_("gjorde till körledare:"),
    "leader.dismissed": lazy_("tog bort rollen körledare från"),
}
_DEEDS |= {
    "choir.planned": lazy_("började planera"),
    "choir.active": lazy_("startade"),
    "choir.paused": lazy_("pausade"),
    "choir.ended": lazy_("avslutade"),
    "choir.founded": lazy_("la till kören"),
    "choir.voices": lazy_("ändrade stämmorna i"),
    "membership.began": lazy_("skrev in"),
    "membership.trying": lazy_("ändrade medlemskapet för"),
    "membership.regular": lazy_("ändrade medlemskapet för"),
    "membership.paused": lazy_("ändrade medlemskapet för"),
    "membership.left": lazy_("avslutade medlemskapet för"),
    "membership.voice": lazy_("bytte stämma för"),
    "singer.linked": lazy_("kopplade ett konto till"),
    "singer.unlinked": lazy_("kopplade bort kontot från"),
    "series.rests": lazy_("la in ett uppehåll"),
    "series.rests_not": lazy_("tog bort ett uppehåll"),
    "promise.delivered": lazy_("skrev att de har fått"),
    "promise.undelivered": lazy_("ångrade att de har fått"),
    "payment.matched": lazy_("sa vad den betalar:"),
    "payment.taken_apart": lazy_("tog isär"),
    "deadline.submitted": lazy_("skickade in"),
    "deadline.approved": lazy_("skrev att de har godkänt"),
    "deadline.reopened": lazy_("ångrade att de har fått"),
    "rehearsal.restored": lazy_("ångrade ändringen av"),
    "attendance.taken_out": lazy_("tog ut närvaron för"),
    "calendar.made": lazy_("gjorde en kalenderadress"),
    "calendar.moved": lazy_("bytte kalenderadress"),
    "calendar.removed": lazy_("tog bort en kalenderadress"),
    "check_in.closed": lazy_("stängde incheckningen"),
    "choir.taken_in": lazy_("hämtade in kören"),
    "choir.taken_out": lazy_("tog ut allt om"),
    "partner_list.taken_in": lazy_("hämtade in en lista"),
    "partner_list.undone": lazy_("ångrade en lista"),
    "list.taken_in": lazy_("hämtade in en lista"),
    "list.undone": lazy_("ångrade en lista"),
    "reply_link.made": lazy_("gjorde en svarslänk"),
    "reply_link.revoked": lazy_("tog tillbaka en svarslänk"),
    "roll.lent": lazy_("lånade ut en närvarolista"),
    "roll.taken_back": lazy_("tog tillbaka en närvarolista"),
    "singer.not_the_same": lazy_("skilde åt två sångare:"),
    "singer.parted": lazy_("delade på"),
    "plan.counted_anew": lazy_("räknade om"),
    "programme.checked": lazy_("kollade reglerna för"),
    "programme.closed": lazy_("avslutade"),
    "programme.reopened": lazy_("öppnade igen"),
    "study_list.gathering": lazy_("ändrade en träff på"),
    "study_list.handed_in": lazy_("lämnade in"),
    "study_list.hours": lazy_("bekräftade timmarna på"),
    "study_list.taken_out": lazy_("tog ut"),
    "study_rule.checked": lazy_("kontrollerade"),
    "opportunity.chance_changed": lazy_("ändrade chansen för"),
    "opportunity.move_undone": lazy_("ångrade flytten av"),
    "opportunity.tied": lazy_("kopplade ihop med ett annat:"),
    "proposal.answered": lazy_("skrev in ett svar på"),
    "proposal.opened_again": lazy_("gjorde en ny länk till"),
    "proposal.sent": lazy_("skickade"),
    "proposal.taken_back": lazy_("tog tillbaka länken till"),
    "opportunity.untied": lazy_("tog bort kopplingen för"),
}
_ENDINGS: dict[str, object] = {
    "added": lazy_("la till"),
    "created": lazy_("la till"),
    "founded": lazy_("la till"),
    "opened": lazy_("la till"),
    "begun": lazy_("la till"),
    "amended": lazy_("ändrade"),
    "changed": lazy_("ändrade"),
    "ended": lazy_("avslutade"),
    "noted": lazy_("skrev in"),
    "removed": lazy_("tog bort"),
    "erased": lazy_("raderade"),
    "merged": lazy_("slog ihop"),
    "read": lazy_("läste"),
    "reversed": lazy_("rättade"),
    "published": lazy_("publicerade"),
    "withdrawn": lazy_("tog ned"),
    "cancelled": lazy_("ställde in"),
    "moved": lazy_("flyttade"),
}
_THINGS: dict[str, object] = {
    "accounts": lazy_("ett konto"),
    "agreements": lazy_("ett avtal"),
    "amendments": lazy_("en ändring av ett avtal"),
    "bank_balances": lazy_("ett saldo"),
    "choirs": lazy_("en kör"),
    "contacts": lazy_("en kontaktperson"),
    "in_kinds": lazy_("ett stöd i annat än pengar"),
    "spent_to_dates": lazy_("vad som har använts"),
    "cost_line_ends": lazy_("en kostnad"),
    "cost_lines": lazy_("en kostnad"),
    "instalments": lazy_("en utbetalning"),
    "opportunities": lazy_("en möjlighet"),
    "deadlines": lazy_("en sista dag"),
    "documents": lazy_("en handling"),
    "promises": lazy_("ett löfte till en partner"),
    "packages": lazy_("ett paket"),
    "partner_imports": lazy_("partner från en lista"),
    "partners": lazy_("en partner"),
    "payment_matches": lazy_("vad en inbetalning betalar"),
    "payments": lazy_("en inbetalning"),
    "proposals": lazy_("ett förslag"),
    "people_in_pictures": lazy_("en person på en bild"),
    "posts": lazy_("ett inlägg"),
    "programmes": lazy_("ett program"),
    "rehearsals": lazy_("en repetition"),
    "saved_scenarios": lazy_("en plan"),
    "series": lazy_("repetitionstider"),
    "singers": lazy_("en sångare"),
    "stage_chances": lazy_("chansen för ett steg"),
    "study_lists": lazy_("en studielista"),
    "study_rules": lazy_("en studieregel"),
    "towns": lazy_("en ort"),
    "venues": lazy_("en lokal"),
}
"""What a thing is called when it has no name of its own, or none any more."""


def deed_in_words(verb: str) -> str:
    """What the log calls by a code, in words; a code that nobody has put into words is shown as it is."""
    words = _DEEDS.get(verb) or _ENDINGS.get(verb.rpartition(".")[2]) or _ENDINGS.get(verb.rpartition("_")[2])
    return str(words) if words else verb


def thing_in_words(table: str) -> str:
    """What the log calls something without a name."""
    return str(_THINGS.get(table, ""))
