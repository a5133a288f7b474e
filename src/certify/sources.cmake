set(CUTROPY_CERTIFY_SOURCES
    certify/algebra.c
    certify/algebra_charpoly.c
    certify/algebra_form.c
    certify/algebra_roots.c
    certify/digits.c
    certify/rank_proof.c
)
