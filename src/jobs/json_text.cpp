#include "jobs/json_text.h"

#include <nlohmann/json.hpp>

namespace vitrine {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;

// Follows the parser without building anything. Returning false stops it.
class Inspector final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return inside(); }
  bool boolean(bool) override { return inside(); }
  bool number_integer(number_integer_t) override { return inside(); }
  bool number_unsigned(number_unsigned_t) override { return inside(); }
  bool number_float(number_float_t, const string_t&) override { return inside(); }
  bool string(string_t&) override { return inside(); }
  bool binary(binary_t&) override { return inside(); }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return inside() && open(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    return stop("it is no JSON from byte " + std::to_string(position) + " on");
  }
  const std::string& fault() const { return fault_; }

 private:
  bool inside() { return depth_ > 0 || stop("it is JSON, but not an object"); }
  bool open() { return ++depth_ <= kDeepest || stop("it is nested more than " + std::to_string(kDeepest) + " deep"); }
  bool close() { return --depth_ >= 0; }
  bool stop(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }

  int depth_ = 0;
  std::string fault_;
};

}  // namespace

std::string json_object_fault(std::string_view text) {
  Inspector inspector;
  json::sax_parse(text.begin(), text.end(), &inspector);
  return inspector.fault();
}

bool same_json(std::string_view a, std::string_view b) {
  return a == b || json::parse(a.begin(), a.end()) == json::parse(b.begin(), b.end());
}

}  // namespace vitrine
