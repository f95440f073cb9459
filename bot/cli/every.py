"""Every command of the command line, in the order in which help lists them."""

from bot.cli import (
    actions,
    advocacy,
    alert,
    bare,
    bundle,
    calendar,
    calls,
    case,
    cover,
    databases,
    days,
    decide,
    drafts,
    erasing,
    facts,
    hold,
    init,
    intake,
    issues,
    joint,
    keeping,
    law,
    login,
    loose,
    needs,
    people,
    places,
    plans,
    pool,
    post,
    preview,
    redact,
    registers,
    reporting,
    running,
    sealing,
    tasks,
)

app = bare()
init.add_to(app)
running.add_to(app)
keeping.add_to(app)
databases.add_to(app)
intake.add_to(app)
app.add_typer(case.app, name="case")
issues.add_to(case.app)
actions.add_to(case.app)
app.add_typer(actions.app, name="actions")
calls.add_to(case.app)
places.add_to(case.app)
erasing.add_to(case.app)
sealing.add_to(case.app)
facts.add_to(case.app)
people.add_to(case.app)
needs.add_to(case.app)
drafts.add_to(case.app)
bundle.add_to(case.app)
app.add_typer(redact.app, name="redact")
app.add_typer(decide.app, name="decide")
app.add_typer(hold.app, name="hold")
app.add_typer(tasks.tasks, name="tasks")
app.add_typer(alert.app, name="alert")
app.add_typer(advocacy.app, name="advocacy")
app.add_typer(advocacy.equality, name="equality")
app.add_typer(cover.app, name="cover")
app.add_typer(plans.app, name="plan")
app.add_typer(joint.app, name="joint")
app.add_typer(pool.app, name="pool")
days.add_to(app)
registers.add_to(app)
reporting.add_to(app)
app.add_typer(post.outbox, name="outbox")
app.add_typer(post.quarantine, name="quarantine")
app.add_typer(loose.app, name="loose")
app.add_typer(calendar.app, name="calendar")
law.add_to(app)
login.add_to(app)
preview.add_to(app)
