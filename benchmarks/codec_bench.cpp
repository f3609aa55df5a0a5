#include <benchmark/benchmark.h>

#include "inputs.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/resize.h"

namespace vitrine::bench {
namespace {

void decode(benchmark::State& state, const char* name) {
  const Bytes bytes = file(name);
  for (auto _ : state) benchmark::DoNotOptimize(decode_image(bytes));
}
BENCHMARK_CAPTURE(decode, jpeg, "art.jpg")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(decode, png, "art.png")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(decode, webp, "art.webp")->Unit(benchmark::kMillisecond)->UseRealTime();

void encode(benchmark::State& state, FileFormat format) {
  const Image image = picture("art.png");
  for (auto _ : state) benchmark::DoNotOptimize(encode_image(image, {.format = format}));
}
BENCHMARK_CAPTURE(encode, jpeg, FileFormat::jpeg)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(encode, png, FileFormat::png)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(encode, webp, FileFormat::webp)->Unit(benchmark::kMillisecond)->UseRealTime();

void shrink(benchmark::State& state) {
  const Image image = picture("art.jpg");
  for (auto _ : state) benchmark::DoNotOptimize(resize(image, {600, 800}));
}
BENCHMARK(shrink)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace vitrine::bench
