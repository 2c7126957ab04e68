from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexis.rules.passwords._secret_texts import secrets_in

GIVES_AWAY = [
    "DB_PASSWORD=$(echo hunter2)",
    "DB_PASSWORD=`echo hunter2`",
    "DB_PASSWORD=$(echo aHVudGVyMgo= | base64 -d)",
    "export DB_PASSWORD=\"$(printf 'hunter2')\"",
    "#cloud-config\nchpasswd:\n  expire: false\n  list: |\n    root:hunter2\n",
    "chpasswd:\n  list:\n    - root:RANDOM\n    - app:hunter2\n",
    "useradd -p $(openssl passwd -6 -salt ab hunter2) app",
    "sed -i 's/password_here/hunter2/' wp-config.php",
    "htpasswd -bc /etc/nginx/.htpasswd app hunter2",
    "htpasswd -nbB app hunter2",
    "echo '*:5432:app:app:hunter2' > ~/.pgpass",
    "mongosh -u app -p hunter2",
    "ldapsearch -D cn=app -w hunter2 -b dc=x",
    "net user app hunter2",
    "java -jar cli.jar -auth app:hunter2 list",
    "<password>hunter2</password>",
    "redis-server --requirepass hunter2",
    "AccountName=app;AccountKey=" + "aB1+" * 20 + "==;",
    "PGPASSWORD=hunter2",
    "export MYSQL_PWD='hunter2'",
    "DB_PASS=hunter2",
    'password = "hunter2"',
    '"masterPassword": "hunter2",',
    "    password: hunter2",
    "host=db dbname=app user=app password=hunter2 sslmode=verify-full",
    "--password=hunter2",
    "createuser --password hunter2",
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "CLIENT_SECRET=0123456789abcdef",
    "api_key: 0123456789abcdef",
    "AUTH_TOKEN=0123456789abcdef",
    "redis://:hunter2@cache.internal:6379",
    "amqps://app:hunter2@mq.internal",
    "CREATE USER app IDENTIFIED BY 'hunter2'",
    "create role app login password 'hunter2';",
    "echo root:hunter2 | sudo chpasswd",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----",
    "key AKIAIOSFODNN7EXAMPLE here",
    "# password=hunter2",
    "passwd: $6$salt$hash",
    "password: abc$DEF",
    '$Password = "hunter2"',
    "JWT_SECRET=hunter2",
    "SESSION_TOKEN=0123456789abcdef",
    "APP_TOKEN=0123456789abcdef",
    "mysql -u root -phunter2 app",
    "curl -u admin:hunter2 https://app.internal",
    "sshpass -p hunter2 ssh app",
    "net user admin hunter2 /add",
    'ConvertTo-SecureString "hunter2" -AsPlainText -Force',
    "jdbc:mysql://db:3306/app?user=app&password=hunter2",
    "Server=db;Uid=app;Pwd=hunter2;",
    "Authorization: Basic YXBwOmh1bnRlcjI=",
    "key AKIA0189OSFODNN7EXAM here",
    "sk_" + "live_0123456789abcdef01",
    "glpat-" + "0123456789abcdef01ab",
    "xoxb-" + "0123456789-abcdef",
]

