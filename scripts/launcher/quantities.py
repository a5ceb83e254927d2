"""Sizes and durations as people write and read them; read as in the collector's table (collector/units.cpp)."""
import re

_COUNTS = {
    "": 1, "b": 1, "px": 1, "mpx": 10**6,
    "k": 10**3, "kb": 10**3, "kib": 2**10,
    "m": 10**6, "mb": 10**6, "mib": 2**20,
    "g": 10**9, "gb": 10**9, "gib": 2**30,
}
_SECONDS = {"ms": 0.001, "": 1, "s": 1, "m": 60, "min": 60, "h": 3600}
_WITH_UNIT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([A-Za-z]*)", re.ASCII)


def _parse(text, units):
    match = _WITH_UNIT.fullmatch(text.strip())
    if not match or match[2].lower() not in units:
        raise ValueError(text)
    return float(match[1]) * units[match[2].lower()]


def parse_count(text):
    """`32MiB`, `100Mpx`, `1000`: a positive whole number. Raises ValueError."""
    number = round(_parse(text, _COUNTS))
    if number < 1:
        raise ValueError(text)
    return number


def parse_seconds(text):
    """`60`, `60s`, `1m`, `500ms`: seconds, from 0.1 to a day. Raises ValueError."""
    seconds = _parse(text, _SECONDS)
    if not 0.1 <= seconds <= 86400:
        raise ValueError(text)
    return seconds


def parse_rate(text):
    """`5`, `0.5`, `5/s`, `30/m`, `1000/h`: so many a second, from one in an hour to a million. Raises ValueError."""
    number, slash, unit = text.strip().partition("/")
    if slash and unit.lower() not in ("s", "m", "min", "h"):
        raise ValueError(text)
    per_second = _parse(number, {"": 1}) / _SECONDS[unit.lower()]
    if not 1 / 3600 <= per_second <= 1e6:
        raise ValueError(text)
    return per_second


def duration_text(seconds):
    """`4.2 ms`, `287 ms`, `4.05 s`, `2 min 04 s`, `1 h 05 min`."""
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return _three_figures(seconds) + " s"
    whole = int(seconds + 0.5)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    minutes = (whole + 30) // 60
    return f"{count_text(minutes // 60)} h {minutes % 60:02} min"


def count_text(number):
    return f"{number:,}".replace(",", " ")


def rate_text(per_second):
    return _three_figures(per_second)


def _three_figures(number):
    if number >= 99.95:
        return count_text(int(number + 0.5))
    return f"{number:.1f}" if number >= 9.995 else f"{number:.2f}"
