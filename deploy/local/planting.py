"""Plant a region by admin's own API, as its administrators would: everything that people may do themselves.

What the operator alone may do comes first, by the operator's commands: the first national administrator, and portals
whose secrets are fixed for development. What is there already stays as it is, so that a second time changes nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from deploy.local.errors import LocalStackError
from deploy.local.progress import say

Operate = Callable[..., list[str]]
SignIn = Callable[[str], httpx.Client]
Described = Mapping[str, Any]

_ROLE = "clinic_admin"


class Planting:
    """`operate` runs an operator's command of admin; `sign_in` gives a client of admin for a member of staff."""

    def __init__(self, described: Described, operate: Operate, sign_in: SignIn) -> None:
        self._described = described
        self._operate = operate
        self._sign_in = sign_in
        self._people = {account["staff_id"]: account for account in described["accounts"]}

    def run(self) -> int:
        """Plant what is missing; gives how many things were made. Raises LocalStackError with admin's own words."""
        self._begin()
        made = 0
        with self._as(self._national) as national:
            made += self._terms(national)
            made += sum(self._case_type(national, wish) for wish in self._described["case_types"])
            for clinic in self._described["clinics"]:
                made += self._clinic(national, clinic)
            made += sum(self._person(national, account) for account in self._described["accounts"])
        for clinic in self._described["clinics"]:
            made += self._open(clinic)
        made += sum(self._template(wish) for wish in self._described.get("templates", ()))
        return made

    @property
    def _national(self) -> str:
        return self._somebody(lambda roles: "national_admin" in roles)

    def _begin(self) -> None:
        """The first administrator and the portals, by the operator."""
        first = self._people[self._national]
        unit = first["permissions"][0]["clinic_id"]
        described = next(clinic for clinic in self._described["clinics"] if clinic["clinic_id"] == unit)
        with TemporaryDirectory() as folder:
            portals = Path(folder) / "portals.json"
            portals.write_text(
                json.dumps({"region": self._described["region"], "portals": self._described["portals"]})
            )
            self._operate("seed", str(portals))
        with self._probe(first["staff_id"]) as there:
            if not there:
                names = ("--name", first["name"], "--email", first["email"])
                place = ("--unit", unit, "--unit-name", described["name"], "--region", described["region"])
                self._operate("bootstrap", "--staff", first["staff_id"], *names, *place)

    @contextmanager
    def _probe(self, staff_id: str) -> Iterator[bool]:
        try:
            with self._sign_in(staff_id):
                yield True
        except LocalStackError:
            yield False

    def _terms(self, national: httpx.Client) -> int:
        """What staff accept at their first sign-in."""
        if "terms" not in self._described or _there(national, "/terms"):
            return 0
        _ask(national, "POST", "/terms", self._described["terms"], seen=0)
        return 1

    def _case_type(self, national: httpx.Client, wish: Described) -> int:
        address = f"/case-types/{wish['case_type']}"
        if _there(national, address):
            return 0
        content = {name: value for name, value in wish.items() if name != "case_type"}
        _ask(national, "POST", f"{address}/versions", content, seen=0)
        return 1

    def _clinic(self, national: httpx.Client, wish: Described) -> int:
        """A clinic with its first administrator, closed until it is ready."""
        address = f"/clinics/{wish['clinic_id']}"
        if _there(national, address):
            return 0
        who = self._people[self._administrator(wish["clinic_id"])]
        first = {"staff_id": who["staff_id"], **_profile(who)}
        body = {name: wish[name] for name in ("clinic_id", "name", "region")}
        _ask(national, "POST", "/clinics", body | {"active": False, "administrator": first})
        return 1

    def _person(self, national: httpx.Client, account: Described) -> int:
        """Somebody's account and roles. First administrators have one already."""
        address = f"/staff-accounts/{account['staff_id']}"
        found = national.get(address)
        if found.status_code == httpx.codes.NOT_FOUND:
            _ask(national, "POST", "/staff-accounts", account)
            return 1
        there, made = found.json(), 0
        if (profile := _profile(account)) != _profile(there):
            _ask(national, "PUT", address, profile, seen=there["version"])
            there, made = national.get(address).json(), 1
        missing = [part for part in account["permissions"] if _as_set(part) not in _roles_of(there)]
        if missing:
            wish = {"permissions": missing}
            _ask(national, "PUT", f"{address}/permissions", wish, seen=there["version"])
            made += 1
        return made

    def _open(self, wish: Described) -> int:
        """What its administrator decides: settings, texts, case types; and then its doors open."""
        clinic_id = wish["clinic_id"]
        address = f"/clinics/{clinic_id}"
        with self._as(self._administrator(clinic_id)) as administrator:
            if not wish.get("active", True) or administrator.get(address).json()["active"]:
                return 0
            made = self._settle(administrator, address, wish)
            for case_type in wish.get("case_types", ()):
                _ask(administrator, "PUT", f"{address}/case-types/{case_type}", {"on": True}, seen=0)
            version = administrator.get(address).json()["version"]
            _ask(administrator, "POST", f"{address}/opening", None, seen=version)
        return made + 1

    def _settle(self, administrator: httpx.Client, address: str, wish: Described) -> int:
        def version() -> int:
            found: int = administrator.get(address).json()["version"]
            return found

        chosen = {name: wish[name] for name in ("name", "distribution", "claim_allowed") if name in wish}
        _ask(administrator, "PUT", address, chosen, seen=version())
        _ask(administrator, "PUT", f"{address}/settings", wish["settings"], seen=version())
        for kind in ("information", "terms"):
            if wish.get(kind):
                _ask(administrator, "POST", f"{address}/texts/{kind}", {"text": wish[kind]}, seen=version())
        return 1

    def _template(self, wish: Described) -> int:
        """Written and handed in by one national administrator, approved by another person."""
        address = f"/templates/{wish['template']}"
        content = {name: value for name, value in wish.items() if name != "template"}
        author, approver = self._national, self._approver
        with self._as(author) as writing, self._as(approver) as reading:
            found = writing.get(address)
            if found.is_success and found.json()["content"] is not None:
                return 0
            if not _there(writing, f"{address}/draft"):
                _ask(writing, "POST", "/templates", {"id": wish["template"], "content": content})
            for who, act in ((writing, "submission"), (reading, "approval")):
                number = int(writing.get(f"{address}/draft").headers["etag"].strip('"'))
                _ask(who, "POST", f"{address}/draft/{act}", None, seen=number)
        return 1

    @property
    def _approver(self) -> str:
        return self._somebody(lambda roles: "national_admin" in roles, besides=self._national)

    def _administrator(self, clinic_id: str) -> str:
        return self._somebody(lambda roles: _ROLE in roles, at=clinic_id)

    def _somebody(self, wanted: Callable[[list[str]], bool], *, at: str = "", besides: str = "") -> str:
        for staff_id, account in self._people.items():
            for part in account["permissions"]:
                if staff_id != besides and wanted(part["roles"]) and at in ("", part["clinic_id"]):
                    return str(staff_id)
        raise LocalStackError(f"the seed describes nobody who could do this{f' at {at}' if at else ''}")

    @contextmanager
    def _as(self, staff_id: str) -> Iterator[httpx.Client]:
        with self._sign_in(staff_id) as client:
            yield client


def _there(client: httpx.Client, address: str) -> bool:
    return client.get(address).is_success


def _profile(account: Described) -> dict[str, str]:
    return {name: account[name] for name in ("name", "title", "email")}


def _roles_of(account: Described) -> list[tuple[str, frozenset[str]]]:
    return [_as_set(part) for part in account["permissions"]]


def _as_set(part: Described) -> tuple[str, frozenset[str]]:
    return part["clinic_id"], frozenset(part["roles"])


def _ask(client: httpx.Client, method: str, address: str, body: Any, *, seen: int | None = None) -> None:
    headers = {} if seen is None else {"If-Match": f'"{seen}"'}
    answer = client.request(method, address, json=body, headers=headers)
    if not answer.is_success:
        raise LocalStackError(f"admin refused {method} {address}: {answer.status_code} {answer.text[:500]}")
    say(f"  {method} {address}")
