"""What can keep the product from starting, told in a sentence."""


class CannotStart(Exception):
    """Something outside is in the way; the message says what to do."""
