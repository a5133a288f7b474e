/* SPDX-License-Identifier: Apache-2.0 */
/* Temporary files of ct_save, and those that a killed program left behind. */
#ifndef CT_ABANDONED_H
#define CT_ABANDONED_H

/* In a folder: ".cutropy-" process "-" attempt ".tmp". Whoever writes one holds a lock on it
 * (flock) until it is renamed. */
#define CT_TEMPORARY_FORMAT ".cutropy-%ld-%d.tmp"

/* Removes those that surely belong to nobody: no process here has the number of the name, the
 * lock can be had, and the file system is one of this machine, so that no other machine can be
 * writing. In case of doubt, and on every failure, a file stays. */
void ct_remove_abandoned(const char *folder);

#endif
