# SPDX-License-Identifier: Apache-2.0
"""What a user may hand over as a function of images, as the numbers of all images: packed labels or one value an image."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Callable, Iterator, Mapping, Optional, Tuple

import numpy as np

from ._arguments import as_array, doubles, encoded, whole, worded
from ._errors import InputError
from ._lattice import Lattice

LABEL, INTEGER, REAL, COMPLEX = range(4)  # cutropy_kind
DTYPES = (np.int8, np.int64, np.float64, np.complex128)
LARGEST = 40  # pixels of a function that is evaluated image by image
BATCH = 1 << 14

Numbers = Tuple[int, np.ndarray]  # kind; uint64 words of labels, or values


class Images:
    """The images with label 1 of a function that is 0 for all others; made by `images`."""

    def __init__(self, stack: Any) -> None:
        array = as_array(stack, "images")
        if array.ndim not in (2, 3) or not len(array):
            raise InputError(f"images of shape {array.shape}: give (count, Ly, Lx) or (count, N), with count at least 1")
        if array.dtype.kind not in "buif":
            raise InputError(f"images of type {array.dtype}: give numbers, 0 and 1")
        if not ((array == 0) | (array == 1)).all():
            raise InputError("images have pixels other than 0 and 1: compare them with a threshold first, e.g. stack > 0.5")
        self.array = array.astype(bool)  # a copy: later changes of the stack change nothing

    def __len__(self) -> int:
        return len(self.array)

    def __repr__(self) -> str:
        return f"<cutropy.Images of shape {self.array.shape}>"

    def lattice(self) -> Optional[Lattice]:
        """The grid that their shape says, or None."""
        return Lattice(f"{self.array.shape[2]}x{self.array.shape[1]}") if self.array.ndim == 3 else None

    def words(self, lattice: Lattice) -> np.ndarray:
        """Packed for the library: (count, words) of uint64."""
        flat = self.array.reshape(len(self.array), -1)
        expected = (lattice.ly, lattice.lx)
        if self.array.ndim == 3 and lattice.kind == "grid" and self.array.shape[1:] != expected:
            raise InputError(f"images of shape {self.array.shape[1:]} on {lattice.name}, whose images have the shape {expected}")
        if flat.shape[1] != lattice.pixels:
            raise InputError(f"images of {flat.shape[1]} pixels on {lattice.name}, which has {lattice.pixels}")
        packed = np.packbits(flat, axis=1, bitorder="little")
        out = np.zeros((len(flat), 8 * ((lattice.pixels + 63) // 64)), np.uint8)
        out[:, :packed.shape[1]] = packed
        return out.view("<u8").astype(np.uint64, copy=False)


def images(stack: Any) -> Images:
    """A data set as a function: 1 for the images of the stack, 0 for all others.

    stack: 0 and 1 (any dtype), shape (count, Ly, Lx), pixel i = x + Lx*y, or (count, N); up to 4096 pixels. Repeated images count once.
    InputError: another shape, or other numbers."""
    return Images(stack)


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return text == "no"


class Data:
    """Grey images under a feature map, with labels if there are any; made by `data`."""

    def __init__(self, stack: Any, labels: Any = None, **parameters: Any) -> None:
        words = {key: worded(value, key) for key, value in parameters.items()}
        nothing = next((key for key in ("first", "per_class", "scale") if key in words and _is_zero(words[key])), None)
        if nothing:  # the library takes it for what is not given
            raise InputError(f"{nothing}={parameters[nothing]!r}: give a number above 0, or leave it out")
        array = as_array(stack, "images")
        if array.ndim not in (2, 3) or not array.size or array.dtype.kind not in "buif":
            raise InputError(f"images of shape {array.shape} and type {array.dtype}: give real numbers, (count, Ly, Lx) or (count, N)")
        if array.dtype == np.uint8:
            words.setdefault("scale", "255")
        elif array.dtype.kind in "iu" and "scale" not in words:
            raise InputError(f"images of type {array.dtype}: give scale, what stands for 1")
        self.values = doubles(array, "images")
        self.shape = (array.shape[0], 1, array.shape[1]) if array.ndim == 2 else array.shape
        self.labels = None
        if labels is not None:
            given = as_array(labels, "labels")
            if given.shape != (len(array),) or given.dtype.kind not in "buif":
                raise InputError(f"labels of shape {given.shape} and type {given.dtype} for {len(array)} images: give one number an image "
                                 "(names: np.unique(names, return_inverse=True)[1] numbers them)")
            self.labels = doubles(given, "labels")
        elif words.get("label", "none") != "none" or "per_class" in words:
            raise InputError("label and per_class need labels: cutropy.data(stack, labels, ...), one number an image")
        stranger = next((key for key in ("images", "factors") if key in words), None)
        if stranger:
            raise InputError(f"{stranger}= is for files: cutropy.table('data:{stranger}=FILE')")
        self.parameters = words

    def __repr__(self) -> str:
        told = "".join(f", {key}={value}" for key, value in self.parameters.items())
        return f"<cutropy.Data of shape {self.values.shape}{'' if self.labels is None else ', with labels'}{told}>"

    def text(self, name: str) -> bytes:
        """The parameters for the library."""
        if "," in name:
            raise InputError(f"name={name!r}: the name of a data set has no comma")
        return encoded(",".join([f"images={name}"] + [f"{key}={value}" for key, value in self.parameters.items()]), "data")


def data(stack: Any, labels: Any = None, **parameters: Any) -> Data:
    """A data set of grey images as a sum of product states, one an image (docs/datasets.md).

    stack: real numbers, shape (count, Ly, Lx), pixel i = x + Lx*y, or (count, N); up to 4096 pixels; x = number / scale, 0 to 1, scale 255 for uint8, 1
    for floats. labels: one number an image. parameters: those of the problem `data`: map="cos", theta=0.5, bins, label="onehot",
    label_side="b", first, per_class, normalise, scale. InputError: another shape or type; what `data` refuses, when a Problem is made.
    Cost: memory of 2 d N count doubles here, up to six count x count matrices a cut."""
    return Data(stack, labels, **parameters)


class C:
    """A function of images as C text, compiled by the system's compiler and run for all images in a program of its own, at millions to
    billions of images a second (docs/own-functions.md has the vocabulary).

    text: an expression, C("lit % 3 == 0"), for label 1 where it is not 0; or a text that defines int label(uint64_t image),
    word label(const word *image), or an amplitude: double, double complex or int64_t amplitude(uint64_t image).
    define: {name: number or word}, each a #define in front of it. seconds: that a step of 64 or 512 images, or one amplitude, may take
    (10). encoding="pm1": labels are +1 and -1. A file is a problem by its path: cutropy.table("my.c", "4x4").

    It guards against accidents, not against attackers: do not compile a text that you would not run."""

    def __init__(self, text: str, define: Optional[Mapping[str, Any]] = None, *, seconds: Optional[int] = None,
                 encoding: Optional[str] = None) -> None:
        if not isinstance(text, str):
            raise InputError(f"C text is a str, not {type(text).__name__}")
        encoded(text, "C text")
        if not isinstance(define or {}, Mapping):
            raise InputError(f"define={define!r}: give a dict of names and numbers or words")
        self.text = text
        self.define = dict(define or {})
        settings = {"seconds": seconds, "encoding": encoding}
        self._words = [f"{key}={_plain(value, key)}" for key, value in self.define.items()]
        self._words += [f"{key}={value}" for key, value in settings.items() if value is not None]

    @property
    def name(self) -> str:
        """What tables call it, unless they are told: the expression, if it is short."""
        line = self.text.strip()
        return line if line and len(line) <= 60 and "\n" not in line and "\r" not in line else "C text"

    def words(self) -> Any:
        """Its definitions for the library, up to NULL."""
        return (ctypes.c_char_p * (len(self._words) + 1))(*[encoded(word, "define") for word in self._words], None)

    def __repr__(self) -> str:
        return f"cutropy.C({self.text!r}, {self.define!r})"


def _plain(value: Any, name: Any) -> str:
    """A value of Python as C writes it."""
    if isinstance(value, (float, np.floating)) and not np.isfinite(value):
        raise InputError(f"a definition of C text is finite, not {value}")
    return worded(value, f"define {name}", ("0", "1"))


# ---- numbers ----

def _check_size(lattice: Lattice) -> None:
    if lattice.pixels > LARGEST:
        raise InputError(f"{lattice.name} has {lattice.pixels} pixels: a function of all its images can have up to {LARGEST}; "
                         "for a data set of larger images take cutropy.images")


def _words(labels: np.ndarray, n: int) -> np.ndarray:
    """Truth values of 2^n images as words of 64 labels."""
    bits = np.packbits(labels, bitorder="little")
    if n < 6:  # one word
        bits = np.concatenate([bits, np.zeros(8 - len(bits), np.uint8)])
    return bits.view("<u8").astype(np.uint64, copy=False)


def _is_binary(integers: np.ndarray) -> bool:
    """Whether all are 0 or 1: one pass, since negative numbers are large ones without their sign."""
    return bool(integers.size) and bool(integers.view(integers.dtype.str.replace("i", "u")).max() <= 1)


def as_numbers(values: Any, what: str) -> np.ndarray:
    """An array of a type that the library knows, without loss: bool, int64, float64 or complex128."""
    array = as_array(values, what)
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "b":
        return array
    if kind in "iu":
        if kind == "u" and size == 8 and array.size and int(array.max()) >= 1 << 63:
            raise InputError(f"{what}: integers of 2^63 and more; pass them as floats")
        return array.astype(np.int64, copy=False)
    if kind == "f" and size <= 8:
        return array.astype(np.float64, copy=False)
    if kind == "c" and size <= 16:
        return array.astype(np.complex128, copy=False)
    raise InputError(f"{what}: numbers of type {array.dtype} are not supported; give bool, integers, floats or complex numbers, float64 and "
                     "complex128 at most")


def _bit_reversed(n: int) -> np.ndarray:
    order = np.zeros(1, np.intp)
    for _ in range(n):
        order = np.concatenate([2 * order, 2 * order + 1])
    return order


def _from_msb(vector: np.ndarray, n: int) -> np.ndarray:
    """The same numbers where bit i of the place is pixel i; before it was pixel n - 1 - i."""
    high = n // 2
    table = vector.reshape(1 << high, 1 << (n - high))[_bit_reversed(high)][:, _bit_reversed(n - high)]
    return np.ascontiguousarray(table.T).reshape(-1)


def if_a_stack(values: Any) -> str:
    """What is said of an array that looks like a stack of images, else nothing."""
    shape = getattr(values, "shape", ())
    if len(shape) != 3 or set(shape) == {2}:
        return ""
    return f"; images of shape {tuple(shape)} are given as cutropy.data(stack), black-white ones as cutropy.images(stack)"


def from_array(values: Any, lattice: Lattice, order: Optional[str]) -> Numbers:
    """2^N values, (2^N, 1), (1, 2^N) or a tensor (2,)*N whose axis i is pixel i; with order="lsb" axis i is pixel N - 1 - i."""
    _check_size(lattice)
    n = lattice.pixels
    if order not in (None, "lsb", "msb"):
        raise InputError(f"order={order!r}: choose 'lsb' (bit i of the place is pixel i) or 'msb' (quimb, QuTiP)")
    array = as_array(values, "values")
    if array.dtype.kind in "iu" and _is_binary(array):  # in the width they have: a byte an image, not eight
        array = array.view(bool) if array.dtype.itemsize == 1 else array.astype(bool)
    array = given = as_numbers(array, "values")
    if n > 1 and array.shape == (2,) * n:
        array = array.reshape(-1, order="C" if order == "lsb" else "F")  # F: axis 0 varies fastest
    elif array.shape in ((1 << n,), (1 << n, 1), (1, 1 << n)):
        array = array.reshape(-1)
        if order == "msb":
            array = _from_msb(array, n)
    else:
        raise InputError(f"values of shape {array.shape}: {lattice.name} has {n} pixels, so give 2^{n} = {1 << n} values or a tensor "
                         f"of {n} axes of length 2" + if_a_stack(array))
    if array.dtype.kind == "b":
        return LABEL, _words(array, n)
    kind = {"i": INTEGER, "f": REAL, "c": COMPLEX}[array.dtype.kind]
    private = np.ascontiguousarray(array)
    # The library reads it in place for as long as the problem lives: nobody else may change it.
    is_ours = given.base is None and given is not values
    return kind, private if is_ours or not np.may_share_memory(private, given) else private.copy()


# ---- functions that are called ----

def batches(lattice: Lattice, batch: int) -> Iterator[Tuple[int, np.ndarray]]:
    """(first, images) of all images in order: uint8, (count, Ly, Lx) on a grid, else (count, N). One buffer, used again.

    A pixel of all images lies in one piece: of a batch only the planes of high pixels change, and what NumPy does with planes is fast."""
    n = lattice.pixels
    low = min(n, max(6, int(batch).bit_length() - 1))
    planes = np.zeros((n, 1 << low), np.uint8)
    for i in range(low):
        planes[i].reshape(-1, 2, 1 << i)[:, 1] = 1
    images = np.moveaxis(planes.reshape(*lattice.shape, 1 << low), -1, 0)
    images.flags.writeable = False  # what a function changes here would be the next images
    yield 0, images
    fill = [plane.fill for plane in planes[low:]]
    for number in range(1, 1 << (n - low)):
        i = 0
        while not number >> i & 1:  # the high pixels that change: a carry
            fill[i](0)
            i += 1
        fill[i](1)
        yield number << low, images


class _Collector:
    """What a function returns, batch by batch; the first batch decides the kind, and integers that turn out not to be labels stay
    integers."""

    def __init__(self, lattice: Lattice, name: str) -> None:
        self._n, self._name, self._type = lattice.pixels, name, ""
        self._bits: Any = None  # one of the two is an array, once there was a batch
        self._values: Any = None

    def add(self, first: int, answer: Any, count: int) -> None:
        if self._type == "b" and type(answer) is np.ndarray and answer.dtype == bool and answer.shape == (count,):
            self._pack(first, answer)  # cheap functions of many images notice the rest
            return
        values = as_numbers(answer, f"the function {self._name}")
        if values.shape == (count, 1):
            values = values[:, 0]
        if values.shape != (count,):
            raise InputError(f"the function {self._name} returned the shape {values.shape} for {count} images: it must return one "
                             f"number an image, shape ({count},)")
        kind = values.dtype.kind
        if not self._type:
            self._start(kind)
        elif kind != self._type:
            raise InputError(f"the function {self._name} returned {values.dtype} for images from {first} on, and another type before")
        if kind in "fc" and not np.isfinite(values).all():
            where = first + int(np.flatnonzero(~np.isfinite(values))[0])
            raise InputError(f"the function {self._name} returned {values[where - first]} for image {where}")
        if self._bits is not None and kind == "i" and not _is_binary(values):
            self._widen(first)
        if self._bits is not None:
            self._pack(first, values.astype(bool, copy=False))
        else:
            self._values[first:first + count] = values

    def _pack(self, first: int, labels: np.ndarray) -> None:
        packed = np.packbits(labels, bitorder="little")
        self._bits[first >> 3:(first >> 3) + len(packed)] = packed

    def _start(self, kind: str) -> None:
        self._type = kind
        if kind in "bi":
            self._bits = np.zeros(max(8, (1 << self._n) // 8), np.uint8)
        else:
            self._values = np.empty(1 << self._n, DTYPES[REAL if kind == "f" else COMPLEX])

    def _widen(self, done: int) -> None:
        self._values = np.empty(1 << self._n, np.int64)
        self._values[:done] = np.unpackbits(self._bits, count=done, bitorder="little")
        self._bits = None

    def numbers(self) -> Numbers:
        if self._bits is not None:
            return LABEL, self._bits.view("<u8").astype(np.uint64, copy=False)
        return {"i": INTEGER, "f": REAL, "c": COMPLEX}[self._type], self._values


def from_function(function: Callable[[np.ndarray], Any], lattice: Lattice, name: str, batch: Optional[int],
                  show: Optional[Callable[[str, int, int], Any]]) -> Numbers:
    """Evaluates it for all images, here and now: its exceptions come out as they are."""
    _check_size(lattice)
    batch = BATCH if batch is None else whole(batch, "batch", 1)
    collector = _Collector(lattice, name)
    total = 1 << lattice.pixels
    for first, block in batches(lattice, batch):
        collector.add(first, function(block), len(block))
        if show is not None:
            show("function", first + len(block), total)
    return collector.numbers()


# ---- trained models ----

def _of_class(output: Any) -> Tuple[str, Any]:
    """"label", "probability", "score", and for one class against the rest "label:K" or ("label", k)."""
    what, k = output if isinstance(output, tuple) and len(output) == 2 else (output, None)
    if isinstance(what, str) and ":" in what:
        what, k = what.split(":", 1)
    if what not in ("label", "probability", "score") or k == "":
        raise InputError(f"output={output!r}: a trained model needs 'label', 'probability' or 'score', and for one class of several "
                         "'label:3' or ('label', 3)")
    return what, k


_METHODS = {"label": "predict", "probability": "predict_proba", "score": "decision_function"}  # of scikit-learn


def is_ket(f: Any) -> bool:
    """A state of QuTiP, whose qubit 0 is the most significant; it has its numbers under full()."""
    return hasattr(f, "full") and hasattr(f, "dims") and hasattr(f, "ptrace")


def is_module(f: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(f, torch.nn.Module)


def is_estimator(f: Any) -> bool:
    return hasattr(f, "predict") and not callable(f)


class module_function:
    """A torch module as a function of batches, within `with`: in evaluation mode, without gradients, as it was before afterwards.

    Its input is float of shape (count, 1, Ly, Lx) on a grid, else (count, N), on the device of its parameters. Its output is one logit,
    or one of each class."""

    def __init__(self, module: Any, lattice: Lattice, output: Any) -> None:
        self._module, self._lattice, (self._what, self._k) = module, lattice, _of_class(output)
        if isinstance(self._k, str):
            if not self._k.isdigit():
                raise InputError(f"output={output!r}: the classes of a module are numbers, from 0 on")
            self._k = int(self._k)

    def __enter__(self) -> Callable[[np.ndarray], np.ndarray]:
        import torch  # type: ignore[import-not-found,unused-ignore]

        first = next(self._module.parameters(), None)
        self._place = {"device": first.device, "dtype": first.dtype} if first is not None else {"dtype": torch.float32}
        self._training = self._module.training
        self._module.eval()
        return self._call

    def __exit__(self, *_: Any) -> None:
        self._module.train(self._training)

    def _call(self, block: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            images = torch.tensor(block, **self._place)
            y = self._choose(self._module(images[:, None] if self._lattice.kind == "grid" else images)).cpu()
            numbers: np.ndarray = (y.double() if y.is_floating_point() else y).numpy()  # NumPy has not all of torch's types
            return numbers

    def _choose(self, y: Any) -> Any:
        if y.ndim == 2 and y.shape[1] == 1 and self._k is None:
            y = y[:, 0]
        if y.ndim == 1 and self._k is None:
            return y > 0 if self._what == "label" else y.sigmoid() if self._what == "probability" else y
        if y.ndim != 2 or (self._k is None and y.shape[1] != 2) or (self._k is not None and not 0 <= self._k < y.shape[1]):
            raise InputError(f"the module returned the shape {tuple(y.shape)}: expected one logit an image, two, or one of each class "
                             f"with one named, output='{self._what}:0', .., against the rest")
        k = 1 if self._k is None else self._k
        return y.argmax(1) == k if self._what == "label" else (y.softmax(1) if self._what == "probability" else y)[:, k]


def estimator_function(estimator: Any, output: Any) -> Callable[[np.ndarray], np.ndarray]:
    """A classifier with the interface of scikit-learn: its N features are the pixels."""
    what, k = _of_class(output)
    if not hasattr(estimator, "classes_"):
        raise InputError(f"{type(estimator).__name__} has no classes (classes_): fit it, or write a callable around it")
    classes = list(estimator.classes_)
    texts = [str(each) for each in classes]
    if k is None and len(classes) == 2:
        place = 1
    elif k in classes:
        place = classes.index(k)
    elif isinstance(k, str) and k in texts:
        place = texts.index(k)
    else:
        raise InputError(f"the classes are {', '.join(texts)}: choose one against the rest, output='{what}:{texts[0]}'")

    there = [each for each, method in _METHODS.items() if hasattr(estimator, method)]
    if what not in there:
        raise InputError(f"{type(estimator).__name__} has no {_METHODS[what]}: choose output={' or '.join(map(repr, there))}")

    def call(block: np.ndarray) -> np.ndarray:
        flat = block.reshape(len(block), -1)
        if what == "label":
            return np.asarray(np.asarray(estimator.predict(flat)) == classes[place])
        if what == "probability":
            return np.asarray(estimator.predict_proba(flat))[:, place]
        scores = np.asarray(estimator.decision_function(flat))
        if scores.ndim == 1:  # of the second of two classes
            return scores if place == 1 else -scores
        if scores.shape[1] != len(classes) or getattr(estimator, "decision_function_shape", "") == "ovo":
            raise InputError(f"the scores of {type(estimator).__name__} are not one of each class (decision_function_shape='ovr' of SVC makes them so)")
        return scores[:, place]

    return call
