"""The list of team roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexis.config import ConfigurationError
from nexis.config.load import load_owners


def test_the_roles_of_the_project() -> None:
    roles = load_owners(Path(__file__).parents[3] / "config" / "owners.toml")
    assert {"database-operations", "platform-engineering", "security"} <= set(roles)
    assert list(roles) == sorted(roles)


@pytest.mark.parametrize(
    ("text", "place", "do"),
    [
        ("", "roles", "list at least one"),
        ("[roles]\n", "roles", "list at least one"),
        ("roles = 3\n", "roles", "list at least one"),
        ('[roles]\n"Platform Engineering" = "x"\n', "roles.Platform Engineering", "use 'platform-engineering'"),
        ("[roles]\nsecurity = 3\n", "roles.security", "say what the role answers for"),
        ('[roles]\nsecurity = " "\n', "roles.security", "say what the role answers for"),
        ('security = "x"\n[roles]\nsecurity = "x"\n', "security", "move it into [roles]"),
    ],
)
def test_refused(tmp_path: Path, text: str, place: str, do: str) -> None:
    file = tmp_path / "owners.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as refusal:
        load_owners(file)
    (problem,) = refusal.value.problems
    assert problem.key == place
    assert do in problem.do
    assert f"{file}:" in str(refusal.value)
