"""What people do with their accounts, and what others do for them.

Every way of losing a right ends the sign-ins that were made with it, so that a copied cookie is worth nothing.
"""

import hmac
import json
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from blinker import Signal
from flask import current_app
from sqlalchemy import delete, insert, update

from choir_app.accounts import passwords, permissions, queries, rules
from choir_app.accounts.models import ROLES, Account, FailedTry, OneTimeLink, RoleGrant, SignIn
from choir_app.foundation import audit, clock, mail
from choir_app.foundation.database import db, even_if_refused, remember
from choir_app.foundation.language import _, day
from choir_app.foundation.refusal import Refusal, require
from choir_app.foundation.text import is_email

rights_shrank = Signal(
    "Somebody may do less than before: take back what they gave away by it. Sender: the Account."
)

# --- limits ---------------------------------------------------------------------------------------------------


def _key(kind: str, value: str) -> str:
    """A counter's name. It is hashed with the secret key, so that the table tells nobody who tried."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{kind}:{value}".encode(), "sha256").hexdigest()


def _refuse_too_many(counted: Iterable[tuple[str, rules.Limit]], *, field: str | None = None) -> None:
    now = clock.now()
    wait = max(limit.wait_after(queries.latest_tries(key, limit), now) for key, limit in counted)
    if wait > timedelta(0):
        raise rules.TooManyTries(wait, field=field)


def _count_try(*keys: str) -> None:
    """Remember a try, also when the page answers with a refusal.

    Written past the session: a guess at a password must not throw the visitors' kept pages away.
    """
    now = clock.now()

    def write() -> None:
        connection = db.session.connection()
        connection.execute(insert(FailedTry), [{"id": uuid4(), "key_hash": key, "at": now} for key in keys])
        connection.execute(delete(FailedTry).where(FailedTry.at < now - rules.LONGEST_WINDOW))

    even_if_refused(write)


def count_letter_asked_for(purpose: str, email: str, *, network: str | None) -> bool:
    """Count that somebody without account had a letter sent to a folded address; says whether it is too many for it.

    Whoever asks is not told so. Raises TooManyTries when a network asks too much.
    """
    of_address = _key(purpose, email)
    of_network = _key(f"{purpose} network", rules.network_of(network))
    _refuse_too_many(((of_network, rules.RESETS_PER_NETWORK),))
    is_quiet = (
        len(queries.latest_tries(of_address, rules.RESETS_PER_ACCOUNT)) >= rules.RESETS_PER_ACCOUNT.tries
    )
    _count_try(of_address, of_network)
    return is_quiet


def _forget_tries(*keys: str) -> None:
    db.session.connection().execute(delete(FailedTry).where(FailedTry.key_hash.in_(keys)))


# --- signing in and out ---------------------------------------------------------------------------------------


def recognise(email: str, password: str, *, network: str | None) -> Account:
    """The account that an e-mail address and a password belong to.

    Whatever is wrong, the refusal is the same and takes the same time. `network` is the asker's network address.
    Raises TooManyTries after too many wrong ones for this address or from this network.
    """
    address = rules.folded_email(email)
    of_account, of_network = _key("account", address), _key("network", rules.network_of(network))
    _refuse_too_many(((of_account, rules.PER_ACCOUNT), (of_network, rules.PER_NETWORK)))
    account_id, kept = queries.kept_password(address)
    if not passwords.is_right(rules.as_hashed(password), kept) or account_id is None or kept is None:
        _count_try(of_account, of_network)
        raise Refusal(
            _("Mejladressen eller lösenordet stämmer inte. Prova igen eller välj ett nytt lösenord.")
        )
    account = queries.account_with_id(account_id)
    if passwords.is_out_of_date(kept):
        account.password_hash = passwords.hashed(rules.as_hashed(password))
    _forget_tries(of_account)
    return account


def sign_in(account: Account, *, device: str) -> str:
    """Let somebody in on a device: gives the random id that their cookie keeps, and the account knows it too."""
    if not account.is_active:
        raise Refusal(_("Kontot är avstängt."))
    token = secrets.token_urlsafe(32)
    stays = rules.STAFF_STAYS if permissions.is_trusted(account) else rules.MEMBER_STAYS
    db.session.add(
        SignIn(
            token_hash=queries.hash_of(token),
            account=account,
            expires_at=clock.now() + stays,
            device=device[:120],
        )
    )
    account.presented_token = token
    audit.note("account.signed_in", account, by=account)
    return token


def was_seen(account: Account) -> None:
    """Keep when the present device was last used, to a quarter of an hour."""
    now = clock.now()
    db.session.connection().execute(
        update(SignIn)
        .where(
            SignIn.token_hash == queries.hash_of(account.presented_token or ""),
            SignIn.seen_at <= now - rules.SEEN_TO,
        )
        .values(seen_at=now)
    )


def sign_out(account: Account) -> None:
    """End the present device's sign-in."""
    present = queries.present_sign_in(account)
    if present and present.ended_at is None:
        present.ended_at = clock.now()
        audit.note("account.signed_out", account, by=account)


