#include "generate/bfl_order.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "generate/bfl_field.h"
#include "generate/bfl_json.h"
#include "generate/bfl_size.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr double kMegapixel = 1024.0 * 1024.0;
constexpr int kLongestSide = 16'384;
constexpr std::int64_t kMostMegapixels = 4;  // more is scaled down by the service before it counts
constexpr std::array<std::string_view, 4> kOwnPlace{"prompt", "seed", "width", "height"};

std::string shown(Size size) { return std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels"; }

json parse_parameter(const std::string& name, const std::string& text) {
  auto value = parse_foreign_json(text);
  if (!value)
    throw std::invalid_argument("The parameter '" + name +
                                "' is no JSON value. Write numbers as 28, texts in quotes as \"png\", and true or "
                                "false.");
  return std::move(*value);
}

const BflField& row_of(const BflEndpoint& endpoint, const std::string& name) {
  if (const auto* field = field_of(endpoint, name)) return *field;
  std::string known;
  for (const auto& field : endpoint.fields)
    if (std::find(kOwnPlace.begin(), kOwnPlace.end(), field.name) == kOwnPlace.end())
      known += (known.empty() ? "" : ", ") + std::string(field.name);
  throw std::invalid_argument("The model " + std::string(endpoint.model) + " has no parameter '" + name.substr(0, 64) +
                              "'; it has " + known + ".");
}

void put(BflOrder& order, const BflField& field, json value) {
  auto checked = check_bfl_field(*order.endpoint, field, std::move(value));
  order.fields[std::string(field.name)] = std::move(checked.json);
  if (!checked.pictures.empty()) order.pictures[std::string(field.name)] = std::move(checked.pictures);
}

void put_parameters(BflOrder& order, const GenerationRequest& request) {
  for (const auto& [name, text] : request.parameters) {
    if (std::find(kOwnPlace.begin(), kOwnPlace.end(), name) != kOwnPlace.end())
      throw std::invalid_argument("'" + name +
                                  "' is no parameter: set GenerationRequest::prompt, seed and size instead, which say "
                                  "it once.");
    const BflField& field = row_of(*order.endpoint, name);
    json value = parse_parameter(name, text);
    if (!value.is_null()) put(order, field, std::move(value));  // null means: as if it were not given
  }
}

bool is_utf8(const std::string& text) {
  try {
    return !json(text).dump().empty();
  } catch (const json::type_error&) {
    return false;
  }
}

void put_prompt(BflOrder& order, const std::string& prompt) {
  const BflEndpoint& endpoint = *order.endpoint;
  const std::string model(endpoint.model);
  if (endpoint.prompt == BflPrompt::none) {
    if (!prompt.empty()) throw std::invalid_argument("The model " + model + " takes no prompt. Leave it empty.");
    return;
  }
  const bool needed = endpoint.prompt == BflPrompt::required ||
                      (endpoint.prompt == BflPrompt::unless_picture && order.pictures.empty());
  if (prompt.empty() && needed)
    throw std::invalid_argument("The prompt is empty; " + model + " needs one. Say what the picture shows.");
  if (!is_utf8(prompt)) throw std::invalid_argument("The prompt is not UTF-8. Convert it.");
  if (!prompt.empty()) put(order, *field_of(endpoint, "prompt"), prompt);
}

void put_pixels(BflOrder& order, Size size) {
  const BflEndpoint& endpoint = *order.endpoint;
  put(order, *field_of(endpoint, "width"), size.width);
  put(order, *field_of(endpoint, "height"), size.height);
  const double megapixels = static_cast<double>(size.width) * size.height / kMegapixel;
  if (endpoint.most_megapixels > 0 && megapixels > endpoint.most_megapixels)
    throw std::invalid_argument("The picture is to be " + shown(size) + "; " + std::string(endpoint.model) +
                                " makes at most 4 megapixels (2048 x 2048). Choose a smaller size and enlarge the "
                                "picture afterwards.");
}

void put_size(BflOrder& order, Size size) {
  if (size == Size{0, 0}) return;
  if (std::min(size.width, size.height) < 1 || std::max(size.width, size.height) > kLongestSide)
    throw std::invalid_argument("The picture is to be " + shown(size) +
                                "; each side must be 1 to 16384, or both 0 to leave the size to the model.");
  if (field_of(*order.endpoint, "width") != nullptr) return put_pixels(order, size);
  const auto* ratio = field_of(*order.endpoint, "aspect_ratio");
  if (ratio != nullptr && !order.fields.contains("aspect_ratio"))
    put(order, *ratio, ratio->type == BflType::choice ? nearest_ratio(ratio->words, size) : ratio_of(size));
  const auto* resolution = field_of(*order.endpoint, "resolution");
  if (resolution != nullptr && !order.fields.contains("resolution"))
    put(order, *resolution, std::string(nearest_resolution(size)));
}

std::optional<Size> size_of_picture(const BflOrder& order, const std::string& name) {
  const auto found = order.pictures.find(name);
  return found == order.pictures.end() ? std::nullopt : found->second.front();
}

// What a 422, or a charge for a useless picture, would tell only after sending.
void require_pictures_that_fit(const BflOrder& order) {
  const auto image = size_of_picture(order, "image");
  const auto mask = size_of_picture(order, "mask");
  if (image && mask && *image != *mask)
    throw std::invalid_argument("The mask has " + shown(*mask) + " and the picture " + shown(*image) +
                                "; both must have the same size. Scale the mask.");
  if (field_of(*order.endpoint, "reference_offset_x") == nullptr) return;
  const auto source = size_of_picture(order, "input_image");
  if (source && (source->width % 16 != 0 || source->height % 16 != 0))
    throw std::invalid_argument("The picture in 'input_image' has " + shown(*source) +
                                "; outpainting needs sides that are multiples of 16, or it makes a picture of one "
                                "colour and charges for it. Cut or scale it.");
}

std::int64_t megapixels_of(std::optional<Size> size) {
  if (!size) return kMostMegapixels;
  const double pixels = static_cast<double>(size->width) * size->height;
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(pixels / kMegapixel)), 1, kMostMegapixels);
}

