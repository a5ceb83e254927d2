"""The command line: a contract, see docs/usage.md."""
import argparse
import itertools
import os
import re
import sys

from launcher import ports, quantities, requests
from launcher.ending import BAD_USAGE, Stop
from launcher.version import version

# Which program is told about which option; what the user does not give is left to the program's own default.
_PASSED_ON = {
    "producer": ("window", "attempts", "per_host_rate", "timeout", "user_agent", "max_redirects", "size", "fit", "format", "enlarge", "quality",
                 "progressive", "background",
                 "tolerate", "quiet"),
    "fetcher": ("threads", "transfers", "per_host", "timeout", "max_bytes", "allow_private", "ca_file", "insecure", "proxy", "user_agent",
                "max_redirects", "quiet"),
    "resizer": ("max_pixels", "max_memory", "sandbox", "quiet"),
    "collector": ("retry_failed", "strict", "quiet"),
    "worker": ("per_host", "timeout", "max_bytes", "allow_private", "ca_file", "insecure", "proxy", "max_pixels", "max_memory", "sandbox", "quiet"),
}

_EXIT_CODES = """exit codes:
  0  every link has its outcome
  1  with --strict: some of them as failed
  2  bad usage, nothing was started
  3  stopped or could not go on: the same command continues the run"""

_EXIT_CODES_OF_WORKERS = """exit codes:
  0  the run is over, or this machine has left it
  2  bad usage, or this machine cannot take part as it is
  3  the head cannot be reached, or was silent for minutes"""

_EXAMPLES = {
    "": """examples:
  scripts/thumbline demo
  scripts/thumbline run --links links.txt --out pictures
  scripts/thumbline COMMAND --help""",
    "run": """examples:
  scripts/thumbline run --links links.txt --out pictures
  grep -o 'https://[^"]*jpg' page.html | scripts/thumbline run --links - --out pictures --size 256
  IMGUR_CLIENT_ID=0123456789abcde scripts/thumbline run --imgur 1000 --out pictures""",
    "fetch": """examples:
  scripts/thumbline fetch --links links.txt --out pictures --threads 8 --transfers 32
  scripts/thumbline fetch --links links.txt --out pictures --retry-failed""",
    "resize": """examples:
  scripts/thumbline resize --images ~/Pictures --out thumbs --size 320x200 --fit cover --format jpeg
  scripts/thumbline resize --images icons --out tiles --fit pad --enlarge --background '#102030'
  find . -name '*.png' | scripts/thumbline resize --images - --out thumbs --resizers 8""",
    "compare": """examples:
  scripts/thumbline compare --links links.txt --out comparison
  scripts/thumbline compare --links links.txt --out comparison --threads 8 --resizers 4""",
    "worker": """examples:
  scripts/thumbline worker --head 192.0.2.1 --key run.key
  scripts/thumbline worker --head headhost:7117 --key run.key --fetchers 0 --resizers 8 --folder /mnt/pictures""",
    "demo": """examples:
  scripts/thumbline demo
  scripts/thumbline demo --pictures 1000 --out /tmp/demo""",
}


