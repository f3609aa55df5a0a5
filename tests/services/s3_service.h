#pragma once

#include <memory>
#include <string>

#include "vitrine/storage/s3_store.h"

namespace vitrine {

/// The S3 server that with_moto.py started.
class S3Service {
 public:
  /// Throws std::runtime_error if there is none: run the tests by CTest, or under with_moto.py.
  S3Service();

  /// Options for a fresh, empty bucket.
  S3Options with_new_bucket() const;
  const S3Options& options() const { return options_; }
  std::shared_ptr<HttpTransport> transport() const { return transport_; }

 private:
  S3Options options_;
  std::shared_ptr<HttpTransport> transport_;
};

/// While it lives, the server checks signatures. Not always: moto takes its own client's for wrong where a query holds
/// an escaped slash, or a key a plus sign.
class SignaturesChecked {
 public:
  explicit SignaturesChecked(const S3Service& service);
  ~SignaturesChecked();
  SignaturesChecked(const SignaturesChecked&) = delete;
  SignaturesChecked& operator=(const SignaturesChecked&) = delete;

 private:
  const S3Service& service_;
};

}  // namespace vitrine
