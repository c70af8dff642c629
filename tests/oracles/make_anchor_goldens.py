#!/usr/bin/env python3
"""Expected values of tests/dlllm/anchor_rater_test.cpp: what the frozen LLM would go on with, by transformers in fp32.

For every line of anchor_labels.json the digit that the line's concept gets. Needs torch, transformers and gguf.

    python3 make_anchor_goldens.py FOLDER_OF_GGUF SmolLM2-135M-Instruct.Q4_1.gguf > ../dlllm/data/anchors.json
"""

import json
import math
import pathlib
import sys

import torch
import transformers

CUE = " The scene is very"
NEUTRAL = ["something.", "a thing and another thing.", "a scene.", "a person, an animal and an object."]
WORDS = {
    "concreteness": ("abstract mysterious vague", "concrete real solid"),
    "motion": ("still static quiet", "fast dynamic moving"),
    "temperature": ("cold snowy", "hot tropical"),
    "valence": ("sad bad unpleasant", "happy good pleasant"),
    "naturalness": ("artificial industrial urban", "natural wild green"),
    "age": ("modern new young", "old ancient historic"),
    "danger": ("safe peaceful gentle", "dangerous violent deadly"),
    "company": ("lonely empty deserted", "crowded busy lively"),
    "spaciousness": ("narrow small tight", "wide open vast"),
    "tenderness": ("hard harsh rough", "tender soft sweet"),
}


def main():
    folder, file = sys.argv[1:]
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=file)
    known = {}

    def contrast(concept, description):
        if description not in known:
            ids = tokenizer("The photo shows " + description + CUE, add_special_tokens=False, return_tensors="pt").input_ids
            with torch.no_grad():
                known[description] = model(ids).logits[0, -1]
        low, high = ([known[description][tokenizer(" " + word, add_special_tokens=False).input_ids[0]] for word in end.split()]
                     for end in WORDS[concept])
        return float(sum(high) / len(high) - sum(low) / len(low))

    labels = json.loads((pathlib.Path(__file__).parent.parent / "dlllm/data/anchor_labels.json").read_text())
    digits = []
    for label in labels:
        concept = label["concept"]
        habit = sum(contrast(concept, description) for description in NEUTRAL) / len(NEUTRAL)
        digits.append(round(9 / (1 + math.exp(habit - contrast(concept, label["description"]))), 4))
    json.dump({"torch": torch.__version__, "transformers": transformers.__version__, "digits": digits}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
