"""Drafts change, versions never do; each belongs to an owner, and only the owner's administrators write it."""

from itertools import product
from typing import Any

import pytest

from services.admin.application.catalogue.commands import PublishCaseType
from services.admin.application.catalogue.kind import CASE_TYPES
from services.admin.application.catalogue.publishing import publish_case_type
from services.admin.application.documents.commands import (
    DiscardDraft,
    PublishDraft,
    RetireDocument,
    RollBackDocument,
    SaveDraft,
)
from services.admin.application.documents.drafts import (
    copy_document,
    create_document,
    discard_draft,
    publish_draft,
    retire_document,
    roll_back_document,
    save_draft,
)
from services.admin.domain.account import Account
from services.admin.domain.document import Document, State
from shared.contracts.case_types import NATIONALLY, Owner
from shared.contracts.events.admin import Role
from shared.errors import Conflict, Forbidden, NotFound, Refused
from tests.unit.admin.builders import HILL, NOW, FakeRows, a_clinic, an_account
from tests.unit.admin.documents import (
    CLINICAL,
    NATIONAL,
    OF_HILL,
    OF_REGION,
    REGIONAL,
    FakeVersions,
    a_case_type,
    a_wish,
)


def create(owner: Owner, actor: Any, documents: Any, wish: Any = None) -> Any:
    command = CASE_TYPES.commands.create(actor=actor.id, id="own", owner=owner, wish=wish or a_wish())
    return create_document(command, actor, documents, FakeRows(a_clinic(HILL)), NOW)


def test_a_draft_is_published_by_its_owner_and_only_then_told() -> None:
    documents: FakeRows[str, Document[Any]] = FakeRows()
    create(OF_HILL, CLINICAL, documents)
    own = documents.the("own")
    assert (own.state, own.version, own.events) == (State.DRAFT, 0, [])

    save_draft(SaveDraft(actor="x", id="own", seen=1, wish=a_wish(name_sv="Ny")), CLINICAL, own, NOW)
    publish_draft(PublishDraft(actor="x", id="own", seen=2), CLINICAL, own, NOW)

    assert [(event.key(), event.name_sv, event.owner) for event in own.events] == [("own/1", "Ny", OF_HILL)]
    assert (own.state, own.draft) == (State.PUBLISHED, None)


WRITERS = ((NATIONALLY, (NATIONAL,)), (OF_REGION, (NATIONAL, REGIONAL)), (OF_HILL, (NATIONAL, CLINICAL)))


@pytest.mark.parametrize(("owned", "actor"), tuple(product(WRITERS, (NATIONAL, REGIONAL, CLINICAL))))
def test_each_level_writes_its_own(owned: tuple[Owner, tuple[Account, ...]], actor: Account) -> None:
    owner, writers = owned
    may = actor in writers
    documents: FakeRows[str, Document[Any]] = FakeRows()
    if may:
        create(owner, actor, documents)
        assert documents.the("own").owner == owner
    else:
        with pytest.raises(Forbidden, match="not_permitted"):
            create(owner, actor, documents)
        assert documents.get("own") is None


def test_a_region_writes_nothing_of_another_region() -> None:
    with pytest.raises(Forbidden):
        create(OF_REGION.model_copy(update={"place": "14"}), REGIONAL, FakeRows())


def test_what_is_another_clinic_s_does_not_exist() -> None:
    stranger = an_account("SVEN", lake=Role.CLINIC_ADMIN)
    own = a_case_type(owner=OF_HILL)

    with pytest.raises(NotFound):
        retire_document(RetireDocument(actor="x", id="ask", seen=1), stranger, own, NOW)
    caregiver = an_account("CARL", hill=Role.CAREGIVER)
    with pytest.raises(Forbidden):
        retire_document(RetireDocument(actor="x", id="ask", seen=1), caregiver, own, NOW)


def test_an_unknown_clinic_owns_nothing() -> None:
    with pytest.raises(NotFound):
        create_document(
            CASE_TYPES.commands.create(actor="x", id="own", owner=OF_HILL, wish=a_wish()),
            NATIONAL,
            FakeRows(),
            FakeRows(),
            NOW,
        )


