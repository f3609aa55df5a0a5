#include "vitrine/generate/bfl_prices.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "generate/bfl_built_in_prices.h"
#include "generate/bfl_json.h"
#include "vitrine/base/error.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::int64_t kDearest = 1'000'000'000;  // a thousand dollars a megapixel: beyond is a slip of the pen
constexpr std::size_t kLongestTable = 1u << 20u;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::corrupt_data,
              "The price table cannot be used: " + what + " See docs/generate.md for its form.");
}

MicroUsd amount_in(const std::string& where, const json& value) {
  // As unsigned: what is beyond int64 must not come out small.
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > static_cast<std::uint64_t>(kDearest))
    refuse(where + " is no whole number of micro-dollars from 0 to 1000000000.");
  return {value.get<std::int64_t>()};
}

void read_entry(BflPrice& price, const std::string& where, const std::string& name, const json& value) {
  if (name == "basis" && value.is_string()) {
    price.basis = value.get<std::string>();
  } else if (name == "each_micro_usd" || name == "first_micro_usd") {
    price.first = amount_in(where, value);
  } else if (name == "further_micro_usd") {
    price.further = amount_in(where, value);
  } else if (name == "resolutions_micro_usd" && value.is_object()) {
    for (const auto& [word, amount] : value.items()) price.by_resolution[word] = amount_in(where + "." + word, amount);
  } else {
    refuse(where + " is not known, or of the wrong kind.");
  }
}

BflPrice price_in(const std::string& model, const json& row) {
  if (!row.is_object()) refuse("the entry of " + model + " is no object.");
  const auto count = [&](const char* name) { return row.contains(name) ? 1 : 0; };
  if (count("each_micro_usd") + count("first_micro_usd") + count("resolutions_micro_usd") != 1)
    refuse("the entry of " + model + " needs one of each_micro_usd, first_micro_usd and resolutions_micro_usd.");
  BflPrice price;
  for (const auto& [name, value] : row.items()) read_entry(price, model + "." + name, name, value);
  return price;
}

bool is_date(const std::string& text) {
  constexpr std::string_view kForm = "0000-00-00";
  return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(),
                    [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; });
}

BflPrices parse_table(std::string_view text) {
  if (text.size() > kLongestTable) refuse("it has more than a megabyte.");
  const auto table = parse_foreign_json(text);
  if (!table || !table->is_object()) refuse("it is no JSON object.");
  const auto date = table->find("date");
  if (date == table->end() || !date->is_string() || !is_date(date->get<std::string>()))
    refuse("it has no 'date' such as \"2026-10-31\".");
  const auto models = table->find("models");
  if (models == table->end() || !models->is_object()) refuse("it has no object 'models'.");
  BflPrices prices;
  prices.date = date->get<std::string>();
  for (const auto& [model, row] : models->items()) prices.models[model] = price_in(model, row);
  return prices;
}

}  // namespace

BflPrices built_in_bfl_prices() { return parse_table(kBuiltInBflPrices); }

BflPrices parse_bfl_prices(std::string_view json) {
  BflPrices prices = parse_table(json);
  prices.models.merge(built_in_bfl_prices().models);  // keeps those of the given table
  return prices;
}

BflPrices read_bfl_prices(const std::filesystem::path& path) {
  const Bytes bytes = read_file(path, kLongestTable);
  try {
    return parse_bfl_prices({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  } catch (const Error& error) {
    throw about(path.string(), error);
  }
}

}  // namespace vitrine
