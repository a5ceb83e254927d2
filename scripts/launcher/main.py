"""From the command line to the exit code. What one command alone needs is imported by that: a run of one picture takes little
longer than its start."""
import os

from launcher import options, programs, sources
from launcher.console import say
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, Interrupted, Stop
from launcher.signals import end_by_exception


def main(arguments):
    end_by_exception(Interrupted)
    try:
        parsed = options.parse(arguments)
        sources.check(parsed)
        if getattr(parsed, "hosts", None):
            from launcher import hosts

            hosts.read(parsed.hosts)  # before anything is built
        return _command(parsed.command)(parsed)
    except Stop as stop:
        if str(stop):
            say(str(stop))
        return stop.code
    except Interrupted:
        say("stopped; the same command continues the run")
        return CANNOT_GO_ON
    except BrokenPipeError:  # nobody reads the table
        return CANNOT_GO_ON
    except OSError as error:
        say(f"could not go on: {error}")
        return CANNOT_GO_ON


def _command(name):
    if name == "compare":
        from launcher.compare import compare as command
    elif name == "demo":
        from launcher.demo import demo as command
    elif name == "worker":
        from launcher.worker import work as command
    else:
        command = _run
    return command


def _run(parsed):
    from launcher.folder import Folder
    from launcher.run import Run

    with Folder(parsed.out, parsed.command, others_write=parsed.listen is not None) as folder:
        if os.path.exists(folder / "compare/settings.json"):
            raise Stop(BAD_USAGE, f"--out {parsed.out} holds a comparison; give another --out")
        programs.ensure()
        return Run(parsed.command, parsed, folder, sources.producer_source(parsed, folder)).execute()
