#pragma once

#include <span>
#include <string_view>

namespace vitrine {

enum class BflType {
  text,            ///< `most` characters.
  integer,         ///< In [least, most], a multiple of `multiple`.
  number,          ///< In [least, most].
  flag,            ///< true or false.
  choice,          ///< One of `words`, which are separated by '|'.
  ratio,           ///< "16:9", in [least, most].
  base64_picture,  ///< Base64 in the request; each side at least `least`, at most `most` megapixels.
  picture,         ///< The same, or the https address of one.
  pictures,        ///< One such or an array of up to 10.
  address,         ///< An https address.
};

enum class BflNeed { optional, required };

/// What may be sent in one field.
struct BflField {
  std::string_view name;
  BflType type = BflType::text;
  double least = 0;
  double most = 0;
  int multiple = 1;
  std::string_view words = {};
  BflNeed need = BflNeed::optional;
};

enum class BflPrompt { none, optional, required, unless_picture };

/// One endpoint: POST <base>/v1/<model>.
struct BflEndpoint {
  std::string_view model;
  std::span<const BflField> fields;
  BflPrompt prompt = BflPrompt::required;
  double most_megapixels = 0;  ///< Of the picture to make; 0: the fields' own limits are all.
  std::string_view host = {};  ///< The one host that has it; empty: every region.
};

/// The endpoint of that model. Throws std::invalid_argument with what to use instead for one that is gone, makes no
/// pictures, or never was.
const BflEndpoint& bfl_endpoint(std::string_view model);

/// The same; nullptr for any such model.
const BflEndpoint* find_bfl_endpoint(std::string_view model);

/// All of them.
std::span<const BflEndpoint> bfl_endpoints();

/// The row of that name; nullptr if the endpoint has none.
const BflField* field_of(const BflEndpoint& endpoint, std::string_view name);

}  // namespace vitrine
