"""What words mean, as 128 numbers each: so that words never seen in a labelled message weigh like those that were.

`vectors.npz` was made by `python -m bench.learning.vectors FOLDER`, where FOLDER holds all-MiniLM-L6-v2 (sentence-transformers,
Apache-2.0): `model.safetensors` with the digest below and `tokenizer.json`. Each whole word of its vocabulary is read alone; the
mean over its tokens is brought from 384 to 128 numbers by principal components, and to length one. Rare words weigh more.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).parent
DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SIZE = 128
_BEGIN, _END = 101, 102
_HEADS = 12
_AT_ONCE = 512
Matrix = npt.NDArray[np.float32]
Model = dict[str, Matrix]


def vectors() -> dict[str, Matrix]:
    """Return each word's numbers."""
    with np.load(HERE / "vectors.npz", allow_pickle=False) as kept:
        words, numbers = kept["words"], kept["numbers"].astype(np.float32) / 127
    rarity = np.log1p(np.arange(len(words))) / np.log(len(words))
    return {str(word): line * np.float32(weight) for word, line, weight in zip(words, numbers, rarity, strict=True)}


def keep(words: list[str], meant: Matrix) -> None:
    """Write the vectors of words, the most frequent word first, from 384 numbers each."""
    centred = meant - meant.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    short = centred @ axes[:SIZE].T
    short /= np.linalg.norm(short, axis=1, keepdims=True) + 1e-9
    np.savez_compressed(HERE / "vectors.npz", words=np.array(words), numbers=np.round(short * 127).astype(np.int8))


def opened(path: Path) -> Model:
    """Read a file of safetensors: the length of its heading, the heading, the numbers. Another file than ours is refused."""
    kept = path.read_bytes()
    if sha256(kept).hexdigest() != DIGEST:
        raise ValueError(f"{path} is not the model that the vectors come from. Nothing was written.")
    begins = 8 + int.from_bytes(kept[:8], "little")
    heading = json.loads(kept[8:begins])
    return {
        name: np.frombuffer(kept[begins + told["data_offsets"][0] : begins + told["data_offsets"][1]], np.float32).reshape(
            told["shape"]
        )
        for name, told in heading.items()
        if name != "__metadata__" and told["dtype"] == "F32"
    }


def meaning(model: Model, tokens: npt.NDArray[np.int_]) -> Matrix:
    """Return the mean over the tokens of each row, as the model's six layers read them."""
    rows, width = tokens.shape
    state = model["embeddings.word_embeddings.weight"][tokens] + model["embeddings.position_embeddings.weight"][:width]
    state = _levelled(model, state + model["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        parts = [_line(model, state, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        query, key, value = (part.reshape(rows, width, _HEADS, -1).transpose(0, 2, 1, 3) for part in parts)
        looks = query @ key.transpose(0, 1, 3, 2) / np.sqrt(query.shape[-1])
        looks = np.exp(looks - looks.max(-1, keepdims=True))
        seen = (looks / looks.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(rows, width, -1)
        state = _levelled(
            model, _line(model, seen, f"{name}.attention.output.dense") + state, f"{name}.attention.output.LayerNorm"
        )
        inner = _line(model, state, f"{name}.intermediate.dense")
        state = _levelled(model, _line(model, _bent(inner), f"{name}.output.dense") + state, f"{name}.output.LayerNorm")
    return np.asarray(state.mean(1), np.float32)


def _line(model: Model, state: Matrix, name: str) -> Matrix:
    return np.asarray(state @ model[f"{name}.weight"].T + model[f"{name}.bias"])


def _levelled(model: Model, state: Matrix, name: str) -> Matrix:
    spread = (state - state.mean(-1, keepdims=True)) / np.sqrt(state.var(-1, keepdims=True) + 1e-12)
    return np.asarray(spread * model[f"{name}.weight"] + model[f"{name}.bias"])


def _bent(state: Matrix) -> Matrix:
    """GELU, the error function by Abramowitz and Stegun 7.1.26, right to 2 in ten million."""
    size = np.abs(state) / np.sqrt(2)
    step = 1 / (1 + 0.3275911 * size)
    series = step * (0.254829592 + step * (-0.284496736 + step * (1.421413741 + step * (-1.453152027 + step * 1.061405429))))
    return np.asarray(state / 2 * (1 + np.sign(state) * (1 - series * np.exp(-(size**2)))))


def main() -> None:
    """Make the vectors anew."""
    folder = Path(sys.argv[1])
    model = opened(folder / "model.safetensors")
    known = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    words = sorted((word for word in known if word.isascii() and word.isalpha() and word.islower()), key=lambda word: known[word])
    tokens = np.array([[_BEGIN, known[word], _END] for word in words])
    keep(words, np.concatenate([meaning(model, tokens[start : start + _AT_ONCE]) for start in range(0, len(tokens), _AT_ONCE)]))


if __name__ == "__main__":
    main()
