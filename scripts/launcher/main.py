"""From the command line to the exit code."""
import os

from launcher import hosts, options, programs, sources
from launcher.compare import compare
from launcher.console import say
from launcher.demo import demo
from launcher.ending import BAD_USAGE, CANNOT_GO_ON, Interrupted, Stop
from launcher.folder import Folder
from launcher.run import Run
from launcher.signals import end_by_exception
from launcher.worker import work


def main(arguments):
    end_by_exception(Interrupted)
    try:
        parsed = options.parse(arguments)
        sources.check(parsed)
        if getattr(parsed, "hosts", None):
            hosts.read(parsed.hosts)  # before anything is built
        return _COMMANDS[parsed.command](parsed)
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


def _run(parsed):
    with Folder(parsed.out, parsed.command, others_write=parsed.listen is not None) as folder:
        if os.path.exists(folder / "compare/settings.json"):
            raise Stop(BAD_USAGE, f"--out {parsed.out} holds a comparison; give another --out")
        programs.ensure()
        return Run(parsed.command, parsed, folder, sources.producer_source(parsed, folder)).execute()


_COMMANDS = {"run": _run, "fetch": _run, "resize": _run, "compare": compare, "demo": demo, "worker": work}
