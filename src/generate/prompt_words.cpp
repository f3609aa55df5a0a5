#include "generate/prompt_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "generate/random.h"

namespace vitrine {
namespace {

// Lower case, every other sign a space, one space at each end: so that whole words can be looked for.
std::string words_of(std::string_view prompt) {
  std::string words = " ";
  for (const char sign : prompt) {
    const bool upper = sign >= 'A' && sign <= 'Z';
    const bool kept = (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9');
    words += upper ? static_cast<char>(sign - 'A' + 'a') : kept ? sign : ' ';
  }
  return words + " ";
}

template <std::size_t kCount>
bool names_any(const std::string& words, const std::array<std::string_view, kCount>& wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view word) {
    return words.find(" " + std::string(word) + " ") != std::string::npos;
  });
}

using Words = std::array<std::string_view, 6>;

constexpr std::string_view kNone = "\n";  // fills the lists; in no prompt's words

}  // namespace

std::uint64_t seed_of(const GenerationRequest& request) {
  if (request.seed) return static_cast<std::uint64_t>(*request.seed);
  std::uint64_t seed = 0;
  for (const char sign : request.prompt) seed = scramble(seed ^ static_cast<unsigned char>(sign)) + 1;
  return seed;
}

ArtworkStyle style_of_words(std::string_view prompt, std::uint64_t seed) {
  const std::string words = words_of(prompt);
  struct Row {
    ArtworkStyle style;
    Words words;
  };
  static constexpr std::array<Row, 6> kRows{
      {{ArtworkStyle::transparent, {"transparent", "no background", "sticker", "clip art", "clipart", "cut out"}},
       {ArtworkStyle::line_art, {"line art", "line drawing", "line", "drawing", "botanical", "sketch"}},
       {ArtworkStyle::photo, {"photo", "photograph", "landscape", "mountains", "lake", "sunset"}},
       {ArtworkStyle::text, {"text", "quote", "typography", "typographic", "lettering", "words"}},
       {ArtworkStyle::pattern, {"pattern", "terrazzo", "tiles", "stripes", "waves", "seamless"}},
       {ArtworkStyle::abstract, {"abstract", "bauhaus", "watercolor", "watercolour", "shapes", "boho"}}}};
  for (const Row& row : kRows)
    if (names_any(words, row.words)) return row.style;
  static constexpr std::array<ArtworkStyle, 5> kOpaque{ArtworkStyle::line_art, ArtworkStyle::photo, ArtworkStyle::text,
                                                       ArtworkStyle::pattern, ArtworkStyle::abstract};
  return kOpaque[scramble(seed) % kOpaque.size()];
}

SceneOptions scene_of_words(std::string_view prompt) {
  const std::string words = words_of(prompt);
  struct Row {
    ScenePlace place;
    Words words;
  };
  static constexpr std::array<Row, 5> kRows{
      {{ScenePlace::none, {"empty room", "bare room", "no frame", "no frames", "nothing on the wall", kNone}},
       {ScenePlace::hole, {"hole", "transparent", "transparent frame", "see through", kNone, kNone}},
       {ScenePlace::key, {"key colour", "key color", "chroma key", "green screen", "greenscreen", kNone}},
       {ScenePlace::cutout, {"cutout", "cut out", "white box", kNone, kNone, kNone}},
       {ScenePlace::filled, {"filled", "with a picture", "with pictures", "with art", "with artwork", kNone}}}};
  SceneOptions options;
  for (const Row& row : kRows) {
    if (!names_any(words, row.words)) continue;
    options.place = row.place;
    break;
  }
  if (names_any(words, Words{"gallery wall", "gallery", "several frames", "many frames", kNone, kNone}))
    options.surfaces = 4;
  options.covered =
      names_any(words, Words{"covered", "partly covered", "partly hidden", "behind a plant", "behind leaves", kNone});
  if (names_any(words, Words{"frontal", "from the front", "straight on", "head on", kNone, kNone}))
    options.max_tilt_degrees = 4;
  return options;
}

}  // namespace vitrine
