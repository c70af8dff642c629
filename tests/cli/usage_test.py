"""Wrong usage ends with status 2 and one line; help and version with status 0; a bad profile file with status 1."""

import program


class Usage(program.ProgramTest):
    def test_wrong_usage(self):
        photo = program.sample_photos()[0]
        profile = self.profile_file("p.json", {})
        for arguments, word in [
            ([], "score, rank, rate, ask, predict, person, models, train, eval, study or data"),
            (["evaluate"], "evaluate"),
            (["score"], "PATH"),
            (["score", "--format", "xml", photo], "xml"),
            (["score", "--jobs", "0", photo], "jobs"),
            (["score", "--age", "900", photo], "age"),
            (["score", "--age", "old", photo], "old"),
            (["score", "--about", "", photo], "about"),
            (["score", "--about", "word " * 2000, photo], "about"),
            (["score", "--openness", "11", photo], "openness"),
            (["score", "--shape", "round", photo], "--shape"),
            (["score", "--profile", profile, "--profile", profile, photo], "profile"),
            (["rank", "--html", photo], "PATH"),
            (["models", "nonsense"], "nonsense"),
        ]:
            with self.subTest(arguments=arguments):
                self.assert_one_line_error(program.run(*arguments), 2, word, "--help")

    def test_help_and_version(self):
        for arguments in (["--help"], ["score", "--help"], ["rank", "--help"], ["models", "--help"],
                          ["models", "verify", "--help"], ["eval", "--help"], ["train", "--help"],
                          ["data", "check", "--help"], ["rate", "--help"], ["ask", "--help"], ["predict", "--help"], ["study", "--help"],
                          ["train", "population", "--help"], ["person", "--help"],
                          ["person", "concepts", "--help"], ["interview", "--help"]):
            done = program.run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
            self.assertIn(b"Usage: paa", done.stdout)
            self.assertLessEqual(max(map(len, done.stdout.decode().splitlines())), 120, arguments)
        self.assertRegex(program.run("--version").stdout.decode(),
                         rf"\Apaa \d+\.\d+\.\d+\ndefault model {program.MODEL.name}\n\Z")

    def test_a_bad_profile_is_refused_by_name_of_its_field(self):
        photo = program.sample_photos()[0]
        for fields, word in [({"agee": 30}, "agee"), ({"age": "thirty"}, "age"), ({"age": 900}, "age"),
                             ({"personality": {"luck": 3}}, "luck"), ({"interests": "boats"}, "interests"),
                             ([], "object")]:
            with self.subTest(fields=fields):
                file = self.profile_file("profile.json", fields)
                self.assert_one_line_error(program.run("score", "--profile", file, photo), 1, "profile.json", word)
        file.write_text('{"age": 30')
        self.assert_one_line_error(program.run("score", "--profile", file, photo), 1, "profile.json", "line 1")
        file.unlink()
        self.assert_one_line_error(program.run("score", "--profile", file, photo), 1, "profile.json")

    def test_a_profile_too_long_for_the_prompt_is_refused(self):
        done = program.run("score", "--about", "word " * 600, program.sample_photos()[0])
        self.assert_one_line_error(done, 1, "256")


if __name__ == "__main__":
    program.main()
