#include <pybind11/pybind11.h>

#include <string>

#include "bindings.h"
#include "vitrine/base/version.h"

PYBIND11_MODULE(_core, module) {
  using namespace vitrine::python;
  module.doc() = "The compiled part of vitrine; use the names in `vitrine`. The contract is in bindings/README.md.";
  module.attr("__version__") = std::string(vitrine::version());
  bind_errors(module);
  bind_records(module);
  bind_context(module);
  bind_log(module);
  bind_geometry(module);
  bind_image(module);
  bind_codec(module);
  bind_streams(module);
  bind_detect(module);
  bind_look(module);
  bind_compose(module);
  bind_fidelity(module);
  bind_net(module);
  bind_transports_and_addresses(module);
  bind_google(module);
  bind_generate(module);
  bind_bfl(module);
  bind_procedural(module);
  bind_jobs(module);
  bind_job_store(module);
  bind_job_store_backends(module);
  bind_storage(module);
  bind_object_store_backends(module);
  bind_pipeline(module);
  bind_batch(module);
  bind_job_pipeline(module);
  bind_local_engine(module);
  adopt_names(module);
}
