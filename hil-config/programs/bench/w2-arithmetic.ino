// 100,000 rounds of arithmetic on two locals. Prints 576914.
int main() {
  int s = 0;
  for (int i = 0; i < 100000; i++) {
    s = (s + ((i * 7) % 13)) ^ (i & 3);
  }
  printf("%d\n", s);
}
