"""Engines, pools and migrations on a real PostgreSQL."""

import ast
import asyncio
import re
import sys
from pathlib import Path

import asyncpg
import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from resume_runtime.database import create_asyncpg_pool, find_migrations, migrate
from resume_runtime.engine import create_sqlalchemy_engine, observe_engine, sqlalchemy_url
from resume_runtime.process import StartupError
from resume_runtime.testing import FakeClock

FIRST = """
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.execute("create table shop.orders (id int primary key)")
"""
SECOND = """
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.execute("alter table shop.orders add note text")
"""
BROKEN = """
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.execute("create table shop.half (id int)")
    op.execute("select nonsense")
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_orders.py").write_text(FIRST)
    return tmp_path


async def query(database_url: str, statement: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(database_url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def test_sqlalchemy_url_keeps_the_password() -> None:
    url = sqlalchemy_url("postgresql://u:p%40ss@h:1/db")
    assert url.render_as_string(hide_password=False) == "postgresql+asyncpg://u:p%40ss@h:1/db"


@pytest.mark.connected
async def test_migrate_by_several_at_once_migrates_once(
    database_url: str, migrations: Path
) -> None:
    program = (
        "import asyncio, pathlib, sys; from resume_runtime.database import migrate; "
        "asyncio.run(migrate(sys.argv[1], 'shop', pathlib.Path(sys.argv[2])))"
    )
    migrators = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, database_url, str(migrations)
        )
        for _ in range(2)
    ]
    assert [await migrator.wait() for migrator in migrators] == [0, 0]
    assert await query(database_url, "select version_num from shop.alembic_version") == [("0001",)]


@pytest.mark.connected
async def test_migrate_goes_on_where_it_was(database_url: str, migrations: Path) -> None:
    await migrate(database_url, "shop", migrations)
    (migrations / "versions" / "0002_note.py").write_text(SECOND)
    await migrate(database_url, "shop", migrations)
    assert await query(database_url, "select id, note from shop.orders") == []
    assert await query(database_url, "select version_num from shop.alembic_version") == [("0002",)]


@pytest.mark.connected
async def test_migrate_that_fails_leaves_nothing_behind(
    database_url: str, migrations: Path
) -> None:
    await migrate(database_url, "shop", migrations)
    (migrations / "versions" / "0002_broken.py").write_text(BROKEN)
    with pytest.raises(Exception, match="nonsense"):
        await migrate(database_url, "shop", migrations)
    assert await query(database_url, "select to_regclass('shop.half')::text") == [(None,)]
    assert await query(database_url, "select version_num from shop.alembic_version") == [("0001",)]


async def test_migrate_without_a_server_is_one_line(migrations: Path) -> None:
    with pytest.raises(StartupError, match=r"^DATABASE_URL: cannot migrate: \w+$") as caught:
        await migrate("postgresql://u:hunter2@127.0.0.1:1/db", "shop", migrations)
    assert caught.value.exit_code == 69


@pytest.mark.connected
async def test_address_that_postgresql_refuses_is_one_line(
    database_url: str, migrations: Path
) -> None:
    wrong = database_url.rpartition("/")[0] + "/nowhere"
    for start in (migrate(wrong, "shop", migrations), create_asyncpg_pool(wrong, 1, 1)):
        with pytest.raises(StartupError, match=r"^DATABASE_URL: PostgreSQL refuses ") as caught:
            await start
        assert caught.value.exit_code == 78


@pytest.mark.connected
async def test_engine_limits_statements_and_publishes_its_pool(database_url: str) -> None:
    registry, clock = CollectorRegistry(), FakeClock()
    engine = create_sqlalchemy_engine(database_url, pool_size=1, max_overflow=1)
    observe_engine(engine, "shop", registry=registry, clock=clock)
    labels = {"pool": "shop"}
    async with engine.connect() as one, engine.connect() as two:
        shown = (await one.execute(text("show statement_timeout"))).scalar_one()
        await two.execute(text("select 1"))
        assert shown == "30s"
        assert registry.get_sample_value("db_pool_active", labels) == 2
        assert registry.get_sample_value("db_pool_overflow", labels) == 1
    assert registry.get_sample_value("db_pool_active", labels) == 0
    assert registry.get_sample_value("db_query_duration_seconds_count", labels) == 2
    await engine.dispose()


@pytest.mark.connected
async def test_engine_replaces_a_connection_that_the_server_ended(database_url: str) -> None:
    engine = create_sqlalchemy_engine(database_url)
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    await query(
        database_url,
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()",
    )
    async with engine.connect() as connection:
        assert (await connection.execute(text("select 2"))).scalar_one() == 2
    await engine.dispose()


@pytest.mark.connected
async def test_pool_speaks_json_and_tells_how_long_statements_took(database_url: str) -> None:
    seconds: list[float] = []
    async with await create_asyncpg_pool(database_url, 1, 2, on_query=seconds.append) as pool:
        document = {"name": "Ada", "years": [1, 2.5, None]}
        for _ in range(2):
            assert await pool.fetchval("select $1::jsonb", document) == document
        assert await pool.fetchval("show statement_timeout") == "30s"
    assert len([taken for taken in seconds if taken >= 0]) >= 3


@pytest.mark.connected
async def test_pool_rolls_back_what_a_borrower_left_open(database_url: str) -> None:
    async with await create_asyncpg_pool(database_url, 1, 1) as pool:
        await pool.execute("create table left_open (id int)")
        borrowed = await pool.acquire()
        await borrowed.execute("begin")
        await borrowed.execute("insert into left_open values (1)")
        await pool.release(borrowed)
        assert await pool.fetchval("select count(*) from left_open") == 0


@pytest.mark.connected
async def test_pool_costs_a_statement_no_second_round_trip(database_url: str) -> None:
    seconds: list[float] = []
    async with await create_asyncpg_pool(database_url, 1, 1, on_query=seconds.append) as pool:
        await pool.fetchval("select 1")
        seconds.clear()
        await pool.fetchval("select 1")
    assert len(seconds) == 1


def test_no_statement_of_ours_leaves_anything_in_the_session() -> None:
    """What `create_asyncpg_pool` relies on."""
    root = Path(__file__).parents[3]
    sources = [*root.glob("*/src/**/*.py"), *root.glob("libs/*/src/**/*.py")]
    assert len(sources) > 100
    leaves = re.compile(
        r"pg_(?:try_)?advisory_lock|set_config\(|with hold|^\"\s*(?:listen|set (?!local)) ?\w+\s*"
        r"(?:to|=|;|\"$)",
        re.IGNORECASE | re.MULTILINE,
    )
    leaving = ("listen jobs", "set search_path = x", "select pg_advisory_lock(1)")
    assert all(leaves.search(f'"{statement}"') for statement in leaving)
    found = [p.name for p in sources if leaves.search(_code(p))]
    assert found == []


def _code(path: Path) -> str:
    """A module's strings that are no docstrings: where its SQL stands."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in prose)
    return "\n".join(f'"{n.value}"' for n in strings if isinstance(n.value, str))


def test_migrations_are_found_in_a_clone_and_in_an_image(tmp_path: Path) -> None:
    package = tmp_path / "shop-svc" / "src" / "shop_svc"
    package.mkdir(parents=True)
    assert find_migrations(package) == tmp_path / "shop-svc" / "migrations"
    (package / "migrations").mkdir()
    assert find_migrations(package) == package / "migrations"
