// fib(20) by recursion: 21,891 calls. Prints 6765.
int fib(int n) {
  if (n < 2) return n;
  return fib(n - 1) + fib(n - 2);
}

int main() {
  printf("%d\n", fib(20));
}
