"""Makes tests/nn/data/smollm2.json: what transformers computes with SmolLM2-135M-Instruct from its GGUF, in fp32.

    python tests/oracles/make_smollm2_goldens.py MODEL.gguf          (needs torch, transformers, gguf, accelerate)

    probe_ids                       the token ids whose logits are recorded
    prompts[i].text                 raw text; special tokens in it are recognised
    prompts[i].messages             only where text was made from them by the model's chat template
    prompts[i].ids                  token ids (T)
    prompts[i].logits               at the last position, for probe_ids
    prompts[i].top                  the ten likeliest there, [id, logit], likeliest first
    prompts[i].logsumexp            of all logits there
    prompts[i].hidden               at two positions (a middle one and the last): the embedding, then the residual
                                    stream leaving each layer before the final norm, then after the final norm, each as
                                    [norm, first 32 values]
    prompts[i].greedy               the 64 ids that follow (the end token does not stop it), their text, special tokens
                                    kept, and the smallest lead of a winning logit over the next
"""

import hashlib
import importlib.metadata
import json
import os
import pathlib
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
sys.modules["torchvision"] = None  # a torchvision built for another torch breaks the import of transformers' models

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from make_decoder_goldens import digits, forward

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "nn" / "data" / "smollm2.json"
RATING_WORDS = [" bad", " poor", " fair", " good", " excellent"]
GREEDY_TOKENS = 64
RAW_PROMPTS = [
    "<|im_start|>user\nThe person who rates: a woman, 35 to 39 years old, some college.\n"
    "In one word, the beauty of this photo is",
    "<|im_start|>user\nThe person who rates: anyone.",
    "def fibonacci(n):\n    \"\"\"Return the n-th Fibonacci number.\"\"\"\n",
    "The light at dusk over the harbour was",
]
CHAT = [{"role": "user", "content": "What makes a photograph of a mountain beautiful? Answer in two sentences."}]


def load(path):
    """The dequantised model in fp32 and its tokenizer. Rebuilt from the state dict: no quantised layer is left."""
    where = dict(pretrained_model_name_or_path=path.parent, gguf_file=path.name)
    loaded = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    config = loaded.config.to_dict()
    config.pop("quantization_config", None)
    model = LlamaForCausalLM(LlamaConfig(**config, attn_implementation="eager")).float().eval()
    model.load_state_dict({name: tensor.float() for name, tensor in loaded.state_dict().items()})
    return model, AutoTokenizer.from_pretrained(**where)


def greedy(model, ids):
    """The continuation, through transformers' own KV cache, and the smallest lead of a winner."""
    margin, new, cache, step = float("inf"), [], None, ids
    with torch.no_grad():
        while len(new) < GREEDY_TOKENS:
            out = model(torch.tensor([step]), past_key_values=cache, use_cache=True)
            best = out.logits[0, -1].topk(2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            new.append(best.indices[0].item())
            cache, step = out.past_key_values, new[-1:]
    return new, margin


def hidden_golden(embedding, layers, normed, position):
    streams = [embedding[position], *layers[:, position], normed[position]]
    return {"position": position, "streams": [[digits(s.norm()), digits(s[:32])] for s in streams]}


def prompt_golden(model, tokenizer, text, probe_ids):
    ids = tokenizer(text, add_special_tokens=False).input_ids
    logits, embedding, layers, normed = forward(model, ids)
    last, top = logits[-1], logits[-1].topk(10)
    continuation, margin = greedy(model, ids)
    return {"text": text, "ids": ids, "logits": digits(last[probe_ids]), "logsumexp": digits(last.logsumexp(0)),
            "top": [[i, digits(v)] for i, v in zip(top.indices.tolist(), top.values)],
            "hidden": [hidden_golden(embedding, layers, normed, p) for p in (len(ids) // 2, len(ids) - 1)],
            "greedy": {"ids": continuation, "text": tokenizer.decode(continuation, clean_up_tokenization_spaces=False),
                       "smallest_lead": digits(torch.tensor(margin))}}


def main():
    path = pathlib.Path(sys.argv[1]).resolve()
    model, tokenizer = load(path)
    words = [tokenizer(word, add_special_tokens=False).input_ids[0] for word in RATING_WORDS]
    probe_ids = words + [(i * 251) % model.config.vocab_size for i in range(195)]
    prompts = [prompt_golden(model, tokenizer, text, probe_ids) for text in RAW_PROMPTS]
    chat = tokenizer.apply_chat_template(CHAT, tokenize=False, add_generation_prompt=True)
    prompts.append({"messages": CHAT, **prompt_golden(model, tokenizer, chat, probe_ids)})
    golden = {"made_by": "tests/oracles/make_smollm2_goldens.py", "gguf": path.name,
              "gguf_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
              "versions": {"torch": torch.__version__, "transformers": transformers.__version__,
                           "gguf": importlib.metadata.version("gguf")},
              "rating_word_ids": words, "probe_ids": probe_ids, "prompts": prompts}
    OUTPUT.write_text(json.dumps(golden, separators=(",", ":"), ensure_ascii=False) + "\n")
    for prompt in prompts:
        print(prompt["greedy"]["smallest_lead"], repr(prompt["greedy"]["text"]))


if __name__ == "__main__":
    main()
