#include <benchmark/benchmark.h>

#include "inputs.h"
#include "vitrine/detect/surface.h"

namespace vitrine::bench {
namespace {

void detect(benchmark::State& state) {
  const auto detector = make_surface_detector();
  const Image scene = picture("scene.jpg");
  for (auto _ : state) benchmark::DoNotOptimize(detector->detect(scene));
}
BENCHMARK(detect)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace vitrine::bench
