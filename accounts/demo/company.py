"""The demo company: people, cities, apps and devices."""

from __future__ import annotations

from dataclasses import dataclass

ENVIRONMENTS = (
    ("dev", "Dev", "#0072b2"),
    ("staging", "Staging", "#b26a00"),
    ("prod", "Prod", "#c2410c"),
)
PRODUCTION = "prod"
WORKSPACES = (
    ("ws-sales", "Sales"),
    ("ws-operations", "Operations"),
    ("ws-finance", "Finance"),
    ("ws-support", "Support"),
    ("ws-people", "People"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A city and the block of documentation addresses that stands for it."""

    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    network: str
    radius_km: int


CITIES = (
    City(
        name="Berlin",
        region="Berlin",
        country="DE",
        latitude=52.52,
        longitude=13.405,
        time_zone="Europe/Berlin",
        network="192.0.2.0/26",
        radius_km=20,
    ),
    City(
        name="Lyon",
        region="Auvergne-Rhône-Alpes",
        country="FR",
        latitude=45.764,
        longitude=4.8357,
        time_zone="Europe/Paris",
        network="192.0.2.64/26",
        radius_km=20,
    ),
    City(
        name="Oslo",
        region="Oslo",
        country="NO",
        latitude=59.9139,
        longitude=10.7522,
        time_zone="Europe/Oslo",
        network="192.0.2.128/26",
        radius_km=10,
    ),
    City(
        name="London",
        region="England",
        country="GB",
        latitude=51.5072,
        longitude=-0.1276,
        time_zone="Europe/London",
        network="192.0.2.192/26",
        radius_km=50,
    ),
    City(
        name="Boston",
        region="Massachusetts",
        country="US",
        latitude=42.3601,
        longitude=-71.0589,
        time_zone="America/New_York",
        network="198.51.100.0/25",
        radius_km=20,
    ),
    City(
        name="São Paulo",
        region="São Paulo",
        country="BR",
        latitude=-23.5505,
        longitude=-46.6333,
        time_zone="America/Sao_Paulo",
        network="198.51.100.128/25",
        radius_km=50,
    ),
    City(
        name="Tokyo",
        region="Tokyo",
        country="JP",
        latitude=35.6762,
        longitude=139.6503,
        time_zone="Asia/Tokyo",
        network="203.0.113.0/25",
        radius_km=100,
    ),
    City(
        name="Nairobi",
        region="Nairobi",
        country="KE",
        latitude=-1.2921,
        longitude=36.8219,
        time_zone="Africa/Nairobi",
        network="203.0.113.128/26",
        radius_km=200,
    ),
    City(
        name="Reykjavík",
        region="Capital Region",
        country="IS",
        latitude=64.1466,
        longitude=-21.9426,
        time_zone="Atlantic/Reykjavik",
        network="2001:db8:15::/48",
        radius_km=5,
    ),
)

NAMES = (
    "Ann Keller", "Ben Okafor", "Cy Lindqvist", "Dee Moreau", "Eva Horvat", "Finn Aalto",
    "Gita Rao", "Hugo Martins", "Ines Duarte", "Jonas Weber", "Kaja Nilsen", "Leo Fischer",
    "Mona Haddad", "Nils Berg", "Olga Petrova", "Pablo Ruiz", "Qi Wang", "Rosa Conti",
    "Sven Dahl", "Tara Singh", "Uwe Brandt", "Vera Novak", "Will Carter", "Xenia Pappas",
    "Yuki Tanaka", "Zoe Laurent", "Amir Nouri", "Bea Schulz", "Carl Olsen", "Dana Levi",
    "Emre Kaya", "Faye Walsh", "Gus Romero", "Hana Sato", "Ivan Kolar", "June Park",
    "Kofi Mensah", "Lara Becker", "Milo Rossi", "Nora Eklund",
)  # fmt: skip
APPS = (
    "Orders", "Billing", "CRM", "Inventory", "Shipments", "Refunds", "Onboarding", "Payroll",
    "Time off", "Contracts", "Price list", "Leads", "Tickets", "Knowledge base", "Returns",
    "Suppliers", "Forecast", "Invoices", "Expenses", "Assets", "Surveys", "Call notes",
    "Incident log", "Budget", "Roadmap",
)  # fmt: skip
FOLDERS = ("Drafts", "Shared", "Archive", "Q3", "Experiments")
GROUPS = ("Editors", "Viewers", "Finance leads", "Support night shift", "Contractors")
DATA_SOURCES = (
    ("ds-orders", "orders-db", "postgres"),
    ("ds-ledger", "ledger", "mysql"),
    ("ds-crm", "crm-api", "restApi"),
    ("ds-files", "exports", "s3"),
)
QUERIES = (
    "getOrders",
    "updateOrder",
    "listCustomers",
    "monthlyTotals",
    "openTickets",
    "stockLevels",
)
LIBRARY_QUERIES = ("currencyRates", "holidayCalendar", "employeeLookup")

DESKTOPS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
)
PHONES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
)
IN_APP = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 340.0.2.18.98",
    "Mozilla/5.0 (Linux; Android 14; SM-A546B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/140.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0.0.44.103;]",
)
API_CLIENTS = (
    "curl/8.5.0",
    "python-requests/2.32.3",
    "Go-http-client/2.0",
    "Terraform/1.9.5",
    "okhttp/4.12.0",
)
HINTS = {
    "Sec-CH-UA": '"Chromium";v="143", "Google Chrome";v="143", "Not A(Brand";v="24"',
    "Sec-CH-UA-Platform": '"Windows"',
    "Sec-CH-UA-Platform-Version": '"15.0.0"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """Somebody at work: starts: the hour (UTC) that their day begins with."""

    id: str
    name: str
    email: str
    city: City
    address: str
    agents: tuple[str, ...]
    workspace: tuple[str, str]
    builds: bool
    starts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoApp:
    """An app, the same in each environment by its gid."""

    number: int
    gid: str
    name: str
    workspace: tuple[str, str]

    def id(self, environment: str) -> str:
        return f"{environment}-app-{self.number:02d}"
