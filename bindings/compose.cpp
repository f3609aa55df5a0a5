#include "vitrine/compose/compositor.h"

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "look_argument.h"
#include "notebook.h"
#include "override.h"
#include "record.h"
#include "vitrine/compose/mock.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/annotate.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

class PyCompositor : public Compositor, public py::trampoline_self_life_support {
 public:
  using Compositor::prepare;
  using Compositor::render;
  Template prepare(const Image& scene, const std::vector<Region>& regions, Context& context) const override {
    return call_override<Template>(self(), "prepare", scene, regions, lend(context));
  }
  Image render(const Template& room, const std::vector<Placement>& placements, const RenderOptions& options,
               Context& context) const override {
    return call_override<Image>(self(), "render", room, placements, named("threads", options.threads), lend(context));
  }
  Bytes render_encoded(const Template& room, const std::vector<Placement>& placements, const EncodeOptions& encoding,
                       const RenderOptions& options, Context& context) const override {
    if (!has_override(self(), "render_encoded"))
      return Compositor::render_encoded(room, placements, encoding, options, context);
    return call_override<Bytes>(self(), "render_encoded", room, placements, named("encoding", encoding),
                                named("threads", options.threads), lend(context));
  }

 private:
  const Compositor* self() const { return this; }
};

void bind_placement(py::module_& module) {
  py::class_<Placement>(module, "Placement", "An artwork on a region.")
      .def(py::init([](Image artwork, std::size_t region, Fit fit, const LookArgument& look) {
             return Placement{std::move(artwork), region, fit, look.value};
           }),
           py::arg("artwork"), py::arg("region") = 0, py::kw_only(), py::arg("fit") = Fit::cover,
           py::arg("look") = LookArgument{})
      .def_property_readonly(
          "artwork", [](const Placement& self) { return self.artwork; }, "8-bit, any size.")
      .def_property_readonly(
          "region", [](const Placement& self) { return self.region; }, "Index into Template.regions.")
      .def_property_readonly(
          "fit", [](const Placement& self) { return self.fit; }, "How it fills the region.")
      .def_property_readonly(
          "look", [](const Placement& self) { return self.look; }, "How it sits in the scene.")
      .def("__repr__", [](const py::object& self) {
        return py::str("Placement({!r}, region={}, fit={}, look={!r})")
            .format(self.attr("artwork"), self.attr("region"), self.attr("fit"), self.attr("look"));
      });
}

Image render_one(const Template& self, const Image& artwork, std::size_t region, Fit fit, const LookArgument& look,
                 int threads, const ContextArgument& context) {
  return run(context, [&](Context& inner) {
    return make_perspective_compositor()->render(self, {{artwork, region, fit, look.value}}, {threads}, inner);
  });
}

Bytes picture_of(const Template& self) {
  return run([&] {
    Detection answer;
    answer.regions = self.regions();
    return notebook_png(annotate(self.scene(), answer));
  });
}

