#pragma once

#include <curl/curl.h>

#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "net/curl_route.h"
#include "net/curl_session.h"
#include "net/proxy_choice.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/net/url.h"

namespace vitrine {

/// What all exchanges of one transport have alike.
struct CurlSettings {
  std::chrono::milliseconds connect_timeout{10'000};
  ProxyChoice proxies;
  std::string certificate_file;
  std::string certificate_folder;
  std::string user_agent;
  Resolver resolver;
  Route route;
};

/// One request and its answer over one session. Lives on the caller's thread, where sources and sinks run too.
class CurlExchange {
 public:
  /// Borrows everything for its life. `share` may be null.
  CurlExchange(const CurlSettings& settings, CURLSH* share, CurlSession& session, const HttpRequest& request,
               const Url& url);
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  /// Call it once. Throws as HttpTransport::send().
  HttpResponse run(Context& context);

 private:
  template <typename Value>
  void set(CURLoption option, Value value);
  void set_connection();
  void set_limits();
  void set_method();
  void set_headers();
  void set_callbacks();
  void set_addresses(Context& context);
  std::size_t body_size() const;

  CURLcode drive(Context& context);
  HttpResponse finish(CURLcode result);
  SendFate fate() const { return issued_ > 0 ? SendFate::unknown : SendFate::not_sent; }

  // libcurl calls these. What they throw is kept in failure_ and leaves run().
  template <typename Result, typename Work>
  Result guarded(Result on_failure, Work&& work) noexcept;
  static curl_socket_t on_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept;
  static int on_request(void* self, char* remote, char* local, int remote_port, int local_port) noexcept;
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_upload(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static int on_rewind(void* self, curl_off_t offset, int origin) noexcept;

  curl_socket_t open_socket(curl_sockaddr& address);
  void check_connection(const char* remote);
  void take_header(std::string_view line);
  void take_body(ByteView bytes);
  void check_length(std::size_t more);
  std::size_t give_body(std::span<std::uint8_t> buffer);
  std::size_t read_source(std::span<std::uint8_t> buffer);

  const CurlSettings& settings_;
  CURLSH* share_;
  CurlSession& session_;
  const HttpRequest& request_;
  const Url& url_;
  std::string proxy_;
  CurlList headers_;
  CurlList resolved_;
  CurlList connect_to_;

  int issued_ = 0;               // how often a connection was handed to the request
  bool repeat_stopped_ = false;  // libcurl wanted to send it a second time
  std::exception_ptr failure_;
  HttpResponse response_;
  bool body_began_ = false;
  std::size_t header_bytes_ = 0;
  std::size_t received_ = 0;
  std::size_t sent_ = 0;
};

}  // namespace vitrine
