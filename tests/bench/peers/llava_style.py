"""Peer: the same frozen models put together the way LLaVA does it, through transformers: the photo's vision tokens,
projected to the LLM's width, stand in the sequence between the profile and the question. Once with the text before them
cached, once with nothing cached. The projector is random: its values do not matter for time.

    python llava_style.py --model DIR --photos DIR [--threads 1] [--dtype f32] [--batch 1,16]
"""

import time

import torch
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

import measure
import photos
import weights

PROFILE = "a woman, 35 to 39 years old, some college."
VISION_WIDTH = 1280


def build_llm(path, dtype):
    """transformers' Llama with the weights of a GGUF."""
    numbers, tensors = weights.read_llm(path)
    tensors.setdefault("lm_head.weight", tensors["embed_tokens.weight"])
    config = LlamaConfig(
        vocab_size=len(tensors["embed_tokens.weight"]), hidden_size=numbers["width"],
        intermediate_size=numbers["ffn"], num_hidden_layers=numbers["layers"],
        num_attention_heads=numbers["heads"], num_key_value_heads=numbers["kv_heads"],
        rms_norm_eps=numbers["epsilon"], rope_parameters={"rope_type": "default", "rope_theta": numbers["rope_base"]},
        tie_word_embeddings=True)
    with torch.device("meta"):
        model = LlamaForCausalLM(config)
    names = {name: name if name.startswith("lm_head") else "model." + name for name in tensors}
    model.load_state_dict({names[n]: t.to(dtype) for n, t in tensors.items()}, assign=True)
    model.tie_weights()
    model.model.rotary_emb = type(model.model.rotary_emb)(config)  # its buffers are computed, not loaded
    return model.eval()


class LlavaStyle:
    def __init__(self, args, dtype):
        path = weights.part_path(args, "llm")
        self.config, _ = weights.read_fusion(weights.part_path(args, "fusion"))  # for its prompt only
        self.net = weights.read_vision(weights.part_path(args, "vision")).to(memory_format=torch.channels_last)
        self.llm, self.dtype = build_llm(path, dtype), dtype
        tokenizer = weights.read_tokenizer(path)
        ids = lambda text: torch.tensor([tokenizer(text, add_special_tokens=False).input_ids])
        self.words = [ids(word)[0, 0].item() for word in self.config["readout"]["words"]]
        self.projector = torch.nn.Linear(VISION_WIDTH, self.llm.config.hidden_size).to(dtype)
        with torch.inference_mode():
            self.prefix = self.llm.model.embed_tokens(ids(self.config["prompt"]["prefix"] + PROFILE))
            self.suffix = self.llm.model.embed_tokens(ids(self.config["prompt"]["suffix"]))
            cache = self.llm(inputs_embeds=self.prefix, use_cache=True, logits_to_keep=1).past_key_values
        self.past = [(layer.keys, layer.values) for layer in cache.layers]

    @torch.inference_mode()
    def encode(self, pixels):
        return weights.vision_tokens(self.net, self.config["photo"], pixels)

    @torch.inference_mode()
    def score(self, tokens, cached):
        batch = len(tokens)
        vision = self.projector(tokens.to(self.dtype))
        sequence = [vision, self.suffix.expand(batch, -1, -1)]
        past = None
        if cached:
            past = DynamicCache([(k.expand(batch, -1, -1, -1), v.expand(batch, -1, -1, -1)) for k, v in self.past])
        else:
            sequence.insert(0, self.prefix.expand(batch, -1, -1))
        out = self.llm(inputs_embeds=torch.cat(sequence, 1), past_key_values=past, use_cache=cached, logits_to_keep=1)
        return out.logits[:, -1, self.words].float().softmax(-1)


def main():
    parser = measure.parser("Peer: LLaVA-style forward through transformers")
    weights.add_part_options(parser)
    weights.add_vision_option(parser)
    photos.add_decode_option(parser)
    args = parser.parse_args()
    report = measure.Report("llava_style", args)
    paths = measure.find_photos(args)

    start = time.perf_counter()
    model, load_seconds, load_cpu = measure.timed(lambda: LlavaStyle(args, measure.DTYPES[args.dtype]))
    size = (model.config["photo"]["width"], model.config["photo"]["height"])
    model.score(model.encode([photos.read(paths[0], size)]), cached=True)
    report.line("first_score", seconds=round(time.perf_counter() - start, 3))
    report.line("load", seconds=round(load_seconds, 3), cpu_seconds=round(load_cpu, 3))
    tokens = torch.cat([model.encode([photos.read(path, size)]) for path in paths])

    def language(batch, cached):
        for chunk in tokens.split(batch):
            model.score(chunk, cached)

    def end_to_end(batch, cached):
        for pixels in photos.batches(paths, size, batch, args.decode_workers):
            parts = [model.encode(part) for part in measure.chunks(pixels, args.vision_batch)]
            model.score(torch.cat(parts), cached)

    for cached, suffix in ((True, ""), (False, "_uncached")):
        report.rate("language" + suffix, len(paths), lambda batch: language(batch, cached))
        report.rate("end_to_end" + suffix, len(paths), lambda batch: end_to_end(batch, cached))
    report.memory(sum(p.nbytes for module in (model.llm, model.net, model.projector) for p in module.parameters()))


if __name__ == "__main__":
    main()
