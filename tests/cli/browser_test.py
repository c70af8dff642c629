"""The gallery page in a real browser: its script runs under its policy, its buttons work, a phone shows it whole."""

import re
import shutil
import subprocess
import sys
import tempfile

import program

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
PHONE_WIDTH = 360


def dom_of(page):
    """The page's document after its scripts have run."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             f"--user-data-dir={profile}", "--dump-dom", page.resolve().as_uri()],
            capture_output=True, text=True, timeout=program.TIMEOUT_S)
    return done.stdout


class InBrowser(program.ProgramTest):
    def setUp(self):
        super().setUp()
        people = [self.profile_file("a_person_with_a_remarkably_long_name.json", {"about": "I like " + "w" * 150}),
                  self.profile_file("ben.json", {"age": 58})]
        self.sample_as("photos/" + "a_long_photo_name_" * 8 + ".png")
        self.page = self.folder / "page.html"
        for photo in program.sample_photos():
            self.sample_as("photos/" + photo.name, program.sample_photos().index(photo))
        done = program.run("rank", "--profile", people[0], "--profile", people[1], "--html", self.page,
                           self.folder / "photos")
        self.assertEqual(done.returncode, 0, done.stderr)

    def with_probe(self, script):
        """What `script` returns in the page; the page's own policy would not let it run."""
        text = POLICY.sub("", self.page.read_text())
        probe = f"<script>document.title = 'probe ' + JSON.stringify((() => {{ {script} }})());</script>"
        probed = self.folder / "probed.html"
        probed.write_text(text.replace("</body>", probe + "</body>"))
        return re.search(r"<title>probe (.*?)</title>", dom_of(probed))[1]

    def test_the_script_runs_under_the_policy(self):
        self.assertRegex(self.page.read_text(), r'class="sort"[^>]* hidden')
        self.assertNotRegex(dom_of(self.page), r'class="sort"[^>]* hidden')

    def test_a_button_brings_the_other_persons_order(self):
        order = self.with_probe("""
            const photos = [...document.querySelectorAll('.photo')];
            photos.forEach((photo, i) => photo.dataset.ranks = `${i + 1} ${photos.length - i}`);
            const names = () => [...document.querySelectorAll('.path b')].map(name => name.textContent).join();
            const before = names();
            const [first, second] = document.querySelectorAll('.sort button');
            second.click();
            const reversed = names() === before.split(',').reverse().join();
            const ranks = [...document.querySelectorAll('.rank')].map(rank => rank.textContent).join();
            const pressed = second.getAttribute('aria-pressed') + first.getAttribute('aria-pressed');
            first.click();
            return [reversed, ranks, pressed, names() === before];""")
        self.assertEqual(order, '[true,"1,2,3,4,5,6","truefalse",true]')

    def test_a_phone_needs_no_sideways_scrolling(self):
        frame = self.folder / "phone.html"
        text = POLICY.sub("", self.page.read_text()).replace("</body>", "<script>parent.document.title = 'probe ' + "
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth];</script></body>")
        escaped = text.replace("&", "&amp;").replace('"', "&quot;")
        frame.write_text(f'<title></title><iframe style="width:{PHONE_WIDTH}px;height:640px;border:0" '
                         f'srcdoc="{escaped}"></iframe>')
        width, shown = map(int, re.search(r"<title>probe (\d+),(\d+)</title>", dom_of(frame)).groups())
        self.assertLessEqual(width, shown)
        self.assertLessEqual(shown, PHONE_WIDTH)


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: no chromium or google-chrome on this machine")
        sys.exit(program.SKIPPED)
    program.main()
