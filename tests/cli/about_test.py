"""Free text about a person moves the scores of the default model, in the direction that it says.

Neither these photos nor these wordings were trained on, nor anything about cats.
"""

import program

# photo -> what it shows, in words
SHOWN = {"chelsea.png": "cats", "hubble_deep_field.jpg": "stars and galaxies", "rocket.jpg": "planes and rockets"}
LIKES = ["I am crazy about {}.", "big fan of {}", "My favourite photos are of {}."]
DISLIKES = ["I find {} ugly.", "please no {}", "I cannot bear to look at {}."]


class About(program.ProgramTest):
    def scores(self, *more):
        done = program.run("score", "--format", "json", *more, *program.sample_photos())
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return {program.pathlib.Path(line["photo"]).name: line["score"] for line in program.json_lines(done)}

    def lead(self, name, text):
        """How far one photo's score lies above the mean of the others'."""
        scores = self.scores("--about", text)
        others = [score for other, score in scores.items() if other != name]
        return scores[name] - sum(others) / len(others)

    def test_likes_raise_and_dislikes_lower(self):
        for name, what in SHOWN.items():
            liked = [self.lead(name, text.format(what)) for text in LIKES]
            disliked = [self.lead(name, text.format(what)) for text in DISLIKES]
            with self.subTest(photo=name, liked=liked, disliked=disliked):
                self.assertGreater(sum(liked) / 3, sum(disliked) / 3 + 0.2)

    def test_no_text_is_no_taste(self):
        generic = self.scores()
        self.assertNotEqual(generic, self.scores("--about", "I love cats."))
        self.assertEqual(generic, self.scores())


if __name__ == "__main__":
    program.main()
