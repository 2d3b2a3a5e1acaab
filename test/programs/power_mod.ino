// expect: 2^10 mod 1000 = 24
// expect: 3^200 mod 13 = 9
// expect: 7^222 mod 10 = 9
// expect: 2^-1 is 4 mod 7
// expect: 341 passes for 2, not for 3; 337 passes for both

int power(int base, int exponent, int modulus) {
  int result = 1;
  base %= modulus;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = result * base % modulus;
    base = base * base % modulus;
  }
  return result;
}

// Fermat: true for all primes, and for few other numbers.
bool passes(int n, int witness) { return power(witness, n - 1, n) == 1; }

int main() {
  printf("2^10 mod 1000 = %d\n", power(2, 10, 1000));
  printf("3^200 mod 13 = %d\n", power(3, 200, 13));
  printf("7^222 mod 10 = %d\n", power(7, 222, 10));
  printf("2^-1 is %d mod 7\n", power(2, 5, 7));
  bool pseudo = passes(341, 2) && !passes(341, 3);
  bool prime = passes(337, 2) && passes(337, 3);
  if (pseudo && prime) printf("341 passes for 2, not for 3; 337 passes for both\n");
}
