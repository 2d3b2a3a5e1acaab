/* A good build says that it is one. */
#include "rig.h"
#include "vm_defect.h"

static void a_good_build_has_none(void **state) {
    (void)state;
    assert_string_equal(cvm_defect_name(), "none");
    assert_int_equal(CVM_DEFECT_COUNT, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_good_build_has_none)};
    return cmocka_run_group_tests_name("no defect", tests, NULL, NULL);
}
