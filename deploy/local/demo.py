"""`make demo`: bring everything up, let one case travel, and stay up with addresses and ready-to-paste commands."""

import argparse
import signal
import sys
import time
from pathlib import Path

from deploy.local.__main__ import how_it_ends, show_addresses, watch
from deploy.local.cards import NEWCOMER, cards_of
from deploy.local.errors import LocalStackError
from deploy.local.home import DEFAULT_DIRECTORY, REPOSITORY
from deploy.local.progress import say
from deploy.local.region import SEED, Region
from deploy.local.stack import Stack
from deploy.local.story import CAREGIVER, CLINIC, PORTAL, RECEIVER, Story, a_submission

TOKEN_OF = "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"access_token\"])'"  # noqa: S105


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
    _hints(region, story)


def _stay(stack: Stack) -> None:
    print()
    show_addresses(stack)
    print(f"{'the mails':12} {stack.mailbox.url}\n\n{how_it_ends(stack)}", flush=True)
    watch(stack)


def _hints(region: Region, story: Story) -> None:
    """Commands to paste: sign in (a token lives five minutes), look, assign, answer, submit."""
    admin, intake, routing = (region.url(name) for name in ("admin", "intake", "routing"))
    sign_in = f"curl -s {admin}/development/sign-in -H 'content-type: application/json' -d"
    print(f"""To paste into another terminal. Tokens live five minutes; sign in again for a new one.

# Malte, receiver: the queue of his clinic, and a case's history
RECEIVER=$({sign_in} '{{"hsa_id":"{RECEIVER}"}}' | {TOKEN_OF})
curl -s {routing}/clinics/{CLINIC}/queue -H "authorization: Bearer $RECEIVER"
curl -s {routing}/cases/{story.case_id}/history -H "authorization: Bearer $RECEIVER"

# Freja, caregiver: her cases, and what the citizen wrote (the look is logged)
CAREGIVER=$({sign_in} '{{"hsa_id":"{CAREGIVER}"}}' | {TOKEN_OF})
curl -s {routing}/cases/mine -H "authorization: Bearer $CAREGIVER"
curl -s {intake}/cases/{story.case_id} -H "authorization: Bearer $CAREGIVER"

# A portal: submit a case by HTTP
PORTAL=$(curl -s {admin}/tokens -d grant_type=client_credentials -d client_id={PORTAL} \\
    -d client_secret={region.portal_secret(PORTAL)} | {TOKEN_OF})
curl -s {intake}/cases -H "authorization: Bearer $PORTAL" -H "idempotency-key: $(date +%s)" \\
    -H 'content-type: application/json' -d '{_submission_without_id(story)}'

# Everybody whom one can sign in as:  curl -s {admin}/development/people

# What the help pages need (docs/help-pages.md): where the services are, and a few functions
ADMIN={admin} INTAKE={intake} ROUTING={routing} MAILS={region.stack.mailbox.url}
{documented("Before you begin", "help-pages.md")}

# In earnest, by the identity provider, in a browser:  {admin}/sign-in
# Or like this. Whoever has this card has no account yet, and makes one (docs/sign-in.md, also for what comes next):
ADMIN={admin} CARD={NEWCOMER["staff_id"]}
{documented("Skaffa konto som personal")}""")


def documented(heading: str, page: str = "sign-in.md") -> str:
    """The commands that a page of docs/ gives under this heading."""
    text = (REPOSITORY / "docs" / page).read_text()
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(line[4:] for line in section.splitlines() if line.startswith("    "))


def _submission_without_id(story: Story) -> str:
    import json

    body = {key: value for key, value in a_submission(story.case_id).items() if key != "case_id"}
    return json.dumps(body, ensure_ascii=False)


if __name__ == "__main__":
    main()
