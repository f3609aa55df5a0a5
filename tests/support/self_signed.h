#pragma once

#include <openssl/ssl.h>

#include <filesystem>
#include <memory>

namespace vitrine {

using TlsContext = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

/// A TLS server's side with a fresh certificate for localhost and 127.0.0.1, signed by itself, which is also written
/// to `certificate` as PEM.
TlsContext make_self_signed_tls(const std::filesystem::path& certificate);

}  // namespace vitrine
