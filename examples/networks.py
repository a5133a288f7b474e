# SPDX-License-Identifier: Apache-2.0
"""Networks that learn a function of images, many seeds at once (PyTorch): the parameters of all seeds are stacked, so that a step of ten
networks is one multiplication of stacked matrices. Everything is elementwise over the seeds, so each learns as it would alone."""

import math

import torch
from torch import nn
from torch.func import functional_call, stack_module_state, vmap

import cutropy


class Signs(nn.Module):
    """0 and 1 as -1 and +1, which is what the problems cnn and mlp of cutropy read."""

    def forward(self, images):
        return 2 * images - 1


def mlp(lattice, width=128, depth=2):
    """(count, N) or (count, Ly, Lx) -> (count, 1); its tensors are named as those of cutropy's mlp."""
    net = nn.Sequential()
    net.add_module("signs", Signs())
    net.add_module("flat", nn.Flatten())
    inputs = lattice.pixels
    for number in range(1, depth + 1):
        net.add_module(f"layer{number}", nn.Linear(inputs, width))
        net.add_module(f"relu{number}", nn.ReLU())
        inputs = width
    net.add_module("out", nn.Linear(inputs, 1))
    return net


def cnn(lattice, channels, layers):
    """(count, 1, Ly, Lx) -> (count, 1): `layers` convolutions 3 x 3 of `channels` channels, and one linear layer. No pooling: cutropy's
    cnn:poolings=0, with the same names of tensors."""
    net = nn.Sequential()
    net.add_module("signs", Signs())
    inputs = 1
    for number in range(1, layers + 1):
        net.add_module(f"conv{number}", nn.Conv2d(inputs, channels, 3, padding=1))
        net.add_module(f"relu{number}", nn.ReLU())
        inputs = channels
    net.add_module("flat", nn.Flatten())
    net.add_module("out", nn.Linear(inputs * lattice.pixels, 1))
    return net


def all_images(lattice):
    """(2^N, 1, Ly, Lx) of 0.0 and 1.0: image k has pixel i = x + Lx*y at bit i of k, the order of cutropy."""
    k = torch.arange(1 << lattice.pixels)
    bits = k[:, None] >> torch.arange(lattice.pixels) & 1
    return bits.float().reshape(-1, 1, *lattice.shape)


class Learners:
    """Networks of one shape, one a seed, and their training on labels of all images.

    make: a function that returns a new network. labels: 2^N of 0 and 1. batch: images of a step, at most a sixteenth of all."""

    def __init__(self, make, seeds, lattice, labels, rate, updates, batch):
        nets = []
        for seed in seeds:
            torch.manual_seed(seed)
            nets.append(make())
        self.seeds, self.frame = list(seeds), nets[0]
        self.parameters, _ = stack_module_state(nets)
        self.images, self.labels = all_images(lattice), torch.as_tensor(labels, dtype=torch.float32)
        self.order = [torch.Generator().manual_seed(1000 + seed) for seed in seeds]
        self.batch = min(batch, max(1, len(self.labels) // 16))
        self.optimizer = torch.optim.Adam(self.parameters.values(), lr=rate)
        self.rate = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: 0.5 * (1 + math.cos(math.pi * min(1, step / updates))))
        self.left = torch.empty(len(nets), 0, dtype=torch.long)

    def _call(self, parameters, images):
        return functional_call(self.frame, parameters, (images,))[:, 0]

    def update(self):
        """One step of Adam; every network has its own order of the images, an epoch shows each image once."""
        if self.left.shape[1] < self.batch:
            self.left = torch.stack([torch.randperm(len(self.labels), generator=generator) for generator in self.order])
        chosen, self.left = self.left[:, :self.batch], self.left[:, self.batch:]
        scores = vmap(self._call)(self.parameters, self.images[chosen])
        loss = nn.functional.binary_cross_entropy_with_logits(scores, self.labels[chosen], reduction="none").mean(1).sum()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.rate.step()

    @torch.no_grad()
    def scores(self):
        """(seeds, 2^N): the logits of all images."""
        pieces = [vmap(self._call, in_dims=(0, None))(self.parameters, images) for images in self.images.split(1 << 12)]
        return torch.cat(pieces, 1).double()

    def network(self, number):
        """One of them as an ordinary module."""
        self.frame.load_state_dict({name: tensor[number].detach() for name, tensor in self.parameters.items()})
        return self.frame
