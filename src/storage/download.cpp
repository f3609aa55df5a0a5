#include "storage/download.h"

#include "storage/crc32c.h"
#include "storage/object_rules.h"

namespace vitrine {

void CheckedSink::write(ByteView bytes) {
  if (bytes.size() > most_ - size_)
    throw object_corrupt(key_, "it has more than its " + std::to_string(most_) + " bytes.");
  size_ += bytes.size();
  crc32c_ = vitrine::crc32c(crc32c_, bytes);
  digest_.update(bytes);
  sink_.write(bytes);
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace vitrine
