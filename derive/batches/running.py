"""Makes a class: every variant that is not there yet, in one process or several.

A variant is there when its member's folder is, which comes last and all at once; so a run
goes on wherever another one was stopped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, islice, repeat
from pathlib import Path

import msgspec
from msgspec.structs import replace

from derive import limits
from derive.batches.folder import Folder, Member, Sheet, check_same, make_manifest, refuse_place
from derive.batches.making import Made, Maker
from derive.batches.secrets import LEAST
from derive.batches.workers import make_here, make_in_processes
from derive.errors import SpecError
from derive.files import TEMPORARY, read_umask, write_file
from derive.render.typesetting import compile_pages
from derive.spec import Spec

MINUTE = 60


class Progress(msgspec.Struct, frozen=True):
    """How far a run is: variants that are there, how many it has made in so many seconds."""

    done: int
    count: int
    made: int
    seconds: float

    @property
    def left(self) -> float:
        """Seconds that the rest will take."""
        return (self.count - self.done) * self.seconds / self.made if self.made else 0.0


class Summary(msgspec.Struct, frozen=True):
    """What a run has made: how many variants of how many draws, the worst distance.

    `distance` is in units of the last decimal; None where nothing was compared or made.
    `different` is how many different sheets the spec's ranges hold at most.
    """

    count: int
    made: int
    draws: int
    distance: int | None
    different: int


Workers = Callable[[Maker, Iterable[int]], Iterator[Made]]
"""Make the variants of some indices, in any order."""
Students = Callable[[], Iterable[str]]
"""Gives the names of the members in order, any number of times."""
Watch = Callable[[Progress], None]


def run(  # noqa: PLR0913  what a class is
    folder: Folder,
    spec: Spec,
    secret: bytes,
    sheet: Sheet,
    *,
    count: int | None = None,
    students: Students | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    watch: Watch = lambda _: None,
    begin: Callable[[], None] = lambda: None,
) -> Summary:
    """Make all variants that are missing: `count` of them, or one for each of the students.

    `jobs` processes of this machine make them, or the workers of a Dask `scheduler`. The
    `students` are asked for their names in order, any number of times; `begin` is called before
    anything is written. Raises SpecError where the folder holds another class, and where
    the spec's ranges give no good numbers.
    """
    if len(secret) < LEAST:
        raise SpecError("--secret-file", f"a secret has {8 * LEAST} bits or more")
    make = _choose_workers(jobs, scheduler)
    maker = Maker(spec, secret, sheet)
    whole = _count_members(count, students, sheet)
    manifest = make_manifest(spec, whole, maker.variants.name_code(1), sheet)
    if folder.is_batch():
        check_same(folder.read_manifest(), manifest)
    else:
        maker.make(1)  # what cannot be made is told before anything is written
    folder.prepare()
    with _lock(folder.leader):
        _clear(folder)
        try:
            begin()
            _write_index(folder, maker, whole, students)
            folder.write_manifest(manifest)
            summary = _Run(folder, maker, whole, make, watch).make()
            if sheet.single_file:
                sources = [maker.write_source(index) for index in range(1, whole + 1)]
                write_file(folder.print, compile_pages(sources, "pdf", spec.title))
            folder.write_manifest(replace(manifest, done=whole))
        finally:
            _clear(folder)  # an interrupt may come between a file's making and its name
    return summary


def _count_members(count: int | None, students: Students | None, sheet: Sheet) -> int:
    """How many there are; raises SpecError for none, and for more than there may be."""
    whole = sum(1 for _ in students()) if students is not None else count or 0
    if students is not None and not whole:
        raise SpecError("--roster", "holds no names; give one in each row")
    most = limits.PRINTED_SHEETS if sheet.single_file else limits.VARIANTS
    if not 0 < whole <= most:
        raise SpecError("--count", f"expected 1 to {most} members, got {whole}")
    return whole


def _write_index(folder: Folder, maker: Maker, whole: int, students: Students | None) -> None:
    """Codes and names of all members; names that are known stay."""
    if students is not None:
        folder.check_names(students())
    names = students() if students is not None else _keep_names(folder, whole)
    folder.write_index(
        Member(maker.variants.name_code(index), index, name) for index, name in enumerate(names, 1)
    )


def _keep_names(folder: Folder, whole: int) -> Iterator[str]:
    """The names that the index has already, then none."""
    known = folder.read_index() if folder.index.is_file() else iter(())
    named = chain((member.student for member in known), repeat(""))
    yield from islice(named, whole)


def _choose_workers(jobs: int, scheduler: str | None) -> Workers:
    """Who makes the variants: this process, several, or those of a scheduler."""
    if jobs < 1:
        raise SpecError("--jobs", f"expected 1 or more, got {jobs}")
    if scheduler is not None:
        from derive.batches.scheduling import make_by_scheduler, package  # noqa: PLC0415  an extra

        package()
        return partial(make_by_scheduler, address=scheduler)
    return make_here if jobs == 1 else partial(make_in_processes, jobs=jobs)


class _Run:
    """One run over all variants of a class."""

    def __init__(
        self, folder: Folder, maker: Maker, count: int, make: Workers, watch: Watch
    ) -> None:
        self._folder = folder
        self._maker = maker
        self._count = count
        self._make = make
        self._watch = watch
        self._there = 0

    def make(self) -> Summary:
        """Make what is missing; the files of each variant are written by this process."""
        start, made, draws = time.monotonic(), 0, 0
        least: int | None = None
        day = int(time.time()) // MINUTE * MINUTE
        for one in self._make_missing():
            save(self._folder, one, day)
            made += 1
            draws += one.draws
            if one.distance is not None:
                least = one.distance if least is None else min(least, one.distance)
            seconds = time.monotonic() - start
            self._watch(Progress(self._there + made, self._count, made, seconds))
        different = self._maker.variants.variation.count_sheets()
        return Summary(self._count, made, draws, least, different)

    def _make_missing(self) -> Iterator[Made]:
        return self._make(self._maker, self._list_missing())

    def _list_missing(self) -> Iterator[int]:
        for index in range(1, self._count + 1):
            if self._folder.has_member(self._maker.variants.name_code(index)):
                self._there += 1
            else:
                yield index


def save(folder: Folder, made: Made, when: int) -> None:
    """Write the leader's files, then the member's folder all at once.

    `when` is the time of every member's file, so that none tells how long its numbers took.
    """
    for name, content in made.leader.items():
        write_file(folder.leader / name, content)
    target = folder.members / made.code
    try:
        work = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder.home))
        try:
            for name, content in made.member.items():  # whole once the folder is renamed
                path = work / name
                path.write_bytes(content.encode() if isinstance(content, str) else content)
                os.utime(path, (when, when))
            work.chmod(0o777 & ~read_umask())
            os.utime(work, (when, when))
            if not target.exists():
                work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise refuse_place(folder.home, error) from None


def _clear(folder: Folder) -> None:
    """Remove what a killed run has left behind."""
    for place in (folder.home, folder.leader, folder.keys, folder.practice):
        for path in place.glob(f"{TEMPORARY}*"):
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Refuse a second run into the same folder as long as the first one lives."""
    try:
        import fcntl  # noqa: PLC0415  there is none on every system
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SpecError("", "another run is at work in this folder; wait for it") from None
        yield
    finally:
        os.close(handle)
