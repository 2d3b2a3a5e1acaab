// expect: 1 2 Fizz 4 Buzz Fizz 7 8 Fizz Buzz 11 Fizz 13 14 FizzBuzz
// expect: of 100: 33 by 3, 20 by 5, 6 by both, 53 by none

int main() {
  for (int n = 1; n <= 15; n++) {
    if (n > 1) Serial.print(' ');
    if (n % 3 == 0) Serial.print("Fizz");
    if (n % 5 == 0) Serial.print("Buzz");
    else if (n % 3 != 0) Serial.print(n);
  }
  Serial.println();
  int counts[4] = {0};
  for (byte n = 1; n <= 100; n++) counts[!(n % 3) + 2 * !(n % 5)]++;
  printf("of 100: %d by 3, %d by 5, %d by both, %d by none\n", counts[1] + counts[3], counts[2] + counts[3], counts[3],
         counts[0]);
}
