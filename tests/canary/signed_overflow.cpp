// Adds past the largest int. Also shows that such a report ends the run: -fno-sanitize-recover=all.
#include <limits>

int main(int count, char**) {
  volatile int most = std::numeric_limits<int>::max();
  volatile int sum = most + count;
  return sum == 0 ? 1 : 0;
}
