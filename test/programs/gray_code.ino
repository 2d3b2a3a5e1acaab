// expect: 000 001 011 010 110 111 101 100
// expect: back: 0 1 2 3 4 5 6 7
// expect: 1 bit changes in each of 32 steps

int gray(int n) { return n ^ n >> 1; }

int number(int code) {
  int n = code;
  while (code >>= 1) n ^= code;
  return n;
}

int ones(int bits) {
  int count = 0;
  for (; bits; bits &= bits - 1) count++;
  return count;
}

int main() {
  for (int n = 0; n < 8; n++) {
    int code = gray(n);
    printf("%s%d%d%d", n ? " " : "", code >> 2 & 1, code >> 1 & 1, code & 1);
  }
  printf("\nback:");
  for (int n = 0; n < 8; n++) printf(" %d", number(gray(n)));
  Serial.println();
  int single = 0;
  for (int n = 0; n < 32; n++) single += ones(gray(n) ^ gray((n + 1) % 32)) == 1;
  printf("1 bit changes in each of %d steps\n", single);
}
