# SPDX-License-Identifier: Apache-2.0
"""What of the C interface is used, in one place: the structs and signatures of include/cutropy/*.h."""

from __future__ import annotations

import ctypes as c
from typing import Any

ABI = 3  # CUTROPY_ABI of status.h

INT, LONG, WORD, SIZE, REAL = c.c_int, c.c_int64, c.c_uint64, c.c_size_t, c.c_double
TEXT, HANDLE, OUT = c.c_char_p, c.c_void_p, c.POINTER(c.c_void_p)
ARRAY = c.c_void_p  # the address of numbers, e.g. of a NumPy array


class Lattice(c.Structure):
    _fields_ = [("kind", INT), ("lx", INT), ("ly", INT), ("periodic", INT), ("pixels", INT), ("words", SIZE), ("bonds", INT),
                ("bond", c.POINTER(INT * 2)), ("position", c.POINTER(REAL * 2)), ("vertices", INT), ("star", c.POINTER(INT * 4)),
                ("star_degree", c.POINTER(INT)), ("name", c.c_char * 40), ("infinite", INT)]


class Cuts(c.Structure):
    _fields_ = [("words", SIZE), ("count", SIZE), ("masks", c.POINTER(WORD))]


class Plan(c.Structure):
    _fields_ = [("known", INT), ("cuts", WORD), ("distinct_cuts", WORD), ("storage", c.c_char * 16), ("function_bytes", WORD),
                ("workspace_bytes", WORD), ("largest_matrix", WORD), ("images", WORD), ("least_bytes", WORD),
                ("memory_limit", WORD), ("fits", INT), ("states", WORD), ("operations", REAL)]


class Options(c.Structure):
    """What the caller fills: begins with its size. All other members are given by name, else they are 0."""

    def __init__(self, **members: Any) -> None:
        super().__init__(size=c.sizeof(self), **members)


class SeriesOptions(Options):
    _fields_ = [("size", SIZE), ("problem", TEXT), ("lattice", TEXT), ("lattices", TEXT), ("cuts", TEXT), ("length", INT), ("range", REAL),
                ("topological", INT), ("regions", TEXT)]


class Gamma(c.Structure):
    _fields_ = [("regions", Cuts), ("gamma", REAL), ("error", REAL), ("doubt", TEXT)]


class CheckOptions(Options):
    _fields_ = [("size", SIZE), ("problem", TEXT), ("lattice", TEXT), ("unit", INT), ("tolerance", TEXT), ("plain", INT)]


class CheckSummary(c.Structure):
    _fields_ = [("rows", SIZE), ("agree", SIZE), ("rounded", SIZE), ("differ", SIZE), ("rounded_by", REAL), ("left_out", SIZE),
                ("altered", INT)]


class Axis(c.Structure):
    _fields_ = [("key", TEXT), ("values", TEXT)]


class Sweep(Options):
    _fields_ = [("size", SIZE), ("family", TEXT), ("lattice", TEXT), ("cuts", TEXT), ("axes", c.POINTER(Axis)), ("axis_count", SIZE),
                ("seeds", INT), ("first_seed", WORD), ("weights", TEXT)]


class BenchOptions(Options):
    _fields_ = [("size", SIZE), ("quick", INT)]


class MapOptions(Options):
    _fields_ = [("size", SIZE), ("connected", INT), ("largest", INT), ("most_cuts", SIZE)]


MAP_FAMILIES = 12  # CUTROPY_MAP_FAMILIES


class MapFamily(c.Structure):
    _fields_ = [("name", c.c_char * 24), ("first", SIZE), ("count", SIZE), ("left_out", SIZE), ("missing", c.c_char * 160)]


class Section(c.Structure):
    _fields_ = [("title", TEXT), ("text", TEXT)]


class MPSOptions(Options):
    _fields_ = [("size", SIZE), ("form", INT), ("cutoff", REAL), ("order", ARRAY)]


ORDER_LARGEST, ORDER_BUDGET = 20, 10000  # CUTROPY_ORDER_LARGEST, CUTROPY_ORDER_BUDGET


