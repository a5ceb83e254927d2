"""How close thumbnails come to the ideal: every pixel decoded, Lanczos over all of them, alpha premultiplied, laid on white."""
import dataclasses

import numpy
from PIL import Image, ImageOps

WINDOW = 7  # pixels a side, of SSIM


@dataclasses.dataclass
class Likeness:
    """Over all pictures that have a thumbnail."""
    psnr_mean_db: float
    psnr_p5_db: float
    ssim_mean: float
    other_sizes: int  # than Pillow's Image.thumbnail() gives
    missing: int


def _on_white(image):
    page = Image.new("RGBA", image.size, "white")
    page.alpha_composite(image.convert("RGBA"))
    return numpy.asarray(page.convert("RGB"), dtype=numpy.float64)


def _ideal(image, size):
    if "A" in image.getbands() or "transparency" in image.info:
        return image.convert("RGBA").convert("RGBa").resize(size, Image.LANCZOS).convert("RGBA")
    return image.convert("RGB").resize(size, Image.LANCZOS)


def _psnr(one, other):
    error = ((one - other) ** 2).mean()
    return 99.0 if error == 0 else min(99.0, 10 * numpy.log10(255 * 255 / error))


def _window_means(plane):
    """Of all squares of WINDOW pixels, by sums over everything left of and above a pixel."""
    sums = numpy.pad(plane, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    squares = sums[WINDOW:, WINDOW:] - sums[:-WINDOW, WINDOW:] - sums[WINDOW:, :-WINDOW] + sums[:-WINDOW, :-WINDOW]
    return squares / WINDOW**2


def _ssim(one, other):
    """Wang, Bovik, Sheikh, Simoncelli: Image quality assessment (2004), on the mean of the channels."""
    if min(one.shape[:2]) < WINDOW:
        return 1.0
    one, other = one.mean(2), other.mean(2)
    mean_one, mean_other = _window_means(one), _window_means(other)
    variance_one = _window_means(one * one) - mean_one**2
    variance_other = _window_means(other * other) - mean_other**2
    covariance = _window_means(one * other) - mean_one * mean_other
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_one * mean_other + c1) * (2 * covariance + c2)
    return (alike / ((mean_one**2 + mean_other**2 + c1) * (variance_one + variance_other + c2))).mean()


def measure(pictures, thumbnails):
    """`pictures`: paths. `thumbnails`: a folder of lossless ones, named after the pictures' stems."""
    Image.MAX_IMAGE_PIXELS = None
    psnr, ssim, other_sizes, missing = [], [], 0, 0
    for path in pictures:
        found = sorted(thumbnails.glob(f"{path.stem}*"))
        if not found:
            missing += 1
            continue
        thumbnail, picture = Image.open(found[0]), ImageOps.exif_transpose(Image.open(path))
        probe = Image.new("L", picture.size)
        probe.thumbnail((128, 128))
        other_sizes += probe.size != thumbnail.size
        ideal, made = _on_white(_ideal(picture, thumbnail.size)), _on_white(thumbnail)
        psnr.append(_psnr(ideal, made))
        ssim.append(_ssim(ideal, made))
    return Likeness(numpy.mean(psnr), numpy.percentile(psnr, 5), numpy.mean(ssim), other_sizes, missing)
