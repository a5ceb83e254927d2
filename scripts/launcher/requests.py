"""How pictures are asked for: what may be a secret, and reaches the programs by their environment, where no other user sees it."""
import argparse
import os
import re

HEADERS, PROXY = "THUMBLINE_HEADERS", "THUMBLINE_PROXY"  # one field a line; the proxy's URL

# RFC 9110, 5.1 and 5.5. What is not for the user to set, the programs know.
_FIELD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[^\x00-\x08\x0a-\x1f\x7f \t][^\x00-\x08\x0a-\x1f\x7f]*"
_PROXY = r"((https?|socks4a?|socks5h?)://)?([^@\s/]*@)?[^@\s/]+/?"


def headers(text):
    """The fields that one --header gives; of a refused one nothing is shown, it may be a secret."""
    if not text.startswith("@"):
        return [_field(text)]
    path = text[1:]
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return [_field(line) for line in file.read().splitlines() if line.strip()]
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path}: {error.strerror}") from None


def _field(text):
    if not re.fullmatch(_FIELD, text):
        raise argparse.ArgumentTypeError("wanted is 'Name: value', or @FILE with one a line")
    return text


def proxy(text):
    if text and not re.fullmatch(_PROXY, text):
        raise argparse.ArgumentTypeError("wanted is [SCHEME://][USER:PASSWORD@]HOST[:PORT], with http, https or socks5h")
    return text


def user_agent(text):
    if not text or re.search(r"[\x00-\x1f\x7f]", text):
        raise argparse.ArgumentTypeError("wanted is a line of text")
    return text


def has_login(proxy_url):
    return "@" in (proxy_url or "")


def environment(program, options):
    """What a program's environment says beside the launcher's own."""
    said = {}
    if program in ("fetcher", "producer") and getattr(options, "header", None):
        said[HEADERS] = "\n".join([*filter(None, [os.environ.get(HEADERS)]), *options.header])
    if program == "fetcher" and getattr(options, "proxy", None):
        said[PROXY] = options.proxy
    return said
