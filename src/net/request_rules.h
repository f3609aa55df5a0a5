#pragma once

#include "vitrine/net/http_transport.h"

namespace vitrine {

/// What every transport checks before it sends: a header with a line break would become two, and a length that
/// disagrees with the body would let one request pass for two. Throws std::invalid_argument; Error `unsafe_url` if
/// the request's policy forbids the address.
void check_request(const HttpRequest& request);

/// Context::check(), before anything is sent: a cancel or deadline is an HttpError that says so.
void check_before_sending(const HttpRequest& request, Context& context);

/// True for methods that do the same when they are done twice (RFC 9110, section 9.2.2).
bool is_idempotent(HttpMethod method);

}  // namespace vitrine
