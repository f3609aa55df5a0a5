#include "vitrine/compose/assign.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "vitrine/image/homography.h"

namespace vitrine {
namespace {

constexpr std::size_t kMost = 256;
// What a portrait artwork on a landscape surface costs, beyond its ratio: as much as a ratio that is wrong by half.
constexpr double kTurned = 0.16;
// Ratios this near to square have no orientation.
constexpr double kSquare = 0.05;
// Breaks ties in the order given; far below any difference of ratios that can be seen.
constexpr double kOrder = 1e-9;

using Costs = std::vector<std::vector<double>>;

void require_sizes(const std::vector<Size>& artworks, const std::vector<Region>& regions) {
  if (artworks.size() > kMost || regions.size() > kMost)
    throw std::invalid_argument("There are " + std::to_string(artworks.size()) + " artworks and " +
                                std::to_string(regions.size()) + " regions; at most " + std::to_string(kMost) +
                                " of each can be assigned at once.");
  for (const Size size : artworks)
    if (size.width <= 0 || size.height <= 0)
      throw std::invalid_argument("An artwork is " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                                  " pixels; both sides must be positive.");
}

double cost(double artwork, double surface) {
  const double apart = std::log(artwork / surface);
  const double one = std::log(artwork);
  const double other = std::log(surface);
  const bool turned = one * other < 0 && std::min(std::abs(one), std::abs(other)) > kSquare;
  return apart * apart + (turned ? kTurned : 0);
}

// For each row the column that it gets, at the least sum of costs; there are no more rows than columns. Shortest augmenting
// paths with potentials (Kuhn 1955 in the form of Jonker & Volgenant 1987).
std::vector<std::size_t> cheapest_columns(const Costs& costs) {
  const std::size_t rows = costs.size();
  const std::size_t columns = costs.front().size();
  std::vector<double> row_price(rows + 1), column_price(columns + 1);
  std::vector<std::size_t> row_of(columns + 1, 0);  // counted from 1; 0: free
  for (std::size_t row = 1; row <= rows; ++row) {
    std::vector<double> slack(columns + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> before(columns + 1, 0);
    std::vector<bool> done(columns + 1, false);
    std::size_t column = 0;
    row_of[0] = row;
    do {
      done[column] = true;
      const std::size_t from = row_of[column];
      double least = std::numeric_limits<double>::infinity();
      std::size_t next = 0;
      for (std::size_t j = 1; j <= columns; ++j) {
        if (done[j]) continue;
        const double reduced = costs[from - 1][j - 1] - row_price[from] - column_price[j];
        if (reduced < slack[j]) slack[j] = reduced, before[j] = column;
        if (slack[j] < least) least = slack[j], next = j;
      }
      for (std::size_t j = 0; j <= columns; ++j) {
        if (done[j]) row_price[row_of[j]] += least, column_price[j] -= least;
        else slack[j] -= least;
      }
      column = next;
    } while (row_of[column] != 0);
    for (; column != 0; column = before[column]) row_of[column] = row_of[before[column]];
  }
  std::vector<std::size_t> column_of(rows);
  for (std::size_t j = 1; j <= columns; ++j)
    if (row_of[j] != 0) column_of[row_of[j] - 1] = j - 1;
  return column_of;
}

}  // namespace

std::vector<Assignment> assign_artworks(const std::vector<Size>& artworks, const std::vector<Region>& regions, Size scene) {
  require_sizes(artworks, regions);
  std::vector<std::size_t> places;
  std::vector<double> surfaces;
  for (std::size_t i = 0; i < regions.size(); ++i) {
    require_usable(regions[i].quad, scene);
    if (regions[i].alternative) continue;
    places.push_back(i);
    surfaces.push_back(aspect_ratio(regions[i].quad, scene));
  }
  if (artworks.empty() || places.empty()) return {};
  const auto ratio = [&](std::size_t artwork) {
    return static_cast<double>(artworks[artwork].width) / artworks[artwork].height;
  };
  // The fewer are the rows.
  const bool by_artwork = artworks.size() <= places.size();
  Costs costs(std::min(artworks.size(), places.size()), std::vector<double>(std::max(artworks.size(), places.size())));
  for (std::size_t row = 0; row < costs.size(); ++row)
    for (std::size_t column = 0; column < costs[row].size(); ++column) {
      const std::size_t artwork = by_artwork ? row : column;
      const std::size_t place = by_artwork ? column : row;
      // Crossing the order costs more than keeping it: the product of the two places is largest when they agree.
      const double order = static_cast<double>(column) - static_cast<double>(row * column) / static_cast<double>(kMost);
      costs[row][column] = cost(ratio(artwork), surfaces[place]) + kOrder * order;
    }
  const std::vector<std::size_t> columns = cheapest_columns(costs);
  std::vector<Assignment> assignments;
  for (std::size_t row = 0; row < columns.size(); ++row) {
    const std::size_t artwork = by_artwork ? row : columns[row];
    const std::size_t place = by_artwork ? columns[row] : row;
    const double wider = ratio(artwork) / surfaces[place];
    assignments.push_back({artwork, places[place], std::max(wider, 1 / wider)});
  }
  std::sort(assignments.begin(), assignments.end(), [](const Assignment& a, const Assignment& b) { return a.region < b.region; });
  return assignments;
}

}  // namespace vitrine
