#include "storage/service_objects.h"

#include <utility>

#include "storage/download.h"
#include "storage/object_rules.h"

namespace vitrine {

ObjectPage page_of_parts(const std::optional<std::string>& after, int limit,
                         const std::function<ListedPart(std::size_t count, const std::string& token)>& part) {
  require_list_limit(limit);
  // One more than wanted tells whether there are more.
  const auto wanted = static_cast<std::size_t>(limit);
  ObjectPage page;
  std::string token;
  do {
    ListedPart listed = part(wanted + 1 - page.objects.size(), token);
    for (ObjectInfo& object : listed.objects) {
      const std::string& key = object.ref.key;
      if ((!after || key > *after) && is_object_key(key)) page.objects.push_back(std::move(object));
    }
    token = std::move(listed.next_token);
  } while (!token.empty() && page.objects.size() <= wanted);
  if (page.objects.size() <= wanted) return page;
  page.objects.resize(wanted);
  page.next = page.objects.back().ref.key;
  return page;
}

ObjectRef read_settled(std::string_view key, const std::function<std::optional<ObjectRef>()>& read_once) {
  for (int look = 0; look < kMostLooks; ++look)
    if (auto ref = read_once()) return *std::move(ref);
  throw object_restless(key);
}

}  // namespace vitrine
