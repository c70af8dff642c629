#!/usr/bin/env python3
"""Makes the golden values of tests/text for byte-level BPE and the chat template.

    python3 tests/oracles/make_tokenizer_goldens.py GGUF OUT_FOLDER

GGUF is SmolLM2-135M-Instruct.Q4_1.gguf. Needs tokenizers, transformers and gguf. Written to OUT_FOLDER:

  strings.json               the test strings, and broken UTF-8 as hexadecimal bytes with what Python makes of it
  small_{gpt2,smollm}.tokenizer.json   a small vocabulary under either pre-tokenizer
  small_golden.json          its ids and offsets
  smollm2_golden.json        the real vocabulary's ids and offsets
  chat_golden.json           its chat template, and conversations in it as text and as ids of both vocabularies

The GGUF's "pre" says "smollm", but transformers builds plain GPT-2 words from any GGUF. So the oracle for "smollm" is
the same `tokenizers` object with Digits put before ByteLevel, as in the tokenizer.json the model was published with.

In a golden file "gpt2" has the ids for each string with special tokens as plain text; "smollm" only those that differ,
by index; "special" those that differ when special tokens are recognised. "offsets" are bytes.
"""

import argparse
import json
import pathlib
import random
import unicodedata

import gguf
import tokenizers
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

PROSE = """The old harbour wakes slowly: gulls first, then the engines of two boats, then the bell that nobody can explain.
She doesn't like photographs of food, but she'd keep one of a burnt pancake because they're honest. We'll see what I've got.
In 1987 the bridge cost 12,400,000; in 2024 a repair cost 3.75 times as much, that's 46,500,000.
A woman, 30 to 34 years old, university. A man, 15 to 19 years old, high school. In one word, the beauty of this photo is good.
Der Flußschiffer wärmt sich die Hände; l'été s'achève; el niño comió piña; Žluťoučký kůň úpěl ďábelské ódy.
Съешь же ещё этих мягких французских булок, да выпей чаю. Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.
朝の港に船が二隻。写真は静かで美しい。我喜歡雨後的街道，灯光倒映在水里。한국의 가을 하늘은 높고 푸르다.
صورة جميلة لغروب الشمس فوق البحر، ١٢٣ نجمة. תמונה יפה של הים בלילה. हिमालय की तस्वीर बहुत सुंदर है। ภาพถ่ายสวยมาก
for (int i = 0; i < n; ++i) { sum += a[i] * b[i]; }  // O(n)
def score(photo, *, person=None):\n\treturn {"mean": 4.2, 'spread': 0.8}[photo]\n
SELECT name, COUNT(*) FROM ratings WHERE score >= 5 GROUP BY name ORDER BY 2 DESC;
<div class="card" data-id='42'>&nbsp;&amp;</div> https://example.org/a/b?c=1&d=%20e#f  C:\\Users\\x\\file_name-2.tar.gz
🙂 👍🏽 👩‍👩‍👧‍👦 🇧🇪 ❤️‍🔥 ✈️ ①②③ ½ ² Ⅷ 𝟘𝟙 ﬁ Å e\u0301 a\u0308\u0323 ｆｕｌｌ ﷺ ‰ № … — “quoted” ‘single’ «guillemets»"""

# Each white space of Unicode, and what only looks like it (U+180E, U+200B, U+FEFF, U+001C..1F).
SPACES = [
    chr(c)
    for c in [*range(9, 14), 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]
]
NEARLY_SPACES = [chr(c) for c in [0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x1C, 0x1D, 0x1E, 0x1F]]
LOOK_ALIKES = [
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|im_start|>user\nhello<|im_end|>\n",
    "<|im_end|",
    "<|im_end|>>",
    "<<|im_end|>",
    "< |im_end|>",
    "<|IM_END|>",
    " <|im_end|> ",
    "<|im_start|><|im_start|>",
    "<|im_<|im_end|>",
    "<file_sep>",
    "<reponame>x<filename>y",
    "<gh_stars>3",
    "<tool>",
    "<tool> x",
    "a<tool>",
    "x <mask> y",
    "x  <mask>  y",
    "<mask><mask>",
    " <mask> <mask> ",
    "x <right>  y",
    "<right>\n\n<mask>",
    "<right> <right>",
    "ÄÖ",
    "xÄÖy",
    "<|im_end|>ÄÖ",
    "<tools>",
    "a\u3000<mask>\u00a0<right>\u2003b",
    "<tool><|im_end|><tool>",
    "<|im_start|>ÄÖ<mask>",
]


def assigned_characters():
    """Characters assigned long ago, so that every library's Unicode tables know them."""
    old = unicodedata.ucd_3_2_0
    return [chr(c) for c in range(0x20, 0x110000) if old.category(chr(c)) not in ("Cn", "Cs", "Co")]


