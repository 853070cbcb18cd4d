"""The errors of environments and keys, by name."""


class EnvironmentsError(Exception):
    """Something that a person can be told in a sentence."""


class UnknownEnvironment(EnvironmentsError):
    """There is no environment of this key."""


class TooManyKeys(EnvironmentsError):
    """A sender has two live keys already: one in use, one to rotate to."""


class UnknownKey(EnvironmentsError):
    """No key goes by this hint or number."""


class BadEnvironment(EnvironmentsError):
    """An environment can't have this key or colour."""


class EnvironmentStays(EnvironmentsError):
    """An environment can't be removed; the message says what holds it."""
