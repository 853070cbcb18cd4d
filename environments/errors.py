"""The errors of environments and keys, by name."""


class EnvironmentsError(Exception):
    """An error whose message is a sentence for people."""


class EnvironmentNotFound(EnvironmentsError):
    """There is no environment of this key."""


class TooManyKeys(EnvironmentsError):
    """A sender has two live keys already: one in use, one to rotate to."""


class KeyNotFound(EnvironmentsError):
    """No key has this hint or number."""


class InvalidEnvironment(EnvironmentsError):
    """An environment can't have this key or colour."""


class EnvironmentInUse(EnvironmentsError):
    """An environment can't be removed; the message says why."""