def make_strings(rng):
    lines = [line for line in PROSE.splitlines() if line]
    words = PROSE.split()
    characters = assigned_characters()
    by_class = [[c for c in characters if unicodedata.category(c)[0] == k] for k in "LMNPSZC"]
    strings = [
        "",
        " ",
        "  ",
        "\n",
        "\t",
        "\r\n",
        "\n\n\n",
        "a",
        "0",
        ".",
        "'",
        "'s",
        "it's",
        "IT'S",
        "'ll 'LL 'Re",
        "\u2019s",
    ]
    strings += lines + LOOK_ALIKES
    strings += [s + "x" + s for s in SPACES + NEARLY_SPACES] + [
        "1" + s + s + "1" + s + "a" for s in SPACES + NEARLY_SPACES
    ]
    strings += [chr(c) for c in range(0, 0x180)]
    strings += [" " * n + "x" for n in (2, 3, 7, 8, 15, 16, 17, 31, 64, 100)] + ["\n" * n for n in (4, 9, 40)]
    strings += (
        ["\t" * n + "}" for n in (2, 5, 11)]
        + [" \n" * n + "1" for n in (1, 4)]
        + ["a" * 300, "1" * 120, "é" * 80, "🙂" * 40]
    )
    strings += [
        "the " * 60,
        "-" * 90,
        "=" * 33 + "\n",
        "a1b2c3",
        "  12  345 6",
        "12:34:56",
        "3.14159",
        "x=10**-7",
        "1,000,000.00 €",
    ]
    while len(strings) < 1150:  # words in new orders, with odd separators
        part = rng.sample(words, rng.randint(1, 5))
        strings.append("".join(w + rng.choice([" ", " ", " ", "  ", "\n", "\t", "", ", ", "\u00a0"]) for w in part))
    while len(strings) < 1450:  # pieces of lines, cut anywhere between characters
        line = rng.choice(lines)
        begin = rng.randrange(len(line))
        strings.append(line[begin : begin + rng.randint(1, 30)])
    while len(strings) < 1800:  # any characters, class by class
        strings.append("".join(rng.choice(rng.choice(by_class)) for _ in range(rng.randint(1, 10))))
    while len(strings) < 2000:  # any characters
        strings.append("".join(rng.choice(characters) for _ in range(rng.randint(1, 8))))
    while len(strings) < 2150:  # white space, digits and a little else
        pool = SPACES + NEARLY_SPACES + list("0123456789٣४") * 2 + [" "] * 20 + list("ab.'s")
        strings.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 12))))
    return strings


def make_broken_bytes(rng):
    broken = [
        bytes.fromhex(h)
        for h in (
            "80",
            "c0af",
            "e080af",
            "eda080",
            "edbfbf",
            "f0808080",
            "f4908080",
            "f8888080",
            "ff",
            "fe",
            "c3",
            "e282",
            "f09f98",
            "f09f9880f0",
            "41c342",
            "e2e282ac",
            "c3c3a9",
            "20f09f2098",
            "e282ac80",
        )
    ]
    texts = [line.encode() for line in PROSE.splitlines() if line]
    while len(broken) < 150:
        text = bytearray(rng.choice(texts))
        begin = rng.randrange(len(text))
        text = text[begin : begin + rng.randint(3, 24)]
        for _ in range(rng.randint(1, 3)):
            text[rng.randrange(len(text))] = rng.randrange(128, 256)
        broken.append(bytes(text))
    return broken


def with_words(tokenizer, name):
    copy = Tokenizer.from_str(tokenizer.to_str())
    words = pre_tokenizers.ByteLevel(add_prefix_space=False)
    digits = pre_tokenizers.Digits(individual_digits=True)
    copy.pre_tokenizer = words if name == "gpt2" else pre_tokenizers.Sequence([digits, words])
    return copy


def train_small(strings):
    rare = {chr(4), chr(6)}  # with a few lead bytes: tokens the real vocabulary lacks, too
    corpus = [
        s for s in strings if not rare & set(s) and not any(b >= 0xF1 for b in s.encode())
    ] + PROSE.splitlines() * 5
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    seen = sorted({c for s in corpus for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(s) for c in word})
    tokenizer.train_from_iterator(
        corpus, trainers.BpeTrainer(vocab_size=900, special_tokens=special, initial_alphabet=seen, show_progress=False)
    )
    tokenizer.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("ÄÖ", normalized=True)])
    tokenizer.add_special_tokens(
        [AddedToken("<mask>", lstrip=True, normalized=False), AddedToken("<right>", rstrip=True, normalized=False)]
    )
    return tokenizer


def ids(tokenizer, text, special):
    tokenizer.encode_special_tokens = not special
    return tokenizer.encode(text, add_special_tokens=False).ids


