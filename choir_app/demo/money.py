"""The demo network's money: who pays, who has been asked, what it costs, and what may come.

Everything is invented but for what FACTS tells of the foundation, Bodenbo and the first money in Östersund.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from choir_app.accounts.models import Account
from choir_app.choirs.models import Choir, Town
from choir_app.demo import texts
from choir_app.foundation import clock
from choir_app.foundation.database import db
from choir_app.funding import actions as funding
from choir_app.funding import queries
from choir_app.funding.actions.programmes import ProgrammeSaid
from choir_app.funding.actions.proposals import PackageWords, PartWords, ProposalWords
from choir_app.funding.models import Agreement, Opportunity, Programme, Proposal, ProposalReader
from choir_app.funding.rules.scenario import EVERYONE, NewPayer, Scenario
from choir_app.partners.models import Partner

MONTHLY_COST = 78_000
"""About what all five choirs cost in a month, in kronor, breaks reckoned in."""
FREE = 25_000
"""What lies in the bank and may be used for anything, in kronor."""
KEPT = 40_000
"""What is in the bank of the foundation's grant, in kronor. It pays the rest when it has read the next report: until
then the account runs low."""


MISSED = (2_500, -4_000, 9_000, 1_000)
"""How much more was in the bank one, two and more months ago than what was planned since explains, in kronor."""


@dataclass(frozen=True)
class ProgrammeText:
    """A programme of a partner; its days are counted from the funding meeting, its sums in kronor."""

    partner: str
    name: str
    opens: int
    closes: int
    decision_lead_days: int
    payout_lag_days: int
    least: int
    most: int
    rules: str
    own_share_bp: int = 0
    success_bp: int | None = None
    wants_no_other: bool = False
    towns: tuple[str, ...] = ()
    checked: int = -20


PROGRAMMES: tuple[ProgrammeText, ...] = (
    ProgrammeText(
        "Stiftelsen Lyktan",
        "Mötesplatser, våren",
        opens=-60,
        closes=-8,
        decision_lead_days=75,
        payout_lag_days=30,
        least=50_000,
        most=300_000,
        success_bp=2200,
        rules="Ansökan ska komma från en förening. En budget för varje ort.",
    ),
    ProgrammeText(
        "Stiftelsen Lyktan",
        "Mötesplatser, hösten",
        opens=110,
        closes=170,
        decision_lead_days=75,
        payout_lag_days=30,
        least=50_000,
        most=300_000,
        success_bp=2200,
        rules="Samma regler som på våren. Den som fått pengar på våren får vänta ett år.",
    ),
    ProgrammeText(
        "Kulturnämnden i Linköping",
        "Stöd till kultur i föreningar",
        opens=-15,
        closes=85,
        decision_lead_days=50,
        payout_lag_days=20,
        least=10_000,
        most=90_000,
        own_share_bp=2500,
        towns=("Linköping",),
        rules="Öppet för alla som bor i kommunen. En fjärdedel betalas av andra.",
        checked=-230,
    ),
    ProgrammeText(
        "Studieförbundet Vi lär",
        "Kulturprogram för alla",
        opens=-40,
        closes=66,
        decision_lead_days=21,
        payout_lag_days=30,
        least=3_000,
        most=25_000,
        towns=("Linköping", "Norrköping"),
        rules="En konsert eller en öppen repetition med minst fem som lyssnar.",
    ),
    ProgrammeText(
        "Bodenbo",
        "Grannsamverkan",
        opens=-90,
        closes=120,
        decision_lead_days=30,
        payout_lag_days=14,
        least=5_000,
        most=40_000,
        wants_no_other=True,
        towns=("Boden",),
        rules="För det som hyresgästerna själva har glädje av.",
    ),
)


@dataclass(frozen=True)
class AskText:
    """An ask on the board; its days are counted from the funding meeting."""

    partner: str
    name: str
    why: str
    entered: int
    stages: tuple[str, ...] = ()
    kronor: int | None = None
    lasts: int = 303
    """Days that the money may pay for."""
    decision: int | None = None
    choir: str | None = None
    programme: str | None = None
    words: str | None = None
    """Who said yes and how, or why it was a no."""


ASKS: tuple[AskText, ...] = (
    AskText(
        "Sveriges Allmännytta",
        "Fler bostadsföretag som betalar",
        "De känner alla kommunala bostadsföretag och vet vilka som redan arbetar med grannar.",
        entered=0,
    ),
    AskText(
        "Folkets hus-föreningen",
        "En kör i varje Folkets hus",
        "Föreningarna har lokaler och publik i hela landet.",
        entered=-10,
    ),
    AskText(
        "Bodenbo",
        "Fortsätta och höja stödet i Boden",
        "Många av deras hyresgäster sjunger med.",
        entered=-31,
        stages=("talking",),
        kronor=95_000,
        decision=75,
        choir="Boden",
    ),
    AskText(
        "Bostadsbolaget Almen",
        "Kören i Göteborg till nästa sommar",
        "Lokalen ligger mitt bland deras hus.",
        entered=-29,
        stages=("talking",),
        kronor=120_000,
        decision=110,
        choir="Göteborg",
    ),
    AskText(
        "Kulturförvaltningen",
        "Kommunen tar över kören i Östersund",
        "Målet med projektet är att kommunen tar över.",
        entered=-40,
        stages=("talking",),
        kronor=160_000,
        decision=150,
        choir="Östersund",
    ),
    AskText(
        "Stiftelsen Lyktan",
        "Ett år till för alla fem körerna",
        "De ger till det som får människor att mötas.",
        entered=-26,
        stages=("talking", "applied"),
        kronor=280_000,
        decision=70,
        programme="Mötesplatser, våren",
    ),
    AskText(
        "Postkodlotteriets Kulturstiftelse",
        "En turné mellan körerna",
        "De har gett pengar till kören i Östersund förut.",
        entered=-33,
        stages=("talking", "applied"),
        kronor=200_000,
        decision=95,
    ),
    AskText(
        "Hyresbostäder i Norrköping",
        "Gårdskonserter nästa år",
        "De vill att grannarna möts på gården.",
        entered=-27,
        stages=("talking", "applied", "pledged"),
        kronor=60_000,
        decision=40,
        choir="Norrköping",
        words="Tomas Lindquist sa ja på telefon. Vi väntar på mejlet.",
    ),
    AskText(
        "Kvartersbageriet",
        "Pengar till fikat i Linköping",
        "De skänker redan bullar varje onsdag.",
        entered=-68,
        kronor=20_000,
        decision=-50,
        choir="Linköping",
        stages=("talking", "declined"),
        words="De ger hellre bullar än pengar.",
    ),
)
ONE_OF_TWO = ("Ett år till för alla fem körerna", "En turné mellan körerna")
"""The application to one foundation is off when the other one says yes."""


SIZES = ("small", "middle", "large")
PACKAGES: dict[str, tuple[tuple[str, int, str, str], ...]] = {
    "housing_company": (
        ("Fikat", 15_000, "Kaffe och bröd varje vecka i ett år.", "Ert namn står på körens sida."),
        ("Rummet", 45_000, "Rummet där vi sjunger, i ett år.", "Ert namn, och en sång på gårdsfesten."),
        ("Hela kören", 130_000, "Körledare, rum och fika i ett år.", "En egen konsert hos er, och ert namn."),
    ),
    "business": (
        ("Noterna", 5_000, "Noter till alla i ett år.", "Ert namn står på körens sida."),
        ("Fikat", 15_000, "Kaffe och bröd varje vecka i ett år.", "Ert namn, och plats för er på konserten."),
        ("Halva kören", 60_000, "Körledaren varannan vecka i ett år.", "Kören sjunger hos er en gång."),
    ),
    "community_hall": (
        ("Rummet i vår", 10_000, "Rummet en kväll i veckan, en termin.", "En öppen repetition i ert hus."),
        ("Rummet hela året", 20_000, "Rummet en kväll i veckan, i ett år.", "En konsert i ert hus."),
        (
            "Egen kör",
            120_000,
            "En ny kör i ert hus i ett år.",
            "Två konserter, och ert namn på allt vi trycker.",
        ),
    ),
    "municipality": (
        ("En termin", 60_000, "En kör en termin.", "En rapport om vilka som kom och vad som hände."),
        ("Ett år", 120_000, "En kör i ett år.", "Två rapporter, och kören på nationaldagen."),
        ("Tre år", 340_000, "En kör i tre år.", "Två rapporter om året, och kören när kommunen vill."),
    ),
}
"""Name, kronor, what it pays for and what they get in return: small, middle, large, for each kind of partner."""


@dataclass(frozen=True)
class Money:
    """What the money is about: the network so far, and who writes it down."""

    meeting_on: date
    first_on: date
    choirs: Mapping[str, Choir]
    towns: Mapping[str, Town]
    partners: Mapping[str, Partner]
    manager: Account
    evening: Callable[[date], datetime]
    """The moment in the evening of a day."""

    def tell(self) -> None:
        """Everything, in the order in which it came about."""
        grant = self._books()
        asks = self._asks(self._programmes())
        self._packages()
        self._proposals(asks)
        self._plan()
        self._forecasts(grant)

    # --- what is signed, and what it pays ---------------------------------------------------------------------

    def _books(self) -> Agreement:
        """The foundation pays for all until the end of the coming summer; what the towns have of their own differs."""
        self._costs()
        summer_ends_on = end_of_coming_summer(self.meeting_on)
        year_ends_on = date(summer_ends_on.year, 12, 31)
        months_left = round((summer_ends_on - self.meeting_on).days / 30)
        left = months_left * MONTHLY_COST
        grant = self._foundation(until=summer_ends_on, left=left, kept=min(left, KEPT))
        bodenbo = self._agreement("Bodenbo", "Stöd till kören i Boden", 50_000, "Boden", last_on=year_ends_on)
        shops = self._agreement(
            "Handlarna vid torget", "Noter, fika och ledare", 35_000, "Östersund", last_on=year_ends_on
        )
        houses = self._agreement(
            "Hyresbostäder i Norrköping",
            "Grannar som sjunger",
            120_000,
            "Norrköping",
            last_on=date(summer_ends_on.year + 1, 6, 30),
        )
        studies = self._agreement(
            "Studieförbundet Vi lär",
            "Studiecirklar i Östergötland",
            45_000,
            towns=("Linköping", "Norrköping"),
            last_on=year_ends_on,
        )
        self._instalments(bodenbo, (25_000, 14, "invoice"), (25_000, 195, "invoice"))
        self._instalments(shops, (35_000, -10, "date"))
        self._instalments(houses, (60_000, 45, "date"), (60_000, 230, "report"))
        self._instalments(studies, (45_000, 62, "date"))
        for agreement, kind, what, days in (
            (bodenbo, "concert", "Kören sjunger på gårdsfesten", 210),
            (houses, "concert", "Två gårdskonserter", 225),
            (houses, "logo", "Logotypen på höstens affisch", -14),
        ):
            self._promise(agreement, kind, what, days)
        self._balance(self.meeting_on, (FREE + min(left, KEPT)) * 100)
        return grant

    def _instalments(self, agreement: Agreement, *parts: tuple[int, int, str]) -> None:
        """The parts that an agreement is paid in: kronor, days after the meeting, and what the payer waits for."""
        for kronor, days, condition in parts:
            due_on = self.meeting_on + timedelta(days=days)
            funding.add_instalment(
                agreement,
                ore=kronor * 100,
                due_on=due_on,
                condition=condition,
                deadline_on=due_on - timedelta(days=30) if condition == "report" else None,
                owner=self.manager,
                by=self.manager,
            )

    def _promise(self, agreement: Agreement, kind: str, what: str, days: int) -> None:
        """What a partner gets in return; what lies behind us has been delivered."""
        due_on = self.meeting_on + timedelta(days=days)
        with clock.set_to(self.evening(self.meeting_on - timedelta(days=30))):
            promise = funding.add_promise(
                agreement, kind=kind, what=what, due_on=due_on, owner=self.manager, by=self.manager
            )
        if days < 0:
            with clock.set_to(self.evening(due_on)):
                funding.deliver(promise, by=self.manager)

    def _foundation(self, *, until: date, left: int, kept: int) -> Agreement:
        """The grant that everything rests on, with so many kronor left of it, of which some are in the bank."""
        granted = 1_700_000
        began_on = self.meeting_on - timedelta(days=283)
        grant = self._agreement(
            "Svenska Postkodstiftelsen",
            "Sprida körerna i Sverige",
            granted,
            first_on=began_on,
            last_on=until,
            repay_unspent=True,
            grantee="Sveriges Körförbund",
        )
        funding.note_spent(grant, as_of=self.meeting_on, spent_ore=(granted - left) * 100, by=self.manager)
        paid = granted - left + kept
        for days, kronor in ((20, paid // 2), (200, paid - paid // 2)):
            funding.note_payment(grant, on=began_on + timedelta(days=days), ore=kronor * 100, by=self.manager)
        funding.add_deadline(
            grant,
            kind="final_report",
            due_on=until + timedelta(days=90),
            owner=self.manager,
            by=self.manager,
        )
        if left > kept:
            self._instalments(grant, (left - kept, 91, "report"))
        return grant

    def _balance(self, on: date, ore: int) -> None:
        funding.note_balance(as_of=on, ore=ore, by=self.manager)

    def _forecasts(self, grant: Agreement) -> None:
        """What the forecast said in the months behind us, to be compared with what came: it was nearly right."""
        balance = queries.facts(self.meeting_on).balance_ore or 0
        spent = queries.agreement_row(grant).spent_ore
        since = self.meeting_on - timedelta(days=30 * len(MISSED))
        costs = [row for row in queries.facts(since).demands if row.on <= self.meeting_on]
        for months, off in enumerate(MISSED, 1):
            on = self.meeting_on - timedelta(days=30 * months)
            cost = sum(row.ore for row in costs if row.on > on)
            funding.note_spent(grant, as_of=on, spent_ore=spent - cost, by=self.manager)
            self._balance(on, balance + cost + off * 100)
        for months in reversed(range(1, len(MISSED) + 1)):
            on = self.meeting_on - timedelta(days=30 * months)
            with clock.set_to(self.evening(on)):
                funding.take_snapshot(as_of=on, by=self.manager)

    def _plan(self) -> None:
        """A plan that somebody has kept: two more who pay for all."""
        first_on = end_of_coming_summer(self.meeting_on) + timedelta(days=1)
        last_on = first_on + timedelta(days=364)
        payers = tuple(NewPayer(kronor * 100, EVERYONE, first_on, last_on) for kronor in (15_000, 10_000))
        funding.save_plan(Scenario(payers=payers), name="Två finansiärer till", by=self.manager)

    def _costs(self) -> None:
        since = self.first_on
        for told in texts.CHOIRS:
            choir = self.choirs[told.name]
            for category, kronor, what in (("leader", 2_600, "Körledare"), ("coffee", 350, "Kaffe och bröd")):
                funding.add_cost_line(
                    choir,
                    category=category,
                    driver="per_rehearsal",
                    ore=kronor * 100,
                    what=what,
                    valid_from=since,
                    by=self.manager,
                )
            rent = funding.add_cost_line(
                choir,
                category="venue",
                driver="per_rehearsal",
                ore=700 * 100,
                what="Lokal",
                valid_from=since,
                by=self.manager,
            )
            db.session.flush()
            if told.name == "Boden":
                funding.add_in_kind(
                    self.partners["Folkets hus-föreningen"],
                    choir,
                    what="Källaren på tisdagar",
                    replaces=rent,
                    valid_from=since,
                    by=self.manager,
                )
        funding.add_cost_line(
            None,
            category="coordination",
            driver="monthly",
            day_of_month=25,
            ore=24_000 * 100,
            what="Projektledning",
            valid_from=since,
            by=self.manager,
        )
        db.session.flush()

    # --- what may come ----------------------------------------------------------------------------------------

    def _programmes(self) -> dict[str, Programme]:
        """What can be applied to. One was looked at so long ago that its rules may have changed."""
        known: dict[str, Programme] = {}
        for told in PROGRAMMES:
            with clock.set_to(self.evening(self.meeting_on + timedelta(days=told.checked))):
                known[told.name] = funding.add_programme(
                    self.partners[told.partner],
                    ProgrammeSaid(
                        name=told.name,
                        opens_on=self.meeting_on + timedelta(days=told.opens),
                        closes_on=self.meeting_on + timedelta(days=told.closes),
                        decision_lead_days=told.decision_lead_days,
                        payout_lag_days=told.payout_lag_days,
                        min_ore=told.least * 100,
                        max_ore=told.most * 100,
                        own_share_bp=told.own_share_bp,
                        success_bp=told.success_bp,
                        wants_no_other=told.wants_no_other,
                        rules=told.rules,
                        towns=tuple(self.towns[name] for name in told.towns),
                    ),
                    by=self.manager,
                )
        return known

    def _asks(self, programmes: Mapping[str, Programme]) -> dict[str, Opportunity]:
        """The board: each ask was entered some weeks ago and has been moved since, as far as it has come."""
        autumn_on = end_of_coming_summer(self.meeting_on) + timedelta(days=1)
        told_apart: dict[str, Opportunity] = {}
        for told in ASKS:
            entered_on = self.meeting_on + timedelta(days=told.entered)
            with clock.set_to(self.evening(entered_on)):
                ask = funding.add_opportunity(
                    self.partners[told.partner],
                    name=told.name,
                    why=told.why,
                    programme=programmes[told.programme] if told.programme else None,
                    ask_ore=told.kronor * 100 if told.kronor else None,
                    usable_from=autumn_on if told.kronor else None,
                    usable_to=autumn_on + timedelta(days=told.lasts) if told.kronor else None,
                    decision_on=self.meeting_on + timedelta(days=told.decision) if told.decision else None,
                    payout_lag_days=30,
                    allocation="choirs" if told.choir else "all",
                    choirs=[self.choirs[told.choir]] if told.choir else [],
                    owner=self.manager,
                    by=self.manager,
                )
            for number, stage in enumerate(told.stages, 1):
                with clock.set_to(self.evening(entered_on + timedelta(days=7 * number))):
                    funding.move(
                        ask,
                        stage,
                        said_yes=told.words if stage == "pledged" else None,
                        lost_reason=told.words if stage == "declined" else None,
                        by=self.manager,
                    )
            told_apart[told.name] = ask
        one, other = (told_apart[name] for name in ONE_OF_TWO)
        funding.tie(one, other, by=self.manager)
        return told_apart

    def _packages(self) -> None:
        """What partners of each kind are offered: a small, a middle and a large one."""
        for kind, sizes in PACKAGES.items():
            funding.set_up_packages(
                kind,
                {
                    size: PackageWords(name, kronor * 100, 12, what, thanks)
                    for size, (name, kronor, what, thanks) in zip(SIZES, sizes, strict=True)
                },
                by=self.manager,
            )

    def _proposals(self, asks: Mapping[str, Opportunity]) -> None:
        """One that waits for its answer, one that somebody wants a call about, and a draft."""
        sent = self._proposal("Bodenbo", "Boden", asks["Fortsätta och höja stödet i Boden"])
        called = self._proposal(
            "Bostadsbolaget Almen", "Göteborg", asks["Kören i Göteborg till nästa sommar"]
        )
        self._proposal("Folkets hus-föreningen", "Boden", None)
        for proposal, days in ((sent, 4), (called, 1)):
            with clock.set_to(self.evening(min(self.meeting_on + timedelta(days=days), clock.today()))):
                funding.send_proposal(
                    proposal,
                    answer_by=self.meeting_on + timedelta(days=45),
                    seen_version=proposal.version,
                    by=self.manager,
                )
        funding.answer_proposal(
            called, kind="call", person="Helena Broman", phone="070-174 06 56", by=ProposalReader(called)
        )

    def _proposal(self, partner: str, choir: str, ask: Opportunity | None) -> Proposal:
        first_on = end_of_coming_summer(self.meeting_on) + timedelta(days=1)
        _kind, (small, middle, _large) = next(iter(PACKAGES.items()))
        return funding.draft_proposal(
            self.partners[partner],
            ProposalWords(
                title=f"Sjung med oss i {choir}",
                intro=(
                    "I kören möts de som har bott länge i området och de som är nya. Grannar lär känna varandra. "
                    "Vi tror att de som trivs bor kvar längre."
                ),
                first_on=first_on,
                last_on=first_on + timedelta(days=302),
                choirs=[self.choirs[choir]],
                parts=[
                    PartWords(name, kronor * 100, what) for name, kronor, what, _thanks in (small, middle)
                ],
                owner=self.manager,
                opportunity=ask,
                on_no="Vi söker vidare, och säger till alla sångare i god tid.",
                thanks="Kören sjunger på er gårdsfest. Ert namn står på körens sida.",
            ),
            by=self.manager,
        )

    # --- the rows ---------------------------------------------------------------------------------------------

    def _agreement(
        self,
        partner: str,
        name: str,
        kronor: int,
        choir: str | None = None,
        *,
        last_on: date,
        towns: tuple[str, ...] = (),
        first_on: date | None = None,
        repay_unspent: bool = False,
        grantee: str | None = None,
    ) -> Agreement:
        first_on = first_on or self.meeting_on - timedelta(days=30)
        agreement = funding.add_agreement(
            self.partners[partner],
            name=name,
            signed_on=min(first_on, self.meeting_on),
            amount_ore=kronor * 100,
            usable_from=first_on,
            usable_to=last_on,
            allocation="choirs" if choir else "town" if towns else "all",
            choirs=[self.choirs[choir]] if choir else [],
            towns=[self.towns[town] for town in towns],
            repay_unspent=repay_unspent,
            grantee=grantee,
            by=self.manager,
        )
        db.session.flush()
        return agreement


def end_of_coming_summer(day: date) -> date:
    """The last of August after the coming summer."""
    return date(day.year + (day.month > 6), 8, 31)
