"""Generates the company's events of the last months in the order of their times."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from audit.record.submitted import (
    Actor,
    Application,
    Change,
    Context,
    Resource,
    SubmittedEvent,
    Workspace,
)

from . import company
from .company import City, DemoApp, Employee

STARTS_BY_CITY = {"Tokyo": 0, "Nairobi": 5, "Boston": 13, "São Paulo": 12}
SHARE = {"dev": 0.36, "staging": 0.14, "prod": 0.50}
FAILED_LOGINS = 0.04
REFUSED = 0.02
PROMOTION_EVERY_DAYS = 9


@dataclass(slots=True)
class Story:
    """One telling: random: seeded; end: the last moment; days: how far back it begins."""

    random: Random
    end: datetime
    days: int
    people: list[Employee] = field(default_factory=list)
    apps: list[DemoApp] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.people = [self._person(n, name) for n, name in enumerate(company.NAMES)]
        self.apps = [
            DemoApp(
                number=n,
                gid=f"gid-{n:02d}-{name.lower().replace(' ', '-')}",
                name=name,
                workspace=company.WORKSPACES[n % len(company.WORKSPACES)],
            )
            for n, name in enumerate(company.APPS)
        ]

    def generate(self, events: int) -> dict[str, list[SubmittedEvent]]:
        """Return about `events` events by environment, each list in the order of time."""
        told: dict[str, list[tuple[datetime, SubmittedEvent]]] = {key: [] for key in SHARE}
        for environment, at, event in self._scripted():
            told[environment].append((at, event))
        left = {key: int(events * share) - len(told[key]) for key, share in SHARE.items()}
        for environment, count in left.items():
            made = 0
            while made < count:
                for at, event in self._session(environment):
                    if at <= self.end:
                        told[environment].append((at, event))
                        made += 1
        return {
            key: [event for _, event in sorted(pairs, key=lambda pair: pair[0])]
            for key, pairs in told.items()
        }

    # people

    def _person(self, number: int, name: str) -> Employee:
        city = self.random.choice(company.CITIES)
        login = name.lower().replace(" ", ".")
        agents = [self.random.choice(company.DESKTOPS)]
        if self.random.random() < 0.4:
            agents.append(self.random.choice(company.PHONES))
        if self.random.random() < 0.15:
            agents.append(self.random.choice(company.IN_APP))
        return Employee(
            id=f"u-{number:03d}",
            name=name,
            email=f"{login}@example.com",
            city=city,
            address=self._address(city),
            agents=tuple(agents),
            workspace=company.WORKSPACES[number % len(company.WORKSPACES)],
            builds=number % 3 == 0,
            starts=STARTS_BY_CITY.get(city.name, 7),
        )

    def _address(self, city: City) -> str:
        network = ipaddress.ip_network(city.network)
        return str(network[self.random.randrange(1, min(network.num_addresses - 1, 60))])

    # times

    def _working_time(self, person: Employee) -> datetime:
        """Mostly weekdays and the person's hours; the last weekend had a launch."""
        while True:
            day = self.end - timedelta(days=self.random.random() ** 1.15 * self.days)
            is_launch = day.weekday() >= 5 and self.end - day < timedelta(days=9)
            if day.weekday() < 5 or is_launch or self.random.random() < 0.12:
                break
        hour = min(max(self.random.gauss(person.starts + 4.2, 2.6), 0), 23.9)
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(hours=hour)

    # sessions

    def _session(self, environment: str) -> Iterator[tuple[datetime, SubmittedEvent]]:
        if self.random.random() < 0.06:
            yield from self._machine(environment)
            return
        builders = [p for p in self.people if p.builds]
        person = self.random.choice(builders if environment == "dev" else self.people)
        at = self._working_time(person)
        context = self._context(person)
        login: dict[str, Any] = {
            "details": {"source": self.random.choice(["EMAIL", "GOOGLE", "OIDC"])}
        }
        if self.random.random() < FAILED_LOGINS:
            for _ in range(self.random.randint(1, 4)):
                yield at, self._event("USER_LOGIN", at, person, context, outcome="failure", **login)
                at += timedelta(seconds=self.random.randint(3, 30))
        yield at, self._event("USER_LOGIN", at, person, context, **login)
        for _ in range(self.random.randint(2, 9)):
            at += timedelta(seconds=self.random.expovariate(1 / 140))
            yield at, self._action(environment, at, person, context)
        if self.random.random() < 0.5:
            at += timedelta(seconds=self.random.randint(5, 600))
            yield at, self._event("USER_LOGOUT", at, person, context)

    def _machine(self, environment: str) -> Iterator[tuple[datetime, SubmittedEvent]]:
        """A nightly job that runs the same query again and again."""
        at = self._working_time(self.people[0]).replace(hour=2)
        agent = self.random.choice(company.API_CLIENTS)
        app = self.random.choice(self.apps)
        for _ in range(self.random.randint(3, 25)):
            at += timedelta(seconds=self.random.expovariate(1 / 20))
            yield (
                at,
                SubmittedEvent(
                    id=self._next_id(),
                    time=_text(at),
                    type="QUERY_EXECUTION",
                    outcome="success",
                    workspace=Workspace(*app.workspace),
                    actor=Actor(id="svc-nightly", name="Nightly report", type="service"),
                    application=Application(id=app.id(environment), gid=app.gid, name=app.name),
                    resource=Resource(type="query", id="q-monthlyTotals", name="monthlyTotals"),
                    context=Context(ip="10.20.0.7", user_agent=agent, request_id=self._hex(12)),
                    details={"detail": {"queryName": "monthlyTotals", "viewMode": True}},
                ),
            )

    def _action(
        self, environment: str, at: datetime, person: Employee, context: Context
    ) -> SubmittedEvent:
        app = self.random.choice(self.apps[:12] if self.random.random() < 0.7 else self.apps)
        roll = self.random.random()
        view = 0.25 if environment == "dev" else 0.55
        outcome = "denied" if self.random.random() < REFUSED else "success"
        if roll < view:
            return self._app_event(
                "APPLICATION_VIEW", environment, at, person, context, app, outcome
            )
        if roll < view + 0.28:
            query = self.random.choice(company.QUERIES)
            return self._query(environment, at, person, context, app, query)
        if environment == "dev" and roll < 0.93:
            return self._edit(environment, at, person, context, app)
        return self._rare(environment, at, person, context, app, outcome)

    def _query(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        query: str,
    ) -> SubmittedEvent:
        source, name, kind = self.random.choice(company.DATA_SOURCES)
        detail = {
            "applicationId": app.id(environment),
            "applicationName": app.name,
            "queryId": f"q-{query}",
            "queryName": query,
            "datasourceId": source,
            "datasourceName": name,
            "datasourceType": kind,
            "viewMode": environment == "prod",
        }
        outcome = "failure" if self.random.random() < 0.03 else "success"
        return self._event(
            "QUERY_EXECUTION",
            at,
            person,
            context,
            outcome=outcome,
            app=app,
            environment=environment,
            resource=Resource(type="query", id=f"q-{query}", name=query),
            details={"detail": detail},
        )

    def _edit(
        self, environment: str, at: datetime, person: Employee, context: Context, app: DemoApp
    ) -> SubmittedEvent:
        field_, old, new = self.random.choice(
            (
                ("applicationTitle", app.name, f"{app.name} overview"),
                ("applicationDescription", "", f"Keeps {app.name.lower()} in one place"),
                ("applicationCategory", "Internal", "Operations"),
            )
        )
        return self._app_event(
            "APPLICATION_UPDATE",
            environment,
            at,
            person,
            context,
            app,
            "success",
            changes=(Change(field=field_, old=old, new=new),),
        )

    def _rare(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
    ) -> SubmittedEvent:
        maker = self.random.choice(
            (self._folder, self._group, self._data_source, self._library, self._rare_app)
        )
        return maker(environment, at, person, context, app, outcome, None)

    def _folder(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
        code: str | None,
    ) -> SubmittedEvent:
        code = code or self.random.choice(("FOLDER_CREATE", "FOLDER_UPDATE", "FOLDER_DELETE"))
        name = self.random.choice(company.FOLDERS)
        details = {"id": f"f-{name.lower()}", "name": name, "type": "FOLDER"}
        changes = None
        if code == "FOLDER_UPDATE":
            details["fromName"] = f"{name} (old)"
            changes = (Change(field="name", old=f"{name} (old)", new=name),)
        resource = Resource(type="folder", id=f"f-{name.lower()}", name=name)
        return self._event(
            code,
            at,
            person,
            context,
            outcome=outcome,
            resource=resource,
            details=details,
            changes=changes,
        )

    def _group(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
        code: str | None,
    ) -> SubmittedEvent:
        code = code or self.random.choice(
            ("GROUP_CREATE", "GROUP_UPDATE", "GROUP_DELETE", "GROUP_MEMBER_ADD", "GROUP_MEMBER_ADD",
             "GROUP_MEMBER_REMOVE", "GROUP_MEMBER_LEAVE", "GROUP_MEMBER_ROLE_UPDATE")
        )  # fmt: skip
        name = self.random.choice(company.GROUPS)
        id_ = f"g-{name.lower().replace(' ', '-')}"
        details: dict[str, Any] = {"groupId": id_, "groupName": name}
        targets, changes = None, None
        if code.startswith("GROUP_MEMBER"):
            member = person if code.endswith("LEAVE") else self.random.choice(self.people)
            details |= {"memberId": member.id, "memberName": member.name, "memberRole": "member"}
            targets = (Resource(type="user", id=member.id, name=member.name),)
            if code.endswith("ROLE_UPDATE"):
                details |= {"memberRole": "admin", "oldMemberRole": "member"}
                changes = (Change(field="memberRole", old="member", new="admin"),)
        elif code == "GROUP_UPDATE":
            details["oldGroupName"] = f"{name} old"
            changes = (Change(field="groupName", old=f"{name} old", new=name),)
        return self._event(
            code, at, person, context, outcome=outcome, details=details, targets=targets,
            changes=changes, resource=Resource(type="group", id=id_, name=name),
        )  # fmt: skip

    def _data_source(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
        code: str | None,
    ) -> SubmittedEvent:
        code = code or self.random.choice(
            ("DATA_SOURCE_CREATE", "DATA_SOURCE_UPDATE", "DATA_SOURCE_UPDATE",
             "DATA_SOURCE_PERMISSION_GRANT", "DATA_SOURCE_PERMISSION_UPDATE",
             "DATA_SOURCE_PERMISSION_DELETE")
        )  # fmt: skip
        id_, name, kind = self.random.choice(company.DATA_SOURCES)
        details: dict[str, Any] = {"datasourceId": id_, "name": name, "type": kind}
        targets, changes = None, None
        if "PERMISSION" in code:
            given = self.random.sample(self.people, 2)
            details |= {"userIds": [p.id for p in given], "groupIds": [], "role": "editor"}
            targets = tuple(Resource(type="user", id=p.id, name=p.name) for p in given)
            if code.endswith("UPDATE"):
                changes = (Change(field="permissions", old=["viewer"], new=["editor"]),)
        elif code.endswith("UPDATE"):
            details["oldName"] = f"{name}-old"
            changes = (Change(field="name", old=f"{name}-old", new=name),)
        return self._event(
            code, at, person, context, outcome=outcome, details=details, targets=targets,
            changes=changes, resource=Resource(type="data_source", id=id_, name=name),
        )  # fmt: skip

    def _library(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
        code: str | None,
    ) -> SubmittedEvent:
        code = code or self.random.choice(
            ("LIBRARY_QUERY_CREATE", "LIBRARY_QUERY_UPDATE", "LIBRARY_QUERY_PUBLISH")
        )
        name = self.random.choice(company.LIBRARY_QUERIES)
        details = {"id": f"lq-{name}", "name": name}
        changes = None
        if code.endswith("PUBLISH"):
            details = {"id": f"lq-{name}", "oldVersion": "1.3.0", "newVersion": "1.4.0"}
            changes = (Change(field="version", old="1.3.0", new="1.4.0"),)
        elif code.endswith("UPDATE"):
            details["oldName"] = f"{name}Old"
        resource = Resource(type="library_query", id=f"lq-{name}", name=name)
        return self._event(
            code,
            at,
            person,
            context,
            outcome=outcome,
            details=details,
            changes=changes,
            resource=resource,
        )

    def _rare_app(
        self,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
        code: str | None,
    ) -> SubmittedEvent:
        code = code or self.random.choice(
            ("APPLICATION_CREATE", "APPLICATION_MOVE", "APPLICATION_MOVE", "APPLICATION_RECYCLED",
             "APPLICATION_RESTORE", "APPLICATION_SHARING_CHANGE", "APPLICATION_PERMISSION_CHANGE")
        )  # fmt: skip
        more: dict[str, Any] = {}
        targets, changes = None, None
        if code == "APPLICATION_MOVE":
            old, new = self.random.sample(company.FOLDERS, 2)
            more = {
                "folderId": f"f-{new.lower()}",
                "folderName": new,
                "oldFolderId": f"f-{old.lower()}",
                "oldFolderName": old,
            }
            changes = (Change(field="folder", old=old, new=new),)
        elif code == "APPLICATION_SHARING_CHANGE":
            more = {"shareType": "publicToAll", "sharingDetails": {"publicToAll": True}}
            changes = (Change(field="publicToAll", old=False, new=True),)
        elif code == "APPLICATION_PERMISSION_CHANGE":
            given = self.random.choice(self.people)
            more = {"permissionId": "pm-1", "role": "editor", "userIds": [given.id], "groupIds": []}
            targets = (Resource(type="user", id=given.id, name=given.name),)
        return self._app_event(
            code,
            environment,
            at,
            person,
            context,
            app,
            outcome,
            changes=changes,
            targets=targets,
            more=more,
        )

    # what must be there

    def _scripted(self) -> Iterator[tuple[str, datetime, SubmittedEvent]]:
        start = self.end - timedelta(days=self.days)
        for environment in SHARE:
            for week in range(self.days // 14 + 1):
                at = start + timedelta(days=14 * week, hours=4)
                if at < self.end:
                    yield environment, at, self._startup(at)
        yield from self._promotions(start)
        yield from self._every_type()
        yield from self._deletion()
        yield from self._travels()

    def _startup(self, at: datetime) -> SubmittedEvent:
        return SubmittedEvent(
            id=self._next_id(), time=_text(at), type="SERVER_START_UP", outcome="success",
            actor=Actor(id="system", name="System", type="system"), source="server",
        )  # fmt: skip

    def _promotions(self, start: datetime) -> Iterator[tuple[str, datetime, SubmittedEvent]]:
        """Each app goes from Dev to Staging to Prod; some skip Staging, one changes in Prod."""
        for app in self.apps[:18]:
            at = start + timedelta(days=self.random.random() * PROMOTION_EVERY_DAYS, hours=9)
            version = 1
            while at < self.end - timedelta(days=3):
                skips = self.random.random() < 0.15
                for environment in ("dev", "staging", "prod"):
                    if environment == "staging" and skips:
                        continue
                    person = self.random.choice([p for p in self.people if p.builds])
                    context = self._context(person)
                    for code in ("APPLICATION_PUBLISH", "APPLICATION_VERSION_CHANGE"):
                        at += timedelta(minutes=self.random.randint(1, 9))
                        tag = f"1.{version}.0"
                        change = Change(field="version", old=f"1.{version - 1}.0", new=tag)
                        more = {"tag": tag, "commitMessage": f"Release {tag}"}
                        yield (
                            environment,
                            at,
                            self._app_event(
                                code,
                                environment,
                                at,
                                person,
                                context,
                                app,
                                "success",
                                changes=(change,),
                                more=more,
                            ),
                        )
                    at += timedelta(hours=self.random.expovariate(1 / 20))
                version += 1
                at += timedelta(days=PROMOTION_EVERY_DAYS * (0.6 + self.random.random()))
        for days in (2, 11, 30):
            at = self.end - timedelta(days=min(days, self.days - 1), hours=2)
            person, app = self.people[3], self.apps[2]
            change = Change(field="applicationTitle", old="CRM", new="CRM (hotfix)")
            yield (
                "prod",
                at,
                self._app_event(
                    "APPLICATION_UPDATE",
                    "prod",
                    at,
                    person,
                    self._context(person),
                    app,
                    "success",
                    changes=(change,),
                ),
            )

    def _every_type(self) -> Iterator[tuple[str, datetime, SubmittedEvent]]:
        """What nobody happens to do by chance."""
        person, app = self.people[0], self.apps[-1]
        context = self._context(person)
        for hours, (environment, maker, code) in enumerate(
            (
                ("dev", self._rare_app, "APPLICATION_DELETE"),
                ("staging", self._data_source, "DATA_SOURCE_DELETE"),
                ("dev", self._library, "LIBRARY_QUERY_DELETE"),
                ("prod", self._group, "GROUP_DELETE"),
                ("dev", self._folder, "FOLDER_DELETE"),
            ),
            start=20,
        ):
            at = self.end - timedelta(hours=hours * 3)
            yield environment, at, maker(environment, at, person, context, app, "success", code)
        at = self.end - timedelta(hours=30)
        yield (
            "prod",
            at,
            self._event("SERVER_INFO", at, person, context, details={"apiCalls": 1204}),
        )
        details = {
            "httpMethod": "GET",
            "requestUri": "/api/applications/list",
            "queryParams": {"page": "1"},
        }
        yield "prod", at, self._event("API_CALL_EVENT", at, person, context, details=details)

    def _deletion(self) -> Iterator[tuple[str, datetime, SubmittedEvent]]:
        """Somebody deleted the app Orders in Prod yesterday."""
        person, app = self.people[0], self.apps[0]
        at = self.end - timedelta(days=1, minutes=20)
        context = self._context(person)
        for code in ("APPLICATION_RECYCLED", "APPLICATION_DELETE"):
            at += timedelta(minutes=3)
            change = Change(field="state", old="active", new="deleted")
            yield (
                "prod",
                at,
                self._app_event(
                    code, "prod", at, person, context, app, "success", changes=(change,)
                ),
            )

    def _travels(self) -> Iterator[tuple[str, datetime, SubmittedEvent]]:
        """People who sign in from where, or with what, they never did before."""
        away = (("prod", 1, 5, True), ("prod", 7, 31, False), ("staging", 12, 50, True))
        for environment, number, hours, has_new_device in away:
            home = self.people[number]
            at = self.end - timedelta(hours=hours)
            usual = at - timedelta(days=min(self.days - 3, 20))
            yield (
                environment,
                usual,
                self._event(
                    "USER_LOGIN", usual, home, self._context(home), details={"source": "EMAIL"}
                ),
            )
            city = next(c for c in company.CITIES if c.country != home.city.country)
            person = replace(home, city=city, address=self._address(city))
            if has_new_device:
                person = replace(person, agents=(company.PHONES[1],))
            yield (
                environment,
                at,
                self._event(
                    "USER_LOGIN", at, person, self._context(person), details={"source": "EMAIL"}
                ),
            )

    # one event

    def _app_event(
        self,
        code: str,
        environment: str,
        at: datetime,
        person: Employee,
        context: Context,
        app: DemoApp,
        outcome: str,
        *,
        changes: tuple[Change, ...] | None = None,
        targets: tuple[Resource, ...] | None = None,
        more: dict[str, Any] | None = None,
    ) -> SubmittedEvent:
        details = {
            "applicationCategory": "Internal",
            "applicationTitle": app.name,
            "type": "APPLICATION",
        }
        resource = Resource(type="application", id=app.id(environment), name=app.name)
        return self._event(
            code, at, person, context, outcome=outcome, app=app, environment=environment,
            resource=resource, changes=changes, targets=targets, details={**details, **(more or {})},
        )  # fmt: skip

    def _event(
        self,
        code: str,
        at: datetime,
        person: Employee,
        context: Context,
        *,
        outcome: Any = "success",
        app: DemoApp | None = None,
        environment: str = "",
        resource: Resource | None = None,
        targets: tuple[Resource, ...] | None = None,
        changes: tuple[Change, ...] | None = None,
        details: dict[str, Any] | None = None,
    ) -> SubmittedEvent:
        workspace = app.workspace if app else person.workspace
        return SubmittedEvent(
            id=self._next_id(),
            time=_text(at),
            type=code,
            outcome=outcome,
            workspace=Workspace(*workspace),
            actor=Actor(id=person.id, name=person.name, email=person.email, type="user"),
            application=Application(id=app.id(environment), gid=app.gid, name=app.name)
            if app
            else None,
            resource=resource,
            targets=targets,
            changes=changes,
            context=context,
            details=details,
        )

    def _context(self, person: Employee) -> Context:
        agent = self.random.choice(person.agents)
        has_hints = "Windows" in agent and "Chrome/143" in agent
        return Context(
            ip=person.address,
            user_agent=agent,
            client_hints=company.HINTS if has_hints else None,
            session=self._hex(32),
            request_id=self._hex(12),
        )

    def _hex(self, digits: int) -> str:
        return f"{self.random.getrandbits(digits * 4):0{digits}x}"

    def _next_id(self) -> str:
        self._number += 1
        return f"demo-{self._number:07d}"


def make_story(*, seed: int, end: datetime, days: int) -> Story:
    """Return the story of the `days` before `end`; the same for the same seed."""
    return Story(random=Random(seed), end=end.astimezone(UTC), days=days)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
