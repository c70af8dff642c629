"""Peer of `paa train`: the same training loop in plain PyTorch on the OASIS ratings.

    python train_pytorch.py --model DIR --data DIR [--threads 1] [--dtype f32] [--batch 32] [--steps 12]

The LLM and the vision encoder are frozen. Vision tokens are computed once and held in half precision, keys and values of
the prefix once per distinct text; a step runs the suffix tokens through the layers from the first fusion layer on. One
view a photo.
"""

import argparse
import collections
import csv
import itertools
import json
import math
import pathlib
import random
import statistics
import time

import torch
import torch.nn.functional as F

import measure
import photos
import weights
from fused_model import Llama, rms_norm, rotate

WIDTH, VISION_WIDTH = 64, 1280
GENERIC = "anyone."
HIDDEN = -1e9


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    weights.add_part_options(parser)
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of images.csv, users.csv, ratings.csv")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--dtype", choices=measure.DTYPES, default="f32", help="of the LLM's matrix products")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--warm-up", type=int, default=3, help="first steps that are not counted")
    parser.add_argument("--token-dropout", type=float, default=0.3)
    return parser.parse_args()


def rows(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)


def person_text(user):
    """As the fusion file words it: "a woman, 35 to 39 years old, college degree."."""
    low = int(float(user["age"])) // 5 * 5 if user["age"] not in ("", "NA") else None
    who = {"female": "a woman", "male": "a man"}.get(user["gender"], "a person")
    parts = [who, f"{low} to {low + 4} years old" if low is not None else "", user["education"]]
    return ", ".join(part for part in parts if part and part != "NA") + "."


def soft_level(rating, low=1, high=7, levels=5):
    level = (rating - low) / (high - low) * (levels - 1)
    below = min(int(level), levels - 2)
    return [max(0.0, 1 - abs(level - i)) if i in (below, below + 1) else 0.0 for i in range(levels)]


