#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/temporary_folder.h"
#include "vitrine/net/http_transport.h"

struct ssl_st;
struct ssl_ctx_st;

namespace vitrine {

/// One request at the server, and the bare connection it came on: what it answers may be as wrong as a test wants.
class ServedRequest {
 public:
  /// A longer body is left on the wire: the behaviour answers, or breaks off, while the client still sends.
  static constexpr std::size_t kMostBody = 256u << 20u;

  ServedRequest(HttpRequest request, std::string target, int socket, ssl_st* tls)
      : request_(std::move(request)), target_(std::move(target)), socket_(socket), tls_(tls) {}

  const HttpRequest& request() const { return request_; }
  const std::string& target() const { return target_; }  ///< Path and query as they came.

  /// A correct answer.
  void respond(int status, const std::vector<HttpHeader>& headers = {}, std::string_view body = {});

  /// Any bytes. False once the client has gone.
  bool send(std::string_view bytes);

  void hang_up() { is_open_ = false; }  ///< Closes after this request.
  void reset();                         ///< Breaks the connection, so that the client's system reports it.
  void wait_for_client_to_leave();      ///< Answers nothing until the client closes, or the server stops.
  bool is_open() const { return is_open_; }

 private:
  HttpRequest request_;
  std::string target_;
  int socket_;
  ssl_st* tls_;
  bool is_open_ = true;
};

enum class ServerTls { none, self_signed };

/// An HTTP/1.1 server on a free port of 127.0.0.1, in threads of its own, for as long as it lives.
class TestServer {
 public:
  using Behaviour = std::function<void(ServedRequest&)>;

  explicit TestServer(Behaviour behaviour, ServerTls tls = ServerTls::none);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view target = "/") const;  ///< On the name localhost.
  std::string host_and_port() const { return "localhost:" + std::to_string(port_); }
  std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }  ///< The one to trust for its TLS.

  std::vector<HttpRequest> requests() const;  ///< In order of arrival; `url` is the target.
  int connection_count() const { return connections_; }
  bool was_offered_http2() const { return offered_http2_; }

  void stop();  ///< From now on nobody listens.

 private:
  void accept_connections();
  void serve(int socket);
  void serve_requests(int socket, ssl_st* tls);

  Behaviour behaviour_;
  TemporaryFolder folder_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> tls_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> offered_http2_ = false;
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::vector<int> sockets_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

/// A port of 127.0.0.1 that refuses connections for as long as this lives.
class ClosedPort {
 public:
  ClosedPort();
  ~ClosedPort();
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

}  // namespace vitrine
