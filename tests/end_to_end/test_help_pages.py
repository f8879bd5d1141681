"""The help pages of administrators, by their own commands, and what becomes of each act in the other services."""

from typing import Any

import httpx

from deploy.local.region import Region, until
from tests.end_to_end.conftest import StaffClient
from tests.end_to_end.help_page import HelpPage
from tests.end_to_end.operating import rows
from tests.end_to_end.people import (
    ADMINISTRATOR,
    CLINICS,
    FREJA,
    IVAR,
    OTHER_CLINICS_RECEIVER,
    OTTO,
    RECEIVER,
    a_case,
)
from tests.end_to_end.steps import answer, assign, in_queue, mails_to, shown, told

ELSEWHERE = "otto@granliden.example.org"


def test_a_case_type_that_a_clinic_activates_is_found_written_answered_and_paused(region: Region) -> None:
    find = "citizens find it in their portal, with its form"
    with HelpPage(region, "case-types.md", "Aktivera ärendetyper") as page:
        before = page.do("what there is, and what would count here")
        assert (before["on"], before["fields"]["description"]["origin"]["kind"]) == (False, "national")

        page.do("switch it on, with a description and a standard answer of our own")
        offered = until(lambda: _if_there(page.do(find)), "it is offered")
        assert offered["description"]["sv"] == "Be om en tid hos din läkare hos oss."
        assert [item["linkId"] for item in offered["question_form"]["item"]] == ["reason", "since", "when"]

        refused = page.do("a citizen writes, and has forgotten something")
        assert told(refused) == [("form.answers.reason", "required"), ("form.answers.when", "not_an_option")]
        page.do("a citizen writes")
        held = until(lambda: _if_there(page.do("it is assigned")), "it is assigned")
        assert held["holder"] == FREJA
        case = until(
            lambda: _if_there(page.do("the caregiver reads it, with the form and the texts to answer with")),
            "the holder may read it",
        )
        assert [item["linkId"] for item in case["answer_form"]["item"]] == ["date", "time", "message"]
        assert [text["key"] for text in case["standard_answers"]] == ["welcome"]
        assert page.do("the caregiver answers")["state"] == "answered"

        page.do("the region has its own words, and locks the field for its clinics")
        until(lambda: "ring 112" in page.do(find)["description"]["sv"], "citizens read the region's words")
        counts = page.do("what counts here now, and why")["fields"]["description"]
        assert counts["why_en"] == "Locked by the region (Stockholms län)."
        assert told(page.do("our words are refused")) == [("description", "locked")]
        page.do("the region unlocks it")
        until(
            lambda: "hos oss" in page.do(find)["description"]["sv"], "citizens read the clinic's words again"
        )

        page.do("pause it, with words for citizens")
        paused = until(lambda: page.do(find)["paused"], "citizens read why")
        assert paused["message"]["en"] == "We book again from 7 January."
        assert told(page.do("a citizen writes, and has forgotten something"))[0] == (
            "case_type",
            "case_type_paused",
        )
        page.do("switch it off again")
        gone = until(lambda: _if_refused(page.do(find)), "it is gone")
        assert told(gone) == [("case_type", "case_type_not_offered")]


