"""The chapters of a report, in the order in which a councillor asks (people-and-safety.md §4.8)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from reports.composing.building import Maker, most_first
from reports.composing.data import whole
from reports.figures.before import BEFORE
from reports.figures.complaints import TEAMS
from reports.figures.measured import LONGEST
from reports.values import Cell, Chart, Column, Row, Table, Unit

STAGES = ("1", "2", "3")
OUTCOMES = ("upheld", "partially_upheld", "not_upheld", "no_finding", "withdrawn", "open")
_THEMES = ("complaints", "issues", "by_theme")
MOST_TEAMS = 5
"""Teams with a column of their own: more are neither read nor told apart by colour."""
_FINDINGS = ("upheld", "partially_upheld", "not_upheld")


def received(make: Maker) -> Iterator[Table]:
    """How many came, under which procedure, when and how."""
    rows = [Row(path, title, make.data.measure(*path.split("."))) for path, title in make.wording.of("received")["rows"].items()]
    yield make.table("received", make.compared, rows, chart=None)
    yield make.by("by_procedure", ("complaints", "by_procedure"), "procedure", total=("complaints", "received"))
    months = [
        Row(month, make.wording.month(month), make.data.measure("complaints", "by_month", month))
        for month in make.data.words("complaints", "by_month")
    ]
    yield make.table("by_month", make.compared, months, total=make.data.measure("complaints", "received"), chart=Chart.MONTHS)
    yield make.by("by_channel", ("complaints", "by_channel"), "channel")
    yield _shares(
        make, "rates", ("informal_percent", "per_contact_percent", "successful_per_contact_percent", "per_referral_percent")
    )


def stages(make: Maker) -> Iterator[Table]:
    """The funnel of each procedure, and who went on."""
    for procedure in make.data.words("complaints", "stages"):
        rows = [_stage(make, stage, ("complaints", "stages", procedure, stage)) for stage in STAGES]
        if _occurs(rows):
            said = {"procedure": make.wording.term("procedure", procedure)}
            yield make.table(f"stages_{procedure}", make.compared, rows, of="stages", title=said, chart=Chart.FUNNEL)
    yield _escalation(make)
    rows = [_stage(make, stage, ("complaints", "resolved_at_stage", stage)) for stage in STAGES]
    yield make.table("resolved", make.alone, rows, chart=None)


def _stage(make: Maker, stage: str, steps: tuple[str, ...]) -> Row:
    cells = make.data.measure(*steps) if steps[1] != "resolved_at_stage" else make.cells(*steps)
    return Row(stage, make.wording["stage"].format(stage=stage), cells)


def _occurs(rows: list[Row]) -> bool:
    """Whether there is anything but zeros: a withheld figure is something."""
    return any(cell.is_hidden or whole(cell) for row in rows for cell in row.cells[:2])


def _escalation(make: Maker) -> Table:
    columns = (Column("percent", make.now, Unit.PERCENT, is_drawn=True), Column("previous", make.before, Unit.PERCENT))
    rows = [
        Row(
            name,
            title,
            (
                make.data.cell("complaints", "escalation", name),
                make.data.before("complaints", "escalation", name) or Cell(None, Unit.PERCENT),
            ),
        )
        for name, title in make.wording.of("escalation")["rows"].items()
    ]
    return make.table("escalation", columns, rows, chart=None)


def timeliness(make: Maker) -> Iterator[Table]:
    """Each procedure's shares, stage by stage, and how long answers took."""
    medians = list[Row]()
    for procedure in make.data.words("complaints", "timeliness"):
        called = make.wording.term("procedure", procedure)
        for stage in make.data.words("complaints", "timeliness", procedure):
            steps = ("complaints", "timeliness", procedure, stage)
            rows = [
                Row(name, make.wording.term("share", name.removesuffix("_percent")), make.cells(*steps, name))
                for name in make.data.words(*steps)
                if name.endswith("_percent")
            ]
            if all(cell.value is None and not cell.is_hidden for row in rows for cell in row.cells):
                continue
            columns = make.columns(Unit.PERCENT, name="percent", title=make.wording["percent"])
            title = {"stage": stage, "procedure": called}
            yield make.table(f"timeliness_{procedure}_{stage}", columns, rows, of="timeliness", title=title)
            stage_called = make.wording["stage"].format(stage=stage)
            cells = (*make.cells(*steps, "answered"), *make.cells(*steps, "median_working_days"))
            medians.append(Row(f"{procedure}_{stage}", f"{called}: {stage_called}", cells))
    shares = [make.wording.term("share", name) for name in ("answered", "median")]
    heads = (
        *make.columns(Unit.COUNT, name="answered", title=shares[0], is_drawn=False),
        *make.columns(Unit.WORKING_DAYS, name="median", title=shares[1], is_drawn=False),
    )
    if medians:
        yield _with_longest(make, make.table("medians", heads, medians, chart=None))


