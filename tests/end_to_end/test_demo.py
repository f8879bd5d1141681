"""What `make demo` gives to paste is a case's whole way, by hand."""

from deploy.local.demo import one_case_by_hand
from deploy.local.region import Region
from tests.end_to_end.help_page import answered
from tests.end_to_end.people import FREJA, RECEIVER


def test_the_commands_of_the_demo_take_a_case_from_the_portal_to_its_answer(region: Region) -> None:
    submit, malte, the_rest = one_case_by_hand(region).partition("# Malte")
    heard = f'curl -sf {region.url("routing")}/cases/$CASE -H "authorization: Bearer {region.staff_token(RECEIVER)}"'
    a_moment = f"until {heard} >/dev/null; do sleep 0.1; done\n"
    queue, assigned, history, mine, read, _, told = answered(submit + a_moment + malte + the_rest)

    case_id = told["case_id"]
    assert queue["cases"]
    assert assigned["epoch"] == 1
    assert [step["act"] for step in history["steps"]] == ["queued", "assigned"]
    assert mine["cases"]
    assert (read["case_id"], read["state"], read["citizen"]["name"]) == (case_id, "open", "Tolvan Tolvansson")
    assert (told["state"], told["messages"][-1]["kind"]) == ("answered", "answer")
    assert FREJA not in str(told), "the citizen reads a signature, not an HSA-id"
