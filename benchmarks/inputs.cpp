#include "inputs.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "vitrine/base/file.h"
#include "vitrine/image/codec.h"

namespace vitrine::bench {
namespace {

std::filesystem::path folder() {
  const char* set = std::getenv("VITRINE_BENCH_INPUTS");
  if (set == nullptr) throw std::runtime_error("VITRINE_BENCH_INPUTS is not set; use script/bench.");
  return set;
}

}  // namespace

Bytes file(const char* name) { return read_file(folder() / name, std::size_t{1} << 30u); }

Image picture(const char* name) { return decode_image(file(name)); }

Quad quad() {
  std::ifstream text(folder() / "quad.txt");
  Quad quad;
  for (Point& corner : quad.corners) text >> corner.x >> corner.y;
  return quad;
}

}  // namespace vitrine::bench
