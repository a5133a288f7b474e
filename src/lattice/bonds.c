/* SPDX-License-Identifier: Apache-2.0 */
/* The geometry of a lattice: positions, stars of links, bonds, neighbour lists. */
#include "lattice/bonds.h"

#include <stdlib.h>

static int compare_bonds(const void *left, const void *right)
{
    const int *a = left, *b = right;
    int first = (a[0] > b[0]) - (a[0] < b[0]);
    return first ? first : (a[1] > b[1]) - (a[1] < b[1]);
}

/* A bond of different pixels, smaller number first. Repetitions are removed later. */
static void add_bond(cutropy_lattice *lattice, int i, int j)
{
    if (i == j)
        return;
    int *bond = lattice->bond[lattice->bonds++];
    bond[0] = i < j ? i : j;
    bond[1] = i < j ? j : i;
}

static void sort_bonds(cutropy_lattice *lattice)
{
    if (lattice->bonds == 0)
        return;
    qsort(lattice->bond, (size_t)lattice->bonds, sizeof *lattice->bond, compare_bonds);
    int kept = 1;
    for (int b = 1; b < lattice->bonds; b++) {
        if (compare_bonds(lattice->bond[b], lattice->bond[kept - 1]) == 0)
            continue;
        lattice->bond[kept][0] = lattice->bond[b][0];
        lattice->bond[kept][1] = lattice->bond[b][1];
        kept++;
    }
    lattice->bonds = kept;
}

/* Grid and chain: every pixel with its right and its lower neighbour. */
static cutropy_status build_grid(cutropy_lattice *lattice)
{
    cutropy_status status = CUTROPY_OK;
    int lx = lattice->lx, ly = lattice->ly;
    CT_NEW(lattice->bond, 2 * lattice->pixels);
    CT_NEW(lattice->position, lattice->pixels);
    for (int y = 0; y < ly; y++) {
        for (int x = 0; x < lx; x++) {
            int i = x + lx * y;
            lattice->position[i][0] = x;
            lattice->position[i][1] = y;
            if (x + 1 < lx || lattice->periodic)
                add_bond(lattice, i, (x + 1) % lx + lx * y);
            if (y + 1 < ly || (lattice->periodic && !lattice->infinite))
                add_bond(lattice, i, x + lx * ((y + 1) % ly));
        }
    }
done:
    return status;
}

static void join_star(cutropy_lattice *lattice, int vertex, int link)
{
    lattice->star[vertex][lattice->star_degree[vertex]++] = link;
}

/* Every link is entered in the stars of its two ends. */
static void build_stars(cutropy_lattice *lattice)
{
    int lx = lattice->lx, ly = lattice->ly;
    for (int y = 0; y < ly; y++) {
        for (int x = 0; x < ct_links_per_row(lattice); x++) {
            int link = ct_link_right(lattice, x, y);
            lattice->position[link][0] = x + 0.5;
            lattice->position[link][1] = y;
            join_star(lattice, x + lx * y, link);
            join_star(lattice, (x + 1) % lx + lx * y, link);
        }
    }
    for (int y = 0; y < ct_link_rows(lattice); y++) {
        for (int x = 0; x < lx; x++) {
            int link = ct_link_down(lattice, x, y);
            lattice->position[link][0] = x;
            lattice->position[link][1] = y + 0.5;
            join_star(lattice, x + lx * y, link);
            join_star(lattice, x + lx * ((y + 1) % ly), link);
        }
    }
}

/* Links: bonds join the links of a star. */
static cutropy_status build_links(cutropy_lattice *lattice)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(lattice->bond, 6 * lattice->vertices);
    CT_NEW(lattice->position, lattice->pixels);
    CT_NEW_ZERO(lattice->star, lattice->vertices);
    CT_NEW_ZERO(lattice->star_degree, lattice->vertices);
    build_stars(lattice);
    for (int v = 0; v < lattice->vertices; v++)
        for (int i = 0; i < lattice->star_degree[v]; i++)
            for (int j = i + 1; j < lattice->star_degree[v]; j++)
                add_bond(lattice, lattice->star[v][i], lattice->star[v][j]);
done:
    return status;
}

cutropy_status ct_lattice_build(cutropy_lattice *lattice)
{
    cutropy_status status =
        lattice->kind == CUTROPY_LATTICE_LINKS ? build_links(lattice) : build_grid(lattice);
    if (status == CUTROPY_OK)
        sort_bonds(lattice);
    return status;
}

cutropy_status ct_adjacency_make(const cutropy_lattice *lattice, ct_adjacency *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_adjacency made = {NULL, NULL};
    *out = made;
    CT_NEW_ZERO(made.start, lattice->pixels + 1);
    CT_NEW(made.list, 2 * lattice->bonds);

    /* start[i] is first the end of pixel i's list and is counted down while the list is filled */
    for (int b = 0; b < lattice->bonds; b++)
        for (int end = 0; end < 2; end++)
            made.start[lattice->bond[b][end]]++;
    for (int i = 1; i <= lattice->pixels; i++)
        made.start[i] += made.start[i - 1];
    /* bonds are sorted: from the back, first the larger neighbours, then the smaller ones */
    for (int b = lattice->bonds - 1; b >= 0; b--)
        made.list[--made.start[lattice->bond[b][0]]] = lattice->bond[b][1];
    for (int b = lattice->bonds - 1; b >= 0; b--)
        made.list[--made.start[lattice->bond[b][1]]] = lattice->bond[b][0];
    *out = made;
    made = (ct_adjacency){NULL, NULL};
done:
    ct_adjacency_free(&made);
    return status;
}

void ct_adjacency_free(ct_adjacency *adjacency)
{
    ct_free(adjacency->start);
    ct_free(adjacency->list);
    *adjacency = (ct_adjacency){NULL, NULL};
}
