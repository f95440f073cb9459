"""`tasks …`: what a person must look at."""

from typing import Any

import typer

from bot.cli.acting import act
from bot.cli.common import AS, JSON, TRAINING, local, print_json, run, show, table

tasks = typer.Typer(no_args_is_help=True, help="What a person must look at.")


@tasks.command(name="list", epilog="Example: heard tasks list")
def list_tasks(json: bool = JSON, training: bool = TRAINING, who: str = AS) -> None:
    """What waits for a person: safety first, then what is due first."""
    from bot.cli.at_work import at_work
    from storage import cases

    async def look() -> list[dict[str, Any]]:
        async with at_work() as at, at.memory.reading() as uow:
            return [
                {
                    "task": row.id,
                    "kind": row.kind.value,
                    "reference": row.case_reference,
                    "detail": row.detail,
                    "due_at": row.due_at,
                }
                for row in await cases.tasks(uow, training=training)
            ]

    found = sorted(run(look), key=lambda row: (row["kind"] not in ("safety", "look_for_harm"), row["due_at"]))
    if json:
        print_json(found)
        return
    rows = (
        (row["task"], row["kind"].replace("_", " "), row["reference"] or "", local(row["due_at"]), row["detail"]) for row in found
    )
    show(table("Task", "What", "Reference", "Due", "Detail", whole=["Task", "Reference"]), rows)


@tasks.command(epilog='Example: heard tasks done 12 --what "Referred to MASH at 10:40, their number 5531"')
def done(
    task: int = typer.Argument(help="Its number in `heard tasks list`."),
    what: str = typer.Option("", "--what", help="What was done."),
    who: str = AS,
) -> None:
    """Say that a task is done, and how. A safety alert closes with a referral, or with the reason why none is needed."""
    from casework import actions

    act(who, lambda uow, by: actions.finish_task(uow, task, what, by), f"Task {task} is done.")
