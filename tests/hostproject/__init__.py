"""A project of someone else's that installs `audit` alone: own people, own addresses, one login."""
