// expect: 3.14 -0.05 12.00
// expect: 1'234'567 999 -12'000
// expect: 00ff 0x2a 0b101010 0o52
// expect: 00:00:59 01:01:01 27:46:40
// expect: 7  = 0000 0111
// expect: -1 = 1111 1111

// Two digits behind the point.
void fixed(int hundredths) {
  if (hundredths < 0) {
    Serial.print('-');
    hundredths = -hundredths;
  }
  printf("%d.%02d", hundredths / 100, hundredths % 100);
}

void grouped(int n) {
  if (n < 0) {
    printf("-");
    n = -n;
  }
  if (n < 1000) {
    printf("%d", n);
    return;
  }
  grouped(n / 1000);
  printf("'%03d", n % 1000);
}

// The digits of a number in a base up to 10.
void digits(int n, int base) {
  if (n >= base) digits(n / base, base);
  Serial.print((char)('0' + n % base));
}

void clock(long seconds) {
  printf("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void bits(byte b) {
  for (int i = 7; i >= 0; i--) {
    Serial.print(b >> i & 1);
    if (i == 4) Serial.print(' ');
  }
  Serial.println();
}

int main() {
  fixed(314); Serial.print(' '); fixed(-5); Serial.print(' '); fixed(1200); Serial.println();
  grouped(1234567); Serial.print(' '); grouped(999); Serial.print(' '); grouped(-12000); Serial.println();
  printf("%04x 0x%x 0b", 255, 42);
  digits(42, 2);
  printf(" 0o");
  digits(42, 8);
  Serial.println();
  clock(59); Serial.print(' '); clock(3661); Serial.print(' '); clock(100000); Serial.println();
  printf("%-2d = ", 7);
  bits(7);
  printf("%-2d = ", -1);
  bits(~0 & 0xFF);
}
