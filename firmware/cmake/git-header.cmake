# Writes HEADER with the git hash of SOURCE's checkout, touching it only when it changes.
# `cmake -DSOURCE=dir -DHEADER=file -P git-header.cmake`
execute_process(
  COMMAND git describe --always --dirty --abbrev=12 --exclude=*
  WORKING_DIRECTORY ${SOURCE}
  OUTPUT_VARIABLE hash
  OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE result
  ERROR_QUIET
)
if(NOT result EQUAL 0 OR NOT hash MATCHES "^[0-9a-f]+(-dirty)?$")
  set(hash unknown)
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define COCKPIT_GIT \"${hash}\"\n" @ONLY)
