"""The plan of the walk: the roles, a row for every route, and what the addresses are made of.

The cells of a row, in the order of ROLES:
    200, 403, 404 …   what a GET is answered with (and a POST, when it is a no)
    in                sent to the sign-in page
    ok                let in to send; the room's own tests send it
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from choir_app.accounts.models import Account, SignIn
from choir_app.choirs.models import Choir, Membership, Singer, Venue
from choir_app.foundation import clock
from choir_app.foundation.database import Model, db
from choir_app.funding.models import Agreement, BankBalance, CostLine, Deadline, InKind, Opportunity, Payment
from choir_app.news.models import Post, PostVersion, Tag
from choir_app.partners.models import Contact, Partner, PartnerImport
from choir_app.rehearsals import actions
from choir_app.rehearsals.models import Import, Rehearsal, Series, SeriesBreak, StudyRule
from tests import makers
from tests.funding.kept import a_plan
from tests.funding.made import a_deadline, a_document, a_payment, a_promise, an_instalment
from tests.funding.proposed import a_draft, a_sent_one

ROLES = ("guest", "member", "leader", "leader of another choir", "editor", "manager", "administrator")

EVERYONE = "200 200 200 200 200 200 200"
SIGNED_IN = "in 200 200 200 200 200 200"
ANY_LEADER = "in 403 200 200 403 200 200"
OWN_LEADER = "in 403 200 404 403 200 200"
OF_A_KNOWN_CHOIR = "in 403 200 403 403 200 200"  # that the choir is there is no secret
WRITERS = "in 403 200 200 200 200 200"
OWN_PICTURES = "in 403 404 404 200 200 200"
EDITORS = "in 403 403 403 200 200 200"
MANAGERS = "in 403 403 403 403 200 200"
ADMINISTRATORS = "in 403 403 403 403 403 200"


def sent(row: str) -> str:
    """A row of a route that is only sent to."""
    return row.replace("200", "ok")


ROWS: dict[str, str] = {
    # foundation
    "static": EVERYONE,
    "favicon": EVERYONE,
    "health.alive": EVERYONE,
    "health.ready": EVERYONE,
    # accounts
    "accounts.sign_in": "200 303 303 303 303 303 303",
    "accounts.sign_in_as_demo_person": sent(EVERYONE),
    "accounts.forgotten": EVERYONE,
    "accounts.link_is_sent": EVERYONE,
    "accounts.one_time_link": "410 410 410 410 410 410 410",
    "accounts.sign_out": sent(EVERYONE),
    "accounts.sign_out_by_phone": sent(EVERYONE),
    "accounts.looks": EVERYONE,
    "accounts.choose_looks": sent(EVERYONE),
    "accounts.my_account": SIGNED_IN,
    "accounts.password": SIGNED_IN,
    "accounts.sign_out_everywhere": sent(SIGNED_IN),
    "accounts.end_sign_in": "in 404 404 404 404 404 404",  # somebody else's device
    "accounts.log": ADMINISTRATORS,
    # choirs
    "choirs.manage": MANAGERS,
    "choirs.found_choir": MANAGERS,
    "choirs.found_town": MANAGERS,
    "choirs.change_town": MANAGERS,
    "choirs.change_state": MANAGERS,
    "choirs.leaders": MANAGERS,
    "choirs.dismiss_leader": MANAGERS,
    "choirs.change": OF_A_KNOWN_CHOIR,
    "choirs.open_venue": OF_A_KNOWN_CHOIR,
    "choirs.change_venue": OF_A_KNOWN_CHOIR,
    "choirs.roster": OWN_LEADER,
    "choirs.add_singer": OWN_LEADER,
    "choirs.singer": OWN_LEADER,
    "choirs.change_singer": OWN_LEADER,
    "choirs.change_membership": OWN_LEADER,
    "choirs.join": OWN_LEADER,
    "choirs.erase_singer": OWN_LEADER,
    "choirs.link_account": MANAGERS,
    "choirs.unlink_account": sent(MANAGERS),
    "choirs.change_own": "in 200 404 404 404 404 404",  # nobody but the member sings here
    "choirs.erase_own": "in 200 404 404 404 404 404",
    # rehearsals
    "rehearsals.acts": "401 ok ok ok ok ok ok",
    "rehearsals.roll_snapshot": "401 404 200 404 404 200 200",
    "rehearsals.evenings": "401 200 200 200 200 200 200",
    "rehearsals.openapi": EVERYONE,
    "rehearsals.trace": OWN_LEADER,
    "rehearsals.refused_acts": ANY_LEADER,
    "rehearsals.deal_with_refused": sent(OWN_LEADER),
    "rehearsals.worker": EVERYONE,
    "rehearsals.app_start": "303 303 303 303 303 303 303",
    "rehearsals.tonight_shell": EVERYONE,
    "rehearsals.roll_shell": EVERYONE,
    "rehearsals.summary_shell": EVERYONE,
    "rehearsals.signed_out_shell": EVERYONE,
    "rehearsals.no_contact": EVERYONE,
    "rehearsals.hand_over": EVERYONE,
    "rehearsals.take_in": ANY_LEADER,
    "rehearsals.seal": "401 200 200 200 200 200 200",
    "rehearsals.take_in_sealed": sent(EVERYONE),
    "rehearsals.tonight": ANY_LEADER,
    "rehearsals.roll": OWN_LEADER,
    "rehearsals.summary": OWN_LEADER,
    "rehearsals.newcomer": OWN_LEADER,
    "rehearsals.choir_feed": EVERYONE,
    "rehearsals.choir_calendar": EVERYONE,
    "rehearsals.own_feed": "410 410 410 410 410 410 410",
    "rehearsals.own_calendar": SIGNED_IN,
    "rehearsals.change_calendar_address": sent(SIGNED_IN),
    "rehearsals.check_in": OWN_LEADER,
    "rehearsals.close_check_in": sent(OWN_LEADER),
    "rehearsals.wall": OWN_LEADER.replace("200", "302"),  # not opened
    "rehearsals.wall_code": OWN_LEADER.replace("200", "410"),
    "rehearsals.arrivals": OWN_LEADER,
    "rehearsals.answer_arrival": sent(OWN_LEADER),
    "rehearsals.take_in_answer": "ok ok ok ok ok ok ok",
    "rehearsals.scanned": "410 410 410 410 410 410 410",
    "rehearsals.door": EVERYONE,
    "rehearsals.door_state": EVERYONE,
    "rehearsals.lend": OWN_LEADER,
    "rehearsals.loan": OWN_LEADER,
    "rehearsals.end_loan": sent(OWN_LEADER),
    "rehearsals.take_up_loan": "410 410 410 410 410 410 410",
    "rehearsals.history": OWN_LEADER,
    "rehearsals.plan": OWN_LEADER,
    "rehearsals.add": OWN_LEADER,
    "rehearsals.begin_series": OWN_LEADER,
    "rehearsals.change_series": OWN_LEADER,
    "rehearsals.add_break": OWN_LEADER,
    "rehearsals.remove_break": sent(OWN_LEADER),
    "rehearsals.move": OWN_LEADER,
    "rehearsals.cancel": OWN_LEADER,
    "rehearsals.restore": sent(OWN_LEADER),
    "rehearsals.duplicates": OWN_LEADER,
    "rehearsals.part": sent(OWN_LEADER),
    "rehearsals.reply": "in ok 404 404 404 404 404",  # nobody but the member sings here
    "rehearsals.own_dates": "in 200 404 404 404 404 404",
    "rehearsals.by_link": "410 410 410 410 410 410 410",
    "rehearsals.singer_dates": OWN_LEADER,
    "rehearsals.reply_link": OWN_LEADER,
    "rehearsals.revoke_reply_link": sent(OWN_LEADER),
    "rehearsals.take_in_list": OWN_LEADER,
    "rehearsals.imported": OWN_LEADER,
    "rehearsals.undo_list": sent(OWN_LEADER),
    "rehearsals.take_out_choir": OWN_LEADER,
    "rehearsals.take_in_choir": MANAGERS,
    "rehearsals.study_lists": OWN_LEADER,
    "rehearsals.add_study_list": OWN_LEADER,
    "rehearsals.add_concert_list": OWN_LEADER,
    "rehearsals.study_list": OWN_LEADER,
    "rehearsals.change_study_list": OWN_LEADER,
    "rehearsals.remove_study_list": sent(OWN_LEADER),
    "rehearsals.study_gathering": OWN_LEADER,
    "rehearsals.confirm_study_hours": sent(OWN_LEADER),
    "rehearsals.copy_study_list": OWN_LEADER,
    "rehearsals.study_file": sent(OWN_LEADER),
    "rehearsals.hand_in": OWN_LEADER,
    "rehearsals.handed_in_file": sent(OWN_LEADER),
    "rehearsals.attendance_table": OWN_LEADER,
    "rehearsals.attendance_file": sent(OWN_LEADER),
    "rehearsals.study_rules": MANAGERS,
    "rehearsals.add_study_rule": MANAGERS,
    "rehearsals.check_study_rule": sent(MANAGERS),
    # partners
    "partners.index": MANAGERS,
    "partners.to_do": MANAGERS,
    "partners.put_off": sent(MANAGERS),
    "partners.add": MANAGERS,
    "partners.change": MANAGERS,
    "partners.add_contact": MANAGERS,
    "partners.change_contact": MANAGERS,
    "partners.remove_contact": sent(MANAGERS),
    "partners.next_step": MANAGERS,
    "partners.done": MANAGERS,
    "partners.take_in_list": MANAGERS,
    "partners.imported": MANAGERS,
    "partners.undo_list": sent(MANAGERS),
    # news
    "news.index": EVERYONE,
    "news.post": EVERYONE,
    "news.rss": EVERYONE,
    "news.atom": EVERYONE,
    "news.json_feed": EVERYONE,
    "news.subject_feed": EVERYONE,
    "news.easy_post": EVERYONE,
    "news.poster": EVERYONE,
    "news.town": EVERYONE,
    "news.tag": EVERYONE,
    "news.language": EVERYONE,
    "news.author": EVERYONE,
    "news.archive": EVERYONE,
    "news.month": EVERYONE,
    "news.search": EVERYONE,
    "news.by_link": "410 410 410 410 410 410 410",
    "news.picture": EVERYONE,
    "news.picture_copy": EVERYONE,
    "news.kept_pictures": WRITERS,
    "news.take_in_picture": sent(WRITERS),
    "news.kept_picture": OWN_PICTURES,
    "news.name_person": OWN_PICTURES,
    "news.say_nobody": sent(OWN_PICTURES),
    "news.withdraw_consent": sent(EDITORS),
    "news.undo_withdrawal": sent(EDITORS),
    "news.erase_person": sent(EDITORS),
    "news.take_back_name": sent(OWN_PICTURES),
    "news.is_somebody_else": sent(EDITORS),
    "news.reach": EDITORS,
    "news.reach_as_csv": EDITORS,
    "news.give_tip": EVERYONE,
    "news.tip_is_given": EVERYONE,
    "news.tips": EDITORS,
    "news.draft_from_tip": sent(EDITORS),
    "news.put_tip_aside": sent(EDITORS),
    "news.take_tip_up_again": sent(EDITORS),
    "news.remove_tip": sent(EDITORS),
    "news.subscribe": EVERYONE,
    "news.letter_is_sent": EVERYONE,
    "news.subscription": "410 410 410 410 410 410 410",
    "news.confirm_letters": "410 410 410 410 410 410 410",
    "news.forget_address": "410 410 410 410 410 410 410",
    "news.stop_letters": "410 410 410 410 410 410 410",
    "news.letters": EDITORS,
    "news.send_unsure_letters": sent(EDITORS),
    "news.desk": WRITERS,
    "news.new": WRITERS,
    "news.change": EDITORS,
    "news.preview": EDITORS,
    "news.compare": EDITORS,
    "news.ask_for_review": sent(EDITORS),
    "news.send_back": sent(EDITORS),
    "news.write_version": EDITORS,
    "news.confirm_version": sent(EDITORS),
    "news.show_version": sent(EDITORS),
    "news.hide_version": sent(EDITORS),
    "news.languages": EDITORS,
    "news.previews": EDITORS,
    "news.revoke_preview": sent(EDITORS),
    "news.keep_unsaved": sent(WRITERS),
    "news.be_at_work": sent(WRITERS),
    "news.drop_unsaved": sent(WRITERS),
    "news.take_back_unsaved": sent(WRITERS),
    "news.paste": sent(WRITERS),
    "news.look": sent(WRITERS),
    "news.coach": sent(WRITERS),
    "news.words": EDITORS,
    "news.remove_word": sent(EDITORS),
    "news.correct": EDITORS,
    "news.remove_correction": sent(EDITORS),
    "news.update_figures": sent(EDITORS),
    "news.publish_later": EDITORS,
    "news.publish": sent(EDITORS),
    "news.withdraw": sent(EDITORS),
    "news.send_letters": sent(EDITORS),
    "news.send_no_letters": sent(EDITORS),
    "news.bring_back": sent(EDITORS),
    # funding
    "funding.board": MANAGERS,
    "funding.board_table": MANAGERS,
    "funding.chances": MANAGERS,
    "funding.add_opportunity": MANAGERS,
    "funding.opportunity": MANAGERS,
    "funding.change_opportunity": MANAGERS,
    "funding.move": MANAGERS,
    "funding.win": MANAGERS,
    "funding.own_chance": MANAGERS,
    "funding.undo_move": sent(MANAGERS),
    "funding.ask_again": sent(MANAGERS),
    "funding.remove_own_chance": sent(MANAGERS),
    "funding.tie": sent(MANAGERS),
    "funding.untie": sent(MANAGERS),
    "funding.forecast": MANAGERS,
    "funding.choir_forecast": OF_A_KNOWN_CHOIR,
    "funding.cash": MANAGERS,
    "funding.chance": MANAGERS,
    "funding.months": MANAGERS,
    "funding.choir_answers": MANAGERS,
    "funding.takes": MANAGERS,
    "funding.partner": MANAGERS,
    "funding.who_next": MANAGERS,
    "funding.programmes": MANAGERS,
    "funding.programme": MANAGERS,
    "funding.add_programme": MANAGERS,
    "funding.change_programme": MANAGERS,
    "funding.check_programme": sent(MANAGERS),
    "funding.close_programme": sent(MANAGERS),
    "funding.reopen_programme": sent(MANAGERS),
    "funding.what_if": MANAGERS,
    "funding.what_if_answer": MANAGERS,
    "funding.plans": MANAGERS,
    "funding.score_page": MANAGERS,
    "funding.plan": MANAGERS,
    "funding.save_plan": MANAGERS,
    "funding.change_plan": sent(MANAGERS),
    "funding.rename_plan": MANAGERS,
    "funding.count_plan_anew": sent(MANAGERS),
    "funding.remove_plan": sent(MANAGERS),
    "funding.agreements": MANAGERS,
    "funding.agreement": MANAGERS,
    "funding.add_agreement": MANAGERS,
    "funding.amend": MANAGERS,
    "funding.payment": MANAGERS,
    "funding.spent": MANAGERS,
    "funding.add_deadline": MANAGERS,
    "funding.add_instalment": MANAGERS,
    "funding.reverse_instalment": sent(MANAGERS),
    "funding.match_payment": MANAGERS,
    "funding.take_apart": sent(MANAGERS),
    "funding.change_agreement": MANAGERS,
    "funding.deadline": MANAGERS,
    "funding.remove_deadline": sent(MANAGERS),
    "funding.add_document": MANAGERS,
    "funding.document": MANAGERS,
    "funding.remove_document": sent(MANAGERS),
    "funding.add_promise": MANAGERS,
    "funding.change_promise": sent(MANAGERS),
    "funding.change_deadline": sent(MANAGERS),
    "funding.reverse_row": sent(MANAGERS),
    "funding.reverse_agreement": sent(MANAGERS),
    "funding.proposals": MANAGERS,
    "funding.add_proposal": MANAGERS,
    "funding.change_proposal": MANAGERS,
    "funding.remove_proposal": sent(MANAGERS),
    "funding.copy_proposal": sent(MANAGERS),
    "funding.proposal": MANAGERS,
    "funding.send_proposal": MANAGERS,
    "funding.take_back_proposal": sent(MANAGERS),
    "funding.open_proposal_again": MANAGERS,
    "funding.proposal_paper": MANAGERS,
    "funding.packages": MANAGERS,
    "funding.change_packages": MANAGERS,
    "funding.read_proposal": "410 410 410 410 410 410 410",
    "funding.read_proposal_paper": "410 410 410 410 410 410 410",
    "funding.bank": MANAGERS,
    "funding.reverse_balance": sent(MANAGERS),
    "funding.calendar": MANAGERS,
    "funding.move_calendar": sent(MANAGERS),
    "funding.remove_calendar": sent(MANAGERS),
    "funding.calendar_feed": "410 410 410 410 410 410 410",
    "funding.exports": MANAGERS,
    "funding.export": MANAGERS,
    "funding.export_all": MANAGERS,
    "funding.costs": MANAGERS,
    "funding.add_cost": MANAGERS,
    "funding.copy_costs": MANAGERS,
    "funding.end_cost": MANAGERS,
    "funding.reverse_cost": sent(MANAGERS),
    "funding.add_in_kind": MANAGERS,
    "funding.reverse_in_kind": sent(MANAGERS),
    # overview
    "overview.start": EVERYONE,
    "overview.sitemap": EVERYONE,
    "overview.robots": EVERYONE,
    "overview.choirs": EVERYONE,
    "overview.choir": EVERYONE,
    "overview.about": EVERYONE,
    "overview.become_partner": EVERYONE,
    "overview.contact": EVERYONE,
    "overview.privacy": EVERYONE,
    "overview.accessibility": EVERYONE,
    "overview.landing": "in 303 303 303 303 303 303",
    "overview.home": SIGNED_IN,
    "overview.more": SIGNED_IN,
    "overview.own_choirs": "in 303 303 303 200 200 200",  # whoever has one choir is led there
    "overview.own_data": SIGNED_IN,
    "overview.own_data_file": "in 200 404 404 404 404 404",  # nobody but the member sings here
    "overview.situation": MANAGERS,
    "overview.settings": "in 403 403 403 403 302 302",
    "overview.people": MANAGERS,
    "overview.person": MANAGERS,
    "overview.invite": MANAGERS,
    "overview.invite_again": sent(MANAGERS),
    "overview.appoint": sent(MANAGERS),
    "overview.dismiss": sent(MANAGERS),
    "overview.change_roles": sent(ADMINISTRATORS),
    "overview.sign_out_person": sent(ADMINISTRATORS),
    "overview.disable": sent(ADMINISTRATORS),
    "overview.enable": sent(ADMINISTRATORS),
}


@dataclass(frozen=True)
class Things:
    """What the addresses of the walk are made of: all of the leader's own choir, where it can be."""

    by_name: dict[str, Any]

    def arguments(self, rule: Rule) -> dict[str, Any]:
        """The parts of an address; a part may mean different things in different rooms."""
        room = rule.endpoint.partition(".")[0]
        return {name: self._meant(name, (rule.endpoint, room)) for name in rule.arguments}

    def _meant(self, name: str, places: tuple[str, ...]) -> Any:
        known = [self.by_name[f"{place}:{name}"] for place in places if f"{place}:{name}" in self.by_name]
        return known[0] if known else self.by_name.get(name)


