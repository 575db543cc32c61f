import json
import socket
from pathlib import Path

from resume_launcher.ports import HIGHEST, LOWEST, choose_ports, free_port, is_free


def test_free_port_is_below_the_ephemeral_range_and_avoids_what_it_is_told() -> None:
    port = free_port(avoid=frozenset(range(LOWEST, LOWEST + 100)))
    assert LOWEST + 100 <= port < HIGHEST
    assert is_free(port)


def test_choose_ports_keeps_what_it_chose_before(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = choose_ports(file, {"a": None, "b": None})
    assert choose_ports(file, {"a": None, "b": None}) == first
    assert json.loads(file.read_text()) == first


def test_choose_ports_leaves_a_taken_port_to_whoever_has_it(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    before = choose_ports(file, {"a": None})
    with socket.socket() as other:
        other.bind(("127.0.0.1", before["a"]))
        other.listen()
        after = choose_ports(file, {"a": before["a"]})
    assert after["a"] != before["a"]


def test_choose_ports_prefers_the_preferred_one_and_gives_it_once(tmp_path: Path) -> None:
    wanted = free_port()
    chosen = choose_ports(tmp_path / "ports.json", {"page": wanted, "other": wanted})
    assert chosen["page"] == wanted
    assert chosen["other"] != wanted
