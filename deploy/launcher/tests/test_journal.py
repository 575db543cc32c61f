from pathlib import Path

from resume_launcher.supervisor.backoff import LONGEST_S, SETTLED_S, Backoff
from resume_launcher.supervisor.journal import Entry, Happening, Journal, JournalReader


def test_journal_reader_returns_each_entry_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal, reader = Journal(path), JournalReader(path)
    first = Entry(Happening.READY, "postgres", 0.5)
    journal.add(first)
    assert list(reader.new()) == [first]
    assert list(reader.new()) == []
    second = Entry(Happening.DIED, "tailor", 9.1, "exit code -9")
    journal.add(second)
    assert list(reader.new()) == [second]


def test_journal_reader_waits_for_the_end_of_a_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).add(Entry(Happening.UP, "stack", 3.0))
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    reader = JournalReader(path)
    assert list(reader.new()) == []
    path.write_bytes(whole)
    assert [entry.name for entry in reader.new()] == ["stack"]


def test_journal_reader_finds_nothing_where_there_is_no_file(tmp_path: Path) -> None:
    assert list(JournalReader(tmp_path / "none").new()) == []


def test_backoff_doubles_to_its_longest_and_starts_again_after_a_long_life() -> None:
    backoff = Backoff()
    delays = [backoff.after(1.0) for _ in range(8)]
    assert delays == [0.5, 1, 2, 4, 8, 16, LONGEST_S, LONGEST_S]
    assert backoff.after(SETTLED_S) == 0.5
