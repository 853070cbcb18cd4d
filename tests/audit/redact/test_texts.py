"""What is masked in a text by what it names, and how much of it stays readable."""

from __future__ import annotations

import pytest

from audit.redact import MASK, mask_text

M = MASK

MASKED = [
    # addresses and queries
    ("https://h/p?token=S&a=1", f"https://h/p?token={M}&a=1"),
    ("/p?a=1&api_key=S#top", f"/p?a=1&api_key={M}#top"),
    ("?access%5Ftoken=S", f"?access%5Ftoken={M}"),
    ("?p%61ssword=S&b=2", f"?p%61ssword={M}&b=2"),
    ("password=it's;me&x=1", f"password={M}&x=1"),
    ("user=ann&password=S", f"user=ann&password={M}"),
    ("?user[password]=S", f"?user[password]={M}"),
    (
        "https://h/?to=https%3A%2F%2Fi%2F%3Ftoken%3DS%26b%3D1",
        f"https://h/?to=https%3A%2F%2Fi%2F%3Ftoken%3D{M}%26b%3D1",
    ),
    ("https://a.blob/x?sv=1&sig=S%3D&se=2", f"https://a.blob/x?sv=1&sig={M}&se=2"),
    ("https://b/x?X-Amz-Signature=S&a", f"https://b/x?X-Amz-Signature={M}&a"),
    ("GET /x?token=S HTTP/1.1", f"GET /x?token={M} HTTP/1.1"),
    # userinfo
    ("postgres://ann:S@db:5432/x", f"postgres://ann:{M}@db:5432/x"),
    ("redis://:S@cache", f"redis://:{M}@cache"),
    ("mongodb+srv://u:p@ss:w@h/x?y", f"mongodb+srv://u:{M}@h/x?y"),
    ("see amqp://u:S@h and http://h", f"see amqp://u:{M}@h and http://h"),
    ("?dsn=postgres%3A%2F%2Fu%3AS%40h", f"?dsn=postgres%3A%2F%2Fu%3A{M}%40h"),
    # connection strings and assignments
    (
        "Server=db;User Id=sa;Password=a b;Database=x",
        f"Server=db;User Id=sa;Password={M};Database=x",
    ),
    (
        "AccountName=x;AccountKey=S==;EndpointSuffix=y",
        f"AccountName=x;AccountKey={M};EndpointSuffix=y",
    ),
    ("host=db user=x password=S dbname=y", f"host=db user=x password={M} dbname=y"),
    ("ALTER ROLE x WITH password = 'a b'", f"ALTER ROLE x WITH password = {M}"),
    ("DB_PASSWORD=S ./run", f"DB_PASSWORD={M} ./run"),
    ("tool --password S --name x", f"tool --password {M} --name x"),
    ("tool --api-key=S", f"tool --api-key={M}"),
    # headers
    ('Authorization: Digest username="a", response="b"', f"Authorization: {M}"),
    ("Host: a\nCookie: a=b; c=d\nAccept: */*", f"Host: a\nCookie: {M}\nAccept: */*"),
    ("curl -H 'X-Api-Key: S1' h", f"curl -H 'X-Api-Key: {M}' h"),
    ("sent Authorization: Token abc to x", f"sent Authorization: {M}"),
    ("curl -H 'Cookie: a=b; c=d' h", f"curl -H 'Cookie: {M}' h"),
    # an authorization's code
    ("https://h/cb?code=4/0AX4XfWh_abc&state=x", f"https://h/cb?code={M}&state=x"),
    ("grant_type=authorization_code&code=SplxlOBeZQ", f"grant_type=authorization_code&code={M}"),
    ("?to=https%3A%2F%2Fi%2F%3Fcode%3DSplxlOBeZQ%26b", f"?to=https%3A%2F%2Fi%2F%3Fcode%3D{M}%26b"),
    ("?to=https%3A%2F%2Fi%2F%3Fsig%3DS%26b", f"?to=https%3A%2F%2Fi%2F%3Fsig%3D{M}%26b"),
    # statements
    ("ALTER USER ann WITH PASSWORD 'S'", f"ALTER USER ann WITH PASSWORD '{M}'"),
    (
        "create role x encrypted password 'it''s' login",
        f"create role x encrypted password '{M}' login",
    ),
    ("ALTER ROLE x PASSWORD E'a\\'b'", f"ALTER ROLE x PASSWORD E'{M}'"),
    ("CREATE USER 'a'@'%' IDENTIFIED BY 'S'", f"CREATE USER 'a'@'%' IDENTIFIED BY '{M}'"),
    ("ALTER USER a IDENTIFIED WITH x BY 'S'", f"ALTER USER a IDENTIFIED WITH x BY '{M}'"),
    (
        'alter user a identified by "S" replace "T"',
        f'alter user a identified by "{M}" replace "{M}"',
    ),
    ("CREATE USER a IDENTIFIED BY tiger QUOTA x", f"CREATE USER a IDENTIFIED BY {M} QUOTA x"),
    ("SET PASSWORD FOR a = PASSWORD('S')", f"SET PASSWORD FOR a = PASSWORD('{M}')"),
    # commands
    ("curl -u ann:S https://h", f"curl -u ann:{M} https://h"),
    ("curl -sS --user 'ann:a b' h", f"curl -sS --user 'ann:{M}' h"),
    ("curl -x p:1 -U ann:S h; echo a:b", f"curl -x p:1 -U ann:{M} h; echo a:b"),
    ("curl h \\\n\t-uann:S", f"curl h \\\n\t-uann:{M}"),
    ("mysql -h db -uann -pS sales", f"mysql -h db -uann -p{M} sales"),
    ("mysqldump '-pS' sales", f"mysqldump '-p{M}' sales"),
    ("sshpass -p S ssh h", f"sshpass -p {M} ssh h"),
    ("redis-cli -h x -a S ping", f"redis-cli -h x -a {M} ping"),
    # markup
    ('<add key="password" value="S"/>', f'<add key="password" value="{M}"/>'),
    ("<add value='a > b' key='Smtp.Password' />", f"<add value='{M}' key='Smtp.Password' />"),
    ('<entry key="db.password">S</entry>', f'<entry key="db.password">{M}</entry>'),
    ("<key>apiKey</key>\n <string>S</string>", f"<key>apiKey</key>\n <string>{M}</string>"),
    # other languages
    ("Kennwort: S1", f"Kennwort: {M}"),
    ("CONTRASEÑA=S", f"CONTRASEÑA={M}"),
    ("contrasen\u0303a=S", f"contrasen\u0303a={M}"),
    # prose and code
    ("login failed, password: hunter2", f"login failed, password: {M}"),
    ("the token: a1b2c3 was used", f"the token: {M} was used"),
    ("tried {'password': 'S', 'a': 1}", f"tried {{'password': '{M}', 'a': 1}}"),
    ('tried {"pin": 1234}', f'tried {{"pin": "{M}"}}'),
    ('{\\"password\\":\\"a\\\\\\"b\\"}', f'{{\\"password\\":\\"{M}\\"}}'),
    ('said "secret"=>"S"', f'said "secret"=>"{M}"'),
    ("<Password>S</Password><b>x</b>", f"<Password>{M}</Password><b>x</b>"),
    (
        '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nS\r\n--x--',
        f'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n{M}\r\n--x--',
    ),
]
ORDINARY = [
    "https://h/p?tokenCount=3&page=2&author=ann",
    "https://h:8080/p?mail=ann@example.org",
    "mailto:ann@example.org?subject=token",
    "ssh://git@example.org/x",
    "a secretary met the author at the keyboard",
    "Enter your password: ",
    "Invalid token: expired",
    "No authorization: the role is missing",
    "password",
    "?password=&a=1",
    "if password == stored:",
    "the basic plan, bearer of news",
    "page=2;keyboard=x",
    "SELECT token FROM t WHERE id = 3",
    "<password/>",
    "?code=404&country=DE",
    "/promotions?code=SUMMER26",
    "failed with error code=1234567890123",
    "a user identified by the name of a robot",
    "docker run -u 1000:1000 curlimages/curl -s https://h",
    "curl -u ann https://h",
    "mysql -p sales",
    "docker run -p 3306:3306 mysql",
    "mkdir -p var/mysql",
    '<add key="pageSize" value="3"/>',
    "<key>name</key><string>x</string>",
    "mysql data source, -u for short",
]


class TestMaskText:
    @pytest.mark.parametrize(("text", "expected"), MASKED)
    def test_masks_the_value_alone(self, text: str, expected: str) -> None:
        assert mask_text(text) == expected

    @pytest.mark.parametrize("text", [text for text, _ in MASKED])
    def test_changes_nothing_when_done_again(self, text: str) -> None:
        assert mask_text(mask_text(text)) == mask_text(text)

    @pytest.mark.parametrize("text", ORDINARY)
    def test_leaves_a_text_without_secrets(self, text: str) -> None:
        assert mask_text(text) == text
