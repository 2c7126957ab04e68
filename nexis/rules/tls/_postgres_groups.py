"""What a parameter group of PostgreSQL says about itself, whatever its family is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nexis.facts.postgres_settings import is_weaker
from nexis.templates.resolver import scalar_text
from nexis.templates.values import Unknown
from nexis.templates.views import is_deferred

if TYPE_CHECKING:
    from nexis.templates.views import View


def is_set_right(group: View, name: str) -> bool:
    """Whether a group whose family is open sets a parameter to an accepted value, so that the family does not matter.

    Args:
        group: a parameter group of RDS.
        name: of the parameter, a key of `nexis.facts.postgres_settings.PARAMETERS`.
    """
    found = group.peek("Parameters", name)
    if not isinstance(group.peek("Family"), Unknown) or not isinstance(found, (str, int, float)) or is_deferred(found):
        return False
    return not is_weaker(name, scalar_text(found))
