#include "net/rsa_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>

#include "vitrine/base/error.h"

namespace vitrine {

struct RsaKey::State {
  EVP_PKEY* key = nullptr;
  explicit State(EVP_PKEY* taken) : key(taken) {}
  ~State() { EVP_PKEY_free(key); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

namespace {

constexpr std::size_t kLongestPem = 64u << 10u;

// OpenSSL would ask on the terminal for the pass phrase of a locked key.
int no_pass_phrase(char*, int, int, void*) { return 0; }

// Later calls of the host into OpenSSL must not find what went wrong in ours.
class CleanErrorQueue {
 public:
  CleanErrorQueue() { ERR_set_mark(); }
  ~CleanErrorQueue() { ERR_pop_to_mark(); }
  CleanErrorQueue(const CleanErrorQueue&) = delete;
  CleanErrorQueue& operator=(const CleanErrorQueue&) = delete;
};

EVP_PKEY* read_pem(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                       &BIO_free);
  if (!text) return nullptr;
  return PEM_read_bio_PrivateKey(text.get(), nullptr, no_pass_phrase, nullptr);
}

}  // namespace

RsaKey::RsaKey(std::string_view pem) {
  const CleanErrorQueue clean;
  if (pem.size() <= kLongestPem) state_ = std::make_shared<const State>(read_pem(pem));
  if (!state_ || state_->key == nullptr || EVP_PKEY_get_base_id(state_->key) != EVP_PKEY_RSA)
    throw Error(ErrorCode::corrupt_data,
                "The private key is no RSA key in PEM form without a pass phrase. Download the account's key file "
                "again and use it as it is.");
}

Bytes RsaKey::sign(ByteView message) const {
  const CleanErrorQueue clean;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(state_->key)));
  std::size_t size = signature.size();
  if (!digest || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, state_->key) != 1 ||
      EVP_DigestSign(digest.get(), signature.data(), &size, message.data(), message.size()) != 1)
    throw Error(ErrorCode::corrupt_data, "The private key does not sign. Download the account's key file again.");
  signature.resize(size);
  return signature;
}

}  // namespace vitrine
