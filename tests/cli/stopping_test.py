"""The program stops when it is told to, and what it has said until then is whole."""

import json
import os
import pty
import signal
import subprocess
import time

import program

MANY = 600


class Stopping(program.ProgramTest):
    def start(self, *arguments, **options):
        """The program on many photos, with its first line of output already read."""
        command = [program.PROGRAM, "score", "--format", "json", *arguments, self.linked_samples(MANY)]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.addCleanup(running.kill)
        return running, running.stdout.readline()

    def test_interrupting_ends_soon_with_what_was_done(self):
        running, first = self.start()
        running.send_signal(signal.SIGINT)
        begin = time.monotonic()
        rest, errors = running.communicate(timeout=60)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual((running.returncode, errors), (130, b""))
        lines = (first + rest).decode().splitlines()
        self.assertLess(len(lines), MANY)
        for line in lines:
            self.assertIn("score", json.loads(line))

    def test_closing_the_output_ends_quietly(self):
        for ignored in (False, True):
            with self.subTest(sigpipe_ignored=ignored):
                self.setUp()
                running, _ = self.start(restore_signals=not ignored)
                running.stdout.close()
                errors = running.stderr.read()
                running.stderr.close()
                self.assertEqual((running.wait(60), errors), (1 if ignored else -signal.SIGPIPE, b""))

    def test_a_full_disk_under_the_output_is_said(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program.PROGRAM, "score", program.sample_photos()[0]], stdout=full,
                                  stderr=subprocess.PIPE, timeout=program.TIMEOUT_S)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)

    def test_progress_is_for_terminals_only(self):
        command = [program.PROGRAM, "score", *program.sample_photos()]
        master, terminal = pty.openpty()
        shown = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, timeout=program.TIMEOUT_S)
        os.close(terminal)
        self.assertEqual(shown.returncode, 0)
        self.assertIn(f"of {len(program.sample_photos())} photos".encode(), os.read(master, 65536))
        os.close(master)
        self.assertEqual(program.run(*command[1:]).stderr, b"")


if __name__ == "__main__":
    program.main()
