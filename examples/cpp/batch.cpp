// Every artwork into every scene. What fails is reported, and the rest is finished.
#include <vitrine/vitrine.h>

#include <cstdio>

int main() {
  // [sample]
  vitrine::BatchRequest request;
  request.artworks = {"art.png"};
  request.scenes = {"room.jpg", "lobby.jpg", "no_such_file.jpg"};
  request.output = "mockups";

  const auto report = [](const vitrine::BatchItem& item) {
    if (item.error) std::fprintf(stderr, "%s\n", item.message.c_str());
  };
  vitrine::Context context;
  const auto items = vitrine::run_batch(request, *vitrine::make_surface_detector(),
                                        *vitrine::make_perspective_compositor(), report, context);
  // [/sample]
  const bool two_made_one_failed = !items.at(0).error && !items.at(1).error && items.at(2).error;
  return two_made_one_failed ? 0 : 1;
}
