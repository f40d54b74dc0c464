"""Reminding those who own a deadline; the caretaker does it at night."""

import logging

from choir_app.foundation import clock, mail
from choir_app.foundation.caretaker import chore
from choir_app.foundation.database import db
from choir_app.foundation.language import _, full_day, ngettext
from choir_app.foundation.money import kronor_text
from choir_app.funding.models import ReminderSent
from choir_app.funding.queries import deadlines as queries
from choir_app.funding.rules.instalments import reminder_due
from choir_app.funding.rules.names import DEADLINE_NAMES
from choir_app.partners.queries import possible_owners

log = logging.getLogger(__name__)


@chore("reminders of deadlines")
def remind_owners() -> None:
    """Write to the owner of each deadline 60, 30, 14, 7, 1 and 0 days before its day and 3 days after it.

    Each is written once, in the same transaction as the note that it was. After nights without a caretaker only
    the newest is written. What has been sent to the funder is not reminded of; a new day is reminded of anew. One
    that cannot be written stops no other, and is tried again the next night.
    """
    today, able = clock.today(), list(possible_owners())
    for one in queries.unsent_deadlines(as_of=today):
        days = reminder_due(one.due_on, said_on=one.said_on, today=today)
        if days is None or not able:
            continue
        try:
            with db.session.begin_nested():
                _remind(one, days, able)
        except Exception:
            log.exception("a reminder was not written", extra={"facts": {"deadline": str(one.id)}})


def _remind(one: queries.Unsent, days: int, able: list[queries.Account]) -> None:
    if queries.was_reminded(one.id, one.due_on, days):
        return
    db.session.add(ReminderSent(deadline_id=one.id, due_on=one.due_on, days_before=days))
    db.session.flush()
    subject, body = reminder(one)
    for account in queries.whom_to_remind(one, able):
        mail.write(account.email, subject=subject, body=body)


def reminder(one: queries.Unsent) -> tuple[str, str]:
    """The subject and the text of a reminder as it is written today."""
    what = f"{DEADLINE_NAMES[one.kind]} – {one.partner}"
    left = (one.due_on - clock.today()).days
    if left > 0:
        when = ngettext("%(num)s dag kvar", "%(num)s dagar kvar", left)
    elif left == 0:
        when = _("sista dagen är i dag")
    else:
        when = ngettext("%(num)s dag sen", "%(num)s dagar sen", -left)
    lines = [
        _(
            "%(what)s för avtalet %(agreement)s ska vara inskickad senast %(day)s.",
            what=DEADLINE_NAMES[one.kind],
            agreement=one.agreement,
            day=full_day(one.due_on),
        )
    ]
    if one.waiting_ore:
        lines.append(_("%(sum)s betalas inte förrän den är inskickad.", sum=kronor_text(one.waiting_ore)))
    if one.owner is None:
        lines.append(_("Ingen står som ansvarig. Kom överens om vem som gör det."))
    lines.append(_("När den är inskickad: skriv det på avtalets sida, så slutar påminnelserna."))
    lines.append(mail.address_of(f"/finansiering/avtal/{one.agreement_id}"))
    return f"{what}: {when}", "\n\n".join(lines) + "\n"
