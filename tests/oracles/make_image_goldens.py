#!/usr/bin/env python3
"""Makes the photos in tests/image/data and the pixels they must decode or resize to.

Needs pillow and numpy; run it from anywhere. What Pillow cannot write (16-bit and interlaced PNG, PSD, rare BMP and
PNM) is written here by hand; what it can read it is the oracle for, and elsewhere the pixels that went in are.
"""

import io
import json
import pathlib
import struct
import zlib

import numpy as np
import PIL
from PIL import Image, ImageOps, features

OUT = pathlib.Path(__file__).resolve().parent.parent / "image" / "data"
WIDTH, HEIGHT = 37, 27
decoded = []
resized = []
stored = bytearray()


def make_photo(width, height, seed=1):
    """Smooth light, a hard edge, fine texture: RGB, uint8."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    rng = np.random.default_rng(seed)
    red = 40 + 180 * x / max(width - 1, 1)
    green = 128 + 90 * np.sin(y / 5.0) * np.cos(x / 9.0)
    blue = 230 - 200 * y / max(height - 1, 1)
    photo = np.stack([red, green, blue], -1)
    photo[(x - width * 0.6) ** 2 + (y - height * 0.4) ** 2 < (height * 0.25) ** 2] = (250, 60, 20)
    photo += rng.normal(0, 4, photo.shape)
    return np.clip(photo, 0, 255).astype(np.uint8)


PHOTO = make_photo(WIDTH, HEIGHT)
GREY = PHOTO[:, :, 1]
ALPHA = np.tile(np.linspace(0, 255, WIDTH).astype(np.uint8), (HEIGHT, 1))
DEEP = np.random.default_rng(2).integers(0, 65536, (HEIGHT, WIDTH, 4)).astype(np.uint16)


def over_white(rgb, alpha, limit=255):
    rgb, alpha = rgb.astype(np.int64), alpha.astype(np.int64)[..., None]
    seen = rgb * alpha + limit * (limit - alpha)
    return ((seen * 255 + limit * limit // 2) // (limit * limit)).astype(np.uint8)


def to_8_bits(samples, limit=65535):
    return ((samples.astype(np.int64) * 255 + limit // 2) // limit).astype(np.uint8)


def as_rgb(pixels):
    return np.repeat(pixels[..., None], 3, -1) if pixels.ndim == 2 else pixels


def store(pixels):
    """Appends raw RGB to the one file of pixels, once for each different picture."""
    pixels = np.ascontiguousarray(as_rgb(np.asarray(pixels)), np.uint8)
    raw = pixels.tobytes()
    offset = stored.find(raw)
    if offset < 0:
        offset = len(stored)
        stored.extend(raw)
    return {"offset": offset, "width": pixels.shape[1], "height": pixels.shape[0]}


def expect(name, data, pixels, max_difference=0, mean_difference=0.0):
    (OUT / name).write_bytes(data)
    decoded.append({"file": name, **store(pixels),
                    "max_difference": max_difference, "mean_difference": mean_difference})


def saved(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def pillow_pixels(data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    return np.asarray(image.convert("RGB"))


def expect_jpeg(name, data, max_difference=3, mean_difference=0.25):
    """stb's inverse DCT and chroma upsampling round differently from libjpeg's. Measured on photos: at most 3 levels,
    mean 0.01 (4:4:4) to 0.1 (4:2:0). With 4:2:2, stb_image 2.27 also takes the wrong neighbour's colour in the last
    column but one: up to 34 levels there, mean 0.19."""
    expect(name, data, pillow_pixels(data), max_difference, mean_difference)


def exif_of(orientation, big_endian=False):
    order = ">" if big_endian else "<"
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return (b"MM\0*" if big_endian else b"II*\0") + struct.pack(order + "IH", 8, 1) + entries + b"\0\0\0\0"


def jpegs():
    photo = Image.fromarray(PHOTO)
    for name, sampling, max_difference in (("444", 0, 3), ("422", 1, 8), ("420", 2, 3)):
        expect_jpeg(f"jpeg-{name}.jpg", saved(photo, "JPEG", quality=90, subsampling=sampling), max_difference)
    expect_jpeg("jpeg-progressive.jpg", saved(photo, "JPEG", quality=85, progressive=True))
    expect_jpeg("jpeg-restarts.jpg", saved(photo, "JPEG", quality=85, restart_marker_blocks=2))
    expect_jpeg("jpeg-rgb.jpg", saved(photo, "JPEG", quality=90, keep_rgb=True))
    expect_jpeg("jpeg-grey.jpg", saved(Image.fromarray(GREY), "JPEG", quality=90))
    cmyk = saved(photo.convert("CMYK"), "JPEG", quality=95)
    expect_jpeg("jpeg-cmyk.jpg", cmyk)
    adobe = cmyk.index(b"Adobe")
    expect_jpeg("jpeg-ycck.jpg", cmyk[: adobe + 11] + b"\x02" + cmyk[adobe + 12 :])
    (OUT / "refused-cmyk-without-adobe.jpg").write_bytes(cmyk[: adobe - 4] + cmyk[adobe + 12 :])
    small = Image.fromarray(make_photo(19, 13, seed=3))
    for orientation in range(1, 9):
        exif = exif_of(orientation, big_endian=orientation % 2 == 0)
        expect_jpeg(f"orientation-{orientation}.jpg", saved(small, "JPEG", quality=92, exif=b"Exif\0\0" + exif))
        data = saved(small, "PNG", exif=exif)
        expect(f"orientation-{orientation}.png", data, pillow_pixels(data))


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


PNG_MARK = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(samples, colour_type, interlaced=False):
    """8 or 16 bits a sample, (H, W, C)."""
    def rows(part):
        wide = part.astype(part.dtype.newbyteorder(">"))
        return b"".join(b"\0" + row.tobytes() for row in wide)

    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, samples.itemsize * 8, colour_type, 0, 0, int(interlaced))
    body = b"".join(rows(part) for part in passes if part.size)
    chunks = (png_chunk(b"IHDR", header), png_chunk(b"IDAT", zlib.compress(body, 9)), png_chunk(b"IEND", b""))
    return PNG_MARK + b"".join(chunks)


def pngs():
    photo = Image.fromarray(PHOTO)
    expect("png-rgb.png", saved(photo, "PNG"), PHOTO)
    expect("png-grey.png", saved(Image.fromarray(GREY), "PNG"), GREY)
    expect("png-rgba.png", saved(Image.fromarray(np.dstack([PHOTO, ALPHA])), "PNG"), over_white(PHOTO, ALPHA))
    expect("png-grey-alpha.png", saved(Image.fromarray(np.dstack([GREY, ALPHA])), "PNG"),
           over_white(as_rgb(GREY), ALPHA))
    for colours in (256, 16, 4, 2):
        palette = photo.quantize(colours)
        expect(f"png-palette-{colours}.png", saved(palette, "PNG"), np.asarray(palette.convert("RGB")))
    palette = photo.quantize(8)
    alpha = np.where(np.asarray(palette) == 3, 0, 255).astype(np.uint8)
    expect("png-palette-clear.png", saved(palette, "PNG", transparency=3),
           over_white(np.asarray(palette.convert("RGB")), alpha))
    bits = Image.fromarray(GREY).convert("1")
    expect("png-1-bit.png", saved(bits, "PNG"), np.asarray(bits.convert("RGB")))
    for name, samples, colour_type in (("rgb", PHOTO, 2), ("grey", GREY[..., None], 0)):
        data = png(samples, colour_type, interlaced=True)
        expect(f"png-interlaced-{name}.png", data, pillow_pixels(data))
    expect("png-16-grey.png", png(DEEP[..., :1], 0), to_8_bits(DEEP[..., 0]))
    expect("png-16-grey-alpha.png", png(DEEP[..., :2], 4),
           over_white(as_rgb(DEEP[..., 0]), DEEP[..., 1], limit=65535))
    expect("png-16-rgb.png", png(DEEP[..., :3], 2), to_8_bits(DEEP[..., :3]))
    expect("png-16-rgba-interlaced.png", png(DEEP, 6, interlaced=True),
           over_white(DEEP[..., :3], DEEP[..., 3], limit=65535))
    expect("png-1x1.png", saved(Image.fromarray(PHOTO[:1, :1]), "PNG"), PHOTO[:1, :1])


def bmp(rows, bits, header_size, compression=0, masks=b"", top_down=False):
    height = len(rows)
    offset = 14 + header_size
    header = struct.pack("<IiiHHIIiiII", header_size, WIDTH, -height if top_down else height, 1, bits, compression,
                         0, 2835, 2835, 0, 0) + masks
    header += b"\0" * (header_size - len(header))
    body = b"".join(row + b"\0" * (-len(row) % 4) for row in (rows if top_down else rows[::-1]))
    return b"BM" + struct.pack("<IHHI", offset + len(body), 0, 0, offset) + header + body


def bmps():
    photo = Image.fromarray(PHOTO)
    expect("bmp-24.bmp", saved(photo, "BMP"), PHOTO)
    expect("bmp-grey.bmp", saved(Image.fromarray(GREY), "BMP"), GREY)
    palette = photo.quantize(200)
    expect("bmp-palette.bmp", saved(palette, "BMP"), np.asarray(palette.convert("RGB")))
    bits = Image.fromarray(GREY).convert("1")
    expect("bmp-1.bmp", saved(bits, "BMP"), np.asarray(bits.convert("RGB")))
    bgra = np.dstack([PHOTO[..., ::-1], ALPHA])
    expect("bmp-32-reserved.bmp", bmp([row.tobytes() for row in bgra], 32, 40), PHOTO)
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    expect("bmp-32-alpha.bmp", bmp([row.tobytes() for row in bgra], 32, 108, 3, masks), over_white(PHOTO, ALPHA))
    expect("bmp-24-top-down.bmp", bmp([row[:, ::-1].tobytes() for row in PHOTO], 24, 40, top_down=True), PHOTO)
    five = (PHOTO >> 3).astype(np.uint16)
    packed = five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]
    data = bmp([row.tobytes() for row in packed.astype("<u2")], 16, 40)
    expect("bmp-16.bmp", data, pillow_pixels(data), max_difference=1, mean_difference=1.0)


def gifs():
    palette = Image.fromarray(PHOTO).quantize(64)
    shown = np.asarray(palette.convert("RGB"))
    expect("gif-plain.gif", saved(palette, "GIF", interlace=0), shown)
    expect("gif-interlaced.gif", saved(palette, "GIF", interlace=1), shown)
    clear = np.where(np.asarray(palette) == 5, 0, 255).astype(np.uint8)
    expect("gif-clear.gif", saved(palette, "GIF", transparency=5, interlace=0), over_white(shown, clear))
    second = Image.fromarray(255 - PHOTO).quantize(64)
    expect("gif-two-frames.gif", saved(palette, "GIF", save_all=True, append_images=[second]), shown)


def tgas():
    photo = Image.fromarray(PHOTO)
    expect("tga-rgb.tga", saved(photo, "TGA"), PHOTO)
    flat = Image.fromarray(PHOTO // 64 * 64)
    expect("tga-packed.tga", saved(flat, "TGA", compression="tga_rle"), np.asarray(flat))
    expect("tga-top-down.tga", saved(photo, "TGA", orientation=1), PHOTO)
    expect("tga-grey.tga", saved(Image.fromarray(GREY), "TGA"), GREY)
    rgba = saved(Image.fromarray(np.dstack([PHOTO, ALPHA])), "TGA")
    expect("tga-rgba.tga", rgba, over_white(PHOTO, ALPHA))
    palette = photo.quantize(100)
    expect("tga-palette.tga", saved(palette, "TGA"), np.asarray(palette.convert("RGB")))
    mirrored = bytearray(saved(photo, "TGA"))
    mirrored[17] |= 0x10
    expect("tga-right-to-left.tga", bytes(mirrored), PHOTO[:, ::-1])
    no_alpha = bytearray(rgba)
    no_alpha[17] &= 0xF0
    expect("tga-32-reserved.tga", bytes(no_alpha), PHOTO)


def pnms():
    expect("pnm-rgb.ppm", saved(Image.fromarray(PHOTO), "PPM"), PHOTO)
    expect("pnm-grey.pgm", saved(Image.fromarray(GREY), "PPM"), GREY)
    size = f"{WIDTH} {HEIGHT}".encode()
    small = (PHOTO.astype(int) * 100 // 255).astype(np.uint8)
    expect("pnm-maximum-100.ppm", b"P6\n# a comment\n" + size + b" 100\n" + small.tobytes(), to_8_bits(small, 100))
    wide = DEEP[..., :3].astype(">u2").tobytes()
    expect("pnm-16.ppm", b"P6 " + size + b"\t65535\n" + wide, to_8_bits(DEEP[..., :3]))
    twelve = DEEP[..., 0] >> 4
    expect("pnm-12.pgm", b"P5\n" + size + b"\n4095\n" + twelve.astype(">u2").tobytes(), to_8_bits(twelve, 4095))


def pack_bits(row):
    """Runs of three and more equal bytes are repeated, the rest is copied."""
    packed, at = b"", 0
    while at < len(row):
        run = 1
        while at + run < len(row) and run < 128 and row[at + run] == row[at]:
            run += 1
        if run >= 3:
            packed += bytes([257 - run, row[at]])
        else:
            run = min(len(row) - at, 7)
            packed += bytes([run - 1]) + row[at : at + run]
        at += run
    return packed


def psd(channels, mode, packed):
    """`channels`: (H, W) arrays of uint8 or uint16."""
    bits = channels[0].itemsize * 8
    rows = [row.astype(row.dtype.newbyteorder(">")).tobytes() for channel in channels for row in channel]
    header = b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", len(channels), HEIGHT, WIDTH, bits, mode)
    resource = b"8BIM" + struct.pack(">HHI", 1000, 0, 0)
    sections = struct.pack(">I", 0) + struct.pack(">I", len(resource)) + resource + struct.pack(">I", 0)
    if not packed:
        return header + sections + b"\0\0" + b"".join(rows)
    rows = [pack_bits(row) for row in rows]
    return header + sections + b"\0\1" + struct.pack(f">{len(rows)}H", *map(len, rows)) + b"".join(rows)


def psds():
    colours = [PHOTO[..., i] for i in range(3)]
    flat = [PHOTO[..., i] // 64 * 64 for i in range(3)]
    mask = np.zeros_like(GREY)
    for name, data in (("plain", psd(colours, 3, False)), ("packed", psd(flat, 3, True)),
                       ("grey", psd([GREY], 1, True))):
        expect(f"psd-{name}.psd", data, pillow_pixels(data))
    expect("psd-with-mask.psd", psd([*colours, mask], 3, True), PHOTO)
    deep = [DEEP[..., i] for i in range(3)]
    expect("psd-16.psd", psd(deep, 3, False), to_8_bits(DEEP[..., :3]))
    expect("psd-16-packed.psd", psd(deep, 3, True), to_8_bits(DEEP[..., :3]))


def refused():
    small = Image.fromarray(make_photo(8, 8))
    for format in ("WEBP", "AVIF", "TIFF", "ICO", "JPEG2000"):
        (OUT / f"refused.{format.lower()}").write_bytes(saved(small, format))
    zeros = zlib.compress(bytes(40_000_000), 9)
    chunks = (png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), png_chunk(b"IDAT", zeros),
              png_chunk(b"IEND", b""))
    (OUT / "refused-bomb.png").write_bytes(PNG_MARK + b"".join(chunks))


def resizes():
    filters = {"box": Image.Resampling.BOX, "bilinear": Image.Resampling.BILINEAR,
               "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}
    # Text-like black and white makes the filters overshoot and the result saturate.
    checks = ((np.add.outer(np.arange(40), np.arange(61)) % 7 < 3) * 255).astype(np.uint8)
    sources = {
        "photo": (PHOTO, ((20, 15), (7, 40), (74, 51), (37, 10), (52, 27), (1, 1), (37, 27))),
        "checks": (as_rgb(checks), ((30, 19), (67, 47), (3, 2))),
        "pixel": (PHOTO[:1, :1], ((1, 1), (5, 3))),
        "column": (PHOTO[:, :1], ((1, 9), (4, 50))),
        "row": (PHOTO[:1], ((9, 1), (80, 2))),
        "wide": (make_photo(700, 5, seed=4), ((9, 4), (31, 5))),
    }
    for pixels, sizes in sources.values():
        source = store(pixels)
        for name, code in filters.items():
            for size in sizes:
                result = store(Image.fromarray(pixels).resize(size, code))
                resized.append({"source": source, "filter": name, "result": result})


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    for make in (jpegs, pngs, bmps, gifs, tgas, pnms, psds, refused, resizes):
        make()
    golden = {"made_by": "tests/oracles/make_image_goldens.py",
              "versions": {"pillow": PIL.__version__, "numpy": np.__version__,
                           "libjpeg": features.version("jpg")},
              "decoded": decoded, "resized": resized}
    (OUT / "pixels.bin").write_bytes(stored)
    (OUT / "goldens.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