def end_sign_in(account: Account, sign_in_id: UUID) -> SignIn:
    """Sign one of a person's own devices out; gives the sign-in."""
    sign_in_ = queries.sign_in_of(account, sign_in_id)
    if sign_in_.ended_at is None:
        sign_in_.ended_at = clock.now()
        audit.note("account.signed_out", account, by=account)
    return sign_in_


def sign_out_everywhere(account: Account, *, by: Account) -> None:
    """Sign a person out from all devices, the present one too."""
    require(permissions.may_end_sign_ins_of(by, account))
    end_sign_ins(account)
    audit.note("account.signed_out_everywhere", account, by=by)


def end_sign_ins(account: Account) -> None:
    """End every sign-in of a person: what they may do has changed, or who knows their password."""
    db.session.execute(
        update(SignIn)
        .where(SignIn.account_id == account.id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


# --- name and password ----------------------------------------------------------------------------------------


def change_name(account: Account, name: str) -> None:
    """Call somebody by the name that they choose."""
    if not name.strip():
        raise Refusal(_("Skriv ditt namn."), field="name")
    if name == account.name:
        return
    account.name = name
    audit.note("account.name_changed", account, by=account)


def change_password(account: Account, *, present: str, new: str) -> None:
    """Take a new password in place of the present one, and sign every device out.

    Wrong present passwords are counted apart from those at the door, and never end the sign-in that asks.
    """
    key = _key("change", str(account.id))
    _refuse_too_many(((key, rules.PER_ACCOUNT),), field="present")
    if not passwords.is_right(rules.as_hashed(present), account.password_hash):
        _count_try(key)
        raise Refusal(_("Lösenordet stämmer inte. Skriv det som du har nu."), field="present")
    rules.refuse_weak(new, about=(account.name, account.email), field="new")
    if rules.as_hashed(new) == rules.as_hashed(present):
        raise Refusal(_("Det är samma lösenord som du har nu. Välj ett annat."), field="new")
    _set_password(account, new)
    _forget_tries(key)
    audit.note("account.password_changed", account, by=account)
    _tell_of_new_password(account)


def _set_password(account: Account, password: str) -> None:
    account.password_hash = passwords.hashed(rules.as_hashed(password))
    _let_links_die(account)
    end_sign_ins(account)


def _tell_of_new_password(account: Account) -> None:
    mail.write(
        account.email,
        subject=_("Du har ett nytt lösenord"),
        body=_(
            "Hej %(name)s!\n\nLösenordet till ditt konto är bytt. Alla enheter är utloggade.\n\n"
            "Var det inte du? Välj genast ett nytt lösenord här:\n%(url)s\n",
            name=account.name,
            url=mail.address_of("/logga-in/glomt"),
        ),
    )


# --- one-time links -------------------------------------------------------------------------------------------


def ask_for_reset(email: str, *, network: str | None) -> None:
    """Send a link for choosing a new password, if the address has an account. The asker is told the same anyway.

    Raises TooManyTries when a network asks too much; for one address too much asking is silently not answered.
    """
    address = rules.folded_email(email)
    of_account, of_network = _key("reset", address), _key("reset network", rules.network_of(network))
    _refuse_too_many(((of_network, rules.RESETS_PER_NETWORK),))
    is_quiet = (
        len(queries.latest_tries(of_account, rules.RESETS_PER_ACCOUNT)) >= rules.RESETS_PER_ACCOUNT.tries
    )
    account = queries.account_with_email(address)
    _count_try(of_account, of_network)
    if account is None or not account.is_active or is_quiet:
        return
    token = make_link(account, "reset", by=account)
    mail.write(
        account.email,
        subject=_("Välj ett nytt lösenord"),
        body=_(
            "Hej %(name)s!\n\nÖppna länken och välj ett nytt lösenord:\n%(url)s\n\n"
            "Länken fungerar en gång, i en timme.\n"
            "Var det inte du som bad om den? Då behöver du inte göra något.\n",
            name=account.name,
            url=link_address(token),
        ),
    )


def make_link(account: Account, purpose: str, *, by: Account | None) -> str:
    """Make a secret that works once, for an invitation or a reset; older ones of its kind stop working."""
    _let_links_die(account, purpose)
    token = secrets.token_urlsafe(32)
    lasts = rules.INVITATION_LASTS if purpose == "invitation" else rules.RESET_LASTS
    db.session.add(
        OneTimeLink(
            token_hash=queries.hash_of(token),
            purpose=purpose,
            account=account,
            made_by_id=by.id if by else None,
            expires_at=clock.now() + lasts,
        )
    )
    db.session.flush()
    return token


def link_address(token: str) -> str:
    """The full address that a letter gives."""
    return mail.address_of(f"/lank/{token}")


def _let_links_die(account: Account, *purposes: str) -> None:
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.account_id == account.id,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.purpose.in_(purposes or ("invitation", "reset")),
        )
        .values(used_at=clock.now())
    )


