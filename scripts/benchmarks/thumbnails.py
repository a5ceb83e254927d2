"""scripts/bench thumbnails: the picture library alone against other thumbnailers."""
import shutil
import subprocess

from benchmarks import ground, thumbnailers, timing
from launcher.quantities import duration_text, rate_text
from launcher.table import aligned

LARGE = (12_500, 8_000)  # 100 million pixels
TILE = 500


def run(folder, rounds, core):
    """Prints both tables."""
    ground.need("PIL", "numpy")
    program = ground.build("thumbline-shrink")
    pictures = ground.pictures(folder)
    rivals = thumbnailers.available(program)
    for missing in thumbnailers.absent():
        ground.say(f"not compared with {missing}: it is not installed")
    with ground.scratch() as scratch:
        print(_compared(pictures, rivals, rounds, core, scratch))
        print(_large(pictures[0], rivals[0], core, scratch))


def _compared(pictures, rivals, rounds, core, scratch):
    from benchmarks import likeness

    def commands(kind):
        outs = [scratch / f"{number}-{kind}" for number in range(len(rivals))]
        for out in outs:
            out.mkdir(exist_ok=True)
        return outs, [rival.command(pictures, out, kind) for rival, out in zip(rivals, outs)]

    ground.say(f"{rounds} rounds of {', '.join(rival.name for rival in rivals)}")
    costs = timing.in_turn(commands("same")[1], rounds, core)
    ground.say("comparing lossless thumbnails with the ideal")
    outs, lossless = commands("png")
    rows = [["one core", "time", "pictures/s", "against thumbline", "PSNR mean", "p5", "SSIM", "sizes"]]
    for rival, mine, command, out in zip(rivals, costs, lossless, outs):
        timing.measure(command, core)
        like = likeness.measure(pictures, out)
        wall = timing.median(mine, "wall_s")
        sizes = f"{like.other_sizes} differ" if like.other_sizes else "exact"
        rows.append([rival.name, duration_text(wall), rate_text(len(pictures) / wall),
                     f"{wall / timing.median(costs[0], 'wall_s'):.2f}x", f"{like.psnr_mean_db:.1f} dB",
                     f"{like.psnr_p5_db:.1f} dB", f"{like.ssim_mean:.4f}", sizes])
    return aligned(rows)


def _large(photograph, thumbline, core, scratch):
    """A process with one picture of 100 million pixels."""
    from PIL import Image
    tile = Image.open(photograph).convert("RGB").resize((TILE, TILE))
    picture = Image.new("RGB", LARGE)
    for x in range(0, LARGE[0], TILE):
        for y in range(0, LARGE[1], TILE):
            picture.paste(tile, (x, y))
    rows = [["100 megapixels", "time", "memory"]]
    for name, file, options in (("baseline JPEG", "large.jpg", {"quality": 85}), ("PNG", "large.png", {"compress_level": 1})):
        folder = scratch / name.replace(" ", "-")
        folder.mkdir()
        picture.save(folder / file, **options)
        command = thumbline.command([folder / file], scratch / "large", "same")
        cost = timing.measure(command, core)
        peak = int(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        rows.append([name, duration_text(cost.wall_s), f"{peak / 1e6:.1f} MB"])
        shutil.rmtree(folder)
    return aligned(rows)
