// Writes one element past the end of its memory.
#include <memory>

int main(int count, char**) {
  const auto size = static_cast<std::size_t>(count) + 8;
  const auto numbers = std::make_unique<int[]>(size);
  volatile int* past = numbers.get() + size;
  *past = 1;
  return 0;
}
