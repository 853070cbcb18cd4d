"""`manage.py demo`: records the events of a made-up company, and makes logins to look at them."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from accounts.demo import company
from accounts.demo.people import make_people, write_login
from accounts.demo.places import write_location_file
from accounts.demo.story import make_story
from audit.conf import audit_settings
from audit.record import Origin, prepare_months, record_events
from environments.directory import create_environment
from environments.models import Environment, Sender

BATCH = 1_000


class Command(BaseCommand):
    help = "Makes demo environments, people and events: the same for the same seed and day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--events", type=int, default=30_000)
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, events: int, days: int, seed: int, **options: Any) -> None:
        if not (100 <= events <= 10_000_000 and 3 <= days <= 3_650):
            raise CommandError("--events is 100 to 10,000,000 and --days 3 to 3,650.")
        data_dir = Path(settings.DATA_DIR)
        if not (data_dir / "demo-places.mmdb").exists():
            write_location_file(data_dir / "demo-places.mmdb")
        if not audit_settings().GEOIP_CITY_PATH:
            settings.AUDIT["GEOIP_CITY_PATH"] = str(data_dir / "demo-places.mmdb")
            audit_settings.cache_clear()
        for position, (key, name, colour) in enumerate(company.ENVIRONMENTS):
            create_environment(
                key=key,
                name=name,
                colour=colour,
                position=position,
                is_production=key == company.PRODUCTION,
            )
        password = make_people(password=os.environ.get("DEMO_PASSWORD"))
        write_login(data_dir / "demo-login.txt", password)
        now = timezone.now()
        prepare_months((now - timedelta(days=days)).date(), now.date())
        end = now.replace(minute=0, second=0, microsecond=0)
        story = make_story(seed=seed, end=end, days=days).generate(events)
        with tqdm(total=sum(map(len, story.values())), unit="event", desc="demo") as bar:
            for key, listed in story.items():
                sender, _ = Sender.objects.get_or_create(
                    environment=Environment.objects.get(key=key), name="lowcoder"
                )
                origin = Origin(
                    environment=key, sender_id=sender.pk, sender=sender.name, ip_address="127.0.0.1"
                )
                for start in range(0, len(listed), BATCH):
                    batch = listed[start : start + BATCH]
                    receipt = record_events(batch, origin=origin, received_at=timezone.now())
                    wrong = [v for v in receipt.verdicts if v.status == "rejected"]
                    if wrong:
                        raise CommandError(f"The demo made a wrong event: {wrong[0].problems}")
                    bar.update(len(batch))
        self.stderr.write(f"The demo users are in {data_dir / 'demo-login.txt'}.")
