"""paa rank: the table and the page show what score computes, best first, and the page stands alone."""

import html.parser
import re
import resource
import signal

import program

ANNA = {"age": 31, "gender": "female", "about": "I love quiet landscapes."}
BEN = {"age": 58, "gender": "male", "education": "high school"}
ROW = re.compile(r" *(\d+) +([\d.]+) ± [\d.]+ +([\d.]+) ± [\d.]+  (.*)")


class Page(html.parser.HTMLParser):
    """What the tests want to know of a page."""

    def __init__(self, text):
        super().__init__()
        self.text, self.tags, self.images, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        self.text.append(data)

    def images_found(self):
        return [attributes for tag, attributes in self.tags if tag == "img"]


class Ranking(program.ProgramTest):
    def people(self):
        return ["--profile", self.profile_file("anna.json", ANNA), "--profile", self.profile_file("ben.json", BEN)]

    def test_rank_orders_the_scores_of_score(self):
        people = self.people()
        anna, ben = ({line["photo"]: line["score"] for line in program.json_lines(
            program.run("score", "--format", "json", "--profile", file, program.SAMPLES))} for file in people[1::2])
        done = program.run("rank", *people, program.SAMPLES)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        lines = [line for line in done.stdout.decode().splitlines() if not line.startswith("#")]
        self.assertEqual(lines[0].split(), ["rank", "anna", "ben", "photo"])
        rows = [ROW.fullmatch(line).groups() for line in lines[1:]]
        best_first = sorted(anna, key=anna.get, reverse=True)
        self.assertEqual(rows, [(str(i + 1), f"{anna[photo]:.2f}", f"{ben[photo]:.2f}", photo)
                                for i, photo in enumerate(best_first)])

    def test_the_page_is_complete_alone_and_always_the_same(self):
        people = self.people()
        pages = []
        for name, jobs in (("one.html", "1"), ("two.html", "4")):
            done = program.run("rank", *people, "--jobs", jobs, "--html", self.folder / name, program.SAMPLES)
            self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
            pages.append((self.folder / name).read_bytes())
        self.assertEqual(pages[0], pages[1])
        text = pages[0].decode()
        page = Page(text)
        self.assertEqual(page.open, [])
        images = page.images_found()
        self.assertEqual(len(images), len(program.sample_photos()))
        for image in images:
            self.assertTrue(image["src"].startswith("data:image/jpeg;base64,/9j/"))
            self.assertNotEqual(image["alt"], "")
        without_images = re.sub(r"data:[^\"]*", "", text)
        self.assertNotRegex(without_images, r"https?:|//|url\(|@import|<link|<iframe| src=\"[^\"]")
        self.assertIn("default-src 'none'", text)
        words = "".join(page.text)
        table = program.run("rank", *people, program.SAMPLES).stdout.decode().splitlines()
        for line in table[4:]:
            _, anna, ben, photo = ROW.fullmatch(line).groups()
            at = words.index(photo.rsplit("/", 1)[1])
            self.assertEqual(re.findall(r"(\d\.\d\d) ±", words[at:])[:2], [anna, ben])

    def test_the_page_escapes_what_people_typed(self):
        attack = '"><script>alert(1)</script>&<img src=x onerror=alert(1)>'
        photo = self.sample_as("<script>alert(2)<&script>'\".png")
        target = self.folder / "page.html"
        done = program.run("rank", "--about", attack, "--html", target, photo)
        self.assertEqual(done.returncode, 0, done.stderr)
        page = Page(target.read_text())
        self.assertEqual(len(page.images_found()), 1)
        self.assertNotIn("script", [tag for tag, _ in page.tags])
        self.assertIn(attack, "".join(page.text))
        self.assertIn(photo.name, "".join(page.text))

    def test_a_failed_photo_is_named_and_the_others_are_ranked(self):
        broken = self.folder / "broken.png"
        broken.write_bytes(b"")
        done = program.run("rank", "--html", self.folder / "page.html", program.sample_photos()[0], broken)
        self.assertEqual(done.returncode, 1)
        self.assertIn("broken.png", done.stderr.decode())
        self.assertIn("broken.png", (self.folder / "page.html").read_text())

    def test_nothing_half_written_is_left_on_a_full_disk(self):
        target = self.folder / "page.html"
        target.write_text("the page before")

        def small_disk():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        done = program.run("rank", "--html", target, program.sample_photos()[0], preexec_fn=small_disk)
        self.assert_one_line_error(done, 1, "page.html")
        self.assertEqual(target.read_text(), "the page before")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["page.html"])

    def test_a_page_goes_only_where_a_file_can(self):
        photo = program.sample_photos()[0]
        self.assert_one_line_error(program.run("rank", "--html", self.folder, photo), 1, "is not a file")
        self.assert_one_line_error(program.run("rank", "--html", "/dev/null", photo), 1, "is not a file")
        missing = self.folder / "no/page.html"
        self.assert_one_line_error(program.run("rank", "--html", missing, photo), 1, "does not exist")


if __name__ == "__main__":
    program.main()
