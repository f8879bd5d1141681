"""Who says something is known by the door that they came by, and by nothing that they write."""

import pytest
from joserfc.jwk import OKPKey

from deploy.local.errors import LocalStackError
from deploy.local.region import Region
from shared.clock import utc_now
from shared.contracts.events.admin import SigningKeyPublished
from shared.contracts.events.routing import CaseAssigned
from shared.contracts.message import Message
from shared.contracts.topics import CASE_EVENTS, DIRECTORY_EVENTS, portal_commands, portal_outcomes
from shared.security.tokens import Actor, issue
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.people import FREJA, OTHER_PORTAL, PORTAL, RECEIVER, a_case
from tests.end_to_end.wire import ACCEPTED, SUBMIT, WITHDRAW, Headers, Wire, codes, envelope, id_of, offsets


def test_the_topic_says_who_asks_and_no_header_can_say_otherwise(wire: Wire, other_wire: Wire) -> None:
    body = a_case()
    forged: Headers = {"ce_source": f"/portal/{OTHER_PORTAL}".encode(), "portal": OTHER_PORTAL.encode()}
    told = wire.do(SUBMIT, body, forged)
    assert (told["type"], told["portal_id"]) == (ACCEPTED, PORTAL)
    assert not any(record.body["case_id"] == body["case_id"] for record in other_wire.ear.to_the_end())
    assert codes(other_wire.do(SUBMIT, body)) == ["case_id_taken"]
    withdrawal = envelope(WITHDRAW) | {"ce_source": f"/portal/{PORTAL}".encode()}
    other_wire.send({"case_id": body["case_id"]}, withdrawal)
    assert wire.do(WITHDRAW, {"case_id": body["case_id"]})["type"] == ACCEPTED
    assert other_wire.times_told(id_of(withdrawal)) == 0, "for them there is no such case, as yet"


@pytest.mark.parametrize(
    "topic", (portal_commands(OTHER_PORTAL).name, CASE_EVENTS.name, "intake.new.commands")
)
def test_a_portal_writes_to_its_own_topic_and_to_no_other(wire: Wire, topic: str) -> None:
    with pytest.raises(LocalStackError, match="TOPIC_AUTHORIZATION_FAILED"):
        wire.send(a_case(), topic=topic)


def test_what_one_portal_is_told_no_other_hears_and_no_other_sees_its_cases(
    region: Region, wire: Wire, other_wire: Wire
) -> None:
    body = a_case()
    wire.do(SUBMIT, body)
    for topic in (portal_outcomes(PORTAL).name, portal_commands(PORTAL).name, DIRECTORY_EVENTS.name):
        with pytest.raises(LocalStackError, match="TOPIC_AUTHORIZATION_FAILED"):
            offsets(other_wire.login, topic)
    with region.client("intake", region.portal_token(OTHER_PORTAL)) as stranger:
        assert stranger.get(f"/cases/{body['case_id']}").status_code == 404
        assert stranger.post(f"/cases/{body['case_id']}/withdrawal").status_code == 404
        assert stranger.post("/cases", json=body).json()["reasons"][0]["code"] == "case_id_taken"


def test_a_portal_that_tells_the_facts_of_others_is_not_believed(
    region: Region, wire: Wire, staff: StaffClient
) -> None:
    body, key = a_case(), OKPKey.generate_key("Ed25519", {"kid": "of-a-portal", "alg": "Ed25519"})
    wire.do(SUBMIT, body)
    about = {"case_id": body["case_id"], "version": 2, "clinic_id": body["clinic_id"], "at": utc_now()}
    public = key.as_dict(private=False)
    facts: tuple[Message, ...] = (
        CaseAssigned(**about, holder=FREJA, epoch=1, by=RECEIVER),
        SigningKeyPublished(key_id="of-a-portal", public_jwk=public, version=1, at=utc_now()),
    )
    for fact in facts:
        assert codes(wire.do(fact.TYPE, fact.model_dump(mode="json"))) == ["unreadable"]
    with region.client(
        "intake", issue(Actor("staff", RECEIVER), key, utc_now(), audience=("intake",))
    ) as forger:
        assert forger.get(f"/cases/{body['case_id']}").status_code == 401
    assert staff("intake", FREJA).get(f"/cases/{body['case_id']}").status_code == 404, "Freja holds nothing"
