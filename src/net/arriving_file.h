#pragma once

#include <string>

#include "vitrine/net/download.h"

namespace vitrine {

/// Stands before a sink: passes nothing on until the type is known and allowed, and gives up a server that trickles.
class ArrivingFile final : public ByteSink {
 public:
  /// Borrows both for its life. `host` is for messages.
  ArrivingFile(ByteSink& sink, const DownloadOptions& options, std::string host);

  void write(ByteView bytes) override;

  /// Passes on what is too short to wait for more. Call it once, last.
  Download finish();

 private:
  void check_rate(std::size_t more);
  void settle_type();

  ByteSink& sink_;
  const DownloadOptions& options_;
  std::string host_;
  Bytes head_;  // held back until it is enough to tell the type
  bool is_settled_ = false;
  Download result_;

  bool has_begun_ = false;
  Timestamp span_begin_;
  std::size_t span_bytes_ = 0;
};

}  // namespace vitrine
