"""The errors that keep the product from starting."""


class CannotStart(Exception):
    """Something outside is in the way; the message says what to do."""
