#!/usr/bin/env python3
"""Trains the small SentencePiece models of tests/text and makes their golden values.

    python3 tests/oracles/make_sentencepiece_models.py OUT_FOLDER

OUT_FOLDER holds strings.json (see make_tokenizer_goldens.py). Needs sentencepiece. Written there:

  unigram.model    unigram, byte fallback, its own normalisation rules, extra white space removed
  bpe.model        BPE as Llama's: byte fallback, no normalisation, white space kept, digits apart
  plain.model      BPE without byte fallback and without dummy prefix, with control and user-defined symbols
  sentencepiece_golden.json   by model: ids and decoded text of each string, byte offsets of some
"""

import contextlib
import io
import json
import pathlib
import sys
import tempfile

import sentencepiece

EVERY_STRING, EVERY_OFFSET = 3, 5

# "from<TAB>to" in hexadecimal code points: control white space and odd spaces, a ligature, full-width letters, "...".
RULES = (
    ["%X\t20" % c for c in (9, 10, 13, 0xA0, 0x3000)]
    + ["FB01\t66 69", "2026\t2E 2E 2E", "AD\t", "65 301\tE9"]
    + ["%X\t%X" % (0xFF21 + i, 0x41 + i) for i in range(26)]
    + ["%X\t%X" % (0xFF41 + i, 0x61 + i) for i in range(26)]
)


def train(corpus, **options):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(corpus),
        model_writer=model,
        minloglevel=2,
        hard_vocab_limit=False,
        num_threads=1,
        **options,
    )
    return model.getvalue()


def train_models(corpus):
    # The model records the rules' path, so that must be the same on every machine.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        pathlib.Path("rules.tsv").write_text("\n".join(RULES) + "\n")
        unigram = train(
            corpus,
            model_type="unigram",
            vocab_size=800,
            byte_fallback=True,
            character_coverage=0.98,
            normalization_rule_tsv="rules.tsv",
        )
    bpe = train(
        corpus,
        model_type="bpe",
        vocab_size=800,
        byte_fallback=True,
        character_coverage=0.98,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True,
    )
    plain = train(
        corpus,
        model_type="bpe",
        vocab_size=400,
        character_coverage=0.98,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        control_symbols=["<|im_start|>", "<|im_end|>"],
        user_defined_symbols=["<tool>", "\u2581\u2581", "\u2581\u2581\u2581\u2581"],
    )
    return {"unigram": unigram, "bpe": bpe, "plain": plain}


def byte_offsets(model, text):
    """Bytes; the byte tokens of one character all cover it, where the library lets only the last one."""
    offsets = [[p.begin, p.end, model.is_byte(p.id)] for p in model.encode(text, return_type="proto").pieces]
    for this, following in zip(reversed(offsets[:-1]), reversed(offsets[1:])):
        if this[2] and following[2] and this[0] == this[1] == following[0]:
            this[1] = following[1]
    return [[begin, end] for begin, end, _ in offsets]


def main():
    out = pathlib.Path(sys.argv[1])
    data = json.loads((out / "strings.json").read_text(encoding="utf-8"))
    texts = data["strings"] + [bytes.fromhex(h).decode(errors="replace") for h in data["broken_hex"]]
    words = data["strings"][:1450]  # the rest are random characters
    corpus = [s for s in words if len(s) > 2 and s.strip() and "\0" not in s and "<|" not in s] * 2
    golden = {"versions": {"sentencepiece": sentencepiece.__version__}}
    for name, serialised in train_models(corpus).items():
        (out / f"{name}.model").write_bytes(serialised)
        model = sentencepiece.SentencePieceProcessor(model_proto=serialised)
        chosen = range(0, len(texts), EVERY_STRING)
        golden[name] = {
            "ids": {i: model.encode(texts[i]) for i in chosen},
            "decoded": {
                i: model.decode(model.encode(texts[i]))
                for i in chosen
                if model.decode(model.encode(texts[i])) != texts[i]
            },
            "offsets": {i: byte_offsets(model, texts[i]) for i in chosen[::EVERY_OFFSET]},
        }
    text = json.dumps(golden, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    (out / "sentencepiece_golden.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
