"""What the log calls the sums, days and choices of this room."""

from choir_app.foundation import audit
from choir_app.foundation.language import lazy_
from choir_app.funding.rules.names import ALLOCATION_NAMES, COST_NAMES, DEADLINE_NAMES, DRIVER_NAMES
from choir_app.funding.rules.proposals import ANSWER_NAMES, PICK_NAMES, SIZE_NAMES
from choir_app.funding.rules.stages import STAGE_NAMES
from choir_app.partners.rules import KIND_NAMES

FIELD_NAMES = {
    "agreement_id": lazy_("Avtal"),
    "allocation": lazy_("För"),
    "amount_ore": lazy_("Belopp"),
    "answer_by": lazy_("Svar senast"),
    "applied_on": lazy_("Ansökt"),
    "approved_on": lazy_("Godkänd"),
    "as_of": lazy_("Till och med"),
    "ask_again_on": lazy_("Fråga igen"),
    "ask_ore": lazy_("Vi ber om"),
    "category": lazy_("Vad"),
    "checked_on": lazy_("Kollat"),
    "choir_id": lazy_("Kör"),
    "choirs": lazy_("Körer"),
    "closes_on": lazy_("Sista dagen att söka"),
    "condition": lazy_("Villkor"),
    "day_of_month": lazy_("Dag i månaden"),
    "decision_lead_days": lazy_("Dagar till besked"),
    "decision_on": lazy_("Besked väntas"),
    "delta_ore": lazy_("Ändring"),
    "driver": lazy_("Hur ofta"),
    "due_on": lazy_("Ska komma"),
    "exclusive_group_id": lazy_("Bara en av"),
    "first_on": lazy_("Från"),
    "in_towns": lazy_("Orter"),
    "kind": lazy_("Vad"),
    "known_bp": lazy_("För den som betalar redan"),
    "lag_days": lazy_("Dagar till pengarna"),
    "last_day": lazy_("Sista dagen"),
    "last_on": lazy_("Till"),
    "max_ore": lazy_("Högst"),
    "min_ore": lazy_("Minst"),
    "months": lazy_("Månader"),
    "new_bp": lazy_("För en ny partner"),
    "new_usable_to": lazy_("Ny sista dag"),
    "on": lazy_("Dag"),
    "opens_on": lazy_("Öppnar"),
    "opportunity_id": lazy_("Möjlighet"),
    "ore": lazy_("Belopp"),
    "own_bp": lazy_("Egen chans"),
    "own_share_bp": lazy_("Egen del"),
    "owner_id": lazy_("Ansvarig"),
    "partner_id": lazy_("Partner"),
    "partner_kind": lazy_("Sorts partner"),
    "parts": lazy_("Delar"),
    "payout_lag_days": lazy_("Dagar till pengarna"),
    "pick": lazy_("Får välja"),
    "programme_id": lazy_("Program"),
    "repay_unspent": lazy_("Det som blir över ska betalas tillbaka"),
    "signed_on": lazy_("Påskrivet"),
    "size": lazy_("Storlek"),
    "spent_ore": lazy_("Använt"),
    "stage": lazy_("Steg"),
    "submitted_on": lazy_("Inskickad"),
    "success_bp": lazy_("Så många får ja"),
    "towns": lazy_("Orter"),
    "usable_from": lazy_("Gäller från"),
    "usable_to": lazy_("Gäller till"),
    "valid_from": lazy_("Från"),
    "valid_to": lazy_("Till"),
    "wants_new": lazy_("Bara nytt"),
    "wants_no_other": lazy_("Inte med annat avtal"),
}
NOT_TOLD = frozenset(
    {
        "checked_by_id",  # it is who did it
        "contact_id",  # a person at a partner, who may be erased
        "cost_line_id",
        "day_said_on",  # it is when it was done
        "deadline_id",
        "instalment_id",
        "own_bp_on",
        "payment_id",
        "replaces_id",
    }
)
"""What the log keeps but does not tell, since it has no name or says nothing more."""

_CONDITIONS = {
    "date": lazy_("ett datum"),
    "invoice": lazy_("faktura"),
    "report": lazy_("godkänd rapport"),
}

audit.put_into_words(
    FIELD_NAMES,
    {
        "allocation": ALLOCATION_NAMES,
        "category": COST_NAMES,
        "condition": _CONDITIONS,
        "driver": DRIVER_NAMES,
        "kind": {**DEADLINE_NAMES, **ANSWER_NAMES},
        "partner_kind": KIND_NAMES,
        "pick": PICK_NAMES,
        "size": SIZE_NAMES,
        "stage": STAGE_NAMES,
    },
)
