// expect: 270369 67634689 2647435461 307599695 2398689233
// expect: 6 2 6 2 2 3 3 3

// Marsaglia's xorshift32, and dice made of it.
uint32_t state = 1;

uint32_t next() {
  state ^= state << 13;
  // The sign bits that come in on the left are cut off.
  state ^= (int)state >> 17 & 0x7FFF;
  return state ^= state << 5;
}

void setup() {
  for (int i = 0; i < 5; i++) printf("%u%s", next(), i == 4 ? "\n" : " ");
  state = 1;
  for (int i = 0; i < 8; i++) {
    if (i > 0) Serial.print(' ');
    Serial.print((int)(next() & 0xFFFF) % 6 + 1);
  }
  Serial.println();
}

void loop() {
}
