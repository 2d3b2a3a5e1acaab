// expect: 79927398713 valid
// expect: 79927398710 not valid
// expect: check digit of 7992739871 is 3
// expect: ISBN 978030640615-7

// Luhn's check of card numbers, whose digits stand in an array; the last one makes the sum a multiple of 10.
byte card[] = {7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3};
const byte BOOK[] = {9, 7, 8, 0, 3, 0, 6, 4, 0, 6, 1, 5};

int luhn(int length) {
  int sum = 0;
  bool twice = false;
  for (int i = length - 1; i >= 0; i--, twice = !twice) {
    int digit = card[i];
    if (twice) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return sum % 10;
}

void report() {
  for (int i = 0; i < 11; i++) Serial.print(card[i]);
  printf(" %s\n", luhn(11) == 0 ? "valid" : "not valid");
}

int main() {
  report();
  card[10] = 0;
  report();
  printf("check digit of 7992739871 is %d\n", (10 - luhn(11)) % 10);
  int sum = 0;
  for (int i = 0; i < 12; i++) sum += i % 2 == 0 ? BOOK[i] : 3 * BOOK[i];
  printf("ISBN ");
  for (int i = 0; i < 12; i++) printf("%d", BOOK[i]);
  printf("-%d\n", (10 - sum % 10) % 10);
}
