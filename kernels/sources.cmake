# The kernels, one stage a file.
set(CUTROPY_KERNELS
    complete.cu
    sort.cu
)
list(TRANSFORM CUTROPY_KERNELS PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
