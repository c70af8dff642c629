"""Memory does not grow with the number of photos."""

import os
import subprocess

import program

# One decoded sample photo takes about 1 MB, its vision tokens 0.4 MB: 360 kept by mistake would take 140 MB at least.
ALLOWED_GROWTH_KB = 60_000
# Several threads' heaps fragment each in its own way; with one heap the peak tells what is held.
ENVIRONMENT = {**os.environ, "MALLOC_ARENA_MAX": "1"}


class Memory(program.ProgramTest):
    def peak_kb(self, count):
        folder = self.linked_samples(count)
        with subprocess.Popen([program.PROGRAM, "score", folder], stdout=subprocess.DEVNULL, env=ENVIRONMENT) as running:
            _, status, usage = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(running.returncode, 0)
        return usage.ru_maxrss

    def test_four_hundred_photos_take_no_more_than_forty(self):
        # Both fill the last of the batches that photos are scored in: a part of one has other shapes, and other buffers.
        few = self.peak_kb(40)
        self.setUp()
        self.assertLess(self.peak_kb(400), few + ALLOWED_GROWTH_KB)


if __name__ == "__main__":
    program.main()
