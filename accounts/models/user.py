"""The people who log in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person. What they may do is in `Grant`, theirs and their groups'; a superuser may do
    everything. is_staff: enters the Django admin, and finds there what their roles open
    """
