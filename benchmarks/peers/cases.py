# SPDX-License-Identifier: Apache-2.0
"""What is computed: states, lattices and cuts, in the size that is measured and in a small one for --quick and for the agreement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    name: str
    problem: str  #: {seed} stands for each of the seeds
    sizes: tuple[str, str]  #: lattices: full, small
    cuts: str
    seeds: tuple[int, int] = (1, 1)  #: how many states: full, small

    def words(self, small: bool) -> str:
        seeds = self.seeds[small]
        problem = self.problem.replace(":seed={seed}", "").replace(",seed={seed}", "")
        return f"{problem}, {self.sizes[small]}, {self.cuts}" + (f", {seeds} seeds" if seeds > 1 else "")

    def lattice(self, small: bool) -> str:
        return self.sizes[small]

    def problems(self, small: bool) -> list[str]:
        return [self.problem.format(seed=seed) for seed in range(1, self.seeds[small] + 1)]


CASES = {case.name: case for case in (
    Case("random-all", "random:seed={seed}", ("4x4", "chain:11"), "all"),
    Case("random-half-24", "random:seed={seed}", ("chain:24", "chain:16"), "half"),
    Case("random-half-26", "random:seed={seed}", ("chain:26", "chain:17"), "half"),
    Case("random-all-seeds", "random:seed={seed}", ("chain:12", "chain:9"), "all", (64, 4)),
    Case("page-rows", "page:seed={seed}", ("4x6", "4x4"), "rows"),
    Case("complex-page-half-20", "page:complex=1,seed={seed}", ("chain:20", "chain:14"), "half"),
    Case("complex-page-half-22", "page:complex=1,seed={seed}", ("chain:22", "chain:15"), "half"),
    Case("complex-page-rectangles", "page:complex=1,seed={seed}", ("4x5", "4x3"), "rectangles"),
    Case("ising-rows", "ising", ("4x6", "4x4"), "rows"),
    Case("primes-half-24", "primes", ("chain:24", "chain:16"), "half"),
    Case("primes-half-26", "primes", ("chain:26", "chain:17"), "half"),
    Case("connected-half", "connected", ("4x6", "4x4"), "half"),
    Case("percolation-rectangles", "percolation", ("4x5", "4x3"), "rectangles"),
)}