class Samples:
    """(text, photo, target) of the training people and photos: half generic, half of people by their profile."""

    def __init__(self, root, seed=0):
        self.files = {r["image_id"]: root / r["file"] for r in rows(root / "images.csv") if r["split"] == "train"}
        people = {r["user_id"]: person_text(r) for r in rows(root / "users.csv") if r["split"] == "train"}
        cells = collections.defaultdict(list)
        for r in rows(root / "ratings.csv"):
            if r["user_id"] in people and r["image_id"] in self.files:
                for text in (GENERIC, people[r["user_id"]]):
                    cells[text, r["image_id"]].append(soft_level(float(r["score"])))
        mean = lambda levels: [sum(column) / len(levels) for column in zip(*levels)]
        cells = [(text, photo, mean(levels)) for (text, photo), levels in cells.items()]
        self.kinds = [[c for c in cells if c[0] == GENERIC], [c for c in cells if c[0] != GENERIC]]
        self.texts = [GENERIC] + sorted(set(people.values()))
        self.random = random.Random(seed)

    def draw(self, count):
        kinds = (self.kinds[0], self.kinds[1])
        return [self.random.choice(kinds[i * 2 // count]) for i in range(count)]


class TrainedLlama(Llama):
    """The same layers over pasts of different lengths, padded on the right."""

    def block(self, number, h, turn, past=None, mask=None):
        layer = self.layers[number]
        batch, length, width = h.shape
        x = F.rms_norm(h, (width,), layer["norm1"], self.config["epsilon"]).to(self.dtype)
        qkv = F.linear(x, layer["qkv"]).view(batch, length, -1, self.head_width)
        both = self.heads + self.kv_heads
        qk = rotate(qkv[:, :, :both], *turn).transpose(1, 2)
        q, k, v = qk[:, :self.heads], qk[:, self.heads:], qkv[:, :, both:].transpose(1, 2)
        all_k, all_v = (k, v) if past is None else (torch.cat([old, new], 2) for old, new in zip(past, (k, v)))
        h = h + F.linear(self._attend_plainly(q, all_k, all_v, mask), layer["o"]).float()
        x = F.rms_norm(h, (width,), layer["norm2"], self.config["epsilon"]).to(self.dtype)
        gate, up = F.linear(x, layer["gate_up"]).chunk(2, -1)
        return h + F.linear(F.silu(gate) * up, layer["down"]).float(), (k, v)

    def _attend_plainly(self, q, k, v, mask):
        """scaled_dot_product_attention with a mask is several times slower in backward at these sizes. mask: additive,
        (B or 1, 1, T, S)."""
        batch, heads, length, d = q.shape
        group = heads // self.kv_heads
        scores = q.reshape(batch, self.kv_heads, group * length, d) @ k.transpose(-1, -2)
        scores = scores.float() / math.sqrt(d) + mask.repeat(1, 1, group, 1)
        out = scores.softmax(-1).to(v.dtype) @ v
        return out.view(batch, heads, length, d).transpose(1, 2).reshape(batch, length, heads * d)

    def turn(self, positions):
        """positions: (B, T)"""
        return self.cos[positions], self.sin[positions]


def causal(length):
    return torch.full((length, length), HIDDEN).triu(1)[None, None]


class Prefixes:
    """What depends on the text only, of all texts: suffix states, keys and values padded to the longest, profile states."""

    @torch.no_grad()
    def __init__(self, llm, tokenizer, texts, config):
        encode = lambda text: tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        prefix, first = config["prompt"]["prefix"], config["layers"][0]
        suffix_ids = encode(config["prompt"]["suffix"])["input_ids"]
        self.length, suffix, past, profile = [], [], collections.defaultdict(list), collections.defaultdict(list)
        for text in texts:
            encoded = encode(prefix + text)
            ids = encoded["input_ids"]
            span = [i for i, (_, end) in enumerate(encoded["offset_mapping"]) if end > len(prefix)]
            h = llm.embedding[ids + suffix_ids][None]
            turn = llm.turn(torch.arange(len(ids + suffix_ids))[None])
            for i in range(first):
                h, _ = llm.block(i, h, turn, None, causal(h.shape[1]))
            suffix.append(h[:, len(ids):])
            h, turn = h[:, :len(ids)], tuple(part[:, :len(ids)] for part in turn)
            for i in range(first, len(llm.layers)):
                if i in config["layers"]:
                    profile[i].append(rms_norm(h[:, span].mean(1)))
                h, cache = llm.block(i, h, turn, None, causal(h.shape[1]))
                past[i].append(cache)
            self.length.append(len(ids))
        longest = max(self.length)
        pad = lambda x: F.pad(x, (0, 0, 0, longest - x.shape[2]))
        self.suffix, self.tokens = torch.cat(suffix), len(suffix_ids)
        self.past = {i: tuple(torch.cat([pad(c[part]) for c in caches]) for part in (0, 1)) for i, caches in past.items()}
        self.profile = {i: self._standardised(torch.cat(states)) for i, states in profile.items()}
        self.length = torch.tensor(self.length)

    @staticmethod
    def _standardised(states):
        return ((states - states[1:].mean(0)) / (states[1:].std(0) + 1e-3)).clamp(-3, 3)

    def mask(self, which, longest):
        hidden = (torch.arange(longest)[None] >= self.length[which][:, None]).float() * HIDDEN
        left = hidden[:, None, None].expand(-1, 1, self.tokens, -1)
        return torch.cat([left, causal(self.tokens).expand(len(which), -1, -1, -1)], 3)


class TrainedFusion(torch.nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        uniform = lambda out, n: torch.nn.Parameter((torch.rand(out, n) * 2 - 1) / math.sqrt(n))
        gate = lambda n: torch.nn.Parameter(torch.randn(heads, n) * 0.01)
        self.heads = heads
        self.query, self.output = uniform(WIDTH, width), uniform(width, WIDTH)
        self.key, self.value = uniform(WIDTH, VISION_WIDTH), uniform(WIDTH, VISION_WIDTH)
        self.gate_hidden, self.gate_visual, self.gate_profile = gate(width), gate(WIDTH), gate(width)
        self.gate_bias, self.beta = torch.nn.Parameter(torch.zeros(heads)), torch.nn.Parameter(torch.zeros(1))

    def forward(self, h, profile, vision, hidden):
        """h: (B, T, D); profile: (B, D); vision: (B, N, D_v); hidden: (B, 1, 1, N) additive."""
        split = lambda x: x.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        u = rms_norm(h)
        q, k, v = split(F.linear(u, self.query)), split(F.linear(vision, self.key)), split(F.linear(vision, self.value))
        seen = ((q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + hidden).softmax(-1) @ v).transpose(1, 2)
        opening = F.linear(u, self.gate_hidden) + F.linear(rms_norm(seen.flatten(2)), self.gate_visual)
        gate = torch.sigmoid(opening + F.linear(profile, self.gate_profile)[:, None] + self.gate_bias)
        update = F.linear((gate[..., None] * seen).flatten(2), self.output)
        return h + torch.tanh(self.beta) * h.detach().square().mean(-1, keepdim=True).sqrt() * update


class TrainedModel(torch.nn.Module):
    def __init__(self, llm, prefixes, config, rating_rows, vision_mean, vision_scale):
        super().__init__()
        self.llm, self.prefixes, self.rating_rows = llm, prefixes, rating_rows
        self.vision_mean, self.vision_scale = vision_mean, vision_scale
        self.fusion = torch.nn.ModuleDict(
            {str(i): TrainedFusion(llm.config["width"], config["heads"]) for i in config["layers"]})
        self.log_temperature = torch.nn.Parameter(torch.zeros(1))
        self.bias = torch.nn.Parameter(torch.zeros(len(rating_rows)))

    def forward(self, which, tokens, keep):
        """which: (B) texts; tokens: (B, N, D_v) half; keep: (B, N) bool. Gives logits (B, levels)."""
        prefixes = self.prefixes
        vision = rms_norm((tokens.float() - self.vision_mean) / self.vision_scale)
        hidden = (~keep).float()[:, None, None] * HIDDEN
        longest = int(prefixes.length[which].max())
        mask = prefixes.mask(which, longest)
        turn = self.llm.turn(prefixes.length[which][:, None] + torch.arange(prefixes.tokens))
        h = prefixes.suffix[which]
        for i, past in prefixes.past.items():
            if str(i) in self.fusion:
                h = self.fusion[str(i)](h, prefixes.profile[i][which], vision, hidden)
            h, _ = self.llm.block(i, h, turn, tuple(part[which, :, :longest] for part in past), mask)
        return F.linear(rms_norm(h[:, -1]), self.rating_rows) * self.log_temperature.exp() + self.bias


def optimiser(model):
    """AdamW with the trainer's groups: gates slowly, their view of the profile fast, scalars faster and undecayed."""
    groups = collections.defaultdict(list)
    for name, parameter in model.named_parameters():
        last = name.split(".")[-1]
        scalar = last in ("beta", "bias", "log_temperature")
        key = ((1e-2, 0) if scalar else (3e-3, 0) if last == "gate_profile" else (1e-4, 0) if last == "gate_bias"
               else (1e-4, 0.05) if last.startswith("gate_") else (1e-3, 0.05))
        groups[key].append(parameter)
    return torch.optim.AdamW([{"params": found, "lr": rate, "weight_decay": decay, "rate": rate}
                              for (rate, decay), found in groups.items()], betas=(0.9, 0.98))


def train(model, samples, tokens, args):
    """Seconds of each step."""
    adamw, seconds = optimiser(model), []
    parameters = list(model.parameters())
    average = [parameter.detach().clone() for parameter in parameters]
    text_number = {text: i for i, text in enumerate(samples.texts)}
    for step in range(args.steps):
        start = time.perf_counter()
        drawn = samples.draws[step]
        which = torch.tensor([text_number[text] for text, _, _ in drawn])
        photo = torch.stack([tokens[photo] for _, photo, _ in drawn])
        keep = torch.rand(photo.shape[:2]) >= args.token_dropout * random.random()
        keep[:, 0] = True
        logits = model(which, photo, keep)
        loss = -(torch.tensor([target for _, _, target in drawn]) * logits.log_softmax(-1)).sum(-1).mean()
        adamw.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in adamw.param_groups:
            group["lr"] = group["rate"] * min(1, (step + 1) / 20) * (0.5 + 0.5 * math.cos(math.pi * step / args.steps))
        adamw.step()
        with torch.no_grad():
            kept = min(0.97, (step + 2) / (step + 11))
            for mean, parameter in zip(average, parameters):
                mean.lerp_(parameter, 1 - kept)
        loss.item()
        seconds.append(time.perf_counter() - start)
    return seconds


@torch.inference_mode()
def encode_photos(net, config, samples):
    """Half-precision vision tokens of the photos that will be drawn."""
    policy = config["photo"]
    wanted = sorted({photo for drawn in samples.draws for _, photo, _ in drawn})
    size = (policy["width"], policy["height"])
    return {photo: weights.vision_tokens(net, policy, [photos.read(samples.files[photo], size)])[0].half().clone()
            for photo in wanted}


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    random.seed(0)
    library = measure.peak_mib()
    config = weights.FIRST_FUSION
    samples = Samples(args.data)
    samples.draws = [samples.draw(args.batch) for _ in range(args.steps)]
    net = weights.read_vision(weights.part_path(args, "vision")).to(memory_format=torch.channels_last)
    tokens = {photo: value.clone() for photo, value in encode_photos(net, config, samples).items()}
    del net
    path = weights.part_path(args, "llm")
    llm = TrainedLlama(*weights.read_llm(path), measure.DTYPES[args.dtype])
    tokenizer = weights.read_tokenizer(path)
    words = [tokenizer(word, add_special_tokens=False)["input_ids"][0] for word in config["readout"]["words"]]
    prefixes = Prefixes(llm, tokenizer, samples.texts, config)
    flat = torch.cat(list(itertools.islice(tokens.values(), 100))).float()
    model = TrainedModel(llm, prefixes, config, (llm.embedding[words] * llm.norm).clone(), flat.mean(0), flat.std(0) + 1e-3)
    ready = measure.peak_mib()
    seconds = statistics.median(train(model, samples, tokens, args)[args.warm_up:])
    print(json.dumps({"who": "train_pytorch", "what": "train", "threads": args.threads, "dtype": args.dtype,
                      "batch": args.batch, "samples_per_s": round(args.batch / seconds, 2), "texts": len(samples.texts),
                      "mib": measure.peak_mib(), "ready_mib": ready, "library_mib": library}), flush=True)


if __name__ == "__main__":
    main()
