"""Fits the weights of src/interview/readers/en.json to the training half of the labelled answers.

    python fit_interview_reader.py SmolLM2-135M-Instruct.Q4_1.gguf      (needs torch, transformers, gguf, accelerate, scikit-learn)

Reads the cues and words from the file, replaces its weights, and prints how both halves come out. How clauses are cut
is what src/interview/clauses.cpp does.
"""

import json
import pathlib
import re
import sys

import numpy as np
import torch
from make_smollm2_goldens import load
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

ROOT = pathlib.Path(__file__).resolve().parents[2]
READER = ROOT / "src/interview/readers/en.json"
ANSWERS = ROOT / "tests/interview/data/answers.json"
MARGIN = " ,;:-\t\r"


def phrase(words):
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<![\w'-])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w'-])", re.IGNORECASE)


def clauses(answer, words):
    """(begin, text, opposite)"""
    found = []

    def add(begin, end, opposite):
        text = answer[begin:end]
        begin += len(text) - len(text.lstrip(MARGIN))
        text = text.strip(MARGIN)
        if re.search(r"\w", text):
            found.append((begin, text, opposite))

    turns, than, compares = (phrase(words[key]) for key in ("turns", "than", "compares"))
    for sentence in re.finditer(r"[^.!?\n]+", answer):
        begin, end = sentence.span()
        while begin < end:
            turn = turns.search(answer, begin, end)
            until = turn.start() if turn else end
            worse = than.search(answer, begin, until)
            if worse and worse.start() > begin and compares.search(answer, begin, until):
                add(begin, worse.start(), False)
                add(worse.end(), until, True)
            else:
                add(begin, until, False)
            begin = turn.end() if turn else end
    return found


def labelled_clauses(half, words):
    """(text, -1 dislike | 1 like | 0 states nothing)"""
    for answer in json.loads(ANSWERS.read_text())["answers"]:
        if answer["half"] != half:
            continue
        places = []
        for said in answer["statements"]:
            quote = answer["answer"].index(said["quote"])
            places.append((quote + said["quote"].index(said["subject"]), said["polarity"]))
        for begin, text, opposite in clauses(answer["answer"], words):
            said = {polarity for place, polarity in places if begin <= place < begin + len(text)}
            if len(said) < 2:
                sign = {"like": 1, "dislike": -1}[said.pop()] if said else 0
                yield text, -sign if opposite else sign


class Contrasts:
    def __init__(self, gguf, reader):
        self.model, self.tokenizer = load(pathlib.Path(gguf))
        self.reader = reader["polarity"]
        neutral = [self.raw(text) for text in self.reader["neutral"]]
        self.habit = np.mean(neutral, axis=0)

    def first(self, word):
        return self.tokenizer(" " + word, add_special_tokens=False).input_ids[0]

    @torch.no_grad()
    def raw(self, clause):
        ids = lambda text: torch.tensor([self.tokenizer(text, add_special_tokens=False).input_ids])
        past = self.model(ids(self.reader["text"].replace("{clause}", clause)), use_cache=True).past_key_values
        read = past.get_seq_length()
        values = []
        for contrast in self.reader["contrasts"]:
            logits = self.model(ids(" " + contrast["cue"]), past_key_values=past, use_cache=True).logits[0, -1]
            past.crop(read - past.get_seq_length())
            mean = lambda words: np.mean([logits[self.first(word)].item() for word in words])
            values.append(mean(contrast["like"]) - mean(contrast["dislike"]))
        return np.array(values)

    def of(self, clause):
        return self.raw(clause) - self.habit


def main():
    reader = json.loads(READER.read_text())
    contrasts = Contrasts(sys.argv[1], reader)
    halves = {}
    for half in ("train", "held-out"):
        texts, labels = zip(*labelled_clauses(half, reader["clauses"]))
        halves[half] = np.array([contrasts.of(text) for text in texts]), np.array(labels)
    x, y = halves["train"]
    polarity = LogisticRegression(C=0.3).fit(x[y != 0], y[y != 0])
    both = lambda x: np.concatenate([x, np.abs(x)], axis=1)
    stated = LogisticRegression(C=0.1, max_iter=5000).fit(both(x), y != 0)
    for half, (x, y) in halves.items():
        print(half, "clauses", len(y), "polarity %.3f" % polarity.score(x[y != 0], y[y != 0]),
              "states a taste or not %.3f" % stated.score(both(x), y != 0),
              "AUC %.3f" % roc_auc_score(y != 0, stated.decision_function(both(x))))
    count = len(reader["polarity"]["contrasts"])
    for i, contrast in enumerate(reader["polarity"]["contrasts"]):
        contrast["like_weight"] = round(float(polarity.coef_[0][i]), 4)
        contrast["stated_weight"] = round(float(stated.coef_[0][i]), 4)
        contrast["stated_size_weight"] = round(float(stated.coef_[0][count + i]), 4)
    reader["polarity"]["like_bias"] = round(float(polarity.intercept_[0]), 4)
    reader["polarity"]["stated_bias"] = round(float(stated.intercept_[0]), 4)
    READER.write_text(json.dumps(reader, indent=1) + "\n")


if __name__ == "__main__":
    main()
