"""Who logs in?"""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person.

    sees_everything: every environment but the system's own log, which superusers see too;
        others see what `Grant` rows give them
    time_zone: in which times are shown, "" for the installation's
    """

    sees_everything = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, default="", blank=True)
