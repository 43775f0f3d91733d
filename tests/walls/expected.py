"""Who may do what at which address. The one table; an address that is missing here fails the tests.

For every person and every object that a row does not name, the answer has to be the one for an object that does
not exist: same status, same target, same body.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.walls.world import AUTHOR, CLERK, HEAD, OFFICER, OFFICES, OPERATOR, OWNERS, Person, Things

Rule = Callable[[Person, Things | None], bool]


def everybody(person: Person, things: Things | None) -> bool:
    return True


def nobody(person: Person, things: Things | None) -> bool:
    return False


def signed_in(person: Person, things: Things | None) -> bool:
    return person.signed_in


def owner(person: Person, things: Things | None) -> bool:
    """The person, whoever holds the code, or whoever acts for the organisation."""
    return things is not None and person.acts_for == things.owner


def owning_account(person: Person, things: Things | None) -> bool:
    """The same, but a code is no account: the postbox wants one."""
    return owner(person, things) and person.signed_in


def invited(person: Person, things: Things | None) -> bool:
    return things is not None and person.name == things.invited


def staff(*roles: str) -> Rule:
    """Members of staff with one of these roles; of an object: in the authority and the office that it lies with."""

    def rule(person: Person, things: Things | None) -> bool:
        held = [office for role, office in person.posts if role in roles]
        if things is None or not held:
            return bool(held)
        here = OFFICES[person.authority]
        return OWNERS.get(things.owner) == person.authority and any(office in ("", here) for office in held)

    return rule


def office(*roles: str) -> Rule:
    """Members of staff with one of these roles, in the authority of the object, whatever its department."""

    def rule(person: Person, things: Things | None) -> bool:
        has_role = any(role in roles for role, _office in person.posts)
        return has_role and (things is None or OWNERS.get(things.owner) == person.authority)

    return rule


case_staff = staff(CLERK, HEAD)
author = office(AUTHOR)
officer = office(OFFICER)


def of_another(person: Person, things: Things | None) -> bool:
    """Authors take over what the other authority offers to everybody."""
    is_author = any(role == AUTHOR for role, _office in person.posts)
    return is_author and (things is None or OWNERS.get(things.owner) != person.authority)


def operator(person: Person, things: Things | None) -> bool:
    """Operators run the portal for all of its authorities; what they see holds no answers and no names."""
    return person.role == OPERATOR


def either(*rules: Rule) -> Rule:
    return lambda person, things: any(rule(person, things) for rule in rules)


@dataclass(frozen=True)
class Row:
    """`methods`: G for pages that refuse POST, P for deeds that refuse GET, GP for forms, * for pages that are
    none of ours and take both. `sends` is what a valid POST holds; the values may name fields of the object."""

    may: Rule
    methods: str = "G"
    sends: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


CASE, FORM = Row(owner), Row(owner, "GP")

TABLE: dict[str, Row] = {
    # what a city tells everybody
    "start": Row(everybody),
    "help": Row(everybody),
    "theme": Row(everybody, "P", {"theme": "dark"}),
    "set_language": Row(everybody, "*", {"language": "en"}),
    "pages:imprint": Row(everybody),
    "pages:data-protection": Row(everybody),
    "pages:accessibility": Row(everybody),
    "pages:report-a-barrier": Row(everybody),
    "pages:sign-language": Row(everybody),
    "pages:simply-explained": Row(everybody),
    "catalogue:services": Row(everybody, query={"q": "hund"}),
    "catalogue:situation": Row(everybody),
    "catalogue:service": Row(everybody),
    "catalogue:privacy": Row(everybody),
    "catalogue:answers-schema": Row(everybody),
    "catalogue:plain-page": Row(nobody),  # until somebody has written it
    "catalogue:poster": Row(nobody),  # until a worker has made it
    "short-address": Row(everybody),
    "tour": Row(everybody),
    "demo-mail": Row(everybody),
    "security-txt": Row(everybody),
    "health:healthz": Row(everybody),
    "health:readyz": Row(everybody),
    # what the city has issued
    "issuing:check": Row(everybody, "*"),
    "issuing:document": Row(nobody),  # for a token that nobody knows
    # an account
    "account": Row(everybody, "*"),
    "profile": Row(signed_in, "GP", {"family_name": "Neu"}),
    "still_here": Row(everybody),
    "leave": Row(signed_in, "GP"),
    "act_for": Row(signed_in, "P", {"acting_for": "self"}),
    "account_login": Row(everybody, "*"),
    "account_logout": Row(everybody, "*"),
    "account_inactive": Row(everybody, "*"),
    "account_signup": Row(everybody, "*"),
    "account_reauthenticate": Row(signed_in, "*"),
    "account_email": Row(signed_in, "*"),
    "account_email_verification_sent": Row(everybody, "*"),
    # Only whoever has just been asked to confirm an address; everybody here is led to the sign-in.
    "send_confirmation_again": Row(nobody, "P"),
    "account_confirm_email": Row(everybody, "G"),
    "account_change_password": Row(signed_in, "*"),
    "account_set_password": Row(signed_in, "*"),
    "account_reset_password": Row(everybody, "*"),
    "account_reset_password_done": Row(everybody, "*"),
    "account_reset_password_from_key": Row(everybody, "*"),
    "account_reset_password_from_key_done": Row(everybody, "*"),
    "mfa_index": Row(signed_in, "*"),
    "mfa_authenticate": Row(signed_in, "*"),
    "mfa_reauthenticate": Row(signed_in, "*"),
    "mfa_activate_totp": Row(signed_in, "*"),
    "mfa_deactivate_totp": Row(nobody, "*"),  # those who have one; none of these people do
    "mfa_view_recovery_codes": Row(nobody),
    "mfa_generate_recovery_codes": Row(signed_in, "*"),
    "usersessions_list": Row(signed_in, "*"),
    # organisations
    "organisations": Row(signed_in),
    "found_organisation": Row(signed_in, "GP"),
    "organisation": Row(owner),
    "edit_organisation": Row(owner, "GP"),
    "invite_member": Row(owner, "GP", {"email": "neu@example.org", "role": "member"}),
    "take_back_invitation": Row(owner, "P"),
    "end_membership": Row(owner, "GP"),
    "answer_invitation": Row(invited, "P", {"answer": "accept"}),
    # the folder
    "folder:list": Row(signed_in),
    "folder:add": Row(signed_in, "GP"),
    "folder:edit": Row(owning_account, "GP", {"kind": "other", "title": "Neu", "issued_on": "3.5.2024"}),
    "folder:file": Row(owning_account),
    "folder:remove": Row(owning_account, "GP"),
    # a draft
    "filling:begin": Row(everybody, "P"),
    "filling:task-list": CASE,
    "filling:step": Row(owner, "GP", {"version": "0", "later": ""}),
    "filling:check": Row(owner, "GP", {"version": "0", "confirmed": "on"}),
    "filling:later": CASE,
    "carrying:carry": Row(owner, "GP", {"action": "stay"}),
    "following:delete-draft": Row(owning_account, "GP"),
    # a case, to whoever it belongs
    "following:find": Row(everybody, "GP", {"nummer": "HRO-2026-AAAA-AAAA", "code": "AAAA-AAAA-AAAA-AAAA"}),
    "following:running": Row(signed_in),
    "following:drafts": Row(signed_in),
    "following:finished": Row(signed_in),
    "following:permits": Row(signed_in),
    "following:case": CASE,
    "following:answer": Row(owner, "P", {"question": "{decision_id}", "text": "Hier."}),
    "following:ask": Row(owner, "GP", {"text": "Wann?"}),
    "following:withdraw": FORM,
    "following:readers": CASE,
    "once_only:copy": Row(owning_account, "P"),
    "once_only:keep": Row(owning_account, "P"),
    "following:receipt-pdf": CASE,
    "following:file": CASE,
    "following:notice": Row(owner),
    "submitting:submitted": CASE,
    "submitting:receipt": CASE,
    # the postbox
    "postbox:list": Row(signed_in),
    "postbox:item": Row(owning_account),
    "postbox:retrieve": Row(owning_account, "P"),
    "postbox:document": Row(owning_account),
    # the office
    "backoffice:inbox": Row(staff(CLERK, HEAD, AUTHOR, OFFICER, OPERATOR)),  # three are led on
    "backoffice:filter": Row(case_staff, "P", {"q": "Hund"}),
    "backoffice:take-over-selected": Row(case_staff, "P", {"select": "{application_id}"}),
    "backoffice:case": Row(case_staff),
    "backoffice:take-over": Row(case_staff, "P"),
    "backoffice:ask-back": Row(case_staff, "GP", {"text": "Bitte."}),
    "backoffice:remark": Row(case_staff, "GP", {"path": "email", "text": "Unklar."}),
    "backoffice:reply": Row(case_staff, "GP", {"text": "Bald."}),
    "backoffice:settle": Row(case_staff, "P"),
    "backoffice:decide": Row(case_staff, "GP", {"outcome": "approved", "action": "decide"}),
    "backoffice:file": Row(case_staff),
    "backoffice:notice": Row(case_staff),
    "backoffice:notice-pdf": Row(case_staff),
    "backoffice:copy": Row(case_staff),
    "backoffice:payment": Row(case_staff, "P", {"day": "2026-11-24"}),
    "backoffice:accesses": Row(officer),
    "backoffice:routes": Row(office(AUTHOR, HEAD)),
    "backoffice:services": Row(author),
    "backoffice:rates": Row(author, "GP", {"valid_from": "2030-01-01"}),
    "backoffice:deciding-date": Row(author, "P", {"deciding_date": ""}),
    "backoffice:plain-page": Row(author, "GP", {"what": "Das ist gut."}),
    "backoffice:plain-page-tested": Row(author, "P", {"group": "Gruppe", "tested_on": "2026-01-05"}),
    "backoffice:forms": Row(author),
    "backoffice:form": Row(author),
    "backoffice:rules": Row(author, "GP", {"rule": "R1", "action": "dismiss"}),
    "backoffice:new-form": Row(author, "GP", {"title": "Probe"}),
    "backoffice:read-form-file": Row(author, "GP"),
    "backoffice:discard-form-version": Row(author, "GP"),
    "backoffice:edit-form": Row(author, "GP", {"seen": "-"}),
    "backoffice:preview-form": Row(author, "P", {"pruefen": "1"}),
    "backoffice:begin-editing": Row(author, "P"),
    "backoffice:take-over-form": Row(author, "GP"),
    "backoffice:end-editing": Row(author, "P"),
    # what an authority takes over, follows and gives away
    "backoffice:adoptable": Row(author),
    "backoffice:adopt": Row(of_another, "GP"),
    "backoffice:adopt-file": Row(author, "GP"),
    "backoffice:terms": Row(author, "GP", {"action": "online"}),
    "backoffice:remove-service": Row(author, "GP"),
    "backoffice:upstream": Row(author, "GP", {"action": "stay"}),
    "backoffice:share": Row(author),
    "backoffice:share-file": Row(author),
    "backoffice:form-versions": Row(author),
    "backoffice:form-version": Row(author),
    "backoffice:form-rehearsal": Row(author, "GP", {"Schritt": "halter"}),
    "backoffice:form-trials": Row(author, "GP", {"offering": "{offering_id}"}),
    "backoffice:erase-trials": Row(author, "GP"),
    "backoffice:form-offer": Row(author, "P"),
    "backoffice:form-publish": Row(author, "GP", {"action": "publish", "reason": "Neu.", "when": "now"}),
    "backoffice:form-difference": Row(author, query={"von": "1", "bis": "1"}),
    "backoffice:languages": Row(author),
    "backoffice:language-step": Row(author, "GP"),
    "backoffice:remarks": Row(author),
    "backoffice:settle-remark": Row(author, "P"),
    "backoffice:note-review": Row(author, "P"),
    "backoffice:offering-limits": Row(author, "GP", {"max_submissions": "5"}),
    "backoffice:revoke": Row(staff(HEAD), "GP", {"reason": "Weg."}),
    "backoffice:troubles": Row(staff(CLERK, HEAD, OPERATOR)),
    "backoffice:try-again": Row(staff(HEAD, OPERATOR), "P"),
    "backoffice:affected": Row(staff(HEAD, OPERATOR)),
    "backoffice:tell-affected": Row(staff(HEAD, OPERATOR), "P"),
    "backoffice:letters": Row(case_staff),
    "backoffice:send-out": Row(case_staff, "P", {"{item_id}-day": "2026-11-24"}),
    # operators
    "admin:index": Row(operator, "*"),
    "admin:login": Row(nobody),  # it is the account's own
    "admin:logout": Row(everybody, "P"),
    "admin:password_change": Row(operator, "*"),
    "admin:password_change_done": Row(operator, "*"),
    "admin:autocomplete": Row(nobody),
    "admin:jsi18n": Row(operator, "*"),
    "admin:view_on_site": Row(nobody),
    "admin:app_list": Row(operator, "*"),
    "admin:catch-all": Row(nobody, "*"),
    **{
        f"admin:{model}_{page}": Row(operator if page in pages else nobody)
        for model, pages in {
            "accounts_user": ("changelist",),
            "authorities_department": ("changelist",),
            "outbox_outboxrow": ("changelist",),
            "applications_application": ("changelist", "history", "change"),
        }.items()
        for page in ("changelist", "add", "history", "delete", "change", "old-change")
    },
}
