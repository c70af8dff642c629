"""Memory does not grow with the number of photos."""

import os
import subprocess

import program

# One decoded sample photo takes about 1 MB, its vision tokens 0.4 MB: 180 kept by mistake would take far more.
ALLOWED_GROWTH_KB = 30_000


class Memory(program.ProgramTest):
    def peak_kb(self, count):
        folder = self.linked_samples(count)
        with subprocess.Popen([program.PROGRAM, "score", folder], stdout=subprocess.DEVNULL) as running:
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(running.returncode, 0)
        return usage.ru_maxrss

    def test_two_hundred_photos_take_no_more_than_twenty(self):
        few = self.peak_kb(20)
        self.setUp()
        self.assertLess(self.peak_kb(200), few + ALLOWED_GROWTH_KB)


if __name__ == "__main__":
    program.main()
