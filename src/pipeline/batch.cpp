#include "vitrine/pipeline/batch.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/thread_pool.h"
#include "pipeline/output_names.h"
#include "pipeline/shared_cache.h"
#include "vitrine/base/file.h"
#include "vitrine/pipeline/mockup.h"

namespace vitrine {
namespace {

// Mockups are made a few scenes at a time: those are prepared once each and dropped before the next few. Up to as many
// artworks are kept decoded throughout; if there are more, each is decoded again for every few scenes, which costs
// little beside the mockups made of it. So memory does not grow with the batch.
constexpr std::size_t kBlock = 8;

struct Pair {
  std::size_t artwork;
  std::size_t scene;
};

std::vector<Pair> in_blocks(std::size_t artworks, std::size_t scenes) {
  std::vector<Pair> order;
  order.reserve(artworks * scenes);
  for (std::size_t s0 = 0; s0 < scenes; s0 += kBlock)
    for (std::size_t a = 0; a < artworks; ++a)
      for (std::size_t s = s0; s < std::min(scenes, s0 + kBlock); ++s) order.push_back({a, s});
  return order;
}

// One cache entry an artwork, or one an artwork and block of scenes: see kBlock.
struct ArtworkEntries {
  std::size_t artworks;
  std::size_t scenes;

  bool kept() const { return artworks <= kBlock; }
  std::size_t at(const Pair& pair) const { return kept() ? pair.artwork : pair.scene / kBlock * artworks + pair.artwork; }
  std::vector<std::size_t> uses() const {
    if (kept()) return std::vector<std::size_t>(artworks, scenes);
    std::vector<std::size_t> counts;
    for (std::size_t s0 = 0; s0 < scenes; s0 += kBlock)
      counts.insert(counts.end(), artworks, std::min(kBlock, scenes - s0));
    return counts;
  }
};

std::filesystem::path with_suffix(std::filesystem::path name, FileFormat format) {
  name += suffix_of(format);
  return name;
}

class Batch {
 public:
  Batch(const BatchRequest& request, const Detector& detector, const Compositor& compositor,
        const std::function<void(const BatchItem&)>& done)
      : request_(request),
        detector_(detector),
        compositor_(compositor),
        done_(done),
        names_(output_names(request)),
        entries_{request.artworks.size(), request.scenes.size()},
        artworks_(entries_.uses()),
        rooms_(std::vector<std::size_t>(request.scenes.size(), request.artworks.size())),
        items_(names_.size()) {}

  std::vector<BatchItem> run(Context& context) {
    if (request_.output_is_folder) make_folder();
    const std::vector<Pair> order = in_blocks(request_.artworks.size(), request_.scenes.size());
    ThreadPool pool;
    pool.for_each(order.size(), request_.threads, context, [&](std::size_t i) { make(order[i], context); });
    return std::move(items_);
  }

 private:
  void make_folder() const {
    std::error_code code;
    std::filesystem::create_directories(request_.output, code);
    if (std::filesystem::is_directory(request_.output)) return;
    const bool denied = code == std::errc::permission_denied || code == std::errc::read_only_file_system;
    throw Error(denied ? ErrorCode::permission_denied : ErrorCode::not_found,
                "The output folder '" + request_.output.string() + "' cannot be made: " +
                    (code ? code.message() : std::string("a file has that name")) + ". Name another place.");
  }

  Image artwork(const Pair& pair) {
    return artworks_.get(entries_.at(pair), [&] { return read_image(request_.artworks[pair.artwork], request_.decoding); });
  }

  Template room(std::size_t i, Context& context) {
    return rooms_.get(i, [&] {
      const std::filesystem::path& path = request_.scenes[i];
      const Bytes bytes = read_file(path, std::max(request_.decoding.max_bytes, std::size_t{1} << 30u));
      try {
        if (is_template(bytes)) return decode_template(bytes);
        const Image scene = decode_image(bytes, request_.decoding);
        // Its progress is not the batch's.
        Context silent = context.part(0, 0);
        if (request_.quad) {
          Region region;
          region.quad = *request_.quad;
          return compositor_.prepare(scene, {region}, silent);
        }
        return prepare_scene(scene, detector_, request_.policy, compositor_, silent);
      } catch (const Error& error) {
        throw about("'" + path.string() + "'", error);
      } catch (const std::invalid_argument& error) {
        throw std::invalid_argument("'" + path.string() + "': " + error.what());
      }
    });
  }

  void make(const Pair& pair, Context& context) {
    const std::size_t index = pair.artwork * request_.scenes.size() + pair.scene;
    BatchItem item;
    item.artwork = request_.artworks[pair.artwork];
    item.scene = request_.scenes[pair.scene];
    const auto start = std::chrono::steady_clock::now();
    try {
      place(pair, index, item, context);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::deadline_exceeded) throw;
      item.error = error.code();
      item.message = error.what();
    } catch (const std::invalid_argument& error) {
      item.error = ErrorCode::invalid_image;
      item.message = error.what();
    } catch (const std::bad_alloc&) {
      item.error = ErrorCode::image_too_large;
      item.message = "There is not enough memory for '" + item.artwork.string() + "' in '" + item.scene.string() +
                     "'. Scale one of them down, or use fewer threads.";
    }
    item.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    artworks_.release(entries_.at(pair));
    rooms_.release(pair.scene);
    finish(index, std::move(item), context);
  }

  void place(const Pair& pair, std::size_t index, BatchItem& item, Context& context) {
    const Image art = artwork(pair);
    const Template scene = room(pair.scene, context);
    if (scene.regions().empty())
      throw Error(ErrorCode::no_suitable_region,
                  "'" + item.scene.string() + "' is a template without regions. Prepare it again, with corners.");
    Context silent = context.part(0, 0);
    RenderOptions alone;
    alone.threads = 1;
    const Image mockup = compositor_.render(scene, {{art, 0, request_.fit, request_.look}}, alone, silent);
    context.check();
    if (request_.output_is_folder) {
      EncodeOptions encoding = request_.encoding;
      if (!encoding.format) encoding.format = has_transparency(mockup) ? FileFormat::png : FileFormat::jpeg;
      const std::filesystem::path path = with_suffix(names_[index], *encoding.format);
      write_image(path, mockup, encoding);
      item.output = path;
    } else {
      write_image(names_[index], mockup, request_.encoding);
      item.output = names_[index];
    }
    item.region = scene.regions().front();
  }

  void finish(std::size_t index, BatchItem item, Context& context) {
    const std::lock_guard lock(mutex_);
    items_[index] = std::move(item);
    if (done_) done_(items_[index]);
    context.report(static_cast<double>(++finished_) / static_cast<double>(items_.size()));
  }

  const BatchRequest& request_;
  const Detector& detector_;
  const Compositor& compositor_;
  const std::function<void(const BatchItem&)>& done_;
  std::vector<std::filesystem::path> names_;
  ArtworkEntries entries_;
  SharedCache<Image> artworks_;
  SharedCache<Template> rooms_;
  std::mutex mutex_;
  std::size_t finished_ = 0;
  std::vector<BatchItem> items_;
};

}  // namespace

std::vector<BatchItem> run_batch(const BatchRequest& request, const Detector& detector, const Compositor& compositor,
                                 const std::function<void(const BatchItem&)>& done, Context& context) {
  return Batch(request, detector, compositor, done).run(context);
}

}  // namespace vitrine
