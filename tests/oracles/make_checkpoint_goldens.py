#!/usr/bin/env python3
"""Makes tests/checkpoint/data: small weight files and what other people's readers find in them.

Needs torch, safetensors, gguf, transformers, accelerate and numpy. Usage:
    python tests/oracles/make_checkpoint_goldens.py [SMOLLM2.gguf]
With the default model's GGUF its own goldens (smollm2.json) are made too.
"""

import hashlib
import json
import pathlib
import shutil
import sys

sys.modules["torchvision"] = None  # a wheel that does not match torch breaks the import of transformers' Llama

import gguf
import numpy as np
import safetensors
import safetensors.torch
import torch
import transformers

DATA = pathlib.Path(__file__).resolve().parent.parent / "checkpoint" / "data"
VERSIONS = {m.__name__: m.__version__ for m in (torch, safetensors, transformers, np)}
VERSIONS["gguf"] = __import__("importlib.metadata").metadata.version("gguf")


def write_json(name, value):
    (DATA / name).write_text(json.dumps({"versions": VERSIONS, **value}, indent=1) + "\n")


def floats(array):
    """Each value as its fp32 shortest text; JSON has no infinities, and none are here."""
    return [float(v) for v in np.asarray(array, dtype=np.float32).ravel()]


def make_safetensors():
    rng = torch.Generator().manual_seed(1)
    values = torch.randn(3, 5, generator=rng) * 100
    tensors = {
        "f32": values,
        "f16": values.half(),
        "bf16": values.bfloat16(),
        "f64": values.double(),
        "i8": torch.tensor([-128, -1, 0, 127], dtype=torch.int8),
        "i16": torch.tensor([-32768, 7], dtype=torch.int16),
        "i32": torch.tensor([[-(2**31)], [2**31 - 1]], dtype=torch.int32),
        "i64": torch.tensor(-(2**63), dtype=torch.int64),
        "u8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False, True]),
        "empty": torch.zeros(0, 4),
    }
    safetensors.torch.save_file(tensors, DATA / "types.safetensors", {"made by": "safetensors", "über": "✓"})
    write_json("types_safetensors.json", {
        "f32": floats(values),
        "f16": floats(values.half().float()),
        "bf16": floats(values.bfloat16().float()),
        "f32_as_f16": values.half().view(torch.int16).flatten().tolist(),
        "f32_as_bf16": values.bfloat16().view(torch.int16).flatten().tolist(),
    })


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def make_conversions():
    """Hashes over all halves, and over a million floats of every size; NaNs are replaced by zero."""
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    halves = np.where(np.isnan(halves), np.float16(0), halves)
    bits = (np.arange(1 << 20, dtype=np.uint64) * 2654435761 % (1 << 32)).astype(np.uint32)
    singles = bits.view(np.float32)
    singles = torch.from_numpy(np.where(np.isnan(singles), np.float32(0), singles))
    write_json("conversions.json", {
        "half_to_float": sha256(torch.from_numpy(halves).float().numpy()),
        "float_to_half": sha256(singles.half().view(torch.int16).numpy()),
        "float_to_bf16": sha256(singles.bfloat16().view(torch.int16).numpy()),
    })


def make_gguf():
    writer = gguf.GGUFWriter(DATA / "types.gguf", "test")
    types = gguf.GGUFValueType
    for name, value, kind in [
        ("u8", 255, types.UINT8), ("i8", -128, types.INT8), ("u16", 65535, types.UINT16), ("i16", -32768, types.INT16),
        ("u32", 2**32 - 1, types.UINT32), ("i32", -(2**31), types.INT32), ("f32", 0.1, types.FLOAT32),
        ("u64", 2**64 - 1, types.UINT64), ("i64", -(2**63), types.INT64), ("f64", 0.1, types.FLOAT64),
        ("bool", True, types.BOOL), ("string", "grüße", types.STRING),
    ]:
        writer.add_key_value(name, value, kind)
    writer.add_array("integers", [1, -2, 3])
    writer.add_array("strings", ["a", "", "ccc"])
    writer.add_array("numbers", [0.5, -1.5])
    writer.add_array("nested", [[1, 2], [3], [4, 5, 6]])
    rng = np.random.default_rng(2)
    values = (rng.standard_normal((3, 64)) * 0.1).astype(np.float32)
    golden = {"values": floats(values)}
    for kind in ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0"):
        kind = gguf.GGMLQuantizationType[kind]
        stored = gguf.quants.quantize(values, kind)
        writer.add_tensor(kind.name.lower(), stored, raw_dtype=kind)
        golden[kind.name.lower()] = floats(gguf.quants.dequantize(stored, kind))
    for kind in (np.int8, np.int16, np.int32, np.int64):
        writer.add_tensor(np.dtype(kind).name, np.array([[np.iinfo(kind).min, 0, np.iinfo(kind).max]], dtype=kind))
    finish(writer)
    write_json("types_gguf.json", golden)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tiny_llama(**options):
    torch.manual_seed(3)
    config = transformers.LlamaConfig(
        vocab_size=40, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=128, rope_theta=10000.0, rms_norm_eps=1e-5, **options)
    model = transformers.LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.1)
    return model