def _with_longest(make: Maker, table: Table) -> Table:
    """For staff also the longest time of each stage. The JSON has none, so the cells have no path."""
    if not (make.data.words(LONGEST) or make.data.words(BEFORE, LONGEST)):
        return table
    rows = []
    for row in table.rows:
        steps = (LONGEST, *row.name.rsplit("_", 1), "working_days")
        cells = [make.data.cell(*steps), *([make.data.cell(BEFORE, *steps)] if make.data.has_before else [])]
        rows.append(replace(row, cells=(*row.cells, *(replace(cell, path="") for cell in cells))))
    columns = make.columns(Unit.WORKING_DAYS, name=LONGEST, title=make.wording.term("share", LONGEST), is_drawn=False)
    footnotes = (*table.footnotes, make.wording[LONGEST])
    return replace(table, columns=(*table.columns, *columns), rows=tuple(rows), footnotes=footnotes)


def outcomes(make: Maker) -> Iterator[Table]:
    """What was found, of complaints and of stages."""
    for name in ("outcomes", "previous_outcomes"):
        procedures = make.data.words("complaints", name)
        yield _found(make, name, [(one, ("complaints", name, one)) for one in procedures])
    by_stage = {
        stage: [
            one
            for one in make.data.words("complaints", "stage_outcomes")
            if make.data.at("complaints", "stage_outcomes", one, stage)
        ]
        for stage in STAGES
    }
    for stage, procedures in by_stage.items():
        if procedures:
            places = [(one, ("complaints", "stage_outcomes", one, stage)) for one in procedures]
            yield _found(make, f"stage_outcomes_{stage}", places, of="stage_outcomes", title={"stage": stage})
    rows = [
        Row(one, make.wording.term("procedure", one), make.cells("complaints", "withdrawn", one))
        for one in make.data.words("complaints", "withdrawn")
    ]
    yield make.table("withdrawn", make.alone, rows, chart=None)


def _found(
    make: Maker,
    name: str,
    places: Sequence[tuple[str, tuple[str, ...]]],
    *,
    of: str = "",
    title: dict[str, str] | None = None,
    kind: str = "procedure",
) -> Table:
    """Rows of procedures or stages, a column for each outcome that occurs."""
    occurring = [one for one in OUTCOMES if any(one in (make.data.at(*steps) or {}) for _, steps in places)]
    columns = tuple(Column(one, make.wording.term("outcome", one), is_drawn=True) for one in occurring)
    rows = [
        Row(word, make.wording.term(kind, word), tuple(make.data.cell(*steps, one) for one in occurring))
        for word, steps in places
    ]
    made = make.table(name, columns, rows, of=of, title=title, chart=Chart.SHARES)
    return made if len(rows) != 1 or not columns else _drawn_alone(made)


def _drawn_alone(table: Table) -> Table:
    """One row is drawn, too, where it is made of pieces."""
    return replace(table, chart=Chart.SHARES)


def themes(make: Maker) -> Iterator[Table]:
    """What complaints were about, and what was found on it."""
    found = make.data.words(*_THEMES)
    rows = most_first(Row(word, make.wording.term("theme", word), make.cells(*_THEMES, word, "count")) for word in found)
    total = make.cells("complaints", "issues", "count")
    columns = make.columns(Unit.COUNT, title=make.wording["issues"])
    yield make.table("themes", columns, rows, total=total, is_ranked=True)
    yield _on_themes(make, "issue_outcomes", _THEMES, [row.name for row in rows], with_count=False)
    procedures = make.data.words("complaints", "issues", "by_procedure")
    for one in procedures if len(procedures) > 1 else ():
        steps = ("complaints", "issues", "by_procedure", one, "by_theme")
        if make.data.words(*steps):
            title = {"procedure": make.wording.term("procedure", one)}
            yield _on_themes(make, f"themes_{one}", steps, make.data.words(*steps), of="themes_of", title=title)


def _on_themes(
    make: Maker,
    name: str,
    steps: tuple[str, ...],
    order: list[str],
    *,
    of: str = "",
    title: dict[str, str] | None = None,
    with_count: bool = True,
) -> Table:
    columns = tuple(Column(one, make.wording.term("outcome", one), is_drawn=not with_count) for one in _FINDINGS)
    counted = (Column("count", make.wording["issues"]),) if with_count else ()
    names = [column.name for column in (*counted, *columns)]
    rows = [
        Row(word, make.wording.term("theme", word), tuple(make.data.cell(*steps, word, one) for one in names)) for word in order
    ]
    shown = most_first(rows) if with_count else rows
    return make.table(name, (*counted, *columns), shown, of=of, title=title, chart=None if with_count else Chart.SHARES)


def services(make: Maker) -> Iterator[Table]:
    """By service and by team."""
    yield make.by("by_service", ("complaints", "by_service"), "service", total=("complaints", "received"))
    yield make.by("by_team", ("complaints", "by_team"), "team", total=("complaints", "received"))
    yield _teams_by_month(make)


