#include "record.h"

#include "bindings.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

std::string shown(const py::object& value, bool secret) {
  if (secret && py::len(py::str(value)) > 0) return "<hidden>";
  if (py::isinstance<py::bytes>(value) && py::len(value) > 32) return "<" + std::to_string(py::len(value)) + " bytes>";
  return py::str(py::repr(value));
}

}  // namespace

std::string describe(py::handle record, py::handle plain, const std::vector<FieldName>& fields) {
  std::string text;
  for (const FieldName& field : fields) {
    const py::object value = record.attr(field.name.c_str());
    if (!plain.is_none() && value.equal(plain.attr(field.name.c_str()))) continue;
    if (plain.is_none() && value.is_none()) continue;
    if (!text.empty()) text += ", ";
    text += field.name + "=" + shown(value, field.secret);
  }
  return std::string(py::str(py::type::handle_of(record).attr("__name__"))) + "(" + text + ")";
}

bool equal_fields(py::handle a, py::handle b, const std::vector<FieldName>& fields) {
  for (const FieldName& field : fields)
    if (!a.attr(field.name.c_str()).equal(b.attr(field.name.c_str()))) return false;
  return true;
}

py::object replaced(py::handle record, const py::kwargs& changes, const std::vector<FieldName>& fields) {
  py::dict values;
  for (const FieldName& field : fields) values[field.name.c_str()] = record.attr(field.name.c_str());
  for (const auto& [name, value] : changes) values[name] = value;
  return py::type::handle_of(record)(**values);
}

void bind_records(py::module_& module) {
  module.def(
      "_rebuild", [](const py::object& kind, const py::dict& values) { return kind(**values); }, py::arg("kind"),
      py::arg("values"), "Makes a record again from its attributes: what pickles of records call.");
}

}  // namespace vitrine::python