std::int64_t megapixels_made(const BflOrder& order) {
  if (order.fields.contains("width"))
    return megapixels_of(Size{order.fields["width"].get<int>(), order.fields["height"].get<int>()});
  return order.pictures.empty() ? 1 : megapixels_of(order.pictures.begin()->second.front());
}

}  // namespace

BflOrder make_bfl_order(const GenerationRequest& request, std::string_view default_model) {
  BflOrder order;
  order.endpoint = &bfl_endpoint(request.model.empty() ? default_model : std::string_view(request.model));
  put_parameters(order, request);
  put_prompt(order, request.prompt);
  put_size(order, request.size);
  const auto* seed = field_of(*order.endpoint, "seed");
  if (seed != nullptr && request.seed) put(order, *seed, *request.seed);
  for (const auto& field : order.endpoint->fields)
    if (field.need == BflNeed::required && !order.fields.contains(std::string(field.name)))
      throw std::invalid_argument("The model " + std::string(order.endpoint->model) + " needs '" +
                                  std::string(field.name) + "', which is not given. Set it.");
  require_pictures_that_fit(order);
  return order;
}

GenerationRequest without_secrets(GenerationRequest request, const BflEndpoint& endpoint) {
  std::erase_if(request.parameters, [&](const auto& parameter) {
    const auto* field = field_of(endpoint, parameter.first);
    return field == nullptr || is_left_out_of_tasks(*field);
  });
  return request;
}

MicroUsd estimate_cost(const BflOrder& order, const BflPrices& prices) {
  const std::string model(order.endpoint->model);
  const auto found = prices.models.find(model);
  if (found == prices.models.end())
    throw Error(ErrorCode::corrupt_data,
                "The price table of " + prices.date + " has no price for " + model + ". Add it to the table.");
  const BflPrice& price = found->second;
  if (!price.by_resolution.empty()) {
    const auto word = order.fields.value("resolution", std::string("1k"));
    const auto entry = price.by_resolution.find(word);
    if (entry == price.by_resolution.end())
      throw Error(ErrorCode::corrupt_data, "The price table of " + prices.date + " has no price for " + model + " at " +
                                               word + ". Add it to the table.");
    return entry->second;
  }
  std::int64_t further = megapixels_made(order) - 1;
  for (const auto& [name, sizes] : order.pictures)
    for (const auto& size : sizes) further += megapixels_of(size);
  return {price.first.value + further * price.further.value};
}

}  // namespace vitrine
