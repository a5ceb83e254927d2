"""Thumbnails of a folder as a script with Pillow makes them: pillow_folder.py IN OUT same|png"""
import pathlib
import sys

from PIL import Image

source, out, kind = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
out.mkdir(parents=True, exist_ok=True)
for path in sorted(source.iterdir()):
    image = Image.open(path)
    image.thumbnail((128, 128))
    suffix = ".png" if kind == "png" else path.suffix
    if suffix == ".jpg" and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.save(out / f"{path.stem}_thumbnail{suffix}")