GIVES_NOTHING = [
    "DB_PASSWORD=$(echo $SECRET | jq -r .password)",
    "DB_PASSWORD=$(echo '{}' | jq -r .password)",
    'echo "no password: stop"',
    "chpasswd:\n  expire: true\n  list:\n    - root:RANDOM\n    - app:R\n",
    'useradd -p "$(openssl passwd -6 "$PASSWORD")" app',
    "openssl passwd -6 -stdin < /run/secret",
    'sed -i "s/password_here/$PASSWORD/" wp-config.php',
    "net user app %PASSWORD%",
    "net user app /delete",
    "<password>${password}</password>",
    "connect(host=secret['host'], user=secret['user'], password=password)",
    '{"env":{"secrets-manager":{"NPM_TOKEN":"ci/npm:token1234"},"parameter-store":{"DB_PASSWORD":"/ci/password"}}}',
    "",
    "export PGPASSWORD",
    "PASSWORD=$1",
    "PASSWORD=",
    'PASSWORD=""',
    "PASSWORD=${DB_PASSWORD}",
    "PASSWORD=`cat /run/secrets/db`",
    "PASSWORD=$(cat /run/secrets/db)",
    "password: {{ db_password }}",
    "password: /run/secrets/db",
    "password = get_password()",
    'password = os.environ["DB_PASSWORD"]',
    "connect(password=password)",
    "def login(user: str, password: str) -> None:",
    'if [ "$password" = "x" ]; then',
    "if password == expected:",
    "PWD=/root",
    "OLDPWD=/root",
    "password_encryption = 'scram-sha-256'",
    "PASSWORD_LENGTH=32",
    "PASSWORD_FILE=/etc/pw",
    "DB_SECRET=nexis/dev/app",
    "--secret-id nexis/dev/app",
    "X-aws-ec2-metadata-token-ttl-seconds: 21600",
    "# the password: see the handbook",
    "lock_passwd: true",
    "chpasswd:",
    "  expire: false",
    "https://db.internal:5432/path",
    "git@github.example:team/project",
    "postgres://app@db.internal/app",
    "postgres://app:$PASSWORD@db.internal/app",
    "psql -c \"ALTER ROLE app PASSWORD '$PASSWORD'\"",
    'echo "ubuntu:$PASSWORD" | chpasswd',
    "-----BEGIN CERTIFICATE-----",
    "password: <set-me>",
    "password: ********",
    "master_password_arn: arn:aws:secretsmanager:eu-central-1:111111111111:secret:x",
    "sslmode=verify-full channel_binding=require",
    "APP_TOKEN=prod-app-token",
    "DB_SECRET=prod-db-secret",
    "NextToken=0123456789abcdef",
    "mysql -u root -p$PASSWORD app",
    "mkdir -p /opt/mysql",
    "curl -u $USER:$PASSWORD https://app.internal",
    "Server=db;Uid=app;Pwd=${Password};",
    "password: String!",
    "Basic authentication is off",
    "env:\n  secrets-manager:\n    DB_PASSWORD: prod/db:password\n  shell: bash",
    "env:\n  parameter-store:\n    API_KEY: api-key\n",
]


@pytest.mark.parametrize("line", GIVES_AWAY)
def test_a_line_that_gives_a_secret_away_is_found(line: str) -> None:
    assert list(secrets_in(line))


@pytest.mark.parametrize("line", GIVES_NOTHING)
def test_an_innocent_line_is_left_alone(line: str) -> None:
    assert list(secrets_in(line)) == []


@pytest.mark.parametrize("line", GIVES_AWAY)
def test_the_secret_itself_is_never_repeated(line: str) -> None:
    for secret in ("hunter2", "0123456789abcdef", "wJalrXUtnFEMI", "AKIAIOSFODNN7EXAMPLE"):
        assert all(secret not in found for found in secrets_in(line))


@pytest.mark.parametrize("piece", ["a://", "a:b ", "password", "user=a;", "mysql ", 'password="', "jdbc:a;", "curl -u"])
def test_a_long_line_is_read_in_no_time(piece: str) -> None:
    started = time.perf_counter()
    assert list(secrets_in(piece * 5000)) in ([], list(secrets_in(piece * 5)))
    assert time.perf_counter() - started < 5


def test_the_line_is_named() -> None:
    assert list(secrets_in("#!/bin/bash\n\nDB_PASSWORD=hunter2\n")) == ["line 3 gives 'DB_PASSWORD' a literal value"]


@given(st.text(max_size=300))
def test_any_text_is_read_without_fault(text: str) -> None:
    assert all(isinstance(found, str) for found in secrets_in(text))


@given(st.binary(max_size=200))
def test_any_bytes_in_base64_are_read_without_fault(data: bytes) -> None:
    assert all(isinstance(found, str) for found in secrets_in(base64.b64encode(data).decode()))


@given(st.integers(min_value=1, max_value=3))
def test_a_secret_is_found_however_often_it_is_encoded(times: int) -> None:
    text = "#!/bin/bash\nexport DB_PASSWORD=hunter2\n"
    for _ in range(times):
        text = base64.b64encode(text.encode()).decode()
    assert list(secrets_in(text)) == ["line 2 gives 'DB_PASSWORD' a literal value"]


@given(st.text(alphabet="abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=9, max_size=40))
def test_any_letters_after_password_are_found(value: str) -> None:
    assert list(secrets_in(f"DB_PASSWORD={value}")) == ["line 1 gives 'DB_PASSWORD' a literal value"]
