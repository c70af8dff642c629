"""The fused model in plain PyTorch: a frozen Llama whose suffix tokens see a photo through selective fusion modules.

What can be cached is: per profile the prefix's keys and values and the suffix's state before the first fusion layer (it
has seen no photo yet), per photo the vision tokens. Scoring runs the layers from the first fusion layer on, suffix
tokens only.
"""

import dataclasses

import torch
import torch.nn.functional as F

import weights

FUSION_EPSILON = 1e-5


def rms_norm(x):
    return F.rms_norm(x, x.shape[-1:], eps=FUSION_EPSILON)


def rotate(x, cos, sin):
    """x: (B, T, heads, d); cos, sin: (T, 1, d)."""
    low, high = x.chunk(2, -1)
    return x * cos + torch.cat([-high, low], -1) * sin


class Llama:
    """The decoder's layers. The residual stream is fp32; the matrix products run in `dtype`."""

    def __init__(self, config, tensors, dtype):
        self.config, self.dtype = config, dtype
        self.heads, self.kv_heads = config["heads"], config["kv_heads"]
        self.head_width = config["width"] // self.heads
        self.embedding, self.norm = tensors["embed_tokens.weight"], tensors["norm.weight"]
        self.layers = [self._layer(tensors, f"layers.{i}.") for i in range(config["layers"])]
        frequency = config["rope_base"] ** (-torch.arange(0, self.head_width, 2) / self.head_width)
        angle = (torch.arange(1024)[:, None] * frequency).repeat(1, 2)[:, None]
        self.cos, self.sin = angle.cos().to(dtype), angle.sin().to(dtype)

    def _layer(self, tensors, prefix):
        join = lambda *names: torch.cat([tensors[prefix + name + ".weight"] for name in names]).to(self.dtype)
        return {"norm1": tensors[prefix + "input_layernorm.weight"],
                "norm2": tensors[prefix + "post_attention_layernorm.weight"],
                "qkv": join("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), "o": join("self_attn.o_proj"),
                "gate_up": join("mlp.gate_proj", "mlp.up_proj"), "down": join("mlp.down_proj")}

    def block(self, number, h, start, past=None):
        """One layer. h: (B, T, D) at positions start...; past: keys and values (1 or B, kv_heads, start, d) or None.
        Gives h and this layer's keys and values of the T tokens."""
        layer = self.layers[number]
        batch, length, width = h.shape
        x = F.rms_norm(h, (width,), layer["norm1"], self.config["epsilon"]).to(self.dtype)
        qkv = F.linear(x, layer["qkv"]).view(batch, length, -1, self.head_width)
        both = self.heads + self.kv_heads
        qk = rotate(qkv[:, :, :both], self.cos[start:start + length], self.sin[start:start + length]).transpose(1, 2)
        q, k, v = qk[:, :self.heads], qk[:, self.heads:], qkv[:, :, both:].transpose(1, 2)
        all_k, all_v = k, v
        if past is not None:
            all_k, all_v = (torch.cat([old.expand(batch, -1, -1, -1), new], 2) for old, new in zip(past, (k, v)))
        h = h + F.linear(self._attend(q, all_k, all_v), layer["o"]).float()
        x = F.rms_norm(h, (width,), layer["norm2"], self.config["epsilon"]).to(self.dtype)
        gate, up = F.linear(x, layer["gate_up"]).chunk(2, -1)
        return h + F.linear(F.silu(gate) * up, layer["down"]).float(), (k, v)

    def _attend(self, q, k, v):
        """Causal attention of the last tokens; heads that share keys are stacked as if they were tokens."""
        batch, heads, length, d = q.shape
        group = heads // self.kv_heads
        mask = torch.ones(length, k.shape[2], dtype=torch.bool).tril(k.shape[2] - length).repeat(group, 1)
        out = F.scaled_dot_product_attention(q.reshape(batch, self.kv_heads, group * length, d), k, v, mask)
        return out.view(batch, heads, length, d).transpose(1, 2).reshape(batch, length, heads * d)


class Fusion:
    """One selective fusion module: relative update, a gate per head that reads hidden state, vision and profile."""

    def __init__(self, tensors, layer, heads):
        for name in weights.FUSION_NAMES:
            setattr(self, name, tensors[f"fusion.{layer}.{name}"])
        self.heads = heads
        self.mean, self.scale = tensors[f"profile.{layer}.mean"], tensors[f"profile.{layer}.scale"]

    def profile_state(self, mean_hidden):
        return ((rms_norm(mean_hidden) - self.mean) / self.scale).clamp(-3, 3)

    def __call__(self, h, profile, vision):
        """h: (B, T, D); profile: (1, D) of profile_state(); vision: (B, N, D_v), standardised and normed."""
        split = lambda x: x.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        u = rms_norm(h)
        seen = F.scaled_dot_product_attention(split(F.linear(u, self.query)), split(F.linear(vision, self.key)),
                                              split(F.linear(vision, self.value))).transpose(1, 2)
        opening = F.linear(u, self.gate_hidden) + F.linear(rms_norm(seen.flatten(2)), self.gate_visual)
        gate = torch.sigmoid(opening + F.linear(profile, self.gate_profile)[:, None] + self.gate_bias)
        update = F.linear((gate[..., None] * seen).flatten(2), self.output)
        return h + torch.tanh(self.beta) * h.square().mean(-1, keepdim=True).sqrt() * update


@dataclasses.dataclass
class Prepared:
    """What depends on the profile only."""
    length: int  # tokens of the prefix
    past: dict   # layer -> keys and values of the prefix, from the first fusion layer on
    suffix: torch.Tensor  # (1, T, D): entering the first fusion layer
    profile: dict  # fusion layer -> (1, D)


class FusedModel:
    """The whole: photos and a profile's text to level probabilities and scores."""

    def __init__(self, args, dtype):
        llm_path = weights.part_path(args, "llm")
        self.config, tensors = weights.read_fusion(weights.part_path(args, "fusion"))
        self.net = weights.read_vision(weights.part_path(args, "vision")).to(memory_format=torch.channels_last)
        self.llm = Llama(*weights.read_llm(llm_path), dtype)
        self.tokenizer = weights.read_tokenizer(llm_path)
        self.fusion = {i: Fusion(tensors, i, self.config["heads"]) for i in self.config["layers"]}
        self.vision_mean, self.vision_scale = tensors["vision.mean"], tensors["vision.scale"]
        self.temperature, self.bias = tensors["readout.log_temperature"].exp(), tensors["readout.bias"]
        self.suffix_ids = self.encode_text(self.config["prompt"]["suffix"])["input_ids"]
        words = [self.encode_text(word)["input_ids"][0] for word in self.config["readout"]["words"]]
        self.word_rows = self.llm.embedding[words] * self.llm.norm

    def encode_text(self, text):
        return self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)

    @torch.inference_mode()
    def prepare(self, profile_text):
        llm, start = self.llm, len(self.config["prompt"]["prefix"])
        encoded = self.encode_text(self.config["prompt"]["prefix"] + profile_text)
        ids = encoded["input_ids"]
        span = [i for i, (_, end) in enumerate(encoded["offset_mapping"]) if end > start]
        h, suffix = llm.embedding[ids][None], llm.embedding[self.suffix_ids][None]
        first, past, profile = self.config["layers"][0], {}, {}
        for i in range(len(llm.layers)):
            if i in self.fusion:
                profile[i] = self.fusion[i].profile_state(h[:, span].mean(1))
            h, cache = llm.block(i, h, 0)
            if i < first:
                suffix, _ = llm.block(i, suffix, len(ids), cache)
            else:
                past[i] = cache
        return Prepared(len(ids), past, suffix, profile)

    def encode(self, pixels):
        """pixels: list of (height, width, 3) uint8; gives vision tokens (B, N, D_v)."""
        return weights.vision_tokens(self.net, self.config["photo"], pixels)

    @torch.inference_mode()
    def score(self, prepared, tokens):
        """Level probabilities (B, 5) and scores (B) of one person for photos whose vision tokens are (B, N, D_v)."""
        vision = rms_norm((tokens - self.vision_mean) / self.vision_scale)
        h = prepared.suffix.expand(len(tokens), -1, -1)
        for i, past in prepared.past.items():
            if i in self.fusion:
                h = self.fusion[i](h, prepared.profile[i], vision)
            h, _ = self.llm.block(i, h, prepared.length, past)
        levels = (F.linear(rms_norm(h[:, -1]), self.word_rows) * self.temperature + self.bias).softmax(-1)
        low, high = self.config["scale"]
        return levels, low + (high - low) / 4 * (levels @ torch.arange(5.0))

    def weights_bytes(self):
        tensors = [self.llm.embedding, *self.net.parameters()]
        for part in [*self.llm.layers, *map(vars, self.fusion.values())]:
            tensors += [value for value in part.values() if isinstance(value, torch.Tensor)]
        return sum(tensor.nbytes for tensor in tensors)
