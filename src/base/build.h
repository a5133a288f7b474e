/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_BUILD_H
#define CT_BUILD_H

/* The version and a checksum of all sources, "0.1.0 (sources 0123456789ab)": what must be the same where work of one process goes
 * on in another. Made at build time (cmake/build_name.cmake). */
const char *ct_build_name(void);

#endif
