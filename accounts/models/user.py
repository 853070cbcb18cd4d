"""The people who log in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person.

    sees_everything: every environment but the system's own log, which superusers see too;
        others see what `Grant` rows give them
    """

    sees_everything = models.BooleanField(default=False)
