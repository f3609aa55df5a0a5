// Loses the only pointers to its memory. A hundred of them: one may be left in a register and be found there.
#include <cstdlib>

int main() {
  void* volatile memory = nullptr;
  for (int i = 0; i < 100; ++i) memory = std::malloc(100);
  memory = nullptr;
  return memory == nullptr ? 0 : 1;
}
