"""`edgecode hook`: what the compliance team runs on events, findings and gates, and the hook that records inside ComfyUI."""

from pathlib import Path

import click

from edgecode.cli.context import in_production, opened, said


@click.group()
def hook() -> None:
    """Hooks of the compliance team (edgecode.toml): list, allow, dry-run, run. And the one that records inside ComfyUI."""


@hook.command("list")
@in_production
def list_hooks(folder: Path | None) -> None:
    """The hooks of edgecode.toml, what each runs on, and whether they may run on this machine."""
    from edgecode.production.checking.hooking import may_run

    with opened(folder) as production:
        for one in production.settings.hooks:
            what = one.entry or " ".join(one.command)
            click.echo(f"{one.name:<20} {', '.join(one.on)}  {what}  ({one.timeout_seconds} s)")
        allowed, there = may_run(production), bool(production.settings.hooks)
    if not there:
        said("edgecode.toml has no hooks; docs/reference/hooks.md shows one")
    elif not allowed:
        said("they were not allowed on this machine as they are now: read them, then run: edgecode hook allow")


@hook.command("allow")
@in_production
def allow(folder: Path | None) -> None:
    """Let this production's hooks run on this machine, as they are now. A folder that somebody handed over runs nothing before."""
    from edgecode.production.checking.hooking import allow_hooks

    with opened(folder) as production:
        allow_hooks(production)
        count = len(production.settings.hooks)
    said(f"{count} {'hook' if count == 1 else 'hooks'} may run here; when one changes it is asked again")


@hook.command("dry-run")
@in_production
def dry_run(folder: Path | None) -> None:
    """Which hooks would run now and on which entries. Nothing runs."""
    from edgecode.production.checking.hooking import pending

    with opened(folder) as production:
        waiting = pending(production)
        for one in waiting:
            click.echo(f"{one.hook:<20} entry {one.index}  {one.type}  {one.event}")
        gates = [(one.name, on) for one in production.settings.hooks for on in one.on if on.partition(":")[0] == "gate"]
    for name, on in gates:
        click.echo(f"{name:<20} whenever a cut is held against the rules at {on.partition(':')[2] or 'any gate'}")
    said(f"{len(waiting)} would run; edgecode hook run runs them")


@hook.command("run")
@click.option("--most", type=click.IntRange(1), default=200, show_default=True, help="Runs at most.")
@in_production
def run(most: int, folder: Path | None) -> None:
    """Run the hooks on events that they wait for; each run and its outcome is recorded. Put it behind captures, for example in cron."""
    from edgecode.production.checking.hooking import may_run, run_event_hooks

    with opened(folder) as production:
        if not may_run(production):
            said("they were not allowed on this machine as they are now: edgecode hook allow")
            return
        for report in run_event_hooks(production, most=most):
            click.echo(f"{report.hook:<20} {report.on}  {report.outcome}  {report.milliseconds} ms")


@hook.command("comfyui")
@click.argument("path", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--spool",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it writes (default: user/edgecode/spool there).",
)
@click.option(
    "--no-stamp", is_flag=True, help="Do not write the capture's opaque id into the files that ComfyUI saves."
)
@click.option("--uninstall", "is_leaving", is_flag=True, help="Take it out again; what it wrote stays.")
def comfyui(path: Path, spool: Path | None, no_stamp: bool, is_leaving: bool) -> None:
    """Record every prompt of the ComfyUI at PATH: its weights by content, its inputs, its outputs. Artists do nothing.

    A package without nodes goes into custom_nodes; restart ComfyUI afterwards. It never fails a render. edgecode record --spool reads
    what it writes. Where ComfyUI may not be touched: edgecode poll comfyui URL.
    """
    from shlex import quote

    from edgecode.drivers.comfyui_install import install, uninstall

    if is_leaving:
        where = uninstall(path)
        said("taken out; restart ComfyUI. What it wrote stays, and can still be recorded:")
    else:
        where = install(path, spool=spool, stamp_files=not no_stamp)
        said("installed; restart ComfyUI. Then, whenever you like:")
    click.echo(f"edgecode record --spool {quote(str(where))}")