def first(model: type[Model], *conditions: Any) -> Any:
    """Some row of the demo network; the walk needs one of each kind."""
    found = db.session.scalars(select(model).where(*conditions).limit(1)).first()
    assert found is not None, f"the demo network has no {model.__name__} for the walk"
    return found


@dataclass(frozen=True)
class Cast:
    """Somebody of each role but the first, who has not signed in, and the things that they walk past."""

    people: dict[str, Account]
    things: Things


def cast_of_the_demo() -> Cast:
    """Add one more person of each role to the loaded demo network, and find one of each kind of thing."""
    held = select(Rehearsal).where(Rehearsal.starts_at < clock.now(), Rehearsal.present_count > 0)
    rehearsal = db.session.scalars(held.order_by(Rehearsal.starts_at.desc()).limit(1)).one()
    choir = db.session.get_one(Choir, rehearsal.choir_id)
    other = first(Choir, Choir.town_id != choir.town_id)
    people = [
        makers.an_account("Medlem Ek"),
        makers.a_leader(choir, "Ledare Ek"),
        makers.a_leader(other, "Annan Ek"),
        makers.an_editor("Redaktör Ek"),
        makers.a_manager("Chef Ek"),
        makers.an_administrator("Admin Ek"),
    ]
    singers_own = select(Membership.singer_id).where(Membership.choir_id == choir.id)
    singers_others = select(Membership.singer_id).where(Membership.choir_id != choir.id)
    shown = first(PostVersion, PostVersion.picture_name.is_not(None), PostVersion.language == "sv")
    post = first(Post, Post.id == shown.post_id, Post.published_at < clock.now())
    easy = post.version_in("sv-simple") or makers.an_easy_version(post)
    stranger = makers.an_account("Främling Ek")
    sings = first(
        Singer, Singer.id.in_(singers_own), Singer.id.not_in(singers_others), Singer.account_id.is_(None)
    )
    sings.account_id = people[0].id
    device = SignIn(token_hash="x" * 64, account=stranger, expires_at=clock.now(), device="Firefox")
    db.session.add(device)
    db.session.commit()
    merge = makers.a_merge(makers.a_singer("Hodan", choir=choir), sings)
    taken_in = Import(id=uuid4(), choir_id=choir.id, row_count=0)
    listed = PartnerImport(id=uuid4(), row_count=0)
    db.session.add_all([taken_in, listed])
    series = first(Series, Series.choir_id == choir.id)
    reported = first(
        Rehearsal, Rehearsal.choir_id == choir.id, Rehearsal.kind == "rehearsal", Rehearsal.present_count > 5
    )
    study_list = makers.a_study_list(choir, first_on=reported.sung_on, last_on=reported.sung_on)
    actions.confirm_study_hours(study_list, by=people[1])
    actions.hand_in(study_list, by=people[1])
    agreement = first(Agreement)
    things = {
        "slug": choir.slug,
        "partners:slug": first(Partner).slug,
        "funding.partner:slug": first(Partner).slug,
        "funding.export:which": "avtal",
        "funding:ending": "xlsx",
        "news:slug": post.slug,
        "year": clock.local(post.published_at).year,
        "post_id": post.id,
        "number": 1,
        "news:name": shown.picture_name,
        "copy": "480.webp",
        "person_id": makers.a_person_in_picture(shown.picture_name).id,
        "news.easy_post:slug": easy.slug,
        "news.town:slug": choir.town.slug,
        "news.tag:slug": first(Tag).slug,
        "news.author:slug": post.authors[0].slug,
        "news.language:slug": "latt",
        "news.subject_feed:slug": choir.town.slug,
        "about": "ort",
        "news.subject_feed:kind": "atom",
        "month": clock.local(post.published_at).month,
        "news.write_version:slug": "latt",
        "news.confirm_version:slug": "latt",
        "news.show_version:slug": "latt",
        "news.hide_version:slug": "latt",
        "preview_id": makers.a_preview(post).id,
        "tip_id": makers.a_tip().id,
        "word_id": makers.an_explained_word().id,
        "correction_id": makers.a_correction(post).id,
        "width": 480,
        "version": "0000000000",
        "name": "css/house.css",
        "token": "x" * 43,
        "rehearsal_id": rehearsal.id,
        "loan_id": makers.a_loan(rehearsal).id,
        "arrival_id": makers.an_arrival(rehearsal).id,
        "refused_id": makers.a_refused_act(rehearsal).id,
        "choir_id": choir.id,
        "town_id": choir.town_id,
        "venue_id": first(Venue, Venue.town_id == choir.town_id).id,
        "import_id": taken_in.id,
        "partners:import_id": listed.id,
        "series_id": series.id,
        "break_id": first(SeriesBreak, SeriesBreak.series_id == series.id).id,
        "singer_id": sings.id,
        "account_id": stranger.id,
        "choirs:account_id": people[1].id,
        "sign_in_id": device.id,
        "contact_id": first(Contact, Contact.partner_id == first(Partner).id).id,
        "agreement_id": agreement.id,
        "opportunity_id": first(Opportunity, Opportunity.stage == "applied").id,
        "instalment_id": an_instalment(agreement, 1, clock.today()).id,
        "payment_id": a_payment(agreement, 1, clock.today()).id,
        "document_id": a_document(agreement).id,
        "promise_id": a_promise(agreement).id,
        "funding.deadline:deadline_id": a_deadline(agreement, clock.today()).id,
        "funding.remove_deadline:deadline_id": a_deadline(agreement, clock.today()).id,
        "funding.change_promise:deed": "klart",
        "plan_id": a_plan("Vandrarnas plan").id,
        "programme_id": makers.a_programme(first(Partner)).id,
        "kind": "payment",
        "row_id": first(Payment).id,
        "funding.reverse_in_kind:row_id": first(InKind).id,
        "deadline_id": first(Deadline).id,
        "deed": "inskickad",
        "balance_id": first(BankBalance).id,
        "merge_id": merge.id,
        "line_id": first(CostLine).id,
        "proposal_id": a_draft(choir, partner=first(Partner)).id,
        "funding.open_proposal_again:proposal_id": a_sent_one(choir, partner=first(Partner)).id,
        "funding.change_packages:kind": "business",
        "list_id": study_list.id,
        "rehearsals.study_gathering:rehearsal_id": reported.id,
        "rule_id": first(StudyRule).id,
        "rehearsals.study_file:kind": "pdf",
        "rehearsals.attendance_file:kind": "csv",
    }
    db.session.commit()
    return Cast(dict(zip(ROLES[1:], people, strict=True)), Things(things))


def address(app: Flask, rule: Rule, arguments: dict[str, Any]) -> str:
    """The address of a route with the walk's things in it."""
    missing = [name for name, value in arguments.items() if value is None]
    assert not missing, f"{rule.rule}: the walk has no {missing}"
    return app.url_map.bind("").build(rule.endpoint, arguments)