def test_a_clinic_s_own_case_type_is_for_the_citizen_to_whom_it_is_given(region: Region) -> None:
    with HelpPage(region, "case-types.md", "Skapa egen ärendetyp") as page:
        made = page.do("write the first draft: a second question is asked of those who are not well")
        assert (made["state"], made["draft_revision"]) == ("draft", 1)
        preview = page.do("look at it as people will see it, with remarks")
        assert [line["conditional"] for line in preview["citizen"]] == [False, False, True]
        assert {remark["code"] for remark in preview["remarks"]} == {"missing_translation", "missing_help"}
        assert page.do("publish it")["version"] == 1

        page.do("switch it on, for those to whom we give it")
        refused = until(
            lambda: _unless(page.do("that citizen writes"), "case_type_unknown", "case_type_not_offered"),
            "intake has heard of it",
        )
        assert told(refused) == [("case_type", "case_type_restricted")]
        page.do("give it to one citizen, until further notice")
        assert "case_id" in page.do("that citizen writes")
        assert told(page.do("another citizen is refused")) == [("case_type", "case_type_restricted")]
        page.do("take it back from the citizen")
        assert told(page.do("that citizen writes")) == [("case_type", "case_type_restricted")]

        assert page.do("the next draft begins as a file: as version 1, with another name")["stored"]
        differences = page.do("what is different, from version 1 to the draft")
        assert [(it["path"], it["after"]) for it in differences] == [("name_sv", "Uppföljning efter besök")]
        again = page.do("publish the second version, and regret it")
        assert (again["version"], again["name_sv"]) == (3, "Uppföljning")
        assert page.do("end it")["state"] == "retired"
        until(
            lambda: "case_type_inactive" in str(page.do("that citizen writes")),
            "nobody can write it any more",
        )


def test_a_template_is_seen_by_colleagues_when_a_second_person_has_approved_it(
    region: Region, staff: StaffClient
) -> None:
    with HelpPage(region, "case-types.md", "Skapa mall för invånarärenden") as page:
        assert "citizen_first_name" in page.do("what can be filled in by the system")
        assert page.do("write the draft")["state"] == "draft"
        assert page.do("colleagues find it")["status"] == 404, "a draft is its authors' own"
        page.do("hand it in")
        assert told(page.do("one's own work is not for oneself to approve")) == [("", "own_work")]
        preview = page.do("another administrator reads it")
        assert preview["citizen"][-1]["text"] == "Hej du! Vi ses den [[dag]]."
        assert page.do("and approves it")["state"] == "published"
        assert page.do("colleagues find it")["content"]["body"]["en"].startswith("Hello ")
        elsewhere = staff("admin", OTHER_CLINICS_RECEIVER).get("/templates/granliden-welcome")
        assert elsewhere.status_code == 404, "a clinic's own is that clinic's"
        waits = page.do("a copy is a draft of its own, and waits for a second person too")
        assert told(waits) == [("", "approval_needed")]
        assert not page.do("at our clinic one person is enough")["counts"]["needed"]
        assert page.do("its author publishes alone")["state"] == "published"
        assert page.do("two people again, as the level above says")["counts"]["needed"]
        assert page.do("end it")["state"] == "retired"


