// expect: e270 7138 389c 1c4e 0e27 b313
// expect: 5 bits: period 31
// expect: 16 ones of 31

// Galois shift registers. 0xB400 and 0x14 are maximal: they pass through all states but 0.
uint16_t state = 0xACE1;

uint16_t next() {
  bool out = state & 1;
  state >>= 1;
  if (out) state ^= 0xB400;
  return state;
}

int main() {
  for (int i = 0; i < 6; i++) printf("%04x%c", next(), i < 5 ? ' ' : '\n');

  byte small = 1;
  int period = 0, ones = 0;
  do {
    ones += small & 1;
    small = small & 1 ? small >> 1 ^ 0x14 : small >> 1;
    period++;
  } while (small != 1);
  printf("5 bits: period %d\n", period);
  // One more than half of all bits are ones.
  printf("%d ones of %d\n", ones, period);
}
