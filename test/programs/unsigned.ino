// expect: 1 0
// expect: 1 0 1
// expect: 4294967295
// expect: 11
// expect: 3000000010 4294967291
// expect: 1205032704
// expect: elapsed
// expect: 1 1 0

unsigned int big = 3000000000u;
unsigned int small = 5;
int minusOne = -1;

int main() {
  // As unsigned numbers, and as signed ones.
  printf("%d %d\n", big > small, (int)big > (int)small);
  // An int compared with an unsigned number is compared as unsigned.
  printf("%d %d %d\n", minusOne > small, minusOne < small, big >= big);

  unsigned long zero = 0;
  printf("%u\n", zero - 1);

  // The difference is right across the wrap.
  uint32_t before = 4294967290u;
  uint32_t now = 5;
  printf("%u\n", now - before);
  printf("%u %u\n", big + small * 2, ~small + 1);

  unsigned int factor = 100000;
  printf("%u\n", factor * 55000);
  if (now - before >= 10) printf("elapsed\n");

  unsigned int same = -1;
  printf("%d %d %d\n", same == minusOne, big != small, big <= small);
  return 0;
}
