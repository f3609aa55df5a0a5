#pragma once

#include <Python.h>

#include <chrono>
#include <thread>

namespace vitrine::python {

inline bool interpreter_is_ending() {
#if PY_VERSION_HEX >= 0x030D0000
  return Py_IsInitialized() == 0 || Py_IsFinalizing() != 0;
#else
  return Py_IsInitialized() == 0 || _Py_IsFinalizing() != 0;
#endif
}

/// Keeps a thread away from an interpreter that is going: it sleeps until the process ends.
[[noreturn]] inline void wait_for_process_end() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace vitrine::python
