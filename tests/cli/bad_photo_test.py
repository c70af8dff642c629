"""Photos that cannot be scored: each is named with its reason, none stops the others."""

import struct
import zlib

import program


def png_claiming(width, height):
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


class BadPhotos(program.ProgramTest):
    def test_each_is_named_and_the_good_ones_are_scored(self):
        whole = self.sample_as("whole.png")
        jpeg = next(path for path in program.sample_photos() if path.suffix == ".jpg").read_bytes()
        bad = {"empty.png": b"", "cut.png": whole.read_bytes()[:-2000], "cut.jpg": jpeg[:len(jpeg) // 2],
               "text.jpg": b"I am not a photo, whatever my name says.\n", "huge.png": png_claiming(60000, 60000),
               "photo.webp": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(32), "zero.png": png_claiming(0, 10)}
        for name, content in bad.items():
            (self.folder / name).write_bytes(content)
        self.sample_as("a_photo.txt")
        order = ["missing.jpg", *bad, "a_photo.txt", "whole.png"]
        done = program.run("score", "--format", "json", *order, cwd=self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.decode(), "paa: 8 of 10 photos could not be scored\n")
        lines = program.json_lines(done)
        self.assertEqual([line["photo"] for line in lines], order)
        for line in lines[:-2]:
            self.assertEqual(list(line), ["photo", "error"])
            self.assertIn(line["photo"], line["error"])
        errors = {line["photo"]: line["error"] for line in lines[:-2]}
        self.assertIn("no such file", errors["missing.jpg"])
        self.assertIn("limit", errors["huge.png"])
        self.assertIn("WebP", errors["photo.webp"])
        self.assertEqual(lines[-2]["score"], lines[-1]["score"], "a name does not matter")

        rows = program.csv_rows(program.run("score", "--format", "csv", *order, cwd=self.folder))
        self.assertEqual([(row["photo"], row["error"]) for row in rows],
                         [(line["photo"], line.get("error", "")) for line in lines])

        text = program.run("score", *order, cwd=self.folder)
        self.assertEqual(text.returncode, 1)
        self.assertEqual(len(text.stdout.decode().splitlines()), 3)
        self.assertEqual(text.stderr.decode().splitlines(), [f"paa: {error}" for error in errors.values()])

    def test_in_a_folder_a_damaged_photo_fails_too(self):
        self.sample_as("in/whole.png")
        (self.folder / "in/damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0")
        done = program.run("score", "--format", "json", "in", cwd=self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(["error" in line for line in program.json_lines(done)], [True, False])

    def test_a_page_without_any_photo_is_not_written(self):
        (self.folder / "empty.png").write_bytes(b"")
        done = program.run("rank", "--html", "page.html", "empty.png", cwd=self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertFalse((self.folder / "page.html").exists())


if __name__ == "__main__":
    program.main()
