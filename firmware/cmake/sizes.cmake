# Prints what the firmware takes of each memory and fails when a limit is exceeded or a heap is linked.
# `cmake -DELF=file -DSIZE=arm-none-eabi-size -DNM=arm-none-eabi-nm -P sizes.cmake`

# Budgets, in bytes. FLASH_TARGET is the goal for the firmware; the others are the product's (and the chip's second RAM block, and its RAM beyond the product's).
# A build with a digest ring may have 4 KB more than the product: digests, the log of inputs and their scripts are only in it.
set(FLASH_LIMIT 131072)
set(FLASH_TARGET 32768)
set(HARNESS_FLASH_TARGET 36864)
set(RAM_LIMIT 32768)
set(HARNESS_LIMIT 32768)
set(RING_LIMIT 65536)
set(HOT_LIMIT 32768)
set(VM_LIMIT 20480)
set(HEAP_SYMBOLS malloc free realloc calloc _malloc_r _free_r _realloc_r _calloc_r _sbrk _sbrk_r sbrk)

function(run result)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE out RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN} failed")
  endif()
  set(${result} "${out}" PARENT_SCOPE)
endfunction()

run(sections ${SIZE} -A -d ${ELF})
run(symbols ${NM} -S -P -t d ${ELF})

# Bytes of one section; 0 when it isn't there.
function(section name result)
  string(REGEX MATCH "\n${name} +([0-9]+)" line "${sections}")
  if(line)
    set(${result} ${CMAKE_MATCH_1} PARENT_SCOPE)
  else()
    set(${result} 0 PARENT_SCOPE)
  endif()
endfunction()

# Whether a section is in CCM SRAM (RM0440 2.2: 0x10000000 = 268435456), by the address beside its size.
function(in_ccm name result)
  string(REGEX MATCH "\n${name} +[0-9]+ +([0-9]+)" line "${sections}")
  if(CMAKE_MATCH_1 GREATER_EQUAL 268435456 AND CMAKE_MATCH_1 LESS 268468224)
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

# Sum of sections.
function(sum result)
  set(total 0)
  foreach(name IN LISTS ARGN)
    section(${name} bytes)
    math(EXPR total "${total} + ${bytes}")
  endforeach()
  set(${result} ${total} PARENT_SCOPE)
endfunction()

# Hot code is in flash, also when it is copied to CCM SRAM.
sum(flash \\.vectors \\.note\\.gnu\\.build-id \\.hot \\.text \\.ARM\\.exidx \\.data)
sum(ram \\.stack \\.data \\.bss \\.noinit)
sum(harness \\.harness)
sum(ring \\.ring)
sum(hot \\.hot)
in_ccm(\\.hot hot_in_ccm)
section(\\.stack stack)

section(\\.sizes vm)
if(vm EQUAL 0)
  message(FATAL_ERROR "${ELF}: no section .sizes, whose size is that of one VM")
endif()
math(EXPR vms "4 * ${vm}")

function(report name used limit)
  math(EXPR percent "100 * ${used} / ${limit}")
  message("  ${name}: ${used} of ${limit} bytes (${percent} %)")
  if(used GREATER limit)
    message(FATAL_ERROR "${name}: ${used} bytes are over the limit of ${limit}")
  endif()
endfunction()

cmake_path(GET ELF FILENAME file)
message("sizes of ${file}")
report("flash" ${flash} ${FLASH_LIMIT})
if(ring GREATER 0)
  set(FLASH_TARGET ${HARNESS_FLASH_TARGET})
endif()
report("flash, firmware target" ${flash} ${FLASH_TARGET})
report("RAM (with ${stack} bytes of stack)" ${ram} ${RAM_LIMIT})
report("harness RAM (images, trace)" ${harness} ${HARNESS_LIMIT})
if(hot_in_ccm)
  # The other half of that memory is the harness's.
  math(EXPR RING_LIMIT "${RING_LIMIT} - ${HARNESS_LIMIT}")
endif()
report("digest ring" ${ring} ${RING_LIMIT})
if(hot_in_ccm)
  # Jumps further than a branch instruction reaches (Arm ELF: veneers), which the linker has put in.
  string(REGEX MATCHALL "\n?[^\n]*_veneer [^\n]*" veneers "${symbols}")
  list(LENGTH veneers count)
  report("hot code in CCM SRAM" ${hot} ${HOT_LIMIT})
  message("  veneers: ${count}")
endif()
report("four VMs of ${vm} bytes" ${vms} ${VM_LIMIT})

foreach(symbol IN LISTS HEAP_SYMBOLS)
  if(symbols MATCHES "(^|\n)${symbol} ")
    message(FATAL_ERROR "${ELF} has a heap: ${symbol}")
  endif()
endforeach()
message("  heap symbols: none")
