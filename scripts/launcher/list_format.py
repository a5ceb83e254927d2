"""What kind of list a file is, told from its name and its first bytes."""
import os
import re

LOOKED_AT = 4096  # bytes

_CAT = {"gzip": "zcat", "Zstandard": "zstdcat", "bzip2": "bzcat", "XZ": "xzcat"}
_BEGINNINGS = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "Zstandard"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "XZ"), (b"PK\3\4", "ZIP"),
               (b"PAR1", "Parquet"))
_DELIMITERS = ((",", "CSV"), ("\t", "TSV"), (";", "CSV"))
# Compiled where they are needed: hardly a list has delimiters or brackets.
_LINK = r"""(?i)\s*[<"']?https?://\S"""
_PICTURE = r"(?i)\.(jpe?g|png|gif|webp|avif|bmp|tiff?)$"
_LINKS_COLUMN = r"(?i)(^|[ _-])(ur[li]|links?|hrefs?|src|images?|image_?urls?|pictures?)([ _-]|$)"
_JSON = r"""\{\s*(["}]|$)|\[\s*(["{[\]]|$)"""


def refusal(name, beginning):
    """Why a file is not a list of one link a line, and what to do; empty where it may be one. `beginning`: its first bytes."""
    kind = kind_of(name, beginning)
    if not kind:
        return ""
    if kind == "no text":
        return "this is no text in UTF-8; wanted is a list of links, one a line"
    if kind in _CAT:
        todo = f"unpack it: {_CAT[kind]} {os.path.basename(name)} | scripts/thumbline ... --links -"
    elif kind.startswith("JSON"):
        todo = "take the links out first, for example with jq -r .url"
    else:
        todo = "take the links out first"
    return f"this is {kind}; wanted is a list of links, one a line ({todo})"


def kind_of(name, beginning):
    """"CSV", "gzip", ..., "no text"; empty for a list of one link a line, and for what may be one."""
    for magic, kind in _BEGINNINGS:
        if beginning.startswith(magic):
            return kind
    if b"\0" in beginning:
        return "no text"
    lines = _lines(beginning)
    if not lines:
        return ""
    if lines[0].startswith(("{", "[")) and re.match(_JSON, lines[0]):
        return "JSON Lines" if lines[0].endswith("}") else "JSON"
    extension = os.path.splitext(name)[1].lower()
    for delimiter, kind in _DELIMITERS:
        if extension == f".{kind.lower()}" and len(lines) > 1 and not _is_link(lines[0]):
            return kind
        if not any(delimiter in line for line in lines):
            continue
        rows = _rows(lines, delimiter)
        if extension == f".{kind.lower()}" and any(len(row) > 1 for row in rows):
            return kind
        if _has_heading(rows) or _has_records(lines, rows, delimiter):
            return kind
    return ""


def _is_link(field):
    return re.match(_LINK, field)


def _rows(lines, delimiter):
    """The fields of each record that are not empty."""
    import csv
    return [[field for field in row if field.strip()] for row in csv.reader(lines, delimiter=delimiter)]


def _lines(beginning):
    """Its lines, as far as they are whole, without comments and empty ones."""
    if len(beginning) >= LOOKED_AT and b"\n" in beginning:
        beginning = beginning[:beginning.rindex(b"\n")]
    lines = beginning.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
    lines = [(re.sub(r"(^|\s)#.*", "", line) if "#" in line else line).strip() for line in lines]
    return [line for line in lines if line]


def _has_heading(rows):
    """The names of columns, one of which says that it has links."""
    first = rows[0]
    return all(len(row) > 1 for row in rows) and not any(mark in field for field in first for mark in "/:") and any(re.search(_LINKS_COLUMN, field) for field in first)


def _has_records(lines, rows, delimiter):
    """Whether each line is a link and something else, also where links may have that delimiter within."""
    def is_record(line, row):
        if len(row) < 2 or not any(map(_is_link, row)):
            return False
        if delimiter == "\t" or any(map(_is_link, row[1:])) or line.startswith('"'):
            return True
        return bool(re.search(_PICTURE, row[0])) and not re.search(_PICTURE, row[-1]) and len(rows) > 1
    return len(rows) == len(lines) and all(map(is_record, lines, rows))