def test_a_box_that_is_ticked_or_not_is_felt_by_reading_and_assigning(
    region: Region, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    case_id = portal_by_http.post("/cases", json=a_case()).json()["case_id"]
    receiver, ivar = staff("routing", RECEIVER), staff("intake", IVAR)
    held = assign(receiver, case_id, IVAR, in_queue(receiver, case_id)["version"]).json()
    shown(ivar, case_id)
    with HelpPage(region, "permissions.md", "Administrera behörigheter") as page:
        assert {row["staff_id"] for row in page.do("see the grid")["rows"]} >= {IVAR, FREJA, ADMINISTRATOR}
        assert page.do("Ivar sees the clinic's queue")["status"] == 403
        given = page.do("Ivar receives too, until next summer")
        assert given["rows"][0]["last_on"].endswith("-06-30")
        until(lambda: _if_there(page.do("Ivar sees the clinic's queue")), "Ivar sees the queue")
        why = page.do("why can he?")
        assert [step["met"] for step in why["steps"]] == [True, True, True]
        assert [(act["act"], act["permitted"]) for act in why["acts"]] == [("assign", True)]

        page.do("all boxes off: Ivar has left")
        until(lambda: ivar.get(f"/cases/{case_id}").status_code == 404, "Ivar can't read his case any more")
        assert page.do("Ivar sees the clinic's queue")["status"] == 404
        version = in_queue(receiver, case_id)["version"]
        assert page.do("his cases are back in the clinic's queue")["cases"]
        refused = assign(receiver, case_id, IVAR, version, reason="wrong_person")
        assert told(refused.json()) == [("holder", "holder_unknown")]

        page.do("Ivar is back, as caregiver until further notice")
        until(
            lambda: assign(receiver, case_id, IVAR, _version(receiver, case_id)).is_success,
            "he can be assigned",
        )
        assert told(page.do("the last administrator can't leave"))[0][1] == "last_administrator"
        assert page.do("who gave what, and when")[0]["changed_by"] == ADMINISTRATOR
    assert held["holder"] == IVAR


def test_a_locked_account_is_greyed_and_out_until_it_is_reactivated(
    region: Region, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    case_id = portal_by_http.post("/cases", json=a_case()).json()["case_id"]
    receiver = staff("routing", RECEIVER)
    in_queue(receiver, case_id)
    with HelpPage(region, "permissions.md", "Återaktivera låst vårdaktörskonto") as page:
        assert page.do("lock the account")["locked"] == "leave"
        assert told(page.do("Ivar can't sign in")) == [("", "account_locked")]
        grey = "he is greyed among those who can be given cases"
        until(lambda: _locked(page.do(grey)) == {IVAR}, "Ivar is greyed")
        refused = assign(receiver, case_id, IVAR, _version(receiver, case_id))
        assert told(refused.json()) == [("holder", "holder_locked")]

        assert page.do("find the locked account by HSA-id")["locked"] == "leave"
        assert page.do("reactivate it")["locked"] is None
        mailbox = "it is open at once, and Ivar is told by mail"
        until(
            lambda: (
                page.do(mailbox) and "Ditt konto är öppet igen" in _mails_at(region, region.email_of(IVAR))
            ),
            "Ivar is told",
        )
        until(lambda: not _locked(page.do(grey)), "Ivar is greyed no more")
        assert assign(receiver, case_id, IVAR, _version(receiver, case_id)).is_success


def test_personal_settings_decide_where_mails_go_how_one_signs_and_who_is_away(
    region: Region, staff: StaffClient, portal_by_http: httpx.Client
) -> None:
    receiver, otto = staff("routing", RECEIVER), staff("intake", OTTO)
    with HelpPage(region, "personal-settings.md", "Personliga inställningar") as page:
        assert page.do("see what is set")["language"] == "en"
        page.do("a signature of one's own, mails in Swedish")
        page.do("mails to another address: a link is sent there")
        until(lambda: _mails_at(region, ELSEWHERE), "the link has come")
        assert page.do("its owner follows the link")["other_email"] == ELSEWHERE

        case_id = portal_by_http.post("/cases", json=a_case()).json()["case_id"]
        held = assign(receiver, case_id, OTTO, in_queue(receiver, case_id)["version"]).json()
        until(
            lambda: "Ett ärende har fördelats till dig" in _mails_at(region, ELSEWHERE), "the mail goes there"
        )
        answer(otto, case_id, held["epoch"], shown(otto, case_id)["version"]).raise_for_status()
        signed = [said["body"].get("signature") for said in _messages(portal_by_http, case_id)]
        assert signed == [None, "Med vänlig hälsning\nOtto"]

        assert page.do("away from today, until further notice")["present"] is False
        until(lambda: not _present(receiver, OTTO), "receivers see that Otto is away")
        page.do("back already")
        until(lambda: _present(receiver, OTTO), "receivers see that Otto is back")
        unmailed = page.do("no mails about assignments at Granliden")["mail_at"]
        assert unmailed == [{"clinic_id": CLINICS["manual"], "on_assignment": False, "on_new_case": False}]
        mails, others = len(_mails_at(region, ELSEWHERE)), len(mails_to(region, FREJA))
        _heard_by_notify(region, OTTO, page.do("see what is set")["version"])
        for colleague in (OTTO, FREJA):
            case_id = portal_by_http.post("/cases", json=a_case()).json()["case_id"]
            assign(receiver, case_id, colleague, in_queue(receiver, case_id)["version"]).raise_for_status()
        until(lambda: len(mails_to(region, FREJA)) > others, "Freja, who was assigned one later, has a mail")
        assert len(_mails_at(region, ELSEWHERE)) == mails, "Otto has none"
        page.do("mails to the directory's address again, and in English, as in the beginning")


def test_what_a_clinic_sets_is_what_citizens_are_shown_and_told(region: Region, staff: StaffClient) -> None:
    with HelpPage(region, "clinic-settings.md", "Inställningar för mottagningen") as page:
        before = page.do("see everything that is set")
        changed = page.do("change it, all at once: for adults, with a lunch break and words for the evening")
        assert (changed["version"], changed["changed_by"]) == (before["version"] + 1, page.known("ASTRID"))
        days = {day["on"]: day for day in page.do("what that makes of the days to come")}
        assert len(days["2029-12-17"]["open"]) == 2
        assert days["2029-12-24"]["holidays"] == ["christmas-eve"]
        assert days["2029-12-28"]["closed_reason"]["sv"] == "Vi flyttar."
        page.do("a new text of information, from today")
        assert page.do("what is missing before it can open")["ready"]

        def renewed() -> Any:
            [clinic] = page.do("what citizens are shown in their portal")["clinics"]
            return clinic if clinic["information"]["text"]["en"].startswith("We have moved") else None

        clinic = until(renewed, "citizens are shown the new text")
        assert clinic["out_of_hours"]["sv"] == "Vi har stängt. Ring 1177."
        assert clinic["service_area"]["age_from"] == 18
        assert (clinic["contact"]["phone"], clinic["answer_promise"]["amount"]) == ("08-123 456 11", 2)
        refused = page.do("a child is told that the clinic is for others")
        assert told(refused) == [("citizen", "outside_service_area")]
        assert refused["detail"] == "Mottagningen är för personer från 18 år. Välj en annan mottagning."

        astrid, path = staff("admin", page.known("ASTRID")), f"/clinics/{clinic['clinic_id']}/settings"
        seen = {"If-Match": astrid.get(path).headers["etag"]}
        assert astrid.put(path, json=before["settings"], headers=seen).is_success, (
            "what is read can be written"
        )


def _mails_at(region: Region, address: str) -> list[str]:
    mails = httpx.get(f"{region.stack.mailbox.url}/mails.json").json()
    return [mail["subject"] for mail in mails if mail["recipients"] == [address]]


def _heard_by_notify(region: Region, staff_id: str, version: int) -> None:
    """Wait until notify knows this state of somebody."""
    seen = "SELECT FROM staff WHERE id = $1 AND version >= $2"
    until(lambda: rows(region.stack, "notify", seen, staff_id, version), "notify knows what Otto wishes")


def _messages(portal: httpx.Client, case_id: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = portal.get(f"/cases/{case_id}").json()["messages"]
    return said


def _present(receiver: httpx.Client, staff_id: str) -> bool:
    rows = receiver.get(f"/clinics/{CLINICS['manual']}/caregivers").json()["caregivers"]
    return next(bool(row["present"]) for row in rows if row["staff_id"] == staff_id)


def _locked(answer: dict[str, Any]) -> set[str]:
    return {it["staff_id"] for it in answer["caregivers"] if it["locked"]}


def _version(client: httpx.Client, case_id: str) -> int:
    return int(client.get(f"/cases/{case_id}").json()["version"])


def _if_there(answer: Any) -> Any:
    """The answer, unless it is a refusal."""
    return None if isinstance(answer, dict) and "reasons" in answer else answer


def _if_refused(answer: Any) -> Any:
    return answer if "reasons" in answer else None


def _unless(answer: Any, *codes: str) -> Any:
    """The answer, unless it is refused for one of these: what is to come has not been heard of yet."""
    return None if any(code in str(answer) for code in codes) else answer
