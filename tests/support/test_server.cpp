#include "support/test_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "net/ascii.h"
#include "support/self_signed.h"

namespace vitrine {
namespace {

using Tls = std::unique_ptr<SSL, void (*)(SSL*)>;

::sockaddr_in loopback(std::uint16_t port) {
  ::sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bind_to_free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const ::sockaddr_in address = loopback(0);
  if (socket < 0 || ::bind(socket, reinterpret_cast<const ::sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("a test server finds no port");
  return socket;
}

std::uint16_t port_of(int socket) {
  ::sockaddr_in address{};
  ::socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<::sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::size_t receive(int socket, SSL* tls, char* data, std::size_t size) {
  const long count = tls != nullptr ? SSL_read(tls, data, static_cast<int>(size)) : ::recv(socket, data, size, 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

HttpMethod method_of(std::string_view name) {
  for (const auto method : {HttpMethod::head, HttpMethod::post, HttpMethod::put, HttpMethod::patch, HttpMethod::del})
    if (name == name_of(method)) return method;
  return HttpMethod::get;
}

/// What has come in and is not used yet.
class Incoming {
 public:
  Incoming(int socket, SSL* tls) : socket_(socket), tls_(tls) {}

  /// The next request with its target as url; empty when the client has gone.
  std::optional<HttpRequest> next() {
    std::size_t end = 0;
    while ((end = text_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return std::nullopt;
    HttpRequest request = read_head(text_.substr(0, end + 2));
    text_.erase(0, end + 4);
    const auto length = HttpResponse{0, request.headers, {}}.header("content-length");
    const std::size_t size = length ? std::stoull(*length) : 0;
    if (size > ServedRequest::kMostBody) return request;
    while (text_.size() < size)
      if (!more()) return std::nullopt;
    request.body = bytes_of(text_.substr(0, size));
    text_.erase(0, size);
    return request;
  }

 private:
  bool more() {
    std::array<char, 16384> block;
    const std::size_t count = receive(socket_, tls_, block.data(), block.size());
    text_.append(block.data(), count);
    return count > 0;
  }

  static HttpRequest read_head(const std::string& head) {
    HttpRequest request;
    const auto line_end = head.find("\r\n");
    const auto method_end = head.find(' ');
    request.method = method_of(head.substr(0, method_end));
    request.url = head.substr(method_end + 1, head.rfind(' ', line_end) - method_end - 1);
    for (std::size_t begin = line_end + 2; begin < head.size();) {
      const auto end = head.find("\r\n", begin);
      const auto colon = head.find(':', begin);
      request.headers.push_back({head.substr(begin, colon - begin),
                                 std::string(trimmed(std::string_view(head).substr(colon + 1, end - colon - 1)))});
      begin = end + 2;
    }
    return request;
  }

  int socket_;
  SSL* tls_;
  std::string text_;
};

// A client that hangs up must not end the test; the library's own guard has to hold on its own threads.
void block_sigpipe() {
  ::sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int choose_http1(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                 unsigned int offered_size, void* saw_http2) {
  const std::string_view list(reinterpret_cast<const char*>(offered), offered_size);
  if (list.find("\x02h2") != std::string_view::npos) *static_cast<std::atomic<bool>*>(saw_http2) = true;
  static const unsigned char kHttp1[] = "http/1.1";
  *chosen = kHttp1;
  *size = 8;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

bool ServedRequest::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long count = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                       : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      is_open_ = false;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void ServedRequest::respond(int status, const std::vector<HttpHeader>& headers, std::string_view body) {
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (const HttpHeader& header : headers) answer += header.name + ": " + header.value + "\r\n";
  if (status != 204) answer += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  answer += "\r\n";
  if (request_.method != HttpMethod::head) answer += body;
  send(answer);
}

void ServedRequest::reset() {
  const ::linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  is_open_ = false;
}

void ServedRequest::wait_for_client_to_leave() {
  std::array<char, 4096> block;
  while (receive(socket_, tls_, block.data(), block.size()) > 0) continue;
  is_open_ = false;
}

TestServer::TestServer(Behaviour behaviour, ServerTls tls)
    : behaviour_(std::move(behaviour)),
      tls_(tls == ServerTls::none ? TlsContext(nullptr, SSL_CTX_free) : make_self_signed_tls(certificate())),
      listener_(bind_to_free_port()),
      port_(port_of(listener_)) {
  if (tls_) SSL_CTX_set_alpn_select_cb(tls_.get(), choose_http1, &offered_http2_);
  if (::listen(listener_, 64) != 0) throw std::runtime_error("a test server cannot listen");
  acceptor_ = std::thread([this] { accept_connections(); });
}

TestServer::~TestServer() { stop(); }

void TestServer::stop() {
  if (stopped_.exchange(true)) return;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& worker : workers_) worker.join();
  ::close(listener_);
}

std::string TestServer::url(std::string_view target) const {
  return (tls_ ? "https://" : "http://") + host_and_port() + std::string(target);
}

std::vector<HttpRequest> TestServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void TestServer::accept_connections() {
  for (int socket; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    ++connections_;
    // Many tests send small pieces: none should wait for the client's delayed acknowledgement.
    const int at_once = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    const std::lock_guard lock(mutex_);
    sockets_.push_back(socket);
    workers_.emplace_back([this, socket] { serve(socket); });
  }
}

void TestServer::serve(int socket) {
  block_sigpipe();
  {
    const Tls tls(tls_ ? SSL_new(tls_.get()) : nullptr, SSL_free);
    if (tls) SSL_set_fd(tls.get(), socket);
    if (!tls || SSL_accept(tls.get()) == 1) serve_requests(socket, tls.get());
  }
  const std::lock_guard lock(mutex_);
  sockets_.erase(std::find(sockets_.begin(), sockets_.end(), socket));
  ::close(socket);
}

void TestServer::serve_requests(int socket, ssl_st* tls) {
  Incoming incoming(socket, tls);
  while (auto request = incoming.next()) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(*request);
    }
    std::string target = request->url;
    ServedRequest served(std::move(*request), std::move(target), socket, tls);
    behaviour_(served);
    if (!served.is_open()) return;
  }
}

ClosedPort::ClosedPort() : socket_(bind_to_free_port()), port_(port_of(socket_)) {}

ClosedPort::~ClosedPort() { ::close(socket_); }

}  // namespace vitrine
