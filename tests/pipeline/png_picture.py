"""PNG as plain pixels, so that a test can make a picture and look at a thumbnail (8 bits, not interlaced; PNG 1.2)."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {0: 1, 2: 3, 4: 2, 6: 4}  # of a pixel, by colour type


def made(width, height, pixel):
    """A file; `pixel(x, y)` gives red, green, blue and alpha."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def pixels(data):
    """Rows of (red, green, blue, alpha)."""
    chunks = _chunks(data)
    width, height, depth, kind, *_, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert depth == 8 and not interlaced and kind in SAMPLES, (depth, kind, interlaced)
    samples = SAMPLES[kind]
    stride, packed = width * samples, zlib.decompress(chunks[b"IDAT"])
    rows, above = [], bytes(stride)
    for y in range(height):
        line = packed[y * (stride + 1):(y + 1) * (stride + 1)]
        above = _unfiltered(line[0], line[1:], above, samples)
        rows.append([_colour(above[at:at + samples]) for at in range(0, stride, samples)])
    return rows


def _chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _chunks(data):
    """{kind: content}, the pieces of IDAT put together."""
    assert data.startswith(SIGNATURE), data[:8]
    chunks, at = {}, len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunks[kind] = chunks.get(kind, b"") + data[at + 8:at + 8 + length]
        at += 12 + length
    return chunks


def _unfiltered(kind, line, above, step):
    row = bytearray(line)
    for i, value in enumerate(line):
        left, up, corner = (row[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
        row[i] = (value + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]) & 0xFF
    return bytes(row)


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def _colour(sample):
    if len(sample) < 3:
        return (sample[0], sample[0], sample[0], sample[1] if len(sample) == 2 else 255)
    return tuple(sample) if len(sample) == 4 else (*sample, 255)
