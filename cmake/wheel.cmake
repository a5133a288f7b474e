# SPDX-License-Identifier: Apache-2.0
# pip install .: the component that goes into a wheel, which holds no symbolic links.
if(SKBUILD)
    install(FILES $<TARGET_FILE:cutropy_shared> DESTINATION cutropy/lib RENAME libcutropy.so COMPONENT python)
    install(TARGETS cutropy_program cutropy_verify RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT python)
    if(TARGET cutropy_cuda)
        install(TARGETS cutropy_cuda LIBRARY DESTINATION cutropy/lib COMPONENT python)
        install(TARGETS cutropy_cuda LIBRARY DESTINATION cutropy_cu13 COMPONENT cuda) # python/cu13
    endif()
endif()
