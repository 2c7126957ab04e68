"""What a rule is, and what it says of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from nexis.records import field, record
from nexis.templates.views import Undetermined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nexis.templates.model import Resource, Template
    from nexis.templates.views import View

Seen = Literal["pass", "not-applicable"]
Severity = Literal["fatal", "error", "warning"]
Verdict = Literal["fail", "unknown"]
Scope = Literal["everywhere", "baseline"]

#: In `Rule.types`: resources of every type, those of CloudFormation's future and `Custom::…` included.
EVERY_TYPE: Final = "*"

THEMES: Final = (
    "tls",
    "storage",
    "passwords",
    "network",
    "hosts",
    "access",
    "keys",
    "logging",
    "recovery",
    "regions",
    "disclosure",
    "engine",
)


@record
class Problem:
    """Something a rule found.

    Args:
        property: the path of the property at fault ("Properties.StorageEncrypted").
        message: what was found and what was expected.
        verdict: `fail`, or `unknown` when the value cannot be known.
    """

    property: str
    message: str
    verdict: Verdict = "fail"


@record(kw_only=True)
class Rule:
    """A rule: which resources it judges, how, and everything a reader needs to know about it.

    Args:
        id: `theme.name`; for ever.
        severity: `fatal` cannot be waived; `error` fails the build; `warning` is reported.
        title: the compliant state, in one sentence.
        why: what goes wrong otherwise.
        fix: what to do, with the property to set.
        types: the resource types it judges, or `EVERY_TYPE`.
        check: gives what is wrong with a resource; nothing when all is well. It may let `Undetermined` pass.
        applies: narrows `types`; a resource it declines is not judged.
        claims: ids of the promises it keeps.
        controls: ids of other frameworks' controls, by framework with its version.
        source: where the facts come from.
        cdk: Python that makes it so with aws-cdk-lib or our constructs, as it would stand in a stack.
        example: the `Resources` of a template that passes; a test judges it.
        scope: `everywhere`, or `baseline` for what we ask of our own baseline and not of every template: judged at
            synth under `nexis.cdk.synthesize`, in the audit, and by `nexis check --scope baseline`.
        glance: a quick look at a resource as it is written: what `applies` and `check` would give, if that is certain
            whatever the template leaves open; None asks them. It only saves time, so a verdict never hangs on it.
    """

    id: str
    severity: Severity
    title: str
    why: str
    fix: str
    types: tuple[str, ...]
    check: Callable[[View], Iterable[Problem]]
    applies: Callable[[View], bool] | None = None
    claims: tuple[str, ...] = ()
    controls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    cdk: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    scope: Scope = "everywhere"
    glance: Callable[[Template, Resource], Seen | None] | None = None

    def __post_init__(self) -> None:
        """Refuse an id outside the themes, and a rule without words.

        Raises:
            ValueError: with what was found and expected.
        """
        theme, dot, name = self.id.partition(".")
        if theme not in THEMES or not dot or not name:
            raise ValueError(f"rule id {self.id!r}: expected theme.name with a theme of {', '.join(THEMES)}")
        for word in ("title", "why", "fix", "source"):
            if not getattr(self, word).strip():
                raise ValueError(f"rule {self.id}: `{word}` is empty; say it for those who meet the rule")
        if not self.types:
            raise ValueError(f"rule {self.id}: `types` is empty; name the resource types it judges")

    def judges(self, resource_type: str) -> bool:
        """Whether it judges resources of a type.

        Args:
            resource_type: for instance `AWS::S3::Bucket`.
        """
        return resource_type in self.types or EVERY_TYPE in self.types


def parts(*checks: Callable[[], Iterable[Problem]]) -> Iterator[Problem]:
    """Run several checks of one rule so that an open value in one does not hide a failure in the next.

    Args:
        checks: functions without arguments that give problems or raise `Undetermined`.
    """
    for check in checks:
        try:
            yield from check()
        except Undetermined as open_value:
            yield unknown(open_value)


def unknown(open_value: Undetermined) -> Problem:
    """Say that a value cannot be known, and what it hangs on."""
    return Problem(open_value.path, f"cannot be known here: {open_value.reason}", "unknown")
