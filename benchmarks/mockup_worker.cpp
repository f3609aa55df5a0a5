// Makes mockups for bench_mockups.py, one for every line it reads: mockup_worker INPUTS CASE
//
//   cold    decodes art16.jpg and puts it into the prepared scene6.jpg
//   kept    puts the decoded artwork into it
//   flat    as cold, with flat16.png
//   whole   as cold, but decodes and encodes all of the scene, unprepared
//   stages  answers once, with the milliseconds of each stage
//   many    makes 1,000 mockups, 20 artworks in 50 rooms, and answers with the memory after each 50, but for pages of the
//           rooms' files, which the system takes back when it likes
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <mutex>
#include <string>

#include "compose/template_parts.h"
#include "vitrine/base/file.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/image/codec.h"
#include "vitrine/pipeline/render_many.h"

namespace vitrine {
namespace {

constexpr int kQuality = 90;

double cpu_ms() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) * 1e-3; };
  return ms(use.ru_utime) + ms(use.ru_stime);
}

// A line of /proc/self/status, in MiB.
double status_mib(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == name + ":") {
      double kib = 0;
      status >> kib;
      return kib / 1024;
    }
  return 0;
}

class Worker {
 public:
  explicit Worker(std::filesystem::path inputs) : inputs_(std::move(inputs)) {
    std::ifstream text(inputs_ / "quad6.txt");
    for (Point& corner : region_.quad.corners) text >> corner.x >> corner.y;
  }

  std::filesystem::path template_file() const { return inputs_ / "scene6.vitrine"; }

  Template prepare() {
    return compositor_->prepare_encoded(bytes("scene6.jpg"), {filled_region()}, {}, context_);
  }

  Bytes bytes(const char* name) const { return read_file(inputs_ / name, std::size_t{1} << 30U); }

  Placement placement(Image artwork) const { return {std::move(artwork), 0, Fit::stretch, {.light = Light::flat}}; }

  Bytes mockup(const Template& room, Image artwork) {
    return compositor_->render_encoded(room, {placement(std::move(artwork))}, {.quality = kQuality}, {.threads = 1}, context_);
  }

  std::function<void()> work(const std::string& name) {
    if (name == "whole")
      return [this] {
        const Image scene = read_image(inputs_ / "scene6.jpg");
        const Template room = compositor_->prepare(scene, {filled_region()});
        mockup(room, read_image(inputs_ / "art16.jpg"));
      };
    const Template room = load_template(template_file());
    if (name == "kept") return [this, room, art = read_image(inputs_ / "art16.jpg")] { mockup(room, art); };
    const std::filesystem::path file = inputs_ / (name == "flat" ? "flat16.png" : "art16.jpg");
    DecodeOptions reused;
    reused.pool = std::make_shared<const PixelPool>(std::size_t{64} << 20U);
    return [this, room, file, reused] { mockup(room, read_image(file, reused)); };
  }

  void answer(const std::function<void()>& work) {
    for (std::string line; std::getline(std::cin, line);) {
      const double start = cpu_ms();
      const auto wall = std::chrono::steady_clock::now();
      work();
      const double used = cpu_ms() - start;
      const double passed = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - wall).count();
      std::cout << "{\"cpu\": " << used << ", \"wall\": " << passed << ", \"peak\": " << status_mib("VmHWM") << "}" << std::endl;
    }
  }

  void stages() {
    const Template room = load_template(template_file());
    const PatchableJpeg& jpeg = *room.parts().scene.jpeg();
    const Rect rect = jpeg.aligned(bounds(region_.quad, room.size()));
    const Bytes art = bytes("art16.jpg");
    const Bytes flat = bytes("flat16.png");
    const Bytes scene = bytes("scene6.jpg");
    const Image artwork = decode_image(art);
    const double whole = best([&] { mockup(room, artwork); });
    JpegPatch patch = jpeg.patch(rect);
    paint_over(patch);
    const double decode = best([&] { jpeg.patch(rect); });
    const double encode = best([&] { jpeg.with({patch}); });
    const Image pixels = decode_image(scene);
    std::cout << "{\"decode artwork, JPEG\": " << best([&] { decode_image(art); })
              << ", \"decode artwork, flat PNG\": " << best([&] { decode_image(flat); })
              << ", \"load .vitrine\": " << best([&] { load_template(template_file()); })
              << ", \"decode patch\": " << decode << ", \"warp and paint\": " << whole - decode - encode
              << ", \"encode patch and splice\": " << encode << ", \"decode whole scene\": " << best([&] { decode_image(scene); })
              << ", \"encode whole scene\": " << best([&] { encode_image(pixels, {.format = FileFormat::jpeg, .quality = kQuality}); })
              << ", \"prepare scene, once\": " << best([&] { prepare(); }) << "}" << std::endl;
  }

  void many() {
    ManyRequest request;
    DecodeOptions reused;
    reused.pool = std::make_shared<const PixelPool>(std::size_t{64} << 20U);
    for (int i = 0; i < 20; ++i)
      request.artworks.push_back([&] { return read_image(inputs_ / "art16.jpg", reused); });
    for (int i = 0; i < 50; ++i) request.rooms.push_back([this] { return load_template(template_file()); });
    request.fit = Fit::stretch;
    request.look.light = Light::flat;
    request.encoding.quality = kQuality;
    request.memory = std::size_t{128} << 20U;
    request.threads = 1;
    int made = 0;
    std::string memory;
    render_many(request, *compositor_, [&](ManyItem&& item) {
      if (item.error) throw Error(*item.error, item.message);
      if (++made % 50 == 0) memory += (made == 50 ? "" : ", ") + std::to_string(status_mib("RssAnon"));
    }, context_);
    std::cout << "{\"rss\": [" << memory << "], \"peak\": " << status_mib("VmHWM") << ", \"cpu\": " << cpu_ms() << "}" << std::endl;
  }

 private:
  // A region where nothing is measured.
  Region filled_region() const {
    Region region = region_;
    region.shows = Shows::filled;
    return region;
  }

  static void paint_over(JpegPatch& patch) {
    const MutableImageView view = patch.pixels.edit();
    for (int y = 0; y < view.size.height; ++y)
      for (int x = 0; x < 3 * view.size.width; ++x) view.row(y)[x] = static_cast<std::uint8_t>(view.row(y)[x] ^ 1);
  }

  template <typename Work>
  static double best(const Work& work) {
    double least = 1e9;
    for (int i = 0; i < 7; ++i) {
      const double start = cpu_ms();
      work();
      least = std::min(least, cpu_ms() - start);
    }
    return least;
  }

  std::filesystem::path inputs_;
  Region region_;
  std::unique_ptr<Compositor> compositor_ = make_perspective_compositor();
  Context context_;
};

}  // namespace
}  // namespace vitrine

int main(int count, char** arguments) {
  if (count != 3) return 2;
  vitrine::Worker worker(arguments[1]);
  const std::string name = arguments[2];
  if (name == "prepare") {
    vitrine::save_template(worker.template_file(), worker.prepare());
  } else if (name == "stages") {
    worker.stages();
  } else if (name == "many") {
    worker.many();
  } else {
    worker.answer(worker.work(name));
  }
}
