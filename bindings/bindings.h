#pragma once

#include <pybind11/pybind11.h>

// One function per binding file, in the order in which module.cpp calls them: a class comes before what mentions it.

namespace vitrine::python {

void bind_errors(pybind11::module_& module);
void bind_records(pybind11::module_& module);
void bind_context(pybind11::module_& module);
void bind_log(pybind11::module_& module);
void bind_geometry(pybind11::module_& module);
void bind_image(pybind11::module_& module);
void bind_codec(pybind11::module_& module);
void bind_streams(pybind11::module_& module);
void bind_detect(pybind11::module_& module);
void bind_look(pybind11::module_& module);
void bind_compose(pybind11::module_& module);
void bind_fidelity(pybind11::module_& module);
void bind_net(pybind11::module_& module);
void bind_transports_and_addresses(pybind11::module_& module);
void bind_google(pybind11::module_& module);
void bind_generate(pybind11::module_& module);
void bind_bfl(pybind11::module_& module);
void bind_procedural(pybind11::module_& module);
void bind_jobs(pybind11::module_& module);
void bind_job_store(pybind11::module_& module);
void bind_job_store_backends(pybind11::module_& module);
void bind_storage(pybind11::module_& module);
void bind_object_store_backends(pybind11::module_& module);
void bind_pipeline(pybind11::module_& module);
void bind_batch(pybind11::module_& module);
void bind_job_pipeline(pybind11::module_& module);
void bind_local_engine(pybind11::module_& module);

/// Makes every name say that it lives in `vitrine`, where users find it: in help(), in tracebacks, in pickles.
void adopt_names(pybind11::module_& module);

}  // namespace vitrine::python
