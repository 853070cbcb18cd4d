"""Who sees what of the log?"""

from typing import Any

from audit.conf import NOTHING, Scope


def scope_of(user: Any) -> Scope:
    return Scope(grants={"shop": None}) if getattr(user, "is_boss", False) else NOTHING