class OrderSums(c.Structure):
    _fields_ = [("largest_rank", c.c_int64), ("parameters", c.c_int64), ("largest_entropy", REAL), ("entropy_err", REAL), ("mean_entropy", REAL)]


class MapSaveOptions(Options):
    _fields_ = [("size", SIZE), ("about", TEXT), ("command", TEXT)]


# name: result, arguments
_FUNCTIONS = {
    "cutropy_abi": (INT,),
    "cutropy_version": (TEXT,),
    "cutropy_error": (TEXT,),
    "cutropy_lattice_parse": (INT, TEXT, OUT),
    "cutropy_lattice_free": (None, HANDLE),
    "cutropy_cuts_parse": (INT, TEXT, HANDLE, c.POINTER(Cuts)),
    "cutropy_cuts_free": (None, c.POINTER(Cuts)),
    "cutropy_problem_parse": (INT, TEXT, HANDLE, OUT),
    "cutropy_problem_free": (None, HANDLE),
    "cutropy_problem_lattice": (HANDLE, HANDLE),
    "cutropy_problem_kind": (INT, HANDLE),
    "cutropy_problem_text": (TEXT, HANDLE),
    "cutropy_problem_rename": (INT, HANDLE, TEXT),
    "cutropy_problem_name": (TEXT, SIZE),
    "cutropy_problem_about": (TEXT, TEXT, TEXT),
    "cutropy_problem_borrow": (INT, TEXT, HANDLE, INT, ARRAY, OUT),
    "cutropy_problem_from_text": (INT, TEXT, TEXT, ARRAY, HANDLE, OUT),
    "cutropy_problem_from_automaton": (INT, TEXT, HANDLE, ARRAY, ARRAY, ARRAY, OUT),
    "cutropy_problem_from_images": (INT, TEXT, HANDLE, ARRAY, SIZE, OUT),
    "cutropy_problem_from_data": (INT, TEXT, HANDLE, ARRAY, ARRAY, ARRAY, OUT),
    "cutropy_options_create": (INT, OUT),
    "cutropy_options_free": (None, HANDLE),
    "cutropy_options_set": (INT, HANDLE, TEXT, TEXT),
    "cutropy_options_set_progress": (None, HANDLE, HANDLE, HANDLE),
    "cutropy_watch_create": (INT, OUT),
    "cutropy_watch_free": (None, HANDLE),
    "cutropy_watch_stop": (None, HANDLE),
    "cutropy_watch_read": (SIZE, HANDLE, TEXT, SIZE, c.POINTER(WORD), c.POINTER(WORD)),
    "cutropy_run": (INT, HANDLE, c.POINTER(Cuts), HANDLE, OUT),
    "cutropy_part_save": (INT, HANDLE, TEXT),
    "cutropy_parts_merge": (INT, c.POINTER(TEXT), SIZE, OUT),
    "cutropy_make_plan": (INT, HANDLE, c.POINTER(Cuts), HANDLE, c.POINTER(c.POINTER(Plan))),
    "cutropy_plan_free": (None, HANDLE),
    "cutropy_result_free": (None, HANDLE),
    "cutropy_result_complete": (INT, HANDLE),
    "cutropy_result_sheet": (INT, HANDLE, INT, OUT),
    "cutropy_state_open": (INT, HANDLE, HANDLE, OUT),
    "cutropy_state_free": (None, HANDLE),
    "cutropy_state_run": (INT, HANDLE, c.POINTER(Cuts), HANDLE, OUT),
    "cutropy_state_kind": (INT, HANDLE),
    "cutropy_state_norm": (TEXT, HANDLE),
    "cutropy_state_norm_error": (TEXT, HANDLE),
    "cutropy_state_checksum": (WORD, HANDLE),
    "cutropy_state_ones": (WORD, HANDLE),
    "cutropy_state_values": (INT, HANDLE, WORD, WORD, ARRAY),
    "cutropy_state_images": (INT, HANDLE, WORD, WORD, ARRAY),
    "cutropy_state_open_levels": (INT, HANDLE, HANDLE, OUT),
    "cutropy_mps_form_named": (INT, TEXT, c.POINTER(INT)),
    "cutropy_mps_make": (INT, HANDLE, c.POINTER(MPSOptions), HANDLE, OUT),
    "cutropy_mps_free": (None, HANDLE),
    "cutropy_mps_save": (INT, HANDLE, TEXT, HANDLE),
    "cutropy_density_save": (INT, HANDLE, ARRAY, INT, TEXT, HANDLE),
    "cutropy_schmidt_save": (INT, HANDLE, ARRAY, INT, TEXT, HANDLE),
    "cutropy_function_save": (INT, HANDLE, INT, INT, TEXT, HANDLE),
    "cutropy_sampler_open": (INT, HANDLE, HANDLE, OUT),
    "cutropy_sampler_free": (None, HANDLE),
    "cutropy_sampler_draw": (None, HANDLE, WORD, WORD, WORD, ARRAY),
    "cutropy_order_aim_named": (INT, TEXT, c.POINTER(INT)),
    "cutropy_order_check": (INT, HANDLE),
    "cutropy_order_open": (INT, HANDLE, HANDLE, OUT),
    "cutropy_order_find": (INT, HANDLE, INT, HANDLE, OUT),
    "cutropy_order_search": (INT, HANDLE, INT, WORD, HANDLE, OUT),
    "cutropy_order_searched": (WORD, HANDLE),
    "cutropy_order_method_named": (INT, TEXT, c.POINTER(INT)),
    "cutropy_order_method_name": (TEXT, HANDLE),
    "cutropy_order_arrange": (INT, HANDLE, INT, HANDLE, OUT),
    "cutropy_tree_find": (INT, HANDLE, INT, HANDLE, OUT),
    "cutropy_tree_free": (None, HANDLE),
    "cutropy_tree_summarize": (c.POINTER(OrderSums), HANDLE),
    "cutropy_tree_sheet": (INT, HANDLE, INT, OUT),
    "cutropy_order_free": (None, HANDLE),
    "cutropy_order_pixels": (c.POINTER(INT), HANDLE),
    "cutropy_order_summarize": (c.POINTER(OrderSums), HANDLE, INT),
    "cutropy_order_sheet": (INT, HANDLE, INT, OUT),
    "cutropy_certificate_check": (INT, c.POINTER(Cuts), INT),
    "cutropy_certificate_save": (INT, HANDLE, HANDLE, INT, TEXT),
    "cutropy_sheet_free": (None, HANDLE),
    "cutropy_sheet_rows": (SIZE, HANDLE),
    "cutropy_sheet_columns": (INT, HANDLE),
    "cutropy_sheet_name": (TEXT, HANDLE, INT),
    "cutropy_sheet_unit": (TEXT, HANDLE, INT),
    "cutropy_sheet_title": (TEXT, HANDLE, INT),
    "cutropy_sheet_error_title": (TEXT, HANDLE, INT),
    "cutropy_sheet_type": (INT, HANDLE, INT),
    "cutropy_sheet_partial": (TEXT, HANDLE),
    "cutropy_sheet_integers": (INT, HANDLE, INT, ARRAY, ARRAY),
    "cutropy_sheet_reals": (INT, HANDLE, INT, ARRAY, ARRAY),
    "cutropy_sheet_text": (INT, HANDLE, SIZE, INT, TEXT, SIZE),
    "cutropy_sheet_write": (INT, HANDLE, INT, HANDLE),
    "cutropy_sheet_save": (INT, HANDLE, INT, TEXT),
    "cutropy_format_named": (INT, TEXT, c.POINTER(INT)),
    "cutropy_ranges_run": (INT, HANDLE, c.POINTER(Cuts), HANDLE, OUT),
    "cutropy_ranges_free": (None, HANDLE),
    "cutropy_ranges_sheet": (INT, HANDLE, INT, OUT),
    "cutropy_information_run": (INT, HANDLE, TEXT, INT, HANDLE, OUT),
    "cutropy_information_free": (None, HANDLE),
    "cutropy_information_sheet": (INT, HANDLE, INT, OUT),
    "cutropy_verify": (INT, HANDLE, c.POINTER(Cuts), HANDLE, OUT),
    "cutropy_verification_free": (None, HANDLE),
    "cutropy_verification_sheet": (INT, HANDLE, OUT),
    "cutropy_series_open": (INT, c.POINTER(SeriesOptions), OUT),
    "cutropy_series_open_of": (INT, OUT, SIZE, c.POINTER(SeriesOptions), OUT),
    "cutropy_series_free": (None, HANDLE),
    "cutropy_series_count": (SIZE, HANDLE),
    "cutropy_series_check": (INT, HANDLE),
    "cutropy_series_problem": (HANDLE, HANDLE, SIZE),
    "cutropy_series_run": (INT, HANDLE, HANDLE),
    "cutropy_series_scaling": (HANDLE, HANDLE),
    "cutropy_series_gamma": (c.POINTER(Gamma), HANDLE, SIZE, INT),
    "cutropy_series_words": (INT, HANDLE, HANDLE),
    "cutropy_series_sheet": (INT, HANDLE, OUT),
    "cutropy_scaling_headline": (None, HANDLE, TEXT),
    "cutropy_scaling_explain": (None, HANDLE, TEXT),
    "cutropy_check_open": (INT, TEXT, c.POINTER(CheckOptions), OUT),
    "cutropy_check_free": (None, HANDLE),
    "cutropy_check_run": (INT, HANDLE, HANDLE),
    "cutropy_check_summarize": (c.POINTER(CheckSummary), HANDLE),
    "cutropy_check_words": (INT, HANDLE, HANDLE),
    "cutropy_check_sheet": (INT, HANDLE, OUT),
    "cutropy_expressivity_run": (INT, c.POINTER(Sweep), HANDLE, OUT),
    "cutropy_expressivity_free": (None, HANDLE),
    "cutropy_expressivity_sheet": (INT, HANDLE, OUT),
    "cutropy_expressivity_words": (INT, HANDLE, HANDLE),
    "cutropy_bench_run": (INT, c.POINTER(BenchOptions), HANDLE, OUT),
    "cutropy_bench_free": (None, HANDLE),
    "cutropy_bench_load": (REAL, HANDLE),
    "cutropy_bench_without_cuda": (TEXT, HANDLE),
    "cutropy_bench_sheet": (INT, HANDLE, INT, OUT),
    "cutropy_manifest_read": (INT, TEXT, OUT),
    "cutropy_manifest_free": (None, HANDLE),
    "cutropy_manifest_count": (SIZE, HANDLE),
    "cutropy_ground_truth_open": (INT, TEXT, HANDLE, OUT),
    "cutropy_ground_truth_free": (None, HANDLE),
    "cutropy_ground_truth_make": (INT, HANDLE, SIZE, HANDLE),
    "cutropy_ground_truth_finish": (INT, HANDLE),
    "cutropy_ground_truth_check": (INT, TEXT, HANDLE, c.POINTER(SIZE)),
    "cutropy_map_make": (INT, HANDLE, c.POINTER(MapOptions), HANDLE, OUT),
    "cutropy_map_free": (None, HANDLE),
    "cutropy_map_lattice": (HANDLE, HANDLE),
    "cutropy_map_result": (HANDLE, HANDLE),
    "cutropy_map_rows": (c.POINTER(MapFamily), HANDLE, INT),
    "cutropy_map_mutual_information": (c.POINTER(REAL), HANDLE),
    "cutropy_map_mutual_information_err": (c.POINTER(REAL), HANDLE),
    "cutropy_map_section": (c.POINTER(Section), HANDLE, SIZE),
    "cutropy_map_save": (INT, HANDLE, TEXT, c.POINTER(MapSaveOptions), c.POINTER(INT)),
    "cutropy_map_save_check": (INT, TEXT),
}


def declare(lib: c.CDLL) -> None:
    """Gives every function of the library its types; AttributeError where it lacks one."""
    for name, (result, *arguments) in _FUNCTIONS.items():
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
