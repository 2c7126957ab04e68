"""What GitHub must ask before a change is merged and deployed: a second person, and the check.

Sources: GitHub REST API, "Deployment environments" (create or update an environment; at most six reviewers, of whom
one approves), "Deployment branch policies" and "Rules" (repository rulesets). Read 2026-11-23.
"""

from __future__ import annotations

from typing import Any, Final

AS_OF: Final = "2026-11-23"

#: People or teams that GitHub lets an environment name.
MOST_REVIEWERS: Final = 6

#: The ruleset of the branch that deploys, as `nexis gate --apply` names it.
RULESET_NAME: Final = "Nexis: changes need a second person"

#: The jobs of `.github/workflows/ci.yml` without which nothing is merged; one that calls another workflow is named
#: with the job of that.
REQUIRED_CHECKS: Final = ("tests", "stacks / check")

#: What a merge into the branch must meet; a number is the least, `True` must be so.
PULL_REQUEST: Final[dict[str, Any]] = {
    "required_approving_review_count": 1,
    "dismiss_stale_reviews_on_push": True,
    "require_code_owner_review": True,
    "require_last_push_approval": True,
    "required_review_thread_resolution": True,
}

#: Rules without parameters that the branch must have: it is neither deleted nor rewritten.
PLAIN_RULES: Final = ("deletion", "non_fast_forward")
