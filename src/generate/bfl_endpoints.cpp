#include "generate/bfl_endpoints.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "generate/bfl_model_advice.h"

namespace vitrine {
namespace {

// What each endpoint takes, as its OpenAPI description had it in October 2026. Endpoints refuse fields of their
// siblings with 422, so nothing is sent that has no row here. State a change of the API by changing a row.

constexpr double kNoLimit = 9.0e15;   // the integers that a double holds exactly end there
constexpr double kLongText = 60'000;  // the service takes 32 K tokens; a job's journal holds the prompt in 256 KiB
constexpr double kWidest = 21.0 / 9.0;
constexpr std::string_view kFormats = "jpeg|png|webp";

constexpr BflField required(BflField field) {
  field.need = BflNeed::required;
  return field;
}
constexpr BflField text(std::string_view name, double most) { return {name, BflType::text, 0, most}; }
constexpr BflField integer(std::string_view name, double least, double most, int multiple = 1) {
  return {name, BflType::integer, least, most, multiple};
}
constexpr BflField number(std::string_view name, double least, double most) {
  return {name, BflType::number, least, most};
}
constexpr BflField flag(std::string_view name) { return {name, BflType::flag}; }
constexpr BflField choice(std::string_view name, std::string_view words) {
  return {name, BflType::choice, 0, 0, 1, words};
}
constexpr BflField picture(std::string_view name) { return {name, BflType::picture, 64, 20}; }
constexpr BflField base64_picture(std::string_view name, double least) {
  return {name, BflType::base64_picture, least, 20};
}
constexpr BflField safety(double most) { return integer("safety_tolerance", 0, most); }

constexpr BflField kPrompt = text("prompt", kLongText);
constexpr BflField kSeed = integer("seed", -kNoLimit, kNoLimit);
constexpr BflField kFormat = choice("output_format", kFormats);
constexpr BflField kUpsampling = flag("prompt_upsampling");
constexpr BflField kRatio = {"aspect_ratio", BflType::ratio, 1 / kWidest, kWidest};
constexpr BflField kHook = {"webhook_url", BflType::address, 0, 2083};
constexpr BflField kHookSecret = text("webhook_secret", 1024);

constexpr std::array kFlux2 = {kPrompt,
                               picture("input_image"),
                               picture("input_image_2"),
                               picture("input_image_3"),
                               picture("input_image_4"),
                               picture("input_image_5"),
                               picture("input_image_6"),
                               picture("input_image_7"),
                               picture("input_image_8"),
                               integer("width", 64, kNoLimit, 16),
                               integer("height", 64, kNoLimit, 16),
                               kSeed,
                               flag("disable_pup"),
                               safety(5),
                               kFormat,
                               kHook,
                               kHookSecret};

constexpr std::array kFlux2Flex = {kPrompt,
                                   picture("input_image"),
                                   picture("input_image_2"),
                                   picture("input_image_3"),
                                   picture("input_image_4"),
                                   picture("input_image_5"),
                                   picture("input_image_6"),
                                   picture("input_image_7"),
                                   picture("input_image_8"),
                                   integer("width", 64, kNoLimit, 16),
                                   integer("height", 64, kNoLimit, 16),
                                   kSeed,
                                   kUpsampling,
                                   integer("steps", 1, 50),
                                   number("guidance", 1.5, 10),
                                   safety(5),
                                   kFormat,
                                   kHook,
                                   kHookSecret};

constexpr std::array kFlux2Klein = {kPrompt,
                                    picture("input_image"),
                                    picture("input_image_2"),
                                    picture("input_image_3"),
                                    picture("input_image_4"),
                                    integer("width", 64, kNoLimit, 16),
                                    integer("height", 64, kNoLimit, 16),
                                    kSeed,
                                    safety(5),
                                    kFormat,
                                    kHook,
                                    kHookSecret};

constexpr std::array kFlux3Image = {
    text("prompt", 15'000),
    BflField{"images", BflType::pictures, 256, 16},
    choice("aspect_ratio", "auto|21:9|2:1|16:9|3:2|7:5|4:3|5:4|1:1|4:5|3:4|5:7|2:3|9:16|1:2|9:21"),
    choice("resolution", "768sq|1k|1.5k|2k|4k"),
    safety(4),
    flag("grounding"),
    choice("version", "latest")};

constexpr std::array kOutpaint = {
    kPrompt, required(picture("input_image")), required(integer("width", 64, kNoLimit, 16)),
    required(integer("height", 64, kNoLimit, 16)), flag("auto_crop"),
    // Offsets between two multiples of 16 give a picture of one colour, which is charged.
    integer("reference_offset_x", -kNoLimit, kNoLimit, 16), integer("reference_offset_y", -kNoLimit, kNoLimit, 16),
    choice("mode", "high|fast"), flag("disable_pup"), safety(5), kFormat};

constexpr std::array kErase = {required(picture("image")),
                               required(picture("mask")),
                               integer("dilate_pixels", 0, 25),
                               kSeed,
                               safety(5),
                               kFormat,
                               kHook,
                               kHookSecret};

constexpr std::array kDeblur = {required(picture("image")), kSeed, safety(5), kFormat, kHook, kHookSecret};

constexpr std::array kTryOn = {
    kPrompt, required(picture("person")), required(picture("garment")), kSeed, safety(5), kFormat, kHook, kHookSecret};

constexpr std::array kKontext = {kPrompt,
                                 picture("input_image"),
                                 picture("input_image_2"),
                                 picture("input_image_3"),
                                 picture("input_image_4"),
                                 kRatio,
                                 kSeed,
                                 kUpsampling,
                                 safety(6),
                                 kFormat,
                                 kHook,
                                 kHookSecret};

constexpr std::array kPro11 = {kPrompt,
                               base64_picture("image_prompt", 64),
                               integer("width", 256, 1440, 32),
                               integer("height", 256, 1440, 32),
                               kSeed,
                               kUpsampling,
                               safety(6),
                               kFormat,
                               kHook,
                               kHookSecret};

constexpr std::array kDev = {kPrompt,
                             base64_picture("image_prompt", 64),
                             integer("width", 256, 1440, 32),
                             integer("height", 256, 1440, 32),
                             integer("steps", 1, 50),
                             number("guidance", 1.5, 5),
                             kSeed,
                             kUpsampling,
                             safety(6),
                             kFormat,
                             kHook,
                             kHookSecret};

constexpr std::array kUltra = {kPrompt,
                               base64_picture("image_prompt", 64),
                               number("image_prompt_strength", 0, 1),
                               kRatio,
                               flag("raw"),
                               kSeed,
                               kUpsampling,
                               safety(6),
                               kFormat,
                               kHook,
                               kHookSecret};

constexpr std::array kUltraFinetuned = {kPrompt,
                                        base64_picture("image_prompt", 64),
                                        number("image_prompt_strength", 0, 1),
                                        kRatio,
                                        required(text("finetune_id", 256)),
                                        number("finetune_strength", 0, 2),
                                        kSeed,
                                        kUpsampling,
                                        safety(6),
                                        kFormat,
                                        kHook,
                                        kHookSecret};

constexpr std::array kFill = {kPrompt,
                              required(base64_picture("image", 256)),
                              base64_picture("mask", 256),
                              integer("steps", 15, 50),
                              number("guidance", 1.5, 100),
                              kSeed,
                              kUpsampling,
                              safety(6),
                              kFormat,
                              kHook,
                              kHookSecret};

constexpr std::array kFillFinetuned = {kPrompt,
                                       required(base64_picture("image", 256)),
                                       base64_picture("mask", 256),
                                       required(text("finetune_id", 256)),
                                       number("finetune_strength", 0, 2),
                                       integer("steps", 15, 50),
                                       number("guidance", 1.5, 100),
                                       kSeed,
                                       kUpsampling,
                                       safety(6),
                                       kFormat,
                                       kHook,
                                       kHookSecret};

constexpr std::array kExpand = {kPrompt,
                                required(base64_picture("image", 256)),
                                integer("top", 0, 2048),
                                integer("bottom", 0, 2048),
                                integer("left", 0, 2048),
                                integer("right", 0, 2048),
                                integer("steps", 15, 50),
                                number("guidance", 1.5, 100),
                                kSeed,
                                kUpsampling,
                                safety(6),
                                kFormat,
                                kHook,
                                kHookSecret};

constexpr std::string_view kFinetuneHost = "api.us1.bfl.ai";

constexpr std::array kEndpoints = {
    BflEndpoint{"flux-3-image", kFlux3Image},
    BflEndpoint{"flux-2-max", kFlux2, BflPrompt::required, 4},
    BflEndpoint{"flux-2-pro", kFlux2, BflPrompt::required, 4},
    BflEndpoint{"flux-2-pro-preview", kFlux2, BflPrompt::required, 4},
    BflEndpoint{"flux-2-flex", kFlux2Flex, BflPrompt::required, 4},
    BflEndpoint{"flux-2-klein-9b", kFlux2Klein, BflPrompt::required, 4},
    BflEndpoint{"flux-2-klein-9b-preview", kFlux2Klein, BflPrompt::required, 4},
    BflEndpoint{"flux-2-klein-4b", kFlux2Klein, BflPrompt::required, 4},
    BflEndpoint{"flux-tools/outpainting-v1", kOutpaint, BflPrompt::optional, 4},
    BflEndpoint{"flux-tools/erase-v1", kErase, BflPrompt::none},
    BflEndpoint{"flux-tools/deblur-v1", kDeblur, BflPrompt::none},
    BflEndpoint{"flux-tools/vto-v1", kTryOn},
    BflEndpoint{"flux-tools/vto-v2", kTryOn},
    BflEndpoint{"flux-kontext-pro", kKontext},
    BflEndpoint{"flux-kontext-max", kKontext},
    BflEndpoint{"flux-pro-1.1", kPro11, BflPrompt::unless_picture},
    BflEndpoint{"flux-pro-1.1-ultra", kUltra, BflPrompt::unless_picture},
    BflEndpoint{"flux-dev", kDev, BflPrompt::unless_picture},
    BflEndpoint{"flux-pro-1.0-fill", kFill, BflPrompt::optional},
    BflEndpoint{"flux-pro-1.0-expand", kExpand, BflPrompt::optional},
    BflEndpoint{"flux-pro-1.1-ultra-finetuned", kUltraFinetuned, BflPrompt::unless_picture, 0, kFinetuneHost},
    BflEndpoint{"flux-pro-1.0-fill-finetuned", kFillFinetuned, BflPrompt::optional, 0, kFinetuneHost},
};

[[noreturn]] void throw_no_such_model(std::string_view model) {
  const std::string seen = "The model '" + std::string(model.substr(0, 64)) + "' cannot be used. ";
  const std::string advice(advice_on_model(model));
  if (!advice.empty()) throw std::invalid_argument(seen + advice + ".");
  std::string known;
  for (const auto& endpoint : kEndpoints) known += (known.empty() ? "" : ", ") + std::string(endpoint.model);
  throw std::invalid_argument(seen + "Use one of: " + known + ".");
}

}  // namespace

const BflEndpoint* find_bfl_endpoint(std::string_view model) {
  const auto found = std::find_if(kEndpoints.begin(), kEndpoints.end(),
                                  [&](const BflEndpoint& endpoint) { return endpoint.model == model; });
  return found == kEndpoints.end() ? nullptr : &*found;
}

const BflEndpoint& bfl_endpoint(std::string_view model) {
  if (const auto* endpoint = find_bfl_endpoint(model)) return *endpoint;
  throw_no_such_model(model);
}

std::span<const BflEndpoint> bfl_endpoints() { return kEndpoints; }

const BflField* field_of(const BflEndpoint& endpoint, std::string_view name) {
  const auto found = std::find_if(endpoint.fields.begin(), endpoint.fields.end(),
                                  [&](const BflField& field) { return field.name == name; });
  return found == endpoint.fields.end() ? nullptr : &*found;
}

}  // namespace vitrine
