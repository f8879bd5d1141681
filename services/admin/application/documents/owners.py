"""Who may do what with a case type or a template: its owner's administrators write it, others see what is published."""

from typing import Any, TypeVar

from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject, may, must, must_be_staff
from services.admin.domain.account import Account
from services.admin.domain.document import Document
from shared.contracts.case_types import CaseTypeOwner, Owner
from shared.contracts.events.admin import Role
from shared.contracts.ids import ClinicId

D = TypeVar("D", bound=Document[Any])


def may_write(actor: Account | None, owner: Owner) -> bool:
    """Whether the actor writes and publishes what this owner has."""
    return may(actor, *_writing(owner))


def must_write(actor: Account | None, owner: Owner) -> Account:
    """The actor, who may. Raises Forbidden."""
    return must(actor, *_writing(owner))


def may_see(actor: Account, document: Document[Any]) -> bool:
    """What is central is everybody's once it is published; what is a clinic's is that clinic's."""
    owner = document.owner
    if may_write(actor, owner):
        return True
    return document.version > 0 and (
        owner.kind is not CaseTypeOwner.CLINIC or bool(actor.roles_at(owner.place))
    )


def to_write(actor: Account | None, document: D | None) -> D:
    """The document. Raises NotFound if the actor can't see it, and Forbidden if they may only see it."""
    must_be_staff(actor)
    if actor is None or document is None or not may_see(actor, document):
        raise not_found("id")
    must_write(actor, document.owner)
    return document


def writes_at(actor: Account) -> frozenset[str]:
    """The clinics whose own documents the actor writes, beyond what a national role gives."""
    return frozenset(actor.reach) | {
        clinic for clinic, roles in actor.in_force.items() if Role.CLINIC_ADMIN in roles
    }


def _writing(owner: Owner) -> tuple[Act, Subject]:
    if owner.kind is CaseTypeOwner.NATIONAL:
        return Act.PUBLISH_NATIONALLY, Subject()
    if owner.kind is CaseTypeOwner.REGION:
        return Act.PUBLISH_LOCALLY, Subject(region=owner.place)
    return Act.PUBLISH_LOCALLY, Subject(frozenset({ClinicId(owner.place)}))
