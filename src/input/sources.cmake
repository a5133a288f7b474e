# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_INPUT_SOURCES
    input/bytes.c
    input/gzip.c
    input/npy.c
    input/npz.c
    input/npz_write.c
    input/image_list.c
    input/images.c
    input/images_npy.c
    input/images_pbm.c
    input/images_text.c
    input/digits_csv.c
    input/grey.c
    input/idx.c
    input/table_csv.c
)
