// expect: 2 at 0 in 4 steps
// expect: 43 at 7 in 1 steps
// expect: 97 at 14 in 4 steps
// expect: 44 not there, 4 steps
// expect: 15 found, 49 steps in all

const int PRIMES[] = {2, 5, 11, 17, 23, 31, 37, 43, 53, 61, 67, 73, 83, 89, 97};
const int COUNT = 15;

int steps;

int search(int wanted) {
  int low = 0, high = COUNT - 1;
  steps = 0;
  while (low <= high) {
    int middle = (low + high) / 2;
    steps++;
    if (PRIMES[middle] == wanted) return middle;
    if (PRIMES[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

void report(int wanted) {
  int at = search(wanted);
  if (at >= 0) printf("%d at %d in %d steps\n", wanted, at, steps);
  else printf("%d not there, %d steps\n", wanted, steps);
}

int main() {
  report(2);
  report(43);
  report(97);
  report(44);
  int found = 0, total = 0;
  for (int i = 0; i < COUNT; i++) {
    if (search(PRIMES[i]) == i) found++;
    total += steps;
  }
  printf("%d found, %d steps in all\n", found, total);
}
