// expect: F 1 1 2 2 3 3
// expect: M 0 0 1 2 2 3
// expect: 5 is odd, 12 is even

// Two functions that call each other: Hofstadter's female and male sequences.
int male(int n);

int female(int n) { return n == 0 ? 1 : n - male(female(n - 1)); }

int male(int n) {
  if (n == 0) return 0;
  return n - female(male(n - 1));
}

bool even(byte n) { return n == 0 || odd(n - 1); }

bool odd(byte n) { return n != 0 && even(n - 1); }

void setup() {
  Serial.print("F");
  for (int n = 0; n < 6; n++) {
    Serial.print(' ');
    Serial.print(female(n));
  }
  Serial.print("\nM");
  for (int n = 0; n < 6; n++) {
    Serial.print(' ');
    Serial.print(male(n));
  }
  Serial.println();
  printf("5 is %s, 12 is %s\n", odd(5) ? "odd" : "even", odd(12) ? "odd" : "even");
}

void loop() {
}
