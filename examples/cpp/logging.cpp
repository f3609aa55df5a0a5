// Sends what the library says to the host's own log. Without this it says nothing.
#include <vitrine/vitrine.h>

#include <cstdio>

int main() {
  int messages = 0;
  // [sample]
  vitrine::set_log_sink(
      [&messages](vitrine::LogLevel, std::string_view area, std::string_view message) {
        std::fprintf(stderr, "vitrine %.*s: %.*s\n", static_cast<int>(area.size()), area.data(),
                     static_cast<int>(message.size()), message.data());
        ++messages;
      },
      vitrine::LogLevel::warning);
  // [/sample]
  vitrine::log(vitrine::LogLevel::warning, "host", "A message takes the same way as the library's own.");
  vitrine::log(vitrine::LogLevel::debug, "host", "This one is below the level and is dropped.");
  vitrine::set_log_sink(nullptr);
  return messages == 1 ? 0 : 1;
}
