#include "pipeline/output_names.h"

#include <map>
#include <stdexcept>

namespace vitrine {

std::vector<std::filesystem::path> output_names(const BatchRequest& request) {
  if (request.artworks.empty()) throw std::invalid_argument("No artwork was given. Name at least one.");
  if (request.scenes.empty()) throw std::invalid_argument("No scene was given. Name at least one.");
  if (request.output.empty()) throw std::invalid_argument("No output was given. Name a file or a folder.");
  const std::size_t count = request.artworks.size() * request.scenes.size();
  if (!request.output_is_folder) {
    if (count > 1)
      throw std::invalid_argument(std::to_string(count) + " mockups do not fit into the one file '" +
                                  request.output.string() + "'. Name a folder.");
    return {request.output};
  }
  std::vector<std::filesystem::path> names;
  std::map<std::string, std::string> taken;
  for (const auto& artwork : request.artworks)
    for (const auto& scene : request.scenes) {
      const std::string name = artwork.stem().string() + "__" + scene.stem().string();
      const std::string pair = "'" + artwork.string() + "' in '" + scene.string() + "'";
      if (const auto [other, is_new] = taken.emplace(name, pair); !is_new)
        throw std::invalid_argument("Two mockups would be named '" + name + "': " + other->second + " and " + pair +
                                    ". Rename one, or make them in two runs.");
      names.push_back(request.output / name);
    }
  return names;
}

}  // namespace vitrine
