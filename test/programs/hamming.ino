// expect: 1011 -> 0110011
// expect: 0110011: no error, 1011
// expect: 0110111: bit 5 wrong, 1011
// expect: 1110011: bit 1 wrong, 1011

// Hamming's code of 7 bits for 4: bit 1 is written first; bits 1, 2 and 4 are parities, the number of a wrong bit is the sum of the
// parities that are wrong. In a byte, bit n of the word is bit 7 - n.
byte bitOf(byte word, byte n) { return word >> (7 - n) & 1; }

// Exclusive or of the numbers of all bits that are set: 0 for a right word.
byte syndrome(byte word) {
  byte sum = 0;
  for (byte n = 1; n <= 7; n++) {
    if (bitOf(word, n)) sum ^= n;
  }
  return sum;
}

byte encode(byte data) {
  byte word = (data & 8) << 1 | (data & 7);
  byte wrong = syndrome(word);
  for (byte parity = 1; parity <= 4; parity <<= 1) {
    if (wrong & parity) word |= 1 << (7 - parity);
  }
  return word;
}

byte decode(byte word) {
  byte wrong = syndrome(word);
  if (wrong) word ^= 1 << (7 - wrong);
  return word >> 1 & 8 | word & 7;
}

void bits(byte value, byte count) {
  while (count-- > 0) Serial.print(value >> count & 1);
}

void receive(byte word) {
  bits(word, 7);
  byte wrong = syndrome(word);
  if (wrong) printf(": bit %d wrong, ", wrong);
  else printf(": no error, ");
  bits(decode(word), 4);
  Serial.println();
}

int main() {
  byte word = encode(0b1011);
  bits(0b1011, 4);
  printf(" -> ");
  bits(word, 7);
  Serial.println();
  receive(word);
  receive(word ^ 1 << 2);
  receive(word ^ 1 << 6);
}
