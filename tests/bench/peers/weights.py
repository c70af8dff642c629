"""Reads the parts of a paa model folder with ordinary packages: gguf, safetensors, efficientnet-lite-pytorch."""

import json
import os
import pathlib
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
sys.modules["torchvision"] = None  # a torchvision built for another torch breaks the import of transformers' models

import gguf
import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors import safe_open
from transformers import AutoTokenizer

PARTS = ("llm", "vision", "fusion")

# What the fusion file says of itself in its metadata; a bare file of tensors is taken to be the first trained one.
FIRST_FUSION = {
    "prompt": {"prefix": "<|im_start|>user\nThe person who rates: ",
               "suffix": "\nIn one word, the beauty of this photo is"},
    "readout": {"words": [" bad", " poor", " fair", " good", " excellent"]},
    "photo": {"width": 256, "height": 224, "mean": 127, "scale": 128},
    "layers": [22, 26], "heads": 4, "scale": [1, 7],
}

GGUF_LAYER_NAMES = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}

FUSION_NAMES = {
    "query": "q.weight", "key": "k.weight", "value": "v.weight", "output": "o.weight", "gate_hidden": "gu.weight",
    "gate_visual": "gc.weight", "gate_profile": "gp.weight", "gate_bias": "gu.bias", "beta": "beta",
}


def add_part_options(parser):
    parser.add_argument("--model", type=pathlib.Path, help="paa model folder")
    for part in PARTS:
        parser.add_argument(f"--{part}", type=pathlib.Path, help="this part from this file instead")


def part_path(args, part):
    """The file of a part: its own option, else what model.json names."""
    if given := getattr(args, part):
        return given
    if not args.model:
        raise SystemExit(f"give --model DIR, or --{part} FILE")
    return args.model / json.loads((args.model / "model.json").read_text())["parts"][part]["file"]


def read_llm(path):
    """(config, tensors): numbers of the architecture, and fp32 tensors under Hugging Face's names."""
    reader = gguf.GGUFReader(path)
    number = lambda key: reader.fields["llama." + key].contents()
    config = {"layers": number("block_count"), "width": number("embedding_length"),
              "ffn": number("feed_forward_length"), "heads": number("attention.head_count"),
              "kv_heads": number("attention.head_count_kv"),
              "epsilon": number("attention.layer_norm_rms_epsilon"), "rope_base": number("rope.freq_base")}
    return config, dict(_llm_tensor(tensor, config) for tensor in reader.tensors)


def _llm_tensor(tensor, config):
    value = torch.from_numpy(gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy())
    stem = tensor.name.removesuffix(".weight")
    if not stem.startswith("blk."):
        return {"token_embd": "embed_tokens", "output_norm": "norm", "output": "lm_head"}[stem] + ".weight", value
    _, layer, kind = stem.split(".")
    if kind in ("attn_q", "attn_k"):  # GGUF orders these rows to rotate neighbours, Hugging Face to rotate halves
        heads = config["heads" if kind == "attn_q" else "kv_heads"]
        value = value.view(heads, -1, 2, value.shape[-1]).transpose(1, 2).reshape(value.shape)
    return f"layers.{layer}.{GGUF_LAYER_NAMES[kind]}.weight", value


def read_tokenizer(path):
    return AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)


def read_vision(path):
    """EfficientNet-Lite with SAME padding for photos of any size; a bare checkpoint is taken to be Lite0's."""
    variant = 0
    if path.suffix == ".pth":
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    else:
        metadata, tensors = _tensors(path)
        variant = json.loads(metadata["paa.vision"])["variant"]
    net = EfficientNet.from_name(f"efficientnet-lite{variant}", image_size=None).eval()
    net.load_state_dict(tensors, strict=False)
    missing = {n for n in net.state_dict() if not n.endswith("num_batches_tracked")} - set(tensors)
    if missing:
        raise SystemExit(f"{path}: lacks {sorted(missing)[:3]} and {len(missing)} tensors in all")
    return net


@torch.inference_mode()
def vision_tokens(net, photo, pixels):
    """(B, N, 1280) of photos given as (height, width, 3) uint8; `photo` is the fusion file's policy."""
    batch = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float()  # laid out channels last, as the net is
    return net.extract_features((batch - photo["mean"]) / photo["scale"]).flatten(2).transpose(1, 2)


def add_vision_option(parser):
    parser.add_argument("--vision-batch", type=int, default=1,
                        help="photos a call of the vision encoder inside a larger batch; one at a time is fastest here")


def read_fusion(path):
    """(config, tensors), the tensors under the names of the product's file."""
    metadata, tensors = _tensors(path)
    first = {old: new for new, old in FUSION_NAMES.items()}
    renamed = {}
    for name, value in tensors.items():
        group, _, rest = name.partition(".")
        layer, _, leaf = rest.partition(".")
        renamed[f"{group}.{layer}.{first.get(leaf, leaf)}" if group == "fusion" else name] = value
    return json.loads(metadata["paa.fusion"]) if "paa.fusion" in metadata else FIRST_FUSION, renamed


def _tensors(path):
    with safe_open(path, "pt") as file:
        return file.metadata() or {}, {name: file.get_tensor(name).float() for name in file.keys()}
