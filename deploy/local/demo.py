"""`make demo`: bring everything up, let one case travel, and stay up with addresses and ready-to-paste commands."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from uuid import uuid4

from deploy.local.__main__ import how_it_ends, show_addresses, watch
from deploy.local.cards import NEWCOMER, cards_of
from deploy.local.errors import LocalStackError
from deploy.local.home import DEFAULT_DIRECTORY, REPOSITORY
from deploy.local.progress import say
from deploy.local.region import SEED, Region
from deploy.local.stack import Stack
from deploy.local.story import AN_ANSWER, CAREGIVER, CLINIC, PORTAL, RECEIVER, Story, a_submission


def main() -> None:
    """Ends with 0 after the story with `--once`, else on Ctrl-C; with one sentence and 1 if something fails."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="tell the story once and end")
    parser.add_argument("--directory", type=Path, default=DEFAULT_DIRECTORY)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Stack(chosen.directory, cards=cards_of(SEED)) as stack:
            _demonstrate(stack)
            if not chosen.once:
                _stay(stack)
    except KeyboardInterrupt:
        say("The data stay: `make demo` goes on where this stopped.")
    except LocalStackError as error:
        sys.exit(str(error))


def _demonstrate(stack: Stack) -> None:
    started = time.perf_counter()
    region = Region(stack)
    say("the region's administrators set it up, by admin's API")
    say(f"{region.plant_by_hand()} things are new")
    region.wait_until_heard(PORTAL, RECEIVER, CLINIC, "renew-prescription")
    print("\nOne case, from portal to answer:\n")
    story = Story(region, lambda what, milliseconds: print(f"  {milliseconds:8.1f} ms  {what}"))
    story.run()
    print(f"\n  Case {story.case_id}, told in {time.perf_counter() - started:.1f} s with seeding.\n")
    _hints(region)


def _stay(stack: Stack) -> None:
    print()
    show_addresses(stack)
    print(f"{'the mails':12} {stack.mailbox.url}\n\n{how_it_ends(stack)}", flush=True)
    watch(stack)


def _hints(region: Region) -> None:
    """Commands to paste."""
    admin, intake, routing = (region.url(name) for name in ("admin", "intake", "routing"))
    print(f"""To paste into another terminal. Tokens live five minutes; sign in again for a new one.

{one_case_by_hand(region)}

# Everybody whom one can sign in as:  curl -s {admin}/development/people

# What the help pages need (docs/help-pages.md): where the services are, and a few functions
ADMIN={admin} INTAKE={intake} ROUTING={routing} MAILS={region.stack.mailbox.url}
{documented("Before you begin", "help-pages.md")}

# In earnest, by the identity provider, in a browser:  {admin}/sign-in
# Or like this. Whoever has this card has no account yet, and makes one (docs/sign-in.md, also for what comes next):
ADMIN={admin} CARD={NEWCOMER["staff_id"]}
{documented("Skaffa konto som personal")}""")


def one_case_by_hand(region: Region) -> str:
    """Commands that sign in, submit a case, look, assign, read and answer."""
    admin, intake, routing = (region.url(name) for name in ("admin", "intake", "routing"))
    sign_in = f"curl -s {admin}/development/sign-in -H 'content-type: application/json' -d"
    return f"""# A portal: submit a case by HTTP
PORTAL=$(curl -s {admin}/tokens -d grant_type=client_credentials -d client_id={PORTAL} \\
    -d client_secret={region.portal_secret(PORTAL)} | {field_of("access_token")})
CASE=$(curl -s {intake}/cases -H "authorization: Bearer $PORTAL" -H "idempotency-key: $(date +%s)" \\
    -H 'content-type: application/json' -d '{_submission_without_id()}' \\
    | {field_of("case_id")})

# Malte, receiver: the queue of his clinic, and the case to Freja in the version that he saw
RECEIVER=$({sign_in} '{{"hsa_id":"{RECEIVER}"}}' | {field_of("access_token")})
curl -s -w '\\n' {routing}/clinics/{CLINIC}/queue -H "authorization: Bearer $RECEIVER"
curl -s -w '\\n' {routing}/cases/$CASE/assignment -H "authorization: Bearer $RECEIVER" -H 'if-match: "1"' \\
    -H 'content-type: application/json' -d '{{"holder": "{CAREGIVER}"}}'
curl -s -w '\\n' {routing}/cases/$CASE/history -H "authorization: Bearer $RECEIVER"

# Freja, caregiver: her cases, what the citizen wrote (the look is logged), and her answer
CAREGIVER=$({sign_in} '{{"hsa_id":"{CAREGIVER}"}}' | {field_of("access_token")})
curl -s -w '\\n' {routing}/cases/mine -H "authorization: Bearer $CAREGIVER"
curl -s -w '\\n' {intake}/cases/$CASE -H "authorization: Bearer $CAREGIVER"
curl -s -w '\\n' {intake}/cases/$CASE/answer -H "authorization: Bearer $CAREGIVER" -H 'if-match: "1"' \\
    -H 'content-type: application/json' -d '{json.dumps({"epoch": 1, "form": AN_ANSWER}, ensure_ascii=False)}'

# The portal again: what the citizen reads
curl -s -w '\\n' -H "authorization: Bearer $PORTAL" {intake}/cases/$CASE"""


def documented(heading: str, page: str = "sign-in.md") -> str:
    """The commands that a page of docs/ gives under this heading."""
    text = (REPOSITORY / "docs" / page).read_text()
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))


def field_of(name: str) -> str:
    """A command that reads JSON and writes one field of it."""
    return f"python3 -c 'import json,sys; print(json.load(sys.stdin)[\"{name}\"])'"


def _submission_without_id() -> str:
    body = {key: value for key, value in a_submission(uuid4()).items() if key != "case_id"}
    return json.dumps(body, ensure_ascii=False)


if __name__ == "__main__":
    main()
