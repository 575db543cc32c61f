import stat
from pathlib import Path

from resume_launcher.files import secret_file, tail, write_atomically
from resume_launcher.supervisor.logs import rotate


def test_secret_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "one"
    secret = secret_file(path, length=32)
    assert secret_file(path) == secret
    assert len(secret) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_write_atomically_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.json"
    write_atomically(path, "1")
    write_atomically(path, "2", mode=0o600)
    assert path.read_text() == "2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["file.json"]


def test_tail_gives_the_last_lines_and_none_of_a_missing_file(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(f"{number}\n" for number in range(100)))
    assert tail(log, 2) == ["98", "99"]
    assert tail(tmp_path / "none.log", 2) == []


def test_rotate_empties_a_large_log_and_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 100)
        rotate(tmp_path, 50)
        writer.write(b"later")
    assert log.read_bytes() == b"later"
    assert (tmp_path / "a.log.1").read_bytes() == b"x" * 100


def test_rotate_leaves_a_small_log(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"x" * 50)
    rotate(tmp_path, 50)
    assert [p.name for p in tmp_path.iterdir()] == ["a.log"]
