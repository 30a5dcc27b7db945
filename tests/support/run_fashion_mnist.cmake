# cmake -D PROGRAM=... -D DATA=FOLDER -D SCRATCH=FOLDER -P run_fashion_mnist.cmake: runs the example on 10,000 images. What
# it finds is a fitted model's, whose last digits depend on the BLAS and the processor: its files are held to what it prints.
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")
execute_process(COMMAND "${PROGRAM}" "${DATA}/t10k-images-idx3-ubyte.gz" "${DATA}/t10k-labels-idx1-ubyte.gz"
                WORKING_DIRECTORY "${SCRATCH}" OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(NOT output MATCHES "\n([0-9]+) of 10000 labels are likely wrong; the worst:\n\nrow[^\n]*\n([0-9]+) +([0-9]) +([0-9]) ")
    message(FATAL_ERROR "it does not print how many labels are wrong, and the worst:\n${output}")
endif()
set(found "${CMAKE_MATCH_1}")
set(row "${CMAKE_MATCH_2}")
set(given "${CMAKE_MATCH_3}")
set(suggested "${CMAKE_MATCH_4}")
# A linear model is right on five of six images, whatever the BLAS.
if(found LESS 500 OR found GREATER 1500)
    message(FATAL_ERROR "it finds ${found} of 10,000 labels wrong")
endif()

file(STRINGS "${SCRATCH}/label_issues.csv" lines)
list(LENGTH lines num_lines)
list(GET lines 1 first)
math(EXPR expected "${found} + 1")
if(NOT num_lines EQUAL expected OR NOT first MATCHES "^${row},${given},${suggested},[0-9.e-]+$")
    message(FATAL_ERROR "label_issues.csv has ${num_lines} lines, the second ${first}, but it prints\n${output}")
endif()

file(READ "${SCRATCH}/label_issues.html" html)
if(NOT html MATCHES "\"n\":10000,[^\n]*\"found\":${found},")
    message(FATAL_ERROR "label_issues.html does not show ${found} errors")
endif()

# 128 bytes of header, then a byte for each label.
file(SIZE "${SCRATCH}/corrected_labels.npy" size)
math(EXPR place "128 + ${row}")
file(READ "${SCRATCH}/corrected_labels.npy" label OFFSET ${place} LIMIT 1 HEX)
if(NOT size EQUAL 10128 OR NOT label STREQUAL "0${suggested}")
    message(FATAL_ERROR "corrected_labels.npy has ${size} bytes, and ${label} for row ${row} instead of ${suggested}")
endif()
