"""Tables of people; one file a table."""

from .grant import Grant
from .read_token import ReadToken
from .user import User

__all__ = ["Grant", "ReadToken", "User"]
