#pragma once

#include <pybind11/native_enum.h>
#include <pybind11/pybind11.h>

#include <string>
#include <type_traits>

#include "vitrine/base/error.h"
#include "vitrine/base/log.h"
#include "vitrine/compose/look.h"
#include "vitrine/detect/detector.h"
#include "vitrine/generate/bfl.h"
#include "vitrine/generate/generator.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"
#include "vitrine/image/codec.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"
#include "vitrine/jobs/sqlite_store.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/pipeline/job_attempt.h"
#include "vitrine/pipeline/local_engine.h"
#include "vitrine/storage/gcs_store.h"
#include "vitrine/storage/object_store.h"
#include "vitrine/storage/s3_store.h"

// Enumerations are real enum.Enum classes in Python; wherever one is taken, its word does as well: fit="cover".

namespace vitrine::python {

template <typename E, typename... Words>
inline constexpr bool one_of = (std::is_same_v<E, Words> || ...);

template <typename E>
inline constexpr bool is_word =
    one_of<E, Abstention, ArtworkStyle, AttemptEnd, BflRegion, Blend, BlendSpace, ChromaSampling, CostGrouping, Effort, ErrorCode,
           FileFormat, Fit, GcsAddress, GenerationKind, GenerationState, HttpMethod, JobState, Light, LogLevel,
           PixelFormat, PutMode, S3Style, ScenePlace, SendFate, Shows, SqliteSync, StopMode>;

/// The Python class of an enumeration that native_enum has registered.
template <typename E>
pybind11::object enum_class() {
  return pybind11::reinterpret_borrow<pybind11::object>(
      pybind11::detail::global_internals_native_enum_type_map_get_item(std::type_index(typeid(E))));
}

/// "'covr' is no Fit. Use one of: cover, contain, stretch."
std::string no_such_word(pybind11::handle word, pybind11::handle enumeration);

}  // namespace vitrine::python

namespace pybind11::detail {

template <typename E>
struct type_caster_enum_type_enabled<E, enable_if_t<vitrine::python::is_word<E>>> : std::false_type {};

template <typename E>
class type_caster<E, enable_if_t<vitrine::python::is_word<E>>> {
 public:
  PYBIND11_TYPE_CASTER(E, const_name<E>());

  bool load(handle source, bool) {
    const object words = vitrine::python::enum_class<E>();
    object member;
    if (isinstance(source, words)) {
      member = reinterpret_borrow<object>(source);
    } else if (isinstance<str>(source)) {
      if (!words.attr("__members__").contains(source)) throw value_error(vitrine::python::no_such_word(source, words));
      member = words.attr("__members__")[source];
    } else {
      return false;
    }
    value = static_cast<E>(member.attr("value").cast<std::underlying_type_t<E>>());
    return true;
  }

  static handle cast(E word, return_value_policy, handle) {
    return vitrine::python::enum_class<E>()(static_cast<std::underlying_type_t<E>>(word)).release();
  }
};

}  // namespace pybind11::detail
