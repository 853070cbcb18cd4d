"""The host's own people, who know nothing of the audit log, and what they do."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Person(AbstractBaseUser):
    name = models.TextField(unique=True)
    is_boss = models.BooleanField(default=False)
    USERNAME_FIELD = "name"


class Order(models.Model):
    number = models.IntegerField(unique=True)