_ONCE = ("--links", "--imgur", "--hosts", "--out")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. argparse itself would import shutil to ask how wide that is, for each option, help or not."""

    def __init__(self, prog):
        super().__init__(prog, width=_columns() - 2)


def _columns():
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80
    except (AttributeError, ValueError, OSError):  # no terminal
        return 80


class _Parser(argparse.ArgumentParser):
    """One line for what is wrong, instead of the whole usage."""

    def __init__(self, **settings):
        super().__init__(allow_abbrev=False, formatter_class=_Formatter, **settings)

    def parse_known_args(self, args=None, namespace=None):
        self._refuse_unknown(args)
        self._refuse_repeated(args)
        return super().parse_known_args(args, namespace)

    def _refuse_unknown(self, words):
        """Before anything is said to be missing: it may be the one that is misspelt."""
        is_command = self._subparsers is None
        sources = [option for option in ("--links", "--images") if option in self._option_string_actions]
        if is_command and sources and words and not words[0].startswith("-"):
            self.error(f"unknown: {words[0]}; is it {sources[0]} {words[0]}?")
        for word in words if is_command else itertools.takewhile(lambda word: word.startswith("-"), words):
            name = word.partition("=")[0]
            if word in ("--", "-h", "--help"):
                return
            if name.startswith("--") and " " not in name and name not in self._option_string_actions:
                self.error(f"unknown: {name}")

    def _refuse_repeated(self, words):
        """The last one would win. Of numbers and limits that is what people are used to; of lists, nobody would know of the others."""
        names = [word.partition("=")[0] for word in words]
        for name in _ONCE:
            if names.count(name) > 1:
                self.error(f"{name} is given twice")

    def error(self, message):
        for theirs, ours in _WORDING:
            message = re.sub(theirs, ours, message)
        raise Stop(BAD_USAGE, f"{message} (see {self.prog.replace('thumbline', 'scripts/thumbline')} --help)")


class _Version(argparse.Action):
    """Finds the version out only where it is asked for."""

    def __call__(self, parser, namespace, values, option_string=None):
        print(version())
        parser.exit()


# What argparse says, in words that need no knowledge of it.
_WORDING = (
    (r"^the following arguments are required: COMMAND", "missing: a command: run, fetch, resize, compare, worker or demo"),
    (r"^the following arguments are required:", "missing:"),
    (r"^one of the arguments (.*) is required", r"missing: one of \1"),
    (r"^argument COMMAND: invalid choice: (\S+).*", r"there is no command \1"),
    (r"^argument ", ""),
)


def passed_on(program, options):
    """The part of a program's command line that the user's options make up."""
    arguments = []
    for name in _PASSED_ON[program]:
        value = getattr(options, name, None)
        if name == "proxy" and value and program == "fetcher":
            continue  # by requests.environment()
        if value is True:
            arguments.append("--" + name.replace("_", "-"))
        elif value not in (None, False):
            arguments += ["--" + name.replace("_", "-"), f"{value:g}" if isinstance(value, float) else str(value)]
    return arguments


def parse(arguments):
    """A Namespace with `command` and the options; Stop where something is wrong with them. SystemExit(0) after --help
    and --version."""
    parser = _Parser(prog="thumbline", epilog=f"{_EXAMPLES['']}\n\n{_EXIT_CODES}",
                     description="Downloads the pictures behind links and makes their thumbnails, both in parallel; loses none.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, description, groups in (
            ("run", "Downloads pictures and makes their thumbnails.", (_links, _out, _fetching, _requests, _resizing, _working, _hosts)),
            ("fetch", "Downloads pictures, no thumbnails.", (_links, _out, _fetching, _requests, _working, _hosts)),
            ("resize", "Makes the thumbnails of pictures that are on this machine.", (_images, _out, _resizing, _working, _hosts)),
            ("compare", "Does the same work four ways, one after the other, and shows what each cost.",
             (_links, _out, _fetching, _requests, _resizing, _comparing)),
            ("worker", "Takes part in a run that another machine has begun with --listen.", (_head, _fetching, _resizers_alone, _decoding)),
            ("demo", "Shows all of it without a network: a local gallery stands in for Imgur.", (_demo, _fetching, _requests, _resizing, _working))):
        command = commands.add_parser(name, help=description, description=description,
                                      epilog=f"{_EXAMPLES[name]}\n\n{_EXIT_CODES_OF_WORKERS if name == 'worker' else _EXIT_CODES}")
        for group in groups if name in arguments else ():  # of the other commands nothing will be asked
            group(command)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        commands.choices[options.command].error(f"unknown: {' '.join(unknown)}")
    if getattr(options, "imgur", None) and not re.fullmatch("[A-Za-z0-9]+", options.client_id or ""):
        raise Stop(BAD_USAGE, "--imgur wants a client id, letters and digits: --client-id ID, or IMGUR_CLIENT_ID=ID before the command")
    _check_workers(options)
    return options


def _check_workers(options):
    others = getattr(options, "hosts", None) or getattr(options, "listen", None) is not None
    if options.command != "worker" and not others:
        for name in ("fetchers", "resizers"):
            if getattr(options, name, 1) == 0:
                raise Stop(BAD_USAGE, f"--{name} 0 leaves the work to other machines: it needs --listen or --hosts")
    if options.command == "resize" and options.store == "local":
        raise Stop(BAD_USAGE, "--store local: the pictures of `resize` are here, and other machines have to see them")
    if getattr(options, "store", "shared") == "local" and not others:
        raise Stop(BAD_USAGE, "--store local is for several machines: it needs --listen or --hosts")
    if options.command == "run" and options.store == "local" and options.fetchers and not options.resizers:
        raise Stop(BAD_USAGE, "--store local shares no folder: a machine that downloads needs resizers, too, also this one (or --fetchers 0)")
    if getattr(options, "hosts", None) and requests.has_login(getattr(options, "proxy", None)):
        raise Stop(BAD_USAGE, "--proxy: a password is not handed to other machines by --hosts; set https_proxy and http_proxy there")
    if getattr(options, "hosts", None) and options.listen is None:
        options.listen = ports.DEFAULT


def _links(command):
    sources = command.add_mutually_exclusive_group(required=True)
    sources.add_argument("--links", metavar="FILE", help="list of links, one a line, # for comments; - is standard input")
    sources.add_argument("--imgur", metavar="N", type=_number(1, 1_000_000), help="N pictures of Imgur's gallery")
    command.add_argument("--client-id", metavar="ID", default=os.environ.get("IMGUR_CLIENT_ID"),
                         help="client id for Imgur's API (default: $IMGUR_CLIENT_ID)")
    command.add_argument("--imgur-api", metavar="URL", help="another address of that API (default: https://api.imgur.com)")


def _images(command):
    command.add_argument("--images", metavar="PATH", nargs="+", action="extend", required=True,
                         help="folders with all that is below, pictures, or lists of paths, one a line; - is a list on standard input")


def _out(command):
    command.add_argument("--out", metavar="DIR", type=_folder, required=True, help="folder for everything that comes out; what is done is kept")


def _fetching(command):
    group = command.add_argument_group("downloading")
    group.add_argument("--fetchers", metavar="N", type=_number(0, 64), default=1, help="fetcher processes (default: 1)")
    group.add_argument("--threads", metavar="N", type=_number(1, 256), default=4, help="threads of each fetcher (default: 4)")
    group.add_argument("--transfers", metavar="N", type=_number(1, 1024), default=16, help="transfers at once of each thread (default: 16)")
    group.add_argument("--per-host", metavar="N", type=_number(0, 1_000_000), help="transfers at once from one host (default: as many as there are)")
    group.add_argument("--per-host-rate", metavar="RATE", type=_rate,
                       help="most requests to one host in a second, from all machines together: 5, 0.5, 30/m, 1000/h (default: as many as it takes)")
    group.add_argument("--timeout", metavar="TIME", type=_seconds, help="for a whole transfer: 60s, 2m (default: 60s)")
    group.add_argument("--max-bytes", metavar="SIZE", type=_count("size such as 1000000, 500k or 32MiB"), help="largest picture that is downloaded: 500k, 32MiB (default: 32MiB)")
    group.add_argument("--allow-private", action="store_true", help="also connect to private and local addresses")
    group.add_argument("--ca-file", metavar="FILE", type=_certificates, help="certificate authorities to trust, in PEM, instead of the system's")
    group.add_argument("--insecure", action="store_true", help="do not check the certificates of servers")
    group.add_argument("--proxy", metavar="URL", type=requests.proxy,
                       help="download through this proxy, [http|https|socks5h://][USER:PASSWORD@]HOST[:PORT]; '' is none "
                       "(default: http_proxy, https_proxy, all_proxy and no_proxy of the environment)")


def _requests(command):
    group = command.add_argument_group("requests")
    group.add_argument("--user-agent", metavar="TEXT", type=requests.user_agent,
                       help="what servers are told, such as 'me/1.0 (+https://example.org/me)' (default: thumbline/VERSION)")
    group.add_argument("--header", metavar="FIELD", type=requests.headers, action="extend",
                       help="header field of each request, 'Name: value', or @FILE with one a line (repeatable)")
    group.add_argument("--max-redirects", metavar="N", type=_number(0, 100), help="redirects that are followed for one link (default: 10)")


def _resizing(command):
    _resizers_alone(command)
    group = command.add_argument_group("thumbnails")
    group.add_argument("--size", metavar="SIZE", type=_box, help="box of the thumbnails: 128 or 320x200 (default: 128)")
    group.add_argument("--fit", choices=("inside", "cover", "pad", "fill"), help="how a picture is put into it (default: inside)")
    group.add_argument("--format", choices=("same", "jpeg", "png"), help="kind of the thumbnails (default: same)")
    group.add_argument("--enlarge", action="store_true",
                       help="inside and pad: also make small pictures larger (cover and fill do that anyway)")
    group.add_argument("--quality", metavar="N", type=_number(1, 100), help="of JPEG thumbnails, 1 to 100 (default: 85)")
    group.add_argument("--progressive", action="store_true", help="JPEG thumbnails: write progressive JPEG")
    group.add_argument("--background", metavar="COLOUR", type=_colour,
                       help="of the border of pad, and under what is transparent where the thumbnail is JPEG: "
                       "'#rrggbb' or '#rgb', in quotes, white or black (default: white)")
    group.add_argument("--tolerate", choices=("truncated", "damaged"),
                       help="make a thumbnail of what is there of a picture that ends early, or also of one whose data are partly wrong; "
                       "what is missing is plain: grey, black or transparent (a download that broke off has failed all the same)")
    _decoding(command)


def _resizers_alone(command):
    cores = len(os.sched_getaffinity(0))
    command.add_argument("--resizers", metavar="N", type=_number(0, 1024), default=cores, help=f"resizer processes (default: the cores, here {cores})")


def _decoding(command):
    group = command.add_argument_group("decoding")
    group.add_argument("--max-pixels", metavar="N", type=_count("number of pixels such as 1000000 or 100Mpx"), help="largest picture that is read: 100Mpx, 1000000 (default: 268Mpx)")
    group.add_argument("--max-memory", metavar="SIZE", type=_count("size such as 256MiB"),
                       help="memory for a picture that must be held whole: progressive or interlaced (default: 256MiB)")
    group.add_argument("--sandbox", choices=("auto", "require", "off"),
                       help="decode without rights to files, sockets and programs: where the kernel can, or insist (default: auto)")


def _working(command):
    group = command.add_argument_group("running")
    group.add_argument("--window", metavar="N", type=_number(1, 1_000_000), help="links that are under way at once (default: 2048)")
    group.add_argument("--attempts", metavar="N", type=_number(1, 1000), help="how often a link is tried at most (default: 5)")
    group.add_argument("--retry-failed", action="store_true", help="try again what failed in an earlier run (default: that stays as it is)")
    group.add_argument("--strict", action="store_true", help="exit with 1 where a link failed")
    group.add_argument("--quiet", action="store_true", help="no progress, the table alone")


def _hosts(command):
    group = command.add_argument_group("other machines")
    group.add_argument("--hosts", metavar="FILE", help="machines to start workers on by ssh, one a line: user@host fetchers=1 threads=4 resizers=8 ...")
    group.add_argument("--listen", metavar="PORT", nargs="?", type=_number(0, 65_000), const=ports.DEFAULT,
                       help="workers of other machines may join, at this port and the two after it, and one more for each fetcher of its own "
                       f"(default: {ports.DEFAULT}; 0: any)")
    group.add_argument("--store", choices=("shared", "local"), default="shared",
                       help="shared: all machines see the folder of --out; local: originals stay where they were fetched, thumbnails come home "
                       "(default: shared)")


def _head(command):
    command.add_argument("--head", metavar="HOST[:PORT]", required=True, help=f"where the run was begun (port: {ports.DEFAULT})")
    command.add_argument("--key", metavar="FILE", required=True, help="the run's key: a copy of run.key in its folder, for nobody else to read; "
                         "- is standard input, which has to stay open: its end is the worker's end")
    command.add_argument("--folder", metavar="DIR", help="where this machine sees the run's folder (default: where the head does); with the head's "
                         "--store local, where originals are kept (default: in ~/.cache/thumbline)")
    command.add_argument("--name", metavar="NAME", help="of this machine, in what the run writes (default: the name it has)")
    command.add_argument("--port", metavar="N", type=_number(0, 65_535), default=0, help="where its fetchers can be reached, the first of them (default: any free one)")
    command.add_argument("--quiet", action="store_true", help="only what goes wrong")


def _comparing(command):
    group = command.add_argument_group("running")
    group.add_argument("--window", metavar="N", type=_number(1, 1_000_000), help="links that are under way at once (default: 2048)")
    group.add_argument("--attempts", metavar="N", type=_number(1, 1000), help="how often a link is tried at most (default: 5)")
    group.add_argument("--strict", action="store_true", help="exit with 1 where a link failed")
    group.add_argument("--quiet", action="store_true", help="no progress, the table alone")


def _demo(command):
    command.add_argument("--out", metavar="DIR", type=_folder, default="thumbline-demo", help="folder for everything that comes out (default: thumbline-demo)")
    command.add_argument("--pictures", metavar="N", type=_number(1, 100_000), default=300, help="how many pictures the gallery has (default: 300)")


def _number(smallest, largest):
    """The same bounds as the programs have, so that nothing is started in vain."""

    def parse_it(text):
        if not re.fullmatch("[0-9]{1,9}", text) or not smallest <= int(text) <= largest:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {smallest} to {largest}")
        return int(text)

    return parse_it


def _count(what):
    def parse_it(text):
        try:
            return quantities.parse_count(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no {what}") from None

    return parse_it


def _folder(text):
    """The current folder is `.`; nothing at all is a variable that somebody has forgotten to set."""
    if not text:
        raise argparse.ArgumentTypeError("the name of a folder is wanted, this is empty")
    return text


def _certificates(text):
    """The absolute path of the file: programs may have another working directory."""
    try:
        with open(text, "rb") as file:
            if b"CERTIFICATE-----" in file.read():
                return os.path.abspath(text)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error.strerror}") from None
    raise argparse.ArgumentTypeError(f"{text}: there is no certificate in PEM in this file")


def _rate(text):
    try:
        return quantities.parse_rate(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate such as 5 or 0.5 (a second), 30/m or 1000/h") from None


def _seconds(text):
    try:
        return float(quantities.parse_seconds(text))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 60, 60s or 2m") from None


def _box(text):
    if not re.fullmatch("[1-9][0-9]{0,4}(x[1-9][0-9]{0,4})?", text) or any(int(side) > 16384 for side in text.split("x")):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 128 or 320x200, at most 16384")
    return text


def _colour(text):
    """Always as #rrggbb."""
    colour = {"white": "#ffffff", "black": "#000000"}.get(text, text.lower())
    if not re.fullmatch("#([0-9a-f]{3}|[0-9a-f]{6})", colour):
        raise argparse.ArgumentTypeError(f"{text!r} is no colour such as '#102030' or '#fff' (in quotes), white or black")
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
