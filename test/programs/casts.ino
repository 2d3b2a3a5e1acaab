// expect: 44 44 255 -1
// expect: -56 200 200 -56
// expect: 4464 4464 -31072
// expect: 1 1 0
// expect: 97 98 A 65
// expect: 4294967295 -1 65535
// expect: 3 2 -3
// expect: 65 41 A

int wide = 300;
int minus = -1;
int big = 70000;
char letter = 'a';

int main() {
  printf("%d %d %d %d\n", (byte)wide, byte(wide), (unsigned char)minus, (signed char)minus);
  printf("%d %d %d %d\n", (char)200, (byte)200, (int)(uint8_t)-56, (int8_t)(200));
  printf("%d %d %d\n", (uint16_t)big, (int16_t)big, (short)(big / 2 - 536));
  // A cast to bool is a comparison with 0, not a cut.
  printf("%d %d %d\n", (bool)256, (boolean)minus, bool(0));
  printf("%d %d %c %d\n", (int)letter, letter + 1, (char)(letter - 32), (int)(char)(letter - 32));
  printf("%u %d %u\n", (unsigned)minus, (int)4294967295u, (uint32_t)(uint16_t)minus);
  // A cast binds tighter than an operator.
  printf("%d %d %d\n", (byte)257 + 2, (byte)(257 + 1), -(int)3u);
  Serial.print(int('A'));
  Serial.print(' ');
  Serial.print((byte)'A', HEX);
  Serial.print(' ');
  Serial.println((char)65);
}
