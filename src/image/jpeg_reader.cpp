#include "image/jpeg_reader.h"

#include <jerror.h>

#include <string_view>
#include <vector>

#include "image/exif.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using std::string_view_literals::operator""sv;

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kIccMarker = JPEG_APP0 + 2;
constexpr int kIptcMarker = JPEG_APP0 + 13;

// Real files have a dozen; a hostile progressive one has thousands, each costing a pass over the picture.
constexpr int kMostScans = 500;

// These warnings of libjpeg mean that pixels are missing or wrong; the others are about harmless oddities.
bool means_damage(int code) {
  return code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
         code == JWRN_ARITH_BAD_CODE || code == JWRN_MUST_RESYNC;
}

ByteView data_of(const jpeg_marker_struct& marker) { return {marker.data, marker.data_length}; }

bool starts_with(ByteView bytes, std::string_view prefix) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(prefix);
}

constexpr std::string_view kExifPrefix = "Exif\0\0"sv;
constexpr std::string_view kIccPrefix = "ICC_PROFILE\0"sv;

}  // namespace

void JpegReader::leave_with_message(j_common_ptr codec) {
  char text[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, text);
  reinterpret_cast<Trouble*>(codec->err)->escape.leave(text);
}

void JpegReader::on_message(j_common_ptr codec, int level) {
  if (level < 0 && means_damage(codec->err->msg_code)) leave_with_message(codec);
}

void JpegReader::stop_scan_bomb(j_common_ptr codec) {
  if (reinterpret_cast<j_decompress_ptr>(codec)->input_scan_number > kMostScans)
    reinterpret_cast<Trouble*>(codec->err)->escape.leave("more than 500 scans");
}

JpegReader::JpegReader(ByteView bytes, Keep keep) {
  codec_.err = jpeg_std_error(&trouble_.manager);
  trouble_.manager.error_exit = leave_with_message;
  trouble_.manager.emit_message = on_message;
  progress_.progress_monitor = stop_scan_bomb;
  run([&] {
    jpeg_create_decompress(&codec_);
    codec_.progress = &progress_;
    jpeg_mem_src(&codec_, bytes.data(), static_cast<unsigned long>(bytes.size()));
    jpeg_save_markers(&codec_, kExifMarker, 0xFFFF);
    jpeg_save_markers(&codec_, kIccMarker, 0xFFFF);
    if (keep == Keep::all) {
      jpeg_save_markers(&codec_, kIptcMarker, 0xFFFF);
      jpeg_save_markers(&codec_, JPEG_COM, 0xFFFF);
    }
    jpeg_read_header(&codec_, TRUE);
  });
}

JpegReader::~JpegReader() { jpeg_destroy_decompress(&codec_); }

void JpegReader::give_up() {
  // Here too: no destructor runs if this throws out of the constructor.
  jpeg_destroy_decompress(&codec_);
  throw Error(ErrorCode::invalid_image, "The JPEG is damaged or cut off (" + std::string(trouble_.escape.reason) +
                                            "). Get a fresh copy of the file.");
}

int JpegReader::orientation() const {
  for (const jpeg_marker_struct* marker = codec_.marker_list; marker != nullptr; marker = marker->next)
    if (marker->marker == kExifMarker && starts_with(data_of(*marker), kExifPrefix))
      return exif_orientation(data_of(*marker));
  return 1;
}

Bytes JpegReader::profile() const {
  // It is cut into numbered parts of at most 64 kB.
  std::vector<ByteView> parts;
  for (const jpeg_marker_struct* marker = codec_.marker_list; marker != nullptr; marker = marker->next) {
    const ByteView data = data_of(*marker);
    if (marker->marker != kIccMarker || !starts_with(data, kIccPrefix) || data.size() < kIccPrefix.size() + 2) continue;
    const std::size_t number = data[kIccPrefix.size()];
    const std::size_t count = data[kIccPrefix.size() + 1];
    parts.resize(count);
    if (number < 1 || number > count) return {};
    parts[number - 1] = data.subspan(kIccPrefix.size() + 2);
  }
  Bytes profile;
  for (const ByteView part : parts) {
    if (part.empty()) return {};
    profile.insert(profile.end(), part.begin(), part.end());
  }
  return profile;
}

std::size_t JpegReader::metadata() const {
  std::size_t bytes = 0;
  for (const jpeg_marker_struct* marker = codec_.marker_list; marker != nullptr; marker = marker->next)
    bytes += marker->data_length;
  return bytes;
}

}  // namespace vitrine
