#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "casters.h"

// Plain C++ structs become frozen records in Python: a keyword constructor with the C++ defaults, read-only attributes,
// ==, repr() of what differs from the default, pickling, and replace(), which makes a changed copy.

namespace vitrine::python {

template <typename T, typename Member>
struct Field {
  const char* name;
  Member T::*member;
  const char* doc;
  bool secret = false;  ///< repr() hides it.
};

template <typename T, typename Member>
struct Required : Field<T, Member> {};

template <typename T, typename Member>
Field<T, Member> field(const char* name, Member T::*member, const char* doc) {
  return {name, member, doc};
}

template <typename T, typename Member>
Field<T, Member> secret(const char* name, Member T::*member, const char* doc) {
  return {name, member, doc, true};
}

/// A field without a default; these come first.
template <typename T, typename Member>
Required<T, Member> required(const char* name, Member T::*member, const char* doc) {
  return {{name, member, doc}};
}

/// What repr() and replace() need to know of a field at run time.
struct FieldName {
  std::string name;
  bool secret;
};

/// "Region(quad=..., confidence=0.93)": fields that equal those of `plain` are left out; `plain` may be None.
std::string describe(pybind11::handle record, pybind11::handle plain, const std::vector<FieldName>& fields);
bool equal_fields(pybind11::handle a, pybind11::handle b, const std::vector<FieldName>& fields);
pybind11::object replaced(pybind11::handle record, const pybind11::kwargs& changes,
                          const std::vector<FieldName>& fields);

template <typename T, typename Member>
pybind11::arg argument_of(const Required<T, Member>& field) {
  return pybind11::arg(field.name);
}

template <typename T, typename Member>
pybind11::arg_v argument_of(const Field<T, Member>& field) {
  return pybind11::arg(field.name) = T{}.*field.member;
}

template <typename T, typename Member>
constexpr bool has_default(const Field<T, Member>&) {
  return true;
}
template <typename T, typename Member>
constexpr bool has_default(const Required<T, Member>&) {
  return false;
}

template <typename Record, typename T, typename Member>
void bind_field(Record& record, const Field<T, Member>& field) {
  record.def_property_readonly(
      field.name, [member = field.member](const T& self) { return self.*member; }, field.doc);
}

template <typename T, typename Member>
Member value_type_of(const Field<T, Member>&);

/// Positional: how many arguments of the constructor may be given without their name, 0 to 2.
template <std::size_t Positional, typename Record, typename... Fields>
void bind_constructor(Record& record, const char* doc, const Fields&... fields) {
  namespace py = pybind11;
  using T = typename Record::type;
  auto construct = [... members = fields.member](decltype(value_type_of(fields))... values) {
    T made{};
    ((made.*members = std::move(values)), ...);
    return made;
  };
  const auto arguments = std::make_tuple(argument_of(fields)...);
  [&]<std::size_t... First, std::size_t... Rest>(std::index_sequence<First...>, std::index_sequence<Rest...>) {
    if constexpr (sizeof...(Rest) == 0) {
      record.def(py::init(construct), doc, std::get<First>(arguments)...);
    } else {
      record.def(py::init(construct), doc, std::get<First>(arguments)..., py::kw_only(),
                 std::get<Positional + Rest>(arguments)...);
    }
  }
  (std::make_index_sequence<Positional>{}, std::make_index_sequence<sizeof...(Fields) - Positional>{});
}

template <std::size_t Positional, typename T, typename... Fields>
pybind11::class_<T> bind_record(pybind11::module_& module, const char* name, const char* doc, const Fields&... fields) {
  namespace py = pybind11;
  py::class_<T> record(module, name, doc);
  bind_constructor<Positional>(record, "Takes the attributes by name.", fields...);
  (bind_field(record, fields), ...);

  const std::vector<FieldName> names{{fields.name, fields.secret}...};
  constexpr bool all_default =
      (std::is_same_v<Fields, Field<T, decltype(value_type_of(std::declval<Fields>()))>> && ...);
  record.def("__repr__", [names](const py::object& self) {
    py::object plain = py::none();
    if constexpr (all_default) plain = py::type::of(self)();
    return describe(self, plain, names);
  });
  record.def("__eq__", [names](const py::object& self, const py::object& other) -> py::object {
    if (!py::type::of(self).is(py::type::of(other))) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
    return py::bool_(equal_fields(self, other, names));
  });
  record.attr("__hash__") = py::none();
  record.def(
      "replace", [names](const py::object& self, const py::kwargs& changes) { return replaced(self, changes, names); },
      "A copy with the named attributes changed.");
  record.def("__reduce__", [names](const py::object& self) {
    py::dict values;
    for (const FieldName& field : names) values[field.name.c_str()] = self.attr(field.name.c_str());
    const py::object rebuild = py::module_::import("vitrine._core").attr("_rebuild");
    return py::make_tuple(rebuild, py::make_tuple(py::type::of(self), values));
  });
  return record;
}

}  // namespace vitrine::python
