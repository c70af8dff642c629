#!/usr/bin/env python3
"""Makes tests/train/data/training.json: the loss terms by NumPy and torch.nn.functional, and a few steps of
torch.optim.AdamW with parameter groups, warm-up and cosine, clipping and averaged weights.

Needs numpy and torch; run it from anywhere.
"""

import json
import math
import pathlib

import numpy as np
import torch

OUT = pathlib.Path(__file__).resolve().parent.parent / "train" / "data" / "training.json"
STEPS, WARMUP, CLIP, EMA, DECAY = 5, 3, 1.0, 0.6, 0.05
RATES = {"main": 1e-2, "gate": 1e-3, "gate_profile": 3e-2, "scalars": 1e-1}
# name, shape, which rate, whether weights decay
PARAMETERS = [
    ("fusion.22.query", (3, 4), "main", True),
    ("fusion.22.output", (4, 3), "main", True),
    ("fusion.22.gate_hidden", (2, 4), "gate", True),
    ("fusion.22.gate_visual", (2, 3), "gate", True),
    ("fusion.22.gate_profile", (2, 4), "gate_profile", False),
    ("fusion.22.gate_bias", (2,), "gate", False),
    ("fusion.22.beta", (1,), "scalars", False),
    ("readout.bias", (5,), "scalars", False),
    ("readout.log_temperature", (1,), "scalars", False),
]


def losses():
    random = np.random.default_rng(8)
    logits = random.normal(0, 2, (7, 5))
    targets = random.dirichlet(np.full(5, 0.7), 7)
    entropy = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(targets)).item()
    levels = torch.softmax(torch.tensor(logits), -1).numpy()
    predicted, wanted = levels @ np.arange(5), targets @ np.arange(5)
    pairs, whole = 0.0, 0.0
    for i in range(7):
        for j in range(7):
            weight = wanted[i] - wanted[j]
            if weight > 0:
                pairs += weight * math.log1p(math.exp(predicted[j] - predicted[i]))
                whole += weight
    return {"logits": logits.tolist(), "targets": targets.tolist(), "predicted": predicted.tolist(),
            "wanted": wanted.tolist(), "cross_entropy": entropy,
            "plcc": 1 - np.corrcoef(predicted, wanted)[0, 1], "pairwise": pairs / whole}


def steps():
    random = np.random.default_rng(9)

    def numbers(shape, size):
        return (size * random.normal(size=shape)).astype(np.float32)

    parameters = {name: torch.nn.Parameter(torch.tensor(numbers(shape, 1))) for name, shape, _, _ in PARAMETERS}
    begin = {name: value.detach().flatten().tolist() for name, value in parameters.items()}
    groups = [{"params": [parameters[name]], "lr": RATES[rate], "weight_decay": DECAY if decays else 0}
              for name, _, rate, decays in PARAMETERS]
    adamw = torch.optim.AdamW(groups, betas=(0.9, 0.98))
    base = [group["lr"] for group in adamw.param_groups]
    average = {name: value.detach().clone() for name, value in parameters.items()}
    taken = []
    for step in range(STEPS):
        size = 2.0 if step % 2 == 0 else 0.05  # clipped, not clipped
        gradients = {name: numbers(shape, size) for name, shape, _, _ in PARAMETERS}
        for name, value in parameters.items():
            value.grad = torch.tensor(gradients[name])
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP).item()
        factor = min(1, (step + 1) / WARMUP) * (1 + math.cos(math.pi * step / STEPS)) / 2
        for group, rate in zip(adamw.param_groups, base):
            group["lr"] = rate * factor
        adamw.step()
        count = step + 1
        kept = min(EMA, (1 + count) / (10 + count))
        for name, value in parameters.items():
            average[name] = kept * average[name] + (1 - kept) * value.detach()
        taken.append({"gradients": {name: g.flatten().tolist() for name, g in gradients.items()}, "norm": norm, "factor": factor,
                      "parameters": {name: value.detach().flatten().tolist() for name, value in parameters.items()},
                      "average": {name: value.flatten().tolist() for name, value in average.items()}})
    return {"config": {"warmup_steps": WARMUP, "clip": CLIP, "ema": EMA, "weight_decay": DECAY, "learning_rate": RATES},
            "parameters": [{"name": name, "shape": shape, "values": begin[name]} for name, shape, _, _ in PARAMETERS], "steps": taken}


def main():
    OUT.parent.mkdir(exist_ok=True)
    golden = {"made_by": f"torch {torch.__version__}, numpy {np.__version__}", "losses": losses(), "optimiser": steps()}
    OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(OUT, OUT.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