def take_up(token: str, *, password: str, name: str | None = None) -> Account:
    """Use a one-time link: choose a password and, for an invitation, the name to be called by.

    The link is used up in one statement, so that of two who send it at once only one gets in.
    """
    link = queries.working_link(token)
    if link is None:
        raise Refusal(_("Länken är för gammal eller redan använd. Be om en ny."))
    account, is_invitation = link.account, link.purpose == "invitation"
    if is_invitation and not (name or "").strip():
        raise Refusal(_("Skriv ditt namn."), field="name")
    rules.refuse_weak(password, about=(name or account.name, account.email))
    taken = db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(OneTimeLink.id)
    ).first()
    if taken is None:
        raise Refusal(_("Länken är för gammal eller redan använd. Be om en ny."))
    if is_invitation and name:
        account.name = name
    was_known = account.password_hash is not None
    _set_password(account, password)
    _forget_tries(_key("account", account.email), _key("change", str(account.id)))
    audit.note("account.joined" if is_invitation else "account.password_changed", account, by=account)
    if was_known:
        _tell_of_new_password(account)
    return account


# --- inviting -------------------------------------------------------------------------------------------------


def invite(*, name: str, email: str, task: str, words: str, by: Account) -> Account:
    """Give somebody an account, or somebody who has one a task, and send them a letter about it.

    `task` is member, leader or one of ROLES; `words` say in the letter what they are to do. Leading a choir itself is
    given by the choirs' room. An account that exists keeps its name, and the inviter is told the same.
    """
    require(permissions.may_invite(by, task))
    address = rules.folded_email(email)
    if not name.strip():
        raise Refusal(_("Skriv ett namn."), field="name")
    if not is_email(address):
        raise Refusal(_("Skriv en mejladress. Så här: namn@exempel.se"), field="email")
    account = queries.account_with_email(address)
    if account and not account.is_active:
        raise Refusal(_("Kontot är avstängt. En administratör kan öppna det igen."), field="email")
    if account is None:
        account = _new_account(name, address)
    audit.note("account.invited", account, by=by)
    if task in ROLES:
        _give(account, task, by=by)
    if account.password_hash is None:
        _send_invitation(account, words, by=by)
    else:
        _send_task(account, words, by=by)
    return account


def invite_again(account: Account, *, words: str, by: Account) -> None:
    """Send an invitation that has not been taken up once more; the older link stops working."""
    require(permissions.may_invite_again(by, account))
    if account.password_hash is not None:
        raise Refusal(_("%(name)s har redan ett lösenord.", name=account.name))
    if not account.is_active:
        raise Refusal(_("Kontot är avstängt. Öppna det först."))
    audit.note("account.invited", account, by=by)
    _send_invitation(account, words, by=by)


def create_administrator(*, name: str, email: str) -> str:
    """Make an administrator from the command line; gives the secret of their one-time link.

    Raises Refusal when the address is taken or is no address.
    """
    address = rules.folded_email(email)
    if not name.strip():
        raise Refusal(_("Skriv ett namn."), field="name")
    if not is_email(address):
        raise Refusal(_("Skriv en mejladress. Så här: namn@exempel.se"), field="email")
    if queries.account_with_email(address):
        raise Refusal(_("Det finns redan ett konto med den adressen."), field="email")
    account = _new_account(name.strip(), address)
    _give(account, "administrator", by=None)
    audit.note("account.invited", account, by=None)
    return make_link(account, "invitation", by=None)


def _new_account(name: str, address: str) -> Account:
    account = Account(name=name, email=address)
    db.session.add(account)
    db.session.flush()
    return account


