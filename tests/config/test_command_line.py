"""What the command does for whoever stands at the shell."""

from __future__ import annotations

import os
import sys

from gonghui.config import command_line, commands, database


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(monkeypatch, capfd):
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(database, "provide", lambda: None)
    monkeypatch.setattr(commands, "run", lambda options: print("547" * 100_000) or 0)
    with os.fdopen(writer, "w") as piped:
        monkeypatch.setattr(sys, "stdout", piped)
        assert command_line.main(["doctor"]) == 141
        print("what is left is swallowed", flush=True)
    assert capfd.readouterr().err == ""
