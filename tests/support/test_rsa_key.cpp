#include "support/test_rsa_key.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

namespace vitrine {
namespace {

constexpr unsigned kBits = 1024;  // made anew for each test: weak, but quick

EVP_PKEY* as_key(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }

}  // namespace

TestRsaKey::TestRsaKey() : key_(EVP_RSA_gen(kBits), [](void* key) { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); }) {
  if (!key_) throw std::runtime_error("OpenSSL makes no key");
}

std::string TestRsaKey::pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(text.get(), as_key(key_), nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

bool TestRsaKey::verifies(ByteView message, ByteView signature) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, as_key(key_)) == 1 &&
         EVP_DigestVerify(digest.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

}  // namespace vitrine
