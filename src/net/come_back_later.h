#pragma once

namespace vitrine {

/// True for answers that may be better when one asks again: 408, 429, 500, 502, 503, 504.
inline bool come_back_later(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace vitrine