def interleave(weight, heads):
    """The row order that GGUF keeps q and k in."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def make_llama_gguf():
    """A Llama in GGUF; what its tensors are is read back through transformers."""
    model = tiny_llama(tie_word_embeddings=True)
    path = DATA / "llama.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(2)
    writer.add_context_length(128)
    writer.add_embedding_length(64)
    writer.add_feed_forward_length(96)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(16)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list([f"t{i}" for i in range(40)])
    writer.add_chat_template("{{ messages }}")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 2)
    for name, weight in model.state_dict().items():
        if name == "lm_head.weight":
            continue
        weight = weight.numpy()
        if "q_proj" in name or "k_proj" in name:
            weight = interleave(weight, 4 if "q_proj" in name else 2)
        kind = gguf.GGMLQuantizationType.Q4_1 if weight.ndim == 2 else gguf.GGMLQuantizationType.F32
        stored = gguf.quants.quantize(weight, kind)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), stored, raw_dtype=kind)
    finish(writer)
    write_json("llama_gguf.json", tensors_through_transformers(path, [
        "model.layers.1.self_attn.q_proj.weight", "model.layers.0.self_attn.k_proj.weight",
        "model.layers.0.self_attn.v_proj.weight", "model.embed_tokens.weight"]))


def tensors_through_transformers(path, names):
    model = transformers.AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32)
    state = model.state_dict()
    return {"tensors": {
        name: {
            "shape": list(state[name].shape),
            "first": floats(state[name].flatten()[:16]),
            "last": floats(state[name].flatten()[-16:]),
            "sum": state[name].double().sum().item(),
            "sha256": sha256(state[name].float().numpy()),
        } for name in names}}


def make_llama_folder():
    folder = DATA / "llama"
    shutil.rmtree(folder, ignore_errors=True)
    model = tiny_llama(tie_word_embeddings=False, attention_bias=True)
    model.bfloat16().save_pretrained(folder, max_shard_size="60KB")
    (folder / "generation_config.json").unlink(missing_ok=True)
    state = model.state_dict()
    write_json("llama_folder.json", {"sums": {name: state[name].double().sum().item() for name in state}})


def make_smollm2(path):
    reader = gguf.GGUFReader(path)
    q4_1 = next(t for t in reader.tensors if t.name == "blk.3.ffn_down.weight")
    assert q4_1.tensor_type.name == "Q4_1"
    values = gguf.quants.dequantize(q4_1.data, q4_1.tensor_type)
    write_json("smollm2.json", {
        "blk.3.ffn_down.weight": {"first": floats(values.ravel()[:16]), "sum": float(values.astype(np.float64).sum()),
                                  "sha256": sha256(values)},
        **tensors_through_transformers(path, [
            "model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight",
            "model.layers.29.self_attn.q_proj.weight", "model.layers.7.self_attn.k_proj.weight",
            "model.layers.7.mlp.up_proj.weight", "model.norm.weight"]),
    })


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    make_safetensors()
    make_conversions()
    make_gguf()
    make_llama_gguf()
    make_llama_folder()
    if len(sys.argv) > 1:
        make_smollm2(pathlib.Path(sys.argv[1]))
    for path in DATA.rglob("*.safetensors"):
        path.chmod(0o644)
