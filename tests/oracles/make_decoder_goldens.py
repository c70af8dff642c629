"""Makes tests/nn/data/<case>/: small random Llama checkpoints and what transformers computes on them.

    python tests/oracles/make_decoder_goldens.py            (needs torch, transformers, safetensors)

Each case is a Hugging Face folder (config.json, model.safetensors) with a golden.json beside it:

    sequences[i].ids                  token ids (T)
    sequences[i].logits               T x vocab, fp32
    sequences[i].hidden.embedding     T x hidden: what enters the first layer
    sequences[i].hidden.layers        layers x T x hidden: the residual stream leaving each layer, before the final norm
    sequences[i].hidden.normed        T x hidden: after the final norm
    sequences[i].greedy               the 20 ids that follow when the likeliest is always taken

The weights are drawn wider than transformers draws them, so that every part (norm weights, biases, rotary angles) moves
the logits. `sharded` holds the weights of `gqa` again, cut into several files: its golden values are those of `gqa`.
"""

import json
import os
import pathlib
import shutil
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
sys.modules["torchvision"] = None  # a torchvision built for another torch breaks the import of transformers' models

import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM

DATA = pathlib.Path(__file__).resolve().parent.parent / "nn" / "data"
GREEDY_TOKENS = 20
SMALLEST_MARGIN = 0.05  # between the two best logits of each greedy step: no rounding may turn it
BASE = dict(vocab_size=97, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=128, rms_norm_eps=1e-5, tie_word_embeddings=True,
            bos_token_id=1, eos_token_id=2, pad_token_id=None)
ROPE = dict(rope_type="default", rope_theta=10000.0)
ROPE_LLAMA3 = dict(rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                   original_max_position_embeddings=32)
CASES = {
    "gqa": dict(num_hidden_layers=3),
    "mha": dict(num_key_value_heads=4, rms_norm_eps=1e-6, rope_parameters=dict(ROPE, rope_theta=500.0)),
    "untied": dict(tie_word_embeddings=False),
    "biased": dict(attention_bias=True, mlp_bias=True),
    "head_dim": dict(head_dim=12),
    "rope_llama3": dict(rope_parameters=ROPE_LLAMA3),
    "bf16": dict(),
}


def random_model(case, seed):
    """A Llama whose weights are all random, norm weights and biases too."""
    config = LlamaConfig(**{**BASE, "rope_parameters": ROPE, **CASES[case]})
    config._attn_implementation = "eager"
    model = LlamaForCausalLM(config).float().eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in name:
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.3 * noise)
            elif "embed_tokens" in name:
                parameter.copy_(0.7 * noise)
            else:
                parameter.copy_(1.5 * noise / parameter.shape[1] ** 0.5)
            if case == "bf16":
                parameter.copy_(parameter.bfloat16().float())
    return model


def forward(model, ids):
    """Logits and the residual stream of one sequence, seen by hooks: transformers' own conventions are not needed."""
    seen = {"layers": []}
    first = model.model.layers[0].register_forward_pre_hook(lambda _, args: seen.__setitem__("embedding", args[0]))
    keep = lambda _, __, out: seen["layers"].append(out[0] if isinstance(out, tuple) else out)
    layers = [layer.register_forward_hook(keep) for layer in model.model.layers]
    normed = model.model.norm.register_forward_hook(lambda _, __, out: seen.__setitem__("normed", out))
    with torch.no_grad():
        logits = model(torch.tensor([ids]), use_cache=False).logits[0]
    for hook in [first, normed, *layers]:
        hook.remove()
    return logits, seen["embedding"][0], torch.stack([layer[0] for layer in seen["layers"]]), seen["normed"][0]


def greedy(model, ids):
    """The continuation, each step computed anew without a cache; and the smallest lead of a winner."""
    ids, margin = list(ids), float("inf")
    for _ in range(GREEDY_TOKENS):
        best = forward(model, ids)[0][-1].topk(2)
        margin = min(margin, (best.values[0] - best.values[1]).item())
        ids.append(best.indices[0].item())
    return ids[-GREEDY_TOKENS:], margin


def digits(tensor):
    """Nested lists of 7 significant digits."""
    if tensor.dim() == 0:
        return float(f"{tensor.item():.7g}")
    return [digits(part) for part in tensor]


def sequence_golden(model, ids):
    logits, embedding, layers, normed = forward(model, ids)
    continuation, margin = greedy(model, ids)
    hidden = {"embedding": digits(embedding), "layers": digits(layers), "normed": digits(normed)}
    return {"ids": ids, "logits": digits(logits), "hidden": hidden, "greedy": continuation}, margin


def make_case(case, seed):
    """The model and its golden values, from the first seed whose greedy choices are all clear."""
    while True:
        model = random_model(case, seed)
        generator = torch.Generator().manual_seed(seed)
        ids = [torch.randint(3, BASE["vocab_size"], (length,), generator=generator).tolist() for length in (9, 5)]
        sequences, margins = zip(*[sequence_golden(model, i) for i in ids])
        if min(margins) >= SMALLEST_MARGIN and len(set(sequences[0]["greedy"])) > 5:
            return model, {"made_by": "tests/oracles/make_decoder_goldens.py", "seed": seed,
                           "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
                           "sequences": sequences}
        seed += 1000


def to_older_config(folder):
    """Rewrites config.json as transformers before version 5 wrote it: most checkpoints on disk look like that."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["rope_theta"] = config.pop("rope_parameters")["rope_theta"]
    config["rope_scaling"] = None
    config["torch_dtype"] = config.pop("dtype")
    config.pop("head_dim")
    path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")


def save(model, folder, **options):
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, **options)
    (folder / "generation_config.json").unlink(missing_ok=True)


def main():
    for number, case in enumerate(CASES):
        model, golden = make_case(case, seed=number + 1)
        folder = DATA / case
        if case == "gqa":
            save(model, DATA / "sharded", max_shard_size="40KB")
        save(model.bfloat16() if case == "bf16" else model, folder)
        if case == "mha":
            to_older_config(folder)
        (folder / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
        print(case, "seed", golden["seed"], golden["sequences"][0]["greedy"])


if __name__ == "__main__":
    main()
