#include "generate/bfl_model_advice.h"

#include <algorithm>
#include <array>

namespace vitrine {
namespace {

struct Refused {
  std::string_view model;
  std::string_view advice;
};

constexpr std::string_view kVideo = "It makes videos, and this generator makes pictures";
constexpr std::array kRefused = {
    Refused{"flux-3-video", kVideo},
    Refused{"flux-tools/video-upscale-v1", kVideo},
    Refused{"flux-tools/video-edit-v1", kVideo},
    Refused{"flux-pro", "It is gone. Use flux-2-pro or flux-pro-1.1"},
    Refused{"flux-pro-1.0-canny", "It is gone. Use flux-2-pro with an input_image"},
    Refused{"flux-pro-1.0-depth", "It is gone. Use flux-2-pro with an input_image"},
    Refused{"flux-pro-finetuned", "It is gone. Use flux-pro-1.1-ultra-finetuned"},
    Refused{"flux-pro-1.0-canny-finetuned", "It is gone. Use flux-pro-1.0-fill-finetuned"},
    Refused{"flux-pro-1.0-depth-finetuned", "It is gone. Use flux-pro-1.0-fill-finetuned"},
    Refused{"flux-2-flex-outpainting", "It is gone. Use flux-tools/outpainting-v1"},
    Refused{"flux-kontext", "There never was one. Use flux-kontext-pro or flux-kontext-max"},
    Refused{"flux-fill", "There never was one. Use flux-pro-1.0-fill"},
    Refused{"flux-pro-1.1-raw", "There never was one. Use flux-pro-1.1-ultra with the parameter raw = true"},
};

}  // namespace

std::string_view advice_on_model(std::string_view model) {
  const auto found =
      std::find_if(kRefused.begin(), kRefused.end(), [&](const Refused& each) { return each.model == model; });
  return found == kRefused.end() ? std::string_view() : found->advice;
}

}  // namespace vitrine