def _send_invitation(account: Account, words: str, *, by: Account) -> None:
    token = make_link(account, "invitation", by=by)
    network = current_app.config["SETTINGS"].network
    mail.write(
        account.email,
        subject=_("Du är inbjuden till %(network)s", network=network),
        body=_(
            "Hej %(name)s!\n\n%(inviter)s bjuder in dig till %(network)s. %(task)s\n\n"
            "Öppna länken och välj ett lösenord:\n%(url)s\n\n"
            "Länken fungerar en gång, till och med %(last_day)s.\n"
            "Känner du inte %(inviter)s? Då behöver du inte göra något.\n",
            name=account.name,
            inviter=by.name,
            network=network,
            task=words,
            url=link_address(token),
            last_day=day(clock.now() + rules.INVITATION_LASTS - timedelta(days=1)),
        ),
    )


def _send_task(account: Account, words: str, *, by: Account) -> None:
    mail.write(
        account.email,
        subject=_("Du har fått en ny uppgift"),
        body=_(
            "Hej %(name)s!\n\n%(inviter)s har gett dig en uppgift. %(task)s\n\nLogga in här:\n%(url)s\n",
            name=account.name,
            inviter=by.name,
            task=words,
            url=mail.address_of("/logga-in"),
        ),
    )


# --- roles ----------------------------------------------------------------------------------------------------


def grant(account: Account, role: str, *, by: Account) -> None:
    """Give somebody a role of the whole network."""
    require(permissions.may_change_roles(by))
    _give(account, role, by=by)


def withdraw(account: Account, role: str, *, by: Account) -> None:
    """Take a role back; the last one who holds it keeps it."""
    require(permissions.may_change_roles(by))
    held = next((one for one in account.grants if one.role == role), None)
    if held is None:
        return
    _refuse_last(account, role, by=by)
    account.grants.remove(held)
    end_sign_ins(account)
    audit.note(f"account.no_longer_{role}", account, by=by)
    rights_shrank.send(account)


def set_roles(account: Account, roles: frozenset[str], *, by: Account) -> None:
    """Let somebody hold these roles of the whole network and no other."""
    require(permissions.may_change_roles(by))
    for role in ROLES:
        if role in roles:
            grant(account, role, by=by)
        else:
            withdraw(account, role, by=by)


def disable(account: Account, *, by: Account) -> None:
    """Shut somebody out: their sign-ins and links end, what they did stays."""
    require(permissions.may_disable(by))
    if not account.is_active:
        return
    for role in ("administrator", "manager"):
        if role in account.roles:
            _refuse_last(account, role, by=by)
    account.disabled_at = clock.now()
    _let_links_die(account)
    end_sign_ins(account)
    audit.note("account.disabled", account, by=by)
    rights_shrank.send(account)


def enable(account: Account, *, by: Account) -> None:
    """Let somebody in again with the password and the roles that they had."""
    require(permissions.may_disable(by))
    if account.is_active:
        return
    account.disabled_at = None
    audit.note("account.enabled", account, by=by)


def _give(account: Account, role: str, *, by: Account | None) -> None:
    if role not in ROLES:
        raise Refusal(_("Välj vad personen ska göra."), field="task")
    if role in account.roles:
        return
    account.grants.add(RoleGrant(role=role, granted_by_id=by.id if by else None))
    end_sign_ins(account)
    audit.note(f"account.became_{role}", account, by=by)


def _refuse_last(account: Account, role: str, *, by: Account) -> None:
    if role not in ("administrator", "manager") or account.password_hash is None:
        return
    if queries.others_with(role, account) > 0:
        return
    if account.id == by.id:
        raise Refusal(
            _("Du är den enda projektledaren. Bjud in en till innan du lämnar.")
            if role == "manager"
            else _("Du är den enda administratören. Bjud in en till innan du lämnar.")
        )
    raise Refusal(
        _("%(name)s är den enda projektledaren. Bjud in en till först.", name=account.name)
        if role == "manager"
        else _("%(name)s är den enda administratören. Bjud in en till först.", name=account.name)
    )


# --- the demo -------------------------------------------------------------------------------------------------


def offer_in_demo(people: Iterable[tuple[Account, str]]) -> None:
    """Say whom a visitor of the demo network can be, each with a few words on what they do."""
    rows: list[dict[str, Any]] = [{"account_id": str(account.id), "role": words} for account, words in people]
    remember(queries.DEMO_PEOPLE, json.dumps(rows, ensure_ascii=False))


def password_hash_of(password: str) -> str:
    """A password as accounts keep it, for the demo network and the tests."""
    return passwords.hashed(rules.as_hashed(password))
