/* SPDX-License-Identifier: Apache-2.0 */
/* What a map found, for programs. */
#include "output/map.h"

const cutropy_lattice *cutropy_map_lattice(const cutropy_map *map)
{
    return map->lattice;
}

const cutropy_result *cutropy_map_result(const cutropy_map *map)
{
    return map->result;
}

const double *cutropy_map_mutual_information(const cutropy_map *map)
{
    return map->mutual_information;
}

const double *cutropy_map_mutual_information_err(const cutropy_map *map)
{
    return map->mutual_information_err;
}

const cutropy_scaling *cutropy_map_law(const cutropy_map *map)
{
    return map->law;
}

const char *cutropy_map_law_cuts(const cutropy_map *map)
{
    return map->law_cuts;
}

const char *cutropy_map_law_missing(const cutropy_map *map)
{
    return map->law_missing;
}

const cutropy_ranges *cutropy_map_ranges(const cutropy_map *map)
{
    return map->ranges;
}

const cutropy_map_family *cutropy_map_rows(const cutropy_map *map, cutropy_map_family_id id)
{
    return &map->family[id];
}

const cutropy_section *cutropy_map_section(const cutropy_map *map, size_t i)
{
    return i < CT_MAP_SECTIONS ? &map->section[i] : NULL;
}
