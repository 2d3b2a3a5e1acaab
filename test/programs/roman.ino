// expect: 4 IV
// expect: 9 IX
// expect: 14 XIV
// expect: 1994 MCMXCIV
// expect: 2026 MMXXVI
// expect: 3999 MMMCMXCIX
// expect: MCMXCIV is 1994

const int VALUES[] = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
const char SIGNS[] = {'M', 'C', 'D', 'C', 'C', 'X', 'L', 'X', 'X', 'I', 'V', 'I', 'I'};

void roman(int n) {
  printf("%d ", n);
  for (int i = 0; n > 0; i++) {
    for (; n >= VALUES[i]; n -= VALUES[i]) {
      Serial.print(SIGNS[i]);
      // Every second row is a difference: the smaller sign stands before the larger one.
      if (i % 2) Serial.print(SIGNS[i - 1]);
    }
  }
  Serial.println();
}

int value(char sign) {
  switch (sign) {
    case 'M': return 1000;
    case 'D': return 500;
    case 'C': return 100;
    case 'L': return 50;
    case 'X': return 10;
    case 'V': return 5;
  }
  return sign == 'I';
}

const char NUMBER[] = {'M', 'C', 'M', 'X', 'C', 'I', 'V'};

int main() {
  roman(4);
  roman(9);
  roman(14);
  roman(1994);
  roman(2026);
  roman(3999);
  int sum = 0, last = 0;
  for (int i = 6; i >= 0; i--) {
    Serial.print(NUMBER[6 - i]);
    int next = value(NUMBER[i]);
    sum += next < last ? -next : next;
    last = next;
  }
  printf(" is %d\n", sum);
}