void bind_template(py::module_& module) {
  py::class_<Template>(module, "Template", R"(
A prepared scene: its regions with their light and what stands in front of them, measured once. Never changes.

Made by prepare() or load_template(). In a notebook it shows the scene with its regions.)")
      .def_property_readonly(
          "scene", [](const Template& self) { return run([&] { return self.scene(); }); }, "The picture it was made of.")
      .def_property_readonly(
          "regions", [](const Template& self) { return self.regions(); }, "Best first.")
      .def("has_light", &Template::has_light, py::arg("region"),
           "True if the light on that region was measured, so that look=\"natural\" differs from \"flat\".")
      .def(
          "light",
          [](const Template& self, std::size_t region) -> std::optional<Image> {
            Image light = run([&] { return self.light(region); });
            if (light.empty()) return std::nullopt;
            return light;
          },
          py::arg("region"), R"(
What multiplies the artwork's linear light at every pixel of the region's box, rgb_f32; None if not measured.)")
      .def("render", &render_one, py::arg("artwork"), py::arg("region") = 0, py::kw_only(), py::arg("fit") = Fit::cover,
           py::arg("look") = LookArgument{}, py::arg("threads") = 0, py::arg("context") = nullptr, R"(
A mockup: the artwork on one region.

Parameters
----------
artwork
    Any 8-bit picture.
region
    Index into `regions`.
fit
    "cover", "contain" or "stretch".
look
    "natural", "flat" or a Look.
threads
    0: as many as there are cores. The result does not depend on it.

Returns
-------
A picture of the scene's size: rgba8 if the scene has transparency left, else rgb8.

Raises
------
ValueError
    There is no such region.
CancelledError, DeadlineExceededError)")
      .def(
          "save",
          [](const Template& self, const std::filesystem::path& path) { run([&] { save_template(path, self); }); },
          py::arg("path"), "Writes a .vitrine file so that a reader sees the old file or the new one whole.")
      .def(
          "encode", [](const Template& self) { return run([&] { return encode_template(self); }); },
          "The bytes of a .vitrine file.")
      .def("_repr_png_", &picture_of)
      .def("__repr__",
           [](const Template& self) {
             return "<vitrine.Template " + std::to_string(self.scene().width()) + " x " +
                    std::to_string(self.scene().height()) + ", regions: " + std::to_string(self.regions().size()) + ">";
           })
      .def("__reduce__", [](const Template& self) {
        const Bytes encoded = run([&] { return encode_template(self); });
        return py::make_tuple(py::module_::import("vitrine").attr("decode_template"), py::make_tuple(encoded));
      });
  module.def(
      "load_template", [](const std::filesystem::path& path) { return run([&] { return load_template(path); }); },
      py::arg("path"), R"(
Reads a .vitrine file.

Raises
------
NotFoundError, PermissionDeniedError, ImageTooLargeError
CorruptDataError
    It is damaged, forged, or of a newer version; the message says which.)");
  module.def(
      "decode_template", [](const Bytes& encoded) { return run([&] { return decode_template(encoded); }); },
      py::arg("encoded"), "The same of bytes in memory.");
}

Bytes render_encoded(const Compositor& self, const Template& room, const std::vector<Placement>& placements,
                     const EncodeOptions& encoding, int threads, const ContextArgument& context) {
  return run(context,
             [&](Context& inner) { return self.render_encoded(room, placements, encoding, {threads}, inner); });
}

void bind_compositor(py::module_& module) {
  py::class_<Compositor, PyCompositor, py::smart_holder>(module, "Compositor", R"(
Puts artworks into scenes. Define `prepare` and `render` to make your own.)")
      .def(py::init<>())
      .def(
          "prepare",
          [](const Compositor& self, const Image& scene, const std::vector<Region>& regions,
             const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.prepare(scene, regions, inner); });
          },
          py::arg("scene"), py::arg("regions"), py::kw_only(), py::arg("context") = nullptr, R"(
Measures the scene once for many renders.

Raises
------
ValueError
    A region is unusable; require_usable() tells.
CancelledError, DeadlineExceededError)")
      .def(
          "render",
          [](const Compositor& self, const Template& room, const std::vector<Placement>& placements, int threads,
             const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.render(room, placements, {threads}, inner); });
          },
          py::arg("room"), py::arg("placements"), py::kw_only(), py::arg("threads") = 0, py::arg("context") = nullptr,
          "The mockup; placements are drawn in order. Errors as Template.render().")
      .def("render_encoded", &render_encoded, py::arg("room"), py::arg("placements"), py::kw_only(),
           py::arg("encoding") = EncodeOptions{}, py::arg("threads") = 0, py::arg("context") = nullptr,
           "The mockup as the bytes of a file.");
  module.def(
      "patch_obstacle",
      [](const Template& room, const EncodeOptions& encoding) { return run([&] { return patch_obstacle(room, encoding); }); },
      py::arg("room"), py::arg("encoding") = EncodeOptions{}, R"(
Why render_encoded() codes the whole scene anew instead of patching its JPEG; empty if it patches.)");
  module.def("make_perspective_compositor", &make_perspective_compositor, R"(
The engine: one inverse map, exact area coverage at the edges, light and occluders from the scene.)");
  module.def(
      "make_mock_compositor",
      [](std::optional<ErrorCode> render_error, std::chrono::milliseconds takes) {
        return make_mock_compositor({render_error, takes});
      },
      py::kw_only(), py::arg("render_error") = py::none(), py::arg("takes") = MockCompositorOptions{}.takes, R"(
Fills each region's box with the artwork's mean colour: fast, and easy to assert on; for unit tests.)");
}

}  // namespace

void bind_compose(py::module_& module) {
  bind_placement(module);
  bind_template(module);
  bind_compositor(module);
}

}  // namespace vitrine::python
