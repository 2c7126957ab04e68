"""A `gh` program that answers as GitHub documents it, from a state in a file.

Source of the shapes: GitHub REST API, "Deployment environments", "Deployment branch policies", "Rules", "Teams".
"""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

REPOSITORY = "example-org/example-repo"
NEW: dict[str, Any] = {"teams": {"security": 7, "platform-engineering": 8}, "environments": {}, "rulesets": {}}

PROGRAM = """#!{python}
import json, sys
from pathlib import Path
state_file = Path({state!r})
state = json.loads(state_file.read_text())
words = sys.argv[1:]
assert words[:2] == ["api", "--method"] and words[3] == "-H", words
method, path = words[2], words[5].partition("?")[0].split("/")
body = json.load(sys.stdin) if "--input" in words else None
state["calls"] = [*state.get("calls", ()), [method, words[5]]]

def end(answer, code=0, status=200):
    state_file.write_text(json.dumps(state))
    if status != 200:
        sys.stderr.write(f"gh: refused (HTTP {{status}})\\n")
        sys.exit(1)
    if answer is not None:
        print(json.dumps(answer))
    sys.exit(code)

if path[0] == "orgs":
    slug = path[3]
    end({{"id": state["teams"][slug], "slug": slug}}) if slug in state["teams"] else end(None, status=404)
assert path[0] == "repos"
if "/".join(path[1:3]) != {repository!r}:
    end(None, status=404)
rest = path[3:]
if not rest:
    end({{"full_name": {repository!r}}})
if state.get("forbidden") and method != "GET":
    end(None, status=403)
if rest[0] == "environments":
    name = rest[1]
    if method == "PUT":
        rules = [{{"id": 1, "type": "branch_policy"}}]
        if body["reviewers"]:
            slugs = {{number: slug for slug, number in state["teams"].items()}}
            people = [
                {{"type": asked["type"], "reviewer": {{"id": asked["id"], "slug": slugs[asked["id"]]}}}}
                for asked in body["reviewers"]
            ]
            rules.append({{"id": 2, "type": "required_reviewers", "prevent_self_review": body["prevent_self_review"],
                          "reviewers": people}})
        before = state["environments"].get(name, {{}})
        state["environments"][name] = {{
            "name": name, "protection_rules": rules, "can_admins_bypass": before.get("can_admins_bypass", True),
            "deployment_branch_policy": body["deployment_branch_policy"], "policies": before.get("policies", []),
        }}
        end(state["environments"][name])
    if name not in state["environments"]:
        end(None, status=404)
    here = state["environments"][name]
    if len(rest) == 2:
        end({{key: value for key, value in here.items() if key != "policies"}})
    if method == "POST":
        here["policies"].append({{"id": 100 + len(here["policies"]), **body}})
        end(here["policies"][-1])
    if method == "DELETE":
        here["policies"] = [policy for policy in here["policies"] if str(policy["id"]) != rest[3]]
        end(None)
    end({{"total_count": len(here["policies"]), "branch_policies": here["policies"]}})
if rest[0] == "rulesets":
    if method in ("POST", "PUT"):
        number = rest[1] if len(rest) > 1 else str(40 + len(state["rulesets"]))
        state["rulesets"][number] = {{"id": int(number), **body}}
        end(state["rulesets"][number])
    end(state["rulesets"].get(rest[1]) if len(rest) > 1 else list(state["rulesets"].values()))
if rest[:2] == ["rules", "branches"]:
    ref = "refs/heads/" + rest[2].replace("%2F", "/")
    end([
        {{**rule, "ruleset_id": int(number)}}
        for number, ruleset in state["rulesets"].items()
        if ruleset["enforcement"] == "active" and ref in ruleset["conditions"]["ref_name"]["include"]
        for rule in ruleset["rules"]
    ])
raise SystemExit(f"no answer for {{path}}")
"""


class GitHub:
    """A `gh` program in a folder of its own, and what it answers from.

    Args:
        folder: an empty one; put it first on the PATH.
    """

    def __init__(self, folder: Path) -> None:
        self._state = folder / "state.json"
        self.state = json.loads(json.dumps(NEW))
        program = folder / "gh"
        program.write_text(
            PROGRAM.format(python=sys.executable, state=str(self._state), repository=REPOSITORY), encoding="utf-8"
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    @property
    def state(self) -> dict[str, Any]:
        """Everything that is set."""
        found: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return found

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._state.write_text(json.dumps(state), encoding="utf-8")