def _teams_by_month(make: Maker) -> Table:
    """A row a month, a column for each of the teams with the most, one for all others."""
    teams = sorted(make.data.words(TEAMS), key=lambda one: (-sum(make.data.at(TEAMS, one).values()), one))
    most, others = teams[:MOST_TEAMS], teams[MOST_TEAMS:]
    columns = [Column(f"team_{place}", make.wording.term("team", one), is_drawn=True) for place, one in enumerate(most, start=1)]
    columns += [Column("others", make.wording["other_teams"], is_drawn=True)] if others else []
    rows = []
    for month in make.data.words("complaints", "by_month") if len(teams) > 1 else ():
        counts = [make.data.at(TEAMS, one)[month] for one in most]
        counts += [sum(make.data.at(TEAMS, one)[month] for one in others)] if others else []
        rows.append(Row(month, make.wording.month(month), tuple(map(Cell, counts))))
    total = tuple(Cell(sum(int(str(row.cells[place].value)) for row in rows)) for place in range(len(columns)))
    return make.table("teams_by_month", tuple(columns), rows, total=total, chart=Chart.SHARES)


def people(make: Maker) -> Iterator[Table]:
    """Who complained, and how many with their own voice."""
    yield make.by("raised_by", ("complaints", "raised_by"), "role", total=("complaints", "received"))
    yield _shares(make, "voices", ("directly_by_young_people_percent", "on_behalf_percent"))


def _shares(make: Maker, name: str, words: tuple[str, ...]) -> Table:
    titles = make.wording.of(name)["rows"]
    columns = make.columns(Unit.PERCENT, name="percent", title=make.wording["percent"], is_drawn=False)
    return make.table(name, columns, [Row(one, titles[one], make.cells("complaints", one)) for one in words], chart=None)


def directorates(make: Maker) -> Iterator[Table]:
    """Each directorate's informal complaints, stages and findings; not where there is only one."""
    every = make.data.words("complaints", "by_directorate")
    if len(every) < 2 and every != ["unknown"] and make.data.at("directorate") is None:
        return
    keys = _keys(every)
    for one in every if len(every) > 1 else ():
        base = ("complaints", "by_directorate", one)
        title = {"directorate": make.wording.term("directorate", one)}
        informal = Row("informal", make.wording.of("directorate")["informal"], make.data.measure(*base, "informal"))
        rows = [informal, *(_stage(make, stage, (*base, "stages", stage)) for stage in STAGES)]
        key = keys[one]
        yield make.table(f"directorate_{key}", make.compared, rows, of="directorate", title=title)
        stages_found = make.data.words(*base, "stage_outcomes")
        if stages_found:
            places = [(stage, (*base, "stage_outcomes", stage)) for stage in stages_found]
            made = _found(make, f"directorate_{key}_outcomes", places, of="directorate_outcomes", title=title, kind="stage")
            yield _with_stages(make, made)
        if make.data.words(*base, "stage_1_by_service"):
            name = f"directorate_{key}_services"
            yield make.plain(name, (*base, "stage_1_by_service"), "service", of="directorate_services", title=title)


def _with_stages(make: Maker, table: Table) -> Table:
    rows = tuple(replace(row, title=make.wording["stage"].format(stage=row.name)) for row in table.rows)
    return replace(table, rows=rows)


def _keys(words: Sequence[str]) -> dict[str, str]:
    """Each directorate's name as part of a table's: small letters, digits and _; numbered where another has it already."""
    found, taken = dict[str, str](), set[str]()
    for word in words:
        key = bare = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in word.lower())
        number = 1
        while not taken.isdisjoint(names := {key, f"{key}_outcomes", f"{key}_services"}):
            number += 1
            key = f"{bare}_{number}"
        taken |= names
        found[word] = key
    return found


def ombudsman(make: Maker) -> Iterator[Table]:
    """Each Ombudsman: how many enquiries, of which kind, decided how."""
    for body in make.data.words("ombudsman"):
        title = {"body": make.wording.term("body", body)}
        row = Row("enquiries", make.wording.of("ombudsman")["enquiries"], make.data.measure("ombudsman", body, "enquiries"))
        yield make.table(f"ombudsman_{body}", make.compared, [row], of="ombudsman", title=title, chart=None)
        for part, kind in (("by_kind", "kind"), ("decided", "outcome")):
            if make.data.words("ombudsman", body, part):
                of = "ombudsman_kinds" if part == "by_kind" else "ombudsman_decided"
                yield make.plain(f"ombudsman_{body}_{part}", ("ombudsman", body, part), kind, of=of, title=title)


def compliments(make: Maker) -> Iterator[Table]:
    """From whom, and for which service."""
    yield make.plain("compliments_by_source", ("compliments", "by_source"), "role")
    yield make.by("compliments_by_service", ("compliments", "by_service"), "service", total=("compliments", "received"))


def learning(make: Maker) -> Iterator[Table]:
    """How many promised actions stand where."""
    titles = make.wording.of("learning")["rows"]
    rows = [Row(name, title, make.cells("learning", name), is_total=name == "actions") for name, title in titles.items()]
    yield make.table("learning", make.alone, rows)


CHAPTERS: dict[str, Callable[[Maker], Iterator[Table]]] = {
    "received": received,
    "stages": stages,
    "timeliness": timeliness,
    "outcomes": outcomes,
    "themes": themes,
    "services": services,
    "people": people,
    "directorates": directorates,
    "ombudsman": ombudsman,
    "compliments": compliments,
    "learning": learning,
}
"""By name, in the order of the report."""
