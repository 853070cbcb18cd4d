"""By what can one search and count? One row a facet, from which all else is derived."""

from .facet import Days, Facet, Index, Kind, SubjectKind
from .rows import FACETS

# A filter of this name and a facet's shuts its values out.
EXCLUDE = "exclude_"

__all__ = ("EXCLUDE", "FACETS", "Days", "Facet", "Index", "Kind", "SubjectKind")
