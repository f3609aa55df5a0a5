// Stops work from another thread, and by a deadline; watches its progress.
#include <vitrine/vitrine.h>

#include <cstdio>
#include <thread>

int main() {
  const auto detector = vitrine::make_mock_detector({.takes = std::chrono::hours(1)});
  const vitrine::Image scene = vitrine::read_image("room.jpg");

  // [sample]
  vitrine::Context context;
  context.on_progress([](double share) { std::printf("%.0f %%\n", 100 * share); });
  std::thread user([context]() mutable { context.cancel(); });  // A copy is another handle on the same work.
  try {
    detector->detect(scene, context);
  } catch (const vitrine::Error& error) {
    std::printf("%s: %s\n", std::string(name_of(error.code())).c_str(), error.what());
  }
  user.join();

  auto hurried = vitrine::Context::with_timeout(std::chrono::milliseconds(10));
  try {
    detector->detect(scene, hurried);
  } catch (const vitrine::Error& error) {
    return error.code() == vitrine::ErrorCode::deadline_exceeded ? 0 : 1;
  }
  // [/sample]
  return 1;
}