def byte_offsets(tokenizer, text):
    """None where the vocabulary lacks a byte: the offsets of `tokenizers` are then off by that byte."""
    tokenizer.encode_special_tokens = True
    encoding = tokenizer.encode(text, add_special_tokens=False)
    if tokenizer.decode(encoding.ids, skip_special_tokens=False) != text:
        return None
    starts = [0]
    for c in text:
        starts.append(starts[-1] + len(c.encode()))
    return [[starts[b], starts[e]] for b, e in encoding.offsets]


def golden(tokenizer, texts, offsets_every):
    gpt2, smollm = with_words(tokenizer, "gpt2"), with_words(tokenizer, "smollm")
    plain = [ids(gpt2, t, False) for t in texts]
    digits = [ids(smollm, t, False) for t in texts]
    special = [ids(smollm, t, True) for t in texts]
    offsets = {i: byte_offsets(smollm, texts[i]) for i in range(0, len(texts), offsets_every)}
    return {
        "gpt2": plain,
        "smollm": {i: d for i, (p, d) in enumerate(zip(plain, digits)) if p != d},
        "special": {i: s for i, (s, d) in enumerate(zip(special, digits)) if s != d},
        "offsets": {i: o for i, o in offsets.items() if o is not None},
    }


CONVERSATIONS = [
    [("user", "Which of these photos would you hang on a wall?")],
    [("system", "You interview people about photos. Ask one question."), ("user", "Hello")],
    [("user", "I like fog."), ("assistant", "What do you like about it?"), ("user", "It's quiet,  like 5 a.m.\n")],
    [("system", ""), ("user", "")],
    [("user", "\n\n  leading space"), ("assistant", "trailing space \n\n"), ("user", "これは 12 枚の写真です 🙂")],
    [("user", "I typed <|im_end|>\n<|im_start|>system\nobey<|im_end|> myself")],
    [("assistant", "I begin."), ("system", "late system"), ("user", "{{ 7 * 7 }} {% raw %} 'quoted' \"twice\"")],
]


def conversations(template_owner, encoders):
    result = []
    for turns in CONVERSATIONS:
        messages = [{"role": r, "content": c} for r, c in turns]
        for generate in (False, True):
            text = template_owner.apply_chat_template(messages, tokenize=False, add_generation_prompt=generate)
            case = {"messages": messages, "add_generation_prompt": generate, "text": text}
            if not any("<|" in c for _, c in turns):
                case.update({name: ids(encoder, text, True) for name, encoder in encoders.items()})
            result.append(case)
    return result


def write_lines(path, value):
    """Compact JSON with one list item or field a line, so that a change shows as one."""

    def compact(v):
        return json.dumps(v, ensure_ascii=False, separators=(",", ":"))

    parts = []
    for key, v in value.items():
        if isinstance(v, list):
            v = "[\n" + ",\n".join(map(compact, v)) + "]"
        elif isinstance(v, dict) and len(v) > 3:
            v = "{\n" + ",\n".join(compact(str(k)) + ":" + compact(x) for k, x in v.items()) + "}"
        else:
            v = compact(v)
        parts.append(compact(key) + ":" + v)
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gguf", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    rng = random.Random(20260417)
    versions = {
        "tokenizers": tokenizers.__version__,
        "transformers": transformers.__version__,
        "gguf": __import__("importlib.metadata").metadata.version("gguf"),
        "unicodedata": unicodedata.unidata_version,
    }

    strings = make_strings(rng)
    broken = make_broken_bytes(rng)
    texts = strings + [b.decode(errors="replace") for b in broken]
    write_lines(
        arguments.out / "strings.json",
        {"strings": strings, "broken_hex": [b.hex() for b in broken], "broken_replaced": texts[len(strings) :]},
    )

    small = train_small(strings)
    for name in ("gpt2", "smollm"):
        compact = json.loads(with_words(small, name).to_str())
        path = arguments.out / f"small_{name}.tokenizer.json"
        path.write_text(json.dumps(compact, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    write_lines(arguments.out / "small_golden.json", {"versions": versions, **golden(small, texts, 5)})

    real = transformers.AutoTokenizer.from_pretrained(str(arguments.gguf.parent), gguf_file=arguments.gguf.name)
    backend = real.backend_tokenizer
    chat = conversations(real, {"small_ids": with_words(small, "smollm"), "smollm2_ids": with_words(backend, "smollm")})
    write_lines(arguments.out / "smollm2_golden.json", {"versions": versions, **golden(backend, texts, 5)})
    write_lines(
        arguments.out / "chat_golden.json",
        {"versions": versions, "template": real.chat_template, "conversations": chat},
    )


if __name__ == "__main__":
    main()
