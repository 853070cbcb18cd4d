"""The facets that events are searched and counted by, one row each; all else is derived from it."""

from collections.abc import Mapping

from .facet import Days, Facet, SubjectKind
from .rows import FACETS

# A filter of this name and a facet's shuts its values out.
EXCLUDE = "exclude_"
# Facets whose values are ids of somebody or something → what that is
SUBJECTS: Mapping[str, SubjectKind] = {n: f.subject for n, f in FACETS.items() if f.subject}

__all__ = ("EXCLUDE", "FACETS", "SUBJECTS", "Days", "Facet", "SubjectKind")
