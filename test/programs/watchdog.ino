// expect: 4294967000 fed
// expect: 4294967200 ok, 200 ms
// expect: 104 ok, 400 ms
// expect: 204 late, 500 ms
// expect: 204 fed
// expect: 604 ok, 400 ms
// expect: comparing times instead of differences: 1 of 4 wrong

// Times wrap after 49 days. What counts is their difference, which is right across the wrap.
const uint32_t LIMIT = 500;
const uint32_t TIMES[] = {4294967200u, 104, 204, 604};

uint32_t fed;
int wrong = 0;

void feed(uint32_t now) {
  fed = now;
  printf("%u fed\n", now);
}

bool late(uint32_t now) {
  bool right = now - fed >= LIMIT;
  // The usual mistake: fed + LIMIT wraps, or now has wrapped.
  if ((now >= fed + LIMIT) != right) wrong++;
  return right;
}

int main() {
  feed(4294967000u);
  for (int i = 0; i < 4; i++) {
    uint32_t now = TIMES[i];
    bool isLate = late(now);
    printf("%u %s, %u ms\n", now, isLate ? "late" : "ok", now - fed);
    if (isLate) feed(now);
  }
  printf("comparing times instead of differences: %d of 4 wrong\n", wrong);
}
