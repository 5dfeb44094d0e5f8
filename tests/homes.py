"""A user's folder, and the commands that are run in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from typer.testing import CliRunner

from tracker.cli.app import app

if TYPE_CHECKING:
    from typer.testing import Result


@dataclass(frozen=True)
class Home:
    folder: Path
    columns: int = 80

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds.yaml"

    @property
    def db(self) -> Path:
        return self.folder / "tracker.db"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.folder),
            "TRACKER_DB": str(self.db),
            "TRACKER_FEEDS": str(self.feeds),
            "COLUMNS": str(self.columns),
            "NO_COLOR": "1",
            "no_proxy": "127.0.0.1",
        }

    def run(self, *words: str, given: str | None = None) -> Result:
        runner = CliRunner(env=self.environment)
        return runner.invoke(app, list(words), given, prog_name="tracker", catch_exceptions=False)

    def completed(self, line: str) -> list[str]:
        """Return what bash is offered for the last word of a line."""
        asked = {
            "_TRACKER_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(line.split(" ")) - 1),
        }
        runner = CliRunner(env=self.environment | asked)
        done = runner.invoke(app, [], prog_name="tracker", catch_exceptions=False)
        assert done.stderr == ""
        return done.stdout.split()

    def ok(self, *words: str, given: str | None = None) -> str:
        done = self.run(*words, given=given)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    def fails(self, code: int, *words: str) -> str:
        """Run a command that ends with `code`; return what it says on stderr as one line."""
        done = self.run(*words)
        assert done.exit_code == code, done.output
        return " ".join(done.stderr.split())
