"""Pictures as people share them, cut from the photographs in Debian's wallpaper packages; the same ones every time."""
import contextlib
import dataclasses
import math
import pathlib
import random

PACKAGES = "mate-backgrounds gnome-backgrounds plasma-workspace-wallpapers"
FOLDERS = ("/usr/share/backgrounds", "/usr/share/wallpapers")
ASPECTS = (4 / 3, 3 / 2, 16 / 9, 1, 3 / 4, 2 / 3, 9 / 16, 2.2)


@dataclasses.dataclass
class Picture:
    """One of the corpus: a part of a photograph, in a size and a format."""
    number: int
    photograph: int
    width: int
    height: int
    is_jpeg: bool
    quality: int
    zoom: float  # 0 to 1, as the next two
    left: float
    top: float


def photographs():
    """Paths of all that are installed."""
    found = (path for folder in FOLDERS for path in pathlib.Path(folder).rglob("*"))
    return sorted(path for path in found
                  if path.suffix in (".jpg", ".png", ".webp") and not path.is_symlink() and path.stat().st_size > 100_000)


def plan(count, photograph_count, chance):
    """Four of five are JPEG; the pixels are log-normal around 1.2 million, from 0.05 to 16 million."""
    pictures = []
    for number in range(count):
        pixels = 1e6 * min(16, max(0.05, chance.lognormvariate(math.log(1.2), 0.9)))
        aspect = chance.choice(ASPECTS)
        width = max(16, int(math.sqrt(pixels * aspect)))
        pictures.append(Picture(number, chance.randrange(photograph_count), width, max(16, int(width / aspect)),
                                chance.random() < 0.8, chance.randint(72, 95), chance.random(), chance.random(), chance.random()))
    return pictures


def cut(photograph, picture):
    """That part of the photograph, in that size."""
    largest = min(photograph.width / picture.width, photograph.height / picture.height)
    scale = 1 + (largest - 1) * picture.zoom if largest > 1 else largest
    width, height = int(picture.width * scale), int(picture.height * scale)
    left = int((photograph.width - width) * picture.left)
    top = int((photograph.height - height) * picture.top)
    return photograph.resize((picture.width, picture.height), box=(left, top, left + width, top + height))


def save(image, picture, folder):
    """A third of the JPEGs progressive, one in seven without chroma subsampling; PNG of all usual kinds."""
    from PIL import Image
    chance = random.Random(picture.number)
    path = folder / f"{picture.number:05}.{'jpg' if picture.is_jpeg else 'png'}"
    if picture.is_jpeg:
        image = image.convert("L") if chance.random() < 0.03 else image
        image.save(path, quality=picture.quality, progressive=chance.random() < 0.33,
                   subsampling=0 if chance.random() < 0.15 else 2, optimize=True)
        return
    kind = chance.random()
    if kind < 0.3:
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    elif kind < 0.5:
        image = image.quantize(256)
    elif kind < 0.55:
        image = image.convert("L")
    image.save(path, compress_level=6)


def make(folder, count=500, seed=7):
    """Fills the folder, unless it is full already. Raises LookupError where there are no photographs."""
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
    if folder.is_dir() and len(list(folder.iterdir())) == count:
        return
    sources = photographs()
    if not sources:
        raise LookupError(f"there are no photographs to make pictures from; apt-get install {PACKAGES}, or give --pictures DIR")
    folder.mkdir(parents=True, exist_ok=True)
    pictures = sorted(plan(count, len(sources), random.Random(seed)), key=lambda picture: picture.photograph)
    at, photograph = None, None
    for picture in pictures:
        if picture.photograph != at:
            at = picture.photograph
            with contextlib.closing(Image.open(sources[at])) as opened:
                photograph = opened.convert("RGB")
        save(cut(photograph, picture), picture, folder)
