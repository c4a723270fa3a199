"""The graph run in process: each source by itself, then all together, as the command line does it.

What belongs here: the order of runs, and the collecting of what failed. What does not: what an asset does, and how it
is shown to a person.

One source that fails stops no other: its failure is a row for `issues.json`, and it keeps its last good entries.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg

from dagster_project import runs
from dagster_project.assets import ALL_ASSETS, SOURCE_ASSETS, curated, release
from dagster_project.crawls import Crawls, CrawlsAhead
from dagster_project.resources import Data, Sources, instance_settings

Step = Callable[[str, str], None]
# Errors of our rooms are worded for people; the name of the class says nothing more.
_OURS = re.compile(r"^(?:dagster_project|scrapers|pipelines|warehouse)\.[\w.]+: ")
# Dagster makes a failed step of Ctrl-C; a person who stops one source means all of them.
_INTERRUPTED = "DagsterExecutionInterruptedError"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True, slots=True)
class Problem:
    """One failed step: the asset, the source (None for all together), what was wrong in one line, and the trace."""

    step: str
    source: str | None
    reason: str
    trace: str = ""

    def row(self) -> dict[str, Any]:
        """As a row of `issues.json`."""
        remedy = "its last good entries stay; mend the cause, then run it again"
        return runs.issue(self.step, self.source or "", self.source or "all sources", self.reason, remedy)

    def __str__(self) -> str:
        return f"{self.source or 'all sources'}: {self.step}: {self.reason}"


@dataclass(slots=True)
class Outcome:
    """What a walk down the street came to.

    `figures`: of the release asset, None when there was no release. `older`: runs that were read by older code.
    """

    problems: list[Problem] = field(default_factory=list)
    figures: dict[str, Any] | None = None
    older: int = 0


@dataclass(frozen=True, slots=True)
class Street:
    """The assets over one data folder, with the sources of one registry folder (that of the package by default)."""

    root: Path
    registry: str | None = None

    def open_instance(self) -> AbstractContextManager[dg.DagsterInstance]:
        """The instance of `DAGSTER_HOME` when it is set, so that the UI shows the run; else one in memory."""
        os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
        if os.environ.get("DAGSTER_HOME"):
            return dg.DagsterInstance.get()
        return dg.DagsterInstance.ephemeral(settings=instance_settings())

    def run(
        self,
        instance: dg.DagsterInstance,
        assets: Sequence[dg.AssetsDefinition],
        config: Mapping[str, Mapping[str, Any]],
        key: str | None,
        crawls: Crawls | None = None,
    ) -> tuple[list[Problem], dict[str, dict[str, Any]]]:
        """Materialise some of the assets; problems, and the figures of each asset that came through."""
        result = dg.materialize(
            ALL_ASSETS,
            selection=list(assets),
            partition_key=key,
            instance=instance,
            resources={
                "data": Data(root=str(self.root)),
                "sources": Sources(folder=self.registry),
                "crawls": crawls or Crawls(),
            },
            run_config=QUIET | {"ops": {name: {"config": values} for name, values in config.items()}},
            raise_on_error=False,
        )
        made = [event.materialization for event in result.get_asset_materialization_events()]
        figures = {m.asset_key.to_user_string(): {k: v.value for k, v in m.metadata.items()} for m in made}
        problems = list(problems_of(result.all_events, key))
        if any(_INTERRUPTED in problem.trace for problem in problems):
            raise KeyboardInterrupt
        if not result.success and not problems:
            problems = [Problem("run", key, "the run failed before its first step: `make dev` shows its log")]
        return problems, figures

    def walk(
        self,
        keys: Sequence[str],
        config: Mapping[str, Mapping[str, Any]],
        step: Step,
        jobs: int = 1,
    ) -> Outcome:
        """Each source, then all together. Without any source that came through there is nothing new to publish.

        `jobs`: how many sources are crawled at once.
        """
        outcome = Outcome()
        of_source = {name: values for name, values in config.items() if name != "release"}
        with self.open_instance() as instance, CrawlsAhead(jobs) as crawls:
            self._begin(crawls, keys, config.get("captures", {}))
            for key in crawls.in_turn(keys):
                step(key, "captures, read, refine")
                failed, figures = self.run(instance, SOURCE_ASSETS, of_source, key, crawls)
                outcome.problems += failed
                outcome.older += figures.get("refined_entries", {}).get("runs_of_older_code", 0)
            outcome.problems.sort(key=lambda problem: keys.index(str(problem.source)))
            if keys and len({p.source for p in outcome.problems}) == len(set(keys)):
                return outcome
            step("all sources", "curate, publish")
            told = {"issues": [p.row() for p in outcome.problems]}
            release_config = {"release": {**config.get("release", {}), **told}}
            failed, figures = self.run(instance, [curated, release], release_config, None)
            outcome.problems += failed
            outcome.figures = None if failed else figures["release"]
        return outcome

    def _begin(self, crawls: CrawlsAhead, keys: Sequence[str], asked: Mapping[str, Any]) -> None:
        """Begin the crawls that wait for no other; an archive and the source of its pages share a folder."""
        if not asked.get("crawl", True):
            return
        registry = Sources(folder=self.registry).registry
        sources = [registry.get(key) for key in keys]
        bound = {key for source in sources if source.archive_of for key in (source.key, source.archive_of)}
        free = [one for one in sources if one.key not in bound and one.may_be_crawled(asked.get("candidates", False))]
        crawls.begin(free, Data(root=str(self.root)).folder, asked.get("full", False))

    def publish(self, config: Mapping[str, Any]) -> Outcome:
        """Only the last step: what is curated already becomes a release. `config` is that of the release asset."""
        with self.open_instance() as instance:
            failed, figures = self.run(instance, [release], {"release": {"again": True, **config}}, None)
        return Outcome(failed, None if failed else figures["release"])


def problems_of(events: Iterable[dg.DagsterEvent], source: str | None) -> Iterable[Problem]:
    """Each failed step with the error that the room raised, without Dagster's own around it."""
    for event in events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            while error and error.cls_name == "DagsterExecutionStepExecutionError" and error.cause:
                error = error.cause
            text = " ".join(error.message.split()) if error else "unknown"
            yield Problem(str(event.step_key), source, _OURS.sub("", text), error.to_string() if error else "")
