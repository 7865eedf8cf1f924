"""A class whose answers are known: what members with a known mistake would write down."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from derive.batches import Folder
from derive.checking.exercise import Exercise
from derive.checking.targets import Targets
from derive.cli import main
from derive.grading.keys import open_key
from derive.numbers import rounding

MEMBERS = (
    "강하늘", "김도윤", "남지우", "류서연", "문가람", "박시우",
    "서유진", "안채원", "오준서", "이하은", "정민재", "한소율",
)  # fmt: skip
MADE = {2: "M03", 3: "M06", 5: "M14", 6: "M03", 9: "M04", 11: "M03"}
"""The mistake of each member that makes one, by the place in the index."""
ABSENT = {4, 10}
SECRET = "00112233445566778899aabbccddeeff" * 2


def list_answers(
    folder: Folder, mistakes: Mapping[int, str], absent: Sequence[int] = ()
) -> Iterator[tuple[str, str, str, str]]:
    """Code, name, id and answer: the right ones, or those of the member's mistake."""
    for member in folder.read_index():
        if member.index not in absent:
            asked = (folder.members / member.code / "answers.csv").read_text("utf-8")
            ids = [row["id"] for row in csv.DictReader(asked.splitlines())]
            with open_key(str(folder.keys / f"{member.code}.json")) as sheet:
                values = write_values(
                    Targets(Exercise(sheet.numbers)), ids, mistakes.get(member.index)
                )
            yield from ((member.code, member.student, name, values[name]) for name in ids)


def write_values(targets: Targets, ids: Sequence[str], mistake: str | None) -> dict[str, str]:
    """What somebody writes down who makes a mistake wherever it can be made."""
    worlds = [world for row, world in targets.counterfactuals if row.id == mistake]
    decimals = targets.exercise.decimals
    values = {name: targets[name].text for name in ids}
    for world in worlds[:1]:
        for name in ids:
            wrong = world.value(name) if world.differs(name) else None
            if wrong is not None:
                values[name] = rounding.show(wrong, decimals).text
    return values


def write_class(folder: str) -> int:
    """The answers of an evening and the reports on them, in a folder; the last exit code."""
    home = Path(folder) / "class"
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place:
        secret, roster = Path(place, "secret"), Path(place, "members.csv")
        secret.write_text(SECRET, "ascii")
        roster.write_text("\n".join(("name", *MEMBERS)) + "\n", "utf-8")
        batch = ["batch", "two-two-two", "--roster", str(roster), "--secret-file", str(secret)]
        code = main([*batch, "--format", "md", "-o", place])
        made = Folder(Path(place, "two-two-two"))
        answers = home / "answers.csv"
        with answers.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("code", "name", "id", "answer"))
            writer.writerows(list_answers(made, MADE, tuple(ABSENT)))
        for name, language in (
            ("report.html", "en"),
            ("report.md", "en"),
            ("report.ko.html", "ko"),
        ):
            check = ["check", str(made.home), str(answers), "--lang", language]
            main([*check, "--report", str(home / name), "-o", str(Path(place, "told"))])
    return code
