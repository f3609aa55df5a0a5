// Reads memory that was given back.
#include <memory>

int main(int count, char**) {
  auto number = std::make_unique<int>(count);
  const volatile int* dangling = number.get();
  number.reset();
  return *dangling == count ? 0 : 0;
}
