#include <benchmark/benchmark.h>

#include "inputs.h"
#include "vitrine/compose/compositor.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/image/codec.h"

namespace vitrine::bench {
namespace {

Region region() { return {.quad = quad()}; }

// The artwork into a prepared scene: what a service does for each artwork.
void warp(benchmark::State& state, Light light) {
  const auto compositor = make_perspective_compositor();
  const Template room = compositor->prepare(picture("scene.jpg"), {region()});
  const Placement placement{.artwork = picture("art.jpg"), .fit = Fit::stretch, .look = {.light = light}};
  for (auto _ : state) benchmark::DoNotOptimize(compositor->render(room, {placement}));
}
BENCHMARK_CAPTURE(warp, flat, Light::flat)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(warp, natural, Light::natural)->Unit(benchmark::kMillisecond)->UseRealTime();

void prepare(benchmark::State& state) {
  const auto compositor = make_perspective_compositor();
  const Image scene = picture("scene.jpg");
  for (auto _ : state) benchmark::DoNotOptimize(compositor->prepare(scene, {region()}));
}
BENCHMARK(prepare)->Unit(benchmark::kMillisecond)->UseRealTime();

// From two files to the bytes of a third, the place known.
void mockup(benchmark::State& state) {
  const auto compositor = make_perspective_compositor();
  const Bytes scene = file("scene.jpg");
  const Bytes artwork = file("art.jpg");
  for (auto _ : state) {
    const Template room = compositor->prepare(decode_image(scene), {region()});
    const Placement placement{.artwork = decode_image(artwork), .fit = Fit::stretch, .look = {.light = Light::flat}};
    benchmark::DoNotOptimize(encode_image(compositor->render(room, {placement})));
  }
}
BENCHMARK(mockup)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace vitrine::bench
