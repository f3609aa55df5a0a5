#pragma once

#include <curl/curl.h>

#include "vitrine/net/http_error.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/net/url.h"

namespace vitrine {

/// The error for an exchange that libcurl gave up. Its own texts are left out where they can hold an address.
HttpError failure_of(CURLcode result, const HttpRequest& request, const Url& url, SendFate fate);

}  // namespace vitrine
