#include "vitrine/pipeline/batch.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "image/promised_format.h"
#include "pipeline/output_names.h"
#include "vitrine/base/file.h"
#include "vitrine/pipeline/mockup.h"
#include "vitrine/pipeline/render_many.h"

namespace vitrine {
namespace {

std::filesystem::path with_suffix(std::filesystem::path name, FileFormat format) {
  name += suffix_of(format);
  return name;
}

// What a file is to be encoded as, which write_image() would find out from its name.
EncodeOptions encoding_for(const BatchRequest& request) {
  EncodeOptions encoding = request.encoding;
  if (!encoding.format && !request.output_is_folder) encoding.format = format_of_suffix(request.output);
  return encoding;
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
        items_(names_.size()) {}

  std::vector<BatchItem> run(Context& context) {
    if (request_.output_is_folder) make_folder();
    ManyRequest many;
    // For what was dropped of the artworks' half of the memory to become the next one.
    DecodeOptions decoding = request_.decoding;
    if (!decoding.pool) decoding.pool = std::make_shared<const PixelPool>(request_.memory / 8);
    for (const auto& path : request_.artworks)
      many.artworks.push_back([&decoding, &path] { return read_image(path, decoding); });
    for (const auto& path : request_.scenes) many.rooms.push_back([this, &path, &context] { return room(path, context); });
    many.fit = request_.fit;
    many.look = request_.look;
    many.encoding = encoding_for(request_);
    many.memory = request_.memory;
    many.threads = request_.threads;
    render_many(many, compositor_, [this](ManyItem&& item) { take(std::move(item)); }, context);
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

  Template room(const std::filesystem::path& path, Context& context) const {
    if (is_template_file(path)) {
      Template room = load_template(path);
      if (!room.regions().empty()) return room;
      throw Error(ErrorCode::no_suitable_region,
                  "'" + path.string() + "' is a template without regions. Prepare it again, with corners.");
    }
    const Bytes bytes = read_file(path, request_.decoding.max_bytes);
    Context silent = context.part(0, 0);  // its progress is not the batch's
    try {
      return prepared(bytes, silent);
    } catch (const Error& error) {
      throw about("'" + path.string() + "'", error);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("'" + path.string() + "': " + error.what());
    }
  }

  Template prepared(ByteView scene, Context& context) const {
    if (!request_.quad) return prepare_scene(scene, request_.decoding, detector_, request_.policy, compositor_, context);
    Region region;
    region.quad = *request_.quad;
    return compositor_.prepare_encoded(scene, {region}, request_.decoding, context);
  }

  // Writes a mockup, so that what fails about the file fails this one alone.
  void take(ManyItem&& made) {
    const std::size_t index = made.artwork * request_.scenes.size() + made.room;
    BatchItem item;
    item.artwork = request_.artworks[made.artwork];
    item.scene = request_.scenes[made.room];
    item.error = made.error;
    item.message = std::move(made.message);
    item.region = std::move(made.region);
    const auto start = std::chrono::steady_clock::now();
    if (!item.error) {
      try {
        if (!request_.output_is_folder && !request_.encoding.format) promised_format(names_[index]);
        const std::filesystem::path path =
            request_.output_is_folder ? with_suffix(names_[index], sniff_format(made.bytes).value()) : names_[index];
        write_file_atomically(path, made.bytes);
        item.output = path;
      } catch (const Error& error) {
        item.error = error.code();
        item.message = error.what();
      } catch (const std::invalid_argument& error) {
        item.error = ErrorCode::invalid_image;
        item.message = error.what();
      }
    }
    item.seconds = made.seconds + std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::lock_guard lock(mutex_);
    items_[index] = std::move(item);
    if (done_) done_(items_[index]);
  }

  const BatchRequest& request_;
  const Detector& detector_;
  const Compositor& compositor_;
  const std::function<void(const BatchItem&)>& done_;
  std::vector<std::filesystem::path> names_;
  std::mutex mutex_;
  std::vector<BatchItem> items_;
};

}  // namespace

std::vector<BatchItem> run_batch(const BatchRequest& request, const Detector& detector, const Compositor& compositor,
                                 const std::function<void(const BatchItem&)>& done, Context& context) {
  return Batch(request, detector, compositor, done).run(context);
}

}  // namespace vitrine
