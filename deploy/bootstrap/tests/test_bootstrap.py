"""What the preparation says and refuses. Nothing here installs anything."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from deploy.bootstrap import cli, packages
from deploy.bootstrap.environment import Environment
from deploy.bootstrap.errors import BootstrapError
from deploy.bootstrap.machine import GIGABYTE, POSTGRESQL, RABBITMQ, Machine, Package

GOOD = Machine(
    "Debian GNU/Linux 13 (trixie)", supported=True, disk_free=9 * GIGABYTE, memory=4 * GIGABYTE
)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    requirements = tmp_path / "requirements"
    requirements.mkdir()
    for name in ("runtime.txt", "dev.txt", "bench.txt"):
        (requirements / name).write_text("a==1 \\\n    --hash=sha256:0\nb==2 ; x == '1'\n")
    package = tmp_path / "libs" / "one" / "pyproject.toml"
    package.parent.mkdir(parents=True)
    package.write_text("[project]")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    return Environment(tmp_path, "runtime")


def plan(
    environment: Environment, machine: Machine = GOOD, wanted: Sequence[Package] = (RABBITMQ,)
) -> cli.Plan:
    return cli.Plan("demo", wanted, environment, machine)


def somebody(
    monkeypatch: pytest.MonkeyPatch, *, root: bool, terminal: bool, sudo: bool = True
) -> None:
    monkeypatch.setattr(cli, "is_root", lambda: root)
    monkeypatch.setattr(cli, "_has_terminal", lambda: terminal)
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/sudo" if sudo else None)


def test_plan_says_packages_sizes_disk_and_memory(environment: Environment) -> None:
    text = plan(environment, wanted=(RABBITMQ, POSTGRESQL)).describe()
    assert "rabbitmq-server, postgresql (about 120 MB to download)" in text
    assert "up to 2 Python packages in .venv" in text
    assert "3 GB of disk (free: 9) and 1.5 GB of memory (here: 4.0)" in text


def test_check_gives_the_exact_command_when_nobody_can_be_asked(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(monkeypatch, root=False, terminal=False)
    with pytest.raises(BootstrapError) as refused:
        cli.check(plan(environment), {})
    command = str(refused.value).splitlines()[-1]
    assert command.startswith(f"  cd {cli.REPOSITORY} && sudo python3 -B -m deploy.bootstrap")
    assert command.endswith("packages rabbitmq-server && YES=1 make demo")


@pytest.mark.parametrize("agreed", [{"YES": "1"}, {"CI": "true"}])
def test_check_goes_ahead_when_it_was_agreed_beforehand(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, agreed: dict[str, str]
) -> None:
    somebody(monkeypatch, root=False, terminal=False)
    cli.check(plan(environment), agreed)
    cli.ask(agreed)


def test_check_lets_root_go_ahead(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(monkeypatch, root=True, terminal=False, sudo=False)
    cli.check(plan(environment), {})
    cli.ask({})


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (Machine("Fedora 43", False, GOOD.disk_free, GOOD.memory), "This is Fedora 43; packages"),
        (Machine("Debian", True, 2 * GIGABYTE, GOOD.memory), "Too little disk: 2.0 GB are free"),
        (Machine("Debian", True, GOOD.disk_free, GIGABYTE), "Too little memory: 1.0 GB"),
    ],
)
def test_check_refuses_a_machine_that_will_not_do(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, machine: Machine, said: str
) -> None:
    somebody(monkeypatch, root=True, terminal=True)
    with pytest.raises(BootstrapError, match=said):
        cli.check(plan(environment, machine), {"YES": "1"})


def test_check_says_when_there_is_no_sudo(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody(monkeypatch, root=False, terminal=True, sudo=False)
    with pytest.raises(BootstrapError, match="there is no sudo"):
        cli.check(plan(environment), {"YES": "1"})


def test_environment_is_ready_until_a_requirement_changes(environment: Environment) -> None:
    assert not environment.is_ready()
    environment.stamp.write_text(environment.digest())
    assert environment.is_ready()
    environment.requirements.write_text("a==2\n")
    assert not environment.is_ready()


def test_environment_for_tests_is_good_enough_to_run_but_not_the_other_way(
    environment: Environment,
) -> None:
    tests = Environment(environment.repository, "dev")
    environment.stamp.write_text(environment.digest())
    assert not tests.is_ready()
    environment.stamp.unlink()
    tests.stamp.write_text(tests.digest())
    assert environment.is_ready()


def test_environment_of_the_benchmark_shares_nothing_with_the_others(
    environment: Environment,
) -> None:
    bench = Environment(environment.repository, "bench")
    assert bench.folder != environment.folder
    assert bench.requirements.name == "bench.txt"
    environment.stamp.write_text(environment.digest())
    assert not bench.is_ready()


def test_environment_without_its_python_is_not_ready(environment: Environment) -> None:
    environment.stamp.write_text(environment.digest())
    (environment.folder / "bin" / "python").unlink()
    assert not environment.is_ready()


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packages, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(packages, "NO_CLUSTER", tmp_path / "etc" / "createcluster.d" / "ours.conf")
    monkeypatch.setattr(packages, "SYSTEMD", tmp_path / "no-systemd")
    return tmp_path


def test_install_forbids_daemons_and_clusters_only_while_it_runs(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[bool, bool]] = []

    def apt(*_: str) -> None:
        denied = subprocess.run([packages.POLICY], check=False).returncode == 101
        seen.append((denied, packages.NO_CLUSTER.exists()))

    monkeypatch.setattr(packages, "_apt", apt)
    monkeypatch.setattr(packages, "_installed", lambda _: False)
    packages.install(["postgresql"])
    assert seen == [(True, True), (True, True)]
    assert list(system.iterdir()) == []


def test_install_leaves_what_the_machine_had(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages.POLICY.write_text("#!/bin/sh\nexit 0\n")
    seen: list[bool] = []
    monkeypatch.setattr(packages, "_apt", lambda *_: seen.append(packages.NO_CLUSTER.exists()))
    monkeypatch.setattr(packages, "_installed", lambda _: True)
    packages.install(["chromium"])
    assert seen == [False, False]
    assert packages.POLICY.read_text() == "#!/bin/sh\nexit 0\n"
    assert [path.name for path in system.iterdir()] == ["policy-rc.d"]


def test_install_clears_away_when_it_fails_and_what_a_killed_one_left(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages.POLICY.write_text(f"#!/bin/sh\n{packages.MARK}\nexit 101\n")

    def fail(*_: str) -> None:
        raise BootstrapError("apt-get update failed (exit code 100)")

    monkeypatch.setattr(packages, "_apt", fail)
    monkeypatch.setattr(packages, "_installed", lambda _: False)
    with pytest.raises(BootstrapError, match="apt-get update failed"):
        packages.install(["postgresql"])
    assert list(system.iterdir()) == []


def test_install_waits_for_somebody_elses_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An automatic update at boot holds a lock for which apt-get itself does not wait."""
    lock = tmp_path / "lock"
    lock.touch()
    hold = (
        "import fcntl, sys; held = open(sys.argv[1], 'r+b'); fcntl.lockf(held, fcntl.LOCK_EX);"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdout.readline()
    monkeypatch.setattr(packages, "LOCKS", (lock,))
    ended: list[int | None] = []

    def let_go(_: float) -> None:
        holder.communicate("")
        ended.append(holder.returncode)

    monkeypatch.setattr(time, "sleep", let_go)
    packages._wait_for_others(time.monotonic() + 20)
    assert ended == [0]


def test_bootstrap_says_one_line_under_an_old_python() -> None:
    main = Path(cli.__file__).with_name("__main__.py").read_text()
    old = f"import sys\nsys.version_info = (3, 9)\n{main}"
    done = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("This needs Python 3.11 or newer")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("target", "asked", "running", "needed"),
    [
        ("demo", "", None, True),
        ("demo", "compose", None, False),
        ("demo", "", "compose", False),
        ("demo", "native", "compose", True),
        ("test", "compose", "compose", True),
    ],
)
def test_servers_are_not_installed_for_a_stack_in_containers(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    asked: str,
    running: str | None,
    *,
    needed: bool,
) -> None:
    stack_file = tmp_path / "stack.json"
    if running is not None:
        stack_file.write_text(json.dumps({"kind": running}))
    monkeypatch.setattr(cli, "STACK_FILE", stack_file)
    assert cli.needs_servers(target, {"STACK": asked}) is needed
