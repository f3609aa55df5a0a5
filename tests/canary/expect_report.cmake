# Runs PROGRAM, which must end with an error and print REPORT: a crash of another kind is not what we ask for.
execute_process(COMMAND "${PROGRAM}" RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0)
  message(FATAL_ERROR "'${PROGRAM}' ended well, though it is broken on purpose:\n${output}")
endif()
string(FIND "${output}" "${REPORT}" at)
if(at EQUAL -1)
  message(FATAL_ERROR "'${PROGRAM}' ended with ${result} but never said '${REPORT}':\n${output}")
endif()
