/* SPDX-License-Identifier: Apache-2.0 */
#include "frontier/states.h"

#include <string.h>

#include "base/array.h"

cutropy_status ct_states_add(ct_states *s, const uint64_t *state, int32_t *number)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = s->rows.words;
    CT_TRY(ct_array_room("states", &s->state, s->count, &s->room, 1, words * sizeof *s->state));
    s->rows.row = s->state;
    CT_TRY(ct_hash_room_rows(&s->table, s->count + 1, &s->rows));
    uint32_t *slot = ct_hash_find_row(&s->table, &s->rows, state);
    if (!*slot) {
        memcpy(s->state + s->count * words, state, words * sizeof *state);
        *slot = (uint32_t)++s->count;
    }
    *number = (int32_t)*slot - 1;
done:
    return status;
}

void ct_states_free(ct_states *s)
{
    ct_free(s->state);
    ct_hash_free(&s->table);
    *s = (ct_states){.rows.words = s->rows.words};
}