def test_an_id_is_given_once() -> None:
    documents: FakeRows[str, Document[Any]] = FakeRows(a_case_type("own"))
    with pytest.raises(Conflict, match="already_exists"):
        create(OF_HILL, CLINICAL, documents)


def test_a_lost_race_for_the_draft_says_who_won() -> None:
    ask = a_case_type()
    save = SaveDraft(actor=NATIONAL.id, id="ask", seen=0, wish=a_wish(name_en="First"))
    save_draft(save, NATIONAL, ask, NOW)

    with pytest.raises(Conflict) as lost:
        save_draft(save, NATIONAL, ask, NOW)
    assert NATIONAL.id in lost.value.faults[0].en
    assert ask.drafted().content.name_en == "First"
    assert ask.said().name_en == "Ask", "what is published stands"


def test_a_draft_can_be_given_up_unless_it_is_all_there_is() -> None:
    documents: FakeRows[str, Document[Any]] = FakeRows()
    create(OF_HILL, CLINICAL, documents)
    own = documents.the("own")
    with pytest.raises(Refused, match="not_published"):
        discard_draft(DiscardDraft(actor="x", id="own", seen=1), CLINICAL, own, NOW)
    own.publish_draft("x", NOW)
    own.save_draft(a_wish().content(), "x", NOW)

    discard_draft(DiscardDraft(actor="x", id="own", seen=own.revision), CLINICAL, own, NOW)

    assert (own.draft, own.version) == (None, 1)
    with pytest.raises(Refused, match="no_draft"):
        publish_draft(PublishDraft(actor="x", id="own", seen=own.revision), CLINICAL, own, NOW)


def test_to_roll_back_is_to_publish_the_old_content_as_a_new_version() -> None:
    documents: FakeRows[str, Document[Any]] = FakeRows()
    for seen, name in enumerate(("First", "Second")):
        publish = PublishCaseType(actor="x", id="ask", seen=seen, wish=a_wish(name_en=name))
        publish_case_type(publish, NATIONAL, documents, NOW)
    ask = documents.the("ask")
    versions = FakeVersions(*ask.events)

    roll_back = RollBackDocument(actor="x", id="ask", seen=2, to_version=1)
    roll_back_document(roll_back, NATIONAL, ask, versions, NOW)

    assert [(event.version, event.name_en) for event in ask.events] == [
        (1, "First"),
        (2, "Second"),
        (3, "First"),
    ]
    with pytest.raises(NotFound):
        roll_back_document(
            roll_back.model_copy(update={"seen": 3, "to_version": 9}), NATIONAL, ask, versions, NOW
        )
    with pytest.raises(Conflict):
        roll_back_document(roll_back, NATIONAL, ask, versions, NOW)


def test_a_retired_type_ends_with_a_version_that_says_the_same() -> None:
    ask = a_case_type()
    retire_document(RetireDocument(actor="x", id="ask", seen=1), NATIONAL, ask, NOW)

    assert [(event.version, event.active, event.name_sv) for event in ask.events] == [(2, False, "Fråga")]
    with pytest.raises(Refused, match="already_retired"):
        retire_document(RetireDocument(actor="x", id="ask", seen=2), NATIONAL, ask, NOW)


def test_a_clinic_copies_a_central_type_and_makes_it_its_own() -> None:
    documents: FakeRows[str, Document[Any]] = FakeRows(a_case_type(active=False))
    command = CASE_TYPES.commands.copy(actor=CLINICAL.id, id="ask-here", owner=OF_HILL, source="ask")

    copy_document(command, CLINICAL, documents, FakeRows(a_clinic(HILL)), NOW)

    copy = documents.the("ask-here")
    assert (copy.owner, copy.state, copy.drafted().content.name_sv) == (OF_HILL, State.DRAFT, "Fråga")
    assert copy.drafted().content.active, "a copy of what is retired lives"


def test_a_draft_of_others_is_not_copied() -> None:
    hidden = a_case_type("secret", published=0)
    hidden.save_draft(a_wish().content(), NATIONAL.id, NOW)
    command = CASE_TYPES.commands.copy(actor=CLINICAL.id, id="mine", owner=OF_HILL, source="secret")
    with pytest.raises(NotFound):
        copy_document(command, CLINICAL, FakeRows(hidden), FakeRows(a_clinic(HILL)), NOW)
